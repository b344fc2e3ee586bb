"""`redcap-iac explain`: what a code means."""

from __future__ import annotations

import click

from redcap_iac.cli.invocation import Invocation, pass_invocation
from redcap_iac.cli.options import format_option
from redcap_iac.errors import RedcapIacError
from redcap_iac.explanations import Explanation, explanations
from redcap_iac.lint.docstrings import explanation
from redcap_iac.lint.registry import all_rules
from redcap_iac.suggestions import did_you_mean
from redcap_iac.views.explanation import explanation_json, explanation_lines, index_lines

_ALL = "Without a code all are listed: redcap-iac explain"


@click.command()
@click.argument("code", required=False)
@format_option
@pass_invocation
def explain(invocation: Invocation, code: str | None, format_: str) -> int:
    r"""Say what a code means, why it matters and what to do; without a code, list them all.

    \b
    Example:
        redcap-iac explain H103
        redcap-iac explain
    """
    invocation.machine = format_ == "json"
    known = {**explanations(), **_of_rules()}
    wanted = code.strip().upper() if code is not None else None
    if wanted is not None and wanted not in known:
        raise RedcapIacError(f"There is no code {code}.", did_you_mean(wanted, known) or _ALL)
    found = list(known.values()) if wanted is None else [known[wanted]]
    screen = invocation.screen
    if invocation.machine:
        screen.show(explanation_json(found))
    elif wanted is None:
        screen.show(list(index_lines(found, screen.width)))
    else:
        screen.show(list(explanation_lines(found[0], screen.width)))
    return 0


def _of_rules() -> dict[str, Explanation]:
    """Return what the rules of lint say about themselves, by code."""
    return {rule.code: explanation(rule) for rule in all_rules()}
