"""Carrying a plan out: names the server makes, events it had hidden, logic that names either."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from redcap_iac import workflow
from redcap_iac.answers import Answer
from redcap_iac.calls import Call
from redcap_iac.emulator import admin
from redcap_iac.errors import PartlyAppliedError
from redcap_iac.plan import Phase
from redcap_iac.workflow import Applied
from tests.emulator.conftest import MakeEmulator
from tests.emulator.served import Project, new_project
from tests.end_to_end.study import Silent, Study, everything
from tests.end_to_end.watching import Watched, session
from tests.end_to_end.whole import text


@pytest.fixture
def study(project: Project, tmp_path: Path) -> Study:
    return Study(project, tmp_path)


def form(logic: str = "") -> list[dict[str, Any]]:
    mood = {**text("Mood"), **({"branching": logic} if logic else {})}
    return [
        {"instrument": "intake", "fields": {"record_id": text("ID")}},
        {"instrument": "visit", "fields": {"mood": mood}},
    ]


def visits(*events: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"number": 1, "name": "Main", "events": list(events)}]


BASELINE = {"name": "Baseline", "instruments": ["intake"]}
WEEK_4 = {"name": "Week 4", "instruments": ["visit"]}
START = {"instruments": form(), "arms": visits(BASELINE, WEEK_4)}


def apply(study: Study, manifest: dict[str, Any]) -> Applied:
    return study.apply(study.declare(manifest))


class TestLogic:
    """Logic in the dictionary that names an event."""

    def test_a_name_the_server_made_otherwise_stops_before_the_dictionary(
        self, study: Study
    ) -> None:
        study.converge(START)
        new = {"name": "Week 8", "unique_name": "wk8_arm_1", "instruments": ["visit"]}
        applied = apply(
            study,
            {"instruments": form("[wk8_arm_1][mood] = ''"), "arms": visits(BASELINE, WEEK_4, new)},
        )
        outcome = applied.outcomes[-1]
        assert isinstance(outcome.error, PartlyAppliedError)
        assert outcome.error.exit_code == 5
        assert "week_8_arm_1" in outcome.error.message
        assert "[wk8_arm_1]" in outcome.error.message
        assert outcome.failed is not None
        assert outcome.failed.phase is Phase.DICTIONARY
        assert not outcome.uncertain
        assert [step.phase for step in outcome.done] == [Phase.CREATE_EVENTS]
        assert study.project.rows("metadata")[1]["branching_logic"] == ""

    def test_the_name_it_makes_is_fine(self, study: Study) -> None:
        study.converge(START)
        new = {"name": "Week 8", "unique_name": "week_8_arm_1", "instruments": ["visit"]}
        logic = "[week_8_arm_1][mood] = ''"
        study.converge({"instruments": form(logic), "arms": visits(BASELINE, WEEK_4, new)})
        assert study.project.rows("metadata")[1]["branching_logic"] == logic

    def test_a_name_logic_does_not_use_is_only_a_warning(self, study: Study) -> None:
        study.converge(START)
        new = {"name": "Week 8", "unique_name": "wk8_arm_1", "instruments": ["visit"]}
        proof = study.converge(
            {"instruments": form("[record_id] <> ''"), "arms": visits(BASELINE, WEEK_4, new)}
        )
        assert [finding.code for finding in proof.findings] == ["M315"]

    def test_a_renamed_event_that_logic_names_by_its_old_name_stops(self, study: Study) -> None:
        study.converge(START)
        renamed = {"name": "Week 5", "unique_name": "week_4_arm_1", "instruments": ["visit"]}
        applied = apply(
            study,
            {"instruments": form("[week_4_arm_1][mood] = ''"), "arms": visits(BASELINE, renamed)},
        )
        outcome = applied.outcomes[-1]
        assert isinstance(outcome.error, PartlyAppliedError)
        assert "week_5_arm_1" in outcome.error.advice

    def test_where_the_server_keeps_the_name_it_goes_on(
        self, make_emulator: MakeEmulator, tmp_path: Path
    ) -> None:
        study = Study(new_project(make_emulator(event_rename="keep")), tmp_path)
        study.converge(START)
        renamed = {"name": "Week 5", "unique_name": "week_4_arm_1", "instruments": ["visit"]}
        logic = "[week_4_arm_1][mood] = ''"
        study.converge({"instruments": form(logic), "arms": visits(BASELINE, renamed)})


class TestHidden:
    """Events that a classic project does not show."""

    def test_the_born_event_is_no_surprise(self, study: Study) -> None:
        applied = apply(study, START)
        assert len(applied.outcomes) == 1
        assert applied.is_complete

    def test_what_surfaces_is_planned_anew_and_told(self, study: Study) -> None:
        study.converge(START)
        study.converge({"project": {"title": "Study", "longitudinal": False}})
        applied = apply(study, START)
        assert applied.outcomes[0].surfaced
        assert len(applied.outcomes) == 2
        assert applied.is_complete
        names = sorted(row["event_name"] for row in study.project.rows("event"))
        assert names == ["Baseline", "Week 4"]

    def test_an_event_hidden_alone_is_told_and_the_surplus_one_goes(self, study: Study) -> None:
        study.converge(START)
        study.converge({"instruments": form(), "arms": visits(BASELINE)})
        before = {event["event_id"] for event in rows_in(study, "events")}
        applied = apply(study, START)
        assert applied.is_complete
        assert applied.outcomes[0].remarks[-1] == (
            "The project held an event that a classic project does not show."
        )
        assert applied.outcomes[0].surplus
        after = rows_in(study, "events")
        assert sorted(event["name"] for event in after) == ["Baseline", "Week 4"]
        assert before <= {event["event_id"] for event in after}

    def test_it_never_takes_more_than_the_rounds_there_are(self, study: Study) -> None:
        study.converge(START)
        study.converge({"project": {"title": "Study", "longitudinal": False}})
        goal = study.declare(START)
        planned = study.plan(goal)
        flags: list[Call] = []

        def after(call: Call, answer: Answer) -> Answer:
            """Let somebody switch the project back after each flag."""
            if call.content == "project_settings":
                flags.append(call)
            if call.content == "version" and flags:
                study.project.post(
                    "project_settings", action="import", data='{"is_longitudinal": 0}'
                ).raise_for_status()
            return answer

        watched = session(study, Watched(study.project, after=after))
        applied = workflow.apply(watched, goal, planned, Silent(), answers=everything())
        assert len(applied.outcomes) == 3
        assert applied.outcomes[-1].surfaced
        assert applied.proof is None
        assert not applied.is_complete


def rows_in(study: Study, table: str) -> list[dict[str, Any]]:
    store = study.project.emulator.store
    rows: list[dict[str, Any]] = json.loads(admin.dump(store, study.project.project_id))[table]
    return rows


def test_names_are_used_as_the_server_made_them(study: Study) -> None:
    study.converge(START)
    client = Watched(study.project)
    goal = study.declare(
        {"instruments": form(), "arms": visits(BASELINE, WEEK_4, {**WEEK_4, "name": "A & B-C d"})}
    )
    planned = study.plan(goal)
    workflow.apply(session(study, client), goal, planned, Silent())
    (mapping,) = (call for call in client.writes if call.content == "formEventMapping")
    assert mapping.rows[-1]["unique_event_name"] == "a__bc_d_arm_1"  # design.md 3.1 (recorded)


def test_writes_are_serial_and_each_is_read_back(study: Study) -> None:
    client = Watched(study.project)
    goal = study.declare(START)
    planned = study.plan(goal)
    workflow.apply(session(study, client), goal, planned, Silent(), answers=everything())
    kinds = ["write" if call.writes else "read" for call in client.calls]
    assert kinds.count("write") == len(planned.plan.steps)
    assert ("write", "write") not in set(pairwise(kinds))


def test_a_replacing_call_is_preceded_by_a_read_of_what_it_replaces(study: Study) -> None:
    study.converge(START)
    client = Watched(study.project)
    goal = study.declare({"instruments": form("[record_id] = '1'"), "arms": visits(BASELINE)})
    planned = study.plan(goal)
    workflow.apply(session(study, client), goal, planned, Silent(), answers=everything())
    for number, call in enumerate(client.calls):
        if call.content in ("metadata", "formEventMapping") and call.writes:
            before = client.calls[number - 3 : number]
            assert Call(call.content) in before
            assert Call("project") in before
