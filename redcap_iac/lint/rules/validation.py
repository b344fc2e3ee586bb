"""VA: what people type is not held to what is asked for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from redcap_iac.design import Design
from redcap_iac.findings import Severity
from redcap_iac.kinds.dictionary.field import VALIDATION, Field
from redcap_iac.lint.rule import Found, rule
from redcap_iac.lint.rules.wording import (
    BEFORE_PRODUCTION,
    at_field,
    ends_with,
    folded,
    is_filled,
    is_free_text,
    name_words,
    named,
    said,
)
from redcap_iac.lint.settings import Settings

_DATE_WORDS = ("date", "dob", "date of birth", "birthdate", "datum")
#: What is less than a day, or a number.
_PART = re.compile(r"\b(mm yy(yy)?|year of|month and year|month year)\b")
#: Where "date" is no date: "up to date".
_NO_DATE = re.compile(r"\b(up to|to|out of) date\b|\bdate (format|range|time zone)\b|\bupdate\b")
_BIRTH = ("dob", "birth date", "date of birth", "birthdate", "birthday")
_MAIL = ("email", "e-mail", "email address", "e-mail address", "mail address")
_MEASURED = (
    "age", "weight", "height", "bmi", "temperature", "pulse", "heart rate", "sbp", "dbp",
)  # fmt: skip
_COUNTED = re.compile(r"(how many|how old|number of|how much) (?!.*(reference|identif|name))")
_NUMERIC = re.compile(r"integer|number(_[1-4]dp)?(_comma_decimal)?")
_ORDERED = re.compile(r"(?:date|datetime|datetime_seconds)_(ymd|mdy|dmy)")
_ORDERS = {"ymd": "year-month-day", "mdy": "month-day-year", "dmy": "day-month-year"}
#: So many text fields make a share worth a word.
_LEAST_TEXTS = 20


@rule("VA006", Severity.NOTE, profiles=BEFORE_PRODUCTION)
def number_without_limits(design: Design, _settings: Settings) -> Iterator[Found]:
    """A number has neither a min nor a max.

    Why: A weight of 700 instead of 70.0 is noticed when it is typed, or never. A value out of
    range is warned of and still taken, so that limits cost nothing.

    Bad:
        fields:
          weight: {type: text, label: "Weight, kg", validation: number}
    Good:
        fields:
          weight: {type: text, label: "Weight, kg", validation: number, min: 2, max: 350}
    Instead: Give the least and the most that anybody can have, with room to spare.
    """
    for field in design.fields:
        if (
            _NUMERIC.fullmatch(design.validation(field.field_name))
            and not field.text_validation_min.strip()
            and not field.text_validation_max.strip()
            and not is_filled(field)
        ):
            yield at_field(
                field,
                VALIDATION,
                "is a number without min and max",
                "Give the least and the most that anybody can have.",
            )


@rule("VA007", Severity.WARNING)
def date_as_text(design: Design, settings: Settings) -> Iterator[Found]:
    """A field asks for a date and takes any text.

    Found by the words of the setting `date_words` in name or label. A month or a year alone is
    let off.

    Why: "3/4/21", "April 2021" and "unknown" cannot be sorted, compared or put into `datediff`.

    Bad:
        fields:
          visit_date: {type: text, label: "Date of visit"}
    Good:
        fields:
          visit_date: {type: text, label: "Date of visit", validation: date_ymd}
    Instead: Set a validation: `date_ymd`, `date_dmy` or `date_mdy`.
    """
    words = settings.list("date_words", _DATE_WORDS)
    for field in design.fields:
        if not is_free_text(field):
            continue
        label = _NO_DATE.sub(" ", folded(field.field_label))
        if (named(field.field_name, words) or said(label, words)) and not _PART.search(label):
            yield at_field(
                field,
                VALIDATION,
                "asks for a date and takes any text",
                "Set a validation: `date_ymd`, `date_dmy` or `date_mdy`.",
            )


@rule("VA008", Severity.WARNING)
def mixed_orders(design: Design, _settings: Settings) -> Iterator[Found]:
    """A date is typed in another order than most dates of the project.

    Most is more than half of them: where no order is the usual one, nothing is told.

    Why: 04-03-2026 is a day in March here and in April there. Both are possible, so nothing warns.

    Bad:
        fields:
          visit: {type: text, label: "Visit", validation: date_dmy}
          birth: {type: text, label: "Birth", validation: date_dmy}
          death: {type: text, label: "Death", validation: date_mdy}
    Good:
        fields:
          visit: {type: text, label: "Visit", validation: date_dmy}
          death: {type: text, label: "Death", validation: date_dmy}
    Instead: Use one order; stored values do not change with it.
    """
    orders: list[tuple[Field, str]] = []
    for field in design.fields:
        match = _ORDERED.fullmatch(design.validation(field.field_name))
        if match:
            orders.append((field, match[1]))
    counts = Counter(order for _, order in orders)
    usual = max(counts, key=counts.__getitem__, default="")
    if 2 * counts[usual] <= len(orders):
        return
    for field, order in orders:
        if order != usual:
            yield at_field(
                field,
                VALIDATION,
                f"takes dates as {_ORDERS[order]}, and {counts[usual]} of {len(orders)} dates are "
                f"{_ORDERS[usual]}",
                "Use one order; stored values do not change with it.",
            )


@rule("VA009", Severity.NOTE, profiles=BEFORE_PRODUCTION)
def few_validated(design: Design, settings: Settings) -> Iterator[Found]:
    """Hardly any text field of the project has a validation.

    The setting `least_validated_percent` is 20; judged are projects with 20 text fields or more.

    Why: What is typed freely has to be cleaned by hand before it can be counted.

    Bad:
        lint: {settings: {least_validated_percent: 50, least_texts: 1}}
        instruments:
          - instrument: form
            fields:
              record_id: {type: text, label: "Record ID"}
              glucose: {type: text, label: "Glucose"}
    Good:
        lint: {settings: {least_validated_percent: 50, least_texts: 1}}
        instruments:
          - instrument: form
            fields:
              record_id: {type: text, label: "Record ID"}
              glucose: {type: text, label: "Glucose", validation: number}
    Instead: Go through the text fields: numbers, dates and addresses have validations.
    """
    texts = [field for field in design.fields[1:] if field.field_type == "text"]
    if not texts or len(texts) < settings.number("least_texts", _LEAST_TEXTS):
        return
    validated = sum(not is_free_text(field) for field in texts)
    if 100 * validated < settings.number("least_validated_percent", 20) * len(texts):
        yield Found(
            "project/fields",
            f"Of {len(texts)} text fields {validated} have a validation.",
            advice="Go through them: numbers, dates and addresses have validations.",
        )


@rule("VA010", Severity.WARNING)
def mail_as_text(design: Design, settings: Settings) -> Iterator[Found]:
    """A field asks for an e-mail address and takes any text.

    Found by the words of the setting `mail_words` at the end of name or label.

    Why: An address with a slip in it gets no invitation and no alert, and nobody is told.

    Bad:
        fields:
          email: {type: text, label: "E-mail address", identifier: true}
    Good:
        fields:
          email: {type: text, label: "E-mail address", validation: email, identifier: true}
    Instead: Set `validation: email`.
    """
    words = settings.list("mail_words", _MAIL)
    for field in design.fields:
        if is_free_text(field) and (
            ends_with(" ".join(name_words(field.field_name)), words)
            or (
                ends_with(field.field_label, words)
                and (
                    len(folded(field.field_label).split()) <= 3
                    or "address" in folded(field.field_label)
                )
            )
        ):
            yield at_field(
                field,
                VALIDATION,
                "asks for an e-mail address and takes any text",
                "Set `validation: email`.",
            )


@rule("VA011", Severity.NOTE, profiles=BEFORE_PRODUCTION)
def number_as_text(design: Design, settings: Settings) -> Iterator[Found]:
    """A field asks for a number and takes any text.

    Found by "how many" and "number of" at the beginning of the label, and by the words of the
    setting `measured_words` in the name.

    Why: "about 70", "70kg" and "70,5" cannot be averaged, and calculations that read them stay
    empty.

    Bad:
        fields:
          weight: {type: text, label: "Weight"}
    Good:
        fields:
          weight: {type: text, label: "Weight, kg", validation: number, min: 2, max: 350}
    Instead: Set `validation: integer` or `number`, with min and max.
    """
    words = settings.list("measured_words", _MEASURED)
    for field in design.fields:
        if is_free_text(field) and (
            (named(field.field_name, words) and said(field.field_label, words))
            or _COUNTED.match(folded(field.field_label))
        ):
            yield at_field(
                field,
                VALIDATION,
                "asks for a number and takes any text",
                "Set `validation: integer` or `number`, with min and max.",
            )


@rule("VA017", Severity.NOTE, profiles=BEFORE_PRODUCTION)
def birth_in_the_future(design: Design, settings: Settings) -> Iterator[Found]:
    """A date of birth has no max.

    Found by the words of the setting `birth_words` in name or label.

    Why: A slip in the year gives a negative age, and every calculation from it goes on with that.

    Bad:
        fields:
          dob: {type: text, label: "Date of birth", validation: date_ymd, identifier: true}
    Good:
        fields:
          dob:
            type: text
            label: "Date of birth"
            validation: date_ymd
            min: 1900-01-01
            max: today
            identifier: true
    Instead: Set `max: today`, and a min.
    """
    words = settings.list("birth_words", _BIRTH)
    for field in design.fields:
        if (
            _ORDERED.fullmatch(design.validation(field.field_name))
            and not field.text_validation_max.strip()
            and not is_filled(field)
            and (named(field.field_name, words) or said(field.field_label, words))
        ):
            yield at_field(
                field,
                "text_validation_max",
                "is a date of birth and may lie in the future",
                "Set `max: today`, and a min.",
            )
