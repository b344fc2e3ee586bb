"""From a design to Create Project, from a live project to the draft of a manifest."""

from __future__ import annotations

from typing import cast

from redcap_iac.calls import Call, Row
from redcap_iac.errors import GuardError
from redcap_iac.formats.naming import Named, instruments_meant
from redcap_iac.kinds import all_kinds
from redcap_iac.kinds.designations import described_events
from redcap_iac.kinds.grants import instruments_of
from redcap_iac.kinds.instruments import Instrument
from redcap_iac.kinds.kind import Draft
from redcap_iac.state import Desired, Live, State


def create_call(desired: Desired) -> Call:
    """Return the Create Project call for a design: the attributes REDCap takes at birth.

    Raises GuardError when the manifest has no title or purpose, which REDCap requires.
    """
    wanted = {
        str(getattr(item, "name", "")): str(getattr(item, "value", "") or "")
        for item in desired.state.kinds.get("project", ())
    }
    missing = [name for name in ("project_title", "purpose") if not wanted.get(name)]
    if missing:
        raise GuardError(
            "REDCap creates a project with a title and a purpose; the manifest lacks one.",
            "Add `title:` and `purpose:` under `project:`.",
        )
    at_birth = (
        "project_title", "purpose", "purpose_other", "project_notes", "is_longitudinal",
        "surveys_enabled", "record_autonumbering_enabled",
    )  # fmt: skip
    row: Row = {name: wanted[name] for name in at_birth if wanted.get(name)}
    return Call("project", "create", (row,))


def draft(live: Live) -> Draft:
    """Return a live project as the draft of a manifest, every kind having its say."""
    made: Draft = {"version": "1"}
    for kind in all_kinds():
        if kind.name in live.state:
            kind.describe(live.state, made)
    return made


def drafted(source: Named) -> Draft:
    """Return a design read from files as the draft of a manifest.

    Unique names that REDCap has not given yet are left out: it makes them.
    """
    made: Draft = {"version": "1"}
    seen = _described(source.state)
    for kind in all_kinds():
        if kind.name in source.state or (kind.name == "events" and "arms" in source.state):
            kind.describe(seen, made)
    for event in described_events(made):
        if event.get("unique_name") in source.foreseen:
            del event["unique_name"]
    for arm in cast("list[dict[str, object]]", made.get("arms", [])):
        if not arm["events"]:
            del arm["events"]
    return {name: part for name, part in made.items() if part != {} or name == "users"}


def _described(state: State) -> State:
    """Return a state that names the instruments its roles and users have rights on."""
    if instruments_of(state):
        return state
    return state.having("instruments", tuple(map(Instrument, instruments_meant(state))))
