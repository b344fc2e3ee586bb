"""What an import of the dictionary does to data, designations, repeats and rights."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence

from redcap_iac.emulator import design, right_columns, schedule
from redcap_iac.emulator.request import Context

#: Who holds rights to forms, and by which column they are told apart within a project.
_KEYS = {"users": "username", "roles": "role_id"}


def lose_data(
    context: Context, before: Sequence[sqlite3.Row], after: Sequence[Mapping[str, str]]
) -> None:
    """Delete what the new dictionary has no place for.

    Values of removed fields, ticks of removed checkbox choices, and what a field that turns from
    or into a checkbox or a file cannot hold go; values of removed radio choices stay (knowledge
    base; for files inferred). A new record ID field loses every record (documented: the link to
    the data is lost).
    """
    if before and before[0]["field_name"] != after[0]["field_name"]:
        for table in ("data", "records", "locks"):
            context.db.execute(f"DELETE FROM {table} WHERE project_id = ?", (context.project_id,))
        return
    now = {row["field_name"]: row for row in after}
    _move_values(context, before, now)
    for old in before:
        new = now.get(old["field_name"])
        if new is None or _cannot_hold(old["field_type"], new["field_type"]):
            _delete_values(context, old["field_name"], keep=())
        elif new["field_type"] == "checkbox":
            codes = design.parse_choices(new["select_choices_or_calculations"])
            _delete_values(context, old["field_name"], keep=[code for code, _ in codes])


def _move_values(
    context: Context, before: Sequence[sqlite3.Row], now: Mapping[str, Mapping[str, str]]
) -> None:
    """Let the values of fields that move follow them to their new instrument.

    Values are kept by record, event, field and instance (knowledge base: a moved field keeps its
    data); where the new instrument does not repeat, instances above 1 are hidden, not lost
    (inferred from what removing a repeat setting does).
    """
    moved = [
        (new["form_name"], context.project_id, old["field_name"])
        for old in before
        if (new := now.get(old["field_name"])) and new["form_name"] != old["form_name"]
    ]
    context.db.executemany(
        "UPDATE OR REPLACE data SET repeat_form = coalesce((SELECT form_name FROM repeats r"
        " WHERE r.event_id = data.event_id AND r.form_name = ?), '')"
        " WHERE project_id = ? AND field_name = ?",
        moved,
    )


def _cannot_hold(old: str, new: str) -> bool:
    """Tell whether values of one type mean nothing to the other: ticks, documents, plain text."""
    return old != new and (old == "checkbox" or "file" in (old, new))


def _delete_values(context: Context, field: str, *, keep: Sequence[str]) -> None:
    marks = ", ".join("?" * len(keep))
    context.db.execute(
        f"DELETE FROM data WHERE project_id = ? AND field_name = ? AND value NOT IN ({marks})",
        (context.project_id, field, *keep),
    )


def drop_forms(context: Context, gone: Sequence[str]) -> None:
    """Delete what hangs on removed forms: designations, repeats, status, instances, rights.

    The first three are the knowledge base's; the rest is inferred.
    """
    for form in gone:
        for table in ("designations", "repeats", "locks"):
            context.db.execute(
                f"DELETE FROM {table} WHERE project_id = ? AND form_name = ?",
                (context.project_id, form),
            )
        # what its fields held went with them, or moved with them to another instrument
        context.db.execute(
            "DELETE FROM data WHERE project_id = ? AND field_name IN (?, ?)",
            (context.project_id, f"{form}_complete", f"{form}_timestamp"),
        )
    if gone:
        _close_forms(context, gone)


def _close_forms(context: Context, gone: Sequence[str]) -> None:
    for table in ("users", "roles"):
        for row in _holders(context, table):
            for column in ("forms", "forms_export"):
                levels = json.loads(row[column])
                kept = {form: level for form, level in levels.items() if form not in gone}
                _set_forms(context, table, row, column, kept)


def admit_forms(context: Context, new: Sequence[str]) -> None:
    """Open new forms: designated to a classic project's event, usable by whoever imports them.

    In a longitudinal project they are designated to no event. Rights of all others stay as they
    are, that is without access (inferred; clients are recorded to read and write the records of
    forms they have just imported).
    """
    if not schedule.takes_events(context):
        context.db.executemany(
            "INSERT OR IGNORE INTO designations (project_id, event_id, form_name) VALUES (?, ?, ?)",
            [
                (context.project_id, event.event_id, form)
                for event in design.events(context.db, context.project_id)
                for form in new
            ],
        )
    user = context.db.execute(
        "SELECT username, role_id FROM users WHERE project_id = ? AND username = ?",
        (context.project_id, context.caller.username),
    ).fetchone()
    if user is None or not new:
        return
    table = "users" if user["role_id"] is None else "roles"
    key = _KEYS[table]
    access = right_columns.view_and_edit(context.server.settings.version)
    for row in _holders(context, table):
        if row[key] == user[key]:
            for column, level in (("forms", access), ("forms_export", 1)):
                admitted = {**json.loads(row[column]), **dict.fromkeys(new, level)}
                _set_forms(context, table, row, column, admitted)


def _holders(context: Context, table: str) -> list[sqlite3.Row]:
    return context.db.execute(
        f"SELECT * FROM {table} WHERE project_id = ?", (context.project_id,)
    ).fetchall()


def _set_forms(
    context: Context, table: str, row: sqlite3.Row, column: str, levels: Mapping[str, int]
) -> None:
    context.db.execute(
        f"UPDATE {table} SET {column} = ? WHERE project_id = ? AND {_KEYS[table]} = ?",
        (json.dumps(levels), context.project_id, row[_KEYS[table]]),
    )
