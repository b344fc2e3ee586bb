"""Somebody else works in the project between plan and apply, or while a plan is carried out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from redcap_iac import workflow
from redcap_iac.calls import Call
from redcap_iac.errors import RightsError, StaleError
from redcap_iac.plan import Phase
from redcap_iac.workflow import Applied, Goal, Planned
from tests.emulator.served import Project
from tests.end_to_end.study import Silent, Study, everything
from tests.end_to_end.watching import Before, Watched, grant, kept, once, session
from tests.end_to_end.whole import AFTER, BEFORE, text

Foreign = Callable[[Project], object]


@pytest.fixture
def whole(study: Study) -> Study:
    """The first design, live, and the second one declared."""
    study.converge(BEFORE)
    study.declare(AFTER)
    return study


def metadata(project: Project, *names: str, **labels: str) -> None:
    """Import the dictionary as it is but for some labels, in the order of the names if given."""
    rows = project.rows("metadata")
    for row in rows:
        row["field_label"] = labels.get(row["field_name"], row["field_label"])
    rows.sort(key=lambda row: names.index(row["field_name"]) if row["field_name"] in names else 0)
    _write(project, "metadata", rows)


def _write(project: Project, content: str, rows: object) -> None:
    project.post(content, action="import", data=json.dumps(rows)).raise_for_status()


def relabel(project: Project) -> None:
    metadata(project, mood="Mood of today")


def designate(project: Project) -> None:
    rows = project.rows("formEventMapping")
    rows.append({"arm_num": 1, "unique_event_name": "baseline_arm_1", "form": "visit"})
    _write(project, "formEventMapping", rows)


def repeat(project: Project) -> None:
    _write(
        project,
        "repeatingFormsEvents",
        [
            *project.rows("repeatingFormsEvents"),
            {"event_name": "unscheduled_arm_1", "form_name": "visit", "custom_form_label": ""},
        ],
    )


def add_event(project: Project) -> None:
    _write(project, "event", [{"event_name": "Mine", "arm_num": "1"}])


def add_role(project: Project) -> None:
    _write(project, "userRole", [{"unique_role_name": "", "role_label": "Mine"}])


def add_dag(project: Project) -> None:
    _write(project, "dag", [{"data_access_group_name": "Mine", "unique_group_name": ""}])


CHANGES: dict[str, tuple[Foreign, str]] = {
    "the dictionary": (relabel, "fields"),
    "designations": (designate, "designations"),
    "repeating": (repeat, "repeating"),
    "events": (add_event, "events"),
    "roles": (add_role, "roles"),
    "dags": (add_dag, "dags"),
}


def run(study: Study, before: Before, goal: Goal, planned: Planned) -> Applied:
    client = Watched(study.project, before)
    return workflow.apply(session(study, client), goal, planned, Silent(), answers=everything())


@pytest.mark.parametrize("what", CHANGES)
def test_what_somebody_did_between_plan_and_apply_is_never_undone(whole: Study, what: str) -> None:
    act, kind = CHANGES[what]
    goal = whole.goal()
    planned = whole.plan(goal)
    act(whole.project)
    state = kept(whole.project)
    outcome = run(whole, lambda _: None, goal, planned).outcomes[-1]
    assert isinstance(outcome.error, StaleError)
    assert f"Somebody changed {what} since it was read" in outcome.error.message
    assert outcome.failed is not None
    assert kind in {outcome.failed.kind, *outcome.failed.touches}
    assert not outcome.uncertain
    if not outcome.done:
        assert kept(whole.project) == state


@pytest.mark.parametrize(
    ("what", "content"), [("the dictionary", "arm"), ("roles", "arm"), ("dags", "project_settings")]
)
def test_what_somebody_does_during_a_run_is_never_undone(
    whole: Study, what: str, content: str
) -> None:
    act, _ = CHANGES[what]
    goal = whole.goal()
    planned = whole.plan(goal)
    meanwhile = once(content, "import", lambda: act(whole.project))
    outcome = run(whole, meanwhile, goal, planned).outcomes[-1]
    assert isinstance(outcome.error, StaleError)
    assert what in outcome.error.message
    assert outcome.done


def test_a_move_of_fields_is_somebodys_work_too(study: Study) -> None:
    fields = {name: text(name) for name in ("record_id", "b", "c")}
    study.converge({"instruments": [{"instrument": "a", "fields": fields}]})
    fields["d"] = text("d")
    goal = study.declare({"instruments": [{"instrument": "a", "fields": fields}]})
    planned = study.plan(goal)
    metadata(study.project, "record_id", "c", "b")
    outcome = run(study, lambda _: None, goal, planned).outcomes[-1]
    assert isinstance(outcome.error, StaleError)
    assert [row["field_name"] for row in study.project.rows("metadata")] == ["record_id", "c", "b"]


@pytest.mark.parametrize(
    ("content", "next_phase"), [("dag", Phase.ROLES), ("project_settings", Phase.ARMS)]
)
def test_a_project_moved_to_production_half_way_gets_no_further_call(
    whole: Study, content: str, next_phase: Phase
) -> None:
    goal = whole.goal()
    planned = whole.plan(goal)
    asked: list[Call] = []

    def move(call: Call) -> None:
        """Move the project once the call has been answered."""
        if asked and not call.writes:
            whole.project.status("production")
        if (call.content, call.action) == (content, "import"):
            asked.append(call)

    outcome = run(whole, move, goal, planned).outcomes[-1]
    assert isinstance(outcome.error, StaleError)
    assert "moved to production" in outcome.error.message
    assert outcome.failed is not None
    assert outcome.failed.phase is next_phase


def test_a_right_to_read_lost_half_way_stops_before_the_deletion(whole: Study) -> None:
    goal = whole.goal()
    planned = whole.plan(goal)
    lose = once("user", "delete", lambda: grant(whole.project, "jdoe", data_access_groups=0))
    outcome = run(whole, lose, goal, planned).outcomes[-1]
    assert isinstance(outcome.error, RightsError)
    assert outcome.failed is not None
    assert outcome.failed.phase is Phase.DELETE_DAGS
    grant(whole.project, "jdoe", data_access_groups=1)
    names = {row["data_access_group_name"] for row in whole.project.rows("dag")}
    assert names == {"Lyon", "Paris", "Nantes"}


def test_records_that_come_in_keep_the_record_id(study: Study) -> None:
    study.converge({"instruments": [{"instrument": "a", "fields": {"record_id": text("ID")}}]})
    goal = study.declare({"instruments": [{"instrument": "a", "fields": {"pid": text("ID")}}]})
    planned = study.plan(goal)
    assert planned.plan.stopped == ()
    _write(study.project, "record", [{"record_id": "1", "a_complete": "2"}])
    outcome = run(study, lambda _: None, goal, planned).outcomes[-1]
    assert isinstance(outcome.error, StaleError)
    assert "H109" in outcome.error.message
    assert [row["record_id"] for row in study.project.rows("record")] == ["1"]


def test_after_a_stop_a_new_plan_shows_what_was_done_outside(whole: Study, tmp_path: Path) -> None:
    goal = whole.goal()
    planned = whole.plan(goal)
    add_dag(whole.project)
    run(whole, lambda _: None, goal, planned)
    addresses = {change.address for change in whole.plan(whole.goal()).plan.changes}
    assert "dag/Mine" in addresses
