"""The project files of ../shared/corpus that REDCap wrote, for the tests that go through all."""

from __future__ import annotations

from pathlib import Path

import pytest

from redcap_iac.emulator.server import Emulator
from tests.emulator.odm.creating import created
from tests.emulator.odm.reading import ABSENT, FILES
from tests.emulator.served import Project

#: One was written by hand.
WRITTEN_BY_REDCAP = [path for path in FILES if "heartland" not in path.name]
marks = [pytest.mark.corpus, pytest.mark.skipif(not FILES, reason=ABSENT)]
every_file = pytest.mark.parametrize("path", WRITTEN_BY_REDCAP, ids=lambda path: path.stem)


def made(emulator: Emulator, path: Path) -> Project:
    """Create a project from a file."""
    return created(emulator, path.read_text(encoding="utf-8"))
