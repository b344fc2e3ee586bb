"""`redcap-iac show`: prints a saved plan."""

from __future__ import annotations

import click

from redcap_iac.cli.invocation import Invocation, pass_invocation
from redcap_iac.cli.options import format_option
from redcap_iac.cli.saved_plans import read_plan
from redcap_iac.views.json import plan_json
from redcap_iac.views.text import plan_lines


@click.command()
@click.argument("file")
@click.option("--concise", is_flag=True, help="One line for each object.")
@format_option
@pass_invocation
def show(invocation: Invocation, file: str, format_: str, *, concise: bool) -> int:
    r"""Print a saved plan.

    \b
    Example:
        redcap-iac show plan.json
        redcap-iac -v show plan.json
    """
    invocation.machine = format_ == "json"
    saved = read_plan(invocation.path(file))
    if invocation.machine:
        invocation.screen.show(plan_json(saved))
    else:
        width = invocation.screen.width
        lines = plan_lines(saved, verbose=invocation.verbose, concise=concise, width=width)
        invocation.screen.show(lines)
    return 0
