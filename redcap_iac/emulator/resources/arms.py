"""Arms of a longitudinal project; one without an event is kept but not shown (recorded)."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Mapping, Sequence

from redcap_iac.emulator import design, log, payload, schedule
from redcap_iac.emulator.errors import ApiFault
from redcap_iac.emulator.registry import API_EXPORT, API_IMPORT, method
from redcap_iac.emulator.request import Context
from redcap_iac.emulator.resources import events
from redcap_iac.emulator.wire import Answer, Count, Rows

#: Six digits are the most; REDCap's own limit is not documented.
_ARM_NUMBER = re.compile(r"0*[1-9][0-9]{0,5}")


@method("arm", "export", "Export Arms", API_EXPORT)
def export_arms(context: Context) -> Answer:
    """List the arms that have an event, all or those asked for, by number (recorded)."""
    if not design.is_longitudinal(context):
        raise ApiFault("You cannot export arms for classic projects")
    wanted = schedule.wanted_arms(context)
    rows = context.db.execute(
        "SELECT arm_num, name FROM arms WHERE project_id = ? AND arm_num IN"
        " (SELECT arm_num FROM events WHERE project_id = arms.project_id) ORDER BY arm_num",
        (context.project_id,),
    )
    log.design(context, "Export arms (API)")
    return Rows(
        ("arm_num", "name"),
        [dict(row) for row in rows if wanted is None or str(row["arm_num"]) in wanted],
        root="arms",
    )


@method("arm", "import", "Import Arms", API_IMPORT, "design")
def import_arms(context: Context) -> Answer:
    """Name the arms that exist and add the others; answer the rows sent, unchanged ones too.

    `override=1` first deletes all arms with their events, designations and data (recorded). Works
    while the longitudinal flag is 0 (recorded).
    """
    override = context.request.flag("override")
    schedule.refuse_write(context, "Arms", additive=not override)
    rows = payload.some_rows(context)
    payload.refuse_all(fault for row in rows for fault in _faults(row))
    if override:
        delete(context.db, context.project_id, schedule.arms(context.db, context.project_id))
    write(context, rows)
    log.design(context, "Import arms (API)")
    return Count(len(rows))


def write(context: Context, rows: Sequence[Mapping[str, str]]) -> None:
    """Name the arms that exist and add the others; raises ApiFault for what may not be."""
    payload.refuse_all(fault for row in rows for fault in _faults(row))
    stored = names(context)
    sent = {int(row["arm_num"]): row["name"].strip() for row in rows}
    if any(stored.get(number, name) != name for number, name in sent.items()):
        schedule.refuse_renames(context, "arms")
    context.db.executemany(
        "INSERT INTO arms (project_id, arm_num, name) VALUES (?, ?, ?)"
        " ON CONFLICT (project_id, arm_num) DO UPDATE SET name = excluded.name",
        [(context.project_id, number, name) for number, name in sent.items()],
    )


@method("arm", "delete", "Delete Arms", API_IMPORT, "design")
def delete_arms(context: Context) -> Answer:
    """Delete arms with their events, designations and data; answer how many.

    All of them may go, the project then reads as classic (recorded). An unknown arm is refused
    (inferred).
    """
    schedule.refuse_classic_delete(context, "arms")
    schedule.refuse_write(context, "Arms", additive=False)
    asked = schedule.required_array(context, "arms")
    known = {str(number): number for number in schedule.arms(context.db, context.project_id)}
    unknown = [number for number in asked if number not in known]
    if unknown:
        raise schedule.invalid_values("arms", unknown)
    delete(context.db, context.project_id, [known[number] for number in asked])
    log.design(context, "Delete arms (API)")
    return Count(len(set(asked)))


def delete(db: sqlite3.Connection, project_id: int, numbers: Iterable[int]) -> None:
    """Delete arms with their events, records and data."""
    for number in list(numbers):
        in_arm = [event.event_id for event in design.events(db, project_id) if event.arm == number]
        events.delete(db, project_id, in_arm)
        for table in ("records", "arms"):
            db.execute(
                f"DELETE FROM {table} WHERE project_id = ? AND arm_num = ?", (project_id, number)
            )


def names(context: Context) -> dict[int, str]:
    """Return the names of all arms by number."""
    rows = context.db.execute(
        "SELECT arm_num, name FROM arms WHERE project_id = ?", (context.project_id,)
    )
    return {row["arm_num"]: row["name"] for row in rows}


def _faults(row: Mapping[str, str]) -> list[str]:
    """Return what is wrong with a row; none of these texts is recorded."""
    number = row.get("arm_num", "").strip()
    faults = []
    if not _ARM_NUMBER.fullmatch(number):
        faults.append(f'The arm_num "{number}" is not a whole number above 0')
    if not row.get("name", "").strip():
        faults.append(f'The arm "{number}" must have a name')
    return faults
