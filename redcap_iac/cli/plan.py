"""`redcap-iac plan`: export, compare, foresee."""

from __future__ import annotations

from pathlib import Path

import click

from redcap_iac.cli import connecting
from redcap_iac.cli.base import base_option, read_base
from redcap_iac.cli.invocation import Invocation, pass_invocation
from redcap_iac.cli.options import (
    accept_option,
    impact_option,
    page_format_option,
    publish_option,
)
from redcap_iac.cli.printing import print_plan
from redcap_iac.hazard import Acceptance
from redcap_iac.plan import Plan
from redcap_iac.safety.private_files import write_private
from redcap_iac.safety.stops import require_spoken_of
from redcap_iac.views.json import plan_json
from redcap_iac.views.publishing import published
from redcap_iac.views.standing import standing
from redcap_iac.workflow import Goal, Planned, Session
from redcap_iac.workflow import plan as make_plan

CHANGES = 2


@click.command()
@click.option("--out", metavar="FILE", help="Save the plan, for show and apply.")
@click.option("--detailed-exitcode", is_flag=True, help="End with 2 when there are changes.")
@click.option("--concise", is_flag=True, help="One line for each object.")
@base_option
@accept_option
@impact_option
@publish_option
@page_format_option
@pass_invocation
def plan(
    invocation: Invocation,
    out: str | None,
    base: str | None,
    accept: tuple[Acceptance, ...],
    impact: str,
    publish: str,
    format_: str,
    *,
    detailed_exitcode: bool,
    concise: bool,
) -> int:
    r"""Show what would change in REDCap to make it match the manifest; writes nothing there.

    \b
    Example:
        redcap-iac plan
        redcap-iac --env prod plan --out plan.json --detailed-exitcode
        redcap-iac plan --format markdown --publish public > comment.md
    """
    invocation.machine = format_ == "json"
    manifest = connecting.read_manifest(invocation)
    environment = connecting.environment_of(invocation, manifest)
    session = connecting.guarded(connecting.connect(invocation, environment), accept, impact)
    goal = Goal(
        manifest.desired, manifest.digest, base=read_base(invocation, base, environment.name)
    )
    made = planning(invocation, session, goal).plan
    require_answers_fit(invocation, accept, made)
    shown = published(made) if publish == "public" else made
    code = CHANGES if detailed_exitcode and not made.is_empty else 0
    if out is not None:
        save(invocation.path(out), shown)
    print_plan(invocation, shown, format_, exit_code=code, concise=concise)
    if out is not None and shown.public:
        invocation.screen.say(f"Saved as {out}, to be read: a public plan cannot be applied.")
    elif out is not None:
        again = invocation.command("apply", out)
        how = ", with the answers it needs" if standing(shown).needed else " with"
        invocation.screen.say(f"Saved as {out}; carry it out{how}: {again}")
    return code


def require_answers_fit(
    invocation: Invocation, accept: tuple[Acceptance, ...], made: Plan, where: str = "this plan"
) -> None:
    """Raise GuardError for an acceptance of what is no hazard; a plan without changes has none."""
    if not made.is_empty:
        require_spoken_of(accept, made.findings, where)
    elif accept:
        invocation.screen.say("Nothing changes, so nothing has to be accepted.")


def planning(invocation: Invocation, session: Session, goal: Goal) -> Planned:
    """Make a plan while saying so."""
    with invocation.screen.working(f"Reading the project at {session.client.connection.host}"):
        return make_plan(session, goal)


def save(path: Path, made: Plan) -> None:
    """Write a plan as JSON, for its owner alone."""
    write_private(path, plan_json(made) + "\n")
