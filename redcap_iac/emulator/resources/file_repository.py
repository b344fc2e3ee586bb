"""The File Repository: folders and files of a project, outside its records.

Recorded: the columns of the list, the sentence for a folder that is not there. A folder may be kept
to one DAG or one role (documented). Rights: API Export or Import/Update, with File Repository.
"""

from __future__ import annotations

import sqlite3

from redcap_iac.emulator import log
from redcap_iac.emulator.errors import ApiFault
from redcap_iac.emulator.registry import API_EXPORT, API_IMPORT, method
from redcap_iac.emulator.request import Context
from redcap_iac.emulator.resources import files
from redcap_iac.emulator.versions import FILE_LIST_SIX_COLUMNS
from redcap_iac.emulator.wire import Answer, Binary, Row, Rows, Text

_LONGEST_NAME = 150


@method(
    "fileRepository",
    "createFolder",
    "Create a New Folder in the File Repository",
    API_IMPORT,
    "file_repository",
)
def create_folder(context: Context) -> Answer:
    """Make a folder and answer its id, one row with the column `folder_id`."""
    name = context.request.text("name").strip()
    if not name or len(name) > _LONGEST_NAME:
        raise ApiFault('The value of the parameter "name" is not valid')
    cursor = context.db.execute(
        "INSERT INTO folders (project_id, name, parent_id, dag_id, role_id) VALUES (?, ?, ?, ?, ?)",
        (
            context.project_id,
            name,
            _folder(context),
            _owner(context, "dag_id", "dags"),
            _owner(context, "role_id", "roles"),
        ),
    )
    log.design(context, "Create folder in File Repository (API)")
    return Rows(("folder_id",), [{"folder_id": int(cursor.lastrowid or 0)}], root="items")


@method(
    "fileRepository",
    "list",
    "Export a List of Files/Folders from the File Repository",
    API_EXPORT,
    "file_repository",
)
def list_folder(context: Context) -> Answer:
    """Answer the folders, then the files, directly in a folder or at the top."""
    parent = _folder(context)
    rows: list[Row] = [
        _line(context, folder_id=row["folder_id"], name=row["name"], dag=row["dag_id"],
              role=row["role_id"])
        for row in _folders(context)
        if row["parent_id"] == parent
    ]  # fmt: skip
    found = context.db.execute(
        "SELECT doc_id, name, uploaded FROM files WHERE project_id = ? AND in_repository = 1"
        " AND folder_id IS ? ORDER BY doc_id",
        (context.project_id, parent),
    )
    rows += [
        _line(context, doc_id=row["doc_id"], name=row["name"], uploaded=row["uploaded"])
        for row in found
    ]
    return Rows(_columns(context), rows, root="items")


@method(
    "fileRepository",
    "export",
    "Export a File from the File Repository",
    API_EXPORT,
    "file_repository",
)
def export_file(context: Context) -> Answer:
    """Answer the bytes of a file, with its name in the content type."""
    row = _file(context)
    log.write(context, "Download file from File Repository (API)", row["name"], logtype="export")
    return Binary(row["content"], row["mime_type"], row["name"])


@method(
    "fileRepository",
    "import",
    "Import a File into the File Repository",
    API_IMPORT,
    "file_repository",
)
def import_file(context: Context) -> Answer:
    """Store a file in a folder or at the top; the body of the answer is empty."""
    folder_id = _folder(context)
    files.keep(context, files.uploaded(context), folder_id=folder_id, in_repository=True)
    log.design(context, "Upload file to File Repository (API)")
    return Text("")


@method(
    "fileRepository",
    "delete",
    "Delete a File from the File Repository",
    API_IMPORT,
    "file_repository",
)
def delete_file(context: Context) -> Answer:
    """Remove a file; REDCap keeps it in a bin for thirty days, which no API method shows."""
    row = _file(context)
    context.db.execute("DELETE FROM files WHERE doc_id = ?", (row["doc_id"],))
    log.design(context, "Delete file from File Repository (API)")
    return Text("")


def _columns(context: Context) -> tuple[str, ...]:
    """Return the columns of the list: five recorded; a sixth since 16.0.8, whose name is unknown.

    The sixth stands here as the time of the upload (inferred).
    """
    five = ("folder_id", "doc_id", "name", "role", "dag")
    six = context.server.settings.version >= FILE_LIST_SIX_COLUMNS
    return (*five, "uploaded") if six else five


def _line(
    context: Context,
    *,
    name: str,
    folder_id: int | None = None,
    doc_id: int | None = None,
    role: int | None = None,
    dag: int | None = None,
    uploaded: str = "",
) -> Row:
    return {
        "folder_id": "" if folder_id is None else folder_id,
        "doc_id": "" if doc_id is None else doc_id,
        "name": name,
        "role": _name(context, "roles", "label", "role_id", role),
        "dag": _name(context, "dags", "name", "dag_id", dag),
        "uploaded": uploaded,
    }


def _name(context: Context, table: str, column: str, key: str, value: int | None) -> str:
    row = context.db.execute(
        f"SELECT {column} AS name FROM {table} WHERE project_id = ? AND {key} = ?",
        (context.project_id, value),
    ).fetchone()
    return "" if row is None else str(row["name"])


def _folders(context: Context) -> list[sqlite3.Row]:
    """Return the folders the caller may open: those of no DAG or role, and of their own."""
    return context.db.execute(
        "SELECT f.* FROM folders f LEFT JOIN users u ON u.project_id = f.project_id"
        " AND u.username = ? WHERE f.project_id = ?"
        " AND (f.dag_id IS NULL OR u.dag_id IS NULL OR f.dag_id = u.dag_id)"
        " AND (f.role_id IS NULL OR u.role_id IS NULL OR f.role_id = u.role_id)"
        " ORDER BY f.folder_id",
        (context.caller.username, context.project_id),
    ).fetchall()


def _folder(context: Context) -> int | None:
    """Return the id of the folder asked for, None for the top (recorded sentence otherwise)."""
    text = context.request.text("folder_id")
    if not text:
        return None
    for row in _folders(context):
        if str(row["folder_id"]) == text:
            return int(row["folder_id"])
    raise ApiFault(
        f"The File Repository folder folder_id={text} does not exist or else you do not have"
        " permission to that folder because it is DAG-restricted or Role-restricted."
    )


def _owner(context: Context, parameter: str, table: str) -> int | None:
    """Return the DAG or role a new folder is kept to; refuses one that is not there."""
    text = context.request.text(parameter)
    if not text:
        return None
    row = context.db.execute(
        f"SELECT {parameter} AS id FROM {table} WHERE project_id = ? AND {parameter} = ?",
        (context.project_id, text),
    ).fetchone()
    if row is None:
        raise ApiFault(f'The value of the parameter "{parameter}" is not valid')
    return int(row["id"])


def _file(context: Context) -> sqlite3.Row:
    """Return the file asked for; one in a folder the caller may not open is not there."""
    open_folders = {row["folder_id"] for row in _folders(context)}
    row: sqlite3.Row | None = context.db.execute(
        "SELECT * FROM files WHERE project_id = ? AND in_repository = 1 AND doc_id = ?",
        (context.project_id, context.request.text("doc_id")),
    ).fetchone()
    if row is None or (row["folder_id"] is not None and row["folder_id"] not in open_folders):
        raise ApiFault('The value of the parameter "doc_id" is not valid')
    return row
