"""Carry a plan out, round by round, and prove it by reading everything again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from redcap_iac.applier import Applier
from redcap_iac.errors import RedcapIacError
from redcap_iac.kinds import kind_named
from redcap_iac.outcome import Expectation, Outcome, Progress
from redcap_iac.plan import Plan
from redcap_iac.production.stages import waiting
from redcap_iac.safety import preflight
from redcap_iac.safety.acceptance import Answers
from redcap_iac.safety.side_effects import side_effects
from redcap_iac.safety.stops import stop_for
from redcap_iac.state import Desired, Mode, Unit
from redcap_iac.workflow.evidencing import attested
from redcap_iac.workflow.keeping import Keeping, Kept, kept
from redcap_iac.workflow.planning import plan_again, plan_from
from redcap_iac.workflow.reading import read
from redcap_iac.workflow.recounting import Recount
from redcap_iac.workflow.session import Applied, Goal, Planned, Session

#: A run that brings hidden events to light is planned anew once; twice would be foreign work.
_MOST_ROUNDS = 3
_SCHEDULE = (Unit.ARMS, Unit.EVENTS, Unit.DESIGNATIONS, Unit.REPEATING)
_NO_ANSWERS = Answers()
_AS_USUAL = Keeping()


def apply(
    session: Session,
    goal: Goal,
    planned: Planned,
    progress: Progress,
    *,
    answers: Answers = _NO_ANSWERS,
    should_stop: Callable[[], bool] = lambda: False,
    keeping: Keeping = _AS_USUAL,
) -> Applied:
    """Carry a plan out and prove it by reading everything again.

    Where the session has a state folder, a backup is taken before the first write and a journal
    is written. Raises GuardError, with nothing written, for a plan that is stopped, has hazards
    nobody answered, deletes what was not allowed, or cannot be kept, RightsError for calls the
    token's user may not make; a failure on the way is told in the outcome.
    """
    check_may_apply(planned.plan, answers, session.now().date(), fresh=goal.fresh)
    preflight.require(planned.plan.steps, planned.live, session.now().date())
    with kept(session, goal, planned, answers, keeping) as keeper:
        run = _Run(session, progress, answers, should_stop, keeper)
        applied = keeper.told(run.all(goal, planned))
        keeper.end(applied)
        return attested(session, planned, answers, applied, keeping)


@dataclass(frozen=True, slots=True)
class _Run:
    """One apply: its rounds, and what it is proven by."""

    session: Session
    progress: Progress
    answers: Answers
    should_stop: Callable[[], bool]
    keeper: Kept

    def all(self, goal: Goal, planned: Planned) -> Applied:
        """Make the rounds there are, then read everything again."""
        session = self.session
        outcomes: list[Outcome] = []
        before = planned.live.state
        try:
            for _ in range(_MOST_ROUNDS):
                outcomes.append(self._round(goal, planned))
                if not outcomes[-1].surfaced:
                    break
                if not goal.fresh:  # nobody but this run has put anything into a fresh project
                    goal = replace(goal, desired=_keeping_schedule(goal.desired))
                planned = plan_again(session, goal, outcomes[-1].surplus)
                today = session.now().date()
                check_may_apply(planned.plan, self.answers, today, fresh=goal.fresh)
                preflight.require(planned.plan.steps, planned.live, today)
                self.keeper.plan(planned.plan.steps)
            last = outcomes[-1]
            if last.error is not None or last.interrupted or last.surfaced:
                return Applied(tuple(outcomes), None)
            proof = plan_from(session, replace(goal, fresh=False), read(session))
        except RedcapIacError as error:
            return Applied(tuple(outcomes), None, error)
        beyond = tuple(side_effects(before, proof.live.state, goal.desired.state))
        return Applied(tuple(outcomes), proof.plan, side_effects=beyond)

    def _round(self, goal: Goal, planned: Planned) -> Outcome:
        recount = Recount(self.session, goal, planned, self.answers)
        return Applier(
            self.session.client,
            planned.plan,
            planned.live,
            Expectation(_event_names(planned.difference.desired), recount.left, recount),
            self.progress,
            should_stop=self.should_stop,
            sleep=self.session.sleep,
            witness=self.keeper.witness,
        ).run()


def check_may_apply(
    plan: Plan, answers: Answers, today: date | None = None, *, fresh: bool = False
) -> None:
    """Refuse what is stopped, hazards nobody answered, deletions nobody allowed.

    Nothing has been written yet when it raises GuardError, or WaitingError where the API can do
    nothing before a person has acted.
    """
    born_with = {Unit.FIELDS, *_SCHEDULE} if fresh else set()
    stop = stop_for(plan, answers, today, born_with=born_with)
    if stop is not None:
        raise stop
    if plan.waiting and not plan.steps:
        raise waiting(plan)


def _event_names(desired: Desired) -> Mapping[str, str]:
    """Return the unique names the manifest records for events, by address."""
    names: Mapping[str, str] = {
        kind_named("events").address(event): str(getattr(event, "declared_name", "") or "")
        for event in desired.state.kinds.get("events", ())
    }
    return {address: name for address, name in names.items() if name}


def _keeping_schedule(desired: Desired) -> Desired:
    """Return the design with undeclared arms and events left alone: they came to light just now."""
    return replace(desired, modes={**desired.modes, **dict.fromkeys(_SCHEDULE, Mode.ADDITIVE)})
