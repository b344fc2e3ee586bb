"""`redcap-iac emulator`: serve a REDCap stand-in and administer it."""

from __future__ import annotations

import importlib
import signal
import threading
from pathlib import Path
from types import FrameType

import click

from redcap_iac.cli import emulator_pages
from redcap_iac.cli.emulator_database import (
    UsageError,
    clear_errors,
    db_option,
    opened,
    project_option,
)
from redcap_iac.cli.group import with_examples
from redcap_iac.emulator import admin
from redcap_iac.emulator.faults import FAULTS, SYNTAX, Fault, FaultError, parse_fault
from redcap_iac.emulator.switches import (
    DEFAULT_VERSION,
    Settings,
    UnknownSwitch,
    parse_switch,
)
from redcap_iac.emulator.versions import Version

#: Commands that bring the expression parser, a fifth of a second: loaded when they are called.
_LATE = ("draft", "upload", "delete", "rename-instrument")


class _Group(click.Group):
    """The commands of the emulator, of which some are loaded late."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return all names, sorted."""
        return sorted({*super().list_commands(ctx), *_LATE})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, loading it if need be."""
        if cmd_name not in _LATE:
            return super().get_command(ctx, cmd_name)
        pages = importlib.import_module("redcap_iac.cli.emulator_design")
        found: click.Command = getattr(pages, cmd_name.replace("-", "_"))
        return with_examples(found)


@click.group(cls=_Group)
def emulator() -> None:
    r"""A REDCap stand-in: its API on this machine, with administration by command.

    \b
    Example:
        redcap-iac emulator serve --db study.db
        redcap-iac emulator create-project --db study.db --title Pilot --user jdoe
    """


for _command in emulator_pages.COMMANDS:
    emulator.add_command(_command)


def _fault_help() -> str:
    lines = [
        f"{name}{f'={argument}' if argument else ''}: {meaning}"
        for name, (argument, meaning) in FAULTS.items()
    ]
    return (
        f"A fault to show, written {SYNTAX}, repeatable. @CONTENT/ACTION aims it at one method"
        " (an export has the action export), #N at the Nth such call only, as in"
        " cut-after@metadata/import#1. " + "; ".join(lines) + "."
    )


@emulator.command()
@click.option("--db", type=click.Path(path_type=Path), help="Database file; memory without.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8765, show_default=True, help="Port; 0 picks a free one.")
@click.option("--redcap-version", default=str(DEFAULT_VERSION), show_default=True)
@click.option("--super-token", help="64 hexadecimal digits; kept or made when not given.")
@click.option("--switch", "switches", multiple=True, help="NAME=VALUE, see methods --switches.")
@click.option("--fault", "faults", multiple=True, help=_fault_help())
def serve(
    db: Path | None,
    host: str,
    port: int,
    redcap_version: str,
    super_token: str | None,
    switches: tuple[str, ...],
    faults: tuple[str, ...],
) -> None:
    r"""Serve until interrupted; the first lines are the API URL and the super token.

    Being interrupted is how it ends, so the exit code is 0 then.

    \b
    Example:
        redcap-iac emulator serve --port 0 --switch event_rename=keep --fault error-once=502
    """
    try:
        # Flask and waitress are an extra, and half of this command group's start-up time
        from redcap_iac.emulator.server import Emulator  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise click.ClickException(
            f"serving needs {error.name}: pip install 'redcap-iac[emulator]'"
        ) from error

    settings = _settings(redcap_version, switches)
    ordered = _faults(faults)
    with clear_errors():
        try:
            served = Emulator(db, settings, super_token, faults=ordered)
        except admin.AdminError as error:
            raise UsageError(str(error)) from error
    try:
        served.start(host, port)
    except OSError as error:
        served.stop()
        raise click.ClickException(f"cannot listen on {host}:{port}: {error.strerror}") from error
    # before the first line: who reads it may interrupt at once
    ended = _interruption()
    click.echo(served.url)
    click.echo(served.super_token)
    # a wait without end cannot be interrupted on every platform
    while not ended.wait(3600):
        pass
    served.stop()


def _interruption() -> threading.Event:
    """Return what is set when the process is told to end, by Ctrl-C or by its parent."""
    ended = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        ended.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    return ended


def _settings(version: str, switches: tuple[str, ...]) -> Settings:
    try:
        return Settings(Version.parse(version), tuple(parse_switch(text) for text in switches))
    except (UnknownSwitch, ValueError) as error:
        raise UsageError(str(error)) from error


def _faults(texts: tuple[str, ...]) -> tuple[Fault, ...]:
    try:
        return tuple(parse_fault(text) for text in texts)
    except FaultError as error:
        raise UsageError(str(error)) from error


@emulator.command("create-project")
@db_option
@click.option("--title", required=True)
@click.option("--user", "username", required=True, help="Who is the project's creator.")
def create_project(db: Path, title: str, username: str) -> None:
    r"""Create a project; prints its id, then its creator's token, a line each.

    \b
    Example:
        redcap-iac emulator create-project --db study.db --title Pilot --user jdoe
    """
    with opened(db) as (store, server):
        project_id, made = admin.create_project(store, server, title, username)
    click.echo(project_id)
    click.echo(made)


@emulator.command()
@db_option
@project_option
@click.option("--user", "username", required=True)
def token(db: Path, project_id: int, username: str) -> None:
    r"""Print the token of a user of a project, alone; adds the user without rights if need be.

    \b
    Example:
        redcap-iac emulator token --db study.db --project 1 --user akim
    """
    with opened(db) as (store, server):
        made = admin.token(store, server, project_id, username)
    click.echo(made)


@emulator.command()
@db_option
@project_option
@click.option("--user", "username", required=True)
@click.argument("groups", nargs=-1, required=True, metavar="DAG...")
def dags(db: Path, project_id: int, username: str, groups: tuple[str, ...]) -> None:
    r"""Let a user switch between data access groups, given by unique name (DAG Switcher).

    \b
    Example:
        redcap-iac emulator dags --db study.db --project 1 --user akim lyon paris
    """
    with opened(db) as (store, _):
        admin.dags(store, project_id, username, groups)


@emulator.command()
@db_option
@project_option
@click.option("--title", required=True)
@click.option("--field", "fields", required=True, multiple=True, help="Repeatable, in order.")
def report(db: Path, project_id: int, title: str, fields: tuple[str, ...]) -> None:
    r"""Add a report and print its id.

    \b
    Example:
        redcap-iac emulator report --db study.db --project 1 --title Ages --field age
    """
    with opened(db) as (store, _):
        report_id = admin.report(store, project_id, title, fields)
    click.echo(report_id)


@emulator.command()
@db_option
@project_option
@click.argument("status", type=click.Choice(admin.STATUSES))
def status(db: Path, project_id: int, status: str) -> None:
    r"""Move a project to another status.

    \b
    Example:
        redcap-iac emulator status --db study.db --project 1 production
    """
    with opened(db) as (store, server):
        admin.status(store, server, project_id, status)


@emulator.command()
@db_option
@project_option
def log(db: Path, project_id: int) -> None:
    r"""Print a project's log, newest first: time, user, action, details, parted by tabs.

    \b
    Example:
        redcap-iac emulator log --db study.db --project 1
    """
    with opened(db) as (store, _):
        entries = admin.log(store, project_id)
    for entry in entries:
        cells = (entry.timestamp, entry.username, entry.action.strip(), entry.details)
        click.echo("\t".join(" ".join(cell.split()) for cell in cells))


@emulator.command()
@db_option
@project_option
def dump(db: Path, project_id: int) -> None:
    r"""Print all that is kept of a project as JSON, data too, tokens not.

    \b
    Example:
        redcap-iac emulator dump --db study.db --project 1 > state.json
    """
    with opened(db) as (store, _):
        text = admin.dump(store, project_id)
    click.echo(text)


@emulator.command()
@click.option("--switches", is_flag=True, help="Print the switches and their defaults instead.")
@click.option("--format", "format_", type=click.Choice(["text", "markdown"]), default="text")
def methods(*, switches: bool, format_: str) -> None:
    r"""Print the table of API methods: answered or refused, and what each needs.

    \b
    Example:
        redcap-iac emulator methods --format markdown
    """
    # registers every method, and with them the expression parser: the other commands need none
    from redcap_iac.emulator import method_table  # noqa: PLC0415

    if switches:
        click.echo(method_table.switches_text(), nl=False)
    elif format_ == "markdown":
        click.echo(method_table.methods_markdown(), nl=False)
    else:
        click.echo(method_table.methods_text(), nl=False)
