"""Carry a plan out, round by round, and prove it by reading everything again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from redcap_iac.applier import Applier, Expectation, Outcome, Progress
from redcap_iac.errors import RedcapIacError
from redcap_iac.kinds import kind_named
from redcap_iac.plan import Plan
from redcap_iac.safety.acceptance import Answers
from redcap_iac.safety.side_effects import side_effects
from redcap_iac.safety.stops import stop_for
from redcap_iac.state import Desired, Mode, Unit
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
    born_with = {Unit.FIELDS, *_SCHEDULE} if fresh else set()
    stop = stop_for(plan, answers, today, born_with=born_with)
    if stop is not None:
        raise stop


def _expectation(desired: Desired) -> Expectation:
    names: Mapping[str, str] = {
        kind_named("events").address(event): str(getattr(event, "declared_name", "") or "")
        for event in desired.state.kinds.get("events", ())
    }
    return Expectation({address: name for address, name in names.items() if name})


def _keeping_schedule(desired: Desired) -> Desired:
    """Return the design with undeclared arms and events left alone: they came to light just now."""
    return replace(desired, modes={**desired.modes, **dict.fromkeys(_SCHEDULE, Mode.ADDITIVE)})
