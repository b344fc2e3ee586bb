"""`redcap-iac pull`: live project → manifest."""

from __future__ import annotations

import os
from pathlib import Path

import click

from redcap_iac.cli import connecting
from redcap_iac.cli.invocation import Invocation, pass_invocation
from redcap_iac.cli.new_folders import refuse_taken, write_folder
from redcap_iac.errors import ManifestError
from redcap_iac.formats.dictionary_csv import write_dictionary
from redcap_iac.kinds import kind_named
from redcap_iac.manifest.environments import Environment
from redcap_iac.manifest.loader import MANIFEST, load
from redcap_iac.manifest.writer import write
from redcap_iac.state import Live
from redcap_iac.views.findings import findings_lines
from redcap_iac.views.printable import printable
from redcap_iac.workflow import draft, read


@click.command()
@click.argument("folder", metavar="[DIR]", default=".")
@click.option("--csv", "as_csv", is_flag=True, help="The dictionary as one CSV file of REDCap.")
@pass_invocation
def pull(invocation: Invocation, folder: str, *, as_csv: bool) -> int:
    r"""Write a live project to a new folder; a plan made there says that there are no changes.

    Which project: REDCAP_API_URL and REDCAP_API_TOKEN, or an environment of the manifest in the
    project folder (-C). Files that are there are never overwritten; no token is written.

    \b
    Example:
        redcap-iac pull study
        redcap-iac -C dev-study --env prod pull prod-study --csv
    """
    place = invocation.path(folder)
    refuse_taken(place)
    manifest = None
    if (invocation.folder / MANIFEST).exists():
        manifest = connecting.read_manifest(invocation)
    environment = connecting.environment_of(invocation, manifest)
    session = connecting.connect(invocation, environment)
    with invocation.screen.working(f"Reading the project at {session.client.connection.host}"):
        live = read(session)
    files = _files(live, environment, session.user, as_csv=as_csv)
    write_folder(place, files, private=True)
    for name in files:
        invocation.screen.show(printable(os.path.normpath(place / name)))
    for name, reason in live.unreadable.items():
        invocation.screen.say(
            f"Left out: {kind_named(name).unit}, the token may not read: {reason}"
        )
    return _judge(invocation, place)


def _files(live: Live, environment: Environment, user: str, *, as_csv: bool) -> dict[str, str]:
    source = environment.token_source
    here: dict[str, object] = {
        "url": environment.url,
        "token": source if source.startswith("env:") else "env:REDCAP_API_TOKEN",
        "project_id": live.target.project_id,
        "default": True,
    }
    if user:
        here["user"] = user
    if environment.data:
        here["data"] = environment.data
    drafted = {**draft(live), "environments": {environment.name or "live": here}}
    dictionary = None
    if as_csv:
        fields = kind_named("fields").items(live.state)
        dictionary = write_dictionary(fields)
    return write(drafted, dictionary=dictionary)


def _judge(invocation: Invocation, place: Path) -> int:
    """Read back what was written: a live project may hold what a manifest may not say."""
    try:
        load(place)
    except ManifestError as error:
        invocation.screen.fail(findings_lines(error.findings))
        invocation.screen.say(
            "The folder is written. REDCap holds what is told above, but would not take it in"
            " again: correct it before the first plan."
        )
        return error.exit_code
    return 0
