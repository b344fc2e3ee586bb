"""Rename Record: a new name in one arm, or in all.

Rights: API Import/Update and Rename Records. Answer: `1` (recorded). The refusals' words are
inferred.
"""

from __future__ import annotations

from redcap_iac.emulator import log
from redcap_iac.emulator.errors import ApiFault
from redcap_iac.emulator.registry import API_IMPORT, method
from redcap_iac.emulator.request import Context
from redcap_iac.emulator.resources.records import store
from redcap_iac.emulator.resources.records.validation import Refused, checked_name
from redcap_iac.emulator.wire import Answer, Count


@method("record", "rename", "Rename Record", API_IMPORT, "record_rename")
def rename_record(context: Context) -> Answer:
    """Give a record another name, with all its values."""
    old = context.request.text("record")
    new = checked_name(context.request.text("new_record_name").strip())
    if isinstance(new, Refused):
        raise ApiFault(new.message)
    arms = _arms(context, old)
    taken = store.dags_of(context.db, context.project_id).get(new, {})
    if not taken.keys().isdisjoint(arms):
        raise ApiFault(f'The record "{new}" already exists')
    for arm in arms:
        _rename(context, old, new, arm)
    log.write(
        context,
        f"Update record (API) {new}",
        store.id_field(context.db, context.project_id),
        logtype="record_edit",
        record=new,
    )
    return Count(1)


def _arms(context: Context, record: str) -> list[int]:
    """Return the arms to rename in: those the record is in, or the one asked for."""
    own = context.caller.dag_id
    there = store.dags_of(context.db, context.project_id).get(record, {})
    asked = context.request.text("arm")
    arms = [
        arm
        for arm, dag_id in there.items()
        if asked in ("", str(arm)) and (own is None or dag_id == own)
    ]
    if not arms:
        raise ApiFault(f'The record "{record}" does not exist')
    return arms


def _rename(context: Context, old: str, new: str, arm: int) -> None:
    project_id = context.project_id
    events = "(SELECT event_id FROM events WHERE project_id = ? AND arm_num = ?)"
    context.db.execute(
        "UPDATE data SET value = ? WHERE project_id = ? AND record = ? AND field_name = ?"
        f" AND event_id IN {events}",
        (new, project_id, old, store.id_field(context.db, project_id), project_id, arm),
    )
    for table in ("data", "locks"):
        context.db.execute(
            f"UPDATE {table} SET record = ? WHERE project_id = ? AND record = ?"
            f" AND event_id IN {events}",
            (new, project_id, old, project_id, arm),
        )
    context.db.execute(
        "UPDATE records SET record = ? WHERE project_id = ? AND record = ? AND arm_num = ?",
        (new, project_id, old, arm),
    )
