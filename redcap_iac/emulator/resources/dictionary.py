"""The dictionary: fields and instruments, replaced as a whole by every import."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence

from redcap_iac.emulator import (
    design,
    dictionary_checks,
    dictionary_effects,
    dictionary_rows,
    log,
    names,
    payload,
)
from redcap_iac.emulator.registry import API_EXPORT, API_IMPORT, method
from redcap_iac.emulator.request import Context
from redcap_iac.emulator.resources.records import store
from redcap_iac.emulator.wire import Answer, Count, Rows

_INSERT = (
    f"INSERT INTO fields (project_id, position, extras, {', '.join(design.COLUMNS)})"
    f" VALUES (?, ?, ?, {', '.join('?' * len(design.COLUMNS))})"
)


@method("metadata", "export", "Export Metadata (Data Dictionary)", API_EXPORT)
def export_dictionary(context: Context) -> Answer:
    """List the fields in dictionary order, all or those of the fields and forms asked for.

    Both filters together are a union (recorded); an unknown name yields nothing (knowledge base).
    """
    fields = set(context.request.array("fields"))
    forms = set(context.request.array("forms"))
    found = [
        row
        for row in stored(context.db, context.project_id)
        if not (fields or forms) or row["field_name"] in fields or row["form_name"] in forms
    ]
    log.design(context, "Download data dictionary (API)")
    return Rows(design.COLUMNS, found)


@method("metadata", "import", "Import Metadata (Data Dictionary)", API_IMPORT, "design")
def import_dictionary(context: Context) -> Answer:
    """Replace the dictionary, all or nothing; answer the number of fields (recorded).

    Development only (documented). What is absent goes with its data.
    """
    design.refuse_in_production(context, "The data dictionary")
    rows = checked(context, payload.some_rows(context))
    replace(context, rows)
    log.design(context, "Import metadata (API)")
    return Count(len(rows))


def checked(context: Context, sent: Iterable[Mapping[str, str]]) -> list[dict[str, str]]:
    """Return rows as REDCap keeps them; raises ApiFault with all that is wrong with them."""
    rows = [dictionary_rows.normal(row) for row in sent]
    payload.refuse_all(dictionary_checks.faults(rows, allow_sql=_may_send_sql(context)))
    return rows


def replace(context: Context, rows: Sequence[Mapping[str, str]]) -> None:
    """Put checked rows in the place of the dictionary, with all that this does to data and forms.

    New instruments are open to the caller, who need not be who is logged.
    """
    fields_before = tuple(_stored(context.db, context.project_id))
    forms_before = dict(design.forms(context.db, context.project_id))
    dictionary_effects.lose_data(context, fields_before, rows)
    kept = context.switch("instrument_label_on_reimport", "kept")
    store_fields(context.db, context.project_id, rows, forms_before if kept else {})
    store.drop_documents(context.db, context.project_id)
    forms_now = [name for name, _ in design.forms(context.db, context.project_id)]
    gone = [name for name in forms_before if name not in forms_now]
    dictionary_effects.drop_forms(context, gone)
    dictionary_effects.admit_forms(
        context, [name for name in forms_now if name not in forms_before]
    )


def stored(db: sqlite3.Connection, project_id: int) -> tuple[dict[str, str], ...]:
    """Return the 18 cells of every field in order, as exports show them."""
    return tuple(
        {column: row[column] for column in design.COLUMNS} for row in _stored(db, project_id)
    )


def store_fields(
    db: sqlite3.Connection,
    project_id: int,
    rows: Sequence[Mapping[str, str]],
    labels: Mapping[str, str],
) -> None:
    """Replace fields and forms, nothing else: no check, no normalising, no data touched.

    `rows` have the 18 columns of the dictionary, an absent one is empty. `labels` are by form
    name; a form without one gets its name in title case (recorded). Extras of a field whose name
    stays are kept.
    """
    extras = {row["field_name"]: row["extras"] for row in _stored(db, project_id)}
    for table in ("fields", "forms"):
        db.execute(f"DELETE FROM {table} WHERE project_id = ?", (project_id,))
    db.executemany(
        _INSERT,
        [
            (
                project_id,
                position,
                extras.get(row["field_name"], "{}"),
                *(row.get(column, "") for column in design.COLUMNS),
            )
            for position, row in enumerate(rows)
        ],
    )
    forms = dict.fromkeys(row["form_name"] for row in rows)
    db.executemany(
        "INSERT INTO forms (project_id, form_name, label, position) VALUES (?, ?, ?, ?)",
        [
            (project_id, name, labels.get(name) or names.instrument_label(name), position)
            for position, name in enumerate(forms)
        ],
    )


def _stored(db: sqlite3.Connection, project_id: int) -> Iterable[sqlite3.Row]:
    return db.execute("SELECT * FROM fields WHERE project_id = ? ORDER BY position", (project_id,))


def _may_send_sql(context: Context) -> bool:
    """Tell whether rows of type sql pass: by the switch `sql_rows`, none is recorded."""
    if context.switch("sql_rows", "accept"):
        return True
    return context.switch("sql_rows", "administrators") and context.caller.administrator
