"""Who may do what: the rights of a token's user, and the words of each refusal."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from datetime import date

from redcap_iac.emulator.errors import ApiFault, no_import_right, no_permission
from redcap_iac.emulator.registry import ANY_TOKEN, API_EXPORT, API_IMPORT, SUPER_TOKEN, Method
from redcap_iac.emulator.request import Caller

#: How REDCap's pages name what a method asks for.
LABELS = {
    "api_export": "API Export",
    "api_import": "API Import/Update",
    "super_token": "super token",
    "any_token": "any token",
    "record_delete": "Delete Records",
    "design": "Project Design and Setup",
    "user_rights": "User Rights",
    "data_access_groups": "Data Access Groups",
    "logging": "Logging",
    "record_create": "Create Records",
    "record_rename": "Rename Records",
    "file_repository": "File Repository",
}

#: A user of a project with their role and account.
_USERS = (
    "SELECT u.*, r.rights AS role_rights, r.forms AS role_forms, r.forms_export AS role_export,"
    " a.administrator, a.super_token FROM users u LEFT JOIN roles r ON r.role_id = u.role_id"
    " LEFT JOIN accounts a ON a.username = u.username"
)


def caller_of(db: sqlite3.Connection, token: str, today: date) -> Caller:
    """Return whose token it is, with the effective rights: the role's for a role member.

    Raises ApiFault 403 for an unknown token, a user no longer in the project, an expired one.
    """
    account = db.execute(
        "SELECT username FROM accounts WHERE super_token = ?", (token.upper(),)
    ).fetchone()
    if account is not None:
        return Caller(
            username=account["username"],
            project_id=0,
            administrator=True,
            dag_id=None,
            rights={},
            forms={},
            forms_export={},
        )
    row = db.execute(
        f"{_USERS} JOIN tokens t ON u.project_id = t.project_id AND u.username = t.username"
        " WHERE t.token = ?",
        (token.upper(),),
    ).fetchone()
    if row is None or _expired(row, today):
        raise no_permission()
    return _caller(row)


def user_of(db: sqlite3.Connection, project_id: int, username: str, today: date) -> Caller | None:
    """Return a user of a project as REDCap's pages know them; None for others and the expired."""
    row = db.execute(
        f"{_USERS} WHERE u.project_id = ? AND u.username = ?", (project_id, username)
    ).fetchone()
    return None if row is None or _expired(row, today) else _caller(row)


def is_administrator(db: sqlite3.Connection, username: str) -> bool:
    """Tell whether somebody is an administrator of the server."""
    row = db.execute(
        "SELECT administrator, super_token FROM accounts WHERE username = ?", (username,)
    ).fetchone()
    return row is not None and bool(row["administrator"] or row["super_token"])


def _expired(row: sqlite3.Row, today: date) -> bool:
    return bool(row["expiration"] and row["expiration"][:10] <= today.isoformat())


def _caller(row: sqlite3.Row) -> Caller:
    member = row["role_rights"] is not None
    return Caller(
        username=row["username"],
        project_id=row["project_id"],
        administrator=bool(row["administrator"] or row["super_token"]),
        dag_id=row["dag_id"],
        rights=json.loads(row["role_rights"] if member else row["rights"]),
        forms=json.loads(row["role_forms"] if member else row["forms"]),
        forms_export=json.loads(row["role_export"] if member else row["forms_export"]),
    )


def check(caller: Caller, method: Method) -> None:
    """Refuse the caller who lacks what the method asks for, in REDCap's words.

    API rights answer 403, a second right 400 (recorded for DAGs; the same shape inferred for
    the others); the Delete Record text is recorded as 403.
    """
    if ANY_TOKEN in method.rights:
        return
    if caller.is_super != (SUPER_TOKEN in method.rights):
        raise no_permission()
    missing = [
        right
        for right in method.rights
        if right != SUPER_TOKEN and not holds(caller, right, method.writes)
    ]
    if API_IMPORT in missing:
        raise no_import_right()
    if API_EXPORT in missing:
        raise no_permission()
    if missing:
        raise lacking(missing, API_IMPORT if API_IMPORT in method.rights else API_EXPORT)


def holds(caller: Caller, right: str, writes: bool) -> bool:
    """Tell whether the caller holds a right; read-only User Rights (2) does for reading."""
    level = int(caller.rights.get(right, 0))
    if right == "user_rights" and writes:
        return level == 1
    return level > 0


def lacking(missing: Iterable[str], api_right: str) -> ApiFault:
    """Return the refusal for a second right; Delete Record has words of its own (recorded)."""
    names = list(missing)
    if "record_delete" in names:
        return ApiFault("You do not have Delete Record privileges", 403)
    api = "API Import/Update" if api_right == API_IMPORT else "API Export"
    labels = " and ".join(f"'{LABELS.get(name, name)}' privileges" for name in names)
    return ApiFault(
        f"Insufficient user privileges: You must have '{api}' privileges and {labels}"
        " in the project."
    )
