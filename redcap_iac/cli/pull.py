"""`redcap-iac pull`: live project → a new folder, or into the files of one."""

from __future__ import annotations

import os
from pathlib import Path

import click

from redcap_iac.cli import connecting
from redcap_iac.cli.base import base_option
from redcap_iac.cli.invocation import Invocation, pass_invocation
from redcap_iac.cli.merging import Asked, merge_into
from redcap_iac.cli.new_folders import refuse_taken, write_folder
from redcap_iac.cli.options import format_option
from redcap_iac.errors import ManifestError
from redcap_iac.formats.dictionary_csv import write_dictionary
from redcap_iac.kinds import kind_named
from redcap_iac.manifest.environments import Environment
from redcap_iac.manifest.loader import MANIFEST, load
from redcap_iac.manifest.writer import write
from redcap_iac.merging.renames import Consent
from redcap_iac.merging.verdict import Preference, Side
from redcap_iac.state import Live
from redcap_iac.views.findings import findings_lines
from redcap_iac.views.printable import printable
from redcap_iac.workflow import draft, read

#: Sections of `redcap.yaml` that can be taken in later.
SECTIONS = ("project", "arms", "repeat", "dags", "roles", "users")


def _sides(
    context: click.Context, parameter: click.Parameter, given: tuple[str, ...]
) -> dict[str, Side]:
    """Read `live:ADDRESS` and `files:ADDRESS`."""
    found: dict[str, Side] = {}
    for text in given:
        side, colon, address = text.partition(":")
        if not colon or not address or side not in list(Side):
            raise click.BadParameter(
                f"{text}: write live:ADDRESS or files:ADDRESS.", context, parameter
            )
        found[address] = Side(side)
    return found


@click.command()
@click.argument("folder", metavar="[DIR]", default=".")
@click.option("--csv", "as_csv", is_flag=True, help="The dictionary as one CSV file of REDCap.")
@base_option
@click.option(
    "--dry-run", "dry_run", is_flag=True, help="Show what would be merged; write nothing."
)
@click.option(
    "--prefer",
    type=click.Choice(["live", "files"]),
    help="Whose word counts wherever both sides changed the same.",
)
@click.option(
    "--take",
    "take",
    multiple=True,
    metavar="SIDE:ADDRESS",
    callback=_sides,
    help='Whose word counts at one address, as in "live:field/age/label". Repeatable.',
)
@click.option(
    "--accept-rename",
    "renames",
    multiple=True,
    metavar="NEW=OLD",
    help="Something was renamed in REDCap, as it is proposed. Repeatable.",
)
@click.option(
    "--renames/--no-renames",
    "all_renames",
    default=None,
    help="Take everything that looks renamed for renamed, or nothing.",
)
@click.option(
    "--section",
    "sections",
    multiple=True,
    type=click.Choice(SECTIONS),
    help="Take in a section that the files do not manage yet. Repeatable.",
)
@click.option("--all", "everything", is_flag=True, help="Take in all sections.")
@click.option("--force", is_flag=True, help="Let --prefer and --take replace uncommitted work.")
@click.option("--detailed-exitcode", is_flag=True, help="End with 2 when files change.")
@format_option
@pass_invocation
def pull(
    invocation: Invocation,
    folder: str,
    base: str | None,
    prefer: str | None,
    take: dict[str, Side],
    renames: tuple[str, ...],
    all_renames: bool | None,
    sections: tuple[str, ...],
    format_: str,
    *,
    as_csv: bool,
    dry_run: bool,
    everything: bool,
    force: bool,
    detailed_exitcode: bool,
) -> int:
    r"""Write a live project to a new folder, or merge it into the files of one.

    In a new folder a plan made there says that there are no changes. Where a manifest is, what
    changed in REDCap since the base goes into the files, in place, and nothing else in them
    changes; what changed on both sides is shown and stays as in the files. Which project: the
    environment of the manifest, or REDCAP_API_URL and REDCAP_API_TOKEN. No token is written.

    \b
    Example:
        redcap-iac pull study
        redcap-iac -C study pull --dry-run
        redcap-iac -C study pull --base origin/main --take "live:field/age/label"
    """
    invocation.machine = format_ == "json"
    place = invocation.path(folder)
    if (place / MANIFEST).exists():
        if as_csv:
            raise click.UsageError("--csv is for a new folder; here the files keep their form.")
        wanted = Asked(
            base,
            Preference(Side(prefer) if prefer else None, take),
            Consent(all_renames, renames),
            SECTIONS if everything else sections,
            dry_run=dry_run,
            force=force,
            detailed=detailed_exitcode,
            format=format_,
        )
        return merge_into(invocation, place, wanted)
    return _new(invocation, place, as_csv=as_csv, dry_run=dry_run)


def _new(invocation: Invocation, place: Path, *, as_csv: bool, dry_run: bool) -> int:
    """Write a folder that is not there yet."""
    refuse_taken(place)
    manifest = None
    if (invocation.folder / MANIFEST).exists():
        manifest = connecting.read_manifest(invocation)
    environment = connecting.environment_of(invocation, manifest)
    session = connecting.connect(invocation, environment)
    with invocation.screen.working(f"Reading the project at {session.client.connection.host}"):
        live = read(session)
    files = _files(live, environment, session.user, as_csv=as_csv)
    if not dry_run:
        write_folder(place, files, private=True)
    for name in files:
        invocation.screen.show(printable(os.path.normpath(place / name)))
    for name, reason in live.unreadable.items():
        invocation.screen.say(
            f"Left out: {kind_named(name).unit}, the token may not read: {reason}"
        )
    return 0 if dry_run else _judge(invocation, place)


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
