"""A token that may read and not write: a plan says so, an apply stops before the first write."""

from __future__ import annotations

import pytest

from tests.cli.tool import Tool, study
from tests.emulator.access import with_rights
from tests.emulator.served import Project
from tests.end_to_end.watching import kept


@pytest.fixture
def reader(tool: Tool, project: Project) -> Tool:
    tool.write(study(project).replace("user: jdoe", "user: svc"))
    svc = with_rights(project, "svc", api_export=1, api_import=1, user_rights=1, logging=1)
    return tool.having(STUDY_TOKEN=svc.token)


def test_a_plan_warns_of_calls_the_token_may_not_make(reader: Tool) -> None:
    said = reader.run("plan")
    assert said.code == 0, said.all
    assert "M421 This token may not" in said.out
    assert "svc does not hold Project Design and Setup" in " ".join(said.out.split())


def test_an_apply_ends_with_6_and_writes_nothing(reader: Tool, project: Project) -> None:
    before = kept(project)
    words = ("apply", "--auto-approve", "--allow-delete", "fields")
    stopped = reader.run(*words)
    given = [word.strip('"') for word in stopped.all.split() if word.startswith('"H1')]
    said = reader.run(*words, *(part for one in given for part in ("--accept", one)))
    assert said.code == 6, said.all
    assert "svc needs Project Design and Setup, and does not hold it" in " ".join(said.err.split())
    assert kept(project) == before


def test_a_doctor_names_the_right_that_is_missing(reader: Tool) -> None:
    assert "no: needs Project Design and Setup" in reader.run("doctor").out
