"""Records made up at random for a design, and all that is stored or shown of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from redcap_iac.emulator import admin
from tests.emulator.served import Project
from tests.end_to_end.pairs import Design, id_field_of

Row = dict[str, str]
#: Values of text fields by validation; a field with another one is left blank.
VALUES = {
    "": ["x", "1", "y z", "12"],
    "integer": ["1", "7", "99"],
    "number": ["1.5", "3"],
    "date_ymd": ["2026-01-31"],
}


@dataclass(frozen=True, slots=True)
class Value:
    """One stored value and where it is."""

    record: str
    event: int
    instance: int
    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Contents:
    """The values of a project: all, and those that exports show; its events by id."""

    stored: frozenset[Value]
    shown: frozenset[Value]
    events: dict[int, tuple[int, str, str]]


def contents(project: Project) -> Contents:
    """Read the emulator's own tables, and what a full export shows."""
    tables = json.loads(admin.dump(project.emulator.store, project.project_id))
    events = {
        row["event_id"]: (row["arm_num"], row["name"], row["unique_name"])
        for row in tables["events"]
    }
    ids = {unique: number for number, (_, _, unique) in events.items()}
    first = min(events, key=lambda number: (events[number][0], number)) if events else 0
    stored = frozenset(
        Value(row["record"], row["event_id"], row["instance"], row["field_name"], row["value"])
        for row in tables["data"]
    )
    exported = project.rows("record", type="eav") if events else []
    files = {v.field for v in stored} & _of_type(tables, "file")
    places = {
        (
            str(row["record"]),
            ids.get(row.get("redcap_event_name", ""), first),
            int(row.get("redcap_repeat_instance") or 1),
            row["field_name"],
            "" if row["field_name"] in files else str(row["value"]),
        )
        for row in exported
    }
    shown = frozenset(
        v
        for v in stored
        if (v.record, v.event, v.instance, v.field, "" if v.field in files else v.value) in places
    )
    return Contents(stored, shown, events)


def _of_type(tables: dict[str, Any], kind: str) -> set[str]:
    return {row["field_name"] for row in tables["fields"] if row["field_type"] == kind}


def fill(project: Project, design: Design, chance: Random) -> None:
    """Import values into most of the places a design has; now and then a document."""
    known = project.rows("event") if "arms" in design else []
    names = {(row["arm_num"], row["event_name"]): row["unique_event_name"] for row in known}
    rows = list(_rows(design, names, chance))
    for row in rows:  # one by one: rows of several shapes do not go together
        project.post("record", action="import", data=json.dumps([row])).raise_for_status()
    _documents(project, design, rows, chance)


def _rows(design: Design, names: dict[tuple[int, str], str], chance: Random) -> Iterator[Row]:
    id_field = id_field_of(design)
    records = [str(number + 1) for number in range(chance.randint(1, 5))]
    for record in records:
        groups = ["", *(name.lower() for name in design.get("dags", ()))]
        dag = {"redcap_data_access_group": chance.choice(groups)} if len(groups) > 1 else {}
        if "arms" not in design:
            yield from _of_event(design, chance, {id_field: record}, None, dag)
            continue
        arm = chance.choice(design["arms"])
        for number, event in enumerate(arm["events"]):
            base = {
                id_field: record,
                "redcap_event_name": names[arm["number"], event["name"]],
            }
            yield from _of_event(design, chance, base, event, dag if number == 0 else {})


def _of_event(
    design: Design, chance: Random, base: Row, event: Design | None, dag: Row
) -> Iterator[Row]:
    forms = [form["instrument"] for form in design["instruments"]]
    on = forms if event is None else event["instruments"]
    repeat: Any = design.get("repeat", {}) if event is None else event.get("repeat", [])
    alone = [form for form in on if repeat is not True and form in repeat]
    rest = [form for form in on if form not in alone]
    for instance in _instances(chance) if repeat is True else [0]:
        where = {"redcap_repeat_instrument": "", "redcap_repeat_instance": str(instance)}
        row = {**base, **(where if instance else {}), **dag}
        for form in rest:
            row |= _values(design, form, chance)
        if len(row) > len(base) or not on:
            yield row
    for form in alone:
        for instance in _instances(chance):
            where = {"redcap_repeat_instrument": form, "redcap_repeat_instance": str(instance)}
            if values := _values(design, form, chance):
                yield {**base, **where, **values}


def _instances(chance: Random) -> list[int]:
    return chance.sample([1, 2, 3], chance.randint(1, 2))


def _values(design: Design, form: str, chance: Random) -> Row:
    if chance.random() < 0.25:
        return {}
    (fields,) = [one["fields"] for one in design["instruments"] if one["instrument"] == form]
    made: Row = {}
    for name, one in fields.items():
        if name != id_field_of(design) and chance.random() < 0.6:
            made |= _value(name, one, chance)
    if chance.random() < 0.4:
        made[f"{form}_complete"] = chance.choice(["0", "1", "2"])
    return made


def _value(name: str, field: Design, chance: Random) -> Row:
    kind = field["type"]
    if kind == "checkbox":
        return {
            f"{name}___{re.sub('[^a-z0-9_]', '_', code.lower())}": chance.choice(["0", "1"])
            for code in field["choices"]
        }
    if kind in ("radio", "dropdown"):
        return {name: chance.choice(list(field["choices"]))}
    if kind in ("yesno", "truefalse"):
        return {name: chance.choice(["0", "1"])}
    if kind == "slider":
        return {name: str(chance.randint(0, 100))}
    if kind == "notes":
        return {name: "some\nlines"}
    if kind == "text":
        known = VALUES.get(field.get("validation", ""), [])
        return {name: chance.choice(known)} if known else {}
    return {}


def _documents(project: Project, design: Design, rows: list[Row], chance: Random) -> None:
    files = [
        (form["instrument"], name)
        for form in design["instruments"]
        for name, one in form["fields"].items()
        if one["type"] == "file"
    ]
    for row in rows:
        for form, name in files:
            there = row.get("redcap_repeat_instrument", "")
            if chance.random() < 0.3:
                # where the form is not, the server says no, which is fine
                project.post(
                    "file", "import", record=row[id_field_of(design)], field=name,
                    event=row.get("redcap_event_name"),
                    repeat_instance=row.get("redcap_repeat_instance")
                    if there in ("", form) else None,
                    file=("a.txt", b"text", "text/plain"), format="json",
                )  # fmt: skip
