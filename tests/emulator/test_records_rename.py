"""Rename Record."""

from __future__ import annotations

import pytest

from redcap_iac.emulator.server import Emulator
from tests.emulator.served import Project
from tests.emulator.studies import add_dag, classic, column, grant, member, send, trial


@pytest.fixture
def study(emulator: Emulator) -> Project:
    """A classic study with records 1 and 2, whose user may rename."""
    project = classic(emulator)
    grant(project, record_rename=1)
    send(project, {"record_id": "1", "sex": "1", "race___2": "1"}, {"record_id": "2"})
    return project


def rename(project: Project, old: str, new: str, **more: str) -> str:
    """Ask for a rename and return the body."""
    response = project.post(
        "record", "rename", record=old, new_record_name=new, returnFormat="csv", **more
    )
    return response.text


def test_values_go_with_the_name(study: Project) -> None:
    assert rename(study, "1", "A-1") == "1"

    row = study.rows("record", records=["A-1"])[0]
    assert (row["record_id"], row["sex"], row["race___2"]) == ("A-1", "1", "1")
    assert column(study.rows("record"), "record_id") == ["2", "A-1"]


def test_id_in_eav_is_the_new_name(study: Project) -> None:
    rename(study, "2", "3")

    assert study.rows("record", type="eav", records=["3"]) == [
        {"record": "3", "field_name": "record_id", "value": "3"}
    ]


def test_unknown_record_is_refused(study: Project) -> None:
    assert rename(study, "9", "10") == 'ERROR: The record "9" does not exist'


def test_taken_name_is_refused(study: Project) -> None:
    assert rename(study, "1", "2") == 'ERROR: The record "2" already exists'


def test_blank_name_is_refused(study: Project) -> None:
    assert rename(study, "1", " ") == "ERROR: The record name is blank"


def test_renaming_asks_for_the_rename_right(study: Project) -> None:
    grant(study, record_rename=0)

    assert "'Rename Records' privileges" in rename(study, "1", "9")
    assert column(study.rows("record"), "record_id") == ["1", "2"]


def test_records_of_other_groups_are_not_there(study: Project) -> None:
    akim = member(study, "akim", add_dag(study, "north"))

    assert rename(akim, "1", "9") == 'ERROR: The record "1" does not exist'


def test_one_arm_or_all(emulator: Emulator) -> None:
    project = trial(emulator)
    grant(project, record_rename=1)
    send(
        project,
        {"record_id": "1", "redcap_event_name": "baseline_arm_1", "sex": "1"},
        {"record_id": "1", "redcap_event_name": "start_arm_2", "sex": "0"},
    )

    assert rename(project, "1", "7", arm="2") == "1"
    assert column(project.rows("record"), "record_id") == ["1", "7"]
    assert rename(project, "1", "7", arm="2") == 'ERROR: The record "1" does not exist'


def test_rename_is_logged(study: Project) -> None:
    rename(study, "1", "9")

    newest = study.rows("log", logtype="record")[0]
    assert (newest["action"], newest["record"]) == ("Update record (API) 9", "9")


def test_randomize_is_refused(study: Project) -> None:
    response = study.post("record", "randomize", record="1")

    assert (response.status_code, response.json()["error"]) == (
        501,
        "The requested method is not implemented.",
    )
