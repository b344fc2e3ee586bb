"""`redcap-iac init`: writes a small commented project folder."""

from __future__ import annotations

import click

from redcap_iac.cli.invocation import Invocation, pass_invocation
from redcap_iac.cli.new_folders import packaged, refuse_taken, write_folder


@click.command()
@click.argument("folder", metavar="[DIR]", default=".")
@pass_invocation
def init(invocation: Invocation, folder: str) -> int:
    r"""Write a small project folder to start from; it validates as it is.

    For a project that exists already, `pull` writes its folder instead.

    \b
    Example:
        redcap-iac init study
    """
    place = invocation.path(folder)
    files = packaged("new_project")
    refuse_taken(place)
    write_folder(place, files)
    for name in files:
        invocation.screen.show(str(place / name))
    invocation.screen.say(
        "Next: `redcap-iac check` there; then the address in redcap.yaml, REDCAP_API_TOKEN, and "
        "`redcap-iac plan`."
    )
    return 0
