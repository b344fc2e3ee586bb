"""What commands of the emulator have in common: its database, a project, a user."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from redcap_iac.emulator import admin
from redcap_iac.emulator.clock import local_time
from redcap_iac.emulator.request import Server
from redcap_iac.emulator.store import Store

_USAGE = 64

_Command = Callable[..., None]


class UsageError(click.UsageError):
    """A value on the command line that cannot be; exit code 64."""

    exit_code = _USAGE


def db_option(command: _Command) -> _Command:
    """Ask for the database file."""
    return click.option(
        "--db",
        required=True,
        type=click.Path(path_type=Path),
        help="Database file of the emulator, which may be serving.",
    )(command)


def project_option(command: _Command) -> _Command:
    """Ask for the project."""
    return click.option("--project", "project_id", required=True, type=int, help="Project id.")(
        command
    )


def acting_options(command: _Command) -> _Command:
    """Ask for the database, the project and who acts."""
    who = click.option("--user", "username", required=True, help="Who does it; logged.")
    return db_option(project_option(who(command)))


@contextmanager
def opened(db: Path) -> Iterator[tuple[Store, Server]]:
    """Open a database that is there, as the server version it was last served as."""
    if not db.is_file():
        raise click.ClickException(
            f"no emulator database at {db}; `redcap-iac emulator serve --db {db}` makes one"
        )
    with clear_errors():
        store = Store(db)
        try:
            settings = admin.remembered(store)
            yield store, Server(settings, local_time, random.SystemRandom())
        except admin.AdminError as error:
            raise click.ClickException(str(error)) from error
        finally:
            store.close()


@contextmanager
def clear_errors() -> Iterator[None]:
    """Turn what SQLite says about a file into one line."""
    try:
        yield
    except sqlite3.Error as error:
        raise click.ClickException(f"the database cannot be used: {error}") from error
