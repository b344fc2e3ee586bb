"""A rename in production keeps its values: two packages, with the copy between."""

from __future__ import annotations

import json
from typing import Any

import pytest

from redcap_iac import workflow
from redcap_iac.emulator import admin, draft
from redcap_iac.errors import GuardError
from redcap_iac.formats.dictionary_csv import write_dictionary
from redcap_iac.hazard import Answer
from redcap_iac.plan import Phase
from redcap_iac.workflow import Answers
from redcap_iac.workflow.packaging import package
from tests.end_to_end.study import Silent, Study, everything
from tests.end_to_end.whole import text

BEFORE: dict[str, Any] = {
    "instruments": [
        {"instrument": "intake", "fields": {"record_id": text("ID"), "postal": text("Code")}},
    ],
}
AFTER: dict[str, Any] = {
    "instruments": [
        {
            "instrument": "intake",
            "fields": {
                "record_id": text("ID"),
                "zip_code": {**text("Code"), "renamed_from": "postal"},
            },
        },
    ],
}


@pytest.fixture
def held(study: Study) -> Study:
    """A study in production whose field holds values."""
    study.converge(BEFORE)
    admin.super_token(study.project.emulator.store, study.project.emulator.server)
    rows = [{"record_id": "1", "postal": "75001"}, {"record_id": "2", "postal": "69002"}]
    study.project.post("record", action="import", data=json.dumps(rows)).raise_for_status()
    study.project.status("production")
    return study


def carried_through_draft_mode(study: Study) -> None:
    """Make the package, upload it, have it approved."""
    made = package(study.session, study.goal()).package
    assert made is not None
    store, server = study.project.emulator.store, study.project.emulator.server
    where = (store, server, study.project.project_id)
    draft.enter(*where, "jdoe")
    draft.upload(*where, "jdoe", write_dictionary(made.fields))
    assert draft.submit(*where, "jdoe") == "review"
    draft.approve(*where, admin.ADMINISTRATOR)


def values(study: Study, field: str) -> dict[str, str]:
    found = study.project.rows("record", type="flat", fields=["record_id", field])
    return {row["record_id"]: row[field] for row in found}


def test_the_first_package_has_both_names_and_removes_nothing(held: Study) -> None:
    held.declare(AFTER)
    made = package(held.session, held.goal()).package
    assert made is not None
    assert {field.field_name for field in made.fields} == {"record_id", "postal", "zip_code"}
    assert [one.action for one in made.prediction.fields] == ["added"]
    assert [change.address for change in made.held] == ["field/zip_code"]


def test_before_the_first_package_nothing_can_be_copied(held: Study) -> None:
    plan = held.plan(held.declare(AFTER)).plan
    assert plan.steps == ()
    assert [(stage.who, stage.title) for stage in plan.stages][2:] == [
        ("redcap-iac", "copy the values of what is renamed"),
        ("you", "a second package that removes the old names"),
    ]
    waits = [f.stake.answer for f in plan.findings if f.stake is not None]
    assert Answer.MIGRATION not in waits


def test_once_both_names_are_there_the_copy_waits_for_its_word(held: Study) -> None:
    goal = held.declare(AFTER)
    carried_through_draft_mode(held)
    planned = held.plan(goal)
    assert [step.phase for step in planned.plan.steps] == [Phase.COPY]
    with pytest.raises(GuardError):
        workflow.apply(held.session, goal, planned, Silent(), answers=Answers())


def test_the_whole_way_keeps_every_value(held: Study) -> None:
    goal = held.declare(AFTER)
    carried_through_draft_mode(held)
    planned = held.plan(goal)
    applied = workflow.apply(held.session, goal, planned, Silent(), answers=everything())
    assert applied.outcomes[-1].error is None
    assert applied.is_waiting
    assert values(held, "zip_code") == {"1": "75001", "2": "69002"}
    assert values(held, "postal") == {"1": "75001", "2": "69002"}
    carried_through_draft_mode(held)
    assert values(held, "zip_code") == {"1": "75001", "2": "69002"}
    assert held.plan(goal).plan.changes == ()


def visits(instrument: str, **more: str) -> dict[str, Any]:
    """Return a longitudinal design whose second instrument has this name."""
    return {
        "instruments": [
            {"instrument": "intake", "fields": {"record_id": text("ID")}},
            {"instrument": instrument, "fields": {"mood": text("Mood")}, **more},
        ],
        "arms": [
            {
                "number": 1,
                "events": [
                    {"name": "Baseline", "instruments": ["intake"]},
                    {"name": "Week 4", "instruments": [instrument]},
                ],
            }
        ],
    }


def test_a_renamed_instrument_gets_no_package(study: Study) -> None:
    study.converge(visits("visit"))
    rows = [
        {"record_id": "1", "redcap_event_name": "week_4_arm_1", "mood": "good",
         "visit_complete": "2"},
    ]  # fmt: skip
    study.project.post("record", action="import", data=json.dumps(rows)).raise_for_status()
    study.project.status("production")
    study.declare(visits("call", renamed_from="visit"))
    with pytest.raises(GuardError, match="H151"):
        package(study.session, study.goal())
