"""Which values of a field or smart variable stand for all it may hold, in one condition.

A choice has finitely many values. A number is only told apart by the constants it is compared
with, so that those, their neighbours and what lies between stand for every number; a text by the
constants it equals. A condition that asks for more than that is opaque: nothing is tried.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from redcap_iac.logic.tree import (
    Call,
    Chain,
    Expression,
    Reference,
    SmartVariable,
    Word,
    children,
    walk,
)
from redcap_iac.logic.types import Sort, Type, Vocabulary, literal
from redcap_iac.logic.values import as_text, number

#: A field or smart variable, spelled in one way whatever its case and place.
Variable = Reference | SmartVariable
_COMPARISONS = frozenset(("=", "<>", "<", "<=", ">", ">="))
_BLANK_TESTS = frozenset(("isblankormissingcode", "isblanknotmissingcode"))
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
#: A text that nobody compares with.
_SOMETHING_ELSE = "\x00something else"


@dataclass(frozen=True, slots=True)
class Leaf:
    """A condition without and, or, not: the variables it asks for and what it compares them with.

    `is_opaque` when values cannot stand for all others there.
    """

    variables: tuple[Variable, ...]
    constants: tuple[str, ...] = ()
    is_opaque: bool = False


def same(node: Variable) -> Variable:
    """Return a reference or smart variable in the one spelling by which it is known."""
    if isinstance(node, SmartVariable):
        return replace(node, name=node.name.lower(), offset=0)
    return Reference(
        node.field.lower(),
        None if node.event is None else node.event.lower(),
        None if node.code is None else node.code.lower(),
        tuple(word for word in node.modifiers if word.lower() != "value"),
        None if node.instance is None else node.instance.lower(),
    )


def leaf_of(tree: Expression, vocabulary: Vocabulary) -> Leaf:
    """Return what a condition asks for."""
    nodes = tuple(walk(tree))
    variables = tuple(
        dict.fromkeys(same(node) for node in nodes if isinstance(node, Reference | SmartVariable))
    )
    types = {variable: _type(variable, vocabulary) for variable in variables}
    if any(isinstance(node, Word) and node.name in ("today", "now") for node in nodes):
        return Leaf(variables, is_opaque=True)
    if any(isinstance(one, SmartVariable) and (one.event or one.instance) for one in variables):
        return Leaf(variables, is_opaque=True)
    if any(kind.sort in (Sort.CHECKBOX, Sort.NOTHING) for kind in types.values()):
        return Leaf(variables, is_opaque=True)
    if all(_is_finite(kind) for kind in types.values()):
        return Leaf(variables)
    if len(variables) > 1:
        return Leaf(variables, is_opaque=True)
    constants = _constants(tree, types[variables[0]])
    return Leaf(variables, constants or (), is_opaque=constants is None)


def _type(variable: Variable, vocabulary: Vocabulary) -> Type:
    if isinstance(variable, SmartVariable) or variable.modifiers:
        return Type(Sort.TEXT)
    return vocabulary.type_of(variable)


def _is_finite(kind: Type) -> bool:
    return kind.sort is Sort.CHECKED or (kind.sort is Sort.CHOICE and bool(kind.codes))


def _constants(tree: Expression, kind: Type) -> tuple[str, ...] | None:
    """Return what the one variable is compared with, None where more is asked of it."""
    if isinstance(tree, Call):
        plain = tree.name.lower() in _BLANK_TESTS and not children(tree.arguments[0])
        return () if plain and len(tree.arguments) == 1 else None
    if not isinstance(tree, Chain) or len(tree.steps) != 1:
        return None
    operator = tree.steps[0].operator
    sides = (tree.first, tree.steps[0].operand)
    texts = [text for side in sides if (text := literal(side)) is not None]
    asks = any(isinstance(side, Reference | SmartVariable) for side in sides)
    if operator not in _COMPARISONS or len(texts) != 1 or not asks:
        return None
    (text,) = texts
    return (text,) if text == "" or _stands(text, operator, kind) else None


def _stands(text: str, operator: str, kind: Type) -> bool:
    """Tell whether the values of `domain` stand for all in a comparison with a constant."""
    if kind.sort is Sort.NUMBER:
        return number(text) is not None
    if kind.sort is Sort.DATE:
        return _DATE.fullmatch(text) is not None
    return operator in ("=", "<>")


def domain(
    variable: Variable, constants: Iterable[str], vocabulary: Vocabulary, *, within_limits: bool
) -> tuple[str, ...]:
    """Return values that stand for all a variable may hold, blank and missing data codes too."""
    kind = _type(variable, vocabulary)
    if kind.sort is Sort.CHECKED:
        elsewhere = isinstance(variable, Reference) and (variable.event or variable.instance)
        return ("0", "1", "") if elsewhere else ("0", "1")
    always = ("", *sorted(vocabulary.missing_codes))
    if _is_finite(kind):
        return tuple(dict.fromkeys((*always, *(code for code, _ in kind.codes))))
    filled = tuple(dict.fromkeys(text for text in constants if text))
    if kind.sort is Sort.NUMBER:
        values = _numbers(filled, kind, within_limits=within_limits)
    elif kind.sort is Sort.DATE:
        values = _days(filled)
    else:
        values = (*filled, _SOMETHING_ELSE)
    return tuple(dict.fromkeys((*always, *values)))


def _numbers(texts: tuple[str, ...], kind: Type, *, within_limits: bool) -> tuple[str, ...]:
    limits = [one for one in (kind.minimum, kind.maximum) if one is not None]
    kept = limits if within_limits or kind.are_hard else []
    points = sorted({float(found) for text in texts if (found := number(text)) is not None})
    points = sorted({*points, *kept}) or [0.0]
    between = [(low + high) / 2 for low, high in itertools.pairwise(points)]
    tried = {*points, *between, points[0] - 1, points[-1] + 1}
    if kind.is_whole:
        whole = {float(part) for one in points for part in (math.floor(one), math.ceil(one))}
        tried = {*whole, *(one - 1 for one in whole), *(one + 1 for one in whole)}
    if kept:
        least = -math.inf if kind.minimum is None else kind.minimum
        most = math.inf if kind.maximum is None else kind.maximum
        tried = {one for one in tried if least <= one <= most}
    return tuple(as_text(one) for one in sorted(tried))


def _days(texts: tuple[str, ...]) -> tuple[str, ...]:
    found = {"2000-01-01"}
    for text in texts:
        found.add(text)
        try:
            day = date.fromisoformat(text)
            found |= {(day + timedelta(days=step)).isoformat() for step in (-1, 1)}
        except (ValueError, OverflowError):
            continue  # no day of the calendar: it lies between two that are tried
    return tuple(sorted(found))


def domains(
    leaves: Iterable[Leaf], vocabulary: Vocabulary, *, within_limits: bool
) -> Mapping[Expression, tuple[str, ...]]:
    """Return the values to try for every variable of some conditions taken together."""
    constants: dict[Variable, list[str]] = {}
    for leaf in leaves:
        if not leaf.is_opaque:
            for variable in leaf.variables:
                constants.setdefault(variable, []).extend(leaf.constants)
    return {
        variable: domain(variable, texts, vocabulary, within_limits=within_limits)
        for variable, texts in constants.items()
    }
