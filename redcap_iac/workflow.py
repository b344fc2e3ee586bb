"""The flows: read, compare, plan, apply, create; what the commands and the Python API call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from redcap_iac.applier import Applier, Expectation, Outcome, Progress
from redcap_iac.calls import Call, Row
from redcap_iac.changes import Delete
from redcap_iac.client import Client
from redcap_iac.differ import Difference, compare
from redcap_iac.errors import (
    GuardError,
    RedcapIacError,
    RightsError,
    SuspiciousReadError,
)
from redcap_iac.exporter import fingerprint, read_live
from redcap_iac.findings import Findings
from redcap_iac.kinds import all_kinds, kind_named
from redcap_iac.kinds.kind import Draft
from redcap_iac.kinds.visits import comparable
from redcap_iac.plan import Phase, Plan, Step
from redcap_iac.planner import Particulars, make_plan
from redcap_iac.safety import hazards
from redcap_iac.safety.impact import count_records
from redcap_iac.safety.side_effects import side_effects
from redcap_iac.safety.whose import user_in_log
from redcap_iac.state import Desired, Live, Mode, Unit
from redcap_iac.suggestions import in_words

#: A run that brings hidden events to light is planned anew once; twice would be foreign work.
_MOST_ROUNDS = 3
_SCHEDULE = (Unit.ARMS, Unit.EVENTS, Unit.DESIGNATIONS, Unit.REPEATING)


@dataclass(frozen=True, slots=True)
class Session:
    """One environment's connection and what comes in from outside: clock, names, patience.

    `project_id` is the guard of the environment ("" is none), `user` whose token it is ("" is
    not declared), `tool` the name and version that goes into plans, `data` what the environment
    says it holds (`test`, `real`, or "").
    """

    client: Client
    environment: str
    project_id: str
    user: str
    tool: str
    now: Callable[[], datetime]
    sleep: Callable[[float], None]
    data: str = ""


@dataclass(frozen=True, slots=True)
class Goal:
    """What a plan is for: the design, the digest of the files it comes from.

    `fresh` marks a project just created, without records: its seeded form and event may go
    without being asked for.
    """

    desired: Desired
    digest: str
    fresh: bool = False


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
    `side_effects` tell what is not as it was in units the manifest does not manage.
    """

    outcomes: tuple[Outcome, ...]
    proof: Plan | None
    trouble: RedcapIacError | None = None
    side_effects: tuple[str, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Tell whether every call was made and nothing is left to do."""
        last = self.outcomes[-1]
        return last.error is None and not last.interrupted and self._proven()

    def _proven(self) -> bool:
        return self.proof is not None and self.proof.is_empty


def read(session: Session) -> Live:
    """Read the project and make sure it is the one that is meant.

    Raises GuardError when the token belongs to another project than the environment names.
    """
    live = read_live(session.client, session.user)
    found = live.target
    if session.project_id and session.project_id != found.project_id:
        raise GuardError(
            f"The token of {session.environment} belongs to project {found.project_id}"
            f' ("{found.title}"), not to project {session.project_id}.',
            "Look which is right: the token, or `project_id:` in the environment.",
        )
    if not found.user:
        user = user_in_log(session.client, session.now())
        return replace(live, target=replace(found, user=user))
    return live


def plan(session: Session, goal: Goal) -> Planned:
    """Export, compare, foresee; a plan that would delete is made from two equal reads."""
    live = read(session)
    planned = _plan_from(session, goal, live)
    _check_deletions(session, planned, live)
    return planned


def _check_deletions(session: Session, planned: Planned, live: Live) -> None:
    """Read once more before anything is deleted: a short read can look like an empty project."""
    if not any(isinstance(change, Delete) for change in planned.difference.changes):
        return
    if fingerprint(read(session)) != fingerprint(live):
        raise SuspiciousReadError(
            "Two reads in a row were not equal, and the plan would delete.",
            "Somebody may be saving at this moment, or the server answered short: try again.",
        )


def apply(
    session: Session,
    goal: Goal,
    planned: Planned,
    progress: Progress,
    *,
    allow_delete: frozenset[Unit] = frozenset(),
    should_stop: Callable[[], bool] = lambda: False,
) -> Applied:
    """Carry a plan out and prove it by reading everything again.

    Raises GuardError, with nothing written, for a plan that is stopped or deletes what was not
    allowed; a failure on the way is told in the outcome.
    """
    check_may_apply(planned.plan, allow_delete, fresh=goal.fresh)
    outcomes: list[Outcome] = []
    before = planned.live.state
    try:
        for _ in range(_MOST_ROUNDS):
            outcomes.append(_run(session, planned, progress, should_stop))
            if not outcomes[-1].surfaced:
                break
            if not goal.fresh:  # nobody but this run has put anything into a fresh project
                goal = replace(goal, desired=_keeping_schedule(goal.desired))
            planned = _plan_again(session, goal, outcomes[-1].surplus)
            check_may_apply(planned.plan, allow_delete, fresh=goal.fresh)
        last = outcomes[-1]
        if last.error is not None or last.interrupted or last.surfaced:
            return Applied(tuple(outcomes), None)
        proof = _plan_from(session, replace(goal, fresh=False), read(session))
    except RedcapIacError as error:
        return Applied(tuple(outcomes), None, error)
    beyond = tuple(side_effects(before, proof.live.state, goal.desired.state))
    return Applied(tuple(outcomes), proof.plan, side_effects=beyond)


def _run(
    session: Session, planned: Planned, progress: Progress, should_stop: Callable[[], bool]
) -> Outcome:
    applier = Applier(
        session.client,
        planned.plan,
        planned.live,
        _expectation(planned.difference.desired),
        progress,
        should_stop=should_stop,
        sleep=session.sleep,
    )
    return applier.run()


def check_may_apply(plan: Plan, allow_delete: frozenset[Unit], *, fresh: bool = False) -> None:
    """Refuse what is stopped, and deletions nobody allowed; nothing has been written yet."""
    if plan.stopped:
        raise GuardError(f"The plan is stopped: {plan.stopped[0]}", "Nothing was written.")
    born_with = {Unit.FIELDS, *_SCHEDULE} if fresh else set()
    open_units = {str(unit) for unit in allow_delete | born_with}
    closed = {unit: n for unit, n in plan.deletions().items() if unit not in open_units}
    if closed:
        said = in_words((_deleted(unit, count) for unit, count in closed.items()), "and")
        options = " ".join(f"--allow-delete {unit}" for unit in closed)
        raise GuardError(
            f"The plan deletes {said}; deletions are off unless allowed.",
            f"Nothing was written. If it is meant: {options}",
        )


def _deleted(unit: str, count: int) -> str:
    """Return `1 field`, `3 events`, `2 repeating settings`."""
    nouns = {
        Unit.PROJECT: "project setting", Unit.REPEATING: "repeating setting", Unit.DAGS: "DAG",
    }  # fmt: skip
    noun = nouns.get(Unit(unit), unit.removesuffix("s"))
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


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


def _plan_from(session: Session, goal: Goal, live: Live) -> Planned:
    _check_readable(goal.desired, live)
    findings = Findings()
    desired = comparable(goal.desired, live, findings, fresh=goal.fresh)
    difference = compare(desired, live, findings)
    records = (
        count_records(session.client, live) if hazards.needs_record_count(difference, live) else 0
    )
    for finding in hazards.foreseen(difference, live, records, session.now().date()):
        findings.add(finding)
    particulars = Particulars(
        created=session.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
        tool=session.tool,
        environment=session.environment,
        manifest_digest=goal.digest,
        fingerprint=fingerprint(live),
        data=session.data,
    )
    return Planned(make_plan(difference, live, particulars, findings.all()), live, difference)


def _plan_again(session: Session, goal: Goal, surplus: str) -> Planned:
    """Plan what is left once hidden events came to light; take a surplus one away at the end."""
    live = read(session)
    if not surplus:
        planned = _plan_from(session, goal, live)
        _check_deletions(session, planned, live)
        return planned
    kept = tuple(
        event
        for event in live.state.kinds.get("events", ())
        if getattr(event, "unique_name", "") != surplus
    )
    planned = _plan_from(session, goal, replace(live, state=live.state.having("events", kept)))
    _check_deletions(session, planned, live)
    away = Step(
        Phase.DELETE_EVENTS,
        "events",
        "delete the empty event made to see what the project held",
        Call("event", "delete", params={"events": (surplus,)}),
        (),
        ("arms", "events", "designations", "repeating"),
        replaces=True,
    )
    steps = sorted((*planned.plan.steps, away), key=lambda step: step.phase)
    return replace(planned, live=live, plan=replace(planned.plan, steps=tuple(steps)))


def _check_readable(desired: Desired, live: Live) -> None:
    """Refuse to plan a section the token may not read: it would look empty."""
    for name, reason in live.unreadable.items():
        if name in desired.state:
            kind = kind_named(name)
            raise RightsError(
                f"The manifest manages {kind.unit}, but the token may not read them: {reason}",
                f"Ask for the right, or leave the section out of the manifest ({kind.unit}).",
            )


def _expectation(desired: Desired) -> Expectation:
    names: Mapping[str, str] = {
        kind_named("events").address(event): str(getattr(event, "declared_name", "") or "")
        for event in desired.state.kinds.get("events", ())
    }
    return Expectation({address: name for address, name in names.items() if name})


def _keeping_schedule(desired: Desired) -> Desired:
    """Return the design with undeclared arms and events left alone: they came to light just now."""
    return replace(desired, modes={**desired.modes, **dict.fromkeys(_SCHEDULE, Mode.ADDITIVE)})
