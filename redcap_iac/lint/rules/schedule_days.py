"""LO: the days on which events are due."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from redcap_iac.design import Design, Visit
from redcap_iac.findings import Severity
from redcap_iac.lint.rule import Found, rule
from redcap_iac.lint.rules.visits import at_visit, by_arm, due, is_scheduled
from redcap_iac.lint.settings import Settings

Due = tuple[float, float, float]


@rule("LO006", Severity.NOTE)
def due_on_one_day(design: Design, _settings: Settings) -> Iterator[Found]:
    """Two events of an arm are due on the same day.

    Why: REDCap orders events by their days, and those of one day by name (inferred): their order is
    not the one written, and renaming one may change it.

    Bad:
        arms:
          - number: 1
            events: [{name: Screening, day_offset: 0}, {name: Baseline, day_offset: 0}]
    Good:
        arms:
          - number: 1
            events: [{name: Screening, day_offset: 0}, {name: Baseline, day_offset: 1}]
    Instead: Give each its own day; a window (`offset_min`, `offset_max`) says what is in time.
    """
    for visits in _scheduled(design):
        first: dict[float, Visit] = {}
        for visit, (day, _, _) in visits:
            other = first.setdefault(day, visit)
            if other is not visit:
                yield at_visit(
                    design,
                    visit,
                    f'is due on day {day:g}, as is "{other.name.strip()}"',
                    "Give each its own day.",
                )


@rule("LO010", Severity.WARNING)
def days_out_of_order(design: Design, _settings: Settings) -> Iterator[Found]:
    """An event is due before the one that stands before it.

    Why: REDCap orders events by their days (inferred): what is written here is not the order on
    the record's page, nor the one `[previous-event-name]` goes by. Or a day is wrong, and the
    calendar schedules the visit on it.

    Bad:
        arms:
          - number: 1
            events: [{name: Week 4, day_offset: 28}, {name: Week 8, day_offset: 5}]
    Good:
        arms:
          - number: 1
            events: [{name: Week 4, day_offset: 28}, {name: Week 8, day_offset: 56}]
    Instead: Correct the day, or put the events in the order of their days.
    """
    for visits in _scheduled(design):
        for (before, (earlier, _, _)), (visit, (day, _, _)) in pairwise(visits):
            if day < earlier:
                yield at_visit(
                    design,
                    visit,
                    f'is due on day {day:g}, and stands after "{before.name.strip()}" of day'
                    f" {earlier:g}",
                    "Correct the day, or put them in the order of their days.",
                )


@rule("LO011", Severity.NOTE)
def days_without_scheduling(design: Design, _settings: Settings) -> Iterator[Found]:
    """Windows around the days of events are set, and the scheduling module is off.

    Why: Without the module REDCap shows no days and no windows (recorded), and nothing of them is
    compared or checked.

    Bad:
        project: {scheduling: false}
        arms: [{number: 1, events: [{name: Week 4, day_offset: 28, offset_max: 3}]}]
    Good:
        project: {scheduling: true}
        arms: [{number: 1, events: [{name: Week 4, day_offset: 28, offset_max: 3}]}]
    Instead: `project: {scheduling: true}`, or leave the days out.
    """
    if is_scheduled(design):
        return
    for visit in design.visits:
        days = due(visit.event)
        if days is not None and days[1] != days[2]:
            yield at_visit(
                design,
                visit,
                f"is in time from day {days[1]:g} to {days[2]:g}, and the scheduling module is off",
                "Write `scheduling: true` under `project:`, or leave the days out.",
            )


@rule("LO012", Severity.NOTE)
def windows_overlap(design: Design, _settings: Settings) -> Iterator[Found]:
    """The window of an event reaches into that of the next one.

    Why: A visit on such a day is in time for both, and nobody can tell which one it was.

    Bad:
        arms:
          - number: 1
            events:
              - {name: Week 1, day_offset: 7, offset_max: 5}
              - {name: Week 2, day_offset: 14, offset_min: 5}
    Good:
        arms:
          - number: 1
            events:
              - {name: Week 1, day_offset: 7, offset_max: 3}
              - {name: Week 2, day_offset: 14, offset_min: 3}
    Instead: Make the windows narrower, or the distance between the days longer.
    """
    for visits in _scheduled(design):
        for (before, (earlier, _, last)), (visit, (day, first, _)) in pairwise(visits):
            if earlier < day and first <= last:
                yield at_visit(
                    design,
                    visit,
                    f'is in time from day {first:g}, and "{before.name.strip()}" until day'
                    f" {last:g}",
                    "Make the windows narrower.",
                )


def _scheduled(design: Design) -> Iterator[list[tuple[Visit, Due]]]:
    """Yield for each arm its events whose day is known, with their days."""
    if not is_scheduled(design):
        return
    for visits in by_arm(design):
        known = ((visit, due(visit.event)) for visit in visits)
        yield [(visit, days) for visit, days in known if days is not None]
