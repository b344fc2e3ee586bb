"""A rename cut off anywhere: every value stays somewhere, and the next run finishes it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from redcap_iac import workflow
from redcap_iac.answers import Answer
from redcap_iac.calls import Call
from redcap_iac.emulator.server import Emulator
from redcap_iac.errors import UnreachableError
from redcap_iac.workflow import Applied
from tests.emulator.conftest import MakeEmulator
from tests.emulator.served import Project, new_project
from tests.end_to_end.renaming import SHAPES, Stored, after, before, expected, fill, lost, stored
from tests.end_to_end.study import Silent, Study, everything
from tests.end_to_end.watching import Watched, session

#: The suite cuts at every third call, another third for each shape; the whole campaign at each.
EVERY = 1 if os.environ.get("REDCAP_IAC_CAMPAIGN") else 3
CASES = ("field", "checkbox", "recode", "instrument")
MakeStudy = Callable[[str], Study]


@dataclass(frozen=True, slots=True)
class Kept:
    """A database with the first design and its values, to start each run from."""

    content: bytes
    project_id: int
    token: str


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Kept]:
    """Every shape, filled, once."""
    return {shape: _kept(shape, tmp_path_factory.mktemp("kept")) for shape in SHAPES}


def _kept(shape: str, folder: Path) -> Kept:
    with Emulator(folder / "emulator.db") as emulator:
        project = new_project(emulator)
        Study(project, folder).converge(before(shape))
        fill(project, shape)
        copy = folder / "copy.db"
        with (
            closing(sqlite3.connect(folder / "emulator.db")) as source,
            closing(sqlite3.connect(copy)) as target,
        ):
            source.backup(target)
        return Kept(copy.read_bytes(), project.project_id, project.token)


@pytest.fixture
def started(kept: Mapping[str, Kept], tmp_path: Path, make_emulator: MakeEmulator) -> MakeStudy:
    """Return what starts a shape anew, the renamed design declared."""
    runs: list[None] = []

    def start(shape: str) -> Study:
        runs.append(None)
        folder = tmp_path / str(len(runs))
        folder.mkdir()
        (folder / "emulator.db").write_bytes(kept[shape].content)
        emulator = make_emulator(path=folder / "emulator.db")
        study = Study(Project(emulator, kept[shape].project_id, kept[shape].token), folder)
        study.declare(after(shape, *CASES))
        return study

    return start


def matters(call: Call, shape: str) -> bool:
    """Tell whether a call is one to cut: whatever writes; in one shape every look at values."""
    return call.writes or (call.content == "record" and shape == "repeating instrument")


def apply_cutting(study: Study, shape: str, nth: int, *, written: bool) -> tuple[Applied, int]:
    """Apply, cut at the nth call that matters, before or after the server did what it asks.

    Return also how many such calls there were.
    """
    made: list[Call] = []

    def told(call: Call) -> None:
        if matters(call, shape):
            made.append(call)
            if len(made) == nth and not written:
                raise UnreachableError("the line is dead")

    def answered(call: Call, answer: Answer) -> Answer:
        if written and len(made) == nth and call is made[-1]:
            raise UnreachableError("the line is dead")
        return answer

    goal = study.goal()
    planned = study.plan(goal)
    watched = session(study, Watched(study.project, told, answered))
    applied = workflow.apply(watched, goal, planned, Silent(), answers=everything())
    return applied, len(made)


def finish(study: Study, was: set[Stored]) -> None:
    """Apply again, undisturbed: everything is where it has to be."""
    applied = study.apply(study.goal())
    assert applied.is_complete, (applied.outcomes[-1].error, applied.trouble)
    assert stored(study) == expected(was, *CASES)


@pytest.mark.parametrize("written", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("shape", SHAPES)
def test_cut_at_any_call_that_matters_nothing_is_lost_and_the_next_run_finishes(
    started: MakeStudy, shape: str, written: bool
) -> None:
    made = list(SHAPES).index(shape) % EVERY + 1
    nth, stopped = made - EVERY, 0
    while made >= nth:
        nth += EVERY
        study = started(shape)
        was = stored(study)
        applied, made = apply_cutting(study, shape, nth, written=written)
        assert lost(study, was, *CASES) == set(), nth
        if not applied.is_complete:
            stopped += 1
            finish(study, was)
        assert stored(study) == expected(was, *CASES), nth
        study.project.emulator.stop()
    assert (
        EVERY > 1 or stopped >= 1
    )  # a lost answer to a dictionary may be made good in the same run
