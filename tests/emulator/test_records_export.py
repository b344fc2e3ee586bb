"""Export Records, flat and eav: what is shown, in which order, in which form."""

from __future__ import annotations

import pytest

from redcap_iac.emulator.server import Emulator
from tests.emulator.served import Project
from tests.emulator.studies import (
    classic,
    column,
    refused,
    send,
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


def test_flat_columns_follow_the_dictionary_without_descriptive_fields(study: Project) -> None:
    assert list(study.rows("record")[0]) == FLAT


def test_every_json_value_is_a_string(study: Project) -> None:
    assert {type(value) for value in study.rows("record")[0].values()} == {str}


def test_checkbox_choices_are_1_or_0(study: Project) -> None:
    row = study.rows("record")[0]

    assert [row["race___1"], row["race___2"], row["race___a_1"]] == ["0", "1", "0"]


def test_dates_are_exported_year_first_whatever_their_validation(study: Project) -> None:
    assert study.rows("record")[0]["dob"] == "1990-12-31"


def test_flat_csv_without_records_is_a_blank_body(study: Project) -> None:
    response = study.post("record", format="csv", records=["99"])

    assert (response.status_code, response.text.strip()) == (200, "")


def test_eav_csv_without_records_is_a_header(study: Project) -> None:
    response = study.post("record", format="csv", type="eav", records=["99"])

    assert response.text == "record,field_name,value\n"


def test_xml_items(study: Project) -> None:
    response = study.post("record", format="xml", fields=["record_id", "sex", "name"])

    assert response.text.startswith('<?xml version="1.0" encoding="UTF-8" ?>\n<records>\n<item>')
    assert "<record_id>1</record_id><name>Ada L</name><sex>1</sex>" in response.text


def test_unknown_type_is_refused(study: Project) -> None:
    response = study.post("record", type="wide")

    assert response.status_code == 400
    assert response.json()["error"] == 'The value of the parameter "type" is not valid'


def test_eav_has_a_line_per_value_with_the_id_and_ticked_codes(study: Project) -> None:
    lines = study.rows("record", type="eav")

    assert list(lines[0]) == ["record", "field_name", "value"]
    assert [(line["field_name"], line["value"]) for line in lines] == [
        ("record_id", "1"),
        ("name", "Ada L"),
        ("dob", "1990-12-31"),
        ("race", "2"),
        ("sex", "1"),
        ("demographics_complete", "0"),
    ]


def test_eav_of_one_field_has_that_field_alone(study: Project) -> None:
    assert study.rows("record", type="eav", fields=["sex"]) == [
        {"record": "1", "field_name": "sex", "value": "1"}
    ]


def test_export_asks_for_the_export_right(study: Project) -> None:
    response = study.of("stranger").post("record")

    assert response.status_code == 403
    assert response.json()["error"] == "You do not have permissions to use the API"


def test_survey_columns_need_surveys(study: Project) -> None:
    assert list(study.rows("record", exportSurveyFields="true")[0]) == FLAT


def test_refused_import_shows_nothing(study: Project) -> None:
    refused(study, {"record_id": "2", "sex": "1"}, {"record_id": "3", "sex": "9"})

    assert column(study.rows("record"), "record_id") == ["1"]


def test_export_leaves_an_entry_in_the_log(study: Project) -> None:
    study.rows("record")

    assert study.rows("log", logtype="export")[0]["action"] == "Data Export (API) "
