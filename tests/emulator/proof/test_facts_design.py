"""Recorded behaviour of the other design methods, fact by fact, over HTTP."""

from __future__ import annotations

import json

import pytest

from redcap_iac.emulator.server import Emulator
from tests.emulator.conftest import MakeEmulator
from tests.emulator.designing import field, put
from tests.emulator.proof.designs import (
    number_of,
)
from tests.emulator.served import Project, new_longitudinal, new_project, post


def test_what_repeats_is_answered_in_plain_csv(project: Project) -> None:
    rows = [field("record_id"), *(field(name, "weight") for name in ("weight_date", "weight_time"))]
    number_of(project, "metadata", *rows)
    label = "[weight_date] [weight_time]"
    number_of(project, "repeatingFormsEvents", {"form_name": "weight", "custom_form_label": label})
    answered = project.post("repeatingFormsEvents", format="csv").text
    assert answered == f"form_name,custom_form_label\nweight,{label}\n"


def test_a_repeating_event_has_an_empty_form(longitudinal: Project) -> None:
    row = {"event_name": "event_1_arm_1", "form_name": "", "custom_form_label": ""}
    assert number_of(longitudinal, "repeatingFormsEvents", row) == 1
    assert longitudinal.rows("repeatingFormsEvents") == [row]


def test_what_repeats_is_replaced_and_the_feature_follows(project: Project) -> None:
    assert number_of(project, "repeatingFormsEvents", {"form_name": "form_1"}) == 1
    switched = "has_repeating_instruments_or_events"
    assert project.rows("project")[switched] == 1
    number_of(project, "project_settings", {switched: 0})
    assert project.rows("project")[switched] == 1
    header = "form_name,custom_form_label\n"
    answer = project.post("repeatingFormsEvents", "import", format="csv", data=header)
    assert answer.text == "0"
    assert project.rows("project")[switched] == 0


def test_instances_stay_stored_when_repeating_ends(project: Project) -> None:
    number_of(project, "metadata", field("record_id"), field("x"))
    number_of(project, "repeatingFormsEvents", {"form_name": "form_1"})
    for instance in (1, 2):
        put(project, "1", "x", "y", form="form_1", instance=instance)
    header = "form_name,custom_form_label\n"
    project.post("repeatingFormsEvents", "import", format="csv", data=header)
    assert len(project.rows("record")) == 1
    number_of(project, "repeatingFormsEvents", {"form_name": "form_1"})
    assert [row["redcap_repeat_instance"] for row in project.rows("record")] == [1, 2]


def test_settings_count_what_is_sent_changed_or_not(project: Project) -> None:
    two = {"project_notes": "Some", "surveys_enabled": 0}
    assert [number_of(project, "project_settings", two) for _ in range(2)] == [2, 2]


@pytest.mark.parametrize(("version", "count"), [("15.8.1", 18), ("15.8.2", 19)])
def test_a_whole_export_sent_back_counts_the_attributes_that_can_be_set(
    make_emulator: MakeEmulator, version: str, count: int
) -> None:
    project = new_project(make_emulator(version))
    assert number_of(project, "project_settings", project.rows("project")) == count


def test_values_of_settings_are_hardly_checked(project: Project) -> None:
    row = {"purpose": "text", "secondary_unique_field": "no_such_field"}
    assert number_of(project, "project_settings", row) == 2


def test_information_is_one_object_or_one_line(project: Project) -> None:
    assert isinstance(project.rows("project"), dict)
    assert project.post("project", format="csv").text.count("\n") == 2


def test_attributes_grow_with_the_version(make_emulator: MakeEmulator) -> None:
    assert "project_pi_email" not in new_project(make_emulator("15.8.1")).rows("project")
    assert "project_pi_email" in new_project(make_emulator("15.8.2")).rows("project")


@pytest.mark.parametrize(
    ("form", "data"),
    [
        ("json", '[{"project_title": "T", "purpose": 0}]'),
        ("csv", "project_title,purpose\nT,0\n"),
        ("xml", "<item><project_title>T</project_title><purpose>0</purpose></item>"),
    ],
)
def test_a_new_project_is_answered_with_its_token_as_bare_text(
    emulator: Emulator, form: str, data: str
) -> None:
    asked = {"token": emulator.super_token, "content": "project", "format": form, "data": data}
    answer = post(emulator, asked)
    assert len(answer.text) == 32
    assert set(answer.text) <= set("0123456789ABCDEF")
    shown = post(emulator, {"token": answer.text, "content": "project", "format": "json"}).json()
    assert shown["project_title"] == "T"


def test_the_version_is_bare_text_for_a_super_token_too(project: Project) -> None:
    assert project.post("version").text == "16.1.3"
    asked = {"token": project.emulator.super_token, "content": "version"}
    assert post(project.emulator, asked).text == "16.1.3"


def test_a_dictionary_is_replaced_and_dropped_fields_lose_their_data(project: Project) -> None:
    rows = [field("record_id"), *(field(f"f{number}") for number in range(14))]
    assert number_of(project, "metadata", *rows) == 15
    put(project, "1", "f13", "kept?")
    assert number_of(project, "metadata", *rows[:-1]) == 14
    assert len(project.rows("metadata")) == 14
    assert number_of(project, "metadata", *rows) == 15
    assert [row["f13"] for row in project.rows("record")] in ([], [""])


def test_a_dictionary_of_the_record_id_alone_is_taken(project: Project) -> None:
    number_of(project, "metadata", field("record_id"), field("other"))
    assert number_of(project, "metadata", field("record_id")) == 1
    assert [row["field_name"] for row in project.rows("metadata")] == ["record_id"]


def test_instruments_come_in_the_order_of_first_appearance(project: Project) -> None:
    number_of(project, "metadata", field("record_id", "phq9"), field("x", "adverse_event_log"))
    assert project.rows("instrument") == [
        {"instrument_name": "phq9", "instrument_label": "Phq9"},
        {"instrument_name": "adverse_event_log", "instrument_label": "Adverse Event Log"},
    ]


def test_the_dictionary_has_no_status_fields_and_no_nulls(project: Project) -> None:
    rows = project.rows("metadata")
    assert all(value is not None for row in rows for value in row.values())
    assert "form_1_complete" not in [row["field_name"] for row in rows]


def test_filters_keep_the_order_of_the_dictionary(project: Project) -> None:
    number_of(project, "metadata", field("record_id"), field("x", "a"), field("y", "b"))
    for asked in ({"fields": ["y", "record_id"]}, {"forms": ["b", "form_1"]}):
        answered = [row["field_name"] for row in project.rows("metadata", **asked)]
        assert answered == ["record_id", "y"]


KEPT = (
    {"select_choices_or_calculations": "0, Female|1, Male"},
    {"select_choices_or_calculations": "0, Female | 1, Male"},
    {"select_choices_or_calculations": "2, x| 3, y"},
    {"select_choices_or_calculations": "Mr. | Mrs."},
    {"select_choices_or_calculations": "1, Paris, France | 9..9, Other"},
    {"field_annotation": " @DEFAULT='1'"},
    {"field_label": "Integer "},
    {"section_header": " "},
    {"field_label": '<div class="rich-text-field-label"><p>Age</p></div>'},
    {"custom_alignment": "RH"},
)


@pytest.mark.parametrize("cells", KEPT, ids=lambda cells: next(iter(cells.values())))
def test_cells_are_given_back_as_stored(project: Project, cells: dict[str, str]) -> None:
    base = {"select_choices_or_calculations": "1, One"}
    row = field("x", kind="radio", **{**base, **cells})
    number_of(project, "metadata", field("record_id"), row)
    answered = project.rows("metadata")[1]
    assert {name: answered[name] for name in cells} == cells


@pytest.mark.parametrize(("low", "high"), [("0.0", "1.5"), ("0,0", "1,5")])
def test_limits_stay_text(project: Project, low: str, high: str) -> None:
    limits = {"text_validation_min": low, "text_validation_max": high}
    kind = "number" if "." in low else "number_comma_decimal"
    number = {"text_validation_type_or_show_slider_number": kind}
    number_of(project, "metadata", field("record_id"), field("x", **number, **limits))
    answered = project.rows("metadata")[1]
    assert {name: answered[name] for name in limits} == limits


@pytest.mark.parametrize(
    ("alias", "name"),
    [
        ("int", "integer"),
        ("float", "number"),
        ("date", "date_ymd"),
        ("datetime", "datetime_ymd"),
        ("datetime_seconds", "datetime_seconds_ymd"),
    ],
)
def test_old_names_of_validations_are_exported_by_their_new_ones(
    project: Project, alias: str, name: str
) -> None:
    kind = {"text_validation_type_or_show_slider_number": alias}
    number_of(project, "metadata", field("record_id"), field("x", **kind))
    column = "text_validation_type_or_show_slider_number"
    assert project.rows("metadata")[1][column] == name


def test_export_names_have_a_row_per_choice_and_the_status_last(project: Project) -> None:
    choices = {"select_choices_or_calculations": "1, One | -4, Minus | A.b, Letters"}
    number_of(
        project,
        "metadata",
        field("record_id"),
        field("race", kind="checkbox", **choices),
        field("photo", kind="file"),
        field("hint", kind="descriptive"),
        field("bmi", kind="calc", select_choices_or_calculations="1+1"),
    )
    answered = project.rows("exportFieldNames")
    assert [row["export_field_name"] for row in answered] == [
        "record_id",
        "race___1",
        "race____4",
        "race___a_b",
        "bmi",
        "form_1_complete",
    ]
    assert [row["choice_value"] for row in answered] == ["", "1", "-4", "A.b", "", ""]


def test_an_empty_list_is_a_header_line_with_status_200(longitudinal: Project) -> None:
    number_of(longitudinal, "arm", {"arm_num": 2, "name": "Arm 2"})
    for content, header in (
        ("dag", "data_access_group_name,unique_group_name,data_access_group_id\n"),
        ("formEventMapping", "arm_num,unique_event_name,form\n"),
    ):
        answer = longitudinal.post(content, format="csv", arms=["2"])
        assert (answer.status_code, answer.text) == (200, header)


def test_the_pdf_carries_the_type_of_a_page(project: Project) -> None:
    assert project.post("pdf").headers["Content-Type"] == "text/html; charset=UTF-8"


def test_design_calls_are_logged_with_a_trailing_blank_newest_first(project: Project) -> None:
    number_of(project, "dag", {"data_access_group_name": "A group"})
    project.rows("dag")
    entries = project.rows("log")
    assert list(entries[0]) == ["timestamp", "username", "action", "details", "record"]
    shown = [(row["action"], row["details"]) for row in entries[:2]]
    assert shown == [
        ("Manage/Design ", "Export DAGs (API)"),
        ("Manage/Design ", "Import DAGs (API)"),
    ]
    assert entries[0]["timestamp"] == "2026-03-14 15:09"


def test_un_designating_in_production_is_refused_in_the_words_of_the_page(
    make_emulator: MakeEmulator,
) -> None:
    project = new_longitudinal(make_emulator(production_additive_writes="allow"))
    project.status("production")
    row = {"arm_num": 1, "unique_event_name": "event_2_arm_1", "form": "form_1"}
    answer = project.post("formEventMapping", "import", data=json.dumps([row]))
    assert answer.json()["error"] == (
        "Since the project is in production, you are not permitted to un-designate an instrument"
    )


def test_metadata_in_production_is_refused(project: Project) -> None:
    project.status("production")
    answer = project.post("metadata", "import", data=json.dumps([field("record_id")]))
    assert answer.status_code == 400
    assert project.rows("project")["in_production"] == 1
