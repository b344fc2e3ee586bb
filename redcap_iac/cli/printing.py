"""A plan on the screen, in the form that was asked for."""

from __future__ import annotations

from collections.abc import Collection

from redcap_iac.cli.invocation import Invocation
from redcap_iac.plan import Plan
from redcap_iac.safety.acceptance import Answers
from redcap_iac.views.json import plan_json
from redcap_iac.views.text import plan_lines


def print_plan(
    invocation: Invocation, plan: Plan, format_: str, *, exit_code: int = 0, concise: bool = False
) -> None:
    """Print a plan as text, json, markdown or html."""
    if format_ == "json":
        invocation.screen.show(plan_json(plan, exit_code))
    elif format_ == "markdown":
        # the templates take a while to import, and the other forms need none of them
        from redcap_iac.views.markdown import plan_markdown  # noqa: PLC0415

        invocation.screen.show(plan_markdown(plan))
    elif format_ == "html":
        from redcap_iac.views.html import plan_html  # noqa: PLC0415 - as above

        invocation.screen.show(plan_html(plan))
    else:
        width = invocation.screen.width
        lines = plan_lines(plan, verbose=invocation.verbose, concise=concise, width=width)
        invocation.screen.show(lines)


def print_before_apply(
    invocation: Invocation, plan: Plan, answers: Answers, allowed: Collection[str] = ()
) -> None:
    """Print a plan as text with the answers that were given; on stderr where stdout is JSON."""
    width = invocation.screen.width
    lines = plan_lines(
        plan, verbose=invocation.verbose, allowed=allowed, answers=answers, width=width
    )
    if invocation.machine:
        invocation.screen.fail(lines)
    else:
        invocation.screen.show(lines)
