"""`redcap-iac schema`: prints a JSON Schema."""

from __future__ import annotations

from pathlib import PurePath

import click

from redcap_iac.cli.invocation import Invocation, pass_invocation
from redcap_iac.manifest import schema as manifest_schema
from redcap_iac.views import plan_schema
from redcap_iac.views.printable import printable

NAMES = (*manifest_schema.NAMES, plan_schema.NAME)


@click.command()
@click.argument("name", type=click.Choice(NAMES), required=False)
@click.option("--out", metavar="DIR", help="Write all of them (or the one named) into a folder.")
@pass_invocation
def schema(invocation: Invocation, name: str | None, out: str | None) -> int:
    r"""Print the JSON Schema of redcap.yaml, or of an instrument's file, a policy, a saved plan.

    Editors that know it complete and explain every key while you type. With --out they are
    written as files, and the lines are shown by which an editor finds them.

    \b
    Example:
        redcap-iac schema instrument
        redcap-iac schema --out .schemas
    """
    if out is None:
        invocation.screen.show(_text(name or "manifest").rstrip("\n"))
        return 0
    place = invocation.path(out)
    place.mkdir(parents=True, exist_ok=True)
    for each in (name,) if name else NAMES:
        (place / f"{each}.json").write_text(_text(each), encoding="utf-8", newline="\n")
        invocation.screen.show(printable((place / f"{each}.json").as_posix()))
    invocation.screen.say(
        "The first line of redcap.yaml: # yaml-language-server: $schema="
        f"{PurePath(out).as_posix()}/manifest.json"
    )
    invocation.screen.say(
        "and of an instrument's file:   # yaml-language-server: $schema="
        f"{_from_instruments(out)}/instrument.json"
    )
    return 0


def _from_instruments(out: str) -> str:
    """Return the folder as a file in `instruments/` names it."""
    path = PurePath(out)
    return path.as_posix() if path.is_absolute() else f"../{path.as_posix()}"


def _text(name: str) -> str:
    return plan_schema.text() if name == plan_schema.NAME else manifest_schema.text(name)
