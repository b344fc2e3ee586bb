"""Export Records (`content=record`), and what Export Reports shares with it.

Flat or eav, filtered by records, fields, forms, events, logic and dates; the facts are in the
modules that do each part. Rights: API Export, and the data export right per instrument.
"""

from __future__ import annotations

from redcap_iac.emulator import log, versions
from redcap_iac.emulator.errors import ApiFault
from redcap_iac.emulator.registry import API_EXPORT, method
from redcap_iac.emulator.request import Context
from redcap_iac.emulator.resources.records import contents, filtering, selection, shape
from redcap_iac.emulator.resources.records.contents import Record
from redcap_iac.emulator.resources.records.eav import EavWriter
from redcap_iac.emulator.resources.records.flat import Extras, FlatWriter
from redcap_iac.emulator.resources.records.options import options_of
from redcap_iac.emulator.resources.records.shape import RowKey, Shape
from redcap_iac.emulator.resources.surveys import survey_instruments
from redcap_iac.emulator.wire import Answer


@method("record", "export", "Export Records", API_EXPORT, remark="not as odm")
def export_records(context: Context) -> Answer:
    """Answer the values of records, one line per row (flat) or per value (eav)."""
    kind = context.request.text("type") or "flat"
    if kind not in ("flat", "eav"):
        raise ApiFault('The value of the parameter "type" is not valid')
    project = shape.load(context)
    shown = selection.select(context, project)
    options = options_of(context.request)
    extras = extras_of(context, project)
    events = filtering.asked_events(context, project)
    holds = filtering.logic_filter(context, project)

    def shows(record: Record, key: RowKey) -> bool:
        return key[0] in events and holds(record, key)

    records = contents.read(context, project, _asked_records(context))
    shown_as = "label" if options.labels else "raw"
    log_export(context, f"export_format: {context.request.format.upper()}, rawOrLabel: {shown_as}")
    writer = FlatWriter if kind == "flat" else EavWriter
    return writer(project, shown, options, extras).answer(records, shows)


def log_export(context: Context, details: str) -> None:
    """Leave the entry of an export of data; both spellings of the action are recorded."""
    lower = context.server.settings.version >= versions.DATA_EXPORT_LOWER_CASE
    action = "Data export (API) " if lower else "Data Export (API) "
    log.write(context, action, details, logtype="export")


def _asked_records(context: Context) -> list[str] | None:
    """Return the names that the filters leave; None is no filter."""
    named = context.request.array("records")
    changed = filtering.changed_records(context)
    if changed is None:
        return list(named) or None
    return [name for name in changed if not named or name in named]


def extras_of(context: Context, project: Shape) -> Extras:
    """Read what the parameters add to the fields.

    The DAG column comes on request, where there are DAGs, to users in none (documented).
    """
    dags = filtering.surroundings(context, project).dags
    with_dags = context.request.flag("exportDataAccessGroups") and context.caller.dag_id is None
    return Extras(
        dags=dags if with_dags and dags else None,
        surveys=_surveys(context),
        documents=documents(context),
    )


def _surveys(context: Context) -> frozenset[str] | None:
    found = survey_instruments(context)
    return found if found and context.request.flag("exportSurveyFields") else None


def documents(context: Context) -> dict[str, str]:
    """Return the names of the files in records by document id."""
    rows = context.db.execute(
        "SELECT doc_id, name FROM files WHERE project_id = ? AND in_repository = 0",
        (context.project_id,),
    )
    return {str(row["doc_id"]): row["name"] for row in rows}
