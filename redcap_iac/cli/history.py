"""`redcap-iac history`: what was applied from here."""

from __future__ import annotations

import click

from redcap_iac.cli.connecting import kept_here
from redcap_iac.cli.invocation import Invocation, pass_invocation
from redcap_iac.cli.options import format_option
from redcap_iac.safety.history import history as runs_of
from redcap_iac.views.history import history_json, history_lines


@click.command()
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="The newest N runs only.")
@format_option
@pass_invocation
def history(invocation: Invocation, limit: int | None, format_: str) -> int:
    r"""Show what was applied: when, to which project, by whom, with what end and what proof.

    Read from the state folder (`state_dir:`, .redcap-iac without); needs no server.

    \b
    Example:
        redcap-iac history --limit 5
        redcap-iac --env prod history --format json
    """
    invocation.machine = format_ == "json"
    runs = runs_of(kept_here(invocation))[:limit]
    if invocation.machine:
        invocation.screen.show(history_json(runs))
    else:
        invocation.screen.show(list(history_lines(runs, invocation.screen.width)))
    return 0
