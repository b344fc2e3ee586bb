"""A project folder, and the tool that is called in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.tool import Tool, study
from tests.emulator.served import Project


@pytest.fixture
def bare(tmp_path: Path) -> Tool:
    """The tool in an empty folder, with nothing in its environment."""
    folder, home = tmp_path / "study", tmp_path / "home"
    folder.mkdir()
    home.mkdir()
    return Tool(folder, home)


@pytest.fixture
def tool(bare: Tool, project: Project) -> Tool:
    """The tool in the folder of a small study that differs from its fresh project."""
    bare.write(study(project))
    return bare.having(STUDY_TOKEN=project.token)


@pytest.fixture
def applied(tool: Tool) -> Tool:
    """The same after an apply: project and folder are equal."""
    assert tool.run("apply", "--auto-approve", "--allow-delete", "fields").code == 0
    return tool
