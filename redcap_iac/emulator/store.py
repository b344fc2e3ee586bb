"""What the emulator remembers: one SQLite database, one transaction per request."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SCHEMA = """
CREATE TABLE IF NOT EXISTS server (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS accounts (
    username TEXT PRIMARY KEY COLLATE NOCASE, email TEXT NOT NULL DEFAULT '',
    firstname TEXT NOT NULL DEFAULT '', lastname TEXT NOT NULL DEFAULT '',
    administrator INTEGER NOT NULL DEFAULT 0, super_token TEXT UNIQUE);
CREATE TABLE IF NOT EXISTS projects (
    project_id INTEGER PRIMARY KEY AUTOINCREMENT,
    status TEXT NOT NULL DEFAULT 'development'
        CHECK (status IN ('development', 'production', 'analysis')),
    creation_time TEXT NOT NULL, production_time TEXT NOT NULL DEFAULT '',
    settings TEXT NOT NULL DEFAULT '{}',
    extras TEXT NOT NULL DEFAULT '{}');
CREATE TABLE IF NOT EXISTS tokens (
    token TEXT PRIMARY KEY, project_id INTEGER NOT NULL, username TEXT NOT NULL COLLATE NOCASE,
    UNIQUE (project_id, username));
CREATE TABLE IF NOT EXISTS forms (
    project_id INTEGER NOT NULL, form_name TEXT NOT NULL, label TEXT NOT NULL,
    position INTEGER NOT NULL, PRIMARY KEY (project_id, form_name));
CREATE TABLE IF NOT EXISTS fields (
    project_id INTEGER NOT NULL, position INTEGER NOT NULL, field_name TEXT NOT NULL,
    form_name TEXT NOT NULL, section_header TEXT NOT NULL DEFAULT '', field_type TEXT NOT NULL,
    field_label TEXT NOT NULL DEFAULT '', select_choices_or_calculations TEXT NOT NULL DEFAULT '',
    field_note TEXT NOT NULL DEFAULT '',
    text_validation_type_or_show_slider_number TEXT NOT NULL DEFAULT '',
    text_validation_min TEXT NOT NULL DEFAULT '', text_validation_max TEXT NOT NULL DEFAULT '',
    identifier TEXT NOT NULL DEFAULT '', branching_logic TEXT NOT NULL DEFAULT '',
    required_field TEXT NOT NULL DEFAULT '', custom_alignment TEXT NOT NULL DEFAULT '',
    question_number TEXT NOT NULL DEFAULT '', matrix_group_name TEXT NOT NULL DEFAULT '',
    matrix_ranking TEXT NOT NULL DEFAULT '', field_annotation TEXT NOT NULL DEFAULT '',
    extras TEXT NOT NULL DEFAULT '{}',
    PRIMARY KEY (project_id, field_name));
CREATE TABLE IF NOT EXISTS arms (
    project_id INTEGER NOT NULL, arm_num INTEGER NOT NULL, name TEXT NOT NULL,
    PRIMARY KEY (project_id, arm_num));
CREATE TABLE IF NOT EXISTS events (
    event_id INTEGER PRIMARY KEY AUTOINCREMENT, project_id INTEGER NOT NULL,
    arm_num INTEGER NOT NULL, name TEXT NOT NULL, unique_name TEXT NOT NULL,
    day_offset REAL NOT NULL DEFAULT 0, offset_min REAL NOT NULL DEFAULT 0,
    offset_max REAL NOT NULL DEFAULT 0, custom_label TEXT NOT NULL DEFAULT '',
    UNIQUE (project_id, unique_name));
CREATE TABLE IF NOT EXISTS designations (
    project_id INTEGER NOT NULL, event_id INTEGER NOT NULL, form_name TEXT NOT NULL,
    PRIMARY KEY (event_id, form_name));
-- form_name '' is a whole repeating event
CREATE TABLE IF NOT EXISTS repeats (
    project_id INTEGER NOT NULL, event_id INTEGER NOT NULL, form_name TEXT NOT NULL DEFAULT '',
    label TEXT NOT NULL DEFAULT '', PRIMARY KEY (event_id, form_name));
CREATE TABLE IF NOT EXISTS dags (
    dag_id INTEGER PRIMARY KEY AUTOINCREMENT, project_id INTEGER NOT NULL, name TEXT NOT NULL,
    unique_name TEXT NOT NULL, UNIQUE (project_id, unique_name));
CREATE TABLE IF NOT EXISTS dag_switcher (
    project_id INTEGER NOT NULL, username TEXT NOT NULL COLLATE NOCASE, dag_id INTEGER NOT NULL,
    PRIMARY KEY (project_id, username, dag_id));
CREATE TABLE IF NOT EXISTS roles (
    role_id INTEGER PRIMARY KEY AUTOINCREMENT, project_id INTEGER NOT NULL, label TEXT NOT NULL,
    unique_name TEXT NOT NULL, rights TEXT NOT NULL DEFAULT '{}',
    forms TEXT NOT NULL DEFAULT '{}', forms_export TEXT NOT NULL DEFAULT '{}',
    UNIQUE (project_id, unique_name));
-- rights, forms and forms_export are JSON objects of integers, the user's own even in a role;
-- form rights are stored in the coding of the server's version
CREATE TABLE IF NOT EXISTS users (
    project_id INTEGER NOT NULL, username TEXT NOT NULL COLLATE NOCASE,
    expiration TEXT NOT NULL DEFAULT '', dag_id INTEGER, role_id INTEGER,
    rights TEXT NOT NULL DEFAULT '{}', forms TEXT NOT NULL DEFAULT '{}',
    forms_export TEXT NOT NULL DEFAULT '{}', position INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (project_id, username));
CREATE TABLE IF NOT EXISTS records (
    project_id INTEGER NOT NULL, arm_num INTEGER NOT NULL, record TEXT NOT NULL, dag_id INTEGER,
    PRIMARY KEY (project_id, arm_num, record));
-- one row per value; a ticked checkbox choice is a row with the code as value;
-- repeat_form is '' outside repeating instruments, instance 1 outside any repeat
CREATE TABLE IF NOT EXISTS data (
    project_id INTEGER NOT NULL, event_id INTEGER NOT NULL, record TEXT NOT NULL,
    repeat_form TEXT NOT NULL DEFAULT '', instance INTEGER NOT NULL DEFAULT 1,
    field_name TEXT NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (project_id, record, event_id, repeat_form, instance, field_name, value));
CREATE INDEX IF NOT EXISTS data_by_field ON data (project_id, field_name);
CREATE INDEX IF NOT EXISTS data_by_event ON data (event_id);
CREATE TABLE IF NOT EXISTS files (
    doc_id INTEGER PRIMARY KEY AUTOINCREMENT, project_id INTEGER NOT NULL, name TEXT NOT NULL,
    mime_type TEXT NOT NULL, content BLOB NOT NULL, in_repository INTEGER NOT NULL DEFAULT 0,
    folder_id INTEGER, uploaded TEXT NOT NULL DEFAULT '', username TEXT NOT NULL DEFAULT '');
CREATE TABLE IF NOT EXISTS folders (
    folder_id INTEGER PRIMARY KEY AUTOINCREMENT, project_id INTEGER NOT NULL, name TEXT NOT NULL,
    parent_id INTEGER, dag_id INTEGER, role_id INTEGER);
CREATE TABLE IF NOT EXISTS reports (
    report_id INTEGER PRIMARY KEY AUTOINCREMENT, project_id INTEGER NOT NULL, title TEXT NOT NULL,
    fields TEXT NOT NULL);
-- the draft of a production project; `dictionary` is a JSON list of rows of 18 cells
CREATE TABLE IF NOT EXISTS drafts (
    project_id INTEGER PRIMARY KEY,
    state TEXT NOT NULL CHECK (state IN ('drafting', 'review')),
    dictionary TEXT NOT NULL, submitted_by TEXT NOT NULL DEFAULT '');
-- instruments of records that are locked, as the lock on the data entry page does
CREATE TABLE IF NOT EXISTS locks (
    project_id INTEGER NOT NULL, event_id INTEGER NOT NULL, record TEXT NOT NULL,
    form_name TEXT NOT NULL, instance INTEGER NOT NULL DEFAULT 1,
    username TEXT NOT NULL COLLATE NOCASE, timestamp TEXT NOT NULL,
    esigned INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (project_id, record, event_id, form_name, instance));
CREATE TABLE IF NOT EXISTS log (
    log_id INTEGER PRIMARY KEY AUTOINCREMENT, project_id INTEGER NOT NULL, timestamp TEXT NOT NULL,
    username TEXT NOT NULL, action TEXT NOT NULL, details TEXT NOT NULL,
    record TEXT NOT NULL DEFAULT '', logtype TEXT NOT NULL, dag_id INTEGER);
CREATE INDEX IF NOT EXISTS log_by_project ON log (project_id, log_id);
"""


class Store:
    """A database file, or memory; safe to use from many threads and, as a file, many processes.

    One connection serves a process, one transaction at a time: SQLite writes one at a time
    anyway, and its own waiting between threads is not fair.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(
            ":memory:" if path is None else path,
            timeout=60,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            self._prepare(on_disk=path is not None)
        except BaseException:
            self.close()
            raise

    def _prepare(self, *, on_disk: bool) -> None:
        self._connection.row_factory = sqlite3.Row
        if on_disk:
            self._connection.execute("PRAGMA journal_mode=WAL")
            # FULL: what was answered survives a kill and a power cut
            self._connection.execute("PRAGMA synchronous=FULL")
        with self.transaction() as db:
            for statement in _SCHEMA.split(";\n"):
                if statement.strip():
                    db.execute(statement)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Open a transaction that takes the write lock at once; an exception rolls it back."""
        with self._lock:
            db = self._connection
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.execute("COMMIT")
            except BaseException:
                db.rollback()
                raise

    def close(self) -> None:
        """Close the database; the store is not usable afterwards."""
        with self._lock:
            self._connection.close()
