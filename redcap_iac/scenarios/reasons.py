"""Why an expression came out as it did: the values put in, and the part that decided."""

from __future__ import annotations

from collections.abc import Iterator

from redcap_iac.logic import Expression, LogicError, Reference, as_text, evaluate, render, truth
from redcap_iac.logic.tree import Chain, Group, SmartVariable, Word, walk
from redcap_iac.scenarios.scope import PlaceScope

_LONGEST = 160
_MOST_VALUES = 12


def reasons(text: str, tree: Expression, scope: PlaceScope, *, is_condition: bool) -> str:
    """Return lines that explain an expression: itself, its values, and for a condition what of it
    is false (or true, when it holds)."""  # noqa: D205, D209 - one sentence
    lines = [f"`{_short(text)}`"]
    values = list(dict.fromkeys(_values(tree, scope)))
    if len(values) > _MOST_VALUES:
        values = [*values[:_MOST_VALUES], f"and {len(values) - _MOST_VALUES} more"]
    if values:
        lines[0] += f" with {', '.join(values)}"
    if is_condition:
        holds = _holds(tree, scope)
        parts = tuple(_deciding(tree, scope, holds=holds))
        if parts and parts != (tree,):
            shown = ", ".join(f"`{_short(render(part))}`" for part in parts[:_MOST_VALUES])
            lines.append(f"{'true' if holds else 'false'}: {shown}")
    return "\n".join(lines)


def _values(tree: Expression, scope: PlaceScope) -> Iterator[str]:
    for node in walk(tree):
        if isinstance(node, Reference | SmartVariable | Word):
            if isinstance(node, Word) and node.name not in ("today", "now"):
                continue
            yield f"{render(node)} = {_value(node, scope)}"


def _value(node: Expression, scope: PlaceScope) -> str:
    try:
        text = as_text(evaluate(node, scope, scope.around.clock, scope.around.dialect))
    except LogicError:
        return "blank"
    return _short(text) if text else "blank"


def _deciding(tree: Expression, scope: PlaceScope, *, holds: bool) -> Iterator[Expression]:
    """Yield the smallest conditions that made the whole what it is.

    A false `and` is false by its false parts, a false `or` by all of them, and the other way
    round.
    """
    waiting = [tree]
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, Group):
            waiting.insert(0, node.inner)
        elif isinstance(node, Chain) and node.steps[0].operator in ("and", "or"):
            operands = (node.first, *(step.operand for step in node.steps))
            alike = [one for one in operands if _holds(one, scope) is holds]
            waiting = [*alike, *waiting]
        else:
            yield node


def _holds(tree: Expression, scope: PlaceScope) -> bool:
    try:
        return truth(tree, scope, scope.around.clock, scope.around.dialect)
    except LogicError:
        return False


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
