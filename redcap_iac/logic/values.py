"""What REDCap's values mean: blank, number, text, and the result as REDCap would store it.

A value is a text, an int or a float; blank is the empty text; true and false are 1 and 0.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal

Value = str | int | float

BLANK = ""

_NUMBER = re.compile(r"\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*", re.IGNORECASE | re.ASCII)
_INTEGER = re.compile(r"\s*[+-]?\d{1,18}\s*", re.ASCII)
_SIGNIFICANT_DIGITS = 14
_EXACT_WHOLE_NUMBERS = 2**53


def number(value: Value) -> int | float | None:
    """The number a value is or spells, or None; ``inf`` and ``nan`` are no numbers.

    Texts of up to 18 digits give an exact int, so that long record names do not run together.
    """
    if not isinstance(value, str):
        return value if math.isfinite(value) else None
    if _INTEGER.fullmatch(value):
        return int(value)
    if _NUMBER.fullmatch(value):
        found = float(value)
        return found if math.isfinite(found) else None
    return None


def from_float(result: float) -> Value:
    """A result of arithmetic as a value: blank where it is not a finite number."""
    return result if math.isfinite(result) else BLANK


def as_text(value: Value) -> str:
    """A value as REDCap would store it: whole numbers without a point, no exponent.

    Fractions keep 14 significant digits, PHP's default, so 0.1 + 0.2 is stored as 0.3 (I).
    """
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        return str(int(value))
    if not math.isfinite(value):
        return BLANK
    if value.is_integer() and abs(value) < _EXACT_WHOLE_NUMBERS:
        return str(int(value))
    text = format(Decimal(format(value, f".{_SIGNIFICANT_DIGITS}g")), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def is_true(value: Value) -> bool:
    """Whether a value counts as true: blank and zero do not, any other number or text does (I)."""
    found = number(value)
    return value != BLANK if found is None else found != 0


def compare(left: Value, operator: str, right: Value) -> bool:
    """Compare two values by ``= <> > >= < <=``.

    As numbers if both look like numbers, else as case-sensitive text, so dates in Y-M-D form
    compare as dates. Blank equals only blank, and not 0 (K RC-BL-02); the old spelling "NaN" of
    blank is understood (D in early manuals). With a blank on either side ``> >= < <=`` are false
    (I: versions differ, and browsers once took blank for 0).
    """
    left, right = _without_nan(left), _without_nan(right)
    if operator == "=":
        return _equal(left, right)
    if operator == "<>":
        return not _equal(left, right)
    if BLANK in (left, right):
        return False
    order = _order(left, right)
    return {">": order > 0, ">=": order >= 0, "<": order < 0, "<=": order <= 0}[operator]


def _without_nan(value: Value) -> Value:
    return BLANK if value == "NaN" else value


def _equal(left: Value, right: Value) -> bool:
    if BLANK in (left, right):
        return left == right
    return _order(left, right) == 0


def _order(left: Value, right: Value) -> int:
    first, second = number(left), number(right)
    if first is not None and second is not None:
        return (first > second) - (first < second)
    first_text, second_text = as_text(left), as_text(right)
    return (first_text > second_text) - (first_text < second_text)
