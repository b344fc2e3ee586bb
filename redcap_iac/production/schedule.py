"""The schedule in plain words, as it is and as it is to be: for people and for the proof.

Names that only the server makes stand nowhere in it, so that what is not made yet can be compared
with what is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from redcap_iac.kinds import kind_named
from redcap_iac.kinds.kind import Kind
from redcap_iac.state import State

UNITS = ("longitudinal", "arms", "events", "designations", "repeating")


@dataclass(frozen=True, slots=True)
class Part:
    """One unit of the schedule in sentences, sorted: as it was live, as the package wants it."""

    unit: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a part has come: what is still to be made, to be taken away, and what is foreign."""

    missing: tuple[str, ...]
    surplus: tuple[str, ...]
    foreign: tuple[str, ...]

    @property
    def is_done(self) -> bool:
        """Tell whether the part is as the package wants it."""
        return not (self.missing or self.surplus or self.foreign)


def parts(final: State, live: State) -> tuple[Part, ...]:
    """Return the units of the schedule that a package changes."""
    both = ((unit, said(live, unit), said(final, unit)) for unit in UNITS)
    return tuple(Part(unit, before, after) for unit, before, after in both if before != after)


def standing(part: Part, state: State) -> Standing:
    """Hold a part against what is live now; foreign is what neither state has or both had."""
    now = set(said(state, part.unit))
    before, after = set(part.before), set(part.after)
    return Standing(
        missing=tuple(sorted(after - now - (before & after))),
        surplus=tuple(sorted((now & before) - after)),
        foreign=tuple(sorted((now - before - after) | ((before & after) - now))),
    )


def said(state: State, unit: str) -> tuple[str, ...]:
    """Return a unit of a state in sentences, sorted."""
    events = _items(state, "events")
    names = {item.unique_name: f"{item.name.strip()} (arm {item.arm})" for item in events}
    return tuple(sorted(_SAID[unit](state, names)))


def _longitudinal(state: State, _: Mapping[object, str]) -> Iterator[str]:
    for item in _items(state, "project"):
        if item.name == "is_longitudinal":
            yield "the project is longitudinal" if item.value == "1" else "the project is classic"


def _arms(state: State, _: Mapping[object, str]) -> Iterator[str]:
    for item in _items(state, "arms"):
        yield f"arm {item.number}: {item.name.strip()}"


def _events(state: State, names: Mapping[object, str]) -> Iterator[str]:
    kind: Kind[Any] = kind_named("events")
    for item in _items(state, "events"):
        rest = "".join(
            f", {name} {value}" for name, value in kind.normal(item) if name not in ("name", "arm")
        )
        yield f"{names[item.unique_name]}{rest}"


def _designations(state: State, names: Mapping[object, str]) -> Iterator[str]:
    for item in _items(state, "designations"):
        yield f"{item.instrument} on {names.get(item.event, item.event)}"


def _repeating(state: State, names: Mapping[object, str]) -> Iterator[str]:
    for item in _items(state, "repeating"):
        where = f" on {names.get(item.event, item.event)}" if item.event else ""
        label = f', instances named "{item.label}"' if item.label else ""
        yield f"{item.instrument or 'the whole event'} repeats{where}{label}"


_SAID = {
    "longitudinal": _longitudinal,
    "arms": _arms,
    "events": _events,
    "designations": _designations,
    "repeating": _repeating,
}


def _items(state: State, kind: str) -> tuple[Any, ...]:
    return state.kinds.get(kind, ())
