"""A project file written is a project file read: the same design, whatever is in its texts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redcap_iac.findings import Findings
from redcap_iac.formats.losses import losses
from redcap_iac.formats.naming import Named, named
from redcap_iac.formats.project_xml import read_project_xml, write_project_xml
from redcap_iac.kinds.arms import Arm
from redcap_iac.kinds.dags import Dag
from redcap_iac.kinds.designations import Designation
from redcap_iac.kinds.dictionary.field import COLUMNS, Field
from redcap_iac.kinds.events.event import Event
from redcap_iac.kinds.grants import Grants
from redcap_iac.kinds.instruments import Instrument
from redcap_iac.kinds.project import Setting
from redcap_iac.kinds.repeating.repeat import Repeat
from redcap_iac.kinds.roles.role import Role
from redcap_iac.state import Item, State

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\t<>&\"'|,"),
                max_size=20)  # fmt: skip
ID = Field("record_id", "visit", "", "text", "Record")


def again(state: State) -> Named:
    """Return what is read of the file that is written of a state."""
    findings = Findings()
    text = write_project_xml(named(state), "A study")
    found = read_project_xml(text.encode(), "p.xml", findings)
    assert findings.all() == ()
    return named(found)


def lost(**kinds: tuple[Item, ...]) -> list[str]:
    state = State({"fields": (ID,), **kinds})
    return [f"{one.code} {one.address}" for one in losses(named(state), again(state))]


def field(**columns: str) -> Field:
    return Field.of({"field_name": "x", "form_name": "visit", "field_type": "text", **columns})


@pytest.mark.parametrize("column", [c for c in COLUMNS if c not in ("field_name", "form_name",
                         "field_type", "select_choices_or_calculations")])  # fmt: skip
@settings(max_examples=25)
@given(text=TEXTS)
def test_every_column_of_text_comes_back(column: str, text: str) -> None:
    made = field(**{column: text})

    assert lost(fields=(ID, made)) == []


@pytest.mark.parametrize(
    ("kind", "choices"),
    [
        ("radio", "1, Male | 2, Female"),
        ("dropdown", "a, Yes, of course | b, No"),
        ("checkbox", "-9, Unknown | A.1, Other <b>one</b>"),
        ("calc", "if([x] = '1',\n  round([y] / 2, 1), '')"),
        ("slider", "none | some | worst"),
        ("text", "BIOPORTAL:ICD10"),
        ("checkbox", ""),
        ("radio", ""),
        ("yesno", ""),
        ("truefalse", ""),
        ("notes", ""),
        ("file", ""),
        ("descriptive", ""),
    ],
)
def test_every_type_comes_back_with_its_column_f(kind: str, choices: str) -> None:
    made = field(field_type=kind, select_choices_or_calculations=choices)

    assert lost(fields=(ID, made)) == []


@pytest.mark.parametrize(
    "validation",
    ["integer", "number", "number_2dp", "date_dmy", "datetime_seconds_mdy", "time", "email", "zip"],
)
def test_every_validation_comes_back_with_its_limits(validation: str) -> None:
    made = field(
        text_validation_type_or_show_slider_number=validation,
        text_validation_min="1",
        text_validation_max="today",
    )

    assert lost(fields=(ID, made)) == []


def test_the_query_of_an_sql_field_is_lost() -> None:
    made = field(field_type="sql", select_choices_or_calculations="select 1")

    assert lost(fields=(ID, made)) == ["C110 field/x"]


def test_a_sign_that_xml_cannot_hold_is_told() -> None:
    assert lost(fields=(ID, field(field_label="a\x0bb"))) == ["C110 field/x"]


def test_sections_and_fields_keep_their_order() -> None:
    fields = tuple(
        Field(name, form, header, "text", name)
        for name, form, header in [
            ("record_id", "visit", ""), ("a", "visit", "One"), ("b", "visit", ""),
            ("c", "visit", "Two"), ("d", "other", "Two"), ("e", "other", ""),
        ]
    )  # fmt: skip

    assert again(State({"fields": fields})).state.kinds["fields"] == fields


def test_labels_of_instruments_come_back() -> None:
    instruments = (Instrument("visit", 'The "first" <visit>'),)

    assert lost(instruments=instruments) == []


def test_an_instrument_without_fields_comes_back() -> None:
    instruments = (Instrument("visit", "Visit"), Instrument("bare", "Bare"))

    assert lost(instruments=instruments) == []


SCHEDULE: dict[str, tuple[Item, ...]] = {
    "project": (Setting("project_title", "A <study>"), Setting("is_longitudinal", "1"),
                Setting("scheduling_enabled", "1"), Setting("custom_record_label", "[x]\n[y]")),
    "arms": (Arm(1, "Drug & more"), Arm(3, "Control")),
    "events": (
        Event("a_arm_1", 1, "A", "1", "0.5", "2", "[d]"),
        Event("b_arm_1", 1, "B"),
        Event("a_arm_3", 3, "A"),
    ),
    "designations": (Designation("a_arm_1", "visit"), Designation("a_arm_3", "visit")),
    "repeating": (Repeat("b_arm_1", ""), Repeat("a_arm_1", "visit", "[x]")),
}  # fmt: skip


def test_a_schedule_comes_back() -> None:
    assert lost(**SCHEDULE) == []


def test_a_classic_repeating_setup_belongs_to_no_event() -> None:
    repeats = (Repeat("", "visit", "[x]"),)

    found = again(State({"fields": (ID,), "repeating": repeats}))

    assert found.state.kinds["repeating"] == repeats


def test_groups_and_roles_come_back() -> None:
    role = Role(
        "Nurse", "U-123456789A",
        Grants(
            (("design", "true"), ("user_rights", "read_only"), ("lock_records", "sign")),
            (("visit", "edit, survey_responses, delete"),),
            (("visit", "deidentified"),),
        ),
        "Nurse",
    )  # fmt: skip

    assert lost(dags=(Dag("Lyon & Cie", "lyon__cie"),), roles=(role,)) == []


def test_settings_without_a_place_are_lost() -> None:
    settings = (Setting("project_irb_number", "2026-1"), Setting("project_pi_email", "a@b.org"))

    assert lost(project=settings) == ["C112 project/irb_number", "C112 project/pi.email"]


def test_the_same_design_gives_the_same_bytes() -> None:
    state = named(State({"fields": (ID,), **SCHEDULE}))

    assert write_project_xml(state, "A") == write_project_xml(state, "A")


HEAD = (
    '<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3" xmlns:redcap="https://projectredcap.org">'
    '<Study OID="s">'
)
BODY = (
    '<MetaDataVersion OID="m" Name="A"><FormDef OID="Form.visit" Name="Visit" Repeating="No">'
    '<ItemGroupRef ItemGroupOID="g" Mandatory="No"/></FormDef><ItemGroupDef OID="g" Name="Visit">'
    '<ItemRef ItemOID="x" redcap:Variable="x"/></ItemGroupDef>'
    '<ItemDef OID="x" Name="x" DataType="text" redcap:Variable="x" redcap:FieldType="text"{more}>'
    "<Question><TranslatedText>X</TranslatedText></Question>{inside}</ItemDef></MetaDataVersion>"
    "</Study>{data}</ODM>"
)


def told(variables: str = "", more: str = "", inside: str = "", data: str = "") -> list[str]:
    """Return what is told about a file, as code and sentence."""
    findings = Findings()
    body = BODY.format(more=more, inside=inside, data=data)
    text = f"{HEAD}<GlobalVariables>{variables}</GlobalVariables>{body}"
    read_project_xml(text.encode(), "p.xml", findings)
    return [f"{one.code} {one.message}" for one in findings.all()]


def test_a_plain_file_has_nothing_to_tell() -> None:
    assert told() == []


def test_groups_that_no_design_holds_are_counted() -> None:
    group = "<redcap:AlertsGroup><redcap:Alerts/><redcap:Alerts/></redcap:AlertsGroup>"

    assert told(group) == ["C119 Not taken over: alerts (2)."]


def test_a_group_nobody_knows_is_counted_too() -> None:
    group = "<redcap:NewGroup><redcap:New/></redcap:NewGroup>"

    assert told(group) == ["C119 Not taken over: NewGroup (a part this version does not know) (1)."]


def test_a_setting_that_differs_from_a_new_projects_is_told() -> None:
    settings = "<redcap:RequireChangeReason>{}</redcap:RequireChangeReason>"

    assert told(settings.format("0")) == []
    assert told(settings.format("1")) == ["C124 The setting RequireChangeReason is not taken over."]


def test_an_attached_file_and_a_video_are_told() -> None:
    attachment = '<redcap:Attachment DocName="a.pdf"><![CDATA[AAAA]]></redcap:Attachment>'

    assert told(more=' redcap:VideoUrl="v"', inside=attachment) == [
        "C121 The attached file and video of x is not taken over."
    ]


def test_records_are_counted_and_never_named() -> None:
    data = '<ClinicalData><SubjectData SubjectKey="secret"/></ClinicalData>'

    assert told(data=data) == ["C120 1 record is not taken over."]


FORM = '<FormDef OID="Form.a" Name="A"><ItemGroupRef ItemGroupOID="g"/></FormDef>'
GROUP = '<ItemGroupDef OID="g"><ItemRef ItemOID="x"/></ItemGroupDef>'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<html/>", "no project file"),
        (f"{HEAD}</Study></ODM>", "no project file"),
        (f'{HEAD}<MetaDataVersion OID="m"/></Study></ODM>', "no field"),
        (f"{HEAD}<MetaDataVersion>{FORM}</MetaDataVersion></Study></ODM>",
         "group g is not defined"),
        (f"{HEAD}<MetaDataVersion>{FORM}{GROUP}</MetaDataVersion></Study></ODM>",
         "item x is not defined"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_whole_project_is_refused(text: str, said: str) -> None:
    findings = Findings()

    read_project_xml(text.encode(), "p.xml", findings)

    assert findings.errors()[0].code == "C105"
    assert said in findings.errors()[0].message


def test_an_arm_that_is_no_number_is_refused() -> None:
    findings = Findings()
    event = '<StudyEventDef OID="e" Name="E" redcap:ArmNum="one"/>'
    body = BODY.format(more="", inside="", data="").replace("<FormDef", f"{event}<FormDef", 1)

    read_project_xml(f"{HEAD}{body}".encode(), "p.xml", findings)

    assert "no number" in findings.errors()[0].message


def test_a_right_that_is_no_number_is_refused() -> None:
    role = '<redcap:UserRoles role_name="N" design="x"/>'

    assert told(f"<redcap:UserRolesGroup>{role}</redcap:UserRolesGroup>") == [
        'C105 The right design of the role "N" is no number.'
    ]


def test_an_old_file_has_one_export_right_for_every_instrument() -> None:
    role = (
        '<redcap:UserRolesGroup><redcap:UserRoles role_name="N" data_export_tool="2"'
        ' data_entry="[visit,1]"/></redcap:UserRolesGroup>'
    )
    body = BODY.format(more="", inside="", data="")
    text = f"{HEAD}<GlobalVariables>{role}</GlobalVariables>{body}"

    (found,) = read_project_xml(text.encode(), "p.xml", Findings()).kinds["roles"]

    assert isinstance(found, Role)
    assert found.grants.export == (("visit", "deidentified"),)
    assert found.grants.instruments == (("visit", "edit"),)


@pytest.mark.parametrize(
    ("part", "again"),
    [
        ("</MetaDataVersion>", "<MetaDataVersion/>"),
        ("</Study>", "<Study><MetaDataVersion/></Study>"),
    ],
)
def test_a_second_design_in_a_file_is_not_passed_over(part: str, again: str) -> None:
    text = write_project_xml(named(State({"fields": (Field("id", "visit", "", "text"),)})), "A")
    findings = Findings()

    state = read_project_xml(text.replace(part, part + again).encode(), "p.xml", findings)

    assert state.kinds == {}
    assert [error.code for error in findings.errors()] == ["C105"]
