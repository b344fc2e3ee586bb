"""Export Project XML: content `project_xml`."""

from __future__ import annotations

from redcap_iac.emulator import log
from redcap_iac.emulator.odm import export
from redcap_iac.emulator.registry import API_EXPORT, method
from redcap_iac.emulator.request import Context
from redcap_iac.emulator.wire import Answer, Text


@method("project_xml", "export", "Export Entire Project as REDCap XML File", API_EXPORT)
def export_project_xml(context: Context) -> Answer:
    """Answer the project as ODM 1.3.1, with its records unless `returnMetadataOnly` is set.

    Parameters are matched in their exact spelling: `returnMetaDataOnly` is ignored (recorded).
    """
    text = export.document(context)
    log.design(context, "Export project XML (API)")
    return Text(text, "text/xml; charset=utf-8")
