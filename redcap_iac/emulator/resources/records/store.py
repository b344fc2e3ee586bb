"""Values as they are stored: writing one, reading a record, taking a record away.

A record exists per arm. Its id is stored like any value, once per event that holds data, so that a
record imported with its id alone has a row (recorded: PyCap's eav count includes the id).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence

from redcap_iac.emulator import locking
from redcap_iac.emulator.design import Event


def put(
    db: sqlite3.Connection,
    project_id: int,
    record: str,
    event: Event,
    repeat_form: str,
    instance: int,
    field: str,
    value: str,
    dag_id: int | None = None,
) -> None:
    """Store one value, and the record in the event's arm when it is new.

    A checkbox takes the code of one ticked choice and keeps those already ticked; any other field
    loses its former value. `repeat_form` is empty outside repeating instruments, `instance` 1
    outside any repeat. A blank value stores the record alone. `dag_id` is for a new record only.
    """
    ensure_record(db, project_id, record, event.arm, dag_id)
    identifier = id_field(db, project_id)
    own_instance = instance if not repeat_form else 1
    write(db, project_id, [(event.event_id, record, "", own_instance, identifier, record)])
    if value == "" or field == identifier:
        return
    if not _is_checkbox(db, project_id, field):
        erase(db, project_id, [(event.event_id, record, instance, field)])
    write(db, project_id, [(event.event_id, record, repeat_form, instance, field, value)])


def id_field(db: sqlite3.Connection, project_id: int) -> str:
    """Return the name of the record id field: the first of the dictionary."""
    row = db.execute(
        "SELECT field_name FROM fields WHERE project_id = ? ORDER BY position LIMIT 1",
        (project_id,),
    ).fetchone()
    return str(row["field_name"]) if row else "record_id"


def _is_checkbox(db: sqlite3.Connection, project_id: int, field: str) -> bool:
    row = db.execute(
        "SELECT field_type FROM fields WHERE project_id = ? AND field_name = ?",
        (project_id, field),
    ).fetchone()
    return row is not None and row["field_type"] == "checkbox"


def ensure_record(
    db: sqlite3.Connection, project_id: int, record: str, arm: int, dag_id: int | None = None
) -> None:
    """Create the record in an arm unless it is there."""
    db.execute(
        "INSERT OR IGNORE INTO records (project_id, arm_num, record, dag_id) VALUES (?, ?, ?, ?)",
        (project_id, arm, record, dag_id),
    )


#: Where a value is (event id, record, instance, field), and a value with its repeating instrument
#: (event id, record, repeat form, instance, field, value).
Place = tuple[int, str, int, str]
Stored = tuple[int, str, str, int, str, str]


def write(db: sqlite3.Connection, project_id: int, values: Iterable[Stored]) -> None:
    """Insert values; the same value of the same field stays as it is."""
    db.executemany(
        "INSERT OR IGNORE INTO data"
        " (project_id, event_id, record, repeat_form, instance, field_name, value)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        ((project_id, *value) for value in values),
    )


def erase(db: sqlite3.Connection, project_id: int, places: Iterable[Place]) -> None:
    """Remove the values of fields, whatever repeat setup they were stored under."""
    db.executemany(
        "DELETE FROM data WHERE project_id = ? AND event_id = ? AND record = ?"
        " AND instance = ? AND field_name = ?",
        ((project_id, *place) for place in places),
    )


def untick(db: sqlite3.Connection, project_id: int, ticks: Iterable[tuple[Place, str]]) -> None:
    """Remove the ticks of checkbox choices, given by place and code."""
    db.executemany(
        "DELETE FROM data WHERE project_id = ? AND event_id = ? AND record = ?"
        " AND instance = ? AND field_name = ? AND value = ?",
        ((project_id, *place, code) for place, code in ticks),
    )


def read(
    db: sqlite3.Connection, project_id: int, records: Sequence[str] | None = None
) -> Iterator[sqlite3.Row]:
    """Yield the stored rows of some records (None is all), those of a record together."""
    wanted = "" if records is None else " AND record IN (SELECT value FROM json_each(?))"
    parameters = (project_id,) if records is None else (project_id, json.dumps(list(records)))
    yield from db.execute(
        "SELECT record, event_id, repeat_form, instance, field_name, value FROM data"
        f" WHERE project_id = ?{wanted} ORDER BY record",
        parameters,
    )


def dags_of(db: sqlite3.Connection, project_id: int) -> dict[str, dict[int, int | None]]:
    """Return record to arm to DAG id for every record of a project."""
    found: dict[str, dict[int, int | None]] = {}
    rows = db.execute(
        "SELECT record, arm_num, dag_id FROM records WHERE project_id = ?", (project_id,)
    )
    for row in rows:
        found.setdefault(row["record"], {})[row["arm_num"]] = row["dag_id"]
    return found


def drop_records_without_data(db: sqlite3.Connection, project_id: int) -> None:
    """Remove records of which nothing is left in an arm: a record is what its values make it."""
    db.execute(
        "DELETE FROM records WHERE project_id = ? AND NOT EXISTS (SELECT 1 FROM data d"
        " JOIN events e ON e.event_id = d.event_id WHERE d.project_id = records.project_id"
        " AND d.record = records.record AND e.arm_num = records.arm_num)",
        (project_id,),
    )
    locking.drop_without_record(db, project_id)


def drop_documents(db: sqlite3.Connection, project_id: int) -> None:
    """Remove the files that no file field of a record holds any longer."""
    db.execute(
        "DELETE FROM files WHERE project_id = ? AND in_repository = 0 AND NOT EXISTS (SELECT 1"
        " FROM data d JOIN fields f ON f.project_id = d.project_id"
        " AND f.field_name = d.field_name AND f.field_type = 'file'"
        " WHERE d.project_id = files.project_id AND d.value = CAST(files.doc_id AS TEXT))",
        (project_id,),
    )
