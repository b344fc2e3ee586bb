"""Locked instruments of records, with or without an e-signature: values nobody may change.

A lock is on one instrument of a record at an event, or on one instance of it. Nothing of this is
in the API but its lines in the log.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from redcap_iac.emulator import design, log
from redcap_iac.emulator.design import Event

#: What imports answer for a value of a locked instrument (recorded).
LOCKED = (
    "This field is located on a form that is locked. You must first unlock this form for this"
    " record."
)


@dataclass(frozen=True, slots=True)
class Place:
    """An instrument of a record at an event; `instance` is 1 where nothing repeats."""

    record: str
    event: Event
    form: str
    instance: int

    @property
    def key(self) -> tuple[int, str, str, int]:
        """Event id, record, instrument and instance, as `locked` returns them."""
        return (self.event.event_id, self.record, self.form, self.instance)


class NoSuchPlace(ValueError):  # noqa: N818 - it says what is wrong
    """A record, event, instrument or instance that the project does not have."""


def place(
    db: sqlite3.Connection, project_id: int, record: str, event: str, form: str, instance: int
) -> Place:
    """Return where an instrument of a record is; a blank event is the first; raises NoSuchPlace."""
    events = design.events(db, project_id)
    found = next((one for one in events if one.unique_name == event or not event), None)
    if found is None:
        raise NoSuchPlace(f"project {project_id} has no event {event!r}")
    if form not in dict(design.forms(db, project_id)):
        raise NoSuchPlace(f"project {project_id} has no instrument {form!r}")
    designated = db.execute(
        "SELECT 1 FROM designations WHERE event_id = ? AND form_name = ?", (found.event_id, form)
    ).fetchone()
    if designated is None:
        raise NoSuchPlace(f"the instrument {form!r} is not designated for {found.unique_name!r}")
    exists = db.execute(
        "SELECT 1 FROM records WHERE project_id = ? AND record = ? AND arm_num = ?",
        (project_id, record, found.arm),
    ).fetchone()
    if exists is None:
        raise NoSuchPlace("there is no such record in the arm of the event")
    if instance < 1:
        raise NoSuchPlace("instances count from 1")
    return Place(record, found, form, instance)


def lock(
    db: sqlite3.Connection,
    project_id: int,
    place: Place,
    username: str,
    moment: datetime,
    *,
    esigned: bool,
) -> None:
    """Lock an instrument of a record; what is locked already may get its e-signature so."""
    db.execute(
        "INSERT OR REPLACE INTO locks"
        " (project_id, event_id, record, form_name, instance, username, timestamp, esigned)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (project_id, *place.key, username, moment.strftime("%Y-%m-%d %H:%M:%S"), int(esigned)),
    )
    _log(db, project_id, place, username, moment, "Lock/Unlock Record", "Lock instrument")
    if esigned:
        _log(db, project_id, place, username, moment, "E-signature", "Save e-signature")


def unlock(
    db: sqlite3.Connection, project_id: int, place: Place, username: str, moment: datetime
) -> bool:
    """Unlock an instrument of a record and negate its e-signature; tell whether it was locked."""
    at = "project_id = ? AND event_id = ? AND record = ? AND form_name = ? AND instance = ?"
    row = db.execute(f"SELECT esigned FROM locks WHERE {at}", (project_id, *place.key)).fetchone()
    if row is None:
        return False
    db.execute(f"DELETE FROM locks WHERE {at}", (project_id, *place.key))
    _log(db, project_id, place, username, moment, "Lock/Unlock Record", "Unlock instrument")
    if row["esigned"]:
        _log(db, project_id, place, username, moment, "E-signature", "Negate e-signature")
    return True


def locked(db: sqlite3.Connection, project_id: int) -> frozenset[tuple[int, str, str, int]]:
    """Return what is locked: event id, record, instrument, instance."""
    rows = db.execute(
        "SELECT event_id, record, form_name, instance FROM locks WHERE project_id = ?",
        (project_id,),
    )
    return frozenset(
        (row["event_id"], row["record"], row["form_name"], row["instance"]) for row in rows
    )


def drop_without_record(db: sqlite3.Connection, project_id: int) -> None:
    """Remove the locks of records that are no longer there (inferred)."""
    db.execute(
        "DELETE FROM locks WHERE project_id = ? AND NOT EXISTS (SELECT 1 FROM records r"
        " JOIN events e ON e.project_id = r.project_id AND e.arm_num = r.arm_num"
        " WHERE r.project_id = locks.project_id AND r.record = locks.record"
        " AND e.event_id = locks.event_id)",
        (project_id,),
    )


def _log(
    db: sqlite3.Connection,
    project_id: int,
    place: Place,
    username: str,
    moment: datetime,
    action: str,
    done: str,
) -> None:
    """Leave the entry; its action and the four parts of its details are recorded."""
    label = dict(design.forms(db, project_id)).get(place.form, place.form)
    lines = [
        f"Action: {done}",
        f"Record: {place.record}",
        f"Form: {label}",
        f"Event: {place.event.name}",
    ]
    log.append(
        db,
        project_id,
        moment,
        username,
        f"{action} {place.record}",
        "\n".join(lines),
        logtype="lock_record",
        record=place.record,
    )
