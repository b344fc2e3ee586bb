"""Look again, right before a call that replaces or deletes, whether it hurts no more than shown."""

from __future__ import annotations

from collections.abc import Mapping

from redcap_iac.differ import Difference, compare
from redcap_iac.errors import StaleError
from redcap_iac.findings import Finding, Findings
from redcap_iac.hazard import Answer, Count
from redcap_iac.kinds.visits import comparable
from redcap_iac.plan import Step
from redcap_iac.safety.acceptance import Answers
from redcap_iac.safety.hazards import foreseen, questions
from redcap_iac.safety.impact import count
from redcap_iac.safety.scene import Scene
from redcap_iac.state import Live
from redcap_iac.workflow.session import Goal, Planned, Session

_Shown = Mapping[tuple[str, str], Finding]


class Recount:
    """Counts again what a plan's hazards concern; `answers` are those it was approved with."""

    def __init__(self, session: Session, goal: Goal, planned: Planned, answers: Answers) -> None:
        self._session = session
        self._goal = goal
        self._answers = answers
        self._shown: _Shown = {(f.code, f.address): f for f in planned.plan.findings}
        self._known = {f.stake.change for f in planned.plan.findings if f.stake is not None}
        self._serving = {change.address for change in planned.difference.changes}

    def __call__(self, step: Step, live: Live) -> None:
        """Raise StaleError when the call would hurt more than was shown and accepted."""
        if not self._serving & set(step.serves):
            return
        for finding in self._now(live):
            self._check(finding, step)

    def left(self, live: Live) -> frozenset[str]:
        """Return the addresses of what a live state still lacks."""
        return frozenset(change.address for change in self._difference(live).changes)

    def _difference(self, live: Live) -> Difference:
        found = Findings()
        desired = comparable(self._goal.desired, live, found, fresh=self._goal.fresh)
        return compare(desired, live, found)

    def _now(self, live: Live) -> tuple[Finding, ...]:
        today = self._session.now().date()
        guards = self._session.guards
        scene = Scene(self._difference(live), live, guards, today, self._goal.fresh)
        asked = questions(scene)
        if not asked:
            return ()
        return foreseen(scene, count(self._session.client, live, asked, guards.impact))

    def _check(self, finding: Finding, step: Step) -> None:
        stake = finding.stake
        if stake is None or stake.answer is Answer.NOTE or stake.count is None:
            return
        before = self._shown.get((finding.code, finding.address))
        if before is None or before.stake is None:
            if stake.change not in self._known or stake.count.is_zero:
                return
        elif stake.answer is before.stake.answer is Answer.MIGRATION:
            return  # what came in since is carried like the rest
        elif not _grown(before.stake.count, stake.count):
            return
        if self._accepts(finding):
            return
        raise StaleError(
            f"It would hurt more now than when it was shown: {finding.code} {finding.message}",
            f"Make a new plan; {step.title} was not made.",
        )

    def _accepts(self, finding: Finding) -> bool:
        """Tell whether somebody's word covers this number too: it says at most how many."""
        word = self._answers.acceptance_of(finding, self._session.now().date())
        return word is not None and word.at_most is not None


def _grown(then: Count | None, now: Count) -> bool:
    """Tell whether more records are concerned; what was not known then cannot have grown."""
    if then is None or then.number is None:
        return False
    return now.number is None or now.number > then.number
