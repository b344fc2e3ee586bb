"""Where a value stands in a record: event, repeating instrument, instance."""

from __future__ import annotations

import re
from dataclasses import dataclass

from redcap_iac.design import Design, Visit
from redcap_iac.suggestions import nearest_or_all

#: The greatest number an instance has; REDCap keeps it in two bytes (inferred).
LAST_INSTANCE = 32_767
_MOST_DIGITS = 6
_NUMBER = re.compile(r"[-+]?\d+", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A row of a record.

    `event` is "" in a classic project, `instrument` "" outside a repeating instrument, `instance`
    1 where nothing repeats. Written as scenario files write it: `week_4_arm_1/adverse_events/2`.
    """

    event: str = ""
    instrument: str = ""
    instance: int = 1

    def __str__(self) -> str:
        parts = [self.event, self.instrument]
        repeats = self.instrument or self.instance > 1
        parts += [str(self.instance)] if repeats else []
        return "/".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Page:
    """An instrument opened at a place."""

    place: Place
    instrument: str

    def __str__(self) -> str:
        if self.place.instrument or not self.place.event:
            return str(self.place) or self.instrument
        return f"{self.place}/{self.instrument}"


@dataclass(frozen=True, slots=True)
class Misplaced:
    """Why a text names no place of a design, and what to do."""

    message: str
    advice: str = ""


def read_place(text: str, design: Design) -> tuple[Place, str] | Misplaced:
    """Return the place a text names and the one instrument it names there, "" for all.

    `week_4_arm_1`, `week_4_arm_1/vitals`, `week_4_arm_1/adverse_events/2`, `unscheduled_arm_1/3`;
    in a classic project `night/2` or `intake`.
    """
    parts = [part.strip() for part in text.split("/")]
    number = parts.pop() if len(parts) > 1 and _NUMBER.fullmatch(parts[-1]) else ""
    if number and not 1 <= int(number[:_MOST_DIGITS]) <= LAST_INSTANCE:
        return Misplaced(
            f"`{text}` has instance {number[:20]}; instances count from 1 to {LAST_INSTANCE}."
        )
    instance = int(number) if number else 1
    if not design.is_longitudinal:
        if len(parts) > 1:
            return Misplaced(
                f"`{text}` names an event, and this project has none.",
                "Write `instrument` or `instrument/2`.",
            )
        return _classic(parts[0], instance, text, design)
    visit = design.visit(parts[0])
    if visit is None:
        names = (one.unique_name for one in design.visits)
        return Misplaced(f"There is no event `{parts[0]}`.", nearest_or_all(parts[0], names))
    if len(parts) > 2:
        return Misplaced(f"`{text}` has too many parts.", "Write `event/instrument/2`.")
    if len(parts) == 1:
        if number and not visit.repeats_whole:
            return Misplaced(f"The event {visit.unique_name} does not repeat.")
        return Place(visit.unique_name, "", instance), ""
    return _at_visit(parts[1], instance, bool(number), visit, design)


def _classic(name: str, instance: int, text: str, design: Design) -> tuple[Place, str] | Misplaced:
    instrument = name.lower()
    if instrument not in design.by_instrument:
        return Misplaced(
            f"There is no instrument `{name}`.", nearest_or_all(name, design.instruments)
        )
    if design.repeats_somewhere(instrument):
        return Place("", instrument, instance), instrument
    if "/" in text:
        return Misplaced(f"The instrument {instrument} does not repeat.")
    return Place(), instrument


def _at_visit(
    name: str, instance: int, is_numbered: bool, visit: Visit, design: Design
) -> tuple[Place, str] | Misplaced:
    instrument = name.lower()
    here = instruments_at(visit.unique_name, design)
    if instrument not in here:
        known = instrument in design.by_instrument
        what = f"is not on the event {visit.unique_name}" if known else "does not exist"
        return Misplaced(f"The instrument `{name}` {what}.", nearest_or_all(name, here))
    if instrument in visit.repeating:
        return Place(visit.unique_name, instrument, instance), instrument
    if is_numbered and not visit.repeats_whole:
        return Misplaced(f"The instrument {instrument} does not repeat on {visit.unique_name}.")
    return Place(visit.unique_name, "", instance), instrument


def instruments_at(event: str, design: Design) -> tuple[str, ...]:
    """Return the instruments of an event in order; all where the design does not say."""
    visit = design.visit(event)
    if visit is None or not design.knows_designations:
        return design.instruments
    there = set(visit.instruments)
    return tuple(name for name in design.instruments if name in there)


def pages_at(place: Place, design: Design) -> tuple[Page, ...]:
    """Return the pages of a place in order: one in a repeating instrument, else all the others."""
    if place.instrument:
        return (Page(place, place.instrument),)
    visit = design.visit(place.event)
    return tuple(
        Page(place, name)
        for name in instruments_at(place.event, design)
        if not (name in visit.repeating if visit else design.repeats_somewhere(name))
    )


def home_of(instrument: str, near: Place, design: Design) -> Place | None:
    """Return where an instrument's values stand as seen from a place; None when not there.

    The same instance where it repeats alike, the first instance elsewhere.
    """
    if instrument not in instruments_at(near.event, design):
        return None
    visit = design.visit(near.event)
    repeats = instrument in visit.repeating if visit else design.repeats_somewhere(instrument)
    if repeats:
        return near if near.instrument == instrument else Place(near.event, instrument)
    return near if not near.instrument else Place(near.event)
