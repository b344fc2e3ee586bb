"""What arms, events, designations and repeating have in common: who may write, and on what."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from redcap_iac.emulator import design
from redcap_iac.emulator.errors import ApiFault
from redcap_iac.emulator.request import Context


def arms(db: sqlite3.Connection, project_id: int) -> tuple[int, ...]:
    """Return the numbers of all arms in order, hidden ones without events included."""
    rows = db.execute(
        "SELECT arm_num FROM arms WHERE project_id = ? ORDER BY arm_num", (project_id,)
    )
    return tuple(row["arm_num"] for row in rows)


def wanted_arms(context: Context) -> frozenset[str] | None:
    """Return the arms an export is limited to, as text; None for all.

    An arm that does not exist is no error (recorded).
    """
    asked = context.request.array("arms")
    return frozenset(number.strip() for number in asked) if asked else None


def takes_events(context: Context) -> bool:
    """Tell whether rows that name events are taken: longitudinal, or about to become so.

    Arms, events and designations may be imported before the longitudinal flag is set (recorded);
    with its one hidden event alone a project is classic for imports too (inferred).
    """
    if design.is_longitudinal(context):
        return True
    return len(design.events(context.db, context.project_id)) > 1


def refuse_classic_delete(context: Context, what: str) -> None:
    """Refuse to delete the hidden arm or event of a project that never was longitudinal.

    Documented as a longitudinal method; the words are those of the export with the other verb
    (inferred). With the flag set even the last one may go (recorded).
    """
    flag = int(design.settings(context.db, context.project_id).get("is_longitudinal", 0))
    if not flag and not takes_events(context):
        raise ApiFault(f"You cannot delete {what} for classic projects")


def refuse_write(context: Context, what: str, *, additive: bool) -> None:
    """Refuse a write outside development, but an additive one in production by switch.

    Documented for `override=1` and deletions; for additions sources conflict, hence the switch
    `production_additive_writes`.
    """
    status = design.status(context.db, context.project_id)
    lenient = context.switch("production_additive_writes", "allow")
    if additive and lenient and status == "production":
        return
    design.refuse_in_production(context, what)


def refuse_renames(context: Context, what: str) -> None:
    """Refuse, in production, a rename by anybody but an administrator (recorded on the web page).

    `what` is `arms` or `events`; each has words of its own.
    """
    if context.caller.administrator:
        return
    if design.status(context.db, context.project_id) == "development":
        return
    when = " when a project is in production status" if what == "events" else ""
    raise ApiFault(f"Sorry, but {what} can only be renamed by REDCap administrators{when}")


def required_array(context: Context, name: str) -> tuple[str, ...]:
    """Return an array parameter that must not be empty; the words of the refusal are inferred."""
    values = tuple(value.strip() for value in context.request.array(name))
    if not values:
        raise ApiFault(
            f'The "{name}" parameter must be provided as an array of one or more values.'
        )
    return values


def invalid_values(name: str, values: Sequence[str]) -> ApiFault:
    """Return the refusal of unknown values of a parameter (recorded for `fields` of records)."""
    quoted = ", ".join(f"'{value}'" for value in values)
    return ApiFault(f'The following values in the parameter "{name}" are not valid: {quoted}')
