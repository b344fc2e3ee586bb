"""`redcap-iac show`: prints a saved plan."""

from __future__ import annotations

import click

from redcap_iac.cli.invocation import Invocation, pass_invocation
from redcap_iac.cli.options import page_format_option, publish_option
from redcap_iac.cli.printing import print_plan
from redcap_iac.cli.saved_plans import read_plan
from redcap_iac.views.publishing import published


@click.command()
@click.argument("file")
@click.option("--concise", is_flag=True, help="One line for each object.")
@publish_option
@page_format_option
@pass_invocation
def show(invocation: Invocation, file: str, publish: str, format_: str, *, concise: bool) -> int:
    r"""Print a saved plan.

    \b
    Example:
        redcap-iac show plan.json
        redcap-iac -v show plan.json
        redcap-iac show plan.json --format html > plan.html
        redcap-iac show plan.json --format markdown --publish public > comment.md
    """
    invocation.machine = format_ == "json"
    saved = read_plan(invocation.path(file))
    shown = published(saved) if publish == "public" else saved
    print_plan(invocation, shown, format_, concise=concise)
    return 0
