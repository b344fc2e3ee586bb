"""The hook that lets a test act before and after each call that writes."""

from __future__ import annotations

import json

from tests.emulator.conftest import MakeEmulator
from tests.emulator.designing import RECORD_ID, field, send, sent
from tests.emulator.served import Project, new_project


def test_writes_are_told_before_and_after_with_their_number(project: Project) -> None:
    told: list[tuple[str, str, str, int]] = []
    project.emulator.on_call = lambda *call: told.append(call)
    sent(project, "metadata", [RECORD_ID])
    project.post("dag", "import", data='[{"data_access_group_name":"A","unique_group_name":""}]')
    assert told == [
        ("before", "metadata", "import", 1),
        ("after", "metadata", "import", 1),
        ("before", "dag", "import", 2),
        ("after", "dag", "import", 2),
    ]


def test_exports_are_not_told(project: Project) -> None:
    told: list[str] = []
    project.emulator.on_call = lambda phase, *_: told.append(phase)
    project.rows("metadata")
    project.post("nonsense")
    assert told == []


def test_a_refused_write_counts(project: Project) -> None:
    numbers: list[int] = []
    project.emulator.on_call = lambda _phase, _content, _action, number: numbers.append(number)
    assert send(project, "metadata", []).status_code == 400
    sent(project, "metadata", [RECORD_ID])
    assert numbers == [1, 1, 2, 2]


def test_a_write_that_a_fault_answers_does_not_count(make_emulator: MakeEmulator) -> None:
    project = new_project(make_emulator(faults=["error-once=502"]))
    numbers: list[int] = []
    project.emulator.on_call = lambda _phase, _content, _action, number: numbers.append(number)
    assert send(project, "metadata", [RECORD_ID]).status_code == 502
    sent(project, "metadata", [RECORD_ID])
    assert numbers == [1, 1]


def test_what_is_done_before_a_write_is_seen_by_it(project: Project) -> None:
    def to_production(phase: str, content: str, _action: str, _number: int) -> None:
        if (phase, content) == ("before", "metadata"):
            project.status("production")

    project.emulator.on_call = to_production
    assert send(project, "metadata", [RECORD_ID]).status_code == 400


def test_what_is_done_after_a_write_comes_before_its_answer(project: Project) -> None:
    def another_writer(phase: str, _content: str, _action: str, number: int) -> None:
        if (phase, number) == ("after", 1):
            rows = json.dumps([RECORD_ID, field("weight")])
            assert project.post("metadata", "import", data=rows).status_code == 200

    project.emulator.on_call = another_writer
    sent(project, "metadata", [RECORD_ID])
    assert [row["field_name"] for row in project.rows("metadata")] == ["record_id", "weight"]
