"""The commands of the emulator on a database file, called as a person would."""

from __future__ import annotations

import json
from pathlib import Path

import requests
from click.testing import CliRunner, Result

from redcap_iac.cli.emulator import emulator
from redcap_iac.emulator import admin
from redcap_iac.emulator.server import Emulator
from redcap_iac.emulator.switches import Settings, parse_switch


def run(*arguments: object) -> Result:
    return CliRunner().invoke(emulator, [str(argument) for argument in arguments])


def printed(*arguments: object) -> list[str]:
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return result.stdout.splitlines()


def refused(*arguments: object) -> str:
    """Return what a command that cannot be carried out says; it prints nothing else."""
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (1, ""), result.output
    return result.stderr


def database(path: Path, *switches: str) -> Path:
    """Make a database, served once with switches, that holds the project 1 of jdoe."""
    chosen = tuple(parse_switch(switch) for switch in switches)
    served = Emulator(path, Settings(chosen=chosen))
    admin.create_project(served.store, served.server, "Pilot", "jdoe", {"is_longitudinal": 1})
    served.stop()
    return path


def asked(db: Path, content: str, **form: str) -> requests.Response:
    """Ask the API for the project 1 in the name of jdoe, while it is served."""
    with Emulator(db) as served:
        token = admin.token(served.store, served.server, 1, "jdoe")
        data = {"token": token, "content": content, "format": "json", **form}
        return requests.post(served.url, data=data, timeout=30)


def lines(db: Path) -> list[list[str]]:
    """Return user, action and details of the log, newest first."""
    return [line.split("\t")[1:] for line in printed("log", "--db", db, "--project", 1)]


def state(db: Path) -> dict[str, list[dict[str, object]]]:
    dumped = "\n".join(printed("dump", "--db", db, "--project", 1))
    loaded: dict[str, list[dict[str, object]]] = json.loads(dumped)
    return loaded
