"""Export Instruments."""

from __future__ import annotations

from redcap_iac.emulator import design, log
from redcap_iac.emulator.registry import API_EXPORT, method
from redcap_iac.emulator.request import Context
from redcap_iac.emulator.wire import Answer, Rows


@method("instrument", "export", "Export Instruments (Data Entry Forms)", API_EXPORT)
def export_instruments(context: Context) -> Answer:
    """Answer name and label of every instrument, in project order (recorded)."""
    log.design(context, "Export instruments (API)")
    rows = [
        {"instrument_name": name, "instrument_label": label}
        for name, label in design.forms(context.db, context.project_id)
    ]
    return Rows(("instrument_name", "instrument_label"), rows, root="instruments")
