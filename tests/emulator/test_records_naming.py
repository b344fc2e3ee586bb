"""Names for new records."""

from __future__ import annotations

from redcap_iac.emulator.server import Emulator
from tests.emulator.studies import add_dag, classic, column, member, send


def test_first_name_is_1(emulator: Emulator) -> None:
    assert classic(emulator).post("generateNextRecordName").text == "1"


def test_next_name_follows_the_highest_number(emulator: Emulator) -> None:
    study = classic(emulator)
    send(study, {"record_id": "9"}, {"record_id": "1100"}, {"record_id": "ZZ"})

    assert study.post("generateNextRecordName").text == "1101"


def test_names_that_are_no_numbers_lead_to_1(emulator: Emulator) -> None:
    study = classic(emulator)
    send(study, {"record_id": "A-12"})

    assert study.post("generateNextRecordName").text == "1"


def test_names_in_a_group_begin_with_its_id(emulator: Emulator) -> None:
    study = classic(emulator)
    dag_id = add_dag(study, "north")
    akim = member(study, "akim", dag_id)

    assert akim.post("generateNextRecordName").text == f"{dag_id}-1"
    send(akim, {"record_id": f"{dag_id}-7"})
    assert akim.post("generateNextRecordName").text == f"{dag_id}-8"
    assert study.post("generateNextRecordName").text == "1"


def test_forced_numbering_names_each_sent_record_anew(emulator: Emulator) -> None:
    study = classic(emulator)
    send(study, {"record_id": "1100"})

    answer = send(
        study,
        {"record_id": "1", "sex": "1"},
        {"record_id": "2", "sex": "0"},
        {"record_id": "1", "height": "2"},
        forceAutoNumber="true",
        returnContent="auto_ids",
    )
    assert answer == ["1101,1", "1102,2"]
    rows = study.rows("record")
    assert column(rows, "record_id") == ["1100", "1101", "1102"]
    assert column(rows, "height") == ["", "2", ""]


def test_forced_numbering_overwrites_nothing(emulator: Emulator) -> None:
    study = classic(emulator)
    send(study, {"record_id": "1", "sex": "1"})
    send(study, {"record_id": "1", "sex": "0"}, forceAutoNumber="true")

    assert column(study.rows("record"), "sex") == ["1", "0"]


def test_forced_numbering_does_nothing_where_it_is_off(emulator: Emulator) -> None:
    study = classic(emulator)
    study.post(
        "project_settings", format="csv", data="record_autonumbering_enabled\n0\n"
    ).raise_for_status()

    answer = send(study, {"record_id": "7"}, forceAutoNumber="true", returnContent="auto_ids")
    assert answer == ["7"]
