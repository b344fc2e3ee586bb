"""Changes → rows under headings: what belongs to one object stands in one row.

Where a base told work done outside from one's own, every row says which it is; what is of both
says it part by part.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from rich.text import Text

from redcap_iac.changes import Aspect
from redcap_iac.plan import Plan, PlannedChange
from redcap_iac.views import differences
from redcap_iac.views.differences import ADDED, REMOVED
from redcap_iac.views.printable import printable
from redcap_iac.views.summary import words

SYMBOLS = {"create": "+", "update": "~", "delete": "-", "rename": "→"}
#: What is said of a change or an aspect, by its origin.
OUTSIDE = "← undoes what was done outside"
_SAID = {
    "yours": "← yours",
    "outside": OUTSIDE,
    "both": "← yours, and undoes what was done outside",
}
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
    if not any(change.origin in ("outside", "both") for change in plan.changes):
        # all of it is one's own, as the line about the base says once
        plan = replace(plan, changes=tuple(replace(c, origin="") for c in plan.changes))
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
        row.parts += _parts(change.aspects, told=_is_mixed([change]))
    if not _is_mixed([change]):
        _mark(row, change.origin)
    return row


def _mark(row: Row, origin: str) -> None:
    """Say of a whole row whose work it is."""
    if origin not in _SAID:
        return
    if row.words:
        row.words.append(_SAID[origin])
    else:
        row.parts.append(("", (_marking(origin),)))


def _marking(origin: str) -> Text:
    return Text(_SAID[origin], "magenta" if origin != "yours" else "dim")


def _is_mixed(changes: Sequence[PlannedChange]) -> bool:
    """Tell whether what makes up a row is of several origins."""
    found = {a.origin or c.origin for c in changes for a in c.aspects}
    return len(found | {c.origin for c in changes if not c.aspects}) > 1


def _parts(aspects: Sequence[Aspect], *, told: bool) -> list[tuple[str, tuple[Text, ...]]]:
    """Return what differs, and whose work each aspect is where that is to be told."""
    # a setting has one aspect, `value`: its name is the setting's own
    return [
        (
            "" if aspect.name == "value" else printable(aspect.name),
            (
                *differences.lines(aspect),
                *([_marking(aspect.origin)] if told and aspect.origin in _SAID else []),
            ),
        )
        for aspect in aspects
    ]


def _access(changes: Sequence[PlannedChange]) -> tuple[Row, ...]:
    """One row for a person: the user, their role and their DAG."""
    people: dict[str, list[PlannedChange]] = {}
    for change in changes:
        people.setdefault("/".join(change.address.split("/")[:2]), []).append(change)
    return tuple(map(_person, people.values()))


def _person(changes: Sequence[PlannedChange]) -> Row:
    first, *others = changes
    if not others:
        return _row(first)
    mixed = _is_mixed(changes)
    row = Row(first.action, printable(first.label), changes=list(changes))
    for change in changes:
        if row.action == "create" and change.after is not None:
            row.words += words(change)
            row.words += [_SAID[change.origin]] if mixed and change.origin in _SAID else []
        elif change is first:
            row.parts += _parts(change.aspects, told=mixed)
        elif change.action != "delete":
            row.parts += _parts(change.aspects or _aspects_of(change), told=mixed)
    if not mixed:
        _mark(row, first.origin)
    return row


def _aspects_of(change: PlannedChange) -> tuple[Aspect, ...]:
    return tuple(Aspect(name, "", value, change.origin) for name, value in change.after or ())


def _schedule(changes: Sequence[PlannedChange]) -> tuple[Row, ...]:
    """One row for an event: itself, its instruments and what repeats on it."""
    rows: dict[str, list[PlannedChange]] = {}
    for change in changes:
        place = _event_of(change) or _place(change)
        if not _event_of(change) and any(not _event_of(one) for one in rows.get(place, ())):
            place = change.address  # one event goes, another of its name comes
        rows.setdefault(place, []).append(change)
    return tuple(_event(name, found) for name, found in rows.items())


def _event(name: str, changes: Sequence[PlannedChange]) -> Row:
    own = next((change for change in changes if not _event_of(change)), None)
    on_it = [change for change in changes if _event_of(change)]
    if own is None:
        row = Row("update", printable(name), changes=list(changes))
    elif not on_it:
        return _row(own)
    else:
        row = Row(own.action, printable(own.label), changes=list(changes))
    mixed = _is_mixed(changes)
    if own is not None and own.action == "create":
        row.words += words(own)
        for change in on_it:
            _add_to_visit(row, _instrument(change))
    elif own is not None:
        row.parts += _parts(own.aspects, told=mixed)
        if mixed and own.action == "rename" and not own.aspects and own.origin in _SAID:
            row.parts.append(("", (_marking(own.origin),)))
    if row.action != "create":
        visit = tuple(_visits(on_it, told=mixed))
        named = row.action != "delete" and bool(row.parts)
        row.parts.append(("instruments" if named else "", visit))
    if mixed and row.action in ("create", "delete"):
        _mark(row, "both")
    elif not mixed:
        _mark(row, changes[0].origin)
    return row


def _visits(changes: Sequence[PlannedChange], *, told: bool) -> Iterator[Text]:
    """Yield what comes to a visit and goes, by whose work it is where that is to be told."""
    origins = dict.fromkeys(change.origin for change in changes) if told else {"": None}
    for origin in origins:
        yield from _visit([one for one in changes if not told or one.origin == origin])
        if origin in _SAID:
            yield _marking(origin)


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
