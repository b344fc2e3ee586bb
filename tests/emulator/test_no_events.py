"""A longitudinal project whose events were all deleted: it reads as classic and holds no data."""

from __future__ import annotations

import json

import pytest

from tests.emulator.calls import Furnished, furnished
from tests.emulator.designing import refusal
from tests.emulator.served import Project

NO_EVENT = "The project has no event that could hold data"


@pytest.fixture
def emptied(project: Project) -> Furnished:
    """The trial with a little of everything, after its arms were deleted."""
    study = furnished(project.emulator)
    assert study.project.post("arm", "delete", arms=["1", "2"]).text == "2"
    return study


def test_it_has_no_records(emptied: Furnished) -> None:
    assert emptied.project.rows("record") == []
    assert emptied.project.rows("report", report_id=emptied.report_id) == []
    assert emptied.project.rows("record", type="eav", filterLogic="[weight] > 1") == []


def test_the_next_record_is_the_first(emptied: Furnished) -> None:
    assert emptied.project.post("generateNextRecordName").text == "1"


def test_nothing_can_be_imported(emptied: Furnished) -> None:
    data = json.dumps([{"record_id": "1", "weight": "60"}])
    assert refusal(emptied.project.post("record", data=data)) == NO_EVENT


def test_no_file_has_a_place(emptied: Furnished) -> None:
    at = {"record": "1", "field": "photo"}
    answers = [emptied.project.post("file", action, **at) for action in ("export", "delete")]
    assert [refusal(answer) for answer in answers] == [NO_EVENT, NO_EVENT]


def test_the_files_of_its_records_are_gone(emptied: Furnished) -> None:
    with emptied.project.emulator.store.transaction() as db:
        rows = db.execute("SELECT doc_id FROM files WHERE in_repository = 0")
        assert rows.fetchall() == []


def test_no_survey_has_participants(emptied: Furnished) -> None:
    answer = emptied.project.post("participantList", instrument="vitals")
    assert refusal(answer) == NO_EVENT


def test_its_project_xml_holds_no_record(emptied: Furnished) -> None:
    answer = emptied.project.post("project_xml")
    assert answer.status_code == 200
    assert "<SubjectData" not in answer.text
    assert "<StudyEventDef" not in answer.text


def test_blank_forms_can_be_printed(emptied: Furnished) -> None:
    assert emptied.project.post("pdf").content.startswith(b"%PDF-")


def test_nothing_repeats(emptied: Furnished) -> None:
    assert emptied.project.rows("project")["has_repeating_instruments_or_events"] == 0
    assert "does not contain any repeating" in refusal(emptied.project.post("repeatingFormsEvents"))


def test_arms_and_events_can_be_imported_again(emptied: Furnished) -> None:
    project = emptied.project
    project.post("arm", "import", data='[{"arm_num":1,"name":"Again"}]')
    events = [{"event_name": name, "arm_num": 1} for name in ("First", "Second")]
    project.post("event", "import", data=json.dumps(events))
    names = [row["unique_event_name"] for row in project.rows("event")]
    assert names == ["first_arm_1", "second_arm_1"]
