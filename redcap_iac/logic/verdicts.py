"""Conditions that hold for every answer, or for none.

Sound, not complete: a verdict is given only where the evaluator says the same for every
combination of values there can be (`verdict_domains` says which are tried). A part that cannot be
tried counts as something that may be true or false.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from redcap_iac.logic.errors import LogicError
from redcap_iac.logic.evaluator import truth
from redcap_iac.logic.tree import (
    Call,
    Chain,
    Expression,
    Group,
    Power,
    Prefix,
    Reference,
    SmartVariable,
    Step,
    Text,
    ungrouped,
)
from redcap_iac.logic.types import Vocabulary, literal
from redcap_iac.logic.verdict_domains import Variable, domains, leaf_of, same

#: How many combinations of values are tried before a question is left open.
MOST_COMBINATIONS = 4_096
_JOINTS = frozenset(("and", "or"))
#: Nothing that is tried asks for the time.
_CLOCK = datetime(2000, 1, 1)


class Verdict(Enum):
    """What is known of a condition without any answer."""

    ALWAYS = "always true"
    NEVER = "never true"


#: Blank as blank, and blank as 0: pages and versions differ in comparisons with numbers (inferred).
_ZERO = (False, True)
_OTHER = {Verdict.ALWAYS: Verdict.NEVER, Verdict.NEVER: Verdict.ALWAYS}


@dataclass(frozen=True, slots=True)
class Decided:
    """A part of a condition about which there is a verdict."""

    tree: Expression
    verdict: Verdict


def verdict(
    tree: Expression, vocabulary: Vocabulary, *, within_limits: bool = False
) -> Verdict | None:
    """Return whether a condition is always or never true, None where that is open.

    `within_limits` takes the limits of number fields for kept, which REDCap only asks for.
    """
    plain = ungrouped(tree)
    return _Judge(plain, vocabulary, within_limits=within_limits).verdict(plain)


def decided(
    tree: Expression, vocabulary: Vocabulary, *, within_limits: bool = False
) -> tuple[Decided, ...]:
    """Return the outermost parts of a condition that are always or never true.

    A condition that is decided itself comes alone.
    """
    plain = ungrouped(tree)
    return tuple(_Judge(plain, vocabulary, within_limits=within_limits).outermost(plain))


def with_blanks(tree: Expression, fields: Collection[str]) -> Expression:
    """Return an expression in which some fields (names in lower case) have no answer.

    A choice of a checkbox is then 0. Values of other events and instances stay what they are.
    """

    def put(node: Expression) -> Expression:
        match node:
            case Reference(field, None, code, _, None) if field.lower() in fields:
                return Text("" if code is None else "0")
            case Group(inner):
                return Group(put(inner))
            case Prefix(operator, operand):
                return Prefix(operator, put(operand))
            case Chain(first, steps):
                rest = (Step(step.operator, put(step.operand)) for step in steps)
                return Chain(put(first), tuple(rest))
            case Power(base, exponent):
                return Power(put(base), put(exponent))
            case Call(name, arguments):
                return Call(name, tuple(put(argument) for argument in arguments))
            case _:
                return node

    return put(tree)


class _Trial:
    """A scope that answers with the values being tried."""

    def __init__(self, values: Mapping[Variable, str], missing_codes: frozenset[str]) -> None:
        self.values = values
        self.missing_codes = missing_codes

    def value(self, reference: Reference) -> str:
        return self.values[same(reference)]

    def smart(self, name: str, arguments: tuple[str, ...]) -> str:
        # event and instance are not told here: values of one name are tried apart only if bare
        return self.values[SmartVariable(name.lower(), arguments)]


class _Judge:
    """One condition with the values that stand for all others in it."""

    def __init__(self, tree: Expression, vocabulary: Vocabulary, *, within_limits: bool) -> None:
        self._missing_codes = vocabulary.missing_codes
        # by identity: hashing deep trees again and again would take most of the time
        self._leaves = {id(leaf): leaf_of(leaf, vocabulary) for leaf in _leaves(tree)}
        self._domains = domains(self._leaves.values(), vocabulary, within_limits=within_limits)
        self._known: dict[int, Verdict | None] = {}
        self._truths: dict[tuple[int, tuple[str, ...]], bool] = {}

    def outermost(self, tree: Expression) -> Iterator[Decided]:
        found = self.verdict(tree)
        if found is not None:
            yield Decided(tree, found)
        else:
            for part in _parts(tree):
                yield from self.outermost(part)

    def verdict(self, tree: Expression) -> Verdict | None:
        if id(tree) not in self._known:
            self._known[id(tree)] = self._verdict(tree)
        return self._known[id(tree)]

    def _verdict(self, tree: Expression) -> Verdict | None:
        parts = _parts(tree)
        if not parts:
            return self._tried((tree,), "and")
        if isinstance(tree, Prefix):
            inner = self.verdict(parts[0])
            return None if inner is None else _OTHER[inner]
        joint = _joint(tree)
        decisive = Verdict.NEVER if joint == "and" else Verdict.ALWAYS
        known = [self.verdict(part) for part in parts]
        if decisive not in known:
            known = [one for group in self._groups(parts) for one in self._together(group, joint)]
        if decisive in known:
            return decisive
        return _OTHER[decisive] if all(one is _OTHER[decisive] for one in known) else None

    def _together(self, parts: tuple[Expression, ...], joint: str) -> tuple[Verdict | None, ...]:
        """Return the verdict of parts joined; where they are too many, of those that ask alike."""
        if len(parts) == 1:
            return (self.verdict(parts[0]),)
        if (found := self._tried(parts, joint)) is not None:
            return (found,)
        alike: dict[frozenset[Expression], list[Expression]] = {}
        for part in parts:
            alike.setdefault(frozenset(self._asked(part)), []).append(part)
        return (None, *(self._tried(tuple(some), joint) for some in alike.values()))

    def _groups(self, parts: tuple[Expression, ...]) -> list[tuple[Expression, ...]]:
        """Put parts together that ask for the same; groups have nothing to do with each other."""
        groups: list[tuple[set[Expression], list[Expression]]] = []
        for part in parts:
            asked = self._asked(part)
            apart = [group for group in groups if not group[0] & asked]
            joined = [group for group in groups if group[0] & asked]
            members = [one for group in joined for one in group[1]]
            apart.append((asked.union(*(group[0] for group in joined)), [*members, part]))
            groups = apart
        return [tuple(members) for _, members in groups]

    def _asked(self, tree: Expression) -> set[Expression]:
        """Return the unknowns of a condition: variables, and the parts that are opaque."""
        found: set[Expression] = set()
        for tip in _leaves(tree):
            leaf = self._leaves[id(tip)]
            found.update((tip,) if leaf.is_opaque else leaf.variables)
        return found

    def _tried(self, parts: tuple[Expression, ...], joint: str) -> Verdict | None:
        unknowns = sorted({one for part in parts for one in self._asked(part)}, key=repr)
        values = [self._domains.get(one, ("0", "1")) for one in unknowns]
        if math.prod(map(len, values)) > MOST_COMBINATIONS:
            return None
        seen: set[bool] = set()
        every = all if joint == "and" else any
        for combination in itertools.product(*values):
            trial = dict(zip(unknowns, combination, strict=True))
            try:
                seen |= {every(self._holds(part, trial, zero) for part in parts) for zero in _ZERO}
            except LogicError:
                return None
            if len(seen) > 1:
                return None
        return Verdict.ALWAYS if seen == {True} else Verdict.NEVER

    def _holds(self, tree: Expression, trial: Mapping[Expression, str], zero: bool) -> bool:
        parts = _parts(tree)
        if not parts:
            return self._leaf_holds(tree, trial, zero)
        if isinstance(tree, Prefix):
            return not self._holds(parts[0], trial, zero)
        every = all if _joint(tree) == "and" else any
        return every(self._holds(part, trial, zero) for part in parts)

    def _leaf_holds(self, tree: Expression, trial: Mapping[Expression, str], zero: bool) -> bool:
        leaf = self._leaves[id(tree)]
        if leaf.is_opaque:
            return trial[tree] == "1"
        instead = "0" if zero and _counts(tree) else ""
        values = {one: trial[one] or instead for one in leaf.variables}
        key = (id(tree), tuple(values.values()))
        if key not in self._truths:
            self._truths[key] = truth(tree, _Trial(values, self._missing_codes), _CLOCK)
        return self._truths[key]


def _parts(tree: Expression) -> tuple[Expression, ...]:
    """Return the conditions a condition is made of, nothing for one that is not."""
    if isinstance(tree, Prefix) and tree.operator == "not":
        return (tree.operand,)
    if isinstance(tree, Chain) and tree.steps[0].operator in _JOINTS:
        return (tree.first, *(step.operand for step in tree.steps))
    return ()


def _counts(leaf: Expression) -> bool:
    """Tell whether a condition compares with a number, so that blank may count as 0."""
    if not isinstance(leaf, Chain):
        return False
    texts = [literal(part) for part in (leaf.first, *(step.operand for step in leaf.steps))]
    return "" not in texts


def _joint(tree: Expression) -> str:
    return tree.steps[0].operator if isinstance(tree, Chain) else "and"


def _leaves(tree: Expression) -> Iterator[Expression]:
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        parts = _parts(node)
        if parts:
            waiting.extend(reversed(parts))
        else:
            yield node
