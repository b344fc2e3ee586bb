"""The pages of arms, events, designations and repeating instruments, as in production.

In production administrators may do everything; users may add, where the server lets them
(switch `production_events`), and neither rename nor take away (recorded).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence

from redcap_iac.emulator import design, log
from redcap_iac.emulator.drafting.acting import CLOSED_IN_PRODUCTION, DraftError
from redcap_iac.emulator.drafting.tables import rows_of
from redcap_iac.emulator.request import Context
from redcap_iac.emulator.resources import arms, designations, events, repeating


def upload_arms(context: Context, csv_text: str) -> int:
    """Name and add arms; return the number of rows."""
    rows = rows_of(csv_text, ("arm_num", "name"))
    _open(context, "production_events", "users")
    before = arms.names(context)
    arms.write(context, rows)
    for number, name in arms.names(context).items():
        if number not in before:
            log.design(context, f"Create arm\nArm {number}: {name}")
        elif before[number] != name:
            log.design(context, f"Edit arm name/number\nArm {number}: {name}")
    return len(rows)


def upload_events(context: Context, csv_text: str) -> int:
    """Change the events whose unique name is known, add the others; return the number of rows."""
    rows = rows_of(csv_text, ("event_name",))
    _open(context, "production_events", "users")
    before = _events(context)
    events.write(context, rows)
    after = _events(context)
    _refuse_edits(context, before, after)
    for event_id, row in after.items():
        if event_id not in before:
            log.design(context, f"Create event\n{_told(context, row)}")
        elif dict(row) != dict(before[event_id]):
            log.design(context, f"Edit event\n{_told(context, row)}")
    return len(rows)


def upload_designations(context: Context, csv_text: str) -> int:
    """Replace the designations (documented); return the number of rows.

    In production only administrators may leave one out (text for others recorded).
    """
    rows = rows_of(csv_text, ("unique_event_name", "form"))
    _open(context, "production_events", "users")
    designations.write(context, rows, may_drop=context.caller.administrator)
    log.design(context, "Perform instrument-event mappings")
    return len(rows)


def set_repeating(context: Context, csv_text: str) -> int:
    """Set what repeats, as the page's dialog does without any file; return the number of rows.

    A file with a header alone switches everything off.
    """
    lines = [line for line in csv_text.removeprefix("\ufeff").splitlines() if line.strip()]
    rows = rows_of(csv_text, ("form_name",)) if len(lines) > 1 else []
    _open(context, "production_repeating", "allow")
    repeating.write(context, rows)
    log.design(context, "Set up repeating instruments/events")
    return len(rows)


def delete_arms(context: Context, names: Sequence[str]) -> None:
    """Delete arms with their events and data, by number; administrators only in production."""
    _may_delete(context)
    known = {str(number): name for number, name in arms.names(context).items()}
    _refuse_unknown("arm", names, known)
    for name in names:
        log.design(context, f"Delete arm\nArm {name}: {known[name]}")
    arms.delete(context.db, context.project_id, [int(name) for name in names])


def delete_events(context: Context, names: Sequence[str]) -> None:
    """Delete events with their data, by unique name; administrators only in production."""
    _may_delete(context)
    known = events.ids(context)
    _refuse_unknown("event", names, known)
    before = _events(context)
    for name in names:
        log.design(context, f"Delete event\n{_told(context, before[known[name]])}")
    events.delete(context.db, context.project_id, [known[name] for name in names])


def _open(context: Context, switch: str, value: str) -> None:
    """Refuse where the page is closed: to users in production, to all in analysis (inferred)."""
    status = design.status(context.db, context.project_id)
    if status == "development":
        return
    if status != "production":
        raise DraftError(f"the design cannot be modified while the project is in {status}")
    if not (context.caller.administrator or context.switch(switch, value)):
        raise DraftError(CLOSED_IN_PRODUCTION)


def _may_delete(context: Context) -> None:
    _open(context, "production_events", "users")
    status = design.status(context.db, context.project_id)
    if status == "production" and not context.caller.administrator:
        raise DraftError(CLOSED_IN_PRODUCTION)


def _refuse_unknown(kind: str, names: Sequence[str], known: Mapping[str, object]) -> None:
    unknown = [name for name in names if name not in known]
    if unknown:
        raise DraftError(f"the project has no {kind} {unknown[0]!r}; there are: {', '.join(known)}")


def _refuse_edits(
    context: Context, before: Mapping[int, sqlite3.Row], after: Mapping[int, sqlite3.Row]
) -> None:
    """Refuse users in production any edit of an event there is, whose rename has its own words.

    Which edits beyond renaming are open to them is not recorded; none are (inferred). What has
    been written by then is undone with the refusal.
    """
    if context.caller.administrator:
        return
    if design.status(context.db, context.project_id) != "production":
        return
    if any(dict(after[event_id]) != dict(row) for event_id, row in before.items()):
        raise DraftError(CLOSED_IN_PRODUCTION)


def _events(context: Context) -> dict[int, sqlite3.Row]:
    rows = context.db.execute(
        "SELECT * FROM events WHERE project_id = ? ORDER BY event_id", (context.project_id,)
    )
    return {row["event_id"]: row for row in rows}


def _told(context: Context, row: sqlite3.Row) -> str:
    """Return an event as its log entry names it (recorded)."""
    arm = arms.names(context).get(row["arm_num"], "")
    before, after = (f"{row[column]:g}" for column in ("offset_min", "offset_max"))
    return (
        f"Event: {row['name']}, Arm: {arm}, Days Offset: {row['day_offset']:g},"
        f" Offset Range: -{before}/+{after}"
    )
