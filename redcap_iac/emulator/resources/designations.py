"""Which instrument is filled in at which event."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set

from redcap_iac.emulator import design, log, payload, schedule
from redcap_iac.emulator.errors import ApiFault
from redcap_iac.emulator.registry import API_EXPORT, API_IMPORT, method
from redcap_iac.emulator.request import Context
from redcap_iac.emulator.wire import Answer, Count, Rows

_COLUMNS = ("arm_num", "unique_event_name", "form")

#: An event's id and an instrument's name.
Pair = tuple[int, str]


@method("formEventMapping", "export", "Export Instrument-Event Mappings", API_EXPORT)
def export_designations(context: Context) -> Answer:
    """List the designations by arm, event and instrument order (recorded).

    Limited to an arm that does not exist the list is empty (recorded).
    """
    if not design.is_longitudinal(context):
        raise ApiFault("You cannot export form/event mappings for classic projects")
    wanted = schedule.wanted_arms(context)
    rows = context.db.execute(
        "SELECT e.arm_num, e.unique_name AS unique_event_name, d.form_name AS form"
        " FROM designations d JOIN events e USING (event_id)"
        " JOIN forms f ON f.project_id = d.project_id AND f.form_name = d.form_name"
        " WHERE d.project_id = ?"
        " ORDER BY e.arm_num, e.day_offset, e.name, e.event_id, f.position",
        (context.project_id,),
    )
    log.design(context, "Export instrument-event mappings (API)")
    return Rows(
        _COLUMNS,
        [dict(row) for row in rows if wanted is None or str(row["arm_num"]) in wanted],
        root="items",
    )


@method("formEventMapping", "import", "Import Instrument-Event Mappings", API_IMPORT, "design")
def import_designations(context: Context) -> Answer:
    """Replace the designations of all arms; answer the rows sent (recorded).

    The arm number is not looked at, the event's unique name tells it (inferred). What repeats on
    an event it is no longer designated to stops repeating, data stay stored (inferred).
    """
    if not schedule.takes_events(context):
        # the words of the export, with the other verb (inferred)
        raise ApiFault("You cannot import form/event mappings for classic projects")
    schedule.refuse_write(context, "Instrument-event mappings", additive=True)
    rows = payload.some_rows(context)
    write(context, rows, may_drop=False)
    log.design(context, "Import instrument-event mappings (API)")
    return Count(len(rows))


def write(context: Context, rows: Sequence[Mapping[str, str]], *, may_drop: bool) -> None:
    """Replace the designations; raises ApiFault for what may not be.

    Outside development none is dropped unless the caller `may_drop`.
    """
    ids = {
        event.unique_name: event.event_id for event in design.events(context.db, context.project_id)
    }
    forms = {name for name, _ in design.forms(context.db, context.project_id)}
    payload.refuse_all(fault for row in rows for fault in _faults(row, ids, forms))
    pairs = {(ids[row["unique_event_name"].strip()], row["form"].strip()) for row in rows}
    if not may_drop:
        _refuse_loss_in_production(context, pairs)
    _replace(context, pairs)


def _replace(context: Context, pairs: Iterable[Pair]) -> None:
    project_id = context.project_id
    context.db.execute("DELETE FROM designations WHERE project_id = ?", (project_id,))
    context.db.executemany(
        "INSERT INTO designations (project_id, event_id, form_name) VALUES (?, ?, ?)",
        [(project_id, event_id, form) for event_id, form in sorted(pairs)],
    )
    context.db.execute(
        "DELETE FROM repeats WHERE project_id = ? AND form_name <> '' AND NOT EXISTS"
        " (SELECT 1 FROM designations d WHERE d.event_id = repeats.event_id"
        " AND d.form_name = repeats.form_name)",
        (project_id,),
    )


def _refuse_loss_in_production(context: Context, pairs: Set[Pair]) -> None:
    """Refuse to drop a designation in production (text recorded on the upload page)."""
    if design.status(context.db, context.project_id) == "development":
        return
    rows = context.db.execute(
        "SELECT event_id, form_name FROM designations WHERE project_id = ?", (context.project_id,)
    )
    if any((row["event_id"], row["form_name"]) not in pairs for row in rows):
        raise ApiFault(
            "Since the project is in production, you are not permitted to un-designate an"
            " instrument"
        )


def _faults(row: Mapping[str, str], events: Mapping[str, int], forms: Set[str]) -> list[str]:
    """Return what is wrong with a row; texts inferred from that of the repeating import."""
    event = row.get("unique_event_name", "").strip()
    form = row.get("form", "").strip()
    faults = []
    if event not in events:
        faults.append(f"The event '{event}' is not available in project")
    if form not in forms:
        faults.append(f"The form '{form}' is not available in project")
    return faults
