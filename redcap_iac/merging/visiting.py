"""The schedule as it is to be, drafted event by event from decisions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from redcap_iac.calls import Key
from redcap_iac.kinds.arms import Arm
from redcap_iac.kinds.designations import Designation
from redcap_iac.kinds.events import Event
from redcap_iac.kinds.events.event import OFFSETS
from redcap_iac.kinds.repeating.repeat import Repeat
from redcap_iac.merging.deciding import Decided, key_text
from redcap_iac.merging.order import place_of
from redcap_iac.merging.schedule import Wanted, WantedArm
from redcap_iac.merging.sides import Sides
from redcap_iac.merging.verdict import Decision, Verdict
from redcap_iac.state import State

#: The aspects of an event by the key they stand under.
_ASPECTS = {
    "name": "name",
    "custom label": "custom_label",
    "day offset": "day_offset",
    "offset min": "offset_min",
    "offset max": "offset_max",
}


@dataclass(frozen=True, slots=True)
class Visits:
    """The arms there are to be, those that go, and the repeats of a classic project.

    `classic` is None where nothing of them changes.
    """

    arms: tuple[WantedArm, ...]
    gone: tuple[int, ...]
    classic: object | None


def visits(sides: Sides, decided: Decided, forms: Sequence[str]) -> Visits:
    """Return the schedule that the decisions make; `forms` are the instruments there will be."""
    return _Visiting(sides, decided, forms).visits()


class _Visiting:
    def __init__(self, sides: Sides, decided: Decided, forms: Sequence[str]) -> None:
        self._sides = sides
        self._forms = frozenset(forms) if "fields" in sides.files else None
        self._taken = [
            one
            for one in decided.of(Verdict.TAKE)
            if one.kind in ("arms", "events", "designations", "repeating")
        ]
        self._live_events = {key_text(e.unique_name): e for e in _events(sides.live)}

    def visits(self) -> Visits:
        declared = _arms(self._sides.files)
        live = {arm.number: arm for arm in _arms(self._sides.live)}
        whole = {one.key: one for one in self._taken if one.kind == "arms" and one.whole}
        named = {one.key for one in self._taken if one.kind == "arms" and not one.whole}
        found = [
            WantedArm(
                arm.number,
                live[arm.number].name if str(arm.number) in named else None,
                tuple(self._events(arm.number)),
            )
            for arm in declared
            if str(arm.number) not in whole
        ]
        order = [str(number) for number in sorted(live)]
        for key, one in sorted(whole.items(), key=lambda pair: int(pair[0])):
            if one.live is not None:
                arm = live[int(key)]
                events = tuple(self._events(arm.number))
                there = [str(known.number) for known in found]
                new = WantedArm(arm.number, arm.name, events, is_new=True)
                found.insert(place_of(key, there, order), new)
        gone = tuple(int(key) for key, one in whole.items() if one.live is None)
        return Visits(tuple(found), gone, self._classic())

    def _classic(self) -> object | None:
        if not any(one.kind == "repeating" and not self._on(one) for one in self._taken):
            return None
        return _short(self._repeats(""))

    def _on(self, one: Decision) -> str:
        """Return the event a decision is about, "" for none."""
        return next((key for kind, key in one.within if kind == "events"), "")

    def _events(self, arm: int) -> Iterator[Wanted]:
        """Yield the events of an arm, new ones behind their neighbour in REDCap."""
        whole = {one.key: one for one in self._taken if one.kind == "events" and one.whole}
        declared = [event for event in _events(self._sides.files) if event.arm == arm]
        originals = [event for event in _events(self._sides.desired.state) if event.arm == arm]
        found: dict[str, Wanted] = {}
        for number, (event, original) in enumerate(zip(declared, originals, strict=True)):
            key = key_text(event.unique_name)
            if key not in whole:
                found[key] = self._declared(key, number, event, original)
        order = list(found)
        live = [key for key, event in self._live_events.items() if event.arm == arm]
        for key in live:
            if key in whole:
                order.insert(place_of(key, order, live), key)
                found[key] = self._whole(self._live_events[key])
        yield from (found[key] for key in order)

    def _whole(self, event: Event) -> Wanted:
        return Wanted(self._drafted(event, event))

    def _declared(self, key: str, number: int, event: Event, original: Event) -> Wanted:
        places = {
            _ASPECTS[one.place]
            for one in self._taken
            if one.kind == "events" and one.key == key and one.place in _ASPECTS
        }
        merged = original
        there = self._live_events.get(key)
        drafted = self._drafted(merged, event)
        changed = [word for word in _ASPECTS.values() if word in places]
        if there is not None:
            new = self._drafted(there, event)
            for word in changed:
                drafted.pop(word, None)
                if word in new:
                    drafted[word] = new[word]
            renamed = "name" in places
            stale = original.declared_name not in ("", str(there.unique_name))
            if stale and (renamed or changed):
                drafted["unique_name"] = str(there.unique_name)
                changed.append("unique_name")
            if renamed and not self._is_declared(original.name, event):
                drafted["renamed_from"] = original.name
                changed.append("renamed_from")
        on_it = {one.kind for one in self._taken if self._on(one) == key}
        if "designations" in on_it:
            changed.append("instruments")
        if "repeating" in on_it:
            changed.append("repeat")
        return Wanted(drafted, tuple(changed), number)

    def _is_declared(self, name: str, but: Event) -> bool:
        """Tell whether another event of the arm has a name in REDCap."""
        return any(
            one.name.strip() == name.strip() and one.arm == but.arm
            for one in self._live_events.values()
        )

    def _drafted(self, event: Event, keyed: Event) -> dict[str, object]:
        """Return an event as the manifest writes it, with what is on the event `keyed`."""
        drafted: dict[str, object] = {"name": event.name}
        unique = event.declared_name or (
            event.unique_name if isinstance(event.unique_name, str) else ""
        )
        if unique:
            drafted["unique_name"] = unique
        if event.custom_label:
            drafted["custom_label"] = event.custom_label
        for name in OFFSETS:
            value = getattr(event, name)
            if value is not None:
                drafted[name] = _number(value)
        if event.renamed_from:
            drafted["renamed_from"] = event.renamed_from
        if "designations" in self._sides.files:
            drafted["instruments"] = self._instruments(keyed.unique_name)
        if "repeating" in self._sides.files:
            repeat = _short(self._repeats(keyed.unique_name))
            if repeat is not None:
                drafted["repeat"] = repeat
        return drafted

    def _instruments(self, event: Key) -> list[str]:
        """Return the instruments designated to an event, the files' own first."""
        names = [i.instrument for i in _designations(self._sides.files) if i.event == event]
        for one in self._taken:
            if one.kind == "designations" and self._on(one) == key_text(event):
                name = _instrument(one)
                if one.live is None:
                    names = [other for other in names if other != name]
                elif name not in names:
                    names.append(name)
        return [name for name in names if self._is_there(name)]

    def _repeats(self, event: Key) -> Mapping[str, str]:
        """Return what repeats on an event with its labels; "" is the event itself."""
        found = {i.instrument: i.label for i in _repeats(self._sides.files) if i.event == event}
        live = {i.instrument: i.label for i in _repeats(self._sides.live) if i.event == event}
        for one in self._taken:
            if one.kind == "repeating" and self._on(one) == (
                "" if event == "" else key_text(event)
            ):
                name = _instrument(one)
                if name in live:
                    found[name] = live[name]
                else:
                    found.pop(name, None)
        return {name: label for name, label in found.items() if not name or self._is_there(name)}

    def _is_there(self, instrument: str) -> bool:
        return self._forms is None or instrument in self._forms


def _instrument(one: Decision) -> str:
    return next((key for kind, key in one.within if kind == "instruments"), "")


def _short(repeats: Mapping[str, str]) -> object | None:
    """Return repeats as the manifest writes them, None where there are none."""
    if not repeats:
        return None
    if "" in repeats:
        return True
    return dict(repeats) if any(repeats.values()) else list(repeats)


def _number(text: str) -> object:
    try:
        return float(text) if "." in text else int(text)
    except ValueError:
        return text


def _arms(state: State) -> list[Arm]:
    return [item for item in state.kinds.get("arms", ()) if isinstance(item, Arm)]


def _events(state: State) -> list[Event]:
    return [item for item in state.kinds.get("events", ()) if isinstance(item, Event)]


def _designations(state: State) -> list[Designation]:
    return [i for i in state.kinds.get("designations", ()) if isinstance(i, Designation)]


def _repeats(state: State) -> list[Repeat]:
    return [item for item in state.kinds.get("repeating", ()) if isinstance(item, Repeat)]
