"""Which field reads which: the edges of a design's logic, its circles and its chains.

An edge goes from the field that is read to the field whose cell reads it. Circles and chains are
asked for by purpose, because they mean different things: two fields whose branching logic waits
for each other never show, two calculations that feed each other never settle, and a label that
shows another field harms nobody.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from redcap_iac.design.design import Design
from redcap_iac.design.sites import Purpose, Site
from redcap_iac.logic import Reference

#: The purposes that compute the value of the field they stand at.
COMPUTING = frozenset({Purpose.CALCULATION, Purpose.CALCTEXT, Purpose.CALCDATE})
#: The purposes that decide whether the field they stand at is shown.
SHOWING = frozenset({Purpose.BRANCHING})
#: Event and instance as written where the same event and the same instance are meant.
_SAME_EVENT = (None, "event-name")
_SAME_INSTANCE = (None, "current-instance")

Graph = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Dependency:
    """One edge: `target` reads `source`, both spelled as declared.

    `source` may be the status of an instrument (`vitals_complete`). `reference` is how the site
    names it, with event, choice and instance.
    """

    source: str
    target: str
    purpose: Purpose
    site: Site
    reference: Reference

    @property
    def is_here(self) -> bool:
        """Whether the value read is of the same event and instance as the one that reads it."""
        return self.reference.event in _SAME_EVENT and self.reference.instance in _SAME_INSTANCE


def dependencies(design: Design) -> tuple[Dependency, ...]:
    """Return every edge between fields that are there, in the order of the dictionary.

    A site that names a field twice gives two edges. Labels of events and instances read fields
    too, but are no field's: they give none.
    """
    return tuple(_edges(design))


def _edges(design: Design) -> Iterator[Dependency]:
    for site in design.sites:
        if site.field is None:
            continue
        for reference in site.references:
            source = declared_name(design, reference.field)
            if source is not None:
                yield Dependency(source, site.field.field_name, site.purpose, site, reference)


def declared_name(design: Design, name: str) -> str | None:
    """Return a field's or a status's name as declared, whatever its case; None when unknown."""
    field = design.field(name)
    if field is not None:
        return field.field_name
    return name.lower() if design.status_of(name) else None


def graph(
    edges: Sequence[Dependency], purposes: Collection[Purpose], *, everywhere: bool = False
) -> Graph:
    """Return target → sources, each once, of the edges of some purposes within event and instance.

    A value of another event or instance is another value: reading it closes no circle. With
    `everywhere` its edges are given too.
    """
    found: dict[str, dict[str, None]] = {}
    for edge in edges:
        if edge.purpose in purposes and (everywhere or edge.is_here):
            found.setdefault(edge.target, {})[edge.source] = None
    return {target: tuple(sources) for target, sources in found.items()}


def cycles(
    edges: Sequence[Dependency], purposes: Collection[Purpose]
) -> tuple[tuple[str, ...], ...]:
    """Return the circles of some purposes: `(a, b)` where a reads b and b reads a.

    One shortest circle for each knot of fields that all reach each other, beginning with the
    field that comes first in the dictionary. A field that reads itself is a circle of one.
    """
    reads = graph(edges, purposes)
    place = {name: number for number, name in enumerate(reads)}
    found = []
    for knot in _knots(reads):
        start = min((name for name in knot if name in place), key=place.__getitem__, default="")
        if len(knot) > 1 or start in reads.get(start, ()):
            found.append(_circle(reads, start, knot))
    return tuple(sorted(found, key=lambda circle: place[circle[0]]))


def circling(
    edges: Sequence[Dependency], purposes: Collection[Purpose]
) -> frozenset[str]:  # fmt: skip
    """Return every field that may wait for itself, also by way of another event or instance."""
    reads = graph(edges, purposes, everywhere=True)
    return frozenset(
        name
        for knot in _knots(reads)
        for name in knot
        if len(knot) > 1 or name in reads.get(name, ())
    )


def chains(
    edges: Sequence[Dependency], purposes: Collection[Purpose]
) -> Mapping[str, tuple[str, ...]]:
    """Return for each reading field the longest chain of readers it ends: `(last, …, first)`.

    A chain has only fields that read for these purposes, so its length is the depth: a
    calculation from answers alone has depth 1. Edges inside a circle count for nothing.
    """
    reads = graph(edges, purposes)
    knot_of = {name: number for number, knot in enumerate(_knots(reads)) for name in knot}
    longest: dict[str, tuple[str, ...]] = {}
    # the knots come out with what is read before what reads it
    for name in sorted(reads, key=lambda name: knot_of[name]):
        inner = [
            longest[source]
            for source in reads[name]
            if source in longest and knot_of[source] != knot_of[name]
        ]
        longest[name] = (name, *max(inner, key=len, default=()))
    return longest


def _circle(reads: Graph, start: str, knot: Collection[str]) -> tuple[str, ...]:
    """Return a shortest way from a field back to itself inside its knot."""
    waiting: deque[tuple[str, ...]] = deque([(start,)])
    seen: set[str] = set()
    while waiting:
        path = waiting.popleft()
        for source in reads.get(path[-1], ()):
            if source == start:
                return path
            if source in knot and source not in seen:
                seen.add(source)
                waiting.append((*path, source))
    return (start,)


def _knots(reads: Graph) -> tuple[frozenset[str], ...]:
    """Return the strongly connected parts, what is read first (Tarjan, without recursion)."""
    numbers: dict[str, int] = {}
    lows: dict[str, int] = {}
    open_: dict[str, None] = {}
    found: list[frozenset[str]] = []
    for root in reads:
        if root in numbers:
            continue
        waiting: list[tuple[str, Iterator[str]]] = []
        _enter(root, reads, numbers, lows, open_, waiting)
        while waiting:
            name, sources = waiting[-1]
            source = next(sources, None)
            if source is None:
                waiting.pop()
                if waiting:
                    lows[waiting[-1][0]] = min(lows[waiting[-1][0]], lows[name])
                if lows[name] == numbers[name]:
                    found.append(_closed(name, open_))
            elif source not in numbers:
                _enter(source, reads, numbers, lows, open_, waiting)
            elif source in open_:
                lows[name] = min(lows[name], numbers[source])
    return tuple(found)


def _enter(
    name: str, reads: Graph, numbers: dict[str, int], lows: dict[str, int],
    open_: dict[str, None], waiting: list[tuple[str, Iterator[str]]],
) -> None:  # fmt: skip
    numbers[name] = lows[name] = len(numbers)
    open_[name] = None
    waiting.append((name, iter(reads.get(name, ()))))


def _closed(name: str, open_: dict[str, None]) -> frozenset[str]:
    members = []
    while True:
        member, _ = open_.popitem()
        members.append(member)
        if member == name:
            return frozenset(members)
