"""A project as it is when it has just been created, by API or by an administrator."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping

from redcap_iac.emulator import names, right_columns
from redcap_iac.emulator.request import Server

#: Every stored attribute of Export Project Information with the value of a new project;
#: those that are counted or derived (ids, times, status) are columns or computed.
NEW_PROJECT: Mapping[str, str | int] = {
    "project_title": "",
    "project_language": "English",
    "purpose": 0,
    "purpose_other": "",
    "project_notes": "",
    "custom_record_label": "",
    "secondary_unique_field": "",
    "is_longitudinal": 0,
    "surveys_enabled": 0,
    "scheduling_enabled": 0,
    "record_autonumbering_enabled": 1,
    "randomization_enabled": 0,
    "ddp_enabled": 0,
    "project_irb_number": "",
    "project_grant_number": "",
    "project_pi_firstname": "",
    "project_pi_lastname": "",
    "project_pi_email": "",
    "display_today_now_button": 1,
    "missing_data_codes": "",
    "external_modules": "",
    "bypass_branching_erase_field_prompt": 0,
}

_FORM, _FORM_LABEL = "form_1", "Form 1"
_RECORD_ID, _RECORD_ID_LABEL = "record_id", "Record ID"


def create(
    db: sqlite3.Connection, server: Server, username: str, attributes: Mapping[str, str | int]
) -> tuple[int, str]:
    """Create a project with its seeds, its creator and his token; return (project id, token).

    One form with the record ID field, one arm with one event, which a classic project hides
    (documented; that the event exists in a classic project too is inferred).
    """
    project_id = _project_row(db, server, attributes)
    event_id = _seed_event(db, project_id)
    _seed_form(db, project_id, event_id)
    add_account(db, username)
    _creator(db, server, project_id, username)
    return project_id, add_token(db, server, project_id, username)


def add_account(db: sqlite3.Connection, username: str) -> None:
    """Make sure that somebody has an account on the server."""
    db.execute("INSERT OR IGNORE INTO accounts (username) VALUES (?)", (username,))


def add_token(db: sqlite3.Connection, server: Server, project_id: int, username: str) -> str:
    """Return the token of a user of a project, a new one when there is none yet."""
    row = db.execute(
        "SELECT token FROM tokens WHERE project_id = ? AND username = ?", (project_id, username)
    ).fetchone()
    if row is not None:
        return str(row["token"])
    token = names.token(server.chance)
    db.execute(
        "INSERT INTO tokens (token, project_id, username) VALUES (?, ?, ?)",
        (token, project_id, username),
    )
    return token


def add_user(
    db: sqlite3.Connection,
    project_id: int,
    username: str,
    rights: Mapping[str, int],
    forms: Mapping[str, int],
    forms_export: Mapping[str, int],
) -> None:
    """Add a user to a project, last in the order of Export Users."""
    db.execute(
        "INSERT INTO users (project_id, username, rights, forms, forms_export, position)"
        " VALUES (?, ?, ?, ?, ?,"
        " (SELECT COALESCE(MAX(position), 0) + 1 FROM users WHERE project_id = ?))",
        (
            project_id,
            username,
            json.dumps(dict(rights)),
            json.dumps(dict(forms)),
            json.dumps(dict(forms_export)),
            project_id,
        ),
    )


def _project_row(
    db: sqlite3.Connection, server: Server, attributes: Mapping[str, str | int]
) -> int:
    cursor = db.execute(
        "INSERT INTO projects (creation_time, settings) VALUES (?, ?)",
        (
            server.clock().strftime("%Y-%m-%d %H:%M:%S"),
            json.dumps({**NEW_PROJECT, **attributes}, ensure_ascii=False),
        ),
    )
    return int(cursor.lastrowid or 0)


def _seed_event(db: sqlite3.Connection, project_id: int) -> int:
    db.execute("INSERT INTO arms (project_id, arm_num, name) VALUES (?, 1, 'Arm 1')", (project_id,))
    cursor = db.execute(
        "INSERT INTO events (project_id, arm_num, name, unique_name, day_offset)"
        " VALUES (?, 1, 'Event 1', 'event_1_arm_1', 1)",
        (project_id,),
    )
    return int(cursor.lastrowid or 0)


def _seed_form(db: sqlite3.Connection, project_id: int, event_id: int) -> None:
    db.execute(
        "INSERT INTO forms (project_id, form_name, label, position) VALUES (?, ?, ?, 1)",
        (project_id, _FORM, _FORM_LABEL),
    )
    db.execute(
        "INSERT INTO fields (project_id, position, field_name, form_name, field_type, field_label)"
        " VALUES (?, 1, ?, ?, 'text', ?)",
        (project_id, _RECORD_ID, _FORM, _RECORD_ID_LABEL),
    )
    db.execute(
        "INSERT INTO designations (project_id, event_id, form_name) VALUES (?, ?, ?)",
        (project_id, event_id, _FORM),
    )


def _creator(db: sqlite3.Connection, server: Server, project_id: int, username: str) -> None:
    version = server.settings.version
    add_user(
        db,
        project_id,
        username,
        right_columns.creator_rights(version),
        {_FORM: right_columns.view_and_edit(version)},
        {_FORM: right_columns.EXPORT_FULL},
    )
