"""The design of a project made from a project file, part by part."""

from __future__ import annotations

import pytest

from redcap_iac.emulator.server import Emulator
from tests.emulator.conftest import MakeEmulator
from tests.emulator.odm.building import (
    RECORD_ID,
    codes,
    document,
    event,
    form,
    form_data,
    item,
    simple,
    subject,
    visit,
)
from tests.emulator.odm.creating import created, eav, exported
from tests.emulator.served import Project

MAIN = form("main", "record_id") + RECORD_ID
REFERENCE = '<CodeListRef CodeListOID="{}.choices"/>'


def field(project: Project, name: str) -> dict[str, str]:
    """Return the dictionary row of a field."""
    return next(row for row in project.rows("metadata") if row["field_name"] == name)


def test_title_and_purpose_come_from_the_call(emulator: Emulator) -> None:
    variables = "<redcap:Purpose>2</redcap:Purpose><redcap:SurveysEnabled>1</redcap:SurveysEnabled>"

    known = created(
        emulator, simple(variables=variables), project_title="Mine", purpose=4, surveys_enabled=0
    ).rows("project")

    assert (known["project_title"], known["purpose"], known["surveys_enabled"]) == ("Mine", 4, 1)


def test_nothing_of_the_seeds_is_left(emulator: Emulator) -> None:
    project = created(emulator, document(event("Screening", "main") + event("Exit") + MAIN))

    assert [row["instrument_name"] for row in project.rows("instrument")] == ["main"]
    assert [row["event_name"] for row in project.rows("event")] == ["Exit", "Screening"]


def test_the_creator_may_open_and_export_every_instrument(make_emulator: MakeEmulator) -> None:
    text = document(MAIN + form("other", "note") + item("note"))

    (user,) = created(make_emulator("15.5.0"), text).rows("user")

    assert user["forms"] == user["forms_export"] == {"main": 1, "other": 1}


def test_the_internal_names_of_types_are_those_of_the_dictionary(emulator: Emulator) -> None:
    """Recorded: textarea, select, int and float are notes, dropdown, integer and number."""
    note = item("note", 'redcap:FieldType="textarea"')
    pick = item("pick", 'redcap:FieldType="select"', REFERENCE.format("pick"))
    count = item("count", 'redcap:FieldType="text" redcap:TextValidationType="int"')
    dose = item("dose", 'redcap:FieldType="text" redcap:TextValidationType="float"')
    day = item("day", 'redcap:FieldType="text" redcap:TextValidationType="date"')
    lists = codes("pick", ("1", "One"), ("2", "Two"))

    project = created(emulator, simple(note, pick, count, dose, day, lists=lists))

    assert field(project, "note")["field_type"] == "notes"
    assert field(project, "pick")["field_type"] == "dropdown"
    kinds = [
        field(project, name)["text_validation_type_or_show_slider_number"]
        for name in ("count", "dose", "day")
    ]
    assert kinds == ["integer", "number", "date_ymd"]


def test_choices_are_joined_by_a_bare_bar(emulator: Emulator) -> None:
    """Recorded of projects made from a file; imported dictionaries keep their blanks."""
    sex = item("sex", 'redcap:FieldType="radio"', REFERENCE.format("sex"))

    project = created(emulator, simple(sex, lists=codes("sex", ("0", "Female"), ("1", "Male"))))

    assert field(project, "sex")["select_choices_or_calculations"] == "0, Female|1, Male"


def test_the_items_of_a_checkbox_are_one_field(emulator: Emulator) -> None:
    boxes = [
        item(oid, 'redcap:FieldType="checkbox"', REFERENCE.format(oid), of="race")
        for oid in ("race___a", "race____9")
    ]
    lists = "".join(codes(oid, boxes="A, One|-9, Two") for oid in ("race___a", "race____9"))
    data = subject("1", form_data("main", record_id="1", race___a="1", race____9="1"))

    project = created(emulator, simple(*boxes, lists=lists, data=data))

    row = field(project, "race")
    assert row["select_choices_or_calculations"] == "A, One|-9, Two"
    assert len(project.rows("metadata")) == 2
    assert eav(project) == [("1", "race", "A"), ("1", "race", "-9")]


def test_a_tick_of_a_choice_that_is_not_there_is_no_value(emulator: Emulator) -> None:
    box = item("race___z", 'redcap:FieldType="checkbox"', REFERENCE.format("race___z"), of="race")
    data = subject("1", form_data("main", record_id="1", race___z="1"))

    project = created(emulator, simple(box, lists=codes("race___z", boxes="1, One"), data=data))

    assert eav(project) == []


def test_the_formatted_label_is_the_label(emulator: Emulator) -> None:
    text = simple(item("note")).replace(
        "<TranslatedText>note</TranslatedText>",
        "<TranslatedText>Plain</TranslatedText><redcap:FormattedTranslatedText>"
        "&lt;b&gt;Plain&lt;/b&gt;</redcap:FormattedTranslatedText>",
    )

    assert field(created(emulator, text), "note")["field_label"] == "<b>Plain</b>"


def test_a_line_break_in_an_attribute_becomes_a_blank(emulator: Emulator) -> None:
    """Recorded: REDCap writes them raw, and XML makes blanks of them."""
    note = item("note", 'redcap:FieldType="text" redcap:FieldAnnotation="@HIDDEN\n@READONLY"')

    project = created(emulator, simple(note))

    assert field(project, "note")["field_annotation"] == "@HIDDEN @READONLY"


def test_columns_without_example_in_the_corpus_are_read(emulator: Emulator) -> None:
    note = item(
        "note",
        'redcap:FieldType="text" redcap:QuestionNumber="1a" redcap:MatrixGroupName="grid"'
        ' redcap:MatrixRanking="y"',
    )

    row = field(created(emulator, simple(note)), "note")

    assert (row["question_number"], row["matrix_group_name"]) == ("1a", "grid")
    assert row["matrix_ranking"] == "y"


def test_an_instrument_may_have_no_field(emulator: Emulator) -> None:
    rows = created(emulator, document(MAIN + form("empty"))).rows("instrument")

    assert [row["instrument_name"] for row in rows] == ["main", "empty"]


def test_unique_event_names_are_made_again(emulator: Emulator) -> None:
    """Letters outside ASCII vanish (recorded); equal names take a suffix in the file's order."""
    text = document(
        event("Évaluation", "main", day="1", unique="own")
        + event("Visit", day="2", unique="a")
        + event("Visit", day="3", unique="b")
        + MAIN,
        data=subject("1", visit("own", form_data("main", record_id="1", main_complete="2"))),
    )

    project = created(emulator, text)

    names = [row["unique_event_name"] for row in project.rows("event")]
    assert names == ["valuation_arm_1", "visit_arm_1", "visit_arm_1b"]
    assert eav(project) == [("1", "valuation_arm_1", "main_complete", "2")]


def test_arms_keep_their_names(emulator: Emulator) -> None:
    visits = event("Visit") + event("Visit", arm="2").replace("Arm 2", "Drug B")

    rows = created(emulator, document(visits + MAIN)).rows("arm")

    assert [(row["arm_num"], row["name"]) for row in rows] == [(1, "Arm 1"), (2, "Drug B")]


def test_events_are_ordered_by_offset_then_name(emulator: Emulator) -> None:
    text = document(event("Late", day="9") + event("B", day="1") + event("A", day="1") + MAIN)

    rows = created(emulator, text).rows("event")

    assert [row["event_name"] for row in rows] == ["A", "B", "Late"]


def test_scheduling_shows_the_offsets(emulator: Emulator) -> None:
    text = document(
        event("Visit", day="4.5") + event("Exit", day="9") + MAIN,
        "<redcap:SchedulingEnabled>1</redcap:SchedulingEnabled>",
    )

    rows = created(emulator, text).rows("event")

    assert [row["day_offset"] for row in rows] == [4.5, 9]


def test_missing_data_codes_read_as_the_api_shows_them(emulator: Emulator) -> None:
    variables = "<redcap:MissingDataCodes>NA, Not asked\nUNK, Unknown</redcap:MissingDataCodes>"

    known = created(emulator, simple(variables=variables)).rows("project")

    assert known["missing_data_codes"] == "NA, Not asked | UNK, Unknown"


def test_a_file_without_redcap_attributes_is_judged_by_its_parts(emulator: Emulator) -> None:
    """Inferred: lists make buttons or boxes, data types validations, groups sections."""
    plain = (
        '<FormDef OID="Form.visit" Name="Visit" Repeating="No">'
        '<ItemGroupRef ItemGroupOID="ids" Mandatory="No"/>'
        '<ItemGroupRef ItemGroupOID="vitals" Mandatory="No"/></FormDef>'
        '<ItemGroupDef OID="ids" Name="visit" Repeating="No">'
        '<ItemRef ItemOID="I.1" Mandatory="No"/></ItemGroupDef>'
        '<ItemGroupDef OID="vitals" Name="Vital signs" Repeating="No">'
        '<ItemRef ItemOID="I.2" Mandatory="Yes"/><ItemRef ItemOID="I.3" Mandatory="No"/>'
        '<ItemRef ItemOID="I.4" Mandatory="No"/><ItemRef ItemOID="I.5" Mandatory="No"/>'
        '<ItemRef ItemOID="I.6" Mandatory="No"/></ItemGroupDef>'
        '<ItemDef OID="I.1" Name="subject" DataType="text"/>'
        '<ItemDef OID="I.2" Name="weight" DataType="float"/>'
        '<ItemDef OID="I.3" Name="smoker" DataType="integer">'
        '<CodeListRef CodeListOID="yn.choices"/></ItemDef>'
        '<ItemDef OID="I.4" Name="drugs" DataType="boolean">'
        '<CodeListRef CodeListOID="d.choices"/></ItemDef>'
        '<ItemDef OID="I.5" Name="arm_side" DataType="text"><CodeListRef CodeListOID="d.choices"/>'
        '</ItemDef><ItemDef OID="I.6" Name="score" DataType="float">'
        "<redcap:Calculation>[weight]*2</redcap:Calculation></ItemDef>"
    )
    lists = codes("yn", ("1", "Yes"), ("0", "No")) + codes("d", ("1", "A"), ("2", "B"))

    rows = created(emulator, document(plain + lists)).rows("metadata")

    kinds = [(row["field_name"], row["field_type"]) for row in rows]
    assert kinds == [
        ("subject", "text"),
        ("weight", "text"),
        ("smoker", "yesno"),
        ("drugs", "checkbox"),
        ("arm_side", "radio"),
        ("score", "calc"),
    ]
    assert [row["section_header"] for row in rows] == ["", "Vital signs", "", "", "", ""]
    assert [row["required_field"] for row in rows] == ["", "y", "", "", "", ""]
    assert rows[1]["text_validation_type_or_show_slider_number"] == "number"
    assert rows[5]["select_choices_or_calculations"] == "[weight]*2"


def test_an_event_marked_repeating_by_hand_repeats(emulator: Emulator) -> None:
    by_hand = (
        '<StudyEventDef OID="Event.visit" Name="visit" Repeating="Yes" Type="Common">'
        '<FormRef FormOID="Form.main" Mandatory="Yes"/></StudyEventDef>'
        '<StudyEventDef OID="Event.exit" Name="exit" Repeating="No" Type="Common"/>'
    )
    data = subject(
        "1",
        '<StudyEventData StudyEventOID="Event.visit" StudyEventRepeatKey="2">'
        f"{form_data('main', main_complete='1')}</StudyEventData>",
    )

    project = created(emulator, document(by_hand + MAIN, data=data))

    assert eav(project) == [("1", "visit_arm_1", "", 2, "main_complete", "1")]


def test_the_project_is_in_development_and_logged(emulator: Emulator) -> None:
    project = created(emulator, simple())

    assert project.rows("project")["in_production"] == 0
    assert any("Create project" in row["details"] for row in project.rows("log"))


@pytest.mark.parametrize(("reads", "flag"), [("classic", 0), ("longitudinal", 1)])
def test_one_event_makes_a_project_longitudinal_or_not(
    make_emulator: MakeEmulator, reads: str, flag: int
) -> None:
    text = document(event("Visit", "main") + MAIN)

    project = created(make_emulator(one_event_longitudinal=reads), text)

    assert project.rows("project")["is_longitudinal"] == flag
    assert ("StudyEventDef" in exported(project)) == bool(flag)
