"""Schedules by hand: what a manifest declares, what is live, what a plan makes of the two."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zlib import crc32

from redcap_iac.differ import Difference, compare
from redcap_iac.findings import Finding, Findings
from redcap_iac.kinds import all_kinds
from redcap_iac.kinds.arms import Arm
from redcap_iac.kinds.designations import Designation
from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.kinds.events import Event
from redcap_iac.kinds.instruments import Instrument
from redcap_iac.kinds.project import Setting
from redcap_iac.kinds.repeating.repeat import Repeat
from redcap_iac.plan import Plan
from redcap_iac.planner import Particulars, make_plan
from redcap_iac.state import Desired, Item, Live, Mode, State, Target, Unit, Version
from tests.kinds.dictionary.drafting import a_field, source

PARTICULARS = Particulars("2026-03-14T15:09:26Z", "test", "dev", "digest", {})
#: The dictionary of a live project unless a test says otherwise.
FIELDS = (a_field("record_id", "intake"), a_field("mood", "visit"))


def target(*, longitudinal: bool = True, status: str = "development") -> Target:
    url = "https://x.example.org/api/"
    return Target(url, "17", "Study", status, Version(16, 1, 3), longitudinal=longitudinal)


def event(name: str, unique_name: str, arm: int = 1, number: int = 0, **more: Any) -> Event:  # noqa: ANN401
    return Event(
        unique_name, arm, name, event_id=str(number or crc32(unique_name.encode())), **more
    )


def live(
    *items: Item,
    longitudinal: bool = True,
    fields: tuple[Field, ...] = FIELDS,
    status: str = "development",
    settings: Mapping[str, str] | None = None,
) -> Live:
    """Return a live project of these items; arms follow from the events when none are given."""
    kinds: dict[str, tuple[Item, ...]] = {
        "arms": tuple(i for i in items if isinstance(i, Arm)),
        "events": tuple(i for i in items if isinstance(i, Event)),
        "designations": tuple(i for i in items if isinstance(i, Designation)),
        "repeating": tuple(i for i in items if isinstance(i, Repeat)),
        "fields": fields,
        "instruments": tuple(
            Instrument(name, name) for name in dict.fromkeys(f.form_name for f in fields)
        ),
        "project": tuple(
            Setting(name, value)
            for name, value in {
                "project_title": "Study",
                "is_longitudinal": str(int(longitudinal)),
                **(settings or {}),
            }.items()
        ),
    }
    if not kinds["arms"]:
        numbers = sorted({e.arm for e in kinds["events"] if isinstance(e, Event)})
        kinds["arms"] = tuple(Arm(number, f"Arm {number}") for number in numbers)
    return Live(target(longitudinal=longitudinal, status=status), State(kinds))


def declared(
    manifest: Mapping[str, object], modes: Mapping[Unit, Mode] | None = None
) -> tuple[Desired, tuple[Finding, ...]]:
    """Return what a manifest declares and what is found in it without a server."""
    findings = Findings()
    parts = manifest.get("instruments")
    assert parts is None or isinstance(parts, list)
    given = source(parts, {k: v for k, v in manifest.items() if k != "instruments"})
    kinds: dict[str, tuple[Item, ...]] = {}
    for kind in all_kinds():
        items = kind.declare(given, findings)
        if items is not None:
            kinds[kind.name] = items
    state = State(kinds)
    for kind in all_kinds():
        kind.check(state, findings)
    return Desired(state, modes or {}), findings.all()


def codes(manifest: Mapping[str, object]) -> list[tuple[str, str, str]]:
    """Return code, severity and address of what is found in a manifest."""
    _, findings = declared(manifest)
    return [(found.code, str(found.severity), found.address) for found in findings]


def compared(
    manifest: Mapping[str, object],
    before: Live,
    modes: Mapping[Unit, Mode] | None = None,
) -> tuple[Difference, tuple[Finding, ...]]:
    """Compare a manifest with what is live; return what is found on the way."""
    desired, _ = declared(manifest, modes)
    findings = Findings()
    return compare(desired, before, findings), findings.all()


def planned(
    manifest: Mapping[str, object],
    before: Live,
    modes: Mapping[Unit, Mode] | None = None,
) -> Plan:
    """Return the plan from what is live to a manifest."""
    difference, findings = compared(manifest, before, modes)
    return make_plan(difference, before, PARTICULARS, findings)


def changes(plan: Plan) -> list[tuple[str, str]]:
    return [(change.action, change.address) for change in plan.changes]


def calls(plan: Plan, kind: str) -> list[tuple[str, object]]:
    """Return the calls of one kind: action, and rows or the array parameter of a deletion."""
    found: list[tuple[str, object]] = []
    for step in plan.steps:
        if step.kind == kind:
            arrays = [value for value in step.call.params.values() if isinstance(value, tuple)]
            found.append((step.call.action, arrays[0] if arrays else list(step.call.rows)))
    return found


def described(state: State) -> dict[str, Any]:
    """Return a live state as the draft of a manifest."""
    draft: dict[str, Any] = {}
    for kind in all_kinds():
        if kind.name in state:
            kind.describe(state, draft)
    return draft


def schedule(*events: object, number: str = "1", name: str = "Arm 1") -> dict[str, Any]:
    """Return a manifest of one arm."""
    return {"arms": [{"number": number, "name": name, "events": list(events)}]}


def codes_of(plan: Plan) -> list[str]:
    return [finding.code for finding in plan.findings]
