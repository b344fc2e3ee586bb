"""`redcap-iac plan`: export, compare, foresee."""

from __future__ import annotations

from pathlib import Path

import click

from redcap_iac.cli import connecting
from redcap_iac.cli.base import base_option, read_base
from redcap_iac.cli.invocation import Invocation, pass_invocation
from redcap_iac.cli.options import format_option
from redcap_iac.cli.private_files import write_private
from redcap_iac.plan import Plan
from redcap_iac.views.json import plan_json
from redcap_iac.views.text import plan_lines
from redcap_iac.workflow import Goal, Planned, Session
from redcap_iac.workflow import plan as make_plan

CHANGES = 2


@click.command()
@click.option("--out", metavar="FILE", help="Save the plan, for show and apply.")
@click.option("--detailed-exitcode", is_flag=True, help="End with 2 when there are changes.")
@click.option("--concise", is_flag=True, help="One line for each object.")
@base_option
@format_option
@pass_invocation
def plan(
    invocation: Invocation,
    out: str | None,
    base: str | None,
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
    """
    invocation.machine = format_ == "json"
    manifest = connecting.read_manifest(invocation)
    environment = connecting.environment_of(invocation, manifest)
    session = connecting.connect(invocation, environment)
    planned = planning(
        invocation,
        session,
        Goal(manifest.desired, manifest.digest, base=read_base(invocation, base)),
    )
    code = CHANGES if detailed_exitcode and not planned.plan.is_empty else 0
    if out is not None:
        save(invocation.path(out), planned.plan)
    if invocation.machine:
        invocation.screen.show(plan_json(planned.plan, code))
    else:
        width = invocation.screen.width
        lines = plan_lines(planned.plan, verbose=invocation.verbose, concise=concise, width=width)
        invocation.screen.show(lines)
    if out is not None:
        again = invocation.command("apply", out)
        invocation.screen.say(f"Saved as {out}; carry it out with: {again}")
    return code


def planning(invocation: Invocation, session: Session, goal: Goal) -> Planned:
    """Make a plan while saying so."""
    with invocation.screen.working(f"Reading the project at {session.client.connection.host}"):
        return make_plan(session, goal)


def save(path: Path, made: Plan) -> None:
    """Write a plan as JSON, for its owner alone."""
    write_private(path, plan_json(made) + "\n")
