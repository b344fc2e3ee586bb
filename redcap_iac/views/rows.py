"""Changes → rows under headings: what belongs to one object stands in one row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rich.text import Text

from redcap_iac.changes import Aspect
from redcap_iac.plan import Plan, PlannedChange
from redcap_iac.views import differences
from redcap_iac.views.differences import ADDED, REMOVED
from redcap_iac.views.printable import printable
from redcap_iac.views.summary import words

SYMBOLS = {"create": "+", "update": "~", "delete": "-", "rename": "→"}
#: What is said of a change or an aspect that somebody made otherwise in REDCap itself.
OUTSIDE = "← undoes what was done outside"
_LAST = ("schedule", "access", "project")


@dataclass(slots=True)
class Row:
    """One object: its action, its name, in words what comes or goes, part by part what differs.

    `parts` pair the name of an aspect ("" for none) with its lines; `changes` are what it shows.
    """

    action: str
    label: str
    words: list[str] = field(default_factory=list)
    parts: list[tuple[str, tuple[Text, ...]]] = field(default_factory=list)
    changes: list[PlannedChange] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its rows: an instrument, then the schedule, access, the project.

    `action` is what happens to the instrument itself: `create`, `delete` or "".
    """

    title: str
    rows: tuple[Row, ...]
    action: str = ""

    @property
    def actions(self) -> tuple[str, ...]:
        """What happens, once for each object, the instrument's own included."""
        own = (self.action,) if self.action else ()
        return (*own, *(row.action for row in self.rows))


def sections(plan: Plan) -> tuple[Section, ...]:
    """Return instruments in the order of the plan, then schedule, access and project."""
    instruments: dict[str, list[PlannedChange]] = {}
    others: dict[str, list[PlannedChange]] = {name: [] for name in _LAST}
    for change in plan.changes:
        if change.unit == "fields":
            instruments.setdefault(change.group, []).append(change)
        else:
            others.setdefault(change.group, []).append(change)
    found = [_instrument_section(name, changes) for name, changes in instruments.items()]
    makers = {"schedule": _schedule, "access": _access}
    found += [
        Section(name, makers.get(name, _plain)(changes))
        for name, changes in others.items()
        if changes
    ]
    return tuple(found)


def _instrument_section(name: str, changes: Sequence[PlannedChange]) -> Section:
    own = [
        change
        for change in changes
        if change.address.startswith("instrument/") and change.action in ("create", "delete")
    ]
    rows = _plain(change for change in changes if not any(change is one for one in own))
    return Section(printable(name), rows, own[0].action if own else "")


def _plain(changes: Iterable[PlannedChange]) -> tuple[Row, ...]:
    return tuple(_row(change) for change in changes)


def _row(change: PlannedChange) -> Row:
    row = Row(change.action, printable(change.label), changes=[change])
    if change.action == "create":
        row.words += words(change)
    else:
        row.parts += _parts(change.aspects)
    _mark(row, change)
    return row


def _mark(row: Row, change: PlannedChange) -> None:
    """Say of what undoes outside work that it does; aspects of mixed origin say it themselves."""
    if change.origin == "outside" or (change.origin == "both" and not change.aspects):
        if row.words:
            row.words.append(OUTSIDE)
        else:
            row.parts.append(("", (Text(OUTSIDE, "magenta"),)))


def _parts(aspects: Sequence[Aspect]) -> list[tuple[str, tuple[Text, ...]]]:
    # a setting has one aspect, `value`: its name is the setting's own
    mixed = len({aspect.origin for aspect in aspects}) > 1
    return [
        (
            "" if aspect.name == "value" else printable(aspect.name),
            (*differences.lines(aspect), *_undoing(aspect, mixed=mixed)),
        )
        for aspect in aspects
    ]


def _undoing(aspect: Aspect, *, mixed: bool) -> tuple[Text, ...]:
    return (Text(OUTSIDE, "magenta"),) if mixed and aspect.origin == "outside" else ()


def _access(changes: Sequence[PlannedChange]) -> tuple[Row, ...]:
    """One row for a person: the user, their role and their DAG."""
    rows: dict[str, Row] = {}
    for change in changes:
        person = "/".join(change.address.split("/")[:2])
        row = rows.get(person)
        if row is None:
            rows[person] = _row(change)
            continue
        row.changes.append(change)
        if row.action == "create" and change.after is not None:
            row.words += words(change)
        elif change.action != "delete":
            row.parts += _parts(change.aspects or _aspects_of(change))
    return tuple(rows.values())


def _aspects_of(change: PlannedChange) -> tuple[Aspect, ...]:
    return tuple(Aspect(name, "", value) for name, value in change.after or ())


def _schedule(changes: Sequence[PlannedChange]) -> tuple[Row, ...]:
    """One row for an event: itself, its instruments and what repeats on it."""
    rows: dict[str, Row] = {}
    for change in changes:
        event = _event_of(change)
        row = rows.get(event) if event else None
        if not event:
            rows[_place(change)] = _row(change)
        elif row is None:
            rows[event] = Row("update", printable(event), changes=[change])
        else:
            row.changes.append(change)
            if row.action == "create":
                _add_to_visit(row, _instrument(change))
    for row in rows.values():
        on_it = tuple(_visit([change for change in row.changes if _event_of(change)]))
        if on_it and row.action == "delete":
            row.parts.append(("", on_it))
        elif on_it and row.action != "create":
            row.parts.append(("instruments" if row.parts else "", on_it))
    return tuple(rows.values())


def _place(change: PlannedChange) -> str:
    """Return what the row of a change is known by: an event's label, else the address."""
    return change.label if change.unit == "events" else change.address


def _add_to_visit(row: Row, word: str) -> None:
    """Add `vitals`; `vitals repeats` becomes `vitals (repeating)` where vitals is there already."""
    instrument = word.removesuffix(" repeats")
    if instrument != word and instrument in row.words:
        row.words[row.words.index(instrument)] = f"{instrument} (repeating)"
    else:
        row.words.append(word)


def _event_of(change: PlannedChange) -> str:
    """Return the event a designation or repeat belongs to: `Week 4 (arm 1)`, or a unique name."""
    if change.unit not in ("designations", "repeating"):
        return ""
    return change.label.partition(" on ")[2]


def _instrument(change: PlannedChange) -> str:
    """Return a designation or repeat as a word: `vitals`, `adverse_events repeats`."""
    return printable(change.label.partition(" on ")[0])


def _visit(changes: Sequence[PlannedChange]) -> Iterable[Text]:
    come = [_instrument(change) for change in changes if change.action == "create"]
    gone = [_instrument(change) for change in changes if change.action == "delete"]
    if come:
        yield Text("+ " + ", ".join(come), ADDED)
    if gone:
        yield Text("- " + ", ".join(gone), REMOVED)
    for change in changes:
        for aspect in change.aspects:
            for line in differences.lines(aspect):
                yield Text.assemble(
                    "~ ", f"{_instrument(change)}, {printable(aspect.name)}  ", line
                )
