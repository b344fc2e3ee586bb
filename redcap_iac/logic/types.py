"""What the parts of an expression are: numbers, dates, codes of choices, texts.

A table of functions or smart variables says what they give; what a field is only a project knows,
so that it is asked for through a `Vocabulary`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

from redcap_iac.logic.functions import FUNCTIONS
from redcap_iac.logic.piping import MODIFIERS
from redcap_iac.logic.smart_variables import smart_sort
from redcap_iac.logic.sorts import ValueSort
from redcap_iac.logic.tree import (
    Call,
    Chain,
    Expression,
    Group,
    Number,
    Power,
    Prefix,
    Reference,
    SmartVariable,
    Text,
    Word,
)
from redcap_iac.logic.values import number


class Sort(StrEnum):
    """What a value is. `CHECKED` is one choice of a checkbox, 1 or 0; `NOTHING` has no value."""

    NUMBER = "a number"
    TEXT = "text"
    DATE = "a date"
    DATETIME = "a date with time"
    TIME = "a time"
    CHOICE = "a choice"
    CHECKBOX = "a checkbox"
    CHECKED = "a choice of a checkbox"
    TRUTH = "true or false"
    FILE = "a file"
    NOTHING = "no value"
    UNKNOWN = "unknown"


#: The sorts that stand on a calendar or clock.
MOMENTS = frozenset({Sort.DATE, Sort.DATETIME, Sort.TIME})


@dataclass(frozen=True, slots=True)
class Type:
    """The sort of a value, and what is known beside it.

    `codes` are the (code, label) pairs of a choice or checkbox. `is_free` is text nobody validates:
    it may hold a number or a date. `order` is how a date is shown (`ymd`, `mdy`, `dmy`). Limits
    are those REDCap asks people to keep, `are_hard` where it makes them.
    """

    sort: Sort
    codes: tuple[tuple[str, str], ...] = ()
    is_free: bool = False
    is_whole: bool = False
    order: str = ""
    minimum: float | None = None
    maximum: float | None = None
    are_hard: bool = False


UNKNOWN = Type(Sort.UNKNOWN)
_NUMBER, _TRUTH = Type(Sort.NUMBER), Type(Sort.TRUTH)
_ARITHMETIC = frozenset("+-*/")
_BY_TABLE: Mapping[ValueSort, Type] = {
    ValueSort.NUMBER: _NUMBER,
    ValueSort.TEXT: Type(Sort.TEXT),
    ValueSort.DATE: Type(Sort.DATE),
    ValueSort.DATETIME: Type(Sort.DATETIME),
    ValueSort.TRUTH: _TRUTH,
    ValueSort.HTML: Type(Sort.TEXT),
}


class Vocabulary(Protocol):
    """What the names of a project mean."""

    @property
    def missing_codes(self) -> frozenset[str]:
        """The project's missing data codes, which any field may hold."""

    def type_of(self, reference: Reference) -> Type:
        """The type of what is stored for a reference, before its modifiers; UNKNOWN for none."""


def typed(tree: Expression, vocabulary: Vocabulary) -> Type:
    """Return the type of an expression; UNKNOWN where nothing can be said."""
    match tree:
        case Number():
            return _NUMBER
        case Text():
            return Type(Sort.TEXT)
        case Word(name):
            return {"today": Type(Sort.DATE), "now": Type(Sort.DATETIME)}.get(name, _TRUTH)
        case Reference():
            return _modified(tree, vocabulary)
        case SmartVariable(name):
            known = smart_sort(name)
            return UNKNOWN if known is None else _BY_TABLE.get(known.gives, UNKNOWN)
        case Group(inner):
            return typed(inner, vocabulary)
        case Prefix("not"):
            return _TRUTH
        case Prefix() | Power():
            return _NUMBER
        case Chain(_, steps):
            return _NUMBER if steps[0].operator in _ARITHMETIC else _TRUTH
        case Call():
            return _called(tree, vocabulary)


def _modified(reference: Reference, vocabulary: Vocabulary) -> Type:
    found = vocabulary.type_of(reference)
    for word in reference.modifiers:
        modifier = MODIFIERS.get(word.lower())
        if modifier is not None and modifier.gives is not ValueSort.ANY:
            found = _BY_TABLE.get(modifier.gives, UNKNOWN)
    return found


def _called(call: Call, vocabulary: Vocabulary) -> Type:
    name = call.name.lower()
    function = FUNCTIONS.get(name)
    if function is None:
        return UNKNOWN
    if name == "if" and len(call.arguments) == 3:
        return _either(*(typed(branch, vocabulary) for branch in _results(call)))
    return _BY_TABLE.get(function.gives, UNKNOWN)


def _results(call: Call) -> tuple[Expression, ...]:
    """Return the branches of `if` that are not blank on purpose: blank fits any sort."""
    branches = tuple(branch for branch in call.arguments[1:] if literal(branch) not in ("", "NaN"))
    return branches or call.arguments[1:]


def _either(first: Type, *others: Type) -> Type:
    if all(other == first for other in others):
        return first
    if all(other.sort is first.sort for other in others):
        return replace(first, codes=(), minimum=None, maximum=None, are_hard=False, order="")
    return UNKNOWN


def literal(tree: Expression) -> str | None:
    """Return the text of a constant as written (`-1` with its sign), None for anything else."""
    match tree:
        case Text(value):
            return value
        case Number(text):
            return text
        case Group(inner):
            return literal(inner)
        case Prefix("-" | "+" as sign, operand):
            inside = literal(operand)
            return None if inside is None or number(inside) is None else sign + inside
        case _:
            return None


def reads_as_number(tree: Expression, kind: Type) -> bool:
    """Tell whether arithmetic can work with an expression: it is a number, or may spell one."""
    text = literal(tree)
    if text is not None:
        return text == "" or number(text) is not None
    if kind.sort is Sort.CHOICE:
        return any(number(code) is not None for code, _ in kind.codes)
    return kind.sort in (Sort.NUMBER, Sort.CHECKED, Sort.TRUTH, Sort.UNKNOWN) or (
        kind.sort is Sort.TEXT and kind.is_free
    )
