"""A project file taken into a new project: the `odm` parameter of Create Project."""

from __future__ import annotations

import json

from redcap_iac.emulator import design, right_columns
from redcap_iac.emulator.odm import access, document, events_in, instruments_in, project_variables
from redcap_iac.emulator.odm.data_in import Importer, store_file
from redcap_iac.emulator.odm.instruments_in import Field, Instruments
from redcap_iac.emulator.odm.vocabulary import odm
from redcap_iac.emulator.request import Context


def load(context: Context, project_id: int, xml_text: str) -> None:
    """Replace the seeds of a new project by what an ODM project file holds.

    Taken: fields, instruments, arms, events, designations, repeating setup, settings, DAGs,
    roles, records and files. Not in a file, so not taken: users, tokens, log, the SQL of sql
    fields (documented). Other parts are kept and exported again as they are. Raises ApiFault 400;
    the caller's transaction must then undo the project.
    """
    root = document.parse(xml_text)
    version = document.metadata_version(root)
    variables = document.global_variables(root)
    instruments = instruments_in.read(version)
    _store_instruments(context, project_id, instruments)
    timeline = events_in.create(context.db, project_id, version, variables, instruments.labels)
    longitudinal = version.find(odm("StudyEventDef")) is not None
    project_variables.take(context.db, project_id, variables, longitudinal)
    dags = access.create_dags(context.db, project_id, variables)
    server = context.server
    access.create_roles(
        context.db,
        project_id,
        variables,
        instruments.labels,
        server.settings.version,
        server.chance,
    )
    identifier = next(iter(instruments.fields))
    Importer(context, project_id, instruments, timeline, dags, identifier).take(root)


def _store_instruments(context: Context, project_id: int, instruments: Instruments) -> None:
    db = context.db
    db.execute("DELETE FROM fields WHERE project_id = ?", (project_id,))
    db.execute("DELETE FROM forms WHERE project_id = ?", (project_id,))
    db.executemany(
        "INSERT INTO forms (project_id, form_name, label, position) VALUES (?, ?, ?, ?)",
        [
            (project_id, name, label, position)
            for position, (name, label) in enumerate(instruments.labels.items(), start=1)
        ],
    )
    columns = ("project_id", "position", "extras", *design.COLUMNS)
    marks = ", ".join("?" for _ in columns)
    db.executemany(
        f"INSERT INTO fields ({', '.join(columns)}) VALUES ({marks})",
        [
            (
                project_id,
                position,
                json.dumps(_extras(context, project_id, field)),
                *(field.row[column] for column in design.COLUMNS),
            )
            for position, field in enumerate(instruments.fields.values(), start=1)
        ],
    )
    _open_to_members(context, project_id, instruments)


def _extras(context: Context, project_id: int, field: Field) -> dict[str, str]:
    """Return what is kept of a field beyond its columns, an attachment as the id of its file."""
    extras = dict(field.extras)
    if field.attachment is not None:
        attachment = field.attachment
        extras["attachment"] = str(
            store_file(
                context, project_id, attachment.name, attachment.mime_type, attachment.content
            )
        )
    return extras


def _open_to_members(context: Context, project_id: int, instruments: Instruments) -> None:
    """Give the creator, the only member so far, the new instruments as he had the seeded one."""
    open_ = right_columns.view_and_edit(context.server.settings.version)
    context.db.execute(
        "UPDATE users SET forms = ?, forms_export = ? WHERE project_id = ?",
        (
            json.dumps(dict.fromkeys(instruments.labels, open_)),
            json.dumps(dict.fromkeys(instruments.labels, right_columns.EXPORT_FULL)),
            project_id,
        ),
    )
