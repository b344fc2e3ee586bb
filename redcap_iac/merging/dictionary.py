"""Decisions about fields and instruments → edits of the dictionary, wherever it is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from redcap_iac.differ import longest_rising
from redcap_iac.edits import (
    AddField,
    AddInstrument,
    Edit,
    MoveField,
    RemoveField,
    RemoveInstrument,
    RenameField,
    SetCell,
    SetInstrumentLabel,
)
from redcap_iac.kinds.dictionary import choices
from redcap_iac.kinds.dictionary.field import CHOICES, COLUMNS, Field
from redcap_iac.merging.deciding import Decided
from redcap_iac.merging.group import Group
from redcap_iac.merging.sides import Sides
from redcap_iac.merging.verdict import Decision, Verdict
from redcap_iac.state import State


def fields_of(state: State) -> dict[str, Field]:
    """Return the fields of a state by name, in order."""
    items = state.kinds.get("fields", ())
    return {one.field_name: one for one in items if isinstance(one, Field)}


@dataclass(frozen=True, slots=True)
class Target:
    """The dictionary there is to be: rows by name, names by instrument, both in order."""

    rows: Mapping[str, Field]
    forms: Mapping[str, Sequence[str]]


def target(sides: Sides, decided: Decided) -> Target:
    """Return the merged dictionary."""
    files, live = fields_of(sides.files), fields_of(sides.live)
    about: dict[str, list[Decision]] = {}
    for one in decided.of(Verdict.TAKE):
        if one.kind == "fields" and one.place != "order":
            about.setdefault(one.key, []).append(one)
    rows: dict[str, Field] = {}
    for name in {**files, **live}:
        taken = about.get(name, [])
        if any(one.whole for one in taken):
            if name in live:
                rows[name] = live[name]
        elif name in files:
            order = decided.orders.get(f"field/{name}")
            names = None if order is None else (order.names, order.verdict)
            rows[name] = _row(files[name], live.get(name), taken, names)
    forms: dict[str, list[str]] = {}
    for form in decided.forms.names:
        names_in = [
            n for n in decided.orders[form].names if n in rows and rows[n].form_name == form
        ]
        if names_in:
            forms[form] = names_in
    for one in decided.of(Verdict.TAKE):
        if one.kind == "instruments" and one.whole and one.live is not None:
            forms.setdefault(one.key, [])
    return Target(rows, forms)


def _row(
    mine: Field,
    theirs: Field | None,
    taken: Sequence[Decision],
    order: tuple[tuple[str, ...], Verdict] | None,
) -> Field:
    """Return the field of the files with what REDCap changed in it."""
    if theirs is None:
        return mine
    row = mine.row()
    row |= {one.place: getattr(theirs, one.place) for one in taken if not one.part}
    codes = {one.part for one in taken if one.part}
    if codes or (order is not None and order[1] is Verdict.TAKE):
        ours = dict(choices.parsed(getattr(mine, CHOICES)))
        there = dict(choices.parsed(getattr(theirs, CHOICES)))
        merged = {
            code: label
            for code in {**ours, **there}
            if (label := (there if code in codes else ours).get(code)) is not None
        }
        names = order[0] if order is not None else tuple(merged)
        pairs = tuple((code, merged[code]) for code in names if code in merged)
        if pairs == choices.parsed(getattr(theirs, CHOICES)):
            row[CHOICES] = getattr(theirs, CHOICES)
        elif pairs != choices.parsed(getattr(mine, CHOICES)):
            row[CHOICES] = choices.written(pairs)
    return Field.of(row)


def groups(sides: Sides, decided: Decided) -> Iterator[Group]:
    """Yield the edits that bring the dictionary about, what belongs together together."""
    wanted = target(sides, decided)
    declared = fields_of(sides.desired.state)
    renamed = sides.renamed.fields
    here = {renamed.get(name, name): one for name, one in declared.items()}
    for old, new in renamed.items():
        if old in declared:
            yield Group((("fields", new),), (RenameField(old, new, hint=True),))
    labels = [
        one
        for one in decided.of(Verdict.TAKE)
        if one.kind == "instruments" and one.part == "" and one.place == "label"
    ]
    for one in labels:
        yield Group((("instruments", one.key),), (SetInstrumentLabel(one.key, str(one.live)),))
    for name, row in wanted.rows.items():
        if name in here:
            cells = tuple(_cells(name, here[name], row))
            if cells:
                yield Group((("fields", name),), cells)
    structure = tuple(_structure(wanted, here, sides, decided))
    if structure:
        yield Group((("fields", "*"), ("instruments", "*")), structure)


def _cells(name: str, mine: Field, row: Field) -> Iterator[SetCell]:
    for column in COLUMNS:
        if column not in ("field_name", "form_name"):
            text = getattr(row, column)
            if text != getattr(mine, column):
                yield SetCell(name, column, text)


def _structure(
    wanted: Target, here: Mapping[str, Field], sides: Sides, decided: Decided
) -> Iterator[Edit]:
    """Yield what comes, goes and moves."""
    labels = {
        str(getattr(item, "name", "")): str(getattr(item, "label", ""))
        for item in sides.live.kinds.get("instruments", ())
    }
    before: dict[str, list[str]] = {
        str(getattr(item, "name", "")): []
        for item in sides.desired.state.kinds.get("instruments", ())
    }
    for name, one in here.items():
        before.setdefault(one.form_name, []).append(name)
    gone = {
        one.key
        for one in decided.of(Verdict.TAKE)
        if one.kind == "instruments" and one.whole and one.live is None
    }
    tabled = {name for name, one in here.items() if one.at and one.at.file.endswith(".csv")}
    staying = {
        name for name, one in here.items()
        if name in wanted.rows and wanted.rows[name].form_name == one.form_name
    }  # fmt: skip
    last: str | None = None
    for form, names in wanted.forms.items():
        if form not in before:
            again = [name for name in names if name in tabled]
            yield from (RemoveField(name) for name in again)
            rows = [wanted.rows[name] for name in names if name in again or name not in here]
            yield AddInstrument(
                form, labels.get(form, ""), tuple(one.row() for one in rows), last
            )  # fmt: skip
            staying |= {one.field_name for one in rows}
            before[form] = [one.field_name for one in rows]
        last = form
    for form, names in wanted.forms.items():
        yield from _places(before[form], names, staying, wanted, here)
    for form, names in before.items():
        if form not in gone or form in wanted.forms:
            yield from (RemoveField(name) for name in names if name not in wanted.rows)
        elif not set(names) <= tabled & wanted.rows.keys():
            yield RemoveInstrument(form)


def _places(
    before: Sequence[str],
    names: Sequence[str],
    staying: set[str],
    wanted: Target,
    here: Mapping[str, Field],
) -> Iterator[Edit]:
    """Yield the fields that come into an instrument or change their place in it."""
    place = {name: number for number, name in enumerate(before)}
    there = [name for name in names if name in staying]
    steady = longest_rising([place[name] for name in there])
    previous: str | None = None
    for name in names:
        if name in staying:
            if place[name] not in steady:
                yield MoveField(name, previous)
        elif name in here:
            yield MoveField(name, previous, wanted.rows[name].form_name)
        else:
            yield AddField(wanted.rows[name].row(), previous)
        previous = name
