"""`lint` and `check` know what day it is: access that has ended is told."""

from __future__ import annotations

import pytest

from tests.cli.tool import NOW, Tool

PEOPLE = """\
version: 1
users:
  aboyd: {rights: {logging: true}, instruments: {"*": read_only}, expires: %s}
"""
TODAY = NOW.date().isoformat()


@pytest.mark.parametrize("command", ["lint", "check"])
def test_access_that_ends_today_has_ended(bare: Tool, command: str) -> None:
    bare.write(PEOPLE % TODAY)
    said = bare.run(command)
    assert said.code == 0
    assert f"UR006 User aboyd has had no access since {TODAY}." in said.out


@pytest.mark.parametrize("command", ["lint", "check"])
def test_access_that_ends_tomorrow_has_not(bare: Tool, command: str) -> None:
    bare.write(PEOPLE % NOW.date().replace(day=NOW.day + 1).isoformat())
    assert "UR006" not in bare.run(command).out
