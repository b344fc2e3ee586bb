"""What an administrator does on REDCap's pages and no API method offers."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from redcap_iac.emulator import creation, dumping, locking, names, page_only, right_columns
from redcap_iac.emulator import log as log_lines
from redcap_iac.emulator.clock import local_time
from redcap_iac.emulator.request import Clock, Server
from redcap_iac.emulator.store import Store
from redcap_iac.emulator.switches import Settings, UnknownSwitch, parse_switch
from redcap_iac.emulator.versions import Version

#: Who owns the super token.
ADMINISTRATOR = "admin"
STATUSES = ("development", "production", "analysis")
_HEX64 = re.compile(r"[0-9A-Fa-f]{64}")


@dataclass(frozen=True, slots=True)
class LogEntry:
    """A line of a project's log; `timestamp` is `YYYY-MM-DD HH:MM` in the server's time."""

    timestamp: str
    username: str
    action: str
    details: str


class AdminError(ValueError):
    """A command that cannot be carried out: no such project, user, group, field."""


def remember(store: Store, settings: Settings) -> None:
    """Note in the database how it is served, version and switches, for other processes."""
    noted = (("version", str(settings.version)), ("switches", json.dumps(settings.chosen)))
    with store.transaction() as db:
        db.executemany("INSERT OR REPLACE INTO server (name, value) VALUES (?, ?)", noted)


def remembered(store: Store) -> Settings:
    """Return the version and the switches a database was last served with, else the defaults.

    Raises AdminError for a switch that this version of the emulator does not have.
    """
    with store.transaction() as db:
        noted = {row["name"]: row["value"] for row in db.execute("SELECT * FROM server")}
    if "version" not in noted:
        return Settings()
    chosen = json.loads(noted.get("switches", "[]"))
    try:
        switches = tuple(parse_switch(f"{name}={value}") for name, value in chosen)
    except UnknownSwitch as error:
        raise AdminError(f"{error}; serve the database again") from error
    return Settings(Version.parse(noted["version"]), switches)


def super_token(store: Store, server: Server, wanted: str | None = None) -> str:
    """Return the super token, after setting it when one is given or there is none yet.

    Raises AdminError for anything but 64 hexadecimal digits.
    """
    if wanted is not None and not _HEX64.fullmatch(wanted):
        raise AdminError("a super token is 64 hexadecimal digits")
    with store.transaction() as db:
        creation.add_account(db, ADMINISTRATOR)
        kept = db.execute(
            "SELECT super_token FROM accounts WHERE username = ?", (ADMINISTRATOR,)
        ).fetchone()["super_token"]
        token = str((wanted or kept or names.token(server.chance, 64)).upper())
        db.execute(
            "UPDATE accounts SET administrator = 1, super_token = ? WHERE username = ?",
            (token, ADMINISTRATOR),
        )
    return token


def create_project(
    store: Store,
    server: Server,
    title: str,
    username: str,
    attributes: Mapping[str, str | int] | None = None,
) -> tuple[int, str]:
    """Create a project as REDCap's New Project page does; return (project id, creator's token).

    `attributes` are those of Export Project Information, with numbers as int.
    """
    with store.transaction() as db:
        given = {**(attributes or {}), "project_title": title}
        return creation.create(db, server, username, given)


def token(store: Store, server: Server, project_id: int, username: str) -> str:
    """Return the token of a user of a project; adds the user without rights if need be."""
    with store.transaction() as db:
        project_row(db, project_id)
        if not _is_user(db, project_id, username):
            creation.add_account(db, username)
            _add_without_rights(db, server, project_id, username)
        return creation.add_token(db, server, project_id, username)


def dags(store: Store, project_id: int, username: str, groups: Iterable[str]) -> None:
    """Let a user switch between these groups, given by unique name: the DAG Switcher page.

    Replaces what was set before; the group the user is in now stays.
    """
    with store.transaction() as db:
        project_row(db, project_id)
        if not _is_user(db, project_id, username):
            raise AdminError(f"project {project_id} has no user {username!r}")
        found = {
            row["unique_name"]: row["dag_id"]
            for row in db.execute("SELECT * FROM dags WHERE project_id = ?", (project_id,))
        }
        wanted = list(dict.fromkeys(groups))
        unknown = [name for name in wanted if name not in found]
        if unknown:
            raise AdminError(
                f"project {project_id} has no group {unknown[0]!r}; there are:"
                f" {', '.join(sorted(found)) or 'none'}"
            )
        db.execute(
            "DELETE FROM dag_switcher WHERE project_id = ? AND username = ?",
            (project_id, username),
        )
        db.executemany(
            "INSERT INTO dag_switcher (project_id, username, dag_id) VALUES (?, ?, ?)",
            [(project_id, username, found[name]) for name in wanted],
        )


def report(store: Store, project_id: int, title: str, fields: Iterable[str]) -> int:
    """Add a report that shows these fields, in this order; return its id."""
    with store.transaction() as db:
        project_row(db, project_id)
        known = {
            row["field_name"]
            for row in db.execute(
                "SELECT field_name FROM fields WHERE project_id = ?"
                " UNION SELECT form_name || '_complete' FROM forms WHERE project_id = ?",
                (project_id, project_id),
            )
        }
        wanted = list(fields)
        unknown = [name for name in wanted if name not in known]
        if unknown:
            raise AdminError(f"project {project_id} has no field {unknown[0]!r}")
        cursor = db.execute(
            "INSERT INTO reports (project_id, title, fields) VALUES (?, ?, ?)",
            (project_id, title, json.dumps(wanted)),
        )
        return int(cursor.lastrowid or 0)


def status(store: Store, server: Server, project_id: int, wanted: str) -> None:
    """Move a project to a status; leaving development sets its production time.

    Back in development that time is blank again, and a draft goes with production (inferred).
    """
    if wanted not in STATUSES:
        raise AdminError(f"a status is {', '.join(STATUSES)}, not {wanted!r}")
    with store.transaction() as db:
        project_row(db, project_id)
        now = server.clock().strftime("%Y-%m-%d %H:%M:%S")
        db.execute(
            "UPDATE projects SET status = :wanted, production_time = CASE"
            " WHEN :wanted = 'development' THEN ''"
            " WHEN production_time = '' THEN :now"
            " ELSE production_time END WHERE project_id = :project",
            {"wanted": wanted, "now": now, "project": project_id},
        )
        if wanted != "production":
            db.execute("DELETE FROM drafts WHERE project_id = ?", (project_id,))


def randomization(
    store: Store,
    server: Server,
    project_id: int,
    *,
    enabled: bool,
    username: str = ADMINISTRATOR,
) -> None:
    """Switch the randomization module on or off, as the page of project setup does."""
    with store.transaction() as db:
        settings = json.loads(project_row(db, project_id)["settings"])
        settings["randomization_enabled"] = int(enabled)
        db.execute(
            "UPDATE projects SET settings = ? WHERE project_id = ?",
            (json.dumps(settings, ensure_ascii=False), project_id),
        )
        log_lines.append(
            db, project_id, server.clock(), username, "Manage/Design ", "Modify project settings"
        )


def lock(
    store: Store,
    project_id: int,
    record: str,
    event: str,
    form: str,
    instance: int = 1,
    *,
    esigned: bool = False,
    username: str = ADMINISTRATOR,
    clock: Clock = local_time,
) -> None:
    """Lock an instrument of a record, with an e-signature if asked: the lock on the entry page.

    `event` is a unique name, or blank for the first. Raises AdminError for a place that is not.
    """
    with store.transaction() as db:
        project_row(db, project_id)
        place = _entry(db, project_id, record, event, form, instance)
        locking.lock(db, project_id, place, username, clock(), esigned=esigned)


def unlock(
    store: Store,
    project_id: int,
    record: str,
    event: str,
    form: str,
    instance: int = 1,
    *,
    username: str = ADMINISTRATOR,
    clock: Clock = local_time,
) -> None:
    """Unlock an instrument of a record, which negates its e-signature."""
    with store.transaction() as db:
        project_row(db, project_id)
        place = _entry(db, project_id, record, event, form, instance)
        if not locking.unlock(db, project_id, place, username, clock()):
            raise AdminError(f"the instrument {form!r} is not locked there")


def note(store: Store, project_id: int, kind: str, name: str, text: str) -> None:
    """Add what no API method writes: an alert, a data quality rule, an invitation and so on.

    `kind` is one of `page_only.KINDS`; project XMLs show it. Raises AdminError for another kind.
    """
    if kind not in page_only.KINDS:
        raise AdminError(f"a kind is {', '.join(page_only.KINDS)}, not {kind!r}")
    with store.transaction() as db:
        project_row(db, project_id)
        page_only.add(db, project_id, kind, name, text)


def log(store: Store, project_id: int) -> tuple[LogEntry, ...]:
    """Return a project's log, newest first, page views too."""
    with store.transaction() as db:
        project_row(db, project_id)
        rows = db.execute(
            "SELECT * FROM log WHERE project_id = ? ORDER BY log_id DESC", (project_id,)
        )
        return tuple(
            LogEntry(row["timestamp"], row["username"], row["action"], row["details"])
            for row in rows
        )


def dump(store: Store, project_id: int) -> str:
    """Return all that is kept of a project as JSON: tables, with rows in the order of their key.

    Tokens are left out; what is kept as JSON stands as JSON, bytes as base64.
    """
    with store.transaction() as db:
        project_row(db, project_id)
        return dumping.text(db, project_id)


def project_row(db: sqlite3.Connection, project_id: int) -> sqlite3.Row:
    """Return a project as it is stored; raises AdminError when there is none."""
    row: sqlite3.Row | None = db.execute(
        "SELECT * FROM projects WHERE project_id = ?", (project_id,)
    ).fetchone()
    if row is None:
        raise AdminError(f"no project {project_id}")
    return row


def _is_user(db: sqlite3.Connection, project_id: int, username: str) -> bool:
    found = db.execute(
        "SELECT 1 FROM users WHERE project_id = ? AND username = ?", (project_id, username)
    ).fetchone()
    return found is not None


def _add_without_rights(
    db: sqlite3.Connection, server: Server, project_id: int, username: str
) -> None:
    version = server.settings.version
    forms = [
        row["form_name"]
        for row in db.execute("SELECT form_name FROM forms WHERE project_id = ?", (project_id,))
    ]
    creation.add_user(
        db,
        project_id,
        username,
        right_columns.no_rights(version),
        dict.fromkeys(forms, right_columns.no_access(version)),
        dict.fromkeys(forms, right_columns.EXPORT_NONE),
    )


def _entry(
    db: sqlite3.Connection, project_id: int, record: str, event: str, form: str, instance: int
) -> locking.Place:
    """Return where an instrument of a record is; raises AdminError when it is nowhere."""
    try:
        return locking.place(db, project_id, record, event, form, instance)
    except locking.NoSuchPlace as error:
        raise AdminError(str(error)) from error
