"""Every recorded refusal of what an import brings, in REDCap's words."""

from __future__ import annotations

import pytest

from redcap_iac.emulator.server import Emulator
from tests.emulator.access import accept, make_role
from tests.emulator.proof.refusals import FORMATS, create, envelope, importing
from tests.emulator.served import Project, new_longitudinal, new_project


@pytest.mark.parametrize("form", FORMATS)
def test_unknown_instruments_of_roles_are_one_sentence_each(project: Project, form: str) -> None:
    role = make_role(project, "A role")
    row = {"unique_role_name": role, "role_label": "A role", "forms": {"x": 1, "y": 1}}
    answer = importing("userRole", row)(project, form)
    sentence = (
        'The form named "{}" is incorrect for the user role "{}" The form does not exist in this'
        " project."
    )
    assert answer.status_code == 400
    expected = [sentence.format(name, role) for name in ("x", "y")]
    assert answer.text == envelope("\n".join(expected), form)


def test_unknown_roles_are_named_together_after_their_instruments(project: Project) -> None:
    rows = [{"unique_role_name": name, "role_label": name, "forms": {"x": 1}} for name in "AB"]
    text = importing("userRole", *rows)(project, "json").json()["error"]
    first, second, last = text.split("\n")
    assert first.startswith('The form named "x" is incorrect for the user role "A"')
    assert second.startswith('The form named "x" is incorrect for the user role "B"')
    assert last == "Invalid Unique Role Names: A, B"


@pytest.mark.parametrize("form", FORMATS)
def test_an_unknown_event_that_repeats_is_named(project: Project, form: str) -> None:
    row = {"event_name": "event_9_arm_1", "form_name": "form_1"}
    answer = importing("repeatingFormsEvents", row)(project, form)
    assert answer.status_code == 400
    assert "event 'event_9_arm_1' is not available in project" in answer.text


def test_a_project_needs_a_title(emulator: Emulator) -> None:
    answer = create(emulator, "json", {"no_such_column": "x"})
    assert answer.status_code == 400
    assert answer.json().keys() == {"error"}


def test_faults_of_one_import_come_together_and_nothing_is_written(emulator: Emulator) -> None:
    project = new_project(emulator)
    rows = [{"field_name": name, "form_name": "", "field_type": "text"} for name in ("a", "a")]
    text = importing("metadata", *rows)(project, "json").json()["error"]
    assert "were duplicated" in text
    assert "B2, B3" in text
    assert [row["field_name"] for row in project.rows("metadata")] == ["record_id"]


DUPLICATED = (
    "The following variable/field names were duplicated. Please rename these field names so that"
    " they only appear once."
)
NO_FORM = "Each row MUST have a form name, but the following cells have a form name missing: "
APART = (
    "Form names must be sequential and cannot repeat again after being used for another form."
    " Rename the following form names"
)
TYPES = (
    "The only valid field types are text, notes, radio, dropdown, calc, file, checkbox, yesno,"
    " truefalse, descriptive, slider and must all"
)
#: Rows as (field, form, type), and what the refusal says.
DICTIONARY_FAULTS = (
    ([("demographics", "a", "text")] * 2, (DUPLICATED, "demographics (A3)")),
    ([("a", "", "text"), ("b", "form_1", "text"), ("c", "", "text")], (f"{NO_FORM}B2, B4",)),
    ([("a", "one", "text"), ("b", "two", "text"), ("c", "one", "text")], (APART, "(B4)")),
    ([("a", "one", "text"), ("b", "one", "textbox")], (TYPES,)),
)


@pytest.mark.parametrize(("rows", "texts"), DICTIONARY_FAULTS)
def test_a_dictionary_with_faults_is_refused_in_recorded_words(
    project: Project, rows: list[tuple[str, str, str]], texts: tuple[str, ...]
) -> None:
    columns = ("field_name", "form_name", "field_type")
    sent = [dict(zip(columns, row, strict=True)) | {"field_label": "A label"} for row in rows]
    answer = importing("metadata", *sent)(project, "json")
    assert answer.status_code == 400
    for text in texts:
        assert text in answer.json()["error"]


def test_branching_that_names_no_field_is_refused_with_its_cell(project: Project) -> None:
    row = {"field_name": "record_id", "form_name": "form_1", "field_type": "text"}
    other = {**row, "field_name": "a", "branching_logic": "[psmse_physamb] = '1'"}
    text = importing("metadata", row, other)(project, "json").json()["error"]
    assert text.startswith(
        "There are variables used in the branching logic that are not listed as real variables in"
        " column A. All variables used in branching logic must exist in column A. Below are the"
        " variables not found in column A."
    )
    assert "psmse_physamb (L3)" in text


def test_a_value_that_does_not_validate_is_a_line_of_csv(project: Project) -> None:
    row = {"field_name": "record_id", "form_name": "form_1", "field_type": "text"}
    kind = {"text_validation_type_or_show_slider_number": "date_ymd"}
    accept(project, "metadata", row, {**row, "field_name": "dob", **kind})
    answer = importing("record", {"record_id": "1", "dob": "never"})(project, "json")
    assert answer.status_code == 400
    assert answer.json()["error"] == (
        '"1","dob","never","The value you provided could not be validated because it does not'
        ' follow the expected format."'
    )


def test_data_of_an_instrument_that_is_not_designated_are_refused(emulator: Emulator) -> None:
    project = new_longitudinal(emulator)
    row = {"field_name": "record_id", "form_name": "form_1", "field_type": "text"}
    accept(project, "metadata", row, {**row, "field_name": "x", "form_name": "form_2"})
    data = {"record_id": "1", "redcap_event_name": "event_2_arm_1", "x": "1"}
    text = importing("record", data)(project, "json").json()["error"]
    assert (
        "This field ('x') exists on an instrument that is not designated for the event named"
        " 'Event 2 (Arm 1: Arm 1)'. You are not allowed to import data for this field into this"
        " event."
    ) in text


@pytest.mark.parametrize(
    ("cells", "start"),
    [
        (
            {"redcap_repeat_instrument": "form_1", "redcap_repeat_instance": 2, "x": "1"},
            "redcap_repeat_instrument must be the unique form name of a Repeating Instrument",
        ),
        (
            {"redcap_repeat_instrument": "", "redcap_repeat_instance": 2, "x": "1"},
            "redcap_repeat_instance cannot have a value since this instrument or event is not",
        ),
        (
            {"redcap_repeat_instrument": "", "redcap_repeat_instance": "", "y": "1"},
            "This field ('y') exists on a Repeating Instrument named '",
        ),
    ],
)
def test_data_that_do_not_fit_what_repeats_are_refused(
    project: Project, cells: dict[str, object], start: str
) -> None:
    row = {"field_name": "record_id", "form_name": "form_1", "field_type": "text"}
    again = {**row, "field_name": "y", "form_name": "form_2"}
    accept(project, "metadata", row, {**row, "field_name": "x"}, again)
    accept(project, "repeatingFormsEvents", {"form_name": "form_2", "custom_form_label": ""})
    answer = importing("record", {"record_id": "1", **cells})(project, "json")
    assert answer.status_code == 400
    assert start in answer.json()["error"]
