"""VA: limits that let nothing pass, or are not looked at."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from redcap_iac.design import Design
from redcap_iac.findings import Severity
from redcap_iac.kinds.dictionary.field import VALIDATION, Field
from redcap_iac.kinds.dictionary.validations import VALIDATIONS
from redcap_iac.lint.rule import Found, rule
from redcap_iac.lint.rules.wording import at_field, short
from redcap_iac.lint.settings import Settings

#: Any day does: limits are only compared with each other.
_EPOCH = datetime(1970, 1, 1)
_COLUMNS = {"text_validation_min": "min", "text_validation_max": "max"}
_NUMERIC = re.compile(r"integer|number(_[1-4]dp)?(_comma_decimal)?")
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)")
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?: (\d{1,2}):(\d{2})(?::(\d{2}))?)?")
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")
#: Validations that know limits: numbers, dates and times (documented).
_LIMITED = re.compile(r"integer|number.*|date.*|time.*")
#: Types whose limits mean something: a slider's are its ends.
_WITH_LIMITS = ("text", "slider")


@rule("VA003", Severity.WARNING)
def limits_of_no_effect(design: Design, _settings: Settings) -> Iterator[Found]:
    """A field has a min or max that its type does not look at.

    Why: Limits are for validated texts and sliders (documented); here somebody believes that
    values are checked which are not.

    Bad:
        fields:
          remarks: {type: notes, label: "Remarks", max: 500}
    Good:
        fields:
          remarks: {type: notes, label: "Remarks"}
    Instead: Take it away, or use a text with a validation.
    """
    for field in design.fields:
        for column, word in _COLUMNS.items():
            if getattr(field, column).strip() and field.field_type not in _WITH_LIMITS:
                yield at_field(
                    field,
                    column,
                    f"has a {word}, which means nothing for {field.field_type}",
                    "Take it away, or use a text with a validation.",
                )


@rule("VA005", Severity.WARNING)
def min_above_max(design: Design, _settings: Settings) -> Iterator[Found]:
    """The min of a field is greater than its max.

    Why: Every value is out of range: people are warned whatever they type, and learn to click
    warnings away.

    Bad:
        fields:
          age: {type: text, label: "Age", validation: integer, min: 120, max: 0}
    Good:
        fields:
          age: {type: text, label: "Age", validation: integer, min: 0, max: 120}
    Instead: Exchange the two, or correct the one that is wrong.
    """
    for field, low, high in _limits(design):
        if low > high:
            yield at_field(
                field,
                "text_validation_min",
                f"has a min of {short(field.text_validation_min)} above its max of "
                f"{short(field.text_validation_max)}",
                "Exchange the two, or correct the one that is wrong.",
            )


@rule("VA015", Severity.NOTE)
def min_is_max(design: Design, _settings: Settings) -> Iterator[Found]:
    """The min of a field is its max.

    Why: One value only is within the limits: every other answer is warned of.

    Bad:
        fields:
          dose: {type: text, label: "Dose, mg", validation: integer, min: 50, max: 50}
    Good:
        fields:
          dose: {type: text, label: "Dose, mg", validation: integer, min: 5, max: 50}
    Instead: Correct one of the two, or say the value in a descriptive text.
    """
    for field, low, high in _limits(design):
        if low == high:
            yield at_field(
                field,
                "text_validation_min",
                f"has {short(field.text_validation_min)} as min and as max",
                "Correct one of the two.",
            )


@rule("VA012", Severity.WARNING)
def limit_is_no_value(design: Design, _settings: Settings) -> Iterator[Found]:
    """A limit has more decimals than the field takes.

    Why: The limit itself cannot be typed: 0.75 is refused where one decimal place is wanted, so
    one of the two is not what was meant.

    Bad:
        fields:
          dose: {type: text, label: "Dose", validation: number_1dp, min: 0.75}
    Good:
        fields:
          dose: {type: text, label: "Dose", validation: number_2dp, min: 0.75}
    Instead: Round the limit, or take the validation with more places.
    """
    for field in design.fields:
        name = design.validation(field.field_name)
        places = re.match(r"number_([1-4])dp", name)
        if not places and name != "integer":
            continue
        most = int(places[1]) if places else 0
        for column, word in _COLUMNS.items():
            text = getattr(field, column).strip()
            decimals = re.fullmatch(r"[+-]?\d*[.,](\d*)", text)
            if decimals and len(decimals[1].rstrip("0")) > most:
                yield at_field(
                    field,
                    column,
                    f"has a {word} of {text}, which {name} does not take",
                    "Round the limit, or take the validation with more places.",
                )


@rule("VA013", Severity.WARNING)
def decimal_mark(design: Design, _settings: Settings) -> Iterator[Found]:
    """A limit has the decimal mark of another validation.

    Why: A validation with decimal comma takes `0,5` and not `0.5`, and the others the other way
    round: the limit is no number to it.

    Bad:
        fields:
          dose: {type: text, label: "Dose", validation: number_comma_decimal, min: "0.5"}
    Good:
        fields:
          dose: {type: text, label: "Dose", validation: number_comma_decimal, min: "0,5"}
    Instead: Write the limit as people type the value.
    """
    for field in design.fields:
        name = design.validation(field.field_name)
        if not _NUMERIC.fullmatch(name):
            continue
        wrong = "." if name.endswith("comma_decimal") else ","
        for column, word in _COLUMNS.items():
            text = getattr(field, column).strip()
            if wrong in text and _NUMBER.fullmatch(text):
                yield at_field(
                    field,
                    column,
                    f'has a {word} of {text} with "{wrong}", which {name} does not take',
                    "Write the limit as people type the value.",
                )


@rule("VA014", Severity.WARNING)
def no_such_day(design: Design, _settings: Settings) -> Iterator[Found]:
    """A limit is a day that is in no calendar.

    Why: What is compared with it is compared with text.

    Bad:
        fields:
          seen: {type: text, label: "Seen", validation: date_ymd, max: 2026-02-30}
    Good:
        fields:
          seen: {type: text, label: "Seen", validation: date_ymd, max: 2026-02-28}
    Instead: Write a day that exists, year first.
    """
    for field in design.fields:
        if not design.validation(field.field_name).startswith("date"):
            continue
        for column, word in _COLUMNS.items():
            text = getattr(field, column).strip()
            match = _DAY.fullmatch(text)
            if match and _moment(match) is None:
                yield at_field(
                    field,
                    column,
                    f"has a {word} of {text}, which is in no calendar",
                    "Write a day that exists, year first.",
                )


@rule("VA016", Severity.WARNING)
def limits_of_a_pattern(design: Design, _settings: Settings) -> Iterator[Found]:
    """A validation that knows no limits has a min or a max.

    Why: Limits are for numbers, dates and times (documented): here they are not looked at.

    Bad:
        fields:
          zip: {type: text, label: "ZIP", validation: zipcode, min: 10000, identifier: true}
    Good:
        fields:
          zip: {type: text, label: "ZIP", validation: zipcode, identifier: true}
    Instead: Take the limits away.
    """
    for field in design.fields:
        name = design.validation(field.field_name)
        if name not in VALIDATIONS or _LIMITED.fullmatch(name):
            continue
        for column, word in _COLUMNS.items():
            if getattr(field, column).strip():
                yield at_field(
                    field, column, f"has a {word}, which {name} does not look at", "Take it away."
                )


def _limits(design: Design) -> Iterator[tuple[Field, float, float]]:
    """Yield the fields with two fixed limits that can be compared."""
    for field in design.fields:
        if field.text_validation_min and field.text_validation_max:
            low = _value(field, field.text_validation_min.strip())
            high = _value(field, field.text_validation_max.strip())
            if low is not None and high is not None:
                yield field, low, high


def _value(field: Field, text: str) -> float | None:
    """Return a limit as a number to compare, None for a moving one."""
    word: str = getattr(field, VALIDATION)
    if field.field_type == "slider" or _NUMBER.fullmatch(text):
        return float(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None
    if match := _DAY.fullmatch(text):
        moment = _moment(match)
        return None if moment is None else (moment - _EPOCH).total_seconds()
    if word.startswith("time") and (match := _TIME.fullmatch(text)):
        parts = zip(match.groups(), (3600, 60, 1), strict=True)
        return sum(int(part or 0) * seconds for part, seconds in parts)
    return None


def _moment(match: re.Match[str]) -> datetime | None:
    try:
        return datetime(*(int(part) for part in match.groups() if part is not None))  # type: ignore[arg-type]
    except ValueError:
        return None
