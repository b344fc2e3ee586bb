"""A person reads the plan, answers for hazards one by one, and says yes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from redcap_iac.cli.invocation import Invocation
from redcap_iac.cli.printing import print_before_apply
from redcap_iac.errors import GuardError
from redcap_iac.findings import Finding
from redcap_iac.hazard import Acceptance, Answer
from redcap_iac.plan import Plan
from redcap_iac.safety.acceptance import Answers, bound, open_hazards
from redcap_iac.safety.stops import stop_for
from redcap_iac.views.standing import sentence
from redcap_iac.workflow import check_may_apply


def approved(
    invocation: Invocation,
    plan: Plan,
    answers: Answers,
    today: date,
    question: str,
    *,
    auto_approve: bool,
) -> Answers:
    """Show a plan, ask what may be asked and then the question, and return the answers.

    Raises GuardError where something stays unanswered, or somebody said no.
    """
    print_before_apply(invocation, plan, answers)
    if not auto_approve:
        answers = ask_for_hazards(invocation, plan, answers, today)
    check_may_apply(plan, answers, today)
    if not plan.is_empty and not auto_approve:
        invocation.confirm(question)
    return answers


def ask_for_hazards(invocation: Invocation, plan: Plan, answers: Answers, today: date) -> Answers:
    """Return the answers with what a person accepts now; GuardError at the first no.

    Nobody is asked where nobody can be, or where something else stops the plan anyway. What only
    the command line opens is never asked for.
    """
    waiting = [
        finding
        for finding in open_hazards(plan, answers, today)
        if finding.stake is not None and finding.stake.answer is Answer.ACCEPTANCE
    ]
    if not waiting or not invocation.outside.is_interactive():
        return answers
    given = bound((_word(finding) for finding in waiting), waiting)
    accepted = replace(answers, accept=(*answers.accept, *given))
    if stop_for(plan, accepted, today) is not None:
        return answers
    for finding in waiting:
        if not invocation.asked(f"Accept {finding.code} {finding.address}: {sentence(finding)}"):
            raise GuardError(
                f"{finding.code}:{finding.address} was not accepted; nothing was done.",
                finding.advice,
            )
    return accepted


def _word(finding: Finding) -> Acceptance:
    return Acceptance(finding.code, finding.address, typed=True)
