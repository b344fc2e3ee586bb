"""The secondary unique field of a project: no two records may share its value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from redcap_iac.emulator import design
from redcap_iac.emulator.request import Context
from redcap_iac.emulator.resources.records.saving import Change
from redcap_iac.emulator.resources.records.validation import line


def faults(context: Context, changes: Sequence[Change]) -> Iterator[str]:
    """Yield a fault per value that another record holds or the same import gives another record.

    The words are inferred.
    """
    settings = design.settings(context.db, context.project_id)
    field = str(settings.get("secondary_unique_field") or "")
    if not field:
        return
    taken = _taken(context, field, [change.value for change in changes if change.field == field])
    for change in changes:
        if change.field != field or not change.value:
            continue
        holders = taken.setdefault(change.value, set())
        if holders - {change.record}:
            message = (
                f"The field '{field}' is the secondary unique field of the project, and its value"
                " exists in another record already"
            )
            yield line(change.record, field, change.value, message)
        holders.add(change.record)


def _taken(context: Context, field: str, values: Sequence[str]) -> dict[str, set[str]]:
    wanted = set(values)
    found: dict[str, set[str]] = {}
    rows = context.db.execute(
        "SELECT record, value FROM data WHERE project_id = ? AND field_name = ?",
        (context.project_id, field),
    )
    for row in rows:
        if row["value"] in wanted:
            found.setdefault(row["value"], set()).add(row["record"])
    return found
