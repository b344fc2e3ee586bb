from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.emulator.conftest import MakeEmulator
from tests.emulator.served import Project, new_longitudinal, new_project

#: Design reference, section 6, in its order.
ATTRIBUTES = [
    "project_id", "project_title", "creation_time", "production_time", "in_production",
    "project_language", "purpose", "purpose_other", "project_notes", "custom_record_label",
    "secondary_unique_field", "is_longitudinal", "has_repeating_instruments_or_events",
    "surveys_enabled", "scheduling_enabled", "record_autonumbering_enabled",
    "randomization_enabled", "ddp_enabled", "project_irb_number", "project_grant_number",
    "project_pi_firstname", "project_pi_lastname", "project_pi_email",
    "display_today_now_button", "missing_data_codes", "external_modules",
    "bypass_branching_erase_field_prompt",
]  # fmt: skip
NUMBERS = {
    "project_id", "in_production", "purpose", "is_longitudinal",
    "has_repeating_instruments_or_events", "surveys_enabled", "scheduling_enabled",
    "record_autonumbering_enabled", "randomization_enabled", "ddp_enabled",
    "display_today_now_button", "bypass_branching_erase_field_prompt",
}  # fmt: skip
RECORDED = (
    Path(__file__).parents[3]
    / "shared/corpus/responses/IUREDCap__phpcap-longitudinal-project-info.csv"
)


def test_the_answer_is_one_object_with_its_attributes_in_order(project: Project) -> None:
    assert list(project.rows("project")) == ATTRIBUTES


def test_ids_flags_and_the_purpose_are_numbers_and_the_rest_text(project: Project) -> None:
    kinds = {name: type(value) for name, value in project.rows("project").items()}
    assert kinds == {name: int if name in NUMBERS else str for name in ATTRIBUTES}


@pytest.mark.parametrize(("version", "shown"), [("15.8.1", False), ("15.8.2", True)])
def test_the_email_of_the_investigator_came_with_15_8_2(
    make_emulator: MakeEmulator, version: str, shown: bool
) -> None:
    project = new_project(make_emulator(version))
    assert ("project_pi_email" in project.rows("project")) is shown


def test_a_new_project_is_classic_in_development_and_numbers_its_records(
    project: Project,
) -> None:
    found = project.rows("project")
    assert {
        name: found[name]
        for name in (
            "is_longitudinal",
            "in_production",
            "production_time",
            "record_autonumbering_enabled",
            "surveys_enabled",
            "has_repeating_instruments_or_events",
            "project_language",
        )
    } == {
        "is_longitudinal": 0,
        "in_production": 0,
        "production_time": "",
        "record_autonumbering_enabled": 1,
        "surveys_enabled": 0,
        "has_repeating_instruments_or_events": 0,
        "project_language": "English",
    }


def test_times_are_written_to_the_second(project: Project) -> None:
    assert project.rows("project")["creation_time"] == "2026-03-14 15:09:26"


def test_csv_is_a_header_and_one_row(project: Project) -> None:
    lines = list(csv.reader(io.StringIO(project.post("project", format="csv").text)))
    assert lines[0] == ATTRIBUTES
    assert [len(line) for line in lines] == [27, 27]


def test_xml_is_items_without_an_item(project: Project) -> None:
    text = project.post("project", format="xml").text
    assert f"<items><project_id>{project.project_id}</project_id>" in text


def test_two_events_and_the_flag_read_as_longitudinal(longitudinal: Project) -> None:
    assert longitudinal.rows("project")["is_longitudinal"] == 1


def test_two_events_without_the_flag_read_as_classic(longitudinal: Project) -> None:
    longitudinal.post("project_settings", data='[{"is_longitudinal":"0"}]')
    assert longitudinal.rows("project")["is_longitudinal"] == 0


@pytest.mark.parametrize(("switch", "reads"), [("classic", 0), ("longitudinal", 1)])
def test_how_the_flag_with_one_event_reads_is_a_switch(
    make_emulator: MakeEmulator, switch: str, reads: int
) -> None:
    project = new_project(make_emulator(one_event_longitudinal=switch), is_longitudinal=1)
    assert project.rows("project")["is_longitudinal"] == reads


@pytest.mark.parametrize(("switch", "status"), [("classic", 400), ("longitudinal", 200)])
def test_arms_of_one_event_are_exported_as_the_switch_says(
    make_emulator: MakeEmulator, switch: str, status: int
) -> None:
    project = new_project(make_emulator(one_event_longitudinal=switch), is_longitudinal=1)
    assert project.post("arm").status_code == status


@pytest.mark.parametrize("switch", ["classic", "longitudinal"])
def test_no_event_reads_as_classic_whatever_the_switch(
    make_emulator: MakeEmulator, switch: str
) -> None:
    project = new_longitudinal(make_emulator(one_event_longitudinal=switch))
    assert project.post("arm", "delete", arms=["1"]).status_code == 200
    assert project.rows("project")["is_longitudinal"] == 0


def repeat_everything(project: Project, event: str) -> None:
    """Make a whole event repeat, past the API."""
    with project.emulator.store.transaction() as db:
        db.execute(
            "INSERT INTO repeats (project_id, event_id)"
            " SELECT project_id, event_id FROM events WHERE project_id = ? AND unique_name = ?",
            (project.project_id, event),
        )


def test_a_repeating_event_is_told(longitudinal: Project) -> None:
    repeat_everything(longitudinal, "event_2_arm_1")
    assert longitudinal.rows("project")["has_repeating_instruments_or_events"] == 1


def test_what_repeats_in_a_hidden_event_is_not_told(longitudinal: Project) -> None:
    repeat_everything(longitudinal, "event_2_arm_1")
    longitudinal.post("project_settings", data='[{"is_longitudinal":"0"}]')
    assert longitudinal.rows("project")["has_repeating_instruments_or_events"] == 0


def test_a_repeating_event_is_hidden_with_the_longitudinal_flag(longitudinal: Project) -> None:
    repeat_everything(longitudinal, "event_1_arm_1")
    longitudinal.post("project_settings", data='[{"is_longitudinal":"0"}]')
    assert longitudinal.rows("project")["has_repeating_instruments_or_events"] == 0
    assert longitudinal.post("repeatingFormsEvents").status_code == 400
    longitudinal.post("record", data='[{"record_id":"1"}]')
    assert list(longitudinal.rows("record")[0]) == ["record_id", "form_1_complete"]
    longitudinal.post("project_settings", data='[{"is_longitudinal":"1"}]')
    assert longitudinal.rows("project")["has_repeating_instruments_or_events"] == 1
    assert len(longitudinal.rows("repeatingFormsEvents")) == 1


def test_production_is_told_with_its_time(project: Project) -> None:
    project.status("production")
    found = project.rows("project")
    assert (found["in_production"], found["production_time"]) == (1, "2026-03-14 15:09:26")


def test_analysis_reads_as_not_in_production_with_a_production_time(project: Project) -> None:
    project.status("production")
    project.status("analysis")
    found = project.rows("project")
    assert (found["in_production"], found["production_time"]) == (0, "2026-03-14 15:09:26")


def test_the_export_is_logged(project: Project) -> None:
    project.rows("project")
    assert project.rows("log")[0]["details"] == "Export project information (API)"


@pytest.mark.corpus
@pytest.mark.skipif(not RECORDED.exists(), reason="the corpus of recorded answers is not there")
def test_a_recorded_answer_has_the_same_attributes_in_the_same_order(project: Project) -> None:
    with RECORDED.open(newline="") as file:
        recorded = next(csv.reader(file))
    assert [name for name in ATTRIBUTES if name in recorded] == recorded
    assert json.dumps(recorded) != "[]"
