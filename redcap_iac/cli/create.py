"""`redcap-iac create`: Create Project by super token, then apply."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import click

from redcap_iac.calls import Call
from redcap_iac.cli import connecting
from redcap_iac.cli.applying import carry_out, stoppable
from redcap_iac.cli.invocation import Invocation, pass_invocation
from redcap_iac.cli.new_tokens import Keeper, keeper_for, say_unless_ignored
from redcap_iac.cli.options import approve_option
from redcap_iac.cli.plan import planning
from redcap_iac.client import Client
from redcap_iac.errors import (
    AccessError,
    GuardError,
    PartlyAppliedError,
    RedcapIacError,
    ServerError,
    UnreachableError,
)
from redcap_iac.manifest.environments import Environment
from redcap_iac.secret import Secret
from redcap_iac.state import Unit
from redcap_iac.views.printable import printable
from redcap_iac.views.text import plan_lines
from redcap_iac.workflow import Goal, create_call
from redcap_iac.workflow.keeping import CREATE, Keeping

_VARIABLE = "REDCAP_SUPER_API_TOKEN"
_SUPER_TOKEN = re.compile(r"[0-9A-Fa-f]{64}")


@click.command()
@click.option("--env", "environment_name", metavar="NAME", help="As --env before the command.")
@click.option("--from-xml", metavar="FILE", help="Start from a project XML of REDCap.")
@click.option("--token-file", metavar="FILE", help="A new file for the new project's token.")
@approve_option
@pass_invocation
def create(
    invocation: Invocation,
    environment_name: str | None,
    from_xml: str | None,
    token_file: str | None,
    *,
    auto_approve: bool,
) -> int:
    r"""Create the project with the super token in REDCAP_SUPER_API_TOKEN, then apply the manifest.

    It must be known where the new project's token goes: --token-file, or a `keyring:` token of
    the environment. The call is made once and never repeated.

    \b
    Example:
        redcap-iac create --token-file study.token
        redcap-iac create --env dev --from-xml Study.REDCap.xml --token-file study.token
    """
    invocation = replace(invocation, environment=environment_name or invocation.environment)
    manifest = connecting.read_manifest(invocation)
    environment = connecting.environment_of(invocation, manifest)
    if environment.project_id:
        raise GuardError(
            f"The environment {environment.name} has a project already: {environment.project_id}.",
            "Choose another environment, or take `project_id:` out of this one.",
        )
    call = create_call(manifest.desired)
    title = str(call.rows[0]["project_title"])
    if from_xml is not None:
        call = _with_xml(call, invocation.path(from_xml))
    client = connecting.client_with(invocation, environment, _super_token(invocation))
    connecting.trust_of(invocation).require_address(environment.url, invocation.trusts)
    keeper = keeper_for(invocation, environment, token_file)
    token = _created(invocation, client, call, keeper, title, approved=auto_approve)
    if token_file is not None:
        say_unless_ignored(invocation, token_file)
    goal = Goal(manifest.desired, manifest.digest, fresh=from_xml is None)
    return _apply(invocation, environment, token, goal)


def _super_token(invocation: Invocation) -> Secret:
    text = invocation.outside.environ.get(_VARIABLE, "").strip()
    if not text:
        raise AccessError(
            f"{_VARIABLE} is not set; Create Project needs a super token.",
            "REDCap administrators give them out; ordinary tokens cannot create projects.",
        )
    if not _SUPER_TOKEN.fullmatch(text):
        raise AccessError(f"{_VARIABLE} is not a super token: that is 64 hexadecimal letters.")
    return Secret(text)


def _with_xml(call: Call, path: Path) -> Call:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise RedcapIacError(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise RedcapIacError(f"{path} is not a project XML: it is not text in UTF-8.") from None
    if "<ODM" not in text:
        raise RedcapIacError(
            f"{path} is not a project XML of REDCap.",
            "It is made on the project's page: Other Functionality, Download metadata as XML.",
        )
    return replace(call, params={**call.params, "odm": text})


def _created(
    invocation: Invocation, client: Client, call: Call, keeper: Keeper, title: str, *,
    approved: bool,
) -> Secret:  # fmt: skip
    """Create the project and store its token at once; an interrupt waits until that is done."""
    host = client.connection.host
    try:
        if not approved:
            invocation.confirm(f'Create the project "{title}" at {host}?')
        with stoppable(invocation) as stop:
            with invocation.screen.working(f"Creating the project at {host}"):
                token = _send(client, call, title)
            _keep(keeper, token, title)
    except BaseException:
        keeper.drop()
        raise
    said = f'Created the project "{title}"; its token is in {keeper.place}.'
    invocation.screen.show(printable(said))
    if stop.asked:
        invocation.screen.say("Nothing was applied yet; `redcap-iac apply` goes on from here.")
        raise click.Abort
    return token


def _keep(keeper: Keeper, token: Secret, title: str) -> None:
    try:
        keeper.keep(token)
    except Exception as error:  # noqa: BLE001 - whatever it is, the project is there
        raise PartlyAppliedError(
            f'The project "{title}" was created, but its token could not be stored in'
            f" {keeper.place} ({type(error).__name__}).",
            "Find the project in REDCap, and its token on the project's API page.",
        ) from None


def _send(client: Client, call: Call, title: str) -> Secret:
    advice = (
        "Whether the project was created is not known, and nothing tries it again. Look under My"
        f' Projects in REDCap for "{title}"; if it is there, its token is on its API page.'
    )
    try:
        return client.create_project(call)
    except UnreachableError as error:
        said = f"{error.advice}\n{advice}" if error.advice else advice
        raise UnreachableError(error.message, said) from None
    except ServerError as error:
        raise ServerError(
            error.message, status=error.status, text=error.text, advice=advice
        ) from None


def _apply(invocation: Invocation, environment: Environment, token: Secret, goal: Goal) -> int:
    """Plan on the new project and carry it out."""
    session = connecting.session_with(invocation, environment, token)
    planned = planning(invocation, session, goal)
    project_id = planned.live.target.project_id
    invocation.screen.show(f"It is project {project_id}.")
    if environment.name:
        invocation.screen.say(
            f"Write `project_id: {project_id}` under {environment.name} in redcap.yaml, so that no"
            " other project can be meant."
        )
    allowed = tuple(Unit) if goal.fresh else ()
    width = invocation.screen.width
    lines = plan_lines(planned.plan, verbose=invocation.verbose, allowed=allowed, width=width)
    invocation.screen.show(lines)
    return carry_out(invocation, session, goal, planned, keeping=Keeping(purpose=CREATE))
