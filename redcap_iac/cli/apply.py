"""`redcap-iac apply`: makes the changes of a plan."""

from __future__ import annotations

from dataclasses import replace

import click

from redcap_iac.cli import connecting
from redcap_iac.cli.answering import approved
from redcap_iac.cli.applying import carry_out
from redcap_iac.cli.base import base_option, read_base
from redcap_iac.cli.invocation import Invocation, pass_invocation
from redcap_iac.cli.options import (
    accept_option,
    allow_delete_option,
    approve_option,
    format_option,
    impact_option,
    migrate_option,
)
from redcap_iac.cli.packages import say_of_packages
from redcap_iac.cli.plan import planning, require_answers_fit
from redcap_iac.cli.resuming import resume
from redcap_iac.cli.saved_plans import (
    as_it_is,
    base_of,
    read_plan,
    require_current,
    require_private,
    require_unused,
    require_young,
)
from redcap_iac.cli.sealing import doomed_sealer
from redcap_iac.hazard import Acceptance
from redcap_iac.plan import Plan
from redcap_iac.plan_json import plan_id
from redcap_iac.safety.acceptance import bound, from_file
from redcap_iac.state import Unit
from redcap_iac.views.printable import printable
from redcap_iac.workflow import Answers, Goal, Planned, Session, check_may_apply
from redcap_iac.workflow.keeping import Keeping


@click.command()
@click.argument("file", required=False)
@approve_option
@allow_delete_option
@accept_option
@migrate_option
@base_option
@impact_option
@click.option(
    "--backup-data",
    is_flag=True,
    help="Keep the record values it destroys, encrypted with REDCAP_IAC_BACKUP_PASSPHRASE.",
)
@click.option("--resume", "resumes", is_flag=True, help="Go on with an apply that was cut off.")
@format_option
@pass_invocation
def apply(
    invocation: Invocation,
    file: str | None,
    allow_delete: tuple[str, ...],
    accept: tuple[Acceptance, ...],
    base: str | None,
    impact: str,
    format_: str,
    *,
    auto_approve: bool,
    migrate_data: bool,
    backup_data: bool,
    resumes: bool,
) -> int:
    r"""Make the changes of a plan in REDCap, then read everything again to prove them.

    With FILE, a plan saved by `plan --out`, which is carried out once, and only if a plan made now
    is the same. Without, a plan is made, shown, and carried out after a yes. What it puts at risk
    has to be answered for: --accept for a hazard, --allow-delete for deletions.

    \b
    Example:
        redcap-iac apply
        redcap-iac apply plan.json --allow-delete fields --accept "H101:field/postal"
    """
    if resumes and file is not None:
        raise click.UsageError("--resume goes on from the journal; it takes no saved plan.")
    invocation.machine = format_ == "json"
    saved = None if file is None else read_plan(invocation.path(file))
    if saved is not None:
        require_private(saved)
    if saved is not None and invocation.environment is None and saved.environment:
        invocation = replace(invocation, environment=saved.environment)
    manifest = connecting.read_manifest(invocation)
    environment = connecting.environment_of(invocation, manifest)
    ref = base if base is not None or saved is None else base_of(saved)
    session = connecting.guarded(connecting.connect(invocation, environment), accept, impact)
    if saved is not None:
        require_young(saved, session.now(), environment.plan_max_age)
        require_unused(saved, session.state_dir)
    goal = Goal(
        manifest.desired, manifest.digest, base=read_base(invocation, ref, environment.name)
    )
    answers = Answers(frozenset(Unit(unit) for unit in allow_delete), (), migrate_data)
    if resumes:
        return resume(
            invocation, session, goal, answers, auto_approve=auto_approve, backup_data=backup_data
        )
    planned = planning(invocation, session, goal)
    say_of_packages(invocation, session, planned.plan)
    if saved is None:
        answers = _after_a_look(invocation, session, planned, answers, auto_approve=auto_approve)
    else:
        planned, answers = _as_saved(invocation, session, planned, answers, saved)
    keeping = Keeping(
        plan_id="" if saved is None else plan_id(saved),
        records=doomed_sealer(invocation, session, planned) if backup_data else None,
    )
    return carry_out(invocation, session, goal, planned, answers, keeping)


def _as_saved(
    invocation: Invocation, session: Session, planned: Planned, answers: Answers, saved: Plan
) -> tuple[Planned, Answers]:
    """Return the saved plan in place of the one made now, and answers bound to what it showed.

    Raises StaleError where the two differ, GuardError where an answer is missing, or was given for
    fewer records or other people than there are now.
    """
    require_current(saved, planned.plan)
    typed, entries = _typed(session)
    require_answers_fit(invocation, typed, saved, "the saved plan")
    words = (*bound(typed, saved.findings), *from_file(saved.acceptances), *entries)
    answers = replace(answers, accept=words)
    check_may_apply(planned.plan, answers, session.now().date())
    for word in from_file(saved.acceptances):
        if word not in entries:
            said = f"The saved plan brings a word for {word.code}:{word.address}."
            invocation.screen.say(printable(said))
    return replace(planned, plan=as_it_is(saved, planned.plan)), answers


def _after_a_look(
    invocation: Invocation,
    session: Session,
    planned: Planned,
    answers: Answers,
    *,
    auto_approve: bool,
) -> Answers:
    """Show the plan, ask a person what may be asked, and return the answers.

    Raises GuardError where something stays unanswered, or somebody said no.
    """
    plan = planned.plan
    typed, entries = _typed(session)
    require_answers_fit(invocation, typed, plan)
    answers = replace(answers, accept=(*bound(typed, plan.findings), *entries))
    today = session.now().date()
    return approved(
        invocation, plan, answers, today, "Apply these changes?", auto_approve=auto_approve
    )


def _typed(session: Session) -> tuple[tuple[Acceptance, ...], tuple[Acceptance, ...]]:
    """Return the words that were typed, and those of files."""
    words = session.guards.accept
    return tuple(w for w in words if w.typed), tuple(w for w in words if not w.typed)
