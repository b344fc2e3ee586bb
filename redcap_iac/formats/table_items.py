"""Rows of a table → items of its kind, as if an export had answered them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from redcap_iac.calls import Made
from redcap_iac.errors import SuspiciousReadError
from redcap_iac.findings import Findings
from redcap_iac.formats.contents import DICTIONARY, Content
from redcap_iac.formats.table_reading import TableRow
from redcap_iac.kinds import kind_named
from redcap_iac.kinds.dags import Dag
from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.kinds.events.event import OFFSETS, Event
from redcap_iac.kinds.kind import Reading, WireRow
from redcap_iac.kinds.people import dag_address, role_address
from redcap_iac.kinds.rights import RIGHTS
from redcap_iac.kinds.roles.role import Role
from redcap_iac.kinds.visits import event_address
from redcap_iac.state import Item, State, Target, Version

_WHOLE = re.compile(r"[0-9]{1,9}", re.ASCII)
_NUMBER = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,9})?", re.ASCII)
#: What REDCap puts behind the name of an event (recorded).
_ARM = re.compile(r"_arm_([0-9]{1,9})[a-z]*$", re.ASCII)
_LEVEL = re.compile(r"\s*([a-z][a-z0-9_]*)\s*:\s*([0-9]{1,4})\s*", re.ASCII)
#: Names that REDCap makes; a table may leave their column out.
_NAMES = ("unique_event_name", "unique_role_name", "unique_group_name")
#: Columns without which a row is about nothing, where its table needs them.
_NEVER_EMPTY = (
    "username", "event_name", "data_access_group_name", "role_label", "instrument_name",
    "unique_event_name", "form",
)  # fmt: skip
_RIGHTS = frozenset(right.name for right in RIGHTS)
#: No kind reads anything of a project's server from its rows.
_NOWHERE = Target("", "", "", "development", Version(0, 0, 0), longitudinal=True)


def items_of(
    content: Content, rows: Sequence[TableRow], state: State, findings: Findings
) -> tuple[Item, ...]:
    """Return the items of a table; `state` has what was read before it.

    A name that REDCap is still to make (a blank unique name) is a `Made`. Cells that cannot be
    are errors with their place, and their rows are left out.
    """
    if content is DICTIONARY:
        return tuple(_field(row) for row in rows)
    sound = [row for row in rows if _is_sound(row, content, findings)]
    if content.kind == "project":
        sound = sound[:1]
    wire = [_wire(row) for row in sound]
    kind = kind_named(content.kind)
    try:
        items: tuple[Any, ...] = kind.read(wire, Reading(_NOWHERE, state)) if wire else ()
    except SuspiciousReadError as error:
        findings.error("C104", error.message, rows[0].at)
        return ()
    if content.kind != "project":
        items = tuple(replace(item, at=row.at) for item, row in zip(items, sound, strict=True))
    else:
        items = tuple(replace(item, at=sound[0].place(item.name)) for item in items)
    if content.kind == "users":
        items = tuple(
            item if _says_rights(row) else replace(item, grants=None, effective=None)
            for item, row in zip(items, sound, strict=True)
        )
    return _MADE.get(content.kind, tuple)(items)


def read_levels(text: str) -> Mapping[str, str] | None:
    """Return the codes of `form:code,form:code` by form, None when it is something else.

    A form that is there twice is something else.
    """
    found: dict[str, str] = {}
    for part in text.split(",") if text.strip() else ():
        match = _LEVEL.fullmatch(part)
        if match is None or match[1] in found:  # which of two codes is meant cannot be told
            return None
        found[match[1]] = match[2]
    return found


def _field(row: TableRow) -> Field:
    cells = {column: row.text(column) for column in DICTIONARY.columns}
    return Field.of(cells, row.at, row.places)


def _says_rights(row: TableRow) -> bool:
    """Tell whether any right is filled in; exports fill them all, with 0 for none (recorded).

    Blank cells are those of people whose rights nobody said: not an order to take them away.
    """
    columns = (_RIGHTS | {"forms", "forms_export"}) & row.cells.keys()
    return any(row.cells[column] for column in columns)


def _is_sound(row: TableRow, content: Content, findings: Findings) -> bool:
    """Tell whether the cells of a row can be what their columns say."""
    found = list(_problems(row, content))
    for column, message in found:
        findings.error("C104", message, row.place(column), advice="Correct the cell.")
    return not found


def _problems(row: TableRow, content: Content) -> Iterator[tuple[str, str]]:
    for column in sorted(content.numbers & row.cells.keys()):
        if not _WHOLE.fullmatch(row.text(column).strip()) or int(row.text(column)) < 1:
            yield column, f"{column} is the number of an arm, 1 or more."
    for column in OFFSETS:
        text = row.text(column).strip()
        if text and not _NUMBER.fullmatch(text):
            yield column, f"{column} is a number of days."
    for column in ("forms", "forms_export"):
        cell = row.cells.get(column, "")
        if isinstance(cell, str) and read_levels(cell) is None:
            yield column, f"{column} holds instruments once each with codes: intake:1,visit:0"
    for column in sorted(_RIGHTS & row.cells.keys()):
        if row.text(column).strip() and not _WHOLE.fullmatch(row.text(column).strip()):
            yield column, f"The right {column} is a number, 0 for none."
    if content.kind == "designations":
        yield from _other_arm(row)
    yield from _empty(row, content)


def _empty(row: TableRow, content: Content) -> Iterator[tuple[str, str]]:
    """Yield the names a row lacks; an event that repeats as a whole has no form (documented)."""
    if content.kind == "repeating" and not (row.text("event_name") + row.text("form_name")).strip():
        yield "form_name", "form_name is empty, and so is event_name."
    for column in _NEVER_EMPTY:
        if column in content.needed and not row.text(column).strip():
            yield column, f"{column} is empty."


def _other_arm(row: TableRow) -> Iterator[tuple[str, str]]:
    """Yield a problem where the arm of a designation is not the one its event's name says."""
    arm = row.text("arm_num").strip()
    told = _ARM.search(row.text("unique_event_name").strip())
    if told is not None and _WHOLE.fullmatch(arm) and int(arm) != int(told[1]):
        yield "arm_num", f"arm_num is {int(arm)}, and the event is of arm {int(told[1])}."


def _wire(row: TableRow) -> WireRow:
    cells: dict[str, str | Mapping[str, str | int]] = dict.fromkeys(_NAMES, "")
    for column, cell in row.cells.items():
        if column in ("forms", "forms_export"):
            levels = cell if isinstance(cell, Mapping) else read_levels(cell)
            cells[column] = dict(levels or {})
        elif isinstance(cell, str):
            trimmed = column in _RIGHTS or column in OFFSETS or column == "arm_num"
            cells[column] = cell.strip() if trimmed else cell
    return cells


def _events(items: Sequence[Event]) -> tuple[Event, ...]:
    """Name events that have no unique name yet by what will be made."""
    times: Counter[str] = Counter()
    found = []
    for item in items:
        if not item.unique_name:
            address = event_address(item.arm, item.name.strip())
            times[address] += 1
            number = f" #{times[address]}" if times[address] > 1 else ""
            item = replace(item, unique_name=Made(address + number))  # noqa: PLW2901
        found.append(item)
    return tuple(found)


def _dags(items: Sequence[Dag]) -> tuple[Dag, ...]:
    return tuple(
        item
        if item.unique_name
        else replace(item, unique_name=Made(dag_address(item.name.strip())))
        for item in items
    )


def _roles(items: Sequence[Role]) -> tuple[Role, ...]:
    times: Counter[str] = Counter()
    found = []
    for item in items:
        if not item.unique_name:
            times[item.label] += 1
            number = f" ({times[item.label]})" if times[item.label] > 1 else ""
            handle = item.label + number
            item = replace(  # noqa: PLW2901
                item, unique_name=Made(role_address(handle)), handle=handle
            )
        found.append(item)
    return tuple(found)


_MADE: Mapping[str, Callable[[Any], tuple[Any, ...]]] = {
    "events": _events,
    "dags": _dags,
    "roles": _roles,
}
