"""Three states → what is decided about every difference between the files and REDCap.

No base is no knowledge of whose change it is: then every difference is a conflict.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from redcap_iac.calls import Made
from redcap_iac.kinds import all_kinds
from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.kinds.dictionary.placeholders import is_placeholder
from redcap_iac.kinds.events import Event
from redcap_iac.kinds.grants import instruments_of
from redcap_iac.kinds.instruments import title_cased
from redcap_iac.kinds.kind import Kind, encoded
from redcap_iac.merging.choosing import field_decisions
from redcap_iac.merging.facets import Facet, Place, facets
from redcap_iac.merging.order import Order
from redcap_iac.merging.ordering import about_order, orders_of, reordered
from redcap_iac.merging.sides import Sides
from redcap_iac.merging.together import together
from redcap_iac.merging.verdict import UNKNOWN, Decision, Preference, Side, Verdict
from redcap_iac.state import Item, Mode, State

_SCHEDULE = frozenset({"arms", "events", "designations", "repeating"})
_NOTHING: Mapping[Place, Facet] = {}


@dataclass(frozen=True, slots=True)
class Decided:
    """Every difference with what is decided, and the merged orders.

    `orders` are by instrument, and of each list of choices by `field/<name>`; `forms` is the
    order of the instruments. `left` counts by unit what additive sections leave alone.
    """

    decisions: tuple[Decision, ...]
    orders: Mapping[str, Order]
    forms: Order
    left: Mapping[str, int]

    def of(self, *verdicts: Verdict) -> tuple[Decision, ...]:
        """Return the decisions of some sort."""
        return tuple(one for one in self.decisions if one.verdict in verdicts)


def decide(sides: Sides, preference: Preference) -> Decided:
    """Decide about every difference; raises GuardError for a `--take` that names none."""
    found = [one for kind in all_kinds() for one in _Kind(kind, sides).decisions()]
    forms, orders = orders_of(sides)
    moved = [about_order(name, order) for name, order in orders.items()]
    moved.append(about_order("", forms))
    found += [one for one in moved if one is not None]
    preference.require_used(found)
    preferred = together([_preferred(one, preference) for one in found])
    by_word = {one.key: one for one in preferred if one.place == "order" and one.asked}
    orders = {
        name: reordered(order, by_word.get(name), name, sides) for name, order in orders.items()
    }
    return Decided(tuple(preferred), orders, forms, _left(sides))


class _Kind:
    """The items of one kind on the three sides."""

    def __init__(self, kind: Kind[Any], sides: Sides) -> None:
        self._kind = kind
        self._sides = sides
        self._files = _by_key(kind, sides.files)
        self._base = None if sides.base is None else _by_key(kind, sides.base)
        self._live = _by_key(kind, sides.live)
        self._forms = frozenset(instruments_of(sides.live))
        self._managed = kind.of(sides.files) is not None and kind.of(sides.live) is not None

    def decisions(self) -> Iterator[Decision]:
        if not self._managed or (self._kind.name in _SCHEDULE and not self._is_comparable()):
            return
        for key in {**self._files, **self._live}:
            yield from self._item(key)

    def _is_comparable(self) -> bool:
        """Tell whether REDCap shows a schedule where the files have one."""
        return bool(self._sides.live.kinds.get("arms")) == bool(self._sides.files.kinds.get("arms"))

    def _item(self, key: str) -> Iterator[Decision]:
        base = None if self._base is None else self._base.get(key)
        mine, theirs = self._files.get(key), self._live.get(key)
        if mine is not None and theirs is not None:
            yield from self._both(key, base, mine, theirs)
        elif self._kind.name.endswith("_assignments"):
            return  # who comes or goes does so as a user
        elif mine is not None:
            yield from self._one_side(key, mine, base, Side.FILES)
        elif theirs is not None and self._counts(theirs):
            yield from self._one_side(key, theirs, base, Side.LIVE)

    def _counts(self, theirs: Item) -> bool:
        """Tell whether what is only live belongs into the files; an undeclared setting does not."""
        if self._kind.name == "project":
            return False
        if self._kind.unit in self._sides.desired.modes or self._kind.name == "users":
            mode = self._sides.desired.mode(self._kind.unit)
            key = str(self._kind.key(theirs))
            known = self._base is not None and key in self._base
            if mode is Mode.ADDITIVE and not known:
                return False
        return not (isinstance(theirs, Field) and is_placeholder(theirs))

    # one side only

    def _one_side(self, key: str, item: Item, base: Item | None, side: Side) -> Iterator[Decision]:
        if base is None:
            known = self._base is not None
            verdict = Verdict.OWN if side is Side.FILES else Verdict.TAKE
            why = "" if known else UNKNOWN
            yield self._whole(key, item, base, side, verdict if known else Verdict.CONFLICT, why)
        elif self._changed(base, item):
            why = (
                "REDCap removed it, the files change it"
                if side is Side.FILES
                else "the files remove it, REDCap changed it"
            )
            yield self._whole(key, item, base, side, Verdict.CONFLICT, why)
        else:
            verdict = Verdict.TAKE if side is Side.FILES else Verdict.OWN
            yield self._whole(key, item, base, side, verdict)

    def _whole(
        self, key: str, item: Item, base: Item | None, side: Side, verdict: Verdict, why: str = ""
    ) -> Decision:
        there, said = "there", self._kind.label(item)
        return Decision(
            self._kind.name,
            key,
            self._kind.address(item),
            said,
            verdict,
            there if base is not None else None,
            there if side is Side.FILES else None,
            there if side is Side.LIVE else None,
            group=self._kind.group(item),
            why=why,
            within=_within(item),
        )

    def _changed(self, base: Item, item: Item) -> bool:
        return self._before(base) != self._parts(item)

    def _before(self, base: Item) -> Mapping[Place, Facet]:
        """Return the parts of an item at the base, those that were pulled since as they were."""
        nearer = self._sides.nearer.get((self._kind.name, str(self._kind.key(base))), {})
        found = {**self._parts(base), **nearer}
        return {place: part for place, part in found.items() if part is not None}

    def _parts(self, item: Item) -> Mapping[Place, Facet]:
        """Return the parts that REDCap and the files can both speak of."""
        found = facets(self._kind, item)
        return {
            place: facet
            for place, facet in found.items()
            if place[0] not in ("instruments", "export") or place[1] in self._forms
        }

    # both sides

    def _both(self, key: str, base: Item | None, mine: Item, theirs: Item) -> Iterator[Decision]:
        if self._kind.name == "instruments":
            yield from self._label(key, base, mine, theirs)
            return
        ours, live = self._parts(mine), self._parts(theirs)
        if ours == live:
            return
        before = None if self._base is None else _NOTHING if base is None else self._before(base)
        found = [
            self._part(key, place, before, ours, live, mine)
            for place in _places(ours, live)
            if ours.get(place) != live.get(place)
        ]
        if isinstance(mine, Field):
            assert isinstance(theirs, Field)
            found = field_decisions(found, base if isinstance(base, Field) else None, mine, theirs)
        yield from found

    def _part(
        self,
        key: str,
        place: Place,
        before: Mapping[Place, Facet] | None,
        ours: Mapping[Place, Facet],
        live: Mapping[Place, Facet],
        item: Item,
    ) -> Decision:
        values = (None if before is None else before.get(place), ours.get(place), live.get(place))
        base, mine, theirs = values
        named = mine or theirs or base
        assert named is not None
        if before is None:
            verdict = Verdict.CONFLICT
        elif theirs == base:
            verdict = Verdict.OWN
        else:
            verdict = Verdict.TAKE if mine == base else Verdict.CONFLICT
        if self._kind.name == "project" and self._kind.key(item) == "is_longitudinal":
            verdict = Verdict.OWN if verdict is Verdict.OWN else Verdict.CONFLICT
        address = self._kind.address(item)
        told = address if named.name == "value" else f"{address}/{encoded(named.name)}"
        return Decision(
            self._kind.name,
            key,
            told,
            named.name,
            verdict,
            None if base is None else base.value,
            None if mine is None else mine.value,
            None if theirs is None else theirs.value,
            place=place[0],
            part=place[1],
            group=self._kind.group(item),
            why=UNKNOWN if before is None else "",
            within=_within(item, place),
        )

    def _label(self, key: str, base: Item | None, mine: Item, theirs: Item) -> Iterator[Decision]:
        """Decide about the label of an instrument, which no plan changes.

        One that REDCap shows as it makes it was never set there: that is still to be done.
        """
        was, here, there = (str(getattr(one, "label", "")) for one in (base, mine, theirs))
        name = str(getattr(mine, "name", ""))
        if here == there or not there or there == title_cased(name) or was == there:
            return
        verdict = Verdict.TAKE if base is not None and was == here else Verdict.CONFLICT
        yield Decision(
            "instruments", key, f"instrument/{encoded(name)}/label", "label", verdict,
            was or None, here or None, there or None, place="label", group=name,
        )  # fmt: skip


def _places(ours: Mapping[Place, Facet], live: Mapping[Place, Facet]) -> Iterator[Place]:
    yield from {**ours, **live}


def _by_key(kind: Kind[Any], state: State) -> dict[str, Item]:
    return {key_text(kind.key(item)): item for item in kind.items(state)}


def key_text(key: object) -> str:
    """Return a key as text, also one that only the server will make."""
    return f"made:{key.address}" if isinstance(key, Made) else str(key)


def _within(item: Any, place: Place = ("", "")) -> tuple[tuple[str, str], ...]:  # noqa: ANN401
    """Return what an item, or a part of it, stands or falls with."""
    found: list[tuple[str, str]] = []
    if isinstance(item, Field):
        found.append(("instruments", item.form_name))
    elif isinstance(item, Event):
        found.append(("arms", str(item.arm)))
    elif (event := getattr(item, "event", None)) is not None:
        found += [("events", key_text(event))] if event else []
        found += [("instruments", item.instrument)] if item.instrument else []
    if place[0] in ("instruments", "export"):
        found.append(("instruments", place[1]))
    return tuple(found)


# words of a person


def _preferred(one: Decision, preference: Preference) -> Decision:
    side = preference.of(one)
    if side is None and one.verdict is Verdict.CONFLICT:
        side = preference.all
    if side is None or (one.kind, one.key) == ("project", "is_longitudinal"):
        return one
    verdict = Verdict.TAKE if side is Side.LIVE else Verdict.OWN
    lost = side is Side.LIVE and one.verdict in (Verdict.CONFLICT, Verdict.OWN)
    return replace(one, verdict=verdict, asked=True, overwrites=lost)


def _left(sides: Sides) -> Mapping[str, int]:
    """Count what is live in additive units and nobody declared."""
    counts: dict[str, int] = {}
    for kind in all_kinds():
        if kind.of(sides.files) is None or kind.name.endswith("_assignments"):
            continue
        if sides.desired.mode(kind.unit) is Mode.ADDITIVE:
            number = len(_by_key(kind, sides.live).keys() - _by_key(kind, sides.files).keys())
            if number:
                counts[str(kind.unit)] = counts.get(str(kind.unit), 0) + number
    return counts
