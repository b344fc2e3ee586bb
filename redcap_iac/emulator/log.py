"""Entries of the project's log; every write leaves one."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from redcap_iac.emulator.request import Context

#: `logtype` values of Export Logging that an entry may carry.
LOGTYPES = (
    "export", "manage", "user", "record", "record_add", "record_edit", "record_delete",
    "lock_record", "page_view",
)  # fmt: skip


def write(
    context: Context,
    action: str,
    details: str,
    *,
    logtype: str = "manage",
    record: str = "",
    project_id: int | None = None,
    dag_id: int | None = None,
) -> None:
    """Add an entry in the name of the caller."""
    append(
        context.db,
        context.project_id if project_id is None else project_id,
        context.server.clock(),
        context.caller.username,
        action,
        details,
        logtype=logtype,
        record=record,
        dag_id=context.caller.dag_id if dag_id is None else dag_id,
    )


def append(
    db: sqlite3.Connection,
    project_id: int,
    moment: datetime,
    username: str,
    action: str,
    details: str,
    *,
    logtype: str = "manage",
    record: str = "",
    dag_id: int | None = None,
) -> None:
    """Add an entry at the minute of a moment (minute resolution is recorded)."""
    stamp = moment.strftime("%Y-%m-%d %H:%M")
    db.execute(
        "INSERT INTO log"
        " (project_id, timestamp, username, action, details, record, logtype, dag_id)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (project_id, stamp, username, action, details, record, logtype, dag_id),
    )


def design(context: Context, details: str, *, project_id: int | None = None) -> None:
    """Add a design entry: action `Manage/Design ` with its trailing blank (recorded)."""
    write(context, "Manage/Design ", details, project_id=project_id)
