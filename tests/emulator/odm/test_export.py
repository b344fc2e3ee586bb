"""Export Project XML: what the file says of the design."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from redcap_iac.emulator.server import Emulator
from tests.emulator.conftest import MakeEmulator
from tests.emulator.odm.building import RECORD_ID, codes, document, event, form, item, simple
from tests.emulator.odm.creating import created, exported, one, root
from tests.emulator.odm.reading import ODM, REDCAP
from tests.emulator.served import Project, new_longitudinal, new_project


def definition(project: Project, oid: str) -> ET.Element:
    return one(root(project), "ItemDef", OID=oid)


def test_the_head_names_version_title_and_time(emulator: Emulator) -> None:
    project = new_project(emulator, title="nal dag project")

    odm = root(project)

    assert odm.attrib["SourceSystemVersion"] == "16.1.3"
    assert odm.attrib["Description"] == "nal dag project"
    assert odm.attrib["AsOfDateTime"] == "2026-03-14T15:09:26"
    assert one(odm, "Study").attrib["OID"] == "Project.NalDagProject"
    oid = "Metadata.NalDagProject_2026-03-14_1509"
    assert one(odm, "MetaDataVersion").attrib["OID"] == oid


def test_the_study_is_named_by_thirty_letters_of_the_title(emulator: Emulator) -> None:
    """Recorded of a longer title with parentheses."""
    title = "A long study of rare diseases (with data of all sites)"

    study = one(root(new_project(emulator, title=title)), "Study")

    assert study.attrib["OID"] == "Project.ALongStudyOfRareDiseasesWithDa"


def test_the_content_type_is_xml(project: Project) -> None:
    answer = project.post("project_xml")

    assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert answer.text.startswith('<?xml version="1.0" encoding="UTF-8" ?>\n<ODM xmlns=')


def test_a_classic_project_has_no_events(project: Project) -> None:
    odm = root(project)

    assert odm.find(f".//{ODM}Protocol") is None
    assert odm.find(f".//{ODM}StudyEventDef") is None


def test_an_arm_without_events_has_no_place(emulator: Emulator) -> None:
    project = new_longitudinal(emulator)
    with emulator.store.transaction() as db:
        db.execute("INSERT INTO arms VALUES (?, 2, 'Later')", (project.project_id,))

    odm = root(project)

    arms = [one_.attrib[f"{REDCAP}ArmNum"] for one_ in odm.iter(f"{ODM}StudyEventDef")]
    assert arms == ["1", "1"]


def test_event_names_carry_their_arm_when_there_are_several(emulator: Emulator) -> None:
    main = form("main", "record_id") + RECORD_ID
    project = created(emulator, document(event("Visit") + event("Visit", arm="2") + main))

    names = [one_.attrib["Name"] for one_ in root(project).iter(f"{ODM}StudyEventDef")]

    assert names == ["Visit (Arm 1: Arm 1)", "Visit (Arm 2: Arm 2)"]


def test_event_names_are_cut_at_thirty_characters(emulator: Emulator) -> None:
    """Inferred from four files; one of them kept the trailing blank."""
    long = "Summary: Medication / Testing and more"
    main = form("main", "record_id") + RECORD_ID
    project = created(emulator, document(event(long, day="1") + event("Exit", day="2") + main))

    first = next(root(project).iter(f"{ODM}StudyEventDef"))

    assert first.attrib["Name"] == first.attrib[f"{REDCAP}EventName"] == long[:30]
    assert first.attrib[f"{REDCAP}UniqueEventName"] == "summary_medication_arm_1"


@pytest.mark.parametrize(("version", "says"), [("16.1.3", "Yes"), ("13.1.37", "No")])
def test_a_repeating_event_says_so_in_newer_files(
    make_emulator: MakeEmulator, version: str, says: str
) -> None:
    variables = (
        "<redcap:RepeatingInstrumentsAndEvents>"
        '<redcap:RepeatingEvent redcap:UniqueEventName="visit_arm_1"/>'
        "</redcap:RepeatingInstrumentsAndEvents>"
    )
    main = form("main", "record_id") + RECORD_ID
    text = document(event("Visit", day="1") + event("Exit", day="2") + main, variables)

    first = next(root(created(make_emulator(version), text)).iter(f"{ODM}StudyEventDef"))

    assert first.attrib["Repeating"] == says


def test_a_label_with_tags_is_written_twice(emulator: Emulator) -> None:
    label = "&lt;b&gt;Dose&lt;/b&gt;&lt;br&gt;in mg"
    text = simple(item("dose")).replace(">dose<", f">{label}<")

    question = definition(created(emulator, text), "dose")[0]

    assert question.findtext(f"{ODM}TranslatedText") == "Dose\nin mg"
    assert question.findtext(f"{REDCAP}FormattedTranslatedText") == "<b>Dose</b><br>in mg"


def test_quotes_are_escaped_as_redcap_does(emulator: Emulator) -> None:
    project = created(emulator, simple(item("note")).replace(">note<", '>It\'s "x" &lt; 3<'))

    assert "It&#039;s &quot;x&quot; &lt; 3" in exported(project)


def test_a_sql_field_loses_its_query(project: Project) -> None:
    """Recorded: the query is not in the file."""
    with project.emulator.store.transaction() as db:
        db.execute(
            "UPDATE fields SET field_type = 'sql', select_choices_or_calculations = 'select 1'"
            " WHERE project_id = ?",
            (project.project_id,),
        )

    assert "select 1" not in exported(project)
    assert definition(project, "record_id").attrib[f"{REDCAP}FieldType"] == "sql"


@pytest.mark.parametrize(("shows", "limits"), [("number", ["1", "9"]), ("", [])])
def test_a_slider_keeps_its_limits_only_with_its_number(
    project: Project, shows: str, limits: list[str]
) -> None:
    """Recorded in files of 12.4 and 14.7."""
    with project.emulator.store.transaction() as db:
        db.execute(
            "UPDATE fields SET field_type = 'slider', text_validation_min = '1',"
            " text_validation_max = '9', text_validation_type_or_show_slider_number = ?"
            " WHERE project_id = ?",
            (shows, project.project_id),
        )

    checks = definition(project, "record_id").iter(f"{ODM}CheckValue")

    assert [check.text for check in checks] == limits


def test_what_xml_cannot_hold_is_left_out(project: Project) -> None:
    with project.emulator.store.transaction() as db:
        db.execute("UPDATE fields SET field_label = 'a' || char(11) || 'b'")

    assert definition(project, "record_id")[0][0].text == "ab"


def test_an_attached_file_goes_and_comes(emulator: Emulator) -> None:
    attached = (
        '<redcap:Attachment DocName="logo.png" MimeType="image/png">dGV4dA==</redcap:Attachment>'
    )
    picture = item("picture", 'redcap:FieldType="descriptive" redcap:VideoUrl="v"', attached)

    found = definition(created(emulator, simple(picture)), "picture")

    attachment = found.find(f"{REDCAP}Attachment")
    assert attachment is not None
    assert attachment.attrib == {"DocName": "logo.png", "MimeType": "image/png"}
    assert attachment.text == "dGV4dA=="
    assert found.attrib[f"{REDCAP}VideoUrl"] == "v"


def test_parts_without_a_model_come_back_as_they_were(emulator: Emulator) -> None:
    alerts = (
        '<redcap:AlertsGroup><redcap:Alerts alert_title="A &quot;b&quot;" x="1"/>'
        "</redcap:AlertsGroup>"
    )
    foreign = '<redcap:Odd xmlns:o="urn:o" o:mark="1" kept="2"><o:part/></redcap:Odd>'

    odm = root(created(emulator, simple(variables=alerts + foreign)))

    (found,) = odm.iter(f"{REDCAP}Alerts")
    assert found.attrib == {"alert_title": 'A "b"', "x": "1"}
    (odd,) = odm.iter(f"{REDCAP}Odd")
    assert (odd.attrib, len(odd)) == ({"kept": "2"}, 0)


@pytest.mark.parametrize(
    ("version", "groups"),
    [
        ("15.5.0", {"UserRoles": "[main,3]"}),
        ("15.6.0", {"UserRoles": "[main,3]", "UserRoles2": "[main,138]"}),
    ],
)
def test_form_rights_are_written_in_both_codings_from_15_6(
    make_emulator: MakeEmulator, version: str, groups: dict[str, str]
) -> None:
    role = '<redcap:UserRoles role_name="Monitor" data_entry="[main,3]" dts="1"/>'
    text = simple(variables=f"<redcap:UserRolesGroup>{role}</redcap:UserRolesGroup>")

    odm = root(created(make_emulator(version), text))

    found = {
        name: role.attrib["data_entry"]
        for name in ("UserRoles", "UserRoles2")
        for role in odm.iter(REDCAP + name)
    }
    assert found == groups
    assert {role.attrib["dts"] for role in odm.iter(f"{REDCAP}UserRoles")} == {"1"}


def test_the_export_is_logged(project: Project) -> None:
    exported(project)

    assert "Export project XML (API)" in [row["details"] for row in project.rows("log")]


def test_thousands_of_fields_go_and_come(emulator: Emulator) -> None:
    many = [
        item(f"f_{number}", 'redcap:FieldType="radio"', '<CodeListRef CodeListOID="c.choices"/>')
        for number in range(7000)
    ]
    text = simple(*many, lists=codes("c", ("1", "One"), ("2", "Two")))

    project = created(emulator, text)

    assert len(created(emulator, exported(project)).rows("metadata")) == 7001
