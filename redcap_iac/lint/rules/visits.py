"""Events as rules speak of them: their places, their names in a sentence, the days they are due."""

from __future__ import annotations

import re
from collections.abc import Iterator

from redcap_iac.design import Design, Visit
from redcap_iac.kinds import kind_named
from redcap_iac.kinds.events.event import Event
from redcap_iac.lint.rule import Found

_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def at_visit(design: Design, visit: Visit, clause: str, advice: str = "") -> Found:
    """Return what is found at an event; the message goes on after `Event "Week 4"`."""
    said = f"Event {visit_named(design, visit)} {clause}."
    return Found(visit_address(visit), said, visit.event.at, advice)


def visit_address(visit: Visit) -> str:
    """Return `event/1/Week 4`."""
    kind = kind_named("events")
    return kind.address(visit.event)


def visit_named(design: Design, visit: Visit) -> str:
    """Return `"Week 4"`, with its arm where there are several."""
    name = f'"{visit.name.strip()}"'
    return f"{name} of arm {visit.arm}" if len(design.arms) > 1 else name


def by_arm(design: Design) -> Iterator[tuple[Visit, ...]]:
    """Yield the events of each arm in the order they stand in."""
    for number in dict.fromkeys(visit.arm for visit in design.visits):
        yield tuple(visit for visit in design.visits if visit.arm == number)


def due(event: Event) -> tuple[float, float, float] | None:
    """Return the day an event is due, and the first and last day still in time; None if unknown.

    The API gives the days before the due date with a minus, the page without (sources conflict).
    """
    texts = (event.day_offset, event.offset_min or "0", event.offset_max or "0")
    if not all(text is not None and _NUMBER.fullmatch(text.strip()) for text in texts):
        return None
    day, before, after = (float(str(text)) for text in texts)
    return day, day - abs(before), day + abs(after)


def is_scheduled(design: Design) -> bool:
    """Tell whether days of events mean anything: not where the scheduling module is off."""
    return design.setting("scheduling_enabled") != "0"
