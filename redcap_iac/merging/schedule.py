"""Decisions about arms, events, designations and repeats → edits of `arms:` or `repeat:`.

An arm that takes its events from another and differs from it now is written out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from redcap_iac.document import Listing, Map, Node, Text
from redcap_iac.edits import AddSection, Edit, Path, RemoveSection, SetSection
from redcap_iac.merging.group import Group

_DAYS = ("day_offset", "offset_min", "offset_max")
#: Keys of an event in the order they are written.
KEYS = ("name", "unique_name", "custom_label", *_DAYS, "renamed_from", "instruments", "repeat")


@dataclass(frozen=True, slots=True)
class Wanted:
    """An event as it is to be: drafted whole, and which of its keys REDCap changed.

    `declared` is its place among the events the arm declares, None for a new one.
    """

    drafted: Mapping[str, object]
    changed: tuple[str, ...] = ()
    declared: int | None = None


@dataclass(frozen=True, slots=True)
class WantedArm:
    """An arm as it is to be; `name` is None where the files keep theirs."""

    number: int
    name: str | None
    events: tuple[Wanted, ...]
    is_new: bool = False


def arms(root: Map, wanted: Sequence[WantedArm], gone: Sequence[int]) -> Iterator[Group]:
    """Yield one group for the whole schedule: places in its lists depend on each other."""
    section = root.listing("arms")
    nodes = section.items if section is not None else ()
    places = {_number(node): place for place, node in enumerate(nodes)}
    edits: list[Edit] = []
    by_number = {arm.number: arm for arm in wanted}
    for arm in wanted:
        if not arm.is_new:
            place = places[arm.number]
            node = nodes[place]
            if isinstance(node, Map):
                source = by_number.get(_number_of(node.text("events_from")))
                edits += _arm(("arms", place), node, arm, source)
    edits += [RemoveSection(("arms", places[number])) for number in sorted(gone, reverse=True)]
    for number, arm in enumerate(wanted):
        if arm.is_new:
            drafted: dict[str, object] = {"number": str(arm.number), "name": arm.name}
            drafted["events"] = [dict(event.drafted) for event in arm.events]
            edits.append(AddSection(("arms", number), drafted))
    if edits:
        kinds = ("arms", "events", "designations", "repeating")
        yield Group(tuple((kind, "*") for kind in kinds), tuple(edits))


def _arm(path: Path, node: Map, arm: WantedArm, source: WantedArm | None) -> Iterator[Edit]:
    """Yield what changes in an arm that is there; `source` is the one it takes its events from."""
    if arm.name is not None:
        yield SetSection((*path, "name"), arm.name)
    listing = node.listing("events")
    if listing is None:
        if arm.events and (source is None or _visits(arm) != _visits(source)):
            if "events_from" in node:
                yield RemoveSection((*path, "events_from"))
            yield SetSection((*path, "events"), [dict(event.drafted) for event in arm.events])
        return
    count = len(listing.items)
    kept = [event.declared for event in arm.events if event.declared is not None]
    gone = [number for number in range(count) if number not in kept]
    for event in arm.events:
        if event.declared is not None:
            item = listing.items[event.declared]
            if isinstance(item, Map):
                yield from _event((*path, "events", event.declared), item, event)
    yield from (RemoveSection((*path, "events", number)) for number in sorted(gone, reverse=True))
    for number, event in enumerate(arm.events):
        if event.declared is None:
            yield AddSection((*path, "events", number), dict(event.drafted))


def _event(path: Path, node: Map, event: Wanted) -> Iterator[Edit]:
    """Yield the keys of an event that change."""
    for key in event.changed:
        value = event.drafted.get(key)
        if value is not None:
            yield SetSection((*path, key), _alike(node.get(key), value))
        elif key == "repeat":
            # an absent key would leave repeats unmanaged where no other event has one
            yield SetSection((*path, key), [])
        elif key in node:
            yield RemoveSection((*path, key))


def repeats(root: Map, value: object) -> Iterator[Group]:
    """Yield the edit of a classic project's `repeat:`."""
    node = root.get("repeat")
    said = _alike(node, value) if value is not None else []
    yield Group((("repeating", "*"),), (SetSection(("repeat",), said),))


def _alike(node: Node | None, value: object) -> object:
    """Return a list of names as a map where the files have one."""
    if isinstance(node, Map) and isinstance(value, list):
        return dict.fromkeys(value)
    if isinstance(node, Listing) and isinstance(value, list):
        order = [item.text for item in node.items if isinstance(item, Text)]
        known = [name for name in order if name in value]
        return [*known, *(name for name in value if name not in known)]
    return value


def _visits(arm: WantedArm) -> list[tuple[str, str]]:
    """Return the events of an arm without what is theirs alone, in an order of its own."""
    found = []
    for event in arm.events:
        shared = {
            k: v for k, v in event.drafted.items() if k not in ("unique_name", "renamed_from")
        }
        for key, value in shared.items():
            if isinstance(value, list):
                shared[key] = sorted(map(str, value))
            elif isinstance(value, dict):
                shared[key] = sorted(value.items())
        found.append((str(shared["name"]), repr(sorted(shared.items()))))
    return sorted(found)


def _number(node: Node) -> int:
    return _number_of(node.text("number") if isinstance(node, Map) else None)


def _number_of(text: Text | None) -> int:
    return int(text.text) if text is not None and text.text.isdigit() else 0
