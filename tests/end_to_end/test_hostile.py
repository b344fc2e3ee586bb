"""Whatever a server answers: one clear error or a plan, never another exception or an escape."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redcap_iac import workflow
from redcap_iac.emulator.server import Emulator
from redcap_iac.errors import RedcapIacError
from redcap_iac.manifest.writer import write
from redcap_iac.views.checkup import checkup_lines, of_project, sections_table
from redcap_iac.views.findings import error_lines
from redcap_iac.views.json import plan_json
from redcap_iac.views.text import plan_lines
from tests.emulator.served import new_project
from tests.end_to_end.hostile import (
    BODIES,
    GONE,
    VALUES,
    Bodies,
    Hostile,
    Recording,
    columns,
    spoiled,
)
from tests.end_to_end.study import NOW, Study
from tests.end_to_end.whole import AFTER, BEFORE

Read = Callable[[Bodies], str]

CONTENTS = (
    "version", "project", "metadata", "instrument", "exportFieldNames", "arm", "event",
    "formEventMapping", "repeatingFormsEvents", "dag", "userDagMapping", "userRole",
    "userRoleMapping", "user", "project_xml", "record",
)  # fmt: skip


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Bodies, Read]]:
    """What a project answers, and what reads, plans and shows it as every command does."""
    with Emulator() as emulator:
        study = Study(new_project(emulator), tmp_path_factory.mktemp("study"))
        study.converge(BEFORE)
        goal = study.declare(AFTER)
        recording = Recording(study.project)
        workflow.plan(replace(study.session, client=recording), goal)

        def read(bodies: Bodies) -> str:
            session = replace(study.session, client=Hostile(bodies), project_id="")
            try:
                plan = workflow.plan(session, goal).plan
                live = workflow.read(session)
                lines = plan_lines(plan, verbose=True)
                lines += checkup_lines(list(of_project(live, goal.desired)))
                lines += sections_table(live, goal.desired)
                plan_json(plan).encode()
                write(workflow.draft(live))
            except RedcapIacError as error:
                lines = error_lines(error)
            assert all(line.plain.isprintable() for line in lines)
            return lines[0].plain

        yield recording.bodies, read


def test_every_export_is_among_those_that_are_spoiled(recorded: tuple[Bodies, Read]) -> None:
    assert set(recorded[0]) == set(CONTENTS)


def test_answers_as_they_are_make_a_plan(recorded: tuple[Bodies, Read]) -> None:
    bodies, read = recorded
    assert read(bodies).startswith("redcap-iac plan · Before")


@pytest.mark.parametrize("content", CONTENTS)
def test_no_body_is_too_odd(recorded: tuple[Bodies, Read], content: str) -> None:
    bodies, read = recorded
    for body in BODIES:
        assert read({**bodies, content: body})


@pytest.mark.parametrize("body", ["null", '"x"', "[[]]", "[" * 100_000])
def test_a_dictionary_that_is_none_is_an_error(recorded: tuple[Bodies, Read], body: str) -> None:
    bodies, read = recorded
    assert read({**bodies, "metadata": body}).startswith("error: The answer to metadata export")


@pytest.mark.parametrize("value", [{}, [1, [2]]])
def test_a_field_type_that_is_no_text_is_no_fault_of_the_tool(
    recorded: tuple[Bodies, Read], value: object
) -> None:
    bodies, read = recorded
    assert read(spoiled(bodies, "metadata", 0, "field_type", value))


@pytest.mark.parametrize("value", ["../../x", "17/..", "1\n", "", None, 0, "\u0661", "x" * 400])
def test_a_project_id_that_is_no_number_is_an_error(
    recorded: tuple[Bodies, Read], value: object
) -> None:
    bodies, read = recorded
    said = read(spoiled(bodies, "project", 0, "project_id", value))
    assert said.startswith("error: Export Project Information did not answer")


@settings(deadline=None, max_examples=150)
@given(data=st.data())
def test_no_cell_is_too_odd(recorded: tuple[Bodies, Read], data: st.DataObject) -> None:
    bodies, read = recorded
    content, index, name = data.draw(st.sampled_from(sorted(columns(bodies))))
    value = data.draw(st.sampled_from((*VALUES, GONE)))
    assert read(spoiled(bodies, content, index, name, value))


def test_a_title_cannot_steer_a_terminal(recorded: tuple[Bodies, Read]) -> None:
    bodies, read = recorded
    shown = read(spoiled(bodies, "project", 0, "project_title", "a\x1b]0;b\x07\x9b2J\u202ec"))
    assert "a␛]0;b␇<U+009B>2J<U+202E>c" in shown


def test_what_is_pulled_holds_no_raw_escape(recorded: tuple[Bodies, Read]) -> None:
    bodies, _ = recorded
    odd = spoiled(bodies, "metadata", 1, "field_label", 'x: {y} # "z" \x1b[2J & *a <<: | %')
    client = Hostile(odd)
    session = workflow.Session(client, "", "", "jdoe", "", lambda: NOW, lambda _: None)
    live = workflow.read(session)
    text = write(workflow.draft(live))["instruments/intake.yaml"]
    assert "\x1b" not in text
