"""Which values a field takes: choices, validation, range.

What each validation accepts is inferred from its meaning; one that only a site knows accepts
anything. Ranges are soft in REDCap: a value outside is stored after a warning, unless
`@FORCE-MINMAX` is there (knowledge base RC-AT-05).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from redcap_iac.design import Design
from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.kinds.dictionary.normal import ALIASES
from redcap_iac.logic.action_tags import every_tag
from redcap_iac.logic.values import compare, number
from redcap_iac.scenarios.scope import Circumstances
from redcap_iac.suggestions import did_you_mean, in_words

_DAY = r"\d{4}-\d\d-\d\d"
_CLOCK = r"([01]\d|2[0-3]):[0-5]\d"
#: Validation → pattern of what is stored, and how a person is told to write it.
_FORMS: tuple[tuple[str, str, str], ...] = (
    (r"integer", r"[-+]?\d+", "a whole number"),
    (r"number", r"[-+]?(\d+([.]\d*)?|[.]\d+)([eE][-+]?\d+)?", "a number with a point"),
    (r"number_comma_decimal", r"[-+]?(\d+(,\d*)?|,\d+)", "a number with a comma"),
    *(
        (rf"number_{places}dp", rf"[-+]?\d+[.]\d{{{places}}}", f"a number with {places} decimals")
        for places in range(1, 5)
    ),
    *(
        (
            rf"number_{places}dp_comma_decimal",
            rf"[-+]?\d+,\d{{{places}}}",
            f"a number with a comma and {places} decimals",
        )
        for places in range(1, 5)
    ),
    (r"date_(ymd|mdy|dmy)", _DAY, "a date as YYYY-MM-DD, whatever the page shows"),
    (r"datetime_(ymd|mdy|dmy)", f"{_DAY} {_CLOCK}", "YYYY-MM-DD HH:MM, whatever the page shows"),
    (
        r"datetime_seconds_(ymd|mdy|dmy)", rf"{_DAY} {_CLOCK}:[0-5]\d",
        "YYYY-MM-DD HH:MM:SS, whatever the page shows",
    ),
    (r"time", _CLOCK, "a time as HH:MM"),
    (r"time_hh_mm_ss", rf"{_CLOCK}:[0-5]\d", "a time as HH:MM:SS"),
    (r"time_mm_ss", r"[0-5]\d:[0-5]\d", "a duration as MM:SS"),
    (r"email", r"[^@\s,;]+@[^@\s,;]+[.][A-Za-z]{2,}", "an e-mail address"),
    (r"zipcode", r"\d{5}(-\d{4})?", "five digits"),
    (r"postalcode_australia", r"\d{4}", "four digits"),
    (r"postalcode_(french|germany)", r"\d{5}", "five digits"),
    (r"ssn", r"\d{3}-\d\d-\d{4}", "123-45-6789"),
    (r"alpha_only", r"[A-Za-z]+", "letters only"),
    (r"mrn_10d", r"\d{10}", "ten digits"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Problem:
    """Why REDCap would not take a value, or would ask about it; `is_soft` when it stores it."""

    code: str
    message: str
    advice: str = ""
    is_soft: bool = False


def problem_of(field: Field, value: str, around: Circumstances) -> Problem | None:
    """Return what is wrong with a value somebody enters, None for nothing; blanks are not asked.

    A missing data code is welcome in any field.
    """
    if value in around.missing_codes:
        return None
    pairs = around.design.choices(field.field_name)
    if pairs is not None:
        return _run_together(field, value, pairs) or _not_a_code(field.field_name, value, pairs)
    name = field.field_name
    if field.field_type == "descriptive":
        return Problem("T106", f"`{name}` is text for people and holds no value.")
    if field.field_type == "slider" and not re.fullmatch(r"\d+", value):
        return Problem("T103", f"`{name}` is a slider and takes a whole number, not `{value}`.")
    problem = _misshapen(field, value, around.design)
    return problem or _outside(field, value, around)


def status_problem(name: str, value: str, design: Design) -> Problem | None:
    """Return what is wrong with the value of a status, None for nothing."""
    return _not_a_code(name, value, design.choices(name) or ())


def _run_together(field: Field, value: str, pairs: tuple[tuple[str, str], ...]) -> Problem | None:
    """Return that several codes of a checkbox stand in one text, None where they do not."""
    parts = [part.strip() for part in value.split(",")]
    codes = {code for code, _ in pairs}
    if field.field_type != "checkbox" or value in codes or not codes.issuperset(parts):
        return None
    name = field.field_name
    advice = f"Write a list: `{name}: [{', '.join(parts)}]`."
    return Problem("T102", f"`{name}` has no choice `{value}`.", advice)


def _not_a_code(name: str, value: str, pairs: tuple[tuple[str, str], ...]) -> Problem | None:
    codes = [code for code, _ in pairs]
    if value in codes:
        return None
    by_label = {label.strip().lower(): code for code, label in pairs}
    meant = by_label.get(value.strip().lower())
    if meant is None and value.lower() in ("true", "false") and set(codes) == {"0", "1"}:
        meant = str(int(value.lower() == "true"))
    if meant is not None:
        label = dict(pairs)[meant]
        return Problem("T102", f'`{name}` takes a code, not a label: write {meant} for "{label}".')
    near = did_you_mean(value, codes)
    shown = in_words(f"{code} ({label})" for code, label in pairs[:10])
    return Problem("T102", f"`{name}` has no choice `{value}`.", near or f"Its choices: {shown}.")


def _misshapen(field: Field, value: str, design: Design) -> Problem | None:
    validation = design.validation(field.field_name)
    for names, pattern, words in _FORMS:
        if re.fullmatch(names, validation):
            fits = re.fullmatch(pattern, value, re.ASCII) and _is_a_day(value, validation)
            message = f"`{field.field_name}` ({validation}) does not take `{value}`."
            return None if fits else Problem("T103", message, f"Write {words}.")
    return None


def _is_a_day(value: str, validation: str) -> bool:
    if not validation.startswith("date"):
        return True
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _outside(field: Field, value: str, around: Circumstances) -> Problem | None:
    low, high = (
        _limit(text, around) for text in (field.text_validation_min, field.text_validation_max)
    )
    said = ALIASES.get(around.design.validation(field.field_name))
    if not (said or around.design.validation(field.field_name) or field.field_type == "slider"):
        return None
    below = low != "" and compare(_plain(value), "<", _plain(low))
    above = high != "" and compare(_plain(value), ">", _plain(high))
    if not (below or above):
        return None
    forced = any(tag.name == "FORCE-MINMAX" for tag in every_tag(field.field_annotation))
    word = f"below its least, {low}" if below else f"above its greatest, {high}"
    advice = (
        "REDCap does not let it be saved (@FORCE-MINMAX)."
        if forced
        else "REDCap asks about it and saves it; the scenario goes on with it."
    )
    return Problem("T104", f"`{field.field_name}` is {value}, {word}.", advice, not forced)


def _limit(text: str, around: Circumstances) -> str:
    """Return a limit as it is today; one piped from a field is not looked at."""
    word = text.strip()
    if word.lower() == "today":
        return around.clock.date().isoformat()
    if word.lower() == "now":
        return around.clock.isoformat(" ", "minutes")
    return "" if "[" in word else word


def _plain(text: str) -> str:
    """Return a number with a point whatever it was written with."""
    point = text.replace(",", ".")
    return point if number(point) is not None else text


def stored(field: Field, value: str, around: Circumstances) -> str:
    """Return a computed value as it is stored: blank where its validation refuses it."""
    refused = value != "" and _misshapen(field, value, around.design) is not None
    return "" if refused else value


def today_of(text: str) -> datetime | None:
    """Return the moment a file's `today` names: a date is its midnight; None when it is none."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return found.replace(tzinfo=None) if isinstance(found, date) else None
