"""Recorded behaviour of arms, events and designations, fact by fact, over HTTP."""

from __future__ import annotations

import json

import pytest

from redcap_iac.emulator.server import Emulator
from tests.emulator.access import accept
from tests.emulator.conftest import MakeEmulator
from tests.emulator.designing import field
from tests.emulator.proof.designs import (
    ARMS,
    EVENT_NAMES,
    EVENTS,
    FORMATS,
    flag,
    number_of,
    three_arms,
)
from tests.emulator.served import Project, new_longitudinal, new_project

WRITES = (
    ("arm", [{"arm_num": 1, "name": "Arm 1"}]),
    ("event", [{"event_name": "Event 3", "arm_num": 1}]),
    ("formEventMapping", [{"arm_num": 1, "unique_event_name": "event_1_arm_1", "form": "form_1"}]),
    ("repeatingFormsEvents", [{"event_name": "event_1_arm_1", "form_name": "form_1"}]),
    ("metadata", [field("record_id")]),
    ("project_settings", [{"project_notes": "Some"}]),
    ("user", [{"username": "mlee"}]),
    ("userRole", [{"role_label": "A role"}]),
    ("dag", [{"data_access_group_name": "A group"}]),
    ("userDagMapping", [{"username": "jdoe", "redcap_data_access_group": ""}]),
    ("userRoleMapping", [{"username": "jdoe", "unique_role_name": ""}]),
)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(("content", "rows"), WRITES, ids=[content for content, _ in WRITES])
def test_an_import_answers_a_bare_number_in_every_format(
    longitudinal: Project, content: str, rows: list[dict[str, object]], form: str
) -> None:
    answer = longitudinal.post(content, "import", data=json.dumps(rows), returnFormat=form)
    assert (answer.status_code, answer.text) == (200, "1")


@pytest.mark.parametrize("form", FORMATS)
def test_a_delete_answers_a_bare_number_in_every_format(emulator: Emulator, form: str) -> None:
    project = three_arms(emulator)
    accept(project, "user", {"username": "jdoe", "record_delete": 1})
    accept(project, "user", {"username": "mlee"})
    accept(project, "dag", {"data_access_group_name": "A group"})
    for content, names in (
        ("event", {"events": ["event_1_arm_3"]}),
        ("arm", {"arms": ["3"]}),
        ("user", {"users": ["mlee"]}),
        ("dag", {"dags": ["a_group"]}),
    ):
        answer = project.post(content, "delete", returnFormat=form, **names)
        assert (answer.status_code, answer.text) == (200, "1")


def test_an_arm_without_an_event_is_kept_but_not_shown(longitudinal: Project) -> None:
    assert number_of(longitudinal, "arm", {"arm_num": 10, "name": "Ten"}) == 1
    assert longitudinal.rows("arm") == [{"arm_num": 1, "name": "Arm 1"}]
    assert number_of(longitudinal, "event", {"event_name": "Start", "arm_num": 10}) == 1
    assert longitudinal.rows("arm") == [
        {"arm_num": 1, "name": "Arm 1"},
        {"arm_num": 10, "name": "Ten"},
    ]


def test_an_existing_arm_number_is_renamed(longitudinal: Project) -> None:
    assert number_of(longitudinal, "arm", {"arm_num": 1, "name": "Other"}) == 1
    assert longitudinal.rows("arm")[0]["name"] == "Other"


def test_overriding_arms_removes_others_with_events_and_designations(emulator: Emulator) -> None:
    project = three_arms(emulator)
    assert number_of(project, "arm", *ARMS[:2], override=1) == 2
    assert flag(project) == 0
    assert number_of(project, "event", *EVENTS[:2]) == 2
    assert [row["arm_num"] for row in project.rows("arm")] == [1, 2]
    assert project.rows("formEventMapping") == []


def test_arms_and_events_brought_to_a_classic_project_wait_for_the_flag(
    emulator: Emulator,
) -> None:
    project = three_arms(emulator)
    assert flag(project) == 1
    assert [row["arm_num"] for row in project.rows("arm")] == [1, 2, 3]
    assert [row["unique_event_name"] for row in project.rows("event")] == EVENT_NAMES


def test_the_flag_is_counted_but_reads_0_with_a_single_event(project: Project) -> None:
    assert number_of(project, "project_settings", {"is_longitudinal": 1}) == 1
    assert flag(project) == 0
    assert number_of(project, "event", {"event_name": "Event 2", "arm_num": 1}) == 1
    assert flag(project) == 1


@pytest.mark.parametrize(
    ("content", "names"), [("arm", {"arms": ["1", "2", "3"]}), ("event", {"events": EVENT_NAMES})]
)
def test_all_of_them_may_be_deleted_and_the_flag_falls_by_itself(
    emulator: Emulator, content: str, names: dict[str, list[str]]
) -> None:
    project = three_arms(emulator)
    assert project.post(content, "delete", **names).text == "3"
    assert flag(project) == 0
    assert project.post("arm").status_code == 400


def test_one_event_left_turns_the_flag_back(longitudinal: Project) -> None:
    assert longitudinal.post("event", "delete", events=["event_2_arm_1"]).text == "1"
    assert flag(longitudinal) == 0


def test_turning_the_flag_off_hides_arms_and_on_again_restores_them(emulator: Emulator) -> None:
    project = three_arms(emulator)
    number_of(project, "project_settings", {"is_longitudinal": 0})
    assert project.post("event").status_code == 400
    number_of(project, "project_settings", {"is_longitudinal": 1})
    assert len(project.rows("event")) == 3


def test_events_show_offsets_while_scheduling_is_on(longitudinal: Project) -> None:
    plain = "event_name,arm_num,unique_event_name,custom_event_label,event_id"
    offsets = "event_name,arm_num,day_offset,offset_min,offset_max,"
    assert longitudinal.post("event", format="csv").text.splitlines()[0] == plain
    number_of(longitudinal, "project_settings", {"scheduling_enabled": 1})
    scheduled = offsets + "unique_event_name,custom_event_label,event_id"
    assert longitudinal.post("event", format="csv").text.splitlines()[0] == scheduled


def test_an_event_has_numbers_and_texts(longitudinal: Project) -> None:
    row = longitudinal.rows("event")[0]
    assert [type(cell) for cell in row.values()] == [str, int, str, str, int]


def test_event_ids_came_with_12_5(make_emulator: MakeEmulator) -> None:
    project = new_longitudinal(make_emulator("12.4.9"))
    assert "event_id" not in project.rows("event")[0]


UNIQUE_NAMES = (
    (("Event 1",), 1, ("event_1_arm_1",)),
    (("Final visit",), 1, ("final_visit_arm_1",)),
    (("Deadline to opt out of study",), 2, ("deadline_to_opt_ou_arm_2",)),
    (("Deadline to return feedback",), 2, ("deadline_to_return_arm_2",)),
    (("integration_event_20260314150926",), 3, ("integration_event_arm_3",)),
    (
        tuple(f"WRA Follow-Up Visit {number}" for number in (1, 2, 3, 4)),
        1,
        tuple(f"wra_followup_visit_arm_1{suffix}" for suffix in ("", "b", "c", "d")),
    ),
    (
        tuple(f"Follow-up visit year {number}" for number in range(8)),
        1,
        tuple(f"followup_visit_yea_arm_1{suffix}" for suffix in ("", *"bcdefgh")),
    ),
    (("Testing Long Name",) * 2, 1, ("testing_long_name_arm_1", "testing_long_name_arm_1b")),
    (
        tuple(f"After 1 month from {number}" for number in range(5)),
        1,
        tuple(f"after_1_month_from_arm_1{suffix}" for suffix in ("", *"bcde")),
    ),
    (("Screening & Enrollment",), 1, ("screening__enrollm_arm_1",)),
    (("3 month",), 1, ("3_month_arm_1",)),
    (("Évaluation initiale",), 1, ("valuation_initiale_arm_1",)),
)


@pytest.mark.parametrize(("names", "arm", "unique"), UNIQUE_NAMES, ids=lambda cell: str(cell)[:30])
def test_unique_names_of_events_are_made_as_recorded(
    longitudinal: Project, names: tuple[str, ...], arm: int, unique: tuple[str, ...]
) -> None:
    number_of(longitudinal, "arm", *ARMS)
    # what stands in another arm keeps the project longitudinal without taking names
    number_of(longitudinal, "event", *({"event_name": "Else", "arm_num": n} for n in (1, 2, 3)))
    longitudinal.post("event", "delete", events=["event_1_arm_1", "event_2_arm_1"])
    before = {row["unique_event_name"] for row in longitudinal.rows("event")}
    rows = [{"event_name": name, "arm_num": arm, "day_offset": 50} for name in names]
    assert number_of(longitudinal, "event", *rows) == len(names)
    made = {row["unique_event_name"] for row in longitudinal.rows("event")} - before
    assert made == set(unique)


def test_a_unique_name_that_disagrees_gives_way_to_the_servers_own(longitudinal: Project) -> None:
    row = {"event_name": "Event 9", "arm_num": 1, "unique_event_name": "event_2_arm_2"}
    assert number_of(longitudinal, "event", row) == 1
    assert longitudinal.rows("event")[-1]["unique_event_name"] == "event_9_arm_1"


def test_a_custom_label_of_an_event_is_kept(longitudinal: Project) -> None:
    row = {"event_name": "Event 9", "arm_num": 1, "custom_event_label": "[record_id]"}
    number_of(longitudinal, "event", row)
    assert longitudinal.rows("event")[-1]["custom_event_label"] == "[record_id]"


def test_exported_events_are_imported_as_they_are(longitudinal: Project) -> None:
    before = longitudinal.rows("event")
    assert number_of(longitudinal, "event", *before) == 2
    assert longitudinal.rows("event") == before


def test_designations_are_replaced_in_every_arm(emulator: Emulator) -> None:
    project = three_arms(emulator)
    rows = [
        {"arm_num": number, "unique_event_name": name, "form": "form_1"}
        for number, name in enumerate(EVENT_NAMES, start=1)
    ]
    assert number_of(project, "formEventMapping", *rows) == 3
    assert number_of(project, "formEventMapping", rows[1]) == 1
    assert project.rows("formEventMapping") == [rows[1]]


def test_designations_brought_before_the_flag_are_there(emulator: Emulator) -> None:
    project = new_project(emulator)
    number_of(project, "arm", *ARMS, override=1)
    number_of(project, "event", *EVENTS, override=1)
    row = {"arm_num": 2, "unique_event_name": "event_1_arm_2", "form": "form_1"}
    assert number_of(project, "formEventMapping", row) == 1
    number_of(project, "project_settings", {"is_longitudinal": 1})
    assert project.rows("formEventMapping") == [row]


def test_designations_come_by_arm_event_and_instrument(longitudinal: Project) -> None:
    number_of(longitudinal, "metadata", field("record_id", "b"), field("x", "a"))
    rows = [
        {"arm_num": 1, "unique_event_name": event, "form": form}
        for event in ("event_1_arm_1", "event_2_arm_1")
        for form in ("b", "a")
    ]
    assert number_of(longitudinal, "formEventMapping", *reversed(rows)) == 4
    assert longitudinal.rows("formEventMapping") == rows


@pytest.mark.parametrize("content", ["arm", "event", "formEventMapping"])
def test_arms_limit_what_is_exported(emulator: Emulator, content: str) -> None:
    project = three_arms(emulator)
    rows = [{"arm_num": 2, "unique_event_name": "event_1_arm_2", "form": "form_1"}]
    number_of(project, "formEventMapping", *rows)
    assert [row["arm_num"] for row in project.rows(content, arms=["2"])] == [2]
    assert project.rows(content, arms=["9"]) == []
