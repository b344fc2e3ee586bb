from __future__ import annotations

import json

import pytest

from tests.emulator.conftest import MakeEmulator
from tests.emulator.served import Project, new_project

IMPORTABLE = [
    "project_title", "project_language", "purpose", "purpose_other", "project_notes",
    "custom_record_label", "secondary_unique_field", "is_longitudinal", "surveys_enabled",
    "scheduling_enabled", "record_autonumbering_enabled", "randomization_enabled",
    "project_irb_number", "project_grant_number", "project_pi_firstname", "project_pi_lastname",
    "project_pi_email", "display_today_now_button", "bypass_branching_erase_field_prompt",
]  # fmt: skip


def send(project: Project, **attributes: object) -> object:
    response = project.post("project_settings", data=json.dumps([attributes]))
    assert response.status_code == 200, response.text
    return response.json()


def test_what_is_sent_is_changed_and_the_rest_stays(project: Project) -> None:
    before = project.rows("project")
    send(project, project_title="Renamed", purpose=2)
    assert project.rows("project") == {**before, "project_title": "Renamed", "purpose": 2}


@pytest.mark.parametrize("name", IMPORTABLE)
def test_every_importable_attribute_is_kept(project: Project, name: str) -> None:
    value = 1 - before if isinstance(before := project.rows("project")[name], int) else "other"
    if name == "is_longitudinal":
        value = 0  # one event does not read as longitudinal
    assert send(project, **{name: value}) == 1
    assert project.rows("project")[name] == value


def test_the_answer_counts_attributes(project: Project) -> None:
    assert send(project, project_title="A", project_notes="B") == 2


def test_unchanged_attributes_count_as_well(project: Project) -> None:
    send(project, project_title="A", project_notes="B")
    assert send(project, project_title="A", project_notes="B") == 2


@pytest.mark.parametrize(("version", "count"), [("15.8.1", 18), ("15.8.2", 19)])
def test_a_whole_export_sent_back_counts_what_is_importable(
    make_emulator: MakeEmulator, version: str, count: int
) -> None:
    project = new_project(make_emulator(version))
    exported = project.rows("project")
    assert send(project, **exported) == count
    assert project.rows("project") == exported


@pytest.mark.parametrize(
    "name",
    [
        "project_id",
        "creation_time",
        "production_time",
        "in_production",
        "has_repeating_instruments_or_events",
        "ddp_enabled",
        "missing_data_codes",
        "external_modules",
        "no_such_attribute",
    ],
)
def test_what_cannot_be_set_is_ignored_and_not_counted(project: Project, name: str) -> None:
    before = project.rows("project")
    assert send(project, **{name: "1"}) == 0
    assert project.rows("project") == before


def test_the_flag_of_events_counts_and_still_reads_classic_with_one_event(
    project: Project,
) -> None:
    assert send(project, is_longitudinal=1) == 1
    assert project.rows("project")["is_longitudinal"] == 0


def test_the_flag_set_last_shows_the_events_there_are(longitudinal: Project) -> None:
    send(longitudinal, is_longitudinal=0)
    send(longitudinal, is_longitudinal=1)
    assert len(longitudinal.rows("event")) == 2


def test_text_for_the_purpose_is_accepted(project: Project) -> None:
    assert send(project, purpose="research") == 1


def test_a_unique_field_that_does_not_exist_is_accepted(project: Project) -> None:
    assert send(project, secondary_unique_field="nowhere") == 1


def test_csv_is_accepted(project: Project) -> None:
    response = project.post(
        "project_settings",
        format="csv",
        data='project_title,purpose\n"By csv",3\n',
    )
    assert response.text == "2"
    assert project.rows("project")["project_title"] == "By csv"


def test_one_json_object_is_accepted(project: Project) -> None:
    response = project.post("project_settings", data='{"project_title":"By object"}')
    assert response.text == "1"


def test_xml_is_accepted_and_answers_a_bare_number(project: Project) -> None:
    payload = "<items><item><project_title>By xml</project_title></item></items>"
    response = project.post("project_settings", format="xml", data=payload)
    assert response.text == "1"
    assert project.rows("project")["project_title"] == "By xml"


@pytest.mark.parametrize("payload", ["[]", ""])
def test_nothing_to_set_is_refused(project: Project, payload: str) -> None:
    assert project.post("project_settings", data=payload).status_code == 400


def test_what_does_not_parse_is_refused(project: Project) -> None:
    response = project.post("project_settings", data="title")
    assert response.json() == {"error": "The data is not in the specified format."}


def test_the_import_is_logged_as_design(project: Project) -> None:
    send(project, project_title="A")
    entry = project.rows("log")[0]
    assert (entry["action"], entry["username"]) == ("Manage/Design ", "jdoe")
