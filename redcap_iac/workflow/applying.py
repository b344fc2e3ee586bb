"""Carry a plan out, round by round, and prove it by reading everything again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from redcap_iac.applier import Applier, Expectation, Outcome, Progress
from redcap_iac.errors import GuardError, RedcapIacError
from redcap_iac.findings import Finding
from redcap_iac.hazard import Answer
from redcap_iac.kinds import kind_named
from redcap_iac.plan import Plan
from redcap_iac.safety.acceptance import Answers, open_hazards
from redcap_iac.safety.side_effects import side_effects
from redcap_iac.state import Desired, Mode, Unit
from redcap_iac.suggestions import in_words
from redcap_iac.workflow.planning import plan_again, plan_from
from redcap_iac.workflow.reading import read
from redcap_iac.workflow.session import Applied, Goal, Planned, Session

#: A run that brings hidden events to light is planned anew once; twice would be foreign work.
_MOST_ROUNDS = 3
_SCHEDULE = (Unit.ARMS, Unit.EVENTS, Unit.DESIGNATIONS, Unit.REPEATING)
_NO_ANSWERS = Answers()


def apply(
    session: Session,
    goal: Goal,
    planned: Planned,
    progress: Progress,
    *,
    answers: Answers = _NO_ANSWERS,
    should_stop: Callable[[], bool] = lambda: False,
) -> Applied:
    """Carry a plan out and prove it by reading everything again.

    Raises GuardError, with nothing written, for a plan that is stopped, has hazards nobody
    answered, or deletes what was not allowed; a failure on the way is told in the outcome.
    """
    check_may_apply(planned.plan, answers, session.now().date(), fresh=goal.fresh)
    outcomes: list[Outcome] = []
    before = planned.live.state
    try:
        for _ in range(_MOST_ROUNDS):
            outcomes.append(_run(session, planned, progress, should_stop))
            if not outcomes[-1].surfaced:
                break
            if not goal.fresh:  # nobody but this run has put anything into a fresh project
                goal = replace(goal, desired=_keeping_schedule(goal.desired))
            planned = plan_again(session, goal, outcomes[-1].surplus)
            check_may_apply(planned.plan, answers, session.now().date(), fresh=goal.fresh)
        last = outcomes[-1]
        if last.error is not None or last.interrupted or last.surfaced:
            return Applied(tuple(outcomes), None)
        proof = plan_from(session, replace(goal, fresh=False), read(session))
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


def check_may_apply(
    plan: Plan, answers: Answers, today: date | None = None, *, fresh: bool = False
) -> None:
    """Refuse what is stopped, hazards nobody answered, deletions nobody allowed.

    Nothing has been written yet when it raises GuardError.
    """
    if plan.stopped:
        raise GuardError(f"The plan is stopped: {plan.stopped[0]}", "Nothing was written.")
    waiting = tuple(open_hazards(plan, answers, today))
    if waiting:
        first = waiting[0]
        more = f" (and {len(waiting) - 1} more)" if len(waiting) > 1 else ""
        raise GuardError(
            f"The plan waits for an answer: {first.code} {first.message}{more}",
            f"Nothing was written. If it is meant: {' '.join(map(_option, waiting))}",
        )
    born_with = {Unit.FIELDS, *_SCHEDULE} if fresh else set()
    open_units = {str(unit) for unit in answers.allow_delete | born_with}
    closed = {unit: n for unit, n in plan.deletions().items() if unit not in open_units}
    if closed:
        said = in_words((_deleted(unit, count) for unit, count in closed.items()), "and")
        options = " ".join(f"--allow-delete {unit}" for unit in closed)
        raise GuardError(
            f"The plan deletes {said}; deletions are off unless allowed.",
            f"Nothing was written. If it is meant: {options}",
        )


def _option(finding: Finding) -> str:
    if finding.stake is not None and finding.stake.answer is Answer.MIGRATION:
        return "--migrate-data"
    return f'--accept "{finding.code}:{finding.address}"'


def _deleted(unit: str, count: int) -> str:
    """Return `1 field`, `3 events`, `2 repeating settings`."""
    nouns = {
        Unit.PROJECT: "project setting", Unit.REPEATING: "repeating setting", Unit.DAGS: "DAG",
    }  # fmt: skip
    noun = nouns.get(Unit(unit), unit.removesuffix("s"))
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _expectation(desired: Desired) -> Expectation:
    names: Mapping[str, str] = {
        kind_named("events").address(event): str(getattr(event, "declared_name", "") or "")
        for event in desired.state.kinds.get("events", ())
    }
    return Expectation({address: name for address, name in names.items() if name})


def _keeping_schedule(desired: Desired) -> Desired:
    """Return the design with undeclared arms and events left alone: they came to light just now."""
    return replace(desired, modes={**desired.modes, **dict.fromkeys(_SCHEDULE, Mode.ADDITIVE)})
