"""Hazards: what a plan could hurt, with code, address, numbers and the safe way out first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from redcap_iac.changes import Change
from redcap_iac.differ import Difference
from redcap_iac.findings import Finding, Severity
from redcap_iac.kinds import kind_named
from redcap_iac.safety.lockout import lock_outs
from redcap_iac.state import DESIGN_UNITS, Live


def needs_record_count(difference: Difference, live: Live) -> bool:
    """Tell whether a hazard depends on there being records: the record-id field changes."""
    return _record_id(difference.final.kinds.get("fields", ())) != _record_id(
        live.state.kinds.get("fields", ())
    )


def foreseen(
    difference: Difference, live: Live, records: int | None, today: date | None = None
) -> Iterator[Finding]:
    """Yield the hazards of what differs; `records` is None when they could not be counted."""
    yield from _record_id_changed(difference, live, records)
    yield from _production(difference, live)
    yield from lock_outs(difference, live, today)


def _record_id(fields: tuple[object, ...]) -> str:
    return str(getattr(fields[0], "field_name", "")) if fields else ""


def _record_id_changed(
    difference: Difference, live: Live, records: int | None
) -> Iterator[Finding]:
    before = _record_id(live.state.kinds.get("fields", ()))
    after = _record_id(difference.final.kinds.get("fields", ()))
    if before == after or records == 0:
        return
    held = (
        "an unknown number of records hangs"
        if records is None
        else "1 record hangs"
        if records == 1
        else f"{records} records hang"
    )
    yield Finding(
        "H109",
        Severity.ERROR,
        f"The record-id field would change from {before} to {after or 'nothing'}; {held} on it.",
        address=f"field/{before}",
        advice=f"Keep {before} as the first field of the first instrument. Not undoable.",
    )


def _production(difference: Difference, live: Live) -> Iterator[Finding]:
    """Refuse design writes outside development: the API refuses them (documented)."""
    if live.target.status == "development":
        return
    design = [change for change in difference.changes if _is_design(change)]
    if not design:
        return
    if live.target.status == "production":
        message = f"The project is in production: REDCap's API takes no change of {_units(design)}."
        advice = (
            "Make the change in Draft Mode on REDCap's own pages, have it approved, then plan"
            " again. Nothing here moves a project back to development."
        )
    else:
        message = (
            "The project has been in production and is not now (analysis, or back in"
            f" development): whether it takes changes of {_units(design)} cannot be seen."
        )
        advice = "Ask your REDCap administrator for the project's status."
    yield Finding("H140", Severity.ERROR, message, address="project/status", advice=advice)


def _is_design(change: Change) -> bool:
    if change.kind == "project":
        return str(change.key) == "is_longitudinal"
    return kind_named(change.kind).unit in DESIGN_UNITS


def _units(changes: list[Change]) -> str:
    units = dict.fromkeys(str(kind_named(change.kind).unit) for change in changes)
    return ", ".join("longitudinal" if unit == "project" else unit for unit in units)
