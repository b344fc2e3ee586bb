from __future__ import annotations

import json

import pytest

from tests.emulator.served import Project


@pytest.fixture
def fields(project: Project) -> Project:
    """A project with a field of every kind that matters to columns."""
    rows = [
        ("record_id", "intake", "text", ""),
        ("race", "intake", "checkbox", "1, One | -4, Four | AB, Letters"),
        ("scan", "intake", "file", ""),
        ("hello", "intake", "descriptive", ""),
        ("sum", "visit", "calc", "1+1"),
        ("sex", "visit", "radio", "0, Female | 1, Male"),
    ]
    names = ("field_name", "form_name", "field_type", "select_choices_or_calculations")
    payload = [{**dict(zip(names, row, strict=True)), "field_label": row[0]} for row in rows]
    assert project.post("metadata", data=json.dumps(payload)).text == "6"
    return project


def columns(project: Project, **parameters: object) -> list[str]:
    return [row["export_field_name"] for row in project.rows("exportFieldNames", **parameters)]


def test_a_row_has_three_columns_of_text(project: Project) -> None:
    assert project.rows("exportFieldNames") == [
        {
            "original_field_name": "record_id",
            "choice_value": "",
            "export_field_name": "record_id",
        },
        {
            "original_field_name": "form_1_complete",
            "choice_value": "",
            "export_field_name": "form_1_complete",
        },
    ]


def test_columns_stand_in_order_with_each_status_after_its_form(fields: Project) -> None:
    assert columns(fields) == [
        "record_id",
        "race___1",
        "race____4",
        "race___ab",
        "intake_complete",
        "sum",
        "sex",
        "visit_complete",
    ]


def test_a_checkbox_has_a_row_per_choice_with_its_code(fields: Project) -> None:
    rows = fields.rows("exportFieldNames", field="race")
    assert [(row["original_field_name"], row["choice_value"]) for row in rows] == [
        ("race", "1"),
        ("race", "-4"),
        ("race", "AB"),
    ]


def test_other_fields_with_choices_have_one_row_without_a_code(fields: Project) -> None:
    assert fields.rows("exportFieldNames", field="sex") == [
        {"original_field_name": "sex", "choice_value": "", "export_field_name": "sex"}
    ]


@pytest.mark.parametrize("name", ["scan", "hello", "nothing"])
def test_a_field_without_a_column_is_refused(fields: Project, name: str) -> None:
    response = fields.post("exportFieldNames", field=name)
    assert response.status_code == 400
    assert name in response.text


def test_csv_has_the_same_columns(project: Project) -> None:
    assert project.post("exportFieldNames", format="csv").text == (
        "original_field_name,choice_value,export_field_name\n"
        "record_id,,record_id\n"
        "form_1_complete,,form_1_complete\n"
    )
