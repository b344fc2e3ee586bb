"""What a merge by `pull` leaves on disk: no token, and nothing private where others may read it."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

from tests.cli.test_pull_merging import commit, git, relabel
from tests.cli.tool import Tool
from tests.emulator.served import Project


@pytest.fixture
def merged(applied: Tool, project: Project) -> Tool:
    """A study into which REDCap was merged over own work, with a new file and with kept ones."""
    (applied.folder / ".gitignore").write_text(".redcap-iac/\n")
    git(applied.folder, "init", "-q")
    commit(applied.folder)
    tool = applied.having(PATH="/usr/local/bin:/usr/bin:/bin", HOME=str(applied.home))
    tool.edit("label: Pain", "label: Pain today")
    relabel(project, "pain", "Pain now")
    said = tool.run("pull", "--all", "--prefer", "live", "--force")
    assert said.code == 0, said.all
    return tool


def test_no_file_holds_the_token(merged: Tool, project: Project) -> None:
    files = [path for path in merged.folder.parent.rglob("*") if path.is_file()]
    assert any("backups" in path.parts for path in files)
    assert [path for path in files if project.token.encode() in path.read_bytes()] == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_kept_files_are_private(merged: Tool) -> None:
    state = merged.folder / ".redcap-iac"
    modes = {stat.S_IMODE(path.stat().st_mode) & 0o077 for path in state.rglob("*")}
    assert modes == {0}


def test_nothing_is_left_beside_the_files(merged: Tool) -> None:
    there = {path.name for path in Path(merged.folder).iterdir()}
    assert there == {".git", ".gitignore", ".redcap-iac", "redcap.yaml"}
