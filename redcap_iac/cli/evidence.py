"""`redcap-iac evidence`: what applies left for an auditor."""

from __future__ import annotations

from pathlib import Path

import click

from redcap_iac.cli.connecting import kept_here
from redcap_iac.cli.invocation import Invocation, pass_invocation
from redcap_iac.cli.options import format_option
from redcap_iac.errors import RedcapIacError
from redcap_iac.safety.evidence import check as check_evidence
from redcap_iac.views.history import checked_json, checked_lines

_ALTERED = 1


@click.group()
def evidence() -> None:
    r"""Evidence of what was applied: plan, words given, exports before and after, journal, proof.

    \b
    Example:
        redcap-iac evidence check
    """


@evidence.command()
@click.argument("folder", metavar="[DIR]", required=False)
@click.option("--digest", metavar="SHA256", help="What the apply printed, or CI kept.")
@format_option
@pass_invocation
def check(invocation: Invocation, folder: str | None, digest: str | None, format_: str) -> int:
    r"""Verify a bundle of evidence, or a folder of them; ends with 1 when a byte was altered.

    Needs no server. Without DIR, all evidence of the state folder. --digest holds the last bundle
    against what was kept elsewhere, which also finds out a chain rewritten from its start.

    \b
    Example:
        redcap-iac evidence check
        redcap-iac evidence check .redcap-iac/evidence/000001-20260314T150926Z-17-1a2b3c4d
    """
    invocation.machine = format_ == "json"
    place = invocation.path(folder) if folder is not None else kept_here(invocation)
    checked = check_evidence(Path(place))
    if digest is not None:
        _hold_against(digest, checked.bundles[-1].digest if checked.bundles else "")
    code = _ALTERED if checked.problems else 0
    if invocation.machine:
        invocation.screen.show(checked_json(checked, code))
    else:
        invocation.screen.show(list(checked_lines(checked, invocation.screen.width)))
    return code


def _hold_against(given: str, found: str) -> None:
    wanted = given.strip().lower()
    if len(wanted) < 16 or not found.startswith(wanted):
        raise RedcapIacError(
            "The evidence is not the one this digest was printed for.",
            "It has 16 digits or more; the bundle, or the chain before it, was written anew.",
        )
