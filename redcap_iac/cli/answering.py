"""A person answers for hazards one by one, after reading the plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from redcap_iac.cli.invocation import Invocation
from redcap_iac.errors import GuardError
from redcap_iac.findings import Finding
from redcap_iac.hazard import Acceptance, Answer
from redcap_iac.plan import Plan
from redcap_iac.safety.acceptance import Answers, bound, open_hazards
from redcap_iac.safety.stops import stop_for


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
        if not invocation.asked(f"Accept {finding.code} {finding.address}: {finding.message}"):
            raise GuardError(
                f"{finding.code}:{finding.address} was not accepted; nothing was done.",
                finding.advice,
            )
    return accepted


def _word(finding: Finding) -> Acceptance:
    return Acceptance(finding.code, finding.address, typed=True)
