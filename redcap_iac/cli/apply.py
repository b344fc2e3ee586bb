"""`redcap-iac apply`: makes the changes of a plan."""

from __future__ import annotations

from dataclasses import replace

import click

from redcap_iac.cli import connecting
from redcap_iac.cli.base import base_option, read_base
from redcap_iac.cli.applying import carry_out
from redcap_iac.cli.invocation import Invocation, pass_invocation
from redcap_iac.cli.options import allow_delete_option, approve_option, format_option
from redcap_iac.cli.plan import planning
from redcap_iac.cli.saved_plans import read_plan, require_current
from redcap_iac.plan import Plan
from redcap_iac.state import Unit
from redcap_iac.views.text import plan_lines
from redcap_iac.workflow import Answers, Goal, check_may_apply


@click.command()
@click.argument("file", required=False)
@approve_option
@allow_delete_option
@base_option
@format_option
@pass_invocation
def apply(
    invocation: Invocation,
    file: str | None,
    allow_delete: tuple[str, ...],
    base: str | None,
    format_: str,
    *,
    auto_approve: bool,
) -> int:
    r"""Make the changes of a plan in REDCap, then read everything again to prove them.

    With FILE, a plan saved by `plan --out`, which is carried out only if a plan made now is the
    same. Without, a plan is made, shown, and carried out after a yes.

    \b
    Example:
        redcap-iac apply
        redcap-iac apply plan.json --allow-delete fields
    """
    invocation.machine = format_ == "json"
    saved = read_plan(invocation.path(file)) if file is not None else None
    allowed = frozenset(Unit(unit) for unit in allow_delete)
    manifest = connecting.read_manifest(invocation)
    goal = Goal(manifest.desired, manifest.digest, base=read_base(invocation, base))
    if saved is not None and invocation.environment is None and saved.environment:
        invocation = replace(invocation, environment=saved.environment)
    environment = connecting.environment_of(invocation, manifest)
    session = connecting.connect(invocation, environment)
    planned = planning(invocation, session, goal)
    if saved is not None:
        require_current(saved, planned.plan)
    else:
        _show(invocation, planned.plan, allowed)
    answers = Answers(allowed, session.guards.accept)
    check_may_apply(planned.plan, answers, session.now().date())
    if saved is None and not planned.plan.is_empty and not auto_approve:
        invocation.confirm("Apply these changes?")
    return carry_out(invocation, session, goal, planned, answers)


def _show(invocation: Invocation, plan: Plan, allowed: frozenset[Unit]) -> None:
    width = invocation.screen.width
    lines = plan_lines(plan, verbose=invocation.verbose, allowed=allowed, width=width)
    if invocation.machine:
        invocation.screen.fail(lines)
    else:
        invocation.screen.show(lines)
