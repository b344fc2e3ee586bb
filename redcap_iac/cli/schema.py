"""`redcap-iac schema`: prints a JSON Schema."""

from __future__ import annotations

import click

from redcap_iac.cli.invocation import Invocation, pass_invocation
from redcap_iac.manifest import schema as manifest_schema
from redcap_iac.views import plan_schema

NAMES = (*manifest_schema.NAMES, plan_schema.NAME)


@click.command()
@click.argument("name", type=click.Choice(NAMES), default="manifest")
@pass_invocation
def schema(invocation: Invocation, name: str) -> int:
    r"""Print the JSON Schema of redcap.yaml, of an instrument's file, of a policy or a saved plan.

    Editors that know it complete and check while you type.

    \b
    Example:
        redcap-iac schema > redcap.schema.json
        redcap-iac schema instrument
    """
    text = plan_schema.text() if name == plan_schema.NAME else manifest_schema.text(name)
    invocation.screen.show(text.rstrip("\n"))
    return 0
