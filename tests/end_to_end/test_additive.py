"""Additive units: what nobody declared stays, and may be referred to."""

from __future__ import annotations

from typing import Any

import pytest

from redcap_iac.errors import ManifestError
from redcap_iac.workflow import Goal
from tests.end_to_end.study import Study


def form(name: str, **fields: dict[str, Any]) -> dict[str, Any]:
    return {"instrument": name, "fields": fields}


TEXT = {"type": "text", "label": "Text"}
LIVE: dict[str, Any] = {
    "instruments": [form("intake", record_id=TEXT, mood=TEXT), form("lab", hb=TEXT)],
    "dags": ["Lyon"],
    "roles": {"Site": {"rights": {}, "instruments": {"*": "edit"}, "export": {"*": "none"}}},
    "arms": [
        {
            "number": 1,
            "name": "A",
            "events": [
                {"name": "Start", "instruments": ["intake"]},
                {"name": "End", "instruments": ["lab"]},
            ],
        }
    ],
}
ADDITIVE = {"manage": {"fields": "additive", "dags": "additive", "roles": "additive"}}


def fields_of(study: Study) -> list[str]:
    return [row["field_name"] for row in study.project.rows("metadata")]


def test_undeclared_fields_stay_behind_the_declared_ones_of_their_form(study: Study) -> None:
    study.converge(LIVE)
    more = {**TEXT, "label": "More"}
    study.converge({**ADDITIVE, "instruments": [form("intake", sleep=more)]})
    assert fields_of(study) == ["record_id", "sleep", "mood", "hb"]


def test_undeclared_fields_go_back_as_they_are_live(study: Study) -> None:
    study.converge(LIVE)
    before = {row["field_name"]: row for row in study.project.rows("metadata")}
    study.converge({**ADDITIVE, "instruments": [form("intake", sleep=TEXT)]})
    after = {row["field_name"]: row for row in study.project.rows("metadata")}
    assert {name: after[name] for name in before} == before


def test_logic_may_name_a_field_that_is_only_live(study: Study) -> None:
    study.converge(LIVE)
    sleep = {**TEXT, "branching": "[mood] = 'bad'"}
    study.converge({**ADDITIVE, "instruments": [form("intake", sleep=sleep)]})
    assert "sleep" in fields_of(study)


def test_logic_may_not_name_a_field_that_is_nowhere(study: Study) -> None:
    study.converge(LIVE)
    sleep = {**TEXT, "branching": "[nowhere] = 'bad'"}
    goal = study.declare({**ADDITIVE, "instruments": [form("intake", sleep=sleep)]})
    assert any("nowhere" in reason for reason in study.plan(goal).plan.stopped)


def test_events_may_be_given_an_instrument_that_is_only_live(study: Study) -> None:
    study.converge(LIVE)
    arms = [{**LIVE["arms"][0], "events": [
        {"name": "Start", "instruments": ["intake", "lab"]}, {"name": "End", "instruments": []},
    ]}]  # fmt: skip
    study.converge({**ADDITIVE, "instruments": [form("intake", mood=TEXT)], "arms": arms})
    rows = study.project.rows("formEventMapping")
    assert [(row["unique_event_name"], row["form"]) for row in rows] == [
        ("start_arm_1", "intake"), ("start_arm_1", "lab"),
    ]  # fmt: skip


def test_users_may_have_a_role_and_a_group_that_are_only_live(study: Study) -> None:
    study.converge(LIVE)
    users = {"nurse": {"role": "Site", "dag": "Lyon"}}
    study.converge({**ADDITIVE, "dags": ["Boston"], "roles": {}, "users": users})
    (row,) = (row for row in study.project.rows("user") if row["username"] == "nurse")
    assert row["data_access_group"] == "lyon"
    assert {dag["data_access_group_name"] for dag in study.project.rows("dag")} == {
        "Boston", "Lyon",
    }  # fmt: skip


def refused(study: Study, goal: Goal) -> bool:
    return bool(study.plan(goal).plan.stopped)


@pytest.mark.parametrize(
    "users", [{"nurse": {"role": "Nobody's"}}, {"nurse": {"role": "Site", "dag": "Nowhere"}}]
)
def test_what_is_nowhere_stops_the_plan(study: Study, users: dict[str, Any]) -> None:
    study.converge(LIVE)
    assert refused(study, study.declare({**ADDITIVE, "dags": [], "roles": {}, "users": users}))


def test_without_additive_it_is_an_error_of_the_files(study: Study) -> None:
    with pytest.raises(ManifestError):
        study.declare({"dags": [], "roles": {}, "users": {"nurse": {"role": "Site"}}})
