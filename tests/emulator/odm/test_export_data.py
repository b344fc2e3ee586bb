"""Export Project XML: which records and values the parameters and rights leave in it."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET

import pytest

from redcap_iac.emulator.server import Emulator
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
from tests.emulator.odm.creating import created, exported, one, root
from tests.emulator.odm.reading import ODM, REDCAP
from tests.emulator.served import Project, new_project

DAGS = (
    '<redcap:DataAccessGroupsGroup><redcap:DataAccessGroups group_name="North"/>'
    '<redcap:DataAccessGroups group_name="South"/></redcap:DataAccessGroupsGroup>'
)
BINARY = (
    '<ItemDataBase64Binary ItemOID="scan" redcap:DocName="a &amp; b.txt"'
    ' redcap:MimeType="text/plain">dGV4dA==</ItemDataBase64Binary>'
)


def values(element: ET.Element) -> list[tuple[str, str]]:
    """Return (record id, item OID) of every value, but for those of the record id."""
    return [
        (subject_.attrib["SubjectKey"], value.attrib["ItemOID"])
        for subject_ in element.iter(f"{ODM}SubjectData")
        for value in subject_.iter()
        if "ItemOID" in value.attrib and value.attrib["ItemOID"] != "record_id"
    ]


def rewrite(project: Project, **cells: str) -> None:
    """Change the columns of the project's user past the API."""
    with project.emulator.store.transaction() as db:
        for column, cell in cells.items():
            db.execute(
                f"UPDATE users SET {column} = ? WHERE project_id = ?", (cell, project.project_id)
            )


@pytest.fixture
def study(emulator: Emulator) -> Project:
    """A longitudinal project with two records, one with a file, the other in a DAG."""
    version = (
        event("Visit", "main", day="1")
        + event("Exit", "main", "last", day="2")
        + form("main", "record_id", "name", "note", "scan")
        + form("last", "reason")
        + RECORD_ID
        + item("name", 'redcap:FieldType="text" redcap:Identifier="y"')
        + item("note", 'redcap:FieldType="textarea"')
        + item("scan", 'redcap:FieldType="file"')
        + item("reason", 'redcap:FieldType="radio"', '<CodeListRef CodeListOID="reason.choices"/>')
        + codes("reason", ("1", "Done"), ("2", "Moved"))
    )
    first = visit("visit_arm_1", form_data("main", name="Ann", note="calm", inside=BINARY))
    first += visit("exit_arm_1", form_data("last", reason="2"))
    group = form_data("main", redcap_data_access_group="north")
    second = visit("visit_arm_1", form_data("main", note="tense")) + visit("visit_arm_1", group)
    data = subject("1", first) + subject("2", second)
    return created(emulator, document(version, DAGS, data))


def test_data_only_without_the_flag(study: Project) -> None:
    assert root(study, returnMetadataOnly="true").find(f"{ODM}ClinicalData") is None
    assert root(study).find(f"{ODM}ClinicalData") is not None


def test_the_flag_in_another_spelling_is_ignored(study: Project) -> None:
    """Documented: parameters are matched case by case."""
    assert root(study, returnMetaDataOnly="true").find(f"{ODM}ClinicalData") is not None


def test_all_values_are_there(study: Project) -> None:
    assert values(root(study)) == [
        ("1", "name"), ("1", "note"), ("1", "reason"), ("2", "note"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("parameters", "wanted"),
    [
        ({"records": ["2"]}, [("2", "note")]),
        ({"records": ["3"]}, []),
        ({"events": ["exit_arm_1"]}, [("1", "reason")]),
        ({"fields": ["name", "reason"]}, [("1", "name"), ("1", "reason")]),
        ({"filterLogic": "[note] = 'tense'"}, [("2", "note")]),
    ],
)
def test_filters_limit_the_data_and_not_the_design(
    study: Project, parameters: dict[str, object], wanted: list[tuple[str, str]]
) -> None:
    odm = root(study, **parameters)

    assert values(odm) == wanted
    assert {one_.attrib["OID"] for one_ in odm.iter(f"{ODM}ItemDef")} == {
        "record_id", "name", "note", "scan", "reason", "main_complete", "last_complete",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("parameters", "text"),
    [
        ({"filterLogic": "[note"}, 'The value of the parameter "filterLogic" is not valid'),
        (
            {"fields": ["gone"]},
            "The following values in the parameter \"fields\" are not valid: 'gone'",
        ),
        (
            {"events": ["gone"]},
            "The following values in the parameter \"events\" are not valid: 'gone'",
        ),
    ],
)
def test_unknown_filters_are_refused(
    study: Project, parameters: dict[str, object], text: str
) -> None:
    answer = study.post("project_xml", None, **parameters)

    assert (answer.status_code, answer.json()) == (400, {"error": text})


def test_files_only_on_request(study: Project) -> None:
    assert list(root(study).iter(f"{ODM}ItemDataBase64Binary")) == []

    (binary,) = root(study, exportFiles="true").iter(f"{ODM}ItemDataBase64Binary")

    assert binary.attrib[f"{REDCAP}DocName"] == "a & b.txt"
    assert binary.text == "dGV4dA=="


def test_dags_of_records_only_on_request(study: Project) -> None:
    assert "redcap_data_access_group" not in exported(study)

    odm = root(study, exportDataAccessGroups="true")

    found = [
        value for value in odm.iter(f"{ODM}ItemData") if value.get("ItemOID", "")[:7] == "redcap_"
    ]
    assert [value.attrib["Value"] for value in found] == ["north"]
    assert one(odm, "ItemDef", OID="redcap_data_access_group").get(f"{REDCAP}FieldType") is None


def test_a_user_in_a_dag_gets_its_records_and_no_dag_items(study: Project) -> None:
    with study.emulator.store.transaction() as db:
        db.execute(
            "UPDATE users SET dag_id = (SELECT dag_id FROM dags WHERE unique_name = 'north')"
        )

    odm = root(study, exportDataAccessGroups="true")

    assert values(odm) == [("2", "note")]
    assert odm.find(f".//{ODM}ItemDef[@OID='redcap_data_access_group']") is None


@pytest.mark.parametrize(
    ("levels", "wanted"),
    [
        ({"main": 1, "last": 0}, [("1", "name"), ("1", "note"), ("2", "note")]),
        ({"main": 2, "last": 2}, [("1", "reason")]),
        ({"main": 3, "last": 1}, [("1", "note"), ("1", "reason"), ("2", "note")]),
    ],
    ids=["one instrument only", "de-identified", "without identifiers"],
)
def test_export_rights_limit_the_data(
    study: Project, levels: dict[str, int], wanted: list[tuple[str, str]]
) -> None:
    rewrite(study, forms_export=json.dumps(levels))

    odm = root(study)

    assert values(odm) == wanted
    assert one(odm, "ItemDef", OID="name") is not None


def test_no_export_right_at_all_leaves_the_design(study: Project) -> None:
    rewrite(study, forms_export="{}")

    assert study.post("project_xml").status_code == 403
    assert root(study, returnMetadataOnly="true").find(f".//{ODM}ItemDef") is not None


def test_the_api_export_right_is_needed(study: Project) -> None:
    rewrite(study, rights="{}")

    answer = study.post("project_xml")

    assert answer.status_code == 403
    assert answer.json() == {"error": "You do not have permissions to use the API"}


def test_survey_items_only_on_request_and_with_surveys(emulator: Emulator) -> None:
    surveys = (
        "<redcap:SurveysEnabled>1</redcap:SurveysEnabled><redcap:SurveysGroup>"
        '<redcap:Surveys form_name="main" title="Main"/></redcap:SurveysGroup>'
    )
    project = created(emulator, simple(variables=surveys))

    added = {"redcap_survey_identifier", "main_timestamp"}

    def items(odm: ET.Element) -> set[str]:
        return {one_.attrib["OID"] for one_ in odm.iter(f"{ODM}ItemDef")}

    assert items(root(project, exportSurveyFields="true")) - items(root(project)) == added


def test_every_choice_of_a_checkbox_has_a_value(emulator: Emulator) -> None:
    """Recorded, also of an instrument in which nothing is ticked nor anything else stored."""
    listed = '<CodeListRef CodeListOID="race.choices"/>'
    box = item("race___1", 'redcap:FieldType="checkbox"', listed, of="race")
    lists = codes("race", boxes="1, One|-2, Two")
    version = form("main", "record_id") + form("more", "race___1") + RECORD_ID + box + lists
    data = subject("1", form_data("more", race___1="1")) + subject("2", "")

    odm = root(created(emulator, document(version, data=data)))

    found = [(one_.get("ItemOID"), one_.get("Value")) for one_ in odm.iter(f"{ODM}ItemData")]
    assert found == [
        ("record_id", "1"), ("race___1", "1"), ("race____2", "0"),
        ("record_id", "2"), ("race___1", "0"), ("race____2", "0"),
    ]  # fmt: skip


def test_the_dag_stands_after_the_record_id(study: Project) -> None:
    """Recorded, of definitions and of values."""
    odm = root(study, exportDataAccessGroups="true")

    group = one(odm, "ItemGroupDef", OID="main.record_id")
    assert [one_.get("ItemOID") for one_ in group][:2] == ["record_id", "redcap_data_access_group"]
    second = one(odm, "SubjectData", SubjectKey="2")
    values_ = [one_.get("ItemOID") for one_ in second.iter(f"{ODM}ItemData")]
    assert values_[:2] == ["record_id", "redcap_data_access_group"]


def test_a_line_break_in_a_value_is_written_raw(emulator: Emulator) -> None:
    """Recorded: a reader of XML then sees a blank."""
    project = new_project(emulator)
    data = json.dumps([{"record_id": "a\nb"}])
    assert project.post("record", "import", data=data).status_code == 200

    assert 'Value="a\nb"' in exported(project)
