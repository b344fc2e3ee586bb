"""The schedule of events: arms × events × instruments, as the page that designates them."""

from __future__ import annotations

from dataclasses import dataclass

from redcap_iac.design import Design, Visit
from redcap_iac.views.docs.links import anchor_of_form, titles_of_forms
from redcap_iac.views.printable import printable


@dataclass(frozen=True, slots=True)
class Column:
    """An event: its name, what REDCap calls it, when it is due, whether all of it repeats."""

    name: str
    unique_name: str
    when: str
    repeats: bool


@dataclass(frozen=True, slots=True)
class Line:
    """An instrument and how it stands on each event: "", `once`, `repeats`."""

    name: str
    anchor: str
    cells: tuple[str, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """One arm."""

    title: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]


def schedule(design: Design) -> tuple[Grid, ...]:
    """Return a grid an arm; none for a classic project."""
    names = {arm.number: arm.name for arm in design.arms}
    numbers = sorted({visit.arm for visit in design.visits})
    titles = titles_of_forms(design)
    grids = []
    for number in numbers:
        visits = [visit for visit in design.visits if visit.arm == number]
        rows = tuple(_line(name, titles[name], visits) for name in design.instruments)
        name = printable(names.get(number, ""))
        title = f"Arm {number}: {name}" if name else f"Arm {number}"
        grids.append(Grid(title, tuple(map(_column, visits)), rows))
    return tuple(grids)


def repeating(design: Design) -> tuple[tuple[str, str], ...]:
    """Return the repeating instruments of a classic project with the label of their instances."""
    return tuple(
        (printable(one.instrument), printable(one.label))
        for one in design.repeats
        if one.instrument and not design.is_longitudinal
    )


def _column(visit: Visit) -> Column:
    event = visit.event
    when = f"day {event.day_offset}" if event.day_offset else ""
    if when and (event.offset_min or event.offset_max):
        when += f" (−{(event.offset_min or '0').lstrip('-')}/+{event.offset_max or '0'})"
    guessed = " (expected)" if visit.is_predicted else ""
    return Column(
        printable(visit.name), f"{printable(visit.unique_name)}{guessed}", when, visit.repeats_whole
    )


def _line(name: str, title: str, visits: list[Visit]) -> Line:
    cells, labels = [], []
    for visit in visits:
        there = name in visit.instruments
        cells.append("" if not there else "repeats" if visit.repeats(name) else "once")
        labels.append(printable(visit.repeating.get(name, "")) if there else "")
    return Line(title, anchor_of_form(name), tuple(cells), tuple(labels))
