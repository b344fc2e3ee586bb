"""The function library: every documented function with its argument counts and its meaning.

Source for names and meaning: Special Functions, RC-CALC-01 (K), unless a comment says otherwise.
A number function with a blank or unreadable argument gives blank; so does one outside its domain.
"""

from __future__ import annotations

import math
import re
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from redcap_iac.logic import dates, numeric
from redcap_iac.logic.values import BLANK, Value, as_text, from_float, is_true, number


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a function may know besides its arguments."""

    clock: datetime
    missing_codes: frozenset[str]


Arguments = tuple[Value, ...]
Meaning = Callable[[Arguments, Surroundings], Value]


@dataclass(frozen=True, slots=True)
class Function:
    """A function: how many arguments it takes (``maximum`` None: any number) and what it does."""

    minimum: int
    maximum: int | None
    meaning: Meaning

    def accepts(self, count: int) -> bool:
        """Whether it can be called with so many arguments."""
        return count >= self.minimum and (self.maximum is None or count <= self.maximum)


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


FUNCTIONS: dict[str, Function] = {
    "if": Function(3, 3, _chosen),
    "datediff": Function(3, 5, _of_dates(dates.datediff)),
    "age_at_date": Function(2, 3, _of_dates(dates.age_at_date)),
    "dayoftheweek": Function(1, 1, _of_dates(dates.dayoftheweek)),
    "year": Function(1, 1, _of_dates(dates.year)),
    "month": Function(1, 1, _of_dates(dates.month)),
    "day": Function(1, 1, _of_dates(dates.day_of_month)),
    "round": Function(1, 2, _of_numbers(numeric.nearest)),
    "roundup": Function(1, 2, _of_numbers(numeric.upward)),
    "rounddown": Function(1, 2, _of_numbers(numeric.downward)),
    "sqrt": Function(1, 1, _of_numbers(math.sqrt)),
    "abs": Function(1, 1, _of_numbers(math.fabs)),
    "exponential": Function(1, 1, _of_numbers(math.exp)),
    "log": Function(1, 2, _of_numbers(numeric.logarithm)),
    "mod": Function(2, 2, _of_numbers(math.fmod)),
    "min": Function(1, None, _of_filled(min)),
    "max": Function(1, None, _of_filled(max)),
    "mean": Function(1, None, _of_filled(numeric.mean)),
    "median": Function(1, None, _of_filled(statistics.median)),
    "sum": Function(1, None, _of_filled(numeric.total)),
    "stdev": Function(1, None, _of_filled(numeric.deviation)),
    "isnumber": Function(1, 1, _of_texts(_is_number)),
    "isinteger": Function(1, 1, _of_texts(_is_integer)),
    "isblankormissingcode": Function(1, 1, _is_blank_or_missing_code),
    "isblanknotmissingcode": Function(1, 1, _is_blank_not_missing_code),
    "ismissingcode": Function(1, 1, _is_missing_code),
    "hasmissingcode": Function(2, None, _has_missing_code),
    "contains": Function(2, 2, _of_texts(_contains)),
    "not_contain": Function(2, 2, _of_texts(_not_contain)),
    "starts_with": Function(2, 2, _of_texts(_starts_with)),
    "ends_with": Function(2, 2, _of_texts(_ends_with)),
    "find": Function(2, 2, _of_texts(_find)),
    "left": Function(2, 2, _of_texts(_left)),
    "right": Function(2, 2, _of_texts(_right)),
    "mid": Function(3, 3, _of_texts(_middle)),
    "length": Function(1, 1, _of_texts(len)),
    "trim": Function(1, 1, _of_texts(str.strip)),
    "upper": Function(1, 1, _of_texts(str.upper)),
    "lower": Function(1, 1, _of_texts(str.lower)),
    "replace_text": Function(3, 3, _of_texts(_replaced)),
    "concat": Function(1, None, _of_texts(lambda *texts: "".join(texts))),
    "concat_ws": Function(2, None, _of_texts(_joined)),
}
