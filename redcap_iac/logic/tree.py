"""The nodes an expression is made of.

Every node carries ``offset``, the index in the source text of its first character (of the operator,
for a step of a chain). Offsets take no part in equality: two texts that say the same thing have
equal trees. Parentheses the author wrote are kept as ``Group``, because a linter and a formatter
need them; ``ungrouped`` drops them where only the meaning counts.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Number:
    """A number, spelled as the author spelled it (``.5``, ``1e3``)."""

    text: str
    offset: int = dataclasses.field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Text:
    """A quoted text, without its quotes and with escaped quotes undone."""

    value: str
    offset: int = dataclasses.field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Word:
    """One of the bare words ``today``, ``now``, ``true``, ``false``, in lower case."""

    name: str
    offset: int = dataclasses.field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Reference:
    """A field of the project, such as ``[visit_1_arm_1][race(2):checked][last-instance]``.

    Names are as typed (REDCap disregards their case). ``event`` is a unique event name or a smart
    variable such as ``previous-event-name``; ``code`` a checkbox choice; ``instance`` digits or a
    smart variable such as ``last-instance``.
    """

    field: str
    event: str | None = None
    code: str | None = None
    modifiers: tuple[str, ...] = ()
    instance: str | None = None
    offset: int = dataclasses.field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class SmartVariable:
    """A value of the context, such as ``[user-dag-name]`` or ``[survey-link:consent]``.

    ``arguments`` are the texts after the colons. ``event`` and ``instance`` as in ``Reference``.
    """

    name: str
    arguments: tuple[str, ...] = ()
    event: str | None = None
    instance: str | None = None
    offset: int = dataclasses.field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Group:
    """An expression in parentheses."""

    inner: Expression
    offset: int = dataclasses.field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Prefix:
    """An operator before its one operand: ``-``, ``+`` or ``not``."""

    operator: str
    operand: Expression
    offset: int = dataclasses.field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Step:
    """One operator of a chain with the operand on its right."""

    operator: str
    operand: Expression
    offset: int = dataclasses.field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Chain:
    """Operands joined from left to right by operators of one level of precedence.

    One flat node, not a ladder of pairs: a condition with a thousand ``or`` is wide and not deep.
    Operators are spelled ``or and = <> > >= < <= + - * /`` whatever the author wrote.
    """

    first: Expression
    steps: tuple[Step, ...]
    offset: int = dataclasses.field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Power:
    """A base raised to an exponent; ``a ^ b ^ c`` is ``a ^ (b ^ c)``."""

    base: Expression
    exponent: Expression
    offset: int = dataclasses.field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments; the name is as typed, REDCap disregards its case."""

    name: str
    arguments: tuple[Expression, ...]
    offset: int = dataclasses.field(default=0, compare=False)


Expression = (
    Number | Text | Word | Reference | SmartVariable | Group | Prefix | Chain | Power | Call
)


def children(tree: Expression) -> tuple[Expression, ...]:
    """The expressions directly inside an expression, in the order of the text."""
    match tree:
        case Group(inner):
            return (inner,)
        case Prefix(_, operand):
            return (operand,)
        case Chain(first, steps):
            return (first, *(step.operand for step in steps))
        case Power(base, exponent):
            return (base, exponent)
        case Call(_, arguments):
            return arguments
        case _:
            return ()


def walk(tree: Expression) -> Iterator[Expression]:
    """Yield an expression and all inside it, outer before inner, in the order of the text."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(children(node)))


def ungrouped(tree: Expression) -> Expression:
    """The same expression without the parentheses its author wrote; the shape keeps the meaning."""
    match tree:
        case Group(inner):
            return ungrouped(inner)
        case Prefix(operator, operand, offset):
            return Prefix(operator, ungrouped(operand), offset)
        case Chain(first, steps, offset):
            plain = (Step(step.operator, ungrouped(step.operand), step.offset) for step in steps)
            return Chain(ungrouped(first), tuple(plain), offset)
        case Power(base, exponent, offset):
            return Power(ungrouped(base), ungrouped(exponent), offset)
        case Call(name, arguments, offset):
            return Call(name, tuple(ungrouped(argument) for argument in arguments), offset)
        case _:
            return tree
