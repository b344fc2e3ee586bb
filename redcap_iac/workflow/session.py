"""What the flows pass on: a session, a goal, a plan with what it came from, an account."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from redcap_iac.client import Client
from redcap_iac.differ import Difference
from redcap_iac.errors import RedcapIacError
from redcap_iac.hazard import Guards
from redcap_iac.outcome import Outcome
from redcap_iac.plan import Plan
from redcap_iac.provenance import Provenance
from redcap_iac.safety.evidence import Bundle
from redcap_iac.safety.policy import NO_OVERSIGHT, Oversight
from redcap_iac.state import Desired, Live


@dataclass(frozen=True, slots=True)
class Session:
    """One environment's connection and what comes in from outside: clock, names, patience.

    `project_id` is the guard of the environment ("" is none), `user` whose token it is ("" is
    not declared), `tool` the name and version that goes into plans, `guards` what the environment
    says about danger. `state_dir` is where backups, journals and evidence go; None keeps nothing,
    which is for tests and for what nobody could lose. `provenance` is who runs it from where,
    `oversight` the policies that hold here.
    """

    client: Client
    environment: str
    project_id: str
    user: str
    tool: str
    now: Callable[[], datetime]
    sleep: Callable[[float], None]
    guards: Guards = field(default_factory=Guards)
    state_dir: Path | None = None
    provenance: Provenance = field(default_factory=Provenance)
    oversight: Oversight = NO_OVERSIGHT


@dataclass(frozen=True, slots=True)
class Base:
    """The manifest as it was at a commit.

    `ref` is how it was asked for, `commit` its full name, `when` the time it was made; `guards`
    are those of the same environment then, None when it was not there.
    """

    ref: str
    commit: str
    when: datetime
    desired: Desired
    guards: Guards | None = None

    @property
    def said(self) -> str:
        """Return `origin/main (1a2b3c4)`."""
        short = self.commit[:7]
        return self.ref if self.commit.startswith(self.ref) else f"{self.ref} ({short})"


@dataclass(frozen=True, slots=True)
class Goal:
    """What a plan is for: the design, the digest of the files it comes from.

    `fresh` marks a project just created, without records: its seeded form and event may go
    without being asked for. `base` is the manifest as it was at a commit, None without one.
    """

    desired: Desired
    digest: str
    fresh: bool = False
    base: Base | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan and what it was made from."""

    plan: Plan
    live: Live
    difference: Difference


@dataclass(frozen=True, slots=True)
class Applied:
    """What an apply did, round by round, and what a plan made afterwards still finds.

    `trouble` is an error between the rounds or while proving: what was done stays done;
    `side_effects` tell what is not as it was in units the manifest does not manage; `backup` and
    `journal` are where they lie, `exposed` who was taken out of a role and is not provided for
    again; `evidence` is the bundle for an auditor, `no_evidence` why there is none.
    """

    outcomes: tuple[Outcome, ...]
    proof: Plan | None
    trouble: RedcapIacError | None = None
    side_effects: tuple[str, ...] = ()
    backup: Path | None = None
    journal: Path | None = None
    exposed: tuple[str, ...] = ()
    evidence: Bundle | None = None
    no_evidence: str = ""

    @property
    def is_complete(self) -> bool:
        """Tell whether every call was made and nothing is left to do."""
        last = self.outcomes[-1]
        return last.error is None and not last.interrupted and self._proven()

    @property
    def is_waiting(self) -> bool:
        """Tell whether every call was made and what is left waits for a person, all of it."""
        last, proof = self.outcomes[-1], self.proof
        if last.error is not None or last.interrupted or proof is None or proof.stopped:
            return False
        left = {change.address for change in proof.changes}
        return bool(left) and left <= proof.waiting

    def _proven(self) -> bool:
        return self.proof is not None and self.proof.is_empty
