"""`redcap-iac apply --resume`: go on with an apply that did not come to its end."""

from __future__ import annotations

from redcap_iac.cli.answering import approved
from redcap_iac.cli.applying import carry_out
from redcap_iac.cli.invocation import Invocation
from redcap_iac.cli.plan import planning
from redcap_iac.cli.sealing import doomed_sealer
from redcap_iac.safety.acceptance import bound
from redcap_iac.views.journal import record_lines
from redcap_iac.workflow import Answers, Goal, Session
from redcap_iac.workflow.keeping import Keeping
from redcap_iac.workflow.resuming import unfinished, with_words_of


def resume(
    invocation: Invocation,
    session: Session,
    goal: Goal,
    answers: Answers,
    *,
    auto_approve: bool,
    backup_data: bool,
) -> int:
    """Say what the last journal says, plan what is left, and carry it out.

    Words of the journal hold where they fit the same change; those of this command come first.
    """
    planned = planning(invocation, session, goal)
    record = unfinished(session, goal, planned.plan.target)
    lines = record_lines(record, invocation.screen.width)
    if invocation.machine:
        invocation.screen.fail(lines)
    else:
        invocation.screen.show(lines)
    words = bound(session.guards.accept, planned.plan.findings)
    typed = Answers(answers.allow_delete, words, answers.migrate_data)
    answers = with_words_of(record, typed, planned)
    today, question = session.now().date(), "Apply what is left?"
    answers = approved(
        invocation, planned.plan, answers, today, question, auto_approve=auto_approve
    )
    records = doomed_sealer(invocation, session, planned) if backup_data else None
    keeping = Keeping(resumes=record.path.name, records=records)
    return carry_out(invocation, session, goal, planned, answers, keeping)
