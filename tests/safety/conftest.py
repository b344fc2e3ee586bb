"""Studies: a fresh project and a folder for its manifest."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.emulator.served import Project
from tests.end_to_end.study import Study


@pytest.fixture
def study(project: Project, tmp_path: Path) -> Study:
    """A fresh classic project of `jdoe` and an empty folder."""
    return Study(project, tmp_path)
