"""What a text field's validation accepts, and the form in which REDCap stores it.

The names are those of dictionary column H, old spellings included (documented); a name not
here is the own of a site and accepts anything. What each accepts is inferred from its meaning.
"""

from __future__ import annotations

import re
from datetime import datetime

_NUMBER = r"[-+]?(\d+([.]\d*)?|[.]\d+)([eE][-+]?\d+)?"
_COMMA = r"[-+]?(\d+(,\d*)?|,\d+)"
_HOUR = r"([01]?\d|2[0-3])"

_PATTERNS: dict[str, str] = {
    "integer": r"[-+]?\d+",
    "number": _NUMBER,
    "number_comma_decimal": _COMMA,
    **{f"number_{digits}dp": rf"[-+]?\d+[.]\d{{{digits}}}" for digits in range(1, 5)},
    **{f"number_{digits}dp_comma_decimal": rf"[-+]?\d+,\d{{{digits}}}" for digits in range(1, 5)},
    "time": rf"{_HOUR}:[0-5]\d",
    "time_hh_mm_ss": rf"{_HOUR}:[0-5]\d:[0-5]\d",
    "time_mm_ss": r"[0-5]\d:[0-5]\d",
    "email": r"[^@\s,;]+@[^@\s,;]+[.][A-Za-z]{2,}",
    "phone": r"(\+?1[-. ]?)?\(?[2-9]\d{2}\)?[-. ]?\d{3}[-. ]?\d{4}( ?(ext?[.]?|x) ?\d+)?",
    "phone_australia": r"[\d ()+-]{8,20}",
    "phone_uk": r"[\d ()+-]{9,20}",
    "zipcode": r"\d{5}(-\d{4})?",
    "postalcode_australia": r"\d{4}",
    "postalcode_canada": r"[A-Za-z]\d[A-Za-z][ -]?\d[A-Za-z]\d",
    "postalcode_french": r"\d{5}",
    "postalcode_germany": r"\d{5}",
    "ssn": r"\d{3}-\d{2}-\d{4}",
    "alpha_only": r"[A-Za-z]+",
    "mrn_10d": r"\d{10}",
    "mrn_generic": r"[A-Za-z0-9_-]+",
    "vmrn": r"\d{1,9}",
}
_ALIASES = {"int": "integer", "float": "number"}
_COMPILED = {name: re.compile(pattern, re.ASCII) for name, pattern in _PATTERNS.items()}

_MOMENT = re.compile(
    r"(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?", re.ASCII
)

#: Orders of the parameter `dateFormat`, and where year, month and day stand in each.
DATE_ORDERS = {"YMD": (0, 1, 2), "MDY": (2, 0, 1), "DMY": (2, 1, 0)}


def is_date(validation: str) -> bool:
    """Tell whether a validation is of a date or a moment (`date_dmy`, `datetime_seconds`)."""
    return validation.startswith("date")


def accepted(validation: str, value: str) -> str | None:
    """Return a value as it is stored under a validation other than a date; None is a refusal."""
    name = _ALIASES.get(validation, validation)
    pattern = _COMPILED.get(name)
    if pattern is None:
        return value
    if not pattern.fullmatch(value):
        return None
    return value.zfill(5) if name == "time" else value


def read_moment(validation: str, value: str, order: str) -> str | None:
    """Return a date or moment as it is stored, Y-M-D whatever the order sent; None is a refusal.

    `order` is YMD, MDY or DMY (documented); parts are joined by `-`, `/` or `.`.
    """
    match = _MOMENT.fullmatch(value.strip())
    if match is None:
        return None
    year, month, day = ((match[1], match[3], match[4])[index] for index in DATE_ORDERS[order])
    wants_time = validation.startswith("datetime")
    if len(year) != 4 or wants_time != (match[5] is not None):
        return None
    hours, minutes, seconds = (int(match[index] or 0) for index in (5, 6, 7))
    try:
        moment = datetime(int(year), int(month), int(day), hours, minutes, seconds)
    except ValueError:
        return None
    if not wants_time:
        return moment.date().isoformat()
    return moment.isoformat(" ", "seconds" if "seconds" in validation else "minutes")
