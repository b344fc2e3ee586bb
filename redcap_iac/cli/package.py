"""`redcap-iac package`: the files for a change in production; `package verify`: their proof."""

from __future__ import annotations

from dataclasses import replace

import click

from redcap_iac.cli import connecting
from redcap_iac.cli.base import base_option, read_base
from redcap_iac.cli.invocation import Invocation, pass_invocation
from redcap_iac.cli.options import format_option, impact_option, publish_option
from redcap_iac.cli.packages import (
    Written,
    newest_package,
    read_draft,
    read_package,
    write_package,
)
from redcap_iac.errors import RedcapIacError
from redcap_iac.views.findings import findings_lines
from redcap_iac.views.packaging import (
    package_json,
    package_lines,
    verification_json,
    verification_lines,
)
from redcap_iac.views.publishing import published_package
from redcap_iac.workflow import Goal, Session, read
from redcap_iac.workflow.packaging import ConflictError, Packaged
from redcap_iac.workflow.packaging import package as make_package
from redcap_iac.workflow.packaging import verify as verify_package


@click.group(invoke_without_command=True)
@click.option("--out", metavar="DIR", help="Write it there, and not to the state folder.")
@click.option(
    "--draft",
    metavar="FILE",
    help="The dictionary of a draft that is open, downloaded from REDCap, to be merged.",
)
@click.option("--ticket", default="", metavar="TEXT", help="A ticket's number, for the pages.")
@base_option
@impact_option
@publish_option
@format_option
@click.pass_context
def package(
    context: click.Context,
    out: str | None,
    draft: str | None,
    ticket: str,
    base: str | None,
    impact: str,
    publish: str,
    format_: str,
) -> int:
    r"""Write the files for a change of a project in production; an export token is enough.

    The dictionary for Draft Mode, files for the schedule where they change, the clicks for what
    has no upload, a page for its reviewers with REDCap's own flags foretold, and a ticket's text.

    \b
    Example:
        redcap-iac --env prod package
        redcap-iac --env prod package --draft DataDictionary_2026-11-20.csv --out change-42
        redcap-iac --env prod package verify --draft DataDictionary_2026-11-21.csv
    """
    if context.invoked_subcommand is not None:
        return 0
    invocation: Invocation = context.obj
    invocation.machine = format_ == "json"
    manifest = connecting.read_manifest(invocation)
    environment = connecting.environment_of(invocation, manifest)
    theirs = None if draft is None else read_draft(invocation, draft)
    session = connecting.guarded(connecting.connect(invocation, environment), (), impact)
    goal = Goal(
        manifest.desired, manifest.digest, base=read_base(invocation, base, environment.name)
    )
    try:
        with invocation.screen.working(
            f"Reading the project at {session.client.connection.host}"
        ):  # fmt: skip
            made = make_package(session, goal, theirs)
    except ConflictError as error:
        invocation.screen.fail(findings_lines(error.findings))
        raise
    if publish == "public" and made.package is not None:
        made = replace(made, package=published_package(made.package))
    return _written(invocation, session, made, out, ticket)


def _written(
    invocation: Invocation, session: Session, made: Packaged, out: str | None, ticket: str
) -> int:
    screen = invocation.screen
    if made.package is None:
        if invocation.machine:
            screen.show(package_json(None, None))
        else:
            screen.show(package_lines(None, None, screen.width))
        return 0
    folder = write_package(invocation, session, made.package, out, ticket)
    if invocation.machine:
        screen.show(package_json(made.package, folder))
    else:
        screen.show(package_lines(made.package, folder, screen.width))
    return 0


@package.command()
@click.argument("folder", required=False, metavar="[DIR]")
@click.option(
    "--draft",
    metavar="FILE",
    help="The dictionary of the draft, downloaded from REDCap before it is submitted.",
)
@format_option
@pass_invocation
def verify(invocation: Invocation, folder: str | None, draft: str | None, format_: str) -> int:
    r"""Prove a package: the draft before it is submitted, the live project after approval.

    Without DIR the newest package of the project is meant. Ends with 0 when proven, 1 when the
    draft differs, 4 when the package is stale, 7 while somebody has to act.

    \b
    Example:
        redcap-iac --env prod package verify --draft DataDictionary_2026-11-21.csv
        redcap-iac --env prod package verify
    """
    invocation.machine = format_ == "json"
    manifest = connecting.read_manifest(invocation)
    environment = connecting.environment_of(invocation, manifest)
    theirs = None if draft is None else read_draft(invocation, draft)
    session = connecting.connect(invocation, environment)
    with invocation.screen.working(f"Reading the project at {session.client.connection.host}"):
        written = _meant(invocation, session, folder)
        found = verify_package(session, written.record, written.fields, theirs)
    if invocation.machine:
        invocation.screen.show(verification_json(found, written.folder))
    else:
        width = invocation.screen.width
        invocation.screen.show(verification_lines(found, written.record, width))
    return found.exit_code


def _meant(invocation: Invocation, session: Session, folder: str | None) -> Written:
    if folder is not None:
        return read_package(invocation.path(folder))
    project_id = session.project_id or read(session).target.project_id
    found = newest_package(session, project_id)
    if found is None:
        raise RedcapIacError(
            "There is no package of this project here.",
            f"Make one: {invocation.command('package')}; or name its folder.",
        )
    return found
