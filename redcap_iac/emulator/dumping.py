"""All that is kept of a project, as JSON."""

from __future__ import annotations

import base64
import json
import sqlite3

_JSON_COLUMNS = frozenset(
    {"settings", "extras", "rights", "forms", "forms_export", "fields", "dictionary"}
)


def text(db: sqlite3.Connection, project_id: int) -> str:
    """Return every table's rows of a project in the order of their key, tokens left out."""
    tables = {name: _rows(db, name, project_id) for name in _tables_of_projects(db)}
    return json.dumps(tables, ensure_ascii=False, indent=2, sort_keys=True)


def _tables_of_projects(db: sqlite3.Connection) -> list[str]:
    tables = [
        row["name"] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    ]
    return [
        name
        for name in tables
        if name != "tokens" and "project_id" in [column for column, _ in _columns(db, name)]
    ]


def _columns(db: sqlite3.Connection, table: str) -> list[tuple[str, int]]:
    """Return the columns of a table, each with its place in the primary key, 0 for none."""
    return [(row["name"], row["pk"]) for row in db.execute(f"PRAGMA table_info({table})")]


def _rows(db: sqlite3.Connection, table: str, project_id: int) -> list[dict[str, object]]:
    columns = _columns(db, table)
    keys = [name for name, place in sorted(columns, key=lambda column: column[1]) if place]
    found = db.execute(
        f"SELECT * FROM {table} WHERE project_id = ? ORDER BY {', '.join(keys)}", (project_id,)
    )
    return [{name: _shown(name, row[name]) for name, _ in columns} for row in found]


def _shown(column: str, value: object) -> object:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, str) and column in _JSON_COLUMNS:
        loaded: object = json.loads(value)
        return loaded
    return value
