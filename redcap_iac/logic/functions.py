"""The function library: every documented function with its argument counts and its meaning.

Source for names and meaning: Special Functions, RC-CALC-01 (K), unless a comment says otherwise.
A number function with a blank or unreadable argument gives blank; so does one outside its domain.
"""

from __future__ import annotations

import math
import re
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from redcap_iac.logic import dates, numeric
from redcap_iac.logic.sorts import ValueSort
from redcap_iac.logic.values import BLANK, Value, as_text, from_float, is_true, number
from redcap_iac.suggestions import did_you_mean


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a function may know besides its arguments."""

    clock: datetime
    missing_codes: frozenset[str]


#: The units of ``datediff`` with their names; only ``M`` and ``m`` differ by case (D).
DATEDIFF_UNITS: Mapping[str, str] = {
    "y": "years",
    "M": "months",
    "d": "days",
    "h": "hours",
    "m": "minutes",
    "s": "seconds",
}
#: The words for the order of a date that ``datediff`` takes (D).
DATE_FORMATS = ("ymd", "mdy", "dmy")

Arguments = tuple[Value, ...]
Meaning = Callable[[Arguments, Surroundings], Value]


@dataclass(frozen=True, slots=True)
class Function:
    """A function: how many arguments it takes, what it does, and the sorts of value.

    ``maximum`` None is any number. ``takes`` are the sorts of its arguments in order, the last of
    which repeats; ``gives`` is that of its result.
    """

    minimum: int
    maximum: int | None
    meaning: Meaning
    takes: tuple[ValueSort, ...] = (ValueSort.ANY,)
    gives: ValueSort = ValueSort.ANY

    def accepts(self, count: int) -> bool:
        """Whether it can be called with so many arguments."""
        return count >= self.minimum and (self.maximum is None or count <= self.maximum)

    def argument(self, index: int) -> ValueSort:
        """The sort the argument at an index (from 0) should have."""
        return self.takes[min(index, len(self.takes) - 1)]


def _of_numbers(meaning: Callable[..., float]) -> Meaning:
    def apply(arguments: Arguments, _: Surroundings) -> Value:
        numbers = [number(argument) for argument in arguments]
        if None in numbers:
            return BLANK
        return _calculated(meaning, *numbers)

    return apply


def _of_filled(meaning: Callable[[Sequence[float]], float]) -> Meaning:
    """A statistic: blanks and texts are left out; nothing left gives blank."""

    def apply(arguments: Arguments, _: Surroundings) -> Value:
        numbers = [found for found in map(number, arguments) if found is not None]
        return _calculated(meaning, numbers) if numbers else BLANK

    return apply


def _calculated(meaning: Callable[..., float], *arguments: object) -> Value:
    try:
        return from_float(meaning(*arguments))
    except (ValueError, ArithmeticError):
        return BLANK


def _of_texts(meaning: Callable[..., Value]) -> Meaning:
    def apply(arguments: Arguments, _: Surroundings) -> Value:
        return meaning(*map(as_text, arguments))

    return apply


def _of_dates(meaning: Callable[[Arguments, datetime], Value]) -> Meaning:
    def apply(arguments: Arguments, surroundings: Surroundings) -> Value:
        return meaning(arguments, surroundings.clock)

    return apply


def _contains(haystack: str, needle: str) -> int:
    return int(needle.lower() in haystack.lower())


def _not_contain(haystack: str, needle: str) -> int:
    return 1 - _contains(haystack, needle)


def _starts_with(haystack: str, needle: str) -> int:
    return int(haystack.lower().startswith(needle.lower()))


def _ends_with(haystack: str, needle: str) -> int:
    return int(haystack.lower().endswith(needle.lower()))


def _find(needle: str, haystack: str) -> int:
    # Without regard to case like its neighbours; the documentation does not say (I).
    return haystack.lower().find(needle.lower()) + 1


def _left(text: str, count: str) -> str:
    return text[: _count(count)]


def _right(text: str, count: str) -> str:
    return text[max(0, len(text) - _count(count)) :]


def _middle(text: str, start: str, count: str) -> str:
    first = max(1, _count(start)) - 1
    return text[first : first + _count(count)]


def _count(text: str) -> int:
    found = number(text)
    return 0 if found is None else max(0, int(found))


def _replaced(text: str, search: str, replacement: str) -> str:
    return text.replace(search, replacement) if search else text


def _joined(separator: str, *texts: str) -> str:
    return separator.join(text for text in texts if text != BLANK)


def _is_number(text: str) -> int:
    return int(number(text) is not None)


def _is_integer(text: str) -> int:
    return int(re.fullmatch(r"\s*[+-]?\d+\s*", text, re.ASCII) is not None)


def _is_blank_or_missing_code(arguments: Arguments, surroundings: Surroundings) -> Value:
    return int(arguments[0] == BLANK or as_text(arguments[0]) in surroundings.missing_codes)


def _is_blank_not_missing_code(arguments: Arguments, _: Surroundings) -> Value:
    return int(arguments[0] == BLANK)


def _is_missing_code(arguments: Arguments, surroundings: Surroundings) -> Value:
    return int(as_text(arguments[0]) in surroundings.missing_codes)


def _has_missing_code(arguments: Arguments, surroundings: Surroundings) -> Value:
    value, *lists = map(as_text, arguments)
    wanted = {code.strip() for codes in lists for code in codes.split(",")}
    return int(value in surroundings.missing_codes and value in wanted)


def _chosen(arguments: Arguments, _: Surroundings) -> Value:
    condition, then, otherwise = arguments
    return then if is_true(condition) else otherwise


_ANY, _NUMBER, _TEXT = ValueSort.ANY, ValueSort.NUMBER, ValueSort.TEXT
_MOMENT, _DATE, _TRUTH = ValueSort.MOMENT, ValueSort.DATE, ValueSort.TRUTH


def _numeric(maximum: int | None, meaning: Meaning, minimum: int = 1) -> Function:
    return Function(minimum, maximum, meaning, (_NUMBER,), _NUMBER)


def _of_date(meaning: Callable[[Arguments, datetime], Value]) -> Function:
    return Function(1, 1, _of_dates(meaning), (_DATE,), _NUMBER)


def _asks(count: int, meaning: Callable[..., Value]) -> Function:
    return Function(count, count, _of_texts(meaning), (_TEXT,), _TRUTH)


#: Every documented function by its name in lower case. The format of ``datediff`` may be left out
#: before the truth that follows it, so that a truth may stand in its place (D in older manuals).
FUNCTIONS: dict[str, Function] = {
    "if": Function(3, 3, _chosen, (_TRUTH, _ANY), _ANY),
    "datediff": Function(
        3,
        5,
        _of_dates(dates.datediff),
        (_MOMENT, _MOMENT, ValueSort.UNIT, ValueSort.FORMAT, _TRUTH),
        _NUMBER,
    ),
    "age_at_date": Function(2, 3, _of_dates(dates.age_at_date), (_DATE, _DATE, _TRUTH), _NUMBER),
    "dayoftheweek": _of_date(dates.dayoftheweek),
    "year": _of_date(dates.year),
    "month": _of_date(dates.month),
    "day": _of_date(dates.day_of_month),
    "round": _numeric(2, _of_numbers(numeric.nearest)),
    "roundup": _numeric(2, _of_numbers(numeric.upward)),
    "rounddown": _numeric(2, _of_numbers(numeric.downward)),
    "sqrt": _numeric(1, _of_numbers(math.sqrt)),
    "abs": _numeric(1, _of_numbers(math.fabs)),
    "exponential": _numeric(1, _of_numbers(math.exp)),
    "log": _numeric(2, _of_numbers(numeric.logarithm)),
    "mod": _numeric(2, _of_numbers(math.fmod), minimum=2),
    "min": _numeric(None, _of_filled(min)),
    "max": _numeric(None, _of_filled(max)),
    "mean": _numeric(None, _of_filled(numeric.mean)),
    "median": _numeric(None, _of_filled(statistics.median)),
    "sum": _numeric(None, _of_filled(numeric.total)),
    "stdev": _numeric(None, _of_filled(numeric.deviation)),
    "isnumber": Function(1, 1, _of_texts(_is_number), (_ANY,), _TRUTH),
    "isinteger": Function(1, 1, _of_texts(_is_integer), (_ANY,), _TRUTH),
    "isblankormissingcode": Function(1, 1, _is_blank_or_missing_code, (_ANY,), _TRUTH),
    "isblanknotmissingcode": Function(1, 1, _is_blank_not_missing_code, (_ANY,), _TRUTH),
    "ismissingcode": Function(1, 1, _is_missing_code, (_ANY,), _TRUTH),
    "hasmissingcode": Function(2, None, _has_missing_code, (_ANY, _TEXT), _TRUTH),
    "contains": _asks(2, _contains),
    "not_contain": _asks(2, _not_contain),
    "starts_with": _asks(2, _starts_with),
    "ends_with": _asks(2, _ends_with),
    "find": Function(2, 2, _of_texts(_find), (_TEXT,), _NUMBER),
    "left": Function(2, 2, _of_texts(_left), (_TEXT, _NUMBER), _TEXT),
    "right": Function(2, 2, _of_texts(_right), (_TEXT, _NUMBER), _TEXT),
    "mid": Function(3, 3, _of_texts(_middle), (_TEXT, _NUMBER, _NUMBER), _TEXT),
    "length": Function(1, 1, _of_texts(len), (_TEXT,), _NUMBER),
    "trim": Function(1, 1, _of_texts(str.strip), (_TEXT,), _TEXT),
    "upper": Function(1, 1, _of_texts(str.upper), (_TEXT,), _TEXT),
    "lower": Function(1, 1, _of_texts(str.lower), (_TEXT,), _TEXT),
    "replace_text": Function(3, 3, _of_texts(_replaced), (_TEXT,), _TEXT),
    "concat": Function(1, None, _of_texts(lambda *texts: "".join(texts)), (_TEXT,), _TEXT),
    "concat_ws": Function(2, None, _of_texts(_joined), (_TEXT,), _TEXT),
}


def nearest_function(name: str) -> str:
    """Return `Did you mean …?` for a misspelt name, "" when nothing is near."""
    return did_you_mean(name, FUNCTIONS)
