"""The hooks for pre-commit call commands there are, on files that matter."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from redcap_iac.cli.root import COMMANDS

ROOT = Path(__file__).parent.parent
HOOKS: list[dict[str, Any]] = YAML(typ="safe").load((ROOT / ".pre-commit-hooks.yaml").read_bytes())
each_hook = pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: str(hook["id"]))


@each_hook
def test_a_hook_calls_a_command_there_is(hook: dict[str, Any]) -> None:
    command, *options = hook["args"]
    assert hook["entry"] == "redcap-iac"
    assert command in COMMANDS
    assert hook["id"] == f"redcap-iac-{command}"
    assert options in ([], ["--check"])


@each_hook
def test_a_hook_runs_for_the_files_of_a_project_once(hook: dict[str, Any]) -> None:
    assert hook["pass_filenames"] is False
    assert re.search(hook["files"], "study/redcap.yaml")
    assert not re.search(hook["files"], "study/notes.md")


def test_every_command_that_needs_files_only_has_a_hook() -> None:
    assert {hook["args"][0] for hook in HOOKS} == {"validate", "fmt", "lint", "test"}
