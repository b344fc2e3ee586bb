"""Every comparison, operation and call of an expression judged by the sorts of its parts."""

from __future__ import annotations

from collections.abc import Iterator

from redcap_iac.logic.tree import (
    Call,
    Chain,
    Expression,
    Group,
    Power,
    Prefix,
    Reference,
    Text,
    children,
    walk,
)
from redcap_iac.logic.types import Sort, Vocabulary, literal, typed
from redcap_iac.logic.types_calls import called, operand
from redcap_iac.logic.types_comparing import compared, of_reference
from redcap_iac.logic.types_mistakes import Mistake, Remark, shown
from redcap_iac.logic.values import number

COMPARISONS = frozenset(("=", "<>", "<", "<=", ">", ">="))
_JOINTS = frozenset(("and", "or"))
#: Functions that ask of text alone: a checkbox without a code may be meant there.
_ASKING = frozenset(("isblankormissingcode", "isblanknotmissingcode", "ismissingcode"))


def mistakes(tree: Expression, vocabulary: Vocabulary) -> tuple[Remark, ...]:
    """Return what is wrong with an expression, in the order of the text, each thing once."""
    found: dict[tuple[Mistake, str], Remark] = {}
    for node in walk(tree):
        for remark in _of(node, vocabulary):
            found.setdefault((remark.mistake, remark.message), remark)
    return tuple(sorted(found.values(), key=lambda remark: remark.offset))


def _of(node: Expression, vocabulary: Vocabulary) -> Iterator[Remark]:
    yield from _valueless(node, vocabulary)
    match node:
        case Chain(first, steps):
            yield from _of_chain(node, (first, *(step.operand for step in steps)), vocabulary)
        case Power(base, exponent):
            for part in (base, exponent):
                yield from operand(part, typed(part, vocabulary), "`^`")
        case Prefix("not", inner):
            yield from _alone(inner, "not")
        case Prefix(sign, inner):
            yield from operand(inner, typed(inner, vocabulary), f"`{sign}`")
        case Call():
            yield from called(node, vocabulary)
        case Reference():
            yield from of_reference(node, vocabulary.type_of(node))


def _of_chain(
    chain: Chain, parts: tuple[Expression, ...], vocabulary: Vocabulary
) -> Iterator[Remark]:
    operators = tuple(step.operator for step in chain.steps)
    if operators[0] in COMPARISONS:
        for left, operator, right in zip(parts, operators, parts[1:], strict=False):
            yield from compared(left, operator, right, vocabulary)
        if len(operators) > 1:
            yield _in_a_row(chain)
    elif operators[0] in _JOINTS:
        for part in parts:
            yield from _alone(part, operators[0])
    else:
        for part, operator in zip(parts, (operators[0], *operators), strict=True):
            yield from operand(part, typed(part, vocabulary), f"`{operator}`")


def _in_a_row(chain: Chain) -> Remark:
    return Remark(
        Mistake.TRUTH_AGAINST_OTHER,
        f"compares several things in a row: {shown(chain)}",
        "Write each comparison on its own and join them with and: `1 < [x] and [x] < 5`.",
        chain.offset,
    )


def _alone(part: Expression, joint: str) -> Iterator[Remark]:
    text = literal(part)
    if text is None or (not isinstance(_bare(part), Text) and number(text) in (0, 1)):
        return
    yield Remark(
        Mistake.LONELY_CONSTANT,
        f'has "{text}" alone as a condition beside `{joint}`',
        "Write the whole comparison again: `[x] = '1' or [x] = '2'`.",
        part.offset,
    )


def _bare(tree: Expression) -> Expression:
    return _bare(tree.inner) if isinstance(tree, Group) else tree


def _valueless(node: Expression, vocabulary: Vocabulary) -> Iterator[Remark]:
    """Find references directly inside a node whose field has no value to work with."""
    if isinstance(node, Call) and node.name.lower() in _ASKING:
        return
    blank = isinstance(node, Chain) and any(literal(part) == "" for part in children(node))
    for part in children(node):
        if not isinstance(part, Reference) or part.modifiers:
            continue
        kind = vocabulary.type_of(part)
        if kind.sort is Sort.CHECKBOX:
            yield _without_code(part, kind.codes)
        elif kind.sort is Sort.NOTHING or (kind.sort is Sort.FILE and not blank and _weighs(node)):
            what = "holds no value" if kind.sort is Sort.NOTHING else "holds a file"
            yield Remark(
                Mistake.NO_VALUE,
                f"uses {shown(part)}, which {what}, as if it were an answer",
                "Ask a field that people fill in.",
                part.offset,
            )


def _weighs(node: Expression) -> bool:
    """Tell whether a node works with the value itself and not only asks whether there is one."""
    return isinstance(node, Chain | Power) and not (
        isinstance(node, Chain) and node.steps[0].operator in _JOINTS
    )


def _without_code(reference: Reference, codes: tuple[tuple[str, str], ...]) -> Remark:
    code = codes[0][0] if codes else "1"
    return Remark(
        Mistake.CHECKBOX_WITHOUT_CODE,
        f"uses the checkbox {reference.field} without saying which choice",
        f"Name the choice: `[{reference.field}({code})] = '1'` is true when {code} is ticked.",
        reference.offset,
    )
