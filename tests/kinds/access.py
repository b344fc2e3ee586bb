"""Access as tests set it up: manifests with the creator's own rights, studies on emulators."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from redcap_iac.calls import Call, Row
from redcap_iac.differ import Difference, compare
from redcap_iac.errors import ManifestError
from redcap_iac.exporter import read_live
from redcap_iac.findings import Finding, Findings
from redcap_iac.kinds import all_kinds
from redcap_iac.kinds.kind import Reading, WireRow, Work
from redcap_iac.manifest.loader import load
from redcap_iac.plan import Plan, Step
from redcap_iac.state import Desired, Live, State, Target, Version
from tests.end_to_end.study import Study

Json = dict[str, Any]

INSTRUMENTS: list[Json] = [
    {"instrument": "intake", "fields": {"record_id": {"type": "text", "label": "ID"}}},
    {"instrument": "visit", "fields": {"mood": {"type": "text", "label": "Mood"}}},
]
#: What could name a thing elsewhere, records of a site, no base: told and tested on their own.
_NEARLY_ALWAYS = frozenset({"H118", "H120", "H143"})
#: What the creator of a project, whose token the tests use, keeps in every manifest.
JDOE: Json = {
    "rights": {
        "design": True, "user_rights": "full", "data_access_groups": True, "logging": True,
        "record_delete": True, "api_export": True, "api_import": True,
    },
    "instruments": {"*": "edit"},
    "export": {"*": "full"},
}  # fmt: skip


def access(users: Mapping[str, object] | None = None, **sections: object) -> Json:
    """Return a manifest with two instruments and the creator among the users."""
    return {"instruments": INSTRUMENTS, **sections, "users": {"jdoe": JDOE, **(users or {})}}


def loaded(folder: Path, manifest: Mapping[str, object]) -> Desired:
    """Write a manifest (JSON is YAML) and load it."""
    text = json.dumps({"version": 1, **manifest}, ensure_ascii=False)
    (folder / "redcap.yaml").write_text(text, encoding="utf-8")
    return load(folder).desired


def problems(folder: Path, manifest: Mapping[str, object]) -> tuple[Finding, ...]:
    """Return what a manifest is refused for, nothing when it loads."""
    try:
        loaded(folder, manifest)
    except ManifestError as error:
        return error.findings
    return ()


def found(folder: Path, manifest: Mapping[str, object]) -> list[tuple[str, str]]:
    """Return code and address of what a manifest is refused for."""
    return [(finding.code, finding.address) for finding in problems(folder, manifest)]


def planned(study: Study, manifest: Mapping[str, object]) -> Plan:
    """Plan a manifest without applying it."""
    return study.plan(study.declare(manifest)).plan


def told(plan: Plan, code: str = "") -> list[Finding]:
    """Return the findings of a code; without, all but those that stand in nearly every plan."""
    return [
        finding
        for finding in plan.findings
        if (finding.code == code if code else finding.code not in _NEARLY_ALWAYS)
    ]


def codes(plan: Plan) -> list[tuple[str, str]]:
    """Return code and address of what a plan tells."""
    return [(finding.code, finding.address) for finding in told(plan)]


def step(plan: Plan, kind: str, action: str = "import") -> Step:
    """Return the only step of a kind with an action."""
    (one,) = [s for s in plan.steps if s.kind == kind and s.call.action == action]
    return one


def actions(plan: Plan) -> dict[str, str]:
    """Return what happens to what, by address."""
    return {change.address: change.action for change in plan.changes}


def live_of(study: Study) -> Live:
    """Read a study's project."""
    return read_live(study.session.client, "jdoe")


def target(version: str = "16.1.3", user: str = "jdoe") -> Target:
    """Return a project in development on a server of a version."""
    parsed = Version.parse(version)
    return Target(
        "https://redcap.example.org/api/", "1", "T", "development", parsed, longitudinal=False,
        form_rights_in_bits=parsed >= Version(15, 6, 0), user=user,
    )  # fmt: skip


def read_state(rows: Mapping[str, list[WireRow]], where: Target) -> Live:
    """Read the kinds whose exported rows are given, in the order of kinds."""
    state = State()
    for kind in all_kinds():
        if kind.name in rows:
            state = state.having(
                kind.name, tuple(kind.read(rows[kind.name], Reading(where, state)))
            )
    return Live(where, state)


def differing(desired: Desired, live: Live) -> tuple[Difference, Work]:
    """Compare, and return what the kinds make their steps from; no rename is volatile here."""
    difference = compare(desired, live, Findings())
    return difference, Work(
        difference.changes, live, difference.desired, difference.final, volatile={}
    )


def imports(work: Work, content: str) -> list[Row]:
    """Return the rows of every import of a content."""
    calls: list[Call] = [one.call for kind in all_kinds() for one in kind.steps(work)]
    return [row for call in calls if call.content == content for row in call.rows]
