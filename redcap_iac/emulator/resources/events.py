"""Events: the visits of a longitudinal project, and the hidden one of a classic project."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence

from redcap_iac.emulator import design, log, names, payload, schedule
from redcap_iac.emulator.errors import ApiFault
from redcap_iac.emulator.registry import API_EXPORT, API_IMPORT, method
from redcap_iac.emulator.request import Context
from redcap_iac.emulator.resources.records import store
from redcap_iac.emulator.versions import EVENT_ID
from redcap_iac.emulator.wire import Answer, Cell, Count, Rows

_OFFSETS = ("day_offset", "offset_min", "offset_max")


def create(
    db: sqlite3.Connection,
    project_id: int,
    arm: int,
    name: str,
    *,
    day_offset: float | None = None,
    offset_min: float = 0,
    offset_max: float = 0,
    custom_label: str = "",
) -> int:
    """Add an event to an arm and return its id; REDCap makes the unique name.

    Without a day offset it follows the arm's last event by a day (inferred: fresh projects number
    their events 1, 2, 3).
    """
    if day_offset is None:
        last = db.execute(
            "SELECT MAX(day_offset) AS day FROM events WHERE project_id = ? AND arm_num = ?",
            (project_id, arm),
        ).fetchone()["day"]
        day_offset = 1 if last is None else int(last) + 1
    cursor = db.execute(
        "INSERT INTO events (project_id, arm_num, name, unique_name, day_offset, offset_min,"
        " offset_max, custom_label) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            project_id,
            arm,
            name,
            names.unique_event_name(name, arm, _taken(db, project_id)),
            day_offset,
            offset_min,
            offset_max,
            custom_label,
        ),
    )
    return int(cursor.lastrowid or 0)


@method("event", "export", "Export Events", API_EXPORT)
def export_events(context: Context) -> Answer:
    """List the events of all arms, or of those asked for; an unknown arm has none.

    Offsets show with the scheduling module, `event_id` since 12.5 (recorded).
    """
    if not design.is_longitudinal(context):
        raise ApiFault("You cannot export events for classic projects")
    wanted = schedule.wanted_arms(context)
    rows = context.db.execute(
        "SELECT * FROM events WHERE project_id = ? ORDER BY arm_num, day_offset, name, event_id",
        (context.project_id,),
    )
    log.design(context, "Export events (API)")
    return Rows(
        _columns(context),
        [_exported(row) for row in rows if wanted is None or str(row["arm_num"]) in wanted],
        root="events",
    )


@method("event", "import", "Import Events", API_IMPORT, "design")
def import_events(context: Context) -> Answer:
    """Update the events whose unique name is known and add the others; answer the rows sent.

    `override=1` deletes all events first. An unknown unique name adds an event under a name of
    REDCap's own making (recorded). Works while the longitudinal flag is 0 (recorded).
    """
    override = context.request.flag("override")
    schedule.refuse_write(context, "Events", additive=not override)
    rows = payload.some_rows(context)
    if override:
        delete(context.db, context.project_id, ids(context).values())
    write(context, rows)
    log.design(context, "Import events (API)")
    return Count(len(rows))


def write(context: Context, rows: Sequence[Mapping[str, str]]) -> None:
    """Update the events whose unique name is known, add the others; raises ApiFault."""
    arms = schedule.arms(context.db, context.project_id)
    payload.refuse_all(fault for row in rows for fault in _faults(row, arms))
    known = ids(context)
    matched = [known.get(row.get("unique_event_name", "").strip()) for row in rows]
    if any(_is_rename(context, row, at) for row, at in zip(rows, matched, strict=True) if at):
        schedule.refuse_renames(context, "events")
    for row, event_id in zip(rows, matched, strict=True):
        if event_id is None:
            _add(context, row, arms)
        else:
            _update(context, event_id, row)


@method("event", "delete", "Delete Events", API_IMPORT, "design")
def delete_events(context: Context) -> Answer:
    """Delete events with their designations, repeats and data; answer how many.

    All of them may go, the project then reads as classic (recorded). An unknown event is refused
    (inferred).
    """
    schedule.refuse_classic_delete(context, "events")
    schedule.refuse_write(context, "Events", additive=False)
    asked = schedule.required_array(context, "events")
    known = ids(context)
    unknown = [name for name in asked if name not in known]
    if unknown:
        raise schedule.invalid_values("events", unknown)
    delete(context.db, context.project_id, [known[name] for name in asked])
    log.design(context, "Delete events (API)")
    return Count(len(set(asked)))


def delete(db: sqlite3.Connection, project_id: int, event_ids: Iterable[int]) -> None:
    """Delete events with what hangs on them; a record left without any value goes too."""
    for event_id in list(event_ids):
        emptied = db.execute(
            "SELECT DISTINCT d.record, e.arm_num FROM data d JOIN events e USING (event_id)"
            " WHERE d.event_id = ?",
            (event_id,),
        ).fetchall()
        for table in ("designations", "repeats", "locks", "data", "events"):
            db.execute(f"DELETE FROM {table} WHERE event_id = ?", (event_id,))
        for row in emptied:
            db.execute(
                "DELETE FROM records WHERE project_id = ? AND arm_num = ? AND record = ?"
                " AND NOT EXISTS (SELECT 1 FROM data d JOIN events e USING (event_id)"
                " WHERE d.project_id = records.project_id AND d.record = records.record"
                " AND e.arm_num = records.arm_num)",
                (project_id, row["arm_num"], row["record"]),
            )
    store.drop_documents(db, project_id)


def ids(context: Context) -> dict[str, int]:
    """Return the ids of all events by unique name."""
    found = design.events(context.db, context.project_id)
    return {event.unique_name: event.event_id for event in found}


def _taken(db: sqlite3.Connection, project_id: int, but: int = 0) -> set[str]:
    found = design.events(db, project_id)
    return {event.unique_name for event in found if event.event_id != but}


def _columns(context: Context) -> tuple[str, ...]:
    scheduling = str(design.settings(context.db, context.project_id).get("scheduling_enabled", 0))
    return (
        "event_name",
        "arm_num",
        *(_OFFSETS if scheduling == "1" else ()),
        "unique_event_name",
        "custom_event_label",
        *(("event_id",) if context.server.settings.version >= EVENT_ID else ()),
    )


def _exported(row: sqlite3.Row) -> dict[str, Cell]:
    return {
        "event_name": row["name"],
        "arm_num": row["arm_num"],
        **{column: _whole(row[column]) for column in _OFFSETS},
        "unique_event_name": row["unique_name"],
        "custom_event_label": row["custom_label"],
        "event_id": row["event_id"],
    }


def _whole(number: float) -> int | float:
    return int(number) if number == int(number) else number


def _faults(row: Mapping[str, str], arms: Sequence[int]) -> list[str]:
    faults = []
    name = row.get("event_name", "").strip()
    if not name:
        faults.append("Each event must have an event_name")
    arm = row.get("arm_num", "").strip()
    if arm not in {str(number) for number in arms} and (arm or len(arms) != 1):
        faults.append(f'The arm_num "{arm}" of the event "{name}" does not exist in the project')
    faults += [
        f'The {column} "{row[column]}" of the event "{name}" is not a number'
        for column in _OFFSETS
        if row.get(column, "").strip() and _number(row[column]) is None
    ]
    return faults


def _number(text: str) -> float | None:
    try:
        number = float(text.strip())
    except ValueError:
        return None
    # what Python reads beyond plain numbers (nan, inf) is no number of days
    return number if abs(number) < 1e6 else None


def _add(context: Context, row: Mapping[str, str], arms: Sequence[int]) -> None:
    offsets = {column: _number(row.get(column, "")) for column in _OFFSETS}
    create(
        context.db,
        context.project_id,
        int(row.get("arm_num", "").strip() or arms[0]),
        row["event_name"].strip(),
        day_offset=offsets["day_offset"],
        offset_min=offsets["offset_min"] or 0,
        offset_max=offsets["offset_max"] or 0,
        custom_label=row.get("custom_event_label", ""),
    )


def _is_rename(context: Context, row: Mapping[str, str], event_id: int) -> bool:
    stored = context.db.execute("SELECT name FROM events WHERE event_id = ?", (event_id,))
    return bool(stored.fetchone()["name"] != row["event_name"].strip())


def _update(context: Context, event_id: int, row: Mapping[str, str]) -> None:
    """Write what the row brings; a column that is absent, or a blank offset, stays as it is.

    The arm stays too (inferred). Whether a new name makes a new unique name is the switch
    `event_rename`; `event_id` and data stay (documented).
    """
    changes: dict[str, str | float] = {"name": row["event_name"].strip()}
    if "custom_event_label" in row:
        changes["custom_label"] = row["custom_event_label"]
    for column in _OFFSETS:
        number = _number(row.get(column, ""))
        if number is not None:
            changes[column] = number
    if _is_rename(context, row, event_id) and context.switch("event_rename", "regenerate"):
        changes["unique_name"] = _new_unique_name(context, event_id, row["event_name"])
    settings = ", ".join(f"{column} = ?" for column in changes)
    context.db.execute(
        f"UPDATE events SET {settings} WHERE event_id = ?", (*changes.values(), event_id)
    )


def _new_unique_name(context: Context, event_id: int, name: str) -> str:
    arm = context.db.execute(
        "SELECT arm_num FROM events WHERE event_id = ?", (event_id,)
    ).fetchone()["arm_num"]
    return names.unique_event_name(name, arm, _taken(context.db, context.project_id, event_id))
