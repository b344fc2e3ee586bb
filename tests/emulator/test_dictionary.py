import csv
import io
import json
from pathlib import Path

import pytest

from tests.emulator.conftest import MakeEmulator
from tests.emulator.designing import (
    RECORD_ID,
    Row,
    field,
    grant,
    last_log,
    put,
    records,
    refusal,
    send,
    sent,
    stored,
)
from tests.emulator.served import Project, new_project

COLUMNS = [
    "field_name", "form_name", "section_header", "field_type", "field_label",
    "select_choices_or_calculations", "field_note", "text_validation_type_or_show_slider_number",
    "text_validation_min", "text_validation_max", "identifier", "branching_logic",
    "required_field", "custom_alignment", "question_number", "matrix_group_name",
    "matrix_ranking", "field_annotation",
]  # fmt: skip
SEX = field("sex", "demographics", "radio", select_choices_or_calculations="1, Female | 2, Male")
RACE = field("race", "demographics", "checkbox", select_choices_or_calculations="1, A | 2, B")
WEIGHT = field("weight", "vitals")
STUDY = [RECORD_ID, SEX, RACE, WEIGHT]
RESPONSES = Path(__file__).parents[3] / "shared" / "corpus" / "responses"
RECORDED = (
    "IUREDCap__phpcap-longitudinal-metadata.csv",
    "NUARIG__redcap2omop-test-dictionary.json",
    "agdamsbo__example-project-metadata.json",
    "vanderbilt-redcap__flight-tracker-signup.json",
)


@pytest.fixture
def study(project: Project) -> Project:
    """Return a classic project with the forms form_1, demographics and vitals."""
    sent(project, "metadata", STUDY)
    return project


def names(project: Project) -> list[str]:
    return [row["field_name"] for row in project.rows("metadata")]


def labels(project: Project) -> dict[str, str]:
    rows = project.rows("instrument")
    return {row["instrument_name"]: row["instrument_label"] for row in rows}


def cell(project: Project, name: str, column: str) -> str:
    rows = project.rows("metadata", fields=[name])
    return str(rows[0][column])


def test_export_has_18_columns_of_text_in_order(project: Project) -> None:
    (row,) = project.rows("metadata")
    assert list(row) == COLUMNS
    assert all(isinstance(value, str) for value in row.values())


def test_the_status_fields_are_not_in_the_dictionary(study: Project) -> None:
    assert names(study) == ["record_id", "sex", "race", "weight"]


def test_import_replaces_the_dictionary_and_answers_its_fields(study: Project) -> None:
    assert sent(study, "metadata", STUDY[:2]) == 2
    assert names(study) == ["record_id", "sex"]
    assert sent(study, "metadata", STUDY) == 4
    assert names(study) == ["record_id", "sex", "race", "weight"]


def test_a_dictionary_of_the_record_id_alone_is_taken(study: Project) -> None:
    assert sent(study, "metadata", [RECORD_ID]) == 1
    assert list(labels(study)) == ["form_1"]


@pytest.mark.parametrize("format_", ["csv", "json", "xml"])
def test_what_is_exported_can_be_imported_as_it_is(study: Project, format_: str) -> None:
    label = 'He said "<b>yes</b> & no", ü\nline two'
    sent(study, "metadata", [*STUDY, {**WEIGHT, "field_name": "odd", "field_label": label}])
    before = study.rows("metadata")
    text = study.post("metadata", format=format_).content.decode()
    assert study.post("metadata", "import", format=format_, data=text).text == "5"
    assert study.rows("metadata") == before


def test_data_alone_selects_the_import(project: Project) -> None:
    assert project.post("metadata", data=json.dumps(STUDY)).text == "4"


@pytest.mark.corpus
@pytest.mark.parametrize("name", RECORDED)
def test_recorded_dictionaries_come_back_unchanged(project: Project, name: str) -> None:
    path = RESPONSES / name
    if not path.exists():
        pytest.skip("the corpus is not beside the project")
    text = path.read_text("utf-8-sig")
    rows = json.loads(text) if path.suffix == ".json" else list(csv.DictReader(io.StringIO(text)))
    assert project.post("metadata", "import", data=json.dumps(rows)).text == str(len(rows))
    assert project.rows("metadata") == rows


def test_absent_optional_columns_are_empty(study: Project) -> None:
    assert [cell(study, "weight", column) for column in COLUMNS[5:]] == [""] * 13


def test_unknown_columns_are_ignored(project: Project) -> None:
    assert sent(project, "metadata", [{**RECORD_ID, "colour": "red"}]) == 1


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"fields": ["weight", "record_id"]}, ["record_id", "weight"]),
        ({"forms": ["vitals", "demographics"]}, ["sex", "race", "weight"]),
        ({"forms": ["vitals"], "fields": ["sex"]}, ["sex", "weight"]),
        ({"fields": ["nothing"]}, []),
        ({"fields": [""]}, ["record_id", "sex", "race", "weight"]),
    ],
)
def test_filters_are_a_union_in_dictionary_order(
    study: Project, filters: dict[str, list[str]], expected: list[str]
) -> None:
    assert [row["field_name"] for row in study.rows("metadata", **filters)] == expected


def test_forms_are_ordered_by_first_appearance(study: Project) -> None:
    sent(study, "metadata", [RECORD_ID, WEIGHT, SEX, RACE])
    assert list(labels(study)) == ["form_1", "vitals", "demographics"]


def test_a_new_form_is_labelled_in_title_case(project: Project) -> None:
    sent(project, "metadata", [RECORD_ID, field("event_term", "adverse_event_log")])
    assert labels(project)["adverse_event_log"] == "Adverse Event Log"


def relabelled(project: Project) -> Project:
    sent(project, "metadata", STUDY)
    with project.emulator.store.transaction() as db:
        db.execute("UPDATE forms SET label = 'Vital signs' WHERE form_name = 'vitals'")
    sent(project, "metadata", STUDY)
    return project


def test_a_reimport_keeps_the_label_of_a_form(project: Project) -> None:
    assert labels(relabelled(project))["vitals"] == "Vital signs"


def test_a_reimport_resets_the_label_of_a_form_by_switch(make_emulator: MakeEmulator) -> None:
    project = new_project(make_emulator(instrument_label_on_reimport="reset"))
    assert labels(relabelled(project))["vitals"] == "Vitals"


def test_removed_fields_lose_their_data(study: Project) -> None:
    put(study, "1", "weight", "80")
    put(study, "1", "sex", "1")
    sent(study, "metadata", STUDY[:3])
    assert (stored(study, "weight"), stored(study, "sex")) == ([], ["1"])


def test_removed_checkbox_choices_lose_their_ticks(study: Project) -> None:
    put(study, "1", "race", "1")
    put(study, "1", "race", "2")
    sent(study, "metadata", [RECORD_ID, {**RACE, "select_choices_or_calculations": "2, B"}])
    assert stored(study, "race") == ["2"]


def test_removed_radio_choices_stay_stored(study: Project) -> None:
    put(study, "1", "sex", "2")
    sent(study, "metadata", [RECORD_ID, {**SEX, "select_choices_or_calculations": "1, Female"}])
    assert stored(study, "sex") == ["2"]


def test_a_radio_that_becomes_a_checkbox_keeps_values_that_are_choices(study: Project) -> None:
    put(study, "1", "sex", "2")
    put(study, "2", "sex", "9")
    sent(study, "metadata", [RECORD_ID, {**SEX, "field_type": "checkbox"}])
    assert stored(study, "sex") == ["2"]


def test_a_checkbox_that_becomes_a_radio_loses_its_ticks(study: Project) -> None:
    put(study, "1", "race", "1")
    put(study, "1", "race", "2")
    sent(study, "metadata", [RECORD_ID, {**RACE, "field_type": "radio"}])
    assert stored(study, "race") == []


def test_a_field_moved_to_another_form_keeps_its_data(study: Project) -> None:
    put(study, "1", "weight", "80")
    sent(study, "metadata", [*STUDY[:3], {**WEIGHT, "form_name": "demographics"}])
    assert stored(study, "weight") == ["80"]


def test_a_removed_form_loses_status_designations_and_repeats_and_hides_instances(
    longitudinal: Project,
) -> None:
    sent(longitudinal, "metadata", STUDY)
    pairs: list[Row] = [
        {"unique_event_name": "event_1_arm_1", "form": form} for form in ("form_1", "vitals")
    ]
    sent(longitudinal, "formEventMapping", pairs)
    repeat: Row = {"event_name": "event_1_arm_1", "form_name": "vitals"}
    sent(longitudinal, "repeatingFormsEvents", [repeat])
    put(longitudinal, "1", "weight", "80", form="vitals", instance=2)
    put(longitudinal, "1", "vitals_complete", "2", form="vitals", instance=2)
    sent(longitudinal, "metadata", [*STUDY[:3], {**WEIGHT, "form_name": "demographics"}])
    assert [row["form"] for row in longitudinal.rows("formEventMapping")] == ["form_1"]
    assert "cannot export repeating" in refusal(longitudinal.post("repeatingFormsEvents"))
    assert stored(longitudinal, "vitals_complete") == []
    # the field moved, and its data with it; no row shows what was the second instance
    assert stored(longitudinal, "weight") == ["80"]
    assert [row["weight"] for row in longitudinal.rows("record")] == [""]


def test_another_record_id_field_loses_every_record(study: Project) -> None:
    put(study, "1", "weight", "80")
    sent(study, "metadata", [field("study_id"), *STUDY])
    assert (records(study), stored(study, "weight")) == ([], [])


def test_the_same_record_id_field_keeps_the_records(study: Project) -> None:
    put(study, "1", "weight", "80")
    sent(study, "metadata", [RECORD_ID, WEIGHT])
    assert (records(study), stored(study, "weight")) == (["1"], ["80"])


def test_in_a_longitudinal_project_a_new_form_is_on_no_event(longitudinal: Project) -> None:
    before = longitudinal.rows("formEventMapping")
    sent(longitudinal, "metadata", STUDY)
    assert longitudinal.rows("formEventMapping") == before


def test_forms_of_a_classic_project_are_on_its_event_once_longitudinal(study: Project) -> None:
    sent(study, "event", [{"event_name": "Event 2", "arm_num": 1}])
    sent(study, "project_settings", [{"is_longitudinal": 1}])
    found = [(row["unique_event_name"], row["form"]) for row in study.rows("formEventMapping")]
    assert found == [("event_1_arm_1", form) for form in ("form_1", "demographics", "vitals")]


def forms_of(project: Project, username: str) -> dict[str, int]:
    """Return what Export Users tells of somebody's form rights, as the creator sees it."""
    rows = {row["username"]: row for row in project.rows("user")}
    levels: dict[str, int] = rows[username]["forms"]
    return levels


def test_whoever_imports_a_new_form_may_use_it_and_others_may_not(project: Project) -> None:
    project.of("akim")
    sent(project, "metadata", STUDY)
    assert forms_of(project, "jdoe")["vitals"] == 130
    assert forms_of(project, "akim")["vitals"] == 128
    exports = {row["username"]: row["forms_export"] for row in project.rows("user")}
    assert (exports["jdoe"]["vitals"], exports["akim"]["vitals"]) == (1, 0)


def test_a_member_gets_access_to_the_new_form_through_the_role(project: Project) -> None:
    rights: Row = {"design": 1, "user_rights": 1, "api_import": 1, "api_export": 1}
    sent(project, "userRole", [{"role_label": "Builder", **rights}])
    role = project.rows("userRole")[0]["unique_role_name"]
    sent(project, "userRoleMapping", [{"username": "jdoe", "unique_role_name": role}])
    sent(project, "metadata", STUDY)
    assert project.rows("userRole")[0]["forms"]["vitals"] == 130


def test_a_form_that_went_and_came_back_is_closed_to_others(study: Project) -> None:
    study.of("akim")
    sent(study, "user", [{"username": "akim", "forms": {"vitals": 1}}])
    assert forms_of(study, "akim")["vitals"] == 130
    sent(study, "metadata", STUDY[:3])
    sent(study, "metadata", STUDY)
    assert forms_of(study, "akim")["vitals"] == 128


def test_import_needs_the_design_right(project: Project) -> None:
    seen = grant(project, "akim", api_import=1)
    assert "'Project Design and Setup'" in refusal(send(seen, "metadata", STUDY))


def test_export_needs_the_api_right(project: Project) -> None:
    seen = grant(project, "akim", design=1)
    assert refusal(seen.post("metadata"), 403) == "You do not have permissions to use the API"


@pytest.mark.parametrize("status", ["production", "analysis"])
@pytest.mark.parametrize("switch", ["refuse", "allow"])
def test_import_is_refused_outside_development(
    make_emulator: MakeEmulator, status: str, switch: str
) -> None:
    project = new_project(make_emulator(production_additive_writes=switch))
    project.status(status)
    assert status in refusal(send(project, "metadata", STUDY))
    assert names(project) == ["record_id"]


def test_the_import_is_logged(study: Project) -> None:
    assert last_log(study) == ("Manage/Design ", "Import metadata (API)")
