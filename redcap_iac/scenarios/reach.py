"""Which fields a play must hold for some of them to end up as on the whole page.

A field ends up shown, and with a value, by what it reads and what that reads in turn. Fields that
read themselves in a circle, and chains longer than a play goes through, are always among them:
where they never settle, no record of their page does.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cached_property

from redcap_iac.design import Design, Purpose
from redcap_iac.design.dependencies import (
    COMPUTING,
    SHOWING,
    Dependency,
    Graph,
    chains,
    circling,
    dependencies,
    graph,
)
from redcap_iac.kinds.dictionary.field import Field

_PLAYED = SHOWING | COMPUTING | {Purpose.IF}

#: Fields by instrument, in the order of the dictionary.
Fields = Mapping[str, tuple[Field, ...]]


class Reach:
    """The fields some fields depend on, worked out once for a design; `passes` is a play's limit.

    Names are in lower case.
    """

    def __init__(self, design: Design, passes: int) -> None:
        self._design = design
        self._passes = passes
        self._known: dict[frozenset[str], Fields] = {}

    def of(self, names: Collection[str]) -> Fields:
        """Return the fields of these names with all that they depend on."""
        key = frozenset(names)
        if key not in self._known:
            self._known[key] = self._fields(self._closed(key | self._always))
        return self._known[key]

    @cached_property
    def _edges(self) -> tuple[Dependency, ...]:
        return dependencies(self._design)

    @cached_property
    def _reads(self) -> Graph:
        reads = graph(self._edges, _PLAYED, everywhere=True)
        return {
            name.lower(): tuple(source.lower() for source in sources)
            for name, sources in reads.items()
        }

    @cached_property
    def _always(self) -> frozenset[str]:
        found = {name.lower() for name in circling(self._edges, _PLAYED)}
        for name, chain in chains(self._edges, _PLAYED).items():
            if len(chain) >= self._passes:
                found.add(name.lower())
        return frozenset(found)

    @cached_property
    def _order(self) -> Mapping[str, int]:
        order: dict[str, int] = {}
        for number, field in enumerate(self._design.fields):
            order.setdefault(field.field_name.lower(), number)
        return order

    def _closed(self, names: frozenset[str]) -> set[str]:
        found, waiting = set(names), list(names)
        while waiting:
            for source in self._reads.get(waiting.pop(), ()):
                if source not in found:
                    found.add(source)
                    waiting.append(source)
        return found

    def _fields(self, names: Collection[str]) -> Fields:
        found: dict[str, list[Field]] = {}
        for number in sorted(self._order[name] for name in names if name in self._order):
            field = self._design.fields[number]
            found.setdefault(field.form_name, []).append(field)
        return {instrument: tuple(fields) for instrument, fields in found.items()}
