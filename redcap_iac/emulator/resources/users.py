"""Users of a project: content `user`.

A role member shows the role's rights while their own stay stored (recorded), and cannot be
imported (recorded). A row without a group takes the user out of theirs (recorded; a switch).
"""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass
from datetime import date

from redcap_iac.emulator import log, payload, people, right_columns, rights
from redcap_iac.emulator.granted import Granted, Reading, Scale
from redcap_iac.emulator.registry import API_EXPORT, API_IMPORT, method
from redcap_iac.emulator.request import Context
from redcap_iac.emulator.versions import DAG_LABEL, Version
from redcap_iac.emulator.wire import Cell, Count, Row, Rows

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class _Wanted:
    username: str
    expiration: str
    dag_id: int | None
    granted: Granted
    is_new: bool


def columns(version: Version, features: frozenset[str]) -> tuple[str, ...]:
    """Return the columns of Export Users in order; the group's label came with 16.0 (recorded)."""
    label = ("data_access_group_label",) if version >= DAG_LABEL else ()
    return (
        "username",
        "email",
        "firstname",
        "lastname",
        "expiration",
        "data_access_group",
        "data_access_group_id",
        *label,
        *right_columns.user_columns(version, features),
    )


@method("user", "export", "Export Users", API_EXPORT, "user_rights")
def export_users(context: Context) -> Rows:
    """Answer every user with their effective rights, the creator first (inferred)."""
    scale = Scale.of(context)
    found = context.db.execute(
        "SELECT u.username, u.expiration, a.email, a.firstname, a.lastname,"
        " d.dag_id, d.name AS dag_name, d.unique_name AS dag_unique,"
        " COALESCE(r.rights, u.rights) AS rights, COALESCE(r.forms, u.forms) AS forms,"
        " COALESCE(r.forms_export, u.forms_export) AS forms_export FROM users u"
        " LEFT JOIN roles r ON r.role_id = u.role_id LEFT JOIN dags d ON d.dag_id = u.dag_id"
        " LEFT JOIN accounts a ON a.username = u.username"
        " WHERE u.project_id = ? ORDER BY u.position, u.username",
        (context.project_id,),
    ).fetchall()
    log.design(context, "Export users (API)")
    rows = [_exported(row, scale) for row in found]
    return Rows(columns(scale.version, scale.features), rows, root="users")


def _exported(row: sqlite3.Row, scale: Scale) -> dict[str, Cell]:
    return {
        "username": row["username"],
        # empty for a username without an account (recorded)
        "email": row["email"] or "",
        "firstname": row["firstname"] or "",
        "lastname": row["lastname"] or "",
        "expiration": row["expiration"],
        "data_access_group": row["dag_unique"] or "",
        "data_access_group_id": row["dag_id"] or "",
        "data_access_group_label": row["dag_name"] or "",
        **scale.cells(Granted.of(row)),
    }


@method("user", "import", "Import Users", API_IMPORT, "user_rights")
def import_users(context: Context) -> Count:
    """Add or change users; answers how many rows came."""
    rows = people.imported(context)
    faults: list[str] = []
    names = people.usernames(rows, faults)
    scale = Scale.of(context)
    wanted = [
        _wanted(context, scale, name, row, faults)
        for name, row in zip(names, rows, strict=True)
        if name
    ]
    payload.refuse_all(faults)
    for user in wanted:
        _write(context, user)
    return Count(len(rows))


def _wanted(context: Context, scale: Scale, username: str, row: Row, faults: list[str]) -> _Wanted:
    stored = context.db.execute(
        "SELECT * FROM users WHERE project_id = ? AND username = ?",
        (context.project_id, username),
    ).fetchone()
    if stored is not None and stored["role_id"] is not None:
        faults.append(
            f'The user "{stored["username"]}" cannot have their user privileges modified because'
            " the user belongs to a user role. Users in roles cannot have their privileges"
            " modified via the 'Import User' API method."
        )
    if stored is None and not _may_be_added(context, username):
        faults.append(f'The username "{username}" does not have an account.')
    before = scale.nothing() if stored is None else Granted.of(stored)
    reading = Reading(scale, f'user "{username}"', faults)
    return _Wanted(
        username=username if stored is None else stored["username"],
        expiration=_expiration(username, row, stored, faults),
        dag_id=_dag(context, username, row, stored, faults),
        granted=reading.over(before, _with_data_export(row, scale)),
        is_new=stored is None,
    )


def _may_be_added(context: Context, username: str) -> bool:
    """A username without an account is accepted (recorded), unless accounts are strict."""
    if context.switch("strict_accounts", "off"):
        return True
    found = context.db.execute("SELECT 1 FROM accounts WHERE username = ?", (username,))
    return found.fetchone() is not None


def _expiration(username: str, row: Row, stored: sqlite3.Row | None, faults: list[str]) -> str:
    """Only `YYYY-MM-DD` is taken (documented), blank clears (inferred), absent keeps."""
    if "expiration" not in row:
        return "" if stored is None else str(stored["expiration"])
    given = people.text(row, "expiration")
    if given and not _is_date(given):
        faults.append(
            f'The expiration "{given}" of the user "{username}" is not a date of the form'
            " YYYY-MM-DD."
        )
    return given


def _is_date(value: str) -> bool:
    if not _DATE.fullmatch(value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _dag(
    context: Context, username: str, row: Row, stored: sqlite3.Row | None, faults: list[str]
) -> int | None:
    """An omitted group clears (recorded; switch `user_import_without_dag`), a blank one too."""
    if "data_access_group" not in row and context.switch("user_import_without_dag", "keep"):
        return None if stored is None else stored["dag_id"]
    name = people.text(row, "data_access_group")
    found = people.dag_ids(context.db, context.project_id).get(name)
    if name and found is None:
        faults.append(people.unknown_dag(name, username))
    return found


def _with_data_export(row: Row, scale: Scale) -> Row:
    """Spread the older `data_export`, one level for all instruments, where no map is given.

    The column is documented as importable though no longer exported.
    """
    level = people.text(row, "data_export")
    if not level or "forms_export" in row:
        return row
    return {**row, "forms_export": ",".join(f"{form}:{level}" for form in scale.forms)}


def _write(context: Context, user: _Wanted) -> None:
    key = (context.project_id, user.username)
    if user.is_new:
        context.db.execute(
            "INSERT INTO users (project_id, username, position) SELECT ?, ?,"
            " COALESCE(MAX(position), 0) + 1 FROM users WHERE project_id = ?",
            (*key, context.project_id),
        )
    context.db.execute(
        "UPDATE users SET expiration = ?, dag_id = ?, rights = ?, forms = ?, forms_export = ?"
        " WHERE project_id = ? AND username = ?",
        (user.expiration, user.dag_id, *user.granted.stored(), *key),
    )
    _log(context, "Add user" if user.is_new else "Edit user", user.username)


@method("user", "delete", "Delete Users", API_IMPORT, "user_rights")
def delete_users(context: Context) -> Count:
    """Take users out of the project; unknown ones are ignored and not counted (documented).

    Asks for the Delete Record right too (recorded; switch `delete_users_needs_record_delete`).
    Deleting oneself is not prevented (inferred).
    """
    needs_delete = context.switch("delete_users_needs_record_delete", "on")
    if needs_delete and not rights.holds(context.caller, "record_delete", writes=True):
        raise rights.lacking(["record_delete"], API_IMPORT)
    known = people.users_by_name(context.db, context.project_id)
    named = {name.casefold() for name in people.to_delete(context, "users")}
    leaving = [known[name].username for name in sorted(named & known.keys())]
    for username in leaving:
        for table in ("users", "tokens", "dag_switcher"):
            context.db.execute(
                f"DELETE FROM {table} WHERE project_id = ? AND username = ?",
                (context.project_id, username),
            )
        _log(context, "Delete user", username)
    return Count(len(leaving))


def _log(context: Context, action: str, username: str) -> None:
    log.write(context, action, f"user = '{username}'", logtype="user")
