"""Tree to text."""

from __future__ import annotations

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

# How tightly a node holds together; an operand looser than its place gets parentheses.
_LEVELS = {"or": 0, "and": 1, "=": 3, "+": 4, "*": 5}
_LEVELS |= dict.fromkeys(("<>", ">", ">=", "<", "<="), _LEVELS["="])
_LEVELS |= {"-": _LEVELS["+"], "/": _LEVELS["*"]}
_NOT, _SIGN, _POWER, _ATOM = 2, 6, 7, 8


def render(tree: Expression) -> str:
    """The expression as text that parses to the same tree, on one line.

    Author's parentheses stay; a tree built without them gets those its shape needs. Comments,
    line breaks and the choice of quotes are not in the tree and so are not kept.
    """
    match tree:
        case Number(text):
            return text
        case Text(value):
            return _quoted(value)
        case Word(name):
            return name
        case Reference() | SmartVariable():
            return _brackets(tree)
        case Group(inner):
            return f"({render(inner)})"
        case Prefix("not", operand):
            return f"not {_within(operand, _NOT)}"
        case Prefix(sign, operand):
            return f"{sign}{_within(operand, _SIGN)}"
        case Power(base, exponent):
            return f"{_within(base, _ATOM)} ^ {_within(exponent, _SIGN)}"
        case Chain():
            return _chain(tree)
        case Call(name, arguments):
            return f"{name}({', '.join(render(argument) for argument in arguments)})"


def _chain(tree: Chain) -> str:
    tighter = _level(tree) + 1
    text = _within(tree.first, tighter)
    for step in tree.steps:
        text += f" {step.operator} {_within(step.operand, tighter)}"
    return text


def _within(tree: Expression, level: int) -> str:
    text = render(tree)
    return text if _level(tree) >= level else f"({text})"


def _level(tree: Expression) -> int:
    match tree:
        case Chain(_, steps):
            return _LEVELS[steps[0].operator]
        case Prefix("not"):
            return _NOT
        case Prefix():
            return _SIGN
        case Power():
            return _POWER
        case _:
            return _ATOM


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\")
    if '"' not in value:
        return f'"{escaped}"'
    return "'" + escaped.replace("'", "\\'") + "'"


def _brackets(tree: Reference | SmartVariable) -> str:
    if isinstance(tree, Reference):
        code = "" if tree.code is None else f"({tree.code})"
        subject = "".join((tree.field, code, *(f":{modifier}" for modifier in tree.modifiers)))
    else:
        subject = ":".join((tree.name, *tree.arguments))
    parts = (tree.event, subject, tree.instance)
    return "".join(f"[{part}]" for part in parts if part is not None)
