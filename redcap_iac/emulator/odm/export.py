"""A project written as an ODM project file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from redcap_iac.emulator import design
from redcap_iac.emulator.odm import (
    access,
    data_out,
    events_out,
    instruments_out,
    project_variables,
)
from redcap_iac.emulator.odm.groups import Form
from redcap_iac.emulator.odm.text import attributes, camel, escaped
from redcap_iac.emulator.odm.vocabulary import (
    DAG_ITEM,
    ODM_URI,
    REDCAP_URI,
    SURVEY_IDENTIFIER_ITEM,
)
from redcap_iac.emulator.request import Context
from redcap_iac.emulator.resources.surveys import survey_instruments


def document(context: Context) -> str:
    """Return the project file that a request for `project_xml` asks for.

    The design is always complete; `records`, `fields`, `events`, `filterLogic` and the caller's
    data export rights limit the data alone (documented). A caller in a DAG gets no DAG items
    (documented).
    """
    return "".join(_document(context))


def _document(context: Context) -> Iterator[str]:
    db, project_id, request = context.db, context.project_id, context.request
    title = str(design.settings(db, project_id).get("project_title", ""))
    now = context.server.clock()
    study, version = f"Project.{camel(title)}", f"Metadata.{camel(title)}_{now:%Y-%m-%d_%H%M}"
    dags = _dags(context) if request.flag("exportDataAccessGroups") else {}
    surveys = survey_instruments(context) if request.flag("exportSurveyFields") else frozenset()
    leading = [*([DAG_ITEM] if dags else []), *([SURVEY_IDENTIFIER_ITEM] if surveys else [])]
    forms = instruments_out.read(db, project_id, leading, surveys)
    yield _head(context, title)
    yield f"<Study{attributes([('OID', study)])}>\n"
    yield from _variables(context, title, forms)
    named = [("OID", version), ("Name", title), ("redcap:RecordIdField", _record_id(forms))]
    yield f"<MetaDataVersion{attributes(named)}>\n"
    yield from events_out.written(context)
    yield from instruments_out.written(db, forms)
    yield "</MetaDataVersion>\n</Study>\n"
    if not request.flag("returnMetadataOnly"):
        oids = [("StudyOID", study), ("MetaDataVersionOID", version)]
        yield f"<ClinicalData{attributes(oids)}>\n"
        with_files = request.flag("exportFiles")
        exporter = data_out.exporter(context, forms, dags=dags, with_files=with_files)
        yield from exporter.subjects()
        yield "</ClinicalData>\n"
    yield "</ODM>\n"


def _head(context: Context, title: str) -> str:
    now = context.server.clock().strftime("%Y-%m-%dT%H:%M:%S")
    schema = "http://www.cdisc.org/ns/odm/v1.3 schema/odm/ODM1-3-1.xsd"
    pairs = [
        ("xmlns", ODM_URI),
        ("xmlns:ds", "http://www.w3.org/2000/09/xmldsig#"),
        ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
        ("xmlns:redcap", REDCAP_URI),
        ("xsi:schemaLocation", schema),
        ("ODMVersion", "1.3.1"),
        ("FileOID", "000-00-0000"),
        ("FileType", "Snapshot"),
        ("Description", title),
        ("AsOfDateTime", now),
        ("CreationDateTime", now),
        ("SourceSystem", "REDCap"),
        ("SourceSystemVersion", str(context.server.settings.version)),
    ]
    return f'<?xml version="1.0" encoding="UTF-8" ?>\n<ODM{attributes(pairs)}>\n'


def _variables(context: Context, title: str, forms: Sequence[Form]) -> Iterator[str]:
    db, project_id = context.db, context.project_id
    description = f'This file contains the metadata, events, and data for REDCap project "{title}".'
    yield "<GlobalVariables>\n"
    yield f"\t<StudyName>{escaped(title)}</StudyName>\n"
    yield f"\t<StudyDescription>{escaped(description)}</StudyDescription>\n"
    yield f"\t<ProtocolName>{escaped(title)}</ProtocolName>\n"
    names = [form.name for form in forms]
    structures = {
        "RepeatingInstrumentsAndEvents": events_out.repeating_text(context),
        "DataAccessGroupsGroup": access.dags_text(db, project_id),
        **access.roles_texts(db, project_id, names, context.server.settings.version),
    }
    for text in project_variables.written(db, project_id, structures):
        yield f"\t{text}\n"
    yield "</GlobalVariables>\n"


def _record_id(forms: Sequence[Form]) -> str:
    return next((row["field_name"] for form in forms for row in form.rows), "")


def _dags(context: Context) -> dict[int, str]:
    """Return unique DAG names by id, none for a caller who is in a DAG (documented)."""
    if context.caller.dag_id is not None:
        return {}
    rows = context.db.execute(
        "SELECT dag_id, unique_name FROM dags WHERE project_id = ?", (context.project_id,)
    )
    return {row["dag_id"]: row["unique_name"] for row in rows}
