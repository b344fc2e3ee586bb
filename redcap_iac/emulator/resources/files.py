"""Files in records (`content=file`): export, import, delete.

Recorded: `The field 'x' does not exist or is not a 'file' field` (400), and the name and character
set in the content type of an export. Success of an import or a delete is an empty body (inferred
from clients that look for nothing but an error). Other words are inferred.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from redcap_iac.emulator import locking, log
from redcap_iac.emulator.design import Event
from redcap_iac.emulator.errors import ApiFault
from redcap_iac.emulator.registry import API_EXPORT, API_IMPORT, method
from redcap_iac.emulator.request import Context, Upload, instance_number
from redcap_iac.emulator.resources.records import selection, shape, store
from redcap_iac.emulator.resources.records.shape import Shape
from redcap_iac.emulator.wire import Answer, Binary, Text


@dataclass(frozen=True, slots=True)
class Place:
    """Which file: of a record, in a field, at an event, in an instance."""

    record: str
    field: str
    event: Event
    repeat_form: str
    instance: int

    @property
    def stored(self) -> store.Place:
        """Where the document id is stored."""
        return (self.event.event_id, self.record, self.instance, self.field)


@method("file", "export", "Export a File", API_EXPORT)
def export_file(context: Context) -> Answer:
    """Answer the bytes of a file, with its name in the content type."""
    place = _place(context)
    row = _document(context, place)
    if row is None:
        raise _no_file()
    _log(context, "Download uploaded document (API)", place)
    return Binary(row["content"], row["mime_type"], row["name"])


@method("file", "import", "Import a File", API_IMPORT)
def import_file(context: Context) -> Answer:
    """Store a file, in place of the one that was there."""
    place = _place(context)
    _refuse_locked(context, place)
    upload = uploaded(context)
    _refuse_signature(context, place.field)
    _remove(context, place)
    doc_id = keep(context, upload)
    store.put(
        context.db,
        context.project_id,
        place.record,
        place.event,
        place.repeat_form,
        place.instance,
        place.field,
        str(doc_id),
    )
    _log(context, f"Update record (API) {place.record}", place)
    return Text("")


@method("file", "delete", "Delete a File", API_IMPORT)
def delete_file(context: Context) -> Answer:
    """Remove a file from a record; there is no way back."""
    place = _place(context)
    _refuse_locked(context, place)
    if _document(context, place) is None:
        raise _no_file()
    _remove(context, place)
    _log(context, f"Update record (API) {place.record}", place)
    return Text("")


def uploaded(context: Context) -> Upload:
    """Return the uploaded file; refuses a request without one."""
    if context.request.upload is None:
        raise ApiFault("No file was uploaded")
    return context.request.upload


def keep(context: Context, upload: Upload, *, folder_id: int | None = None,
         in_repository: bool = False) -> int:  # fmt: skip
    """Store a file and return its document id."""
    cursor = context.db.execute(
        "INSERT INTO files (project_id, name, mime_type, content, in_repository, folder_id,"
        " uploaded, username) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            context.project_id,
            upload.name,
            upload.mime_type or "application/octet-stream",
            upload.content,
            int(in_repository),
            folder_id,
            context.server.clock().strftime("%Y-%m-%d %H:%M:%S"),
            context.caller.username,
        ),
    )
    return int(cursor.lastrowid or 0)


def _place(context: Context) -> Place:
    project = shape.load(context)
    field = project.by_name.get(context.request.text("field"))
    if field is None or field.type != "file" or not _may_see(context, field.form):
        name = context.request.text("field")
        raise ApiFault(f"The field '{name}' does not exist or is not a 'file' field")
    event = _event(context, project)
    record = _record(context, event)
    if field.form not in project.designated[event.event_id]:
        raise ApiFault(f"The field '{field.name}' is not on an instrument designated for the event")
    repeating = project.repeating[event.event_id]
    repeat_form = field.form if field.form in repeating else ""
    instance = _instance(context, repeats=bool(repeat_form) or "" in repeating)
    return Place(record, field.name, event, repeat_form, instance)


def _may_see(context: Context, form: str) -> bool:
    return selection.export_level(context.caller, form) > 0 or (
        context.request.text("action") in ("import", "delete")
    )


def _event(context: Context, project: Shape) -> Event:
    if not project.longitudinal:
        return project.first_event
    event = project.event(context.request.text("event"))
    if event is None:
        raise ApiFault('The value of the parameter "event" is not valid')
    return event


def _record(context: Context, event: Event) -> str:
    """Return the record's name; it must be there (text recorded for survey links)."""
    name = context.request.text("record")
    own = context.caller.dag_id
    groups = store.dags_of(context.db, context.project_id).get(name, {})
    if event.arm not in groups or (own is not None and groups[event.arm] != own):
        raise ApiFault(f'The record "{name}" does not exist')
    return name


def _instance(context: Context, *, repeats: bool) -> int:
    if not repeats:
        return 1
    number = instance_number(context.request.text("repeat_instance") or "1")
    if number is None:
        raise ApiFault('The value of the parameter "repeat_instance" is not valid')
    return number


def _document(context: Context, place: Place) -> sqlite3.Row | None:
    row: sqlite3.Row | None = context.db.execute(
        "SELECT f.* FROM data d JOIN files f ON CAST(f.doc_id AS TEXT) = d.value"
        " AND f.project_id = d.project_id AND f.in_repository = 0 WHERE d.project_id = ?"
        " AND d.event_id = ? AND d.record = ? AND d.instance = ? AND d.field_name = ?",
        (context.project_id, *place.stored),
    ).fetchone()
    return row


def _no_file() -> ApiFault:
    return ApiFault("The record has no file in this field")


def _remove(context: Context, place: Place) -> None:
    row = _document(context, place)
    if row is not None:
        context.db.execute("DELETE FROM files WHERE doc_id = ?", (row["doc_id"],))
    store.erase(context.db, context.project_id, [place.stored])


def _refuse_locked(context: Context, place: Place) -> None:
    """Refuse to change a file of a locked instrument, in the words of record imports (inferred)."""
    row = context.db.execute(
        "SELECT form_name FROM fields WHERE project_id = ? AND field_name = ?",
        (context.project_id, place.field),
    ).fetchone()
    entry = (place.event.event_id, place.record, row["form_name"], place.instance)
    if entry in locking.locked(context.db, context.project_id):
        raise ApiFault(locking.LOCKED)


def _refuse_signature(context: Context, field: str) -> None:
    """Refuse to import a signature (documented)."""
    row = context.db.execute(
        "SELECT text_validation_type_or_show_slider_number AS kind FROM fields"
        " WHERE project_id = ? AND field_name = ?",
        (context.project_id, field),
    ).fetchone()
    if row["kind"] == "signature":
        raise ApiFault(f"The field '{field}' is a signature, which cannot be imported by API")


def _log(context: Context, action: str, place: Place) -> None:
    logtype = "export" if action.startswith("Download") else "record_edit"
    log.write(context, action, place.field, logtype=logtype, record=place.record)
