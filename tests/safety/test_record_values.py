"""Which stored values a plan may destroy, and which of them can come back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from redcap_iac import workflow
from redcap_iac.safety.record_values import (
    Doomed,
    doomed,
    everything,
    imports,
    returning,
    stored,
)
from tests.emulator.served import Project
from tests.end_to_end.study import Study

FIELDS: dict[str, dict[str, object]] = {
    "record_id": {"type": "text", "label": "ID"},
    "mood": {"type": "checkbox", "label": "Mood", "choices": {"1": "Dull", "2": "Fine"}},
    "postal": {"type": "text", "label": "Postal code"},
    "bmi": {"type": "calc", "label": "BMI", "calculation": "1 + 1"},
}
RECORDS = [
    {"record_id": "1", "mood___1": "1", "mood___2": "1", "postal": "69001"},
    {"record_id": "2", "mood___2": "1"},
]


def manifest(**fields: object) -> dict[str, object]:
    kept = {name: field for name, field in {**FIELDS, **fields}.items() if field is not None}
    return {"instruments": [{"instrument": "intake", "fields": kept}]}


@pytest.fixture
def study(project: Project, tmp_path: Path) -> Study:
    found = Study(project, tmp_path)
    found.converge(manifest())
    project.post("record", action="import", data=json.dumps(RECORDS)).raise_for_status()
    return found


def doomed_by(study: Study, wanted: dict[str, object]) -> Doomed:
    return doomed(study.plan(study.declare(wanted)).difference)


def test_a_field_that_goes_is_doomed_alone(study: Study) -> None:
    assert doomed_by(study, manifest(postal=None)) == Doomed(("postal",))


def test_a_choice_that_goes_dooms_its_field(study: Study) -> None:
    mood = {**FIELDS["mood"], "choices": {"1": "Dull"}}
    assert doomed_by(study, manifest(mood=mood)) == Doomed(("mood",))


def test_another_label_dooms_nothing(study: Study) -> None:
    assert doomed_by(study, manifest(postal={"type": "text", "label": "Zip"})) == Doomed()


def test_only_what_is_doomed_is_read(study: Study) -> None:
    rows = stored(study.session.client, Doomed(("postal",)))
    assert {(row["record"], row["field_name"], row["value"]) for row in rows} == {
        ("1", "postal", "69001")
    }


def test_nothing_doomed_is_nothing_read(study: Study) -> None:
    assert stored(study.session.client, Doomed()) == ()


def test_ticks_that_are_gone_come_back_and_those_that_are_there_do_not(study: Study) -> None:
    client, then = study.session.client, workflow.read(study.session)
    before = everything(client)
    cleared = '[{"record_id": "1", "mood___1": "0"}]'
    study.project.post(
        "record", action="import", data=cleared, overwriteBehavior="overwrite"
    ).raise_for_status()
    back = returning(before, everything(client), then, workflow.read(study.session))
    assert [(r["record"], r["field_name"], r["value"]) for r in back.rows] == [
        ("1", "mood___1", "1")
    ]
    for call in imports(back.rows):
        client.send(call)
    now = {row["record_id"]: row for row in study.project.rows("record")}
    assert (now["1"]["mood___1"], now["1"]["mood___2"]) == ("1", "1")


def test_what_redcap_imports_not_is_left(study: Study) -> None:
    live = workflow.read(study.session)
    kept = [{"record": "1", "field_name": "bmi", "value": "2"}]
    now = [{"record": "1", "field_name": "record_id", "value": "1"}]
    back = returning(kept, now, live, live)
    assert back.rows == ()
    assert back.left == {"REDCap imports no values of calc fields": 1}


def test_a_field_that_is_not_there_takes_none_back(study: Study) -> None:
    live = workflow.read(study.session)
    kept = [{"record": "1", "field_name": "gone", "value": "2"}]
    now = [{"record": "1", "field_name": "record_id", "value": "1"}]
    assert returning(kept, now, live, live).left == {"the field is not there": 1}


def test_an_event_that_is_not_there_takes_none_back(study: Study) -> None:
    live = workflow.read(study.session)
    kept = [{"record": "1", "redcap_event_name": "gone_arm_1", "field_name": "postal",
             "value": "2"}]  # fmt: skip
    now = [{"record": "1", "field_name": "record_id", "value": "1"}]
    assert returning(kept, now, live, live).left == {"the event is not there": 1}


def test_many_values_go_in_parts() -> None:
    rows = [{"record": str(n), "field_name": "postal", "value": "1"} for n in range(5)]
    calls = list(imports(rows, 2))
    assert [len(call.rows) for call in calls] == [2, 2, 1]
    assert {call.params["overwriteBehavior"] for call in calls} == {"normal"}
