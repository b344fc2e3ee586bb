"""A project on a served emulator and the manifest that is applied to it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from redcap_iac import workflow
from redcap_iac.client import Client, Connection
from redcap_iac.findings import Finding
from redcap_iac.hazard import Answer
from redcap_iac.manifest.loader import load
from redcap_iac.plan import Plan, Step
from redcap_iac.secret import Secret
from redcap_iac.state import Unit
from redcap_iac.workflow import Answers, Applied, Goal, Planned, Session
from tests.emulator.served import Project, new_project

NOW = datetime(2026, 3, 14, 15, 9, 26)
EVERY_UNIT = frozenset(Unit)


class Everything(Answers):
    """The word of somebody who read the plan and wants all of it: what is refused stays refused."""

    def covers(self, finding: Finding, today: date | None = None) -> bool:  # noqa: ARG002
        return finding.stake is None or finding.stake.answer is not Answer.REFUSED


def everything(allow: frozenset[Unit] = frozenset(Unit)) -> Answers:
    """Return the answers of somebody who wants all of a plan; deletions of these units."""
    return Everything(allow_delete=allow, migrate_data=True)


class Silent:
    """Progress that nobody watches."""

    def step(self, number: int, total: int, step: Step) -> None:
        """Say nothing."""


@dataclass(frozen=True, slots=True)
class Study:
    """One project, its creator's token, a folder for its manifest."""

    project: Project
    folder: Path

    @property
    def session(self) -> Session:
        """The creator's session."""
        client = Client(
            Connection(self.project.emulator.url, timeout=60),
            Secret(self.project.token),
            sleep=lambda _: None,
        )
        return Session(
            client, "dev", str(self.project.project_id), "jdoe", "test", lambda: NOW,
            sleep=lambda _: None,
        )  # fmt: skip

    def declare(self, manifest: Mapping[str, object]) -> Goal:
        """Write the manifest (JSON is YAML) and load it."""
        text = json.dumps({"version": 1, **manifest}, ensure_ascii=False, indent=1)
        (self.folder / "redcap.yaml").write_text(text, encoding="utf-8")
        return self.goal()

    def goal(self) -> Goal:
        """Load the manifest that lies in the folder."""
        manifest = load(self.folder)
        return Goal(manifest.desired, manifest.digest)

    def plan(self, goal: Goal) -> Planned:
        """Plan, without writing."""
        return workflow.plan(self.session, goal)

    def apply(self, goal: Goal, allow: frozenset[Unit] = EVERY_UNIT) -> Applied:
        """Plan and carry out, deletions allowed."""
        session = self.session
        planned = workflow.plan(session, goal)
        return workflow.apply(session, goal, planned, Silent(), answers=everything(allow))

    def converge(self, manifest: Mapping[str, object]) -> Plan:
        """Apply a manifest and make sure that nothing is left to do; return the proof."""
        goal = self.declare(manifest)
        applied = self.apply(goal)
        last = applied.outcomes[-1]
        assert last.error is None, f"{last.error}: {last.failed}"
        assert applied.proof is not None
        assert applied.proof.changes == (), said(applied.proof)
        assert applied.proof.stopped == ()
        return applied.proof


def new_study(project: Project, folder: Path) -> Study:
    """Return a study for a fresh project."""
    return Study(project, folder)


def said(plan: Plan) -> str:
    """Return the changes of a plan as lines, for a failing assertion."""
    return "\n".join(
        f"{change.action} {change.address} {change.aspects}" for change in plan.changes
    )


__all__ = [
    "EVERY_UNIT",
    "NOW",
    "Silent",
    "Study",
    "everything",
    "new_project",
    "new_study",
    "said",
]
