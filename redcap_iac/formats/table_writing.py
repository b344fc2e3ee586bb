"""Items → rows of a table under REDCap's column names, and rows → CSV or JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from redcap_iac.formats.contents import BY_KIND, DICTIONARY, EVENTS, Content
from redcap_iac.formats.csv_table import written
from redcap_iac.formats.dictionary_csv import write_dictionary
from redcap_iac.formats.naming import Named
from redcap_iac.formats.schedule_csv import EVENTS as UNSCHEDULED
from redcap_iac.kinds import kind_named
from redcap_iac.kinds.arms import Arm
from redcap_iac.kinds.assigning import Assignment
from redcap_iac.kinds.dags import Dag
from redcap_iac.kinds.designations import Designation
from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.kinds.events.event import OFFSETS, Event
from redcap_iac.kinds.grants import ALL, Grants
from redcap_iac.kinds.instruments import Instrument
from redcap_iac.kinds.people import folded
from redcap_iac.kinds.repeating.repeat import Repeat
from redcap_iac.kinds.rights import BY_NAME, NONE, export_code, form_code, needs_bits
from redcap_iac.kinds.roles.role import Role
from redcap_iac.kinds.users import User

#: A cell before it is CSV or JSON: text, or codes by instrument.
Cells = Mapping[str, "str | Mapping[str, int]"]


def rows_of(content: Content, source: Named) -> tuple[Cells, ...]:
    """Return the rows of a content; rows that could only mislead are left out.

    A role that REDCap has not named cannot be assigned by a file, and an assignment without a
    role would take people out of theirs.
    """
    items = kind_named(content.kind).items(source.state)
    if content.kind == "project":
        return ({item.name: item.value for item in items},) if items else ()
    if content.kind in _PLAIN:
        return tuple(_PLAIN[content.kind](item) for item in items)
    rows = (_NAMING[content.kind](item, source) for item in items)
    return tuple(row for row in rows if row is not None)


def to_csv(content: Content, source: Named, *, page: bool = True, delimiter: str = ",") -> str:
    """Return a content as CSV; `page` is the header of REDCap's page for the dictionary."""
    if content is DICTIONARY:
        fields: Iterable[Field] = kind_named("fields").items(source.state)
        return write_dictionary(fields, page=page, delimiter=delimiter)
    rows = rows_of(content, source)
    columns = columns_of(content, rows)
    lines = ([_text(row.get(column, "")) for column in columns] for row in rows)
    return written([columns, *lines], delimiter)


def to_json(content: Content, source: Named) -> str:
    """Return a content as the API answers it: a list of objects, one object for the project."""
    rows = [
        {column: _typed(column, row.get(column, "")) for column in columns_of(content, (row,))}
        for row in rows_of(content, source)
    ]
    answer = rows[0] if content.kind == "project" and rows else rows
    return json.dumps(answer, ensure_ascii=False, indent=1) + "\n"


def columns_of(content: Content, rows: Iterable[Cells]) -> tuple[str, ...]:
    """Return the columns to write: offsets and rights only where a row has them."""
    there = {column for row in rows for column in row}
    if content is EVENTS:
        return EVENTS.columns if there & {*OFFSETS} else UNSCHEDULED
    if content.kind in ("users", "roles", "project", "role_assignments", "repeating"):
        return tuple(column for column in content.columns if column in there | content.needed)
    return content.columns


def _text(cell: str | Mapping[str, int]) -> str:
    if isinstance(cell, str):
        return cell
    return ",".join(f"{name}:{code}" for name, code in cell.items())


def _typed(column: str, cell: str | Mapping[str, int]) -> object:
    return int(cell) if column == "arm_num" and isinstance(cell, str) and cell else cell


def _arm(item: Arm) -> Cells:
    return {"arm_num": str(item.number), "name": item.name}


def _event(item: Event, source: Named) -> Cells:
    offsets = {name: getattr(item, name) for name in OFFSETS}
    known = {name: value for name, value in offsets.items() if value is not None}
    return {
        "event_name": item.name,
        "arm_num": str(item.arm),
        **known,
        "unique_event_name": source.given(item.unique_name),
        "custom_event_label": item.custom_label,
    }


def _designation(item: Designation, source: Named) -> Cells:
    events: tuple[Event, ...] = kind_named("events").items(source.state)
    arm = next((str(event.arm) for event in events if event.unique_name == item.event), "")
    arm = arm or str(item.event).rpartition("_arm_")[2].rstrip("bcdefghijklmnopqrstuvwxyz")
    return {"arm_num": arm, "unique_event_name": str(item.event), "form": item.instrument}


def _repeat(item: Repeat) -> Cells:
    event = {"event_name": str(item.event)} if item.event else {}
    return {**event, "form_name": item.instrument, "custom_form_label": item.label}


def _instrument(item: Instrument) -> Cells:
    return {"instrument_name": item.name, "instrument_label": item.label}


def _dag(item: Dag, source: Named) -> Cells:
    return {
        "data_access_group_name": item.name,
        "unique_group_name": source.given(item.unique_name),
        "data_access_group_id": item.group_id,
    }


def _role(item: Role, source: Named) -> Cells:
    return {
        "unique_role_name": source.given(item.unique_name),
        "role_label": item.label,
        **_grants(item.grants),
    }


def _role_assignment(item: Assignment, source: Named) -> Cells | None:
    if item.to and not source.given(item.to):
        return None
    users: tuple[User, ...] = kind_named("users").items(source.state)
    mine = (user for user in users if folded(user.username) == folded(item.username))
    dag = next((user.dag for user in mine), "")
    group = {"data_access_group": dag} if dag else {}
    return {"username": item.username, "unique_role_name": str(item.to), **group}


def _dag_assignment(item: Assignment) -> Cells:
    return {"username": item.username, "redcap_data_access_group": str(item.to)}


def _user(item: User) -> Cells:
    own = {} if item.grants is None else _grants(item.grants)
    return {
        "username": item.username,
        "expiration": item.expiration or "",
        "data_access_group": item.dag,
        **own,
    }


def _grants(grants: Grants) -> dict[str, str | Mapping[str, int]]:
    forms = {name: level for name, level in grants.instruments if name != ALL}
    exports = {name: level for name, level in grants.export if name != ALL}
    in_bits = any(needs_bits(level) for level in forms.values())
    return {
        **{name: BY_NAME[name].value(level) for name, level in grants.rights},
        "forms": {name: form_code(level or NONE, in_bits=in_bits) for name, level in forms.items()},
        "forms_export": {name: export_code(level or NONE) for name, level in exports.items()},
    }


def _field(item: Field) -> Cells:
    return item.row()


#: Rows that say only what the item says.
_PLAIN: Mapping[str, Callable[[Any], Cells]] = {
    "fields": _field,
    "instruments": _instrument,
    "arms": _arm,
    "repeating": _repeat,
    "dag_assignments": _dag_assignment,
    "users": _user,
}
#: Rows that say a name which REDCap may still have to make.
_NAMING: Mapping[str, Callable[[Any, Named], Cells | None]] = {
    "events": _event,
    "designations": _designation,
    "dags": _dag,
    "roles": _role,
    "role_assignments": _role_assignment,
}


def contents_of(source: Named) -> tuple[Content, ...]:
    """Return the contents a state has a row of, in the order of the table of contents."""
    return tuple(content for content in BY_KIND.values() if rows_of(content, source))
