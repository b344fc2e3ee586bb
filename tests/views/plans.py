"""Plans by hand, as the planner makes them."""

from __future__ import annotations

from redcap_iac.calls import Call
from redcap_iac.changes import Aspect, Normal
from redcap_iac.plan import Phase, Plan, PlannedChange, Step
from redcap_iac.state import Target, Version

TARGET = Target(
    "https://redcap.example.org/api/", "17", "Cardiac Rehab Follow-up", "development",
    Version(16, 1, 3), longitudinal=True, user="jdoe",
)  # fmt: skip


def plan(*changes: PlannedChange, **parts: object) -> Plan:
    """Return a plan of some changes."""
    known: dict[str, object] = {
        "created": "2026-03-14T15:09:26Z",
        "tool": "redcap-iac 1.2.3",
        "target": TARGET,
        "environment": "dev",
        "manifest_digest": "d" * 64,
        "fingerprint": {"fields": "f" * 64},
        "changes": changes,
        "data": "test",
    }
    return Plan(**{**known, **parts})  # type: ignore[arg-type]


def change(
    address: str,
    action: str = "update",
    *aspects: Aspect,
    unit: str = "fields",
    group: str = "demographics",
    label: str = "",
    normal: Normal = (),
) -> PlannedChange:
    """Return a change; `normal` is what comes or goes."""
    return PlannedChange(
        address, action, unit, group, label or address.rpartition("/")[2],
        before=normal if action == "delete" else None,
        after=normal if action == "create" else None,
        aspects=aspects,
    )  # fmt: skip


def step(title: str = "import the dictionary", content: str = "metadata") -> Step:
    """Return a step of one row."""
    call = Call(content, "import", ({"field_name": "age"},))
    return Step(Phase.DICTIONARY, "fields", title, call, ("field/age",), ("fields",))
