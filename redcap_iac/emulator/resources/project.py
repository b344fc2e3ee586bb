"""Export Project Information."""

from __future__ import annotations

import sqlite3

from redcap_iac.emulator import design, log, versions
from redcap_iac.emulator.registry import API_EXPORT, method
from redcap_iac.emulator.request import Context
from redcap_iac.emulator.wire import Answer, Cell, One

#: The attributes in the order of the export (recorded); PI's e-mail from 15.8.2.
ATTRIBUTES: tuple[str, ...] = (
    "project_id", "project_title", "creation_time", "production_time", "in_production",
    "project_language", "purpose", "purpose_other", "project_notes", "custom_record_label",
    "secondary_unique_field", "is_longitudinal", "has_repeating_instruments_or_events",
    "surveys_enabled", "scheduling_enabled", "record_autonumbering_enabled",
    "randomization_enabled", "ddp_enabled", "project_irb_number", "project_grant_number",
    "project_pi_firstname", "project_pi_lastname", "project_pi_email",
    "display_today_now_button", "missing_data_codes", "external_modules",
    "bypass_branching_erase_field_prompt",
)  # fmt: skip


@method("project", "export", "Export Project Information", API_EXPORT)
def export_project(context: Context) -> Answer:
    """Answer one object, not a list; ids, flags and the purpose are numbers in json (recorded)."""
    log.design(context, "Export project information (API)")
    known = {**design.settings(context.db, context.project_id), **_derived(context)}
    return One({name: known.get(name, "") for name in attributes(context)})


def attributes(context: Context) -> tuple[str, ...]:
    """Return the attributes that the server's version exports."""
    if context.server.settings.version >= versions.PI_EMAIL:
        return ATTRIBUTES
    return tuple(name for name in ATTRIBUTES if name != "project_pi_email")


def _derived(context: Context) -> dict[str, Cell]:
    row: sqlite3.Row = context.db.execute(
        "SELECT * FROM projects WHERE project_id = ?", (context.project_id,)
    ).fetchone()
    return {
        "project_id": context.project_id,
        "creation_time": row["creation_time"],
        "production_time": row["production_time"],
        # Analysis/Cleanup reads as not in production, with a production time (inferred)
        "in_production": int(row["status"] == "production"),
        "is_longitudinal": int(design.is_longitudinal(context)),
        "has_repeating_instruments_or_events": int(bool(design.visible_repeats(context))),
    }
