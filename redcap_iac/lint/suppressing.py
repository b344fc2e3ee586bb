"""Which finding is let pass by which word of the manifest, and which word lets nothing pass."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase

from redcap_iac.design import Design
from redcap_iac.findings import Finding, Position
from redcap_iac.kinds import all_kinds
from redcap_iac.kinds.kind import encoded
from redcap_iac.lint.codes import covers
from redcap_iac.lint.settings import Suppression


class Places:
    """Where the items of a design stand, and what holds what."""

    def __init__(self, design: Design) -> None:
        self._at: dict[str, Position] = {}
        self._addresses: dict[Position, list[str]] = {}
        self._design = design
        for kind in all_kinds():
            for item in kind.items(design.state):
                at = getattr(item, "at", None)
                if isinstance(at, Position):
                    address = kind.address(item)
                    self._at.setdefault(address, at)
                    self._addresses.setdefault(at, []).append(address)

    def of(self, address: str) -> Position | None:
        """Return where the item of an address stands, None for what is no item."""
        return self._at.get(address)

    def addresses(self, places: Iterable[Position]) -> frozenset[str]:
        """Return the addresses of the items that stand at some of the places."""
        return frozenset(a for place in places for a in self._addresses.get(place, ()))

    def owners(self, address: str) -> Iterator[str]:
        """Yield an address and what holds it: a field's instrument, an event's arm, a role."""
        yield address
        section, _, rest = address.partition("/")
        if section == "field":
            field = self._design.field(rest.partition("/")[0])
            if field is not None:
                yield f"instrument/{encoded(field.form_name)}"
        elif section == "event":
            yield f"arm/{rest.partition('/')[0]}"
        while rest:
            rest = rest.rpartition("/")[0]
            if rest:
                yield f"{section}/{rest}"


class Suppressor:
    """Knows what is let pass, and remembers what was of use."""

    def __init__(self, suppressions: Sequence[Suppression], places: Places) -> None:
        self._places = places
        self._used: set[int] = set()
        self._all = suppressions
        self._everywhere: list[tuple[int, Suppression]] = []
        self._by_address: dict[str, list[int]] = {}
        self._by_place: dict[Position, list[int]] = {}
        for number, one in enumerate(suppressions):
            if not one.places:
                self._everywhere.append((number, one))
            for address in places.addresses(one.places):
                self._by_address.setdefault(address, []).append(number)
            for place in one.places:
                self._by_place.setdefault(place, []).append(number)

    def passing(self, finding: Finding) -> Suppression | None:
        """Return what lets a finding pass, the nearest first; None when nothing does."""
        found = [number for number in self._fitting(finding) if self._means(number, finding)]
        self._used.update(found)
        return self._all[found[0]] if found else None

    def unused(self, ran: Sequence[str]) -> tuple[Suppression, ...]:
        """Return what let nothing pass though all rules it speaks of were asked.

        A word about a family is judged when any rule of the family was asked.
        """
        return tuple(
            one
            for number, one in enumerate(self._all)
            if number not in self._used and any(covers(one.code, code) for code in ran)
        )

    def _means(self, number: int, finding: Finding) -> bool:
        return covers(self._all[number].code, finding.code)

    def _fitting(self, finding: Finding) -> Iterator[int]:
        if not self._all:
            return
        yield from self._by_address.get(finding.address, ())
        if finding.position is not None:
            yield from self._by_place.get(finding.position, ())
        for number, one in self._everywhere:
            if not one.where or any(
                fnmatchcase(owner, one.where) for owner in self._places.owners(finding.address)
            ):
                yield number
