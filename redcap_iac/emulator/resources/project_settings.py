"""Import Project Information."""

from __future__ import annotations

import json
import re

from redcap_iac.emulator import creation, design, log, payload
from redcap_iac.emulator.registry import API_IMPORT, method
from redcap_iac.emulator.request import Context
from redcap_iac.emulator.resources import project
from redcap_iac.emulator.wire import Answer, Count

#: What the method does not change, though the export shows it (inferred from what it counts).
READ_ONLY = frozenset(
    {
        "project_id",
        "creation_time",
        "production_time",
        "in_production",
        "has_repeating_instruments_or_events",
        "ddp_enabled",
        "missing_data_codes",
        "external_modules",
    }
)
_WHOLE_NUMBER = re.compile(r"\s*-?[0-9]{1,9}")


@method("project_settings", "import", "Import Project Information", API_IMPORT, "design")
def import_project_settings(context: Context) -> Answer:
    """Change the attributes that are sent and answer how many those are.

    Unchanged ones count too, read-only and unknown ones are ignored, values are hardly checked
    (recorded). An `is_longitudinal` that the events do not bear out counts as well (recorded).
    """
    rows = payload.some_rows(context)
    importable = set(project.attributes(context)) - READ_ONLY
    taken = {
        name: stored_value(name, value) for name, value in rows[0].items() if name in importable
    }
    current = design.settings(context.db, context.project_id)
    context.db.execute(
        "UPDATE projects SET settings = ? WHERE project_id = ?",
        (json.dumps({**current, **taken}, ensure_ascii=False), context.project_id),
    )
    log.design(context, "Import project information (API)")
    return Count(len(taken))


def stored_value(name: str, value: str) -> str | int:
    """Return a value as it is kept: flags and the purpose as numbers.

    Text in place of a number is accepted (recorded) and kept as the number it starts with, or
    0, as a database column of numbers does (inferred).
    """
    if isinstance(creation.NEW_PROJECT[name], str):
        return value
    match = _WHOLE_NUMBER.match(value)
    return int(match[0]) if match else 0
