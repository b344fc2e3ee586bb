"""Export Reports: the fields of a report, flat. Reports are made by an administrator's command.

Right: API Export. Options are those of flat record exports (documented); `type` is ignored.
"""

from __future__ import annotations

import json

from redcap_iac.emulator.errors import ApiFault
from redcap_iac.emulator.registry import API_EXPORT, method
from redcap_iac.emulator.request import Context
from redcap_iac.emulator.resources.records import contents, selection, shape
from redcap_iac.emulator.resources.records.export import extras_of, log_export
from redcap_iac.emulator.resources.records.flat import FlatWriter
from redcap_iac.emulator.resources.records.options import options_of
from redcap_iac.emulator.wire import Answer


@method("report", "export", "Export Reports", API_EXPORT)
def export_report(context: Context) -> Answer:
    """Answer the rows of a report; the words for one that is not there are inferred."""
    row = context.db.execute(
        "SELECT report_id, title, fields FROM reports WHERE project_id = ? AND report_id = ?",
        (context.project_id, context.request.text("report_id")),
    ).fetchone()
    if row is None:
        raise ApiFault('The value of the parameter "report_id" is not valid')
    project = shape.load(context)
    shown = selection.chosen(context, project, json.loads(row["fields"]))
    writer = FlatWriter(project, shown, options_of(context.request), extras_of(context, project))
    log_export(context, f"report_id = {row['report_id']}")
    return writer.answer(contents.read(context, project), lambda _record, _key: True)
