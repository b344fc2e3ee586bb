"""Repeating instruments and repeating events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from redcap_iac.emulator import design, log, payload, schedule
from redcap_iac.emulator.errors import ApiFault
from redcap_iac.emulator.registry import API_EXPORT, API_IMPORT, method
from redcap_iac.emulator.request import Context
from redcap_iac.emulator.wire import Answer, Count, Rows

_NOTHING = (
    "You cannot export repeating instruments and events because the project does not contain any"
    " repeating instruments and events"
)


@dataclass(frozen=True, slots=True)
class Repeat:
    """What repeats on an event: an instrument, or with `form` empty the whole event."""

    event_id: int
    form: str
    label: str


@method("repeatingFormsEvents", "export", "Export Repeating Instruments and Events", API_EXPORT)
def export_repeating(context: Context) -> Answer:
    """List what repeats, in the order of events and instruments; nothing is an error (recorded).

    Whether Project Design is needed too is told differently; not here. Cells with blanks are not
    quoted in csv (recorded).
    """
    longitudinal = design.is_longitudinal(context)
    shown = design.visible_repeats(context)
    rows = context.db.execute(
        "SELECT r.event_id, e.unique_name AS event_name, r.form_name,"
        " r.label AS custom_form_label FROM repeats r JOIN events e USING (event_id)"
        " LEFT JOIN forms f ON f.project_id = r.project_id AND f.form_name = r.form_name"
        " WHERE r.project_id = ?"
        " ORDER BY e.arm_num, e.day_offset, e.name, e.event_id, f.position",
        (context.project_id,),
    )
    found = [dict(row) for row in rows if (row["event_id"], row["form_name"]) in shown]
    if not found:
        raise ApiFault(_NOTHING)
    log.design(context, "Export repeating instruments and events (API)")
    columns = ("form_name", "custom_form_label")
    return Rows(
        ("event_name", *columns) if longitudinal else columns,
        found,
        root="items",
        quote_spaces=False,
    )


@method(
    "repeatingFormsEvents",
    "import",
    "Import Repeating Instruments and Events",
    API_IMPORT,
    "design",
)
def import_repeating(context: Context) -> Answer:
    """Replace what repeats; answer the rows sent, and 0 for none, which clears it (recorded).

    `custom_form_label` may be left out (recorded). Instances beyond the first stay stored.
    """
    schedule.refuse_write(context, "Repeating instruments and events", additive=True)
    rows = payload.rows(context)
    write(context, rows)
    log.design(context, "Import repeating instruments and events (API)")
    return Count(len(rows))


def write(context: Context, rows: Sequence[Mapping[str, str]]) -> None:
    """Replace what repeats; raises ApiFault with all that is wrong with the rows."""
    repeats = _read(context, rows)
    context.db.execute("DELETE FROM repeats WHERE project_id = ?", (context.project_id,))
    context.db.executemany(
        "INSERT OR REPLACE INTO repeats (project_id, event_id, form_name, label)"
        " VALUES (?, ?, ?, ?)",
        [(context.project_id, item.event_id, item.form, item.label) for item in repeats],
    )


def _read(context: Context, rows: Sequence[Mapping[str, str]]) -> list[Repeat]:
    """Return what the rows say; raises ApiFault with everything that is wrong with them.

    Recorded is the text for an unknown event; the others are inferred.
    """
    takes_events = schedule.takes_events(context)
    events = {
        event.unique_name: event.event_id for event in design.events(context.db, context.project_id)
    }
    first = next((event.event_id for event in design.visible_events(context)), 0)
    forms = {name for name, _ in design.forms(context.db, context.project_id)}
    repeats: list[Repeat] = []
    faults: list[str] = []
    for row in rows:
        event = row.get("event_name", "").strip()
        form = row.get("form_name", "").strip()
        if event or design.is_longitudinal(context):
            event_id = events.get(event, 0) if takes_events else 0
        else:
            event_id = first
        if not event_id:
            faults.append(f"The event '{event}' is not available in project")
        elif form not in forms and (form or not event):
            faults.append(f"The form '{form}' is not available in project")
        elif form and event and not _is_designated(context, event_id, form):
            faults.append(f"The form '{form}' is not designated for the event '{event}'")
        repeats.append(Repeat(event_id, form, row.get("custom_form_label", "")))
    payload.refuse_all([*faults, *([] if faults else _mixed(repeats, events))])
    return repeats


def _is_designated(context: Context, event_id: int, form: str) -> bool:
    found = context.db.execute(
        "SELECT 1 FROM designations WHERE event_id = ? AND form_name = ?", (event_id, form)
    )
    return found.fetchone() is not None


def _mixed(repeats: Sequence[Repeat], events: Mapping[str, int]) -> list[str]:
    """Return a fault for each event that would repeat both as a whole and by instrument."""
    whole = {item.event_id for item in repeats if not item.form}
    parts = {item.event_id for item in repeats if item.form}
    return [
        f"The event '{name}' cannot be a repeating event and have repeating instruments"
        for name, event_id in events.items()
        if event_id in whole & parts
    ]
