"""Recorded behaviour of records, fact by fact, over HTTP."""

from __future__ import annotations

import json
from typing import Any

import pytest

from redcap_iac.emulator import admin
from redcap_iac.emulator.server import Emulator
from tests.emulator.access import accept, add_record, make_dags
from tests.emulator.odm import building
from tests.emulator.odm.creating import created
from tests.emulator.served import Project
from tests.emulator.studies import classic, repeating, trial

FORMATS = ("csv", "json", "xml")
HEAD = '<?xml version="1.0" encoding="UTF-8" ?>'
PEOPLE = [
    {"record_id": "1", "name": "Ada", "race___1": "1", "sex": "0"},
    {"record_id": "2", "name": "Ben", "sex": "1"},
    {"record_id": "5", "name": "Cyd"},
]


def write(project: Project, *rows: dict[str, Any], **parameters: object) -> Any:  # noqa: ANN401
    answer = project.post("record", "import", data=json.dumps(rows), **parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture
def study(emulator: Emulator) -> Project:
    """A classic project with three records, whose creator may delete and rename them."""
    project = classic(emulator)
    accept(project, "user", {"username": "jdoe", "record_delete": 1, "record_rename": 1})
    write(project, *PEOPLE)
    return project


@pytest.mark.parametrize(
    ("form", "body"),
    [("json", '{"count": 3}'), ("csv", "3"), ("xml", f"{HEAD}<count>3</count>")],
)
def test_an_import_counts_records_in_the_recorded_envelopes(
    study: Project, form: str, body: str
) -> None:
    answer = study.post("record", "import", data=json.dumps(PEOPLE), returnFormat=form)
    assert answer.text == body


@pytest.mark.parametrize("form", FORMATS)
def test_deletes_and_renames_answer_a_bare_number(study: Project, form: str) -> None:
    renamed = study.post("record", "rename", record="1", new_record_name="9", returnFormat=form)
    assert renamed.text == "1"
    assert study.post("record", "delete", records=["2", "9"], returnFormat=form).text == "2"


def test_an_import_may_answer_the_names_or_nothing(study: Project) -> None:
    assert write(study, *PEOPLE, returnContent="ids") == ["1", "2", "5"]
    sent = json.dumps(PEOPLE)
    assert study.post("record", "import", data=sent, returnContent="nothing").text in ("", "[]")


def test_automatic_names_are_told_as_new_and_old(study: Project) -> None:
    row = {"record_id": "1101", "name": "Dee"}
    answer = write(study, row, forceAutoNumber="true", returnContent="auto_ids")
    assert answer == ["6,1101"]


def test_a_single_object_is_no_list_and_counts_nothing(study: Project) -> None:
    answer = study.post("record", "import", data=json.dumps({"record_id": "7", "name": "Eve"}))
    assert answer.json() == {"count": 0}


def test_an_unknown_field_is_refused(study: Project) -> None:
    rows = json.dumps([{"record_id": "1", "no_such_field": "1"}])
    answer = study.post("record", "import", data=rows)
    assert answer.status_code == 400
    assert "no_such_field" in answer.json()["error"]


def test_one_field_alone_is_one_column(study: Project) -> None:
    assert study.rows("record", fields=["sex"], records=["1"]) == [{"sex": "0"}]


def test_one_form_brings_its_status_and_no_record_id(study: Project) -> None:
    (row, *_) = study.rows("record", forms=["vitals"])
    assert list(row) == ["height", "weight", "bmi", "vitals_complete"]


def test_filters_of_no_length_are_no_filters(study: Project) -> None:
    assert study.rows("record", **{"records[0]": "", "fields[0]": ""}) == study.rows("record")


def test_an_unknown_record_is_an_empty_list(study: Project) -> None:
    assert study.rows("record", records=["99"]) == []


def test_no_record_is_a_blank_body_in_csv(study: Project) -> None:
    answer = study.post("record", format="csv", records=["99"])
    assert (answer.status_code, answer.text.strip()) == (200, "")


def test_an_untouched_status_is_blank_or_0(study: Project) -> None:
    shown = study.rows("record", fields=["record_id", "vitals_complete"])
    blank = study.rows(
        "record", fields=["record_id", "vitals_complete"], exportBlankForGrayFormStatus="true"
    )
    assert {row["vitals_complete"] for row in shown} == {"0"}
    assert {row["vitals_complete"] for row in blank} == {""}
    assert len(shown) == len(blank)


def test_labels_of_checkboxes_come_in_two_ways(study: Project) -> None:
    asked = {"rawOrLabel": "label", "fields": ["race"], "records": ["1"]}
    (plain,) = study.rows("record", **asked)
    (labelled,) = study.rows("record", **asked, exportCheckboxLabel="true")
    assert (plain["race___1"], plain["race___2"]) == ("Checked", "Unchecked")
    assert (labelled["race___1"], labelled["race___2"]) == ("White", "")


def test_a_group_is_shown_by_its_unique_name_and_moves_the_record(study: Project) -> None:
    make_dags(study, "Site A", "Site B")
    write(study, {"record_id": "1", "redcap_data_access_group": "site_a"})
    asked = {"fields": ["record_id"], "exportDataAccessGroups": "true"}
    assert study.rows("record", **asked)[0]["redcap_data_access_group"] == "site_a"
    write(study, {"record_id": "1", "redcap_data_access_group": "site_b"})
    assert study.rows("record", **asked)[0]["redcap_data_access_group"] == "site_b"


def test_a_user_in_a_group_sees_its_records_alone(study: Project) -> None:
    make_dags(study, "Site A")
    write(study, {"record_id": "2", "redcap_data_access_group": "site_a"})
    accept(study, "userDagMapping", {"username": "jdoe", "redcap_data_access_group": "site_a"})
    assert [row["record_id"] for row in study.rows("record")] == ["2"]


def test_deleting_an_event_leaves_the_rest_of_the_record(emulator: Emulator) -> None:
    project = trial(emulator, with_repeats=False)
    accept(project, "user", {"username": "jdoe", "record_delete": 1})
    events = ("baseline_arm_1", "week_4_arm_1")
    write(project, *({"record_id": "1", "redcap_event_name": e, "height": "1"} for e in events))
    assert project.post("record", "delete", records=["1"], event=events[1]).status_code == 200
    assert [row["redcap_event_name"] for row in project.rows("record")] == [events[0]]


def test_an_instrument_without_an_event_takes_the_whole_record(emulator: Emulator) -> None:
    project = trial(emulator, with_repeats=False)
    accept(project, "user", {"username": "jdoe", "record_delete": 1})
    write(project, {"record_id": "1", "redcap_event_name": "baseline_arm_1", "height": "1"})
    asked = {"records": ["1"], "instrument": "vitals", "repeat_instance": 1}
    assert project.post("record", "delete", **asked).text == "1"
    assert project.rows("record") == []


@pytest.mark.parametrize(("names", "following"), [(("1", "5"), "6"), (("304",), "305")])
def test_the_next_name_follows_the_highest_number(
    emulator: Emulator, names: tuple[str, ...], following: str
) -> None:
    project = classic(emulator)
    write(project, *({"record_id": name, "name": "A"} for name in names))
    assert project.post("generateNextRecordName").text == following


def test_the_next_name_of_names_that_are_no_numbers_is_1(emulator: Emulator) -> None:
    project = classic(emulator)
    write(project, {"record_id": "abc", "name": "A"})
    assert project.post("generateNextRecordName").text == "1"


def test_the_next_name_in_a_group_begins_with_its_number(project: Project) -> None:
    make_dags(project, "A group")
    number = project.rows("dag")[0]["data_access_group_id"]
    accept(project, "userDagMapping", {"username": "jdoe", "redcap_data_access_group": "a_group"})
    assert project.post("generateNextRecordName").text == f"{number}-1"


def test_one_row_per_value_leaves_empty_ones_out(study: Project) -> None:
    rows = study.rows("record", type="eav", records=["2"], fields=["record_id", "name", "sex"])
    assert rows == [
        {"record": "2", "field_name": "record_id", "value": "2"},
        {"record": "2", "field_name": "name", "value": "Ben"},
        {"record": "2", "field_name": "sex", "value": "1"},
    ]


def test_calculated_values_of_a_project_file_are_not_filled(emulator: Emulator) -> None:
    calc = 'redcap:FieldType="calc" redcap:Calculation="1+1"'
    data = building.subject("1", building.form_data("main", record_id="1", name="Ada"))
    document = building.simple(building.item("name"), building.item("two", calc), data=data)
    project = created(emulator, document)
    assert project.rows("record", fields=["name", "two"]) == [{"name": "Ada", "two": ""}]


def test_flat_rows_have_their_place_first(emulator: Emulator, study: Project) -> None:
    assert list(study.rows("record")[0])[:2] == ["record_id", "name"]
    again = repeating(emulator)
    write(again, {"record_id": "1", "name": "Ada"})
    columns = ["record_id", "redcap_repeat_instrument", "redcap_repeat_instance"]
    assert list(again.rows("record")[0])[:3] == columns
    both = trial(emulator)
    write(both, {"record_id": "1", "redcap_event_name": "baseline_arm_1", "name": "Ada"})
    columns.insert(1, "redcap_event_name")
    assert list(both.rows("record")[0])[:4] == columns


def test_values_are_text_but_for_the_instance(emulator: Emulator) -> None:
    project = repeating(emulator)
    write(project, {"record_id": "1", "name": "Ada"})
    place = {"redcap_repeat_instrument": "vitals", "redcap_repeat_instance": 1}
    write(project, {"record_id": "1", **place, "height": "2"})
    base, first = project.rows("record")
    assert (base["redcap_repeat_instance"], first["redcap_repeat_instance"]) == ("", 1)
    others = [cell for row in (base, first) for name, cell in row.items() if "instance" not in name]
    assert {type(cell) for cell in others} == {str}


def test_an_event_filter_of_a_classic_project_is_ignored(study: Project) -> None:
    assert study.rows("record", events=["event_1_arm_1"]) == study.rows("record")


def test_records_made_by_the_api_are_logged_with_their_name(study: Project) -> None:
    actions = [row["action"] for row in study.rows("log", logtype="record_add")]
    assert actions == [f"Create record (API) {name}" for name in ("5", "2", "1")]


def test_the_log_is_by_the_minute_newest_first(study: Project) -> None:
    study.rows("record")
    newest = study.rows("log")[0]
    assert newest["action"] == "Data Export (API) "
    assert newest["timestamp"] == "2026-03-14 15:09"


def test_a_group_that_holds_records_shows_in_the_next_name(project: Project) -> None:
    """Names of other groups do not count (recorded as `20-1`: group, then number)."""
    make_dags(project, "One", "Two")
    add_record(project, "one")
    emulator = project.emulator
    admin.dags(emulator.store, project.project_id, "jdoe", ["one", "two"])
    project.post("dag", "switch", dag="two")
    assert project.post("generateNextRecordName").text.endswith("-1")
