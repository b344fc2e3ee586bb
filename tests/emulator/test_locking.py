"""Locked and signed instruments: what imports answer, what stays, what the log says."""

from __future__ import annotations

import json

import pytest

from redcap_iac.emulator import admin
from redcap_iac.emulator.admin import AdminError
from tests.emulator.conftest import NOW, fixed_clock
from tests.emulator.designing import RECORD_ID, Row, field, grant, put, refusal, send, sent, stored
from tests.emulator.served import Project, new_longitudinal

LOCKED = (
    "This field is located on a form that is locked. You must first unlock this form for this"
    " record."
)
VITALS = field("weight", "vitals")


@pytest.fixture
def study(project: Project) -> Project:
    """A classic project with record 1 that has a height on form_1 and a weight on vitals."""
    sent(project, "metadata", [RECORD_ID, field("height"), VITALS])
    put(project, "1", "height", "180")
    put(project, "1", "weight", "70")
    return project


def lock(
    project: Project,
    form: str = "vitals",
    record: str = "1",
    event: str = "",
    instance: int = 1,
    *,
    esigned: bool = False,
) -> None:
    admin.lock(
        project.emulator.store, project.project_id, record, event, form, instance,
        esigned=esigned, username="jdoe", clock=fixed_clock,
    )  # fmt: skip


def unlock(project: Project, form: str = "vitals") -> None:
    admin.unlock(
        project.emulator.store, project.project_id, "1", "", form,
        username="jdoe", clock=fixed_clock,
    )  # fmt: skip


def imported(project: Project, **cells: str) -> int:
    rows: list[Row] = [{"record_id": "1", **cells}]
    return int(send(project, "record", rows).json()["count"])


def test_a_value_of_a_locked_instrument_is_refused_in_redcaps_words(study: Project) -> None:
    lock(study)
    text = refusal(send(study, "record", [{"record_id": "1", "weight": "71"}]))
    assert text == f'"1","weight","71","{LOCKED}"'
    assert stored(study, "weight") == ["70"]


def test_nothing_of_an_import_with_a_locked_value_is_written(study: Project) -> None:
    lock(study)
    refusal(send(study, "record", [{"record_id": "1", "height": "181", "weight": "71"}]))
    assert stored(study, "height") == ["180"]


def test_a_value_that_stays_may_be_sent_again(study: Project) -> None:
    lock(study)
    assert imported(study, height="181", weight="70") == 1
    assert stored(study, "height") == ["181"]


def test_the_form_status_is_locked_too(study: Project) -> None:
    lock(study)
    text = refusal(send(study, "record", [{"record_id": "1", "vitals_complete": "2"}]))
    assert LOCKED in text


def test_erasing_is_refused_too(study: Project) -> None:
    lock(study)
    rows: list[Row] = [{"record_id": "1", "weight": ""}]
    assert LOCKED in refusal(send(study, "record", rows, overwriteBehavior="overwrite"))


def test_other_instruments_and_records_stay_open(study: Project) -> None:
    lock(study)
    assert imported(study, height="181") == 1
    sent_rows: list[Row] = [{"record_id": "2", "weight": "60"}]
    assert send(study, "record", sent_rows).json() == {"count": 1}


def test_an_unlocked_instrument_is_open_again(study: Project) -> None:
    lock(study)
    unlock(study)
    assert imported(study, weight="71") == 1


def test_a_lock_is_of_one_event(make_longitudinal: Project) -> None:
    study = make_longitudinal
    lock(study, "form_1", event="event_2_arm_1")
    rows: list[Row] = [
        {"record_id": "1", "redcap_event_name": "event_1_arm_1", "height": "181"},
        {"record_id": "1", "redcap_event_name": "event_2_arm_1", "height": "181"},
    ]
    assert refusal(send(study, "record", rows)).count(LOCKED) == 1
    assert send(study, "record", rows[:1]).json() == {"count": 1}


@pytest.fixture
def make_longitudinal(longitudinal: Project) -> Project:
    """Two events that both have form_1 with a height, and record 1 at both."""
    sent(longitudinal, "metadata", [RECORD_ID, field("height")])
    mapping: list[Row] = [
        {"arm_num": 1, "unique_event_name": f"event_{number}_arm_1", "form": "form_1"}
        for number in (1, 2)
    ]
    sent(longitudinal, "formEventMapping", mapping)
    for number in (1, 2):
        put(longitudinal, "1", "height", "180", event=f"event_{number}_arm_1")
    return longitudinal


def test_a_lock_is_of_one_instance(study: Project) -> None:
    sent(study, "repeatingFormsEvents", [{"form_name": "vitals", "custom_form_label": ""}])
    put(study, "1", "weight", "72", form="vitals", instance=2)
    lock(study, instance=2)
    repeat: Row = {"record_id": "1", "redcap_repeat_instrument": "vitals", "weight": "99"}
    assert LOCKED in refusal(send(study, "record", [{**repeat, "redcap_repeat_instance": 2}]))
    assert send(study, "record", [{**repeat, "redcap_repeat_instance": 3}]).status_code == 200


def test_calculations_on_a_locked_instrument_stay(study: Project) -> None:
    twice = field("twice", "vitals", "calc", select_choices_or_calculations="[height] * 2")
    sent(study, "metadata", [RECORD_ID, field("height"), VITALS, twice])
    imported(study, height="100")
    lock(study)
    imported(study, height="150")
    assert stored(study, "twice") == ["200"]


def test_files_on_a_locked_instrument_stay(study: Project) -> None:
    sent(study, "metadata", [RECORD_ID, field("height"), VITALS, field("scan", "vitals", "file")])
    place = {"record": "1", "field": "scan", "returnFormat": "json"}
    upload = ("a.txt", b"a", "text/plain")
    assert study.post("file", "import", **place, file=upload).status_code == 200
    lock(study)
    for action in ("import", "delete"):
        file = upload if action == "import" else None
        assert refusal(study.post("file", action, **place, file=file)) == LOCKED
    assert study.post("file", "export", **place).content == b"a"


def test_locking_is_logged_as_the_page_does(study: Project) -> None:
    lock(study, esigned=True)
    unlock(study)
    details = "\nRecord: 1\nForm: Vitals\nEvent: Event 1"
    when = NOW.strftime("%Y-%m-%d %H:%M")
    assert list(reversed(study.rows("log", logtype="lock_record"))) == [
        {
            "timestamp": when,
            "username": "jdoe",
            "action": action,
            "details": done + details,
            "record": "1",
        }
        for action, done in (
            ("Lock/Unlock Record 1", "Action: Lock instrument"),
            ("E-signature 1", "Action: Save e-signature"),
            ("Lock/Unlock Record 1", "Action: Unlock instrument"),
            ("E-signature 1", "Action: Negate e-signature"),
        )
    ]


def test_a_lock_is_noted_with_who_when_and_whether_signed(study: Project) -> None:
    lock(study, esigned=True)
    (found,) = json.loads(admin.dump(study.emulator.store, study.project_id))["locks"]
    assert (found["username"], found["timestamp"], found["esigned"]) == (
        "jdoe",
        "2026-03-14 15:09:26",
        1,
    )


def locks(project: Project) -> list[str]:
    state = json.loads(admin.dump(project.emulator.store, project.project_id))
    return [row["record"] for row in state["locks"]]


def test_a_lock_goes_with_its_record(study: Project) -> None:
    lock(study)
    deleter = grant(study, "akim", record_delete=1, api_import=1)
    assert deleter.post("record", "delete", records=["1"]).status_code == 200
    assert locks(study) == []


def test_a_lock_follows_the_name_of_its_record(study: Project) -> None:
    lock(study)
    renamer = grant(study, "akim", record_rename=1, api_import=1)
    named = {"record": "1", "new_record_name": "one"}
    assert renamer.post("record", "rename", **named).status_code == 200
    assert locks(study) == ["one"]


def test_a_lock_goes_with_its_instrument(study: Project) -> None:
    lock(study)
    sent(study, "metadata", [RECORD_ID, field("height")])
    assert locks(study) == []


def test_a_lock_goes_with_its_event(make_longitudinal: Project) -> None:
    lock(make_longitudinal, "form_1", event="event_2_arm_1")
    make_longitudinal.post("event", "delete", events=["event_2_arm_1"])
    assert locks(make_longitudinal) == []


@pytest.mark.parametrize(
    ("form", "record", "event", "instance", "told"),
    [
        ("vitals", "9", "", 1, "no such record"),
        ("bloods", "1", "", 1, "no instrument 'bloods'"),
        ("vitals", "1", "event_9_arm_1", 1, "no event 'event_9_arm_1'"),
        ("vitals", "1", "", 0, "count from 1"),
    ],
)
def test_only_what_is_there_can_be_locked(
    study: Project, form: str, record: str, event: str, instance: int, told: str
) -> None:
    with pytest.raises(AdminError, match=told):
        lock(study, form, record, event, instance)


def test_an_instrument_is_locked_only_where_it_is_designated(longitudinal: Project) -> None:
    put(longitudinal, "1", "record_id", "1")
    with pytest.raises(AdminError, match="not designated"):
        lock(longitudinal, "form_1", event="event_2_arm_1")


def test_only_what_is_locked_can_be_unlocked(study: Project) -> None:
    with pytest.raises(AdminError, match="not locked"):
        unlock(study)


def test_a_lock_of_one_project_is_none_of_another(study: Project) -> None:
    lock(study)
    other = new_longitudinal(study.emulator)
    assert locks(other) == []
