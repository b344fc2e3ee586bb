"""The events of an import, and what may not stand there."""

from __future__ import annotations

from redcap_iac.emulator.server import Emulator
from tests.emulator.studies import (
    column,
    refused,
    send,
    trial,
)


def test_event_not_named_is_the_first(emulator: Emulator) -> None:
    project = trial(emulator)
    send(project, {"record_id": "1", "sex": "1"})

    assert column(project.rows("record"), "redcap_event_name") == ["baseline_arm_1"]


def test_unknown_events_are_refused_together(emulator: Emulator) -> None:
    text = refused(
        trial(emulator),
        {"record_id": "1", "redcap_event_name": "visit_11_arm_1"},
        {"record_id": "2", "redcap_event_name": "visit_12_arm_1"},
    )

    assert text == (
        "The following values of redcap_event_name are invalid: visit_11_arm_1, visit_12_arm_1"
    )


def test_field_of_an_instrument_not_designated_is_refused(emulator: Emulator) -> None:
    text = refused(
        trial(emulator), {"record_id": "1", "redcap_event_name": "week_4_arm_1", "sex": "1"}
    )

    assert text == (
        '"1","sex","1","This field (\'sex\') exists on an instrument that is not designated for the'
        " event named 'Week 4 (Arm 1: Drug A)'. You are not allowed to import data for this field"
        ' into this event."'
    )


def test_blank_of_an_instrument_not_designated_is_welcome(emulator: Emulator) -> None:
    project = trial(emulator)

    row = {"record_id": "1", "redcap_event_name": "week_4_arm_1", "sex": "", "weight": "80"}
    assert send(project, row) == {"count": 1}


def test_project_without_events_takes_no_data(emulator: Emulator) -> None:
    project = trial(emulator)
    with emulator.store.transaction() as db:
        db.execute("DELETE FROM events WHERE project_id = ?", (project.project_id,))

    assert refused(project, {"record_id": "1"}) == "The project has no event that could hold data"
    assert project.rows("record") == []
