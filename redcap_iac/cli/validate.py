"""`redcap-iac validate`: schema, references, names; needs files only."""

from __future__ import annotations

import click

from redcap_iac.cli.connecting import read_manifest
from redcap_iac.cli.invocation import Invocation, pass_invocation
from redcap_iac.cli.options import format_option
from redcap_iac.views.findings import counted
from redcap_iac.views.json import findings_json


@click.command()
@format_option
@pass_invocation
def validate(invocation: Invocation, format_: str) -> int:
    r"""Check the files: their form, what they refer to, what REDCap would refuse.

    Needs no server and no token. Everything that is found is told at once. Where environments
    have variables of their own, the files are checked for each of them, or for the one of --env.

    \b
    Example:
        redcap-iac validate
        redcap-iac -C study validate --format json
    """
    invocation.machine = format_ == "json"
    manifest = read_manifest(invocation, every=True)
    if invocation.machine:
        invocation.screen.show(findings_json(manifest.findings, 0))
        return 0
    shown = counted(len(manifest.files), "file")
    invocation.screen.show(f"The manifest is valid ({shown}).")
    return 0
