from __future__ import annotations

import json
import re

import pytest
import requests

from redcap_iac.emulator.server import Emulator
from tests.emulator.conftest import MakeEmulator
from tests.emulator.served import Project, post

TITLE = {"project_title": "New study", "purpose": "0"}


def create(emulator: Emulator, data: object, **parameters: object) -> requests.Response:
    text = data if isinstance(data, str) else json.dumps(data)
    form = {"token": emulator.super_token, "content": "project", "format": "json", "data": text}
    return post(emulator, {**form, **parameters})


def created(emulator: Emulator, **attributes: object) -> Project:
    response = create(emulator, [{**TITLE, **attributes}])
    assert response.status_code == 200, response.text
    return Project(emulator, 0, response.text)


def titles(emulator: Emulator) -> list[str]:
    with emulator.store.transaction() as db:
        rows = db.execute("SELECT settings FROM projects ORDER BY project_id").fetchall()
    return [json.loads(row["settings"])["project_title"] for row in rows]


@pytest.mark.parametrize("format_", ["json", "csv", "xml"])
def test_the_answer_is_the_bare_token_in_every_format(emulator: Emulator, format_: str) -> None:
    payload = {
        "json": json.dumps([TITLE]),
        "csv": "project_title,purpose\nNew study,0\n",
        "xml": "<item><project_title>New study</project_title><purpose>0</purpose></item>",
    }[format_]
    answer = create(emulator, payload, format=format_).text
    assert re.fullmatch(r"[0-9A-F]{32}", answer)
    assert titles(emulator) == ["New study"]


def test_the_token_is_that_of_the_super_tokens_owner(emulator: Emulator) -> None:
    assert created(emulator).rows("user")[0]["username"] == "admin"


def test_each_project_has_an_id_and_a_token_of_its_own(emulator: Emulator) -> None:
    one, other = created(emulator), created(emulator)
    assert one.token != other.token
    assert [project.rows("project")["project_id"] for project in (one, other)] == [1, 2]


def test_attributes_are_taken(emulator: Emulator) -> None:
    found = created(
        emulator,
        purpose="2",
        purpose_other="1,3",
        project_notes="Notes",
        surveys_enabled="1",
        record_autonumbering_enabled="0",
    ).rows("project")
    assert [
        found[name]
        for name in (
            "project_title",
            "purpose",
            "purpose_other",
            "project_notes",
            "surveys_enabled",
            "record_autonumbering_enabled",
        )
    ] == ["New study", 2, "1,3", "Notes", 1, 0]


def test_records_number_themselves_and_surveys_are_off_by_default(emulator: Emulator) -> None:
    found = created(emulator).rows("project")
    assert (found["record_autonumbering_enabled"], found["surveys_enabled"]) == (1, 0)


def test_a_new_project_is_in_development(emulator: Emulator) -> None:
    assert created(emulator).rows("project")["in_production"] == 0


def test_the_seeded_instrument_holds_the_record_id(emulator: Emulator) -> None:
    project = created(emulator)
    assert project.rows("instrument") == [
        {"instrument_name": "form_1", "instrument_label": "Form 1"}
    ]
    assert [
        (row["field_name"], row["form_name"], row["field_type"], row["field_label"])
        for row in project.rows("metadata")
    ] == [("record_id", "form_1", "text", "Record ID")]


def test_the_seeded_event_shows_once_a_second_one_is_there(emulator: Emulator) -> None:
    project = created(emulator, is_longitudinal="1")
    project.post("event", "import", data='[{"event_name":"Event 2","arm_num":"1"}]', override="0")
    assert [row["unique_event_name"] for row in project.rows("event")] == [
        "event_1_arm_1",
        "event_2_arm_1",
    ]


def test_a_new_longitudinal_project_reads_as_classic_until_then(emulator: Emulator) -> None:
    response = created(emulator, is_longitudinal="1").post("arm")
    assert (response.status_code, response.json()) == (
        400,
        {"error": "You cannot export arms for classic projects"},
    )


def test_the_creator_has_every_right_but_deleting_renaming_and_locking(
    emulator: Emulator,
) -> None:
    user = created(emulator).rows("user")[0]
    rights = {
        name: level
        for name, level in user.items()
        if isinstance(level, int) and name != "data_access_group_id"
    }
    assert {name for name, level in rights.items() if level == 0} == {
        "record_delete",
        "record_rename",
        "lock_records",
        "lock_records_all_forms",
        "lock_records_customization",
    }
    assert set(rights.values()) == {0, 1}


@pytest.mark.parametrize(("version", "level"), [("15.5.9", 1), ("15.6.0", 130)])
def test_the_creator_may_view_edit_and_export_the_seeded_instrument(
    make_emulator: MakeEmulator, version: str, level: int
) -> None:
    user = created(make_emulator(version)).rows("user")[0]
    assert (user["forms"], user["forms_export"]) == ({"form_1": level}, {"form_1": 1})


def test_purpose_other_is_required_with_purpose_1(emulator: Emulator) -> None:
    response = create(emulator, [{**TITLE, "purpose": "1"}], returnFormat="xml")
    assert response.status_code == 400
    assert response.text == (
        '<?xml version="1.0" encoding="UTF-8" ?><hash><error>You must provide some text for'
        " 'purpose_other' since you specified 'purpose' as '1' (Other).</error></hash>"
    )


def test_purpose_1_with_its_text_is_accepted(emulator: Emulator) -> None:
    found = created(emulator, purpose="1", purpose_other="Teaching").rows("project")
    assert (found["purpose"], found["purpose_other"]) == (1, "Teaching")


@pytest.mark.parametrize(
    "data",
    [
        [{"no_such_column": "x"}],
        [{"purpose": "0"}],
        [{"project_title": "  ", "purpose": "0"}],
        [{"project_title": "No purpose"}],
        [{"project_title": "Odd purpose", "purpose": "5"}],
        [{**TITLE, "is_longitudinal": "yes"}],
        [TITLE, TITLE],
        [],
        "title",
        "",
    ],
)
def test_what_describes_no_project_is_refused_and_creates_none(
    emulator: Emulator, data: object
) -> None:
    assert create(emulator, data).status_code == 400
    assert titles(emulator) == []


def test_without_data_no_project_is_created(emulator: Emulator) -> None:
    parameters = {"token": emulator.super_token, "content": "project", "format": "json"}
    assert post(emulator, parameters).status_code == 400
    assert titles(emulator) == []


def test_every_fault_of_the_description_is_told(emulator: Emulator) -> None:
    text = create(emulator, [{"purpose": "9"}]).json()["error"]
    assert [word in text for word in ("project_title", "purpose")] == [True, True]


def test_tags_in_the_title_are_stripped(emulator: Emulator) -> None:
    project = created(emulator, project_title="<b>Bold</b> and 1 < 2")
    assert project.rows("project")["project_title"] == "Bold and 1 < 2"


def test_the_creation_stands_in_the_log_of_the_project(emulator: Emulator) -> None:
    entry = created(emulator).rows("log")[-1]
    assert (entry["action"], entry["username"]) == ("Manage/Design ", "admin")
    assert entry["details"].startswith("Create project")


def test_the_data_names_the_project_that_a_project_xml_fills(emulator: Emulator) -> None:
    source = created(emulator, project_title="Source", project_notes="From source")
    xml_text = source.post("project_xml", returnMetadataOnly="true", format="xml").text
    response = create(emulator, [{**TITLE, "purpose": "4"}], odm=xml_text)
    assert response.status_code == 200, response.text
    found = Project(emulator, 2, response.text).rows("project")
    assert (found["project_title"], found["purpose"]) == ("New study", 4)


def test_a_project_xml_that_cannot_be_read_creates_no_project(emulator: Emulator) -> None:
    assert create(emulator, [TITLE], odm="<ODM>").status_code == 400
    assert titles(emulator) == []
