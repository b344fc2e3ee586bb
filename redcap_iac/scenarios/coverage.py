"""Which outcomes of a design's logic the scenarios have seen, and which never."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from redcap_iac.design import Purpose, Site
from redcap_iac.logic import Expression, LogicError, render, truth
from redcap_iac.logic.tree import Call, children, walk
from redcap_iac.position import Position
from redcap_iac.scenarios.scope import PlaceScope


class Outcome(StrEnum):
    """What an expression was seen to give."""

    TRUE = "true"
    FALSE = "false"
    VALUE = "a value"


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a design where logic can go either way, or a formula that can have a value.

    `what` is `branching logic`, `@IF`, `if()`, `calculation`, `@CALCTEXT` or `@CALCDATE`; `offset`
    counts from the beginning of the cell.
    """

    what: str
    address: str
    column: str
    offset: int
    text: str = field(compare=False)
    at: Position | None = field(compare=False)

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What it should be seen to give."""
        if self.what in (Purpose.BRANCHING, Purpose.IF, "if()"):
            return (Outcome.TRUE, Outcome.FALSE)
        return (Outcome.VALUE,)


def spots_of(site: Site) -> tuple[Spot, ...]:
    """Return the spots of one expression: itself, and each `if()` in it."""
    own = Spot(site.purpose.value, site.address, site.column, site.offset, site.text, site.at)
    nodes = () if site.tree is None else tuple(walk(site.tree))
    calls = (node for node in nodes if isinstance(node, Call) and _is_if(node))
    return (own, *(_spot(call, site) for call in calls))


def _spot(call: Call, site: Site) -> Spot:
    return Spot(
        "if()", site.address, site.column, site.offset + call.offset,
        _short(render(call.arguments[0])), site.at,
    )  # fmt: skip


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else f"{line[:59]}…"


def _is_if(node: Expression) -> bool:
    return isinstance(node, Call) and node.name.lower() == "if" and len(node.arguments) == 3


class Seen:
    """Collects outcomes while scenarios are played."""

    def __init__(self) -> None:
        self._seen: dict[Spot, set[Outcome]] = {}
        # by identity: hashing a tree costs more than looking for its spots; the site is kept alive
        self._spots: dict[int, tuple[Site, tuple[Spot, ...]]] = {}

    def spots(self, site: Site) -> tuple[Spot, ...]:
        """Return the spots of an expression, looked for once."""
        if id(site) not in self._spots:
            self._spots[id(site)] = site, spots_of(site)
        return self._spots[id(site)][1]

    def add(self, spot: Spot, outcome: Outcome | None) -> None:
        """Note an outcome; None notes that it was evaluated and gave nothing."""
        there = self._seen.setdefault(spot, set())
        if outcome is not None:
            there.add(outcome)

    def decided(self, site: Site, outcome: bool) -> None:
        """Note how a condition came out."""
        self.add(self.spots(site)[0], Outcome.TRUE if outcome else Outcome.FALSE)

    def arms(self, site: Site, scope: PlaceScope) -> None:
        """Note which arm each `if()` of an expression took; those in the other arm were not met."""
        if site.tree is None or len(self.spots(site)) == 1:
            return
        around = scope.around
        for node in _met(site.tree, scope):
            try:
                outcome = truth(node.arguments[0], scope, around.clock, around.dialect)
            except LogicError:
                continue
            self.add(_spot(node, site), Outcome.TRUE if outcome else Outcome.FALSE)

    def __getitem__(self, spot: Spot) -> frozenset[Outcome] | None:
        found = self._seen.get(spot)
        return None if found is None else frozenset(found)


def _met(tree: Expression, scope: PlaceScope) -> Iterator[Call]:
    """Yield the calls of `if()` that decide something: the arm not taken holds none."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Call) and _is_if(node):
            yield node
            condition, then, otherwise = node.arguments
            waiting.append(condition)
            try:
                taken = truth(condition, scope, scope.around.clock, scope.around.dialect)
            except LogicError:
                continue
            waiting.append(then if taken else otherwise)
        else:
            waiting.extend(children(node))


@dataclass(frozen=True, slots=True)
class Gap:
    """A spot and what it was never seen to give; `is_unmet` when it was never evaluated at all."""

    spot: Spot
    never: tuple[Outcome, ...]
    is_unmet: bool


@dataclass(frozen=True, slots=True)
class Coverage:
    """All spots of a design, and the gaps among them."""

    spots: tuple[Spot, ...]
    gaps: tuple[Gap, ...]

    @classmethod
    def of(cls, sites: tuple[Site, ...], seen: Seen) -> Coverage:
        """Compare what there is with what was seen."""
        spots = tuple(dict.fromkeys(spot for site in sites for spot in spots_of(site)))
        gaps = []
        for spot in spots:
            found = seen[spot]
            never = tuple(one for one in spot.outcomes if one not in (found or ()))
            if never:
                gaps.append(Gap(spot, never, found is None))
        return cls(spots, tuple(gaps))

    @property
    def total(self) -> int:
        """How many outcomes there are to see."""
        return sum(len(spot.outcomes) for spot in self.spots)

    @property
    def seen(self) -> int:
        """How many of them were seen."""
        return self.total - sum(len(gap.never) for gap in self.gaps)

    @property
    def percent(self) -> float:
        """The share that was seen, 0 to 100; 100 where there is no logic."""
        return 100.0 if not self.total else 100.0 * self.seen / self.total

    def never(self, what: str, outcome: Outcome) -> int:
        """Count the spots of a sort that were met and never gave an outcome."""
        return sum(
            gap.spot.what == what and outcome in gap.never and not gap.is_unmet for gap in self.gaps
        )

    def unmet(self, what: str) -> int:
        """Count the spots of a sort that were never evaluated."""
        return sum(gap.spot.what == what and gap.is_unmet for gap in self.gaps)

    def count(self, what: str) -> int:
        """Count the spots of a sort."""
        return sum(spot.what == what for spot in self.spots)
