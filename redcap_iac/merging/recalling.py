"""What earlier pulls brought into the files, known again by digests: a nearer base for its parts.

A pull makes no commit that both sides come from, so that a part changed once more after it would
look changed on both sides. What was pulled is a part's base while the files, or the present
commit, still have it there: work that was thrown away does not count, and REDCap's change comes
again. No value is kept, and nothing of it after another base.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from redcap_iac.kinds import all_kinds
from redcap_iac.kinds.dictionary.field import COLUMNS, Field
from redcap_iac.kinds.kind import Kind
from redcap_iac.merging.facets import Facet, Place, facets
from redcap_iac.state import Item, State

#: The digest of something that is not there.
_ABSENT = "-"
_WHOLE: Place = ("", "")
_ORDER: Place = ("order", "")
Digests = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Recalled:
    """What stands in the place of the base: other items, and the orders of instruments' fields.

    `items` are by kind and key, None for one that was not there; `orders` by instrument.
    """

    items: Mapping[tuple[str, str], Item | None] = field(default_factory=dict)
    parts: Mapping[tuple[str, str], Mapping[Place, Facet | None]] = field(default_factory=dict)
    orders: Mapping[str, Sequence[str]] = field(default_factory=dict)


def recalled(base: State, candidates: Sequence[State], known: Digests) -> Recalled:
    """Return what is nearer than the base; `candidates` are the files, and the present commit."""
    items: dict[tuple[str, str], Item | None] = {}
    parts: dict[tuple[str, str], Mapping[Place, Facet | None]] = {}
    for kind in all_kinds() if known else ():
        before = _by_key(kind, base)
        sides = [_by_key(kind, state) for state in candidates]
        for key in dict.fromkeys(key for side in (before, *sides) for key in side):
            item = before.get(key)
            there = [side.get(key) for side in sides]
            digest = known.get(_name(kind.name, key, _WHOLE))
            if digest == _ABSENT and None in there:
                item = items[kind.name, key] = None
            elif digest is not None and item is None:
                item = next((one for one in there if one and _whole(kind, one) == digest), None)
                items[kind.name, key] = item
            if item is None:
                continue
            nearer = dict(_nearer(kind, key, [item, *there], known))
            if isinstance(item, Field) and nearer:
                row = {place[0]: str(part.value) for place, part in nearer.items() if part}
                items[kind.name, key] = Field.of({**item.row(), **row}, item.at, item.places)
            elif nearer:
                parts[kind.name, key] = nearer
    orders = {
        form: names
        for state in candidates
        for form, names in _orders(state).items()
        if known.get(_name("fields", form, _ORDER)) == _hash(names)
    }
    return Recalled(items, parts, orders)


def _nearer(
    kind: Kind[Any], key: str, there: Sequence[Item | None], known: Digests
) -> Iterator[tuple[Place, Facet | None]]:
    """Yield the parts of an item that are as they were pulled; the first one is the base's."""
    held = [_parts(kind, one) for one in there if one is not None]
    for place in dict.fromkeys(place for one in held for place in one):
        digest = known.get(_name(kind.name, key, place))
        for one in held[1:]:
            part = one.get(place)
            if digest is not None and _digest(part) == digest:
                yield place, part
                break


def with_base(base: State, nearer: Recalled) -> State:
    """Return the base with other items in it."""
    for kind in all_kinds():
        others = {key: item for (name, key), item in nearer.items.items() if name == kind.name}
        if not others or kind.of(base) is None:
            continue
        now = {**_by_key(kind, base), **others}
        base = base.having(kind.name, tuple(item for item in now.values() if item is not None))
    return base.having("fields", _ordered(base, nearer.orders)) if nearer.orders else base


def _ordered(base: State, orders: Mapping[str, Sequence[str]]) -> tuple[Item, ...]:
    """Return the fields, those of some instruments in the order they were pulled in."""
    fields = [one for one in base.kinds.get("fields", ()) if isinstance(one, Field)]
    for form, names in orders.items():
        slots = [number for number, one in enumerate(fields) if one.form_name == form]
        place = {name: number for number, name in enumerate(names)}
        held = [fields[slot] for slot in slots]
        held.sort(key=lambda one, place=place: place.get(one.field_name, len(place)))  # type: ignore[misc]
        for slot, one in zip(slots, held, strict=True):
            fields[slot] = one
    return tuple(fields)


def _orders(state: State) -> dict[str, list[str]]:
    """Return the names of the fields of each instrument."""
    found: dict[str, list[str]] = {}
    for one in state.kinds.get("fields", ()):
        if isinstance(one, Field):
            found.setdefault(one.form_name, []).append(one.field_name)
    return found


def digests(files: State, live: State, came: Iterable[tuple[str, str, Place]]) -> dict[str, str]:
    """Return what was pulled: of each item that came over, what both sides have alike now."""
    about: dict[str, dict[str, set[Place]]] = {}
    ordered: set[str] = set()
    for name, key, place in came:
        if place == _ORDER:
            ordered.add(key)
        else:
            about.setdefault(name, {}).setdefault(key, set()).add(place)
    found = {
        _name("fields", form, _ORDER): _hash(names)
        for form, names in _orders(live).items()
        if form in ordered and _orders(files).get(form) == names
    }
    for kind in all_kinds():
        mine, theirs = _by_key(kind, files), _by_key(kind, live)
        for key, places in about.get(kind.name, {}).items():
            here, there = mine.get(key), theirs.get(key)
            if here is None and there is None:
                found[_name(kind.name, key, _WHOLE)] = _ABSENT
            if here is None or there is None:
                continue
            ours, live_parts = _parts(kind, here), _parts(kind, there)
            for place in {**ours, **live_parts, **dict.fromkeys(places - {_WHOLE})}:
                if _digest(ours.get(place)) == _digest(live_parts.get(place)):
                    found[_name(kind.name, key, place)] = _digest(ours.get(place))
            if _whole(kind, here) == _whole(kind, there):
                found[_name(kind.name, key, _WHOLE)] = _whole(kind, here)
    return found


def _by_key(kind: Kind[Any], state: State) -> dict[str, Item]:
    return {str(kind.key(item)): item for item in kind.items(state)}


def _parts(kind: Kind[Any], item: Item) -> Mapping[Place, Facet]:
    """Return the parts of an item: of a field its columns, as they are written."""
    if isinstance(item, Field):
        return {(name, ""): Facet(name, getattr(item, name)) for name in COLUMNS}
    return facets(kind, item)


def _whole(kind: Kind[Any], item: Item) -> str:
    parts = {"/".join(place): part.value for place, part in _parts(kind, item).items()}
    return _hash(["whole", *sorted((place, repr(value)) for place, value in parts.items())])


def _digest(part: Facet | None) -> str:
    return _ABSENT if part is None else _hash(["part", repr(part.value)])


def _name(kind: str, key: str, place: Place) -> str:
    return _hash([kind, key, *place])


def _hash(words: Sequence[object]) -> str:
    return sha256(json.dumps(words).encode()).hexdigest()
