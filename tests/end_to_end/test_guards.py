"""What is refused before anything is written, and what is left alone."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from redcap_iac import workflow
from redcap_iac.emulator import admin
from redcap_iac.errors import GuardError, RightsError, SuspiciousReadError
from redcap_iac.state import Unit
from redcap_iac.workflow import Goal
from tests.emulator.served import Project, new_project
from tests.end_to_end.study import EVERY_UNIT, Silent, Study, everything, said
from tests.end_to_end.watching import Watched, grant, kept, session
from tests.end_to_end.whole import AFTER, BEFORE, text


@pytest.fixture
def whole(study: Study) -> Study:
    study.converge(BEFORE)
    return study


def form(*names: str, instrument: str = "intake") -> dict[str, Any]:
    fields = {name: text(name) for name in names}
    return {"instruments": [{"instrument": instrument, "fields": fields}]}


def refuse(study: Study, goal: Goal, allow: frozenset[Unit]) -> GuardError:
    """Apply, which must be refused with nothing written."""
    before = kept(study.project)
    planned = study.plan(goal)
    client = Watched(study.project)
    with pytest.raises(GuardError) as raised:
        workflow.apply(session(study, client), goal, planned, Silent(), answers=everything(allow))
    assert client.calls == []
    assert kept(study.project) == before
    assert raised.value.exit_code == 3
    return raised.value


def test_deletions_are_off_and_nothing_at_all_is_written(whole: Study) -> None:
    error = refuse(whole, whole.declare(AFTER), frozenset())
    for unit in ("fields", "arms", "events", "designations", "dags", "roles", "users"):
        assert f"--allow-delete {unit}" in error.advice


@pytest.mark.parametrize("unit", [Unit.FIELDS, Unit.ARMS, Unit.EVENTS, Unit.DAGS, Unit.ROLES])
def test_one_unit_that_was_not_allowed_closes_the_whole_plan(whole: Study, unit: Unit) -> None:
    error = refuse(whole, whole.declare(AFTER), EVERY_UNIT - {unit})
    assert error.advice.endswith(f"--allow-delete {unit}")
    noun = "DAG" if unit is Unit.DAGS else str(unit).removesuffix("s")
    assert re.search(rf"deletes [0-9]+ {noun}s?;", error.message)


def test_a_plan_is_made_without_writing(whole: Study) -> None:
    before = kept(whole.project)
    client = Watched(whole.project)
    workflow.plan(session(whole, client), whole.declare(AFTER))
    assert client.writes == []
    assert kept(whole.project) == before


def test_a_read_only_client_writes_nothing(whole: Study) -> None:
    before = kept(whole.project)
    goal = whole.declare(AFTER)
    reading = session(whole, Watched(whole.project, read_only=True))
    planned = workflow.plan(reading, goal)
    applied = workflow.apply(reading, goal, planned, Silent(), answers=everything())
    outcome = applied.outcomes[-1]
    assert isinstance(outcome.error, GuardError)
    assert (outcome.done, outcome.uncertain) == ((), False)
    assert kept(whole.project) == before


def test_another_project_behind_the_token_is_refused(whole: Study) -> None:
    other = new_project(whole.project.emulator, "Another study")
    wrong = replace(whole, project=replace(other, project_id=whole.project.project_id))
    with pytest.raises(GuardError, match=r'project 2 \("Another study"\), not to project 1'):
        wrong.plan(wrong.declare(AFTER))


def test_an_environment_without_a_project_id_takes_any(whole: Study) -> None:
    live = workflow.read(replace(whole.session, project_id=""))
    assert live.target.project_id == str(whole.project.project_id)


class TestRecordId:
    """H109: records hang on the record-id field."""

    def test_with_records_it_stays(self, study: Study) -> None:
        study.converge(form("record_id", "a"))
        _import(study.project, {"record_id": "1", "a": "x"}, {"record_id": "2", "a": "y"})
        error = refuse(study, study.declare(form("pid", "a")), EVERY_UNIT)
        assert "H109" in error.message
        assert "2 records" in error.message

    @pytest.mark.parametrize("names", [("a", "record_id"), ("b", "record_id", "a")])
    def test_a_field_put_before_it_changes_it_too(
        self, study: Study, names: tuple[str, ...]
    ) -> None:
        study.converge(form("record_id", "a"))
        _import(study.project, {"record_id": "1", "a": "x"})
        assert "H109" in refuse(study, study.declare(form(*names)), EVERY_UNIT).message

    def test_without_records_it_may_change(self, study: Study) -> None:
        study.converge(form("record_id", "a"))
        study.converge(form("pid", "a"))
        assert study.project.rows("metadata")[0]["field_name"] == "pid"

    def test_records_of_another_group_are_not_no_records(self, study: Study) -> None:
        """A user in a group sees only that group's records (recorded)."""
        users = {"users": {"jdoe": {**BEFORE["users"]["jdoe"], "dag": "Lyon"}}}
        dags = {"dags": ["Lyon", "Paris"]}
        study.converge({**form("record_id", "a"), **dags})
        _import(study.project, {"record_id": "1", "redcap_data_access_group": "paris"})
        study.converge({**form("record_id", "a"), **dags, **users})
        error = refuse(study, study.declare(form("pid", "a")), EVERY_UNIT)
        assert "H109" in error.message
        assert "unknown number" in error.message

    def test_what_is_not_counted_is_not_none(self, study: Study) -> None:
        study.converge(form("record_id", "a"))
        study.project.emulator.faults.order("error=500@record/export")
        error = refuse(study, study.declare(form("pid", "a")), EVERY_UNIT)
        assert "unknown number" in error.message

    def test_records_are_counted_without_their_values(self, study: Study) -> None:
        study.converge(form("record_id", "a"))
        client = Watched(study.project)
        workflow.plan(session(study, client), study.declare(form("pid", "a")))
        asked = {call.params["fields"] for call in client.calls if call.content == "record"}
        assert asked == {("record_id",)}

    def test_nothing_is_counted_when_it_stays(self, study: Study) -> None:
        study.converge(form("record_id"))
        client = Watched(study.project)
        workflow.plan(session(study, client), study.declare(form("record_id", "b")))
        assert "record" not in {call.content for call in client.calls}


def _import(project: Project, *rows: dict[str, str]) -> None:
    project.post("record", action="import", data=json.dumps(rows)).raise_for_status()


@pytest.mark.parametrize(
    ("section", "left_alone"),
    [
        ("dags", ("fields", "forms", "arms", "events", "designations", "repeats", "roles")),
        ("roles", ("fields", "forms", "arms", "events", "designations", "repeats", "dags")),
        ("project", ("fields", "forms", "arms", "events", "designations", "repeats", "users")),
        ("users", ("fields", "forms", "arms", "events", "designations", "repeats", "dags")),
    ],
)
def test_what_is_not_declared_is_not_touched(
    whole: Study, section: str, left_alone: tuple[str, ...]
) -> None:
    before = kept(whole.project)
    declared = {"dags": ["Lyon", "Paris", "Nantes"], "project": {"title": "Other"}}
    declared["roles"] = {**BEFORE["roles"], "Monitor": AFTER["roles"]["Monitor"]}
    declared["users"] = {"eve": BEFORE["users"]["bob"] | {"dag": "Lyon"}}
    whole.converge({section: declared[section]})
    after = kept(whole.project)
    assert after != before
    assert {name: after[name] for name in left_alone} == {name: before[name] for name in left_alone}


def test_an_empty_manifest_plans_nothing(whole: Study) -> None:
    plan = whole.plan(whole.declare({})).plan
    assert (plan.changes, plan.steps) == ((), ()), said(plan)


def test_additive_units_keep_what_nobody_declared_and_count_it(whole: Study) -> None:
    manage = dict.fromkeys(("dags", "roles", "users", "fields"), "additive")
    manifest = {"manage": manage, **{name: AFTER[name] for name in ("dags", "roles")}}
    plan = whole.plan(whole.declare(manifest)).plan
    assert plan.count("delete") == 0
    assert plan.kept == {"dags": 1, "roles": 1}
    whole.converge(manifest)
    names = {row["data_access_group_name"] for row in whole.project.rows("dag")}
    assert names == {"Lyon", "Paris", "Nantes"}


def test_unchanged_rows_of_a_dictionary_go_back_byte_for_byte(study: Study) -> None:
    odd = {
        "field_name": "sex", "form_name": "intake", "section_header": " ", "field_type": "radio",
        "field_label": " Sex <b>at</b> birth ",
        "select_choices_or_calculations": "0, Female|1, Male |2,x", "custom_alignment": "RV",
        "branching_logic": "[record_id]  <> ''", "field_annotation": " @DEFAULT='1'",
    }  # fmt: skip
    rows = study.project.rows("metadata")[:1]
    study.project.post(
        "metadata", action="import", data=json.dumps([*rows, {**dict.fromkeys(rows[0], ""), **odd,
        "form_name": rows[0]["form_name"]}]),
    ).raise_for_status()  # fmt: skip
    live = study.project.rows("metadata")
    manifest = {
        "instruments": [
            {
                "instrument": live[0]["form_name"],
                "fields": {
                    "record_id": text(live[0]["field_label"]),
                    "sex": {
                        "type": "radio", "label": odd["field_label"], "section": " ",
                        "choices": {"0": "Female", "1": "Male", "2": "x"},
                        "branching": "[record_id] <> ''", "annotation": odd["field_annotation"],
                    },
                    "new": text("New"),
                },
            }
        ]
    }  # fmt: skip
    study.converge(manifest)
    assert study.project.rows("metadata")[:2] == live


@pytest.mark.parametrize(
    ("right", "section"),
    [("data_access_groups", "dags"), ("user_rights", "roles"), ("user_rights", "users")],
)
def test_a_managed_section_that_cannot_be_read_is_refused(
    whole: Study, right: str, section: str
) -> None:
    grant(whole.project, "jdoe", **{right: 0})
    with pytest.raises(RightsError, match="may not read them") as raised:
        whole.plan(whole.declare({section: BEFORE[section]}))
    assert raised.value.exit_code == 6
    assert section in raised.value.message


def test_a_section_that_cannot_be_read_may_be_left_out(whole: Study) -> None:
    grant(whole.project, "jdoe", data_access_groups=0, user_rights=0)
    whole.converge({"project": {"title": "Still"}})


def test_two_reads_that_are_not_equal_make_no_plan_that_deletes(whole: Study) -> None:
    whole.project.emulator.faults.order("short-read@dag/export#1")
    with pytest.raises(SuspiciousReadError):
        whole.plan(whole.declare({"dags": ["Lyon"]}))


def test_somebody_saving_while_it_is_read_makes_no_plan_that_deletes(whole: Study) -> None:
    reads: list[str] = []

    def before(call: Any) -> None:  # noqa: ANN401 - a call
        if call.content == "version":
            reads.append(call.content)
            if len(reads) == 2:
                rows = [{"data_access_group_name": "Mine", "unique_group_name": ""}]
                whole.project.post("dag", action="import", data=json.dumps(rows))

    with pytest.raises(SuspiciousReadError, match="Two reads"):
        workflow.plan(
            session(whole, Watched(whole.project, before)), whole.declare({"dags": ["Lyon"]})
        )


def test_a_log_of_a_refused_apply_has_no_write(whole: Study) -> None:
    lines = len(admin.log(whole.project.emulator.store, whole.project.project_id))
    goal = whole.declare(AFTER)
    planned = whole.plan(goal)
    with pytest.raises(GuardError):
        workflow.apply(whole.session, goal, planned, Silent())
    log = admin.log(whole.project.emulator.store, whole.project.project_id)
    new = [line.details for line in log[: len(log) - lines]]
    assert new
    assert [line for line in new if "Import" in line or "Delete" in line] == []
