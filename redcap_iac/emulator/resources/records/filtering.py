"""Which rows an export shows: `filterLogic`, the range of dates, the events."""

from __future__ import annotations

from collections.abc import Callable, Collection

from redcap_iac.emulator import design
from redcap_iac.emulator.errors import ApiFault
from redcap_iac.emulator.request import Context
from redcap_iac.emulator.resources.records.contents import Record
from redcap_iac.emulator.resources.records.scope import RowScope, Surroundings, missing_codes
from redcap_iac.emulator.resources.records.selection import invalid_values
from redcap_iac.emulator.resources.records.shape import RowKey, Shape
from redcap_iac.logic import LogicError, parse, references, truth, unknown_functions

RowFilter = Callable[[Record, RowKey], bool]


def surroundings(context: Context, shape: Shape) -> Surroundings:
    """Read what expressions may ask about besides the record."""
    rows = context.db.execute(
        "SELECT dag_id, name, unique_name FROM dags WHERE project_id = ?", (shape.project_id,)
    )
    dags = {row["dag_id"]: (row["name"], row["unique_name"]) for row in rows}
    codes = str(design.settings(context.db, shape.project_id).get("missing_data_codes", ""))
    return Surroundings(shape, context.caller, dags, missing_codes(codes))


def logic_filter(context: Context, shape: Shape) -> RowFilter:
    """Return the filter that `filterLogic` asks for, decided row by row (documented).

    Raises ApiFault for what is no expression or names what the project does not have; the words
    follow the recorded pattern for invalid parameters (inferred).
    """
    text = context.request.text("filterLogic").strip()
    if not text:
        return lambda _record, _key: True
    try:
        tree = parse(text)
    except LogicError as error:
        raise _invalid_logic() from error
    known = shape.form_of.keys()
    if unknown_functions(tree) or any(one.field.lower() not in known for one in references(tree)):
        raise _invalid_logic()
    around = surroundings(context, shape)
    now = context.server.clock()

    def holds(record: Record, key: RowKey) -> bool:
        try:
            return truth(tree, RowScope(around, record, key), now)
        except LogicError as error:
            raise _invalid_logic() from error

    return holds


def _invalid_logic() -> ApiFault:
    return ApiFault('The value of the parameter "filterLogic" is not valid')


def asked_events(context: Context, shape: Shape) -> frozenset[int]:
    """Return the ids of the events to show; a classic project ignores the filter (recorded)."""
    everywhere = frozenset(event.event_id for event in shape.events)
    asked = context.request.array("events")
    if not asked or not shape.longitudinal:
        return everywhere
    named = {event.unique_name: event.event_id for event in shape.events}
    unknown = [name for name in asked if name not in named]
    if unknown:
        raise invalid_values("events", unknown)
    return frozenset(named[name] for name in asked)


def changed_records(context: Context) -> Collection[str] | None:
    """Return the records created or changed in the range of dates, by the log; None is no range.

    `YYYY-MM-DD HH:MM:SS` each (documented); the log knows minutes, so seconds are cut off.
    """
    begin, end = (context.request.text(name)[:16] for name in ("dateRangeBegin", "dateRangeEnd"))
    if not begin and not end:
        return None
    rows = context.db.execute(
        "SELECT DISTINCT record FROM log WHERE project_id = ? AND record <> ''"
        " AND logtype IN ('record', 'record_add', 'record_edit')"
        " AND timestamp >= ? AND (? = '' OR timestamp <= ?)",
        (context.project_id, begin, end, end),
    )
    return {row["record"] for row in rows}
