"""The rows of an export: events, instances, groups, dates."""

from __future__ import annotations

import pytest

from redcap_iac.emulator.server import Emulator
from tests.emulator.served import Project
from tests.emulator.studies import (
    add_dag,
    classic,
    column,
    member,
    repeating,
    send,
    trial,
)

ONE = {"record_id": "1", "name": "Ada L", "race___2": "1", "sex": "1", "dob": "1990-12-31"}
FLAT = [
    "record_id", "name", "dob", "race___1", "race___2", "race___a_1", "sex", "photo", "comments",
    "demographics_complete", "height", "weight", "bmi", "vitals_complete",
]  # fmt: skip


@pytest.fixture
def study(emulator: Emulator) -> Project:
    """A classic study with one record."""
    project = classic(emulator)
    send(project, ONE)
    return project


def test_records_filter_restricts_and_unknown_ids_yield_nothing(study: Project) -> None:
    send(study, {"record_id": "2"})

    assert column(study.rows("record", records=["2"]), "record_id") == ["2"]
    assert study.rows("record", records=["99"]) == []


def test_numeric_ids_are_sorted_by_number(study: Project) -> None:
    send(
        study, {"record_id": "10"}, {"record_id": "2"}, {"record_id": "1-10"}, {"record_id": "1-9"}
    )

    assert column(study.rows("record"), "record_id") == ["1", "1-9", "1-10", "2", "10"]


def test_dag_column_holds_unique_names_and_labels_on_request(study: Project) -> None:
    add_dag(study, "north")
    send(study, {"record_id": "1", "redcap_data_access_group": "north"})

    row = study.rows("record", exportDataAccessGroups="true")[0]
    assert list(row)[:2] == ["record_id", "redcap_data_access_group"]
    assert row["redcap_data_access_group"] == "north"
    labelled = study.rows("record", exportDataAccessGroups="true", rawOrLabel="label")[0]
    assert labelled["redcap_data_access_group"] == "North"


def test_no_dag_column_without_dags(study: Project) -> None:
    assert list(study.rows("record", exportDataAccessGroups="true")[0]) == FLAT


def test_dag_is_a_line_of_eav(study: Project) -> None:
    add_dag(study, "north")
    send(study, {"record_id": "1", "redcap_data_access_group": "north"})

    lines = study.rows("record", type="eav", exportDataAccessGroups="true")
    assert {"record": "1", "field_name": "redcap_data_access_group", "value": "north"} in lines


def test_member_of_a_dag_sees_its_records_alone_and_no_dag_column(study: Project) -> None:
    north = member(study, "akim", add_dag(study, "north"))
    send(study, {"record_id": "2", "redcap_data_access_group": "north"})

    rows = north.rows("record", exportDataAccessGroups="true")
    assert column(rows, "record_id") == ["2"]
    assert "redcap_data_access_group" not in rows[0]


def test_repeating_instrument_has_rows_of_its_own(emulator: Emulator) -> None:
    project = repeating(emulator)
    send(project, ONE)
    send(
        project,
        {"record_id": "1", "redcap_repeat_instrument": "vitals", "redcap_repeat_instance": "2",
         "height": "1.8"},
    )  # fmt: skip

    base, second = project.rows("record")
    assert list(base)[:3] == ["record_id", "redcap_repeat_instrument", "redcap_repeat_instance"]
    assert (base["redcap_repeat_instrument"], base["redcap_repeat_instance"]) == ("", "")
    assert (second["redcap_repeat_instrument"], second["redcap_repeat_instance"]) == ("vitals", 2)
    assert (base["sex"], base["height"], base["vitals_complete"]) == ("1", "", "")
    assert (second["sex"], second["height"], second["race___1"]) == ("", "1.8", "")


def test_repeating_rows_come_only_with_their_instrument(emulator: Emulator) -> None:
    project = repeating(emulator)
    send(
        project,
        {"record_id": "1", "redcap_repeat_instrument": "vitals", "redcap_repeat_instance": "1",
         "height": "1.8"},
    )  # fmt: skip

    assert project.rows("record", fields=["height"]) == [{"height": "1.8"}]
    assert len(project.rows("record", fields=["record_id", "sex"])) == 1


def test_repeat_labels(emulator: Emulator) -> None:
    project = repeating(emulator)
    send(
        project,
        {"record_id": "1", "redcap_repeat_instrument": "vitals", "redcap_repeat_instance": "1",
         "height": "1.8"},
    )  # fmt: skip

    rows = project.rows("record", rawOrLabel="label")
    assert column(rows, "redcap_repeat_instrument") == ["", "Vitals"]


def test_repeat_setup_taken_away_hides_later_instances_and_keeps_the_first(
    emulator: Emulator,
) -> None:
    project = repeating(emulator)
    for number in ("1", "2"):
        send(
            project,
            {"record_id": "1", "redcap_repeat_instrument": "vitals",
             "redcap_repeat_instance": number, "weight": number},
        )  # fmt: skip
    project.post("repeatingFormsEvents", format="csv", data="form_name,custom_form_label\n")

    rows = project.rows("record")
    assert column(rows, "weight") == ["1"]
    assert "redcap_repeat_instance" not in rows[0]


def test_longitudinal_rows_carry_their_event(emulator: Emulator) -> None:
    project = trial(emulator)
    send(
        project,
        {"record_id": "1", "redcap_event_name": "baseline_arm_1", "sex": "0"},
        {"record_id": "1", "redcap_event_name": "week_4_arm_1", "weight": "80"},
        {"record_id": "2", "redcap_event_name": "start_arm_2", "sex": "1"},
    )

    rows = project.rows("record")
    assert list(rows[0])[:4] == [
        "record_id",
        "redcap_event_name",
        "redcap_repeat_instrument",
        "redcap_repeat_instance",
    ]
    assert column(rows, "redcap_event_name") == ["baseline_arm_1", "week_4_arm_1", "start_arm_2"]
    assert column(rows, "redcap_repeat_instance") == ["", 1, ""]
    assert column(rows, "demographics_complete") == ["0", "", "0"]


def test_event_labels_name_the_arm_where_there_are_several(emulator: Emulator) -> None:
    project = trial(emulator)
    send(project, {"record_id": "1", "redcap_event_name": "baseline_arm_1"})

    assert column(project.rows("record", rawOrLabel="label"), "redcap_event_name") == [
        "Baseline (Arm 1)"
    ]


def test_event_column_goes_with_the_record_id(emulator: Emulator) -> None:
    project = trial(emulator)
    send(project, {"record_id": "1", "redcap_event_name": "baseline_arm_1", "sex": "0"})

    assert project.rows("record", fields=["sex"]) == [{"sex": "0"}]


def test_events_filter(emulator: Emulator) -> None:
    project = trial(emulator)
    send(
        project,
        {"record_id": "1", "redcap_event_name": "baseline_arm_1"},
        {"record_id": "1", "redcap_event_name": "week_4_arm_1"},
    )

    rows = project.rows("record", events=["week_4_arm_1"])
    assert column(rows, "redcap_event_name") == ["week_4_arm_1"]


def test_unknown_event_is_refused(emulator: Emulator) -> None:
    response = trial(emulator).post("record", events=["nowhere_arm_1"])

    assert response.status_code == 400
    assert "'nowhere_arm_1'" in response.json()["error"]


def test_classic_project_ignores_the_events_filter(study: Project) -> None:
    assert len(study.rows("record", events=["nowhere_arm_1"])) == 1


def test_eav_of_a_trial_names_event_and_instance(emulator: Emulator) -> None:
    project = trial(emulator)
    send(
        project,
        {"record_id": "2", "redcap_event_name": "start_arm_2",
         "redcap_repeat_instrument": "vitals", "redcap_repeat_instance": "3", "weight": "70"},
    )  # fmt: skip

    lines = project.rows("record", type="eav", fields=["weight"])
    assert lines == [
        {
            "record": "2",
            "redcap_event_name": "start_arm_2",
            "redcap_repeat_instrument": "vitals",
            "redcap_repeat_instance": 3,
            "field_name": "weight",
            "value": "70",
        }
    ]


def test_range_of_dates_looks_at_the_log(study: Project) -> None:
    assert len(study.rows("record", dateRangeBegin="2026-03-14 15:09:00")) == 1
    assert study.rows("record", dateRangeBegin="2026-03-14 15:10:00") == []
    assert study.rows("record", dateRangeEnd="2026-03-14 15:08:00") == []
    assert study.rows("record", records=["7"], dateRangeBegin="2026-03-14 15:09:00") == []
