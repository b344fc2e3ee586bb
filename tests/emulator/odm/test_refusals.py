"""Project files that cannot be used: a clear refusal, and no project."""

from __future__ import annotations

import pytest

from redcap_iac.emulator.server import Emulator
from tests.emulator.odm.building import (
    RECORD_ID,
    document,
    event,
    form,
    form_data,
    item,
    simple,
    subject,
    visit,
)
from tests.emulator.odm.creating import creation

BOMB = '<!DOCTYPE ODM [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
START = "The ODM XML could not be used to create the project: "
MAIN = form("main", "record_id") + RECORD_ID
ROLES = '<redcap:UserRolesGroup><redcap:UserRoles role_name="Monitor" {}/></redcap:UserRolesGroup>'
REPEATS = (
    "<redcap:RepeatingInstrumentsAndEvents><redcap:RepeatingInstruments>"
    '<redcap:RepeatingInstrument redcap:UniqueEventName="{}" redcap:RepeatInstrument="{}"'
    ' redcap:CustomLabel=""/></redcap:RepeatingInstruments></redcap:RepeatingInstrumentsAndEvents>'
)
BOX = item("race___1", 'redcap:FieldType="checkbox"', of="race")
FILE = item("scan", 'redcap:FieldType="file"')
NESTED = "<redcap:Nested>" * 5000 + "</redcap:Nested>" * 5000


def projects(emulator: Emulator) -> int:
    with emulator.store.transaction() as db:
        return int(db.execute("SELECT COUNT(*) FROM projects").fetchone()[0])


@pytest.mark.parametrize(
    "text", [" ", "no xml", "<ODM>", "<ODM/><ODM/>", "\x00", "<a>&unknown;</a>"]
)
def test_what_is_not_xml_is_refused(emulator: Emulator, text: str) -> None:
    answer = creation(emulator, text)

    assert answer.status_code == 400
    assert answer.json() == {"error": "The data is not in the specified format."}
    assert projects(emulator) == 0


def test_a_document_type_is_refused_before_any_entity_grows(emulator: Emulator) -> None:
    answer = creation(emulator, BOMB + simple(item("note")).partition("?>")[2])

    assert answer.status_code == 400
    reason = "a document type declaration (DOCTYPE) is not accepted."
    assert answer.json() == {"error": START + reason}
    assert projects(emulator) == 0


CASES = {
    "another root": ("<Study/>", "the root element is not ODM 1.3"),
    "another version": (
        simple().replace("odm/v1.3", "odm/v2.0"),
        "the root element is not ODM 1.3",
    ),
    "no design": (
        simple().replace("MetaDataVersion", "SomethingElse"),
        "it has no MetaDataVersion",
    ),
    "no field": (document(form("main")), "it defines no field"),
    "group": (
        document(MAIN).replace('ItemGroupDef OID="main', 'ItemGroupDef OID="other'),
        "the item group 'main.group' is not defined",
    ),
    "item": (document(form("main", "record_id", "gone") + RECORD_ID), "the item 'gone' is not def"),
    "form twice": (
        document(MAIN + form("main", "record_id")),
        "the form name 'main' is used twice or is not valid",
    ),
    "form name": (
        document(form("1 main", "record_id") + RECORD_ID),
        "the form name '1 main' is used twice or is not valid",
    ),
    "field name": (simple(item("Ünsafe")), "the field name 'Ünsafe' is not valid"),
    "field type": (
        simple(item("colour", 'redcap:FieldType="picker"')),
        "the field 'colour' has the unknown type 'picker'",
    ),
    "field twice": (
        document(form("main", "record_id") + form("other", "record_id") + RECORD_ID),
        "the field 'record_id' is defined more than once",
    ),
    "checkbox twice": (
        document(
            form("main", "record_id", "race___1") + form("other", "race___1") + RECORD_ID + BOX
        ),
        "the field 'race' is defined more than once",
    ),
    "arm": (
        document(event("Visit", arm="one") + MAIN),
        "the event 'Event.visit_arm_one' has an arm or an offset that is no such number",
    ),
    "arm nought": (document(event("Visit", arm="0") + MAIN), "has an arm or an offset"),
    "offset": (document(event("Visit", day="nan") + MAIN), "has an arm or an offset"),
    "endless offset": (document(event("Visit", day="1e999") + MAIN), "has an arm or an offset"),
    "designation": (
        document(event("Visit", "other") + MAIN),
        "an event lists the form 'other', which is not defined",
    ),
    "repeat of a form": (
        simple(variables=REPEATS.format("event_1_arm_1", "other")),
        "the repeating setup names an event or a form that is not defined",
    ),
    "repeat on an event": (
        simple(variables=REPEATS.format("event_2_arm_1", "main")),
        "the repeating setup names an event or a form that is not defined",
    ),
    "flag": (
        simple(variables="<redcap:SurveysEnabled>yes</redcap:SurveysEnabled>"),
        "SurveysEnabled is not a number",
    ),
    "nesting": (simple(variables=NESTED), "Nested is nested too deeply"),
    "right": (
        simple(variables=ROLES.format('design="much"')),
        "a right of the user role 'Monitor' is not valid",
    ),
    "negative right": (simple(variables=ROLES.format('design="-1"')), "a right of the user role"),
    "form right": (
        simple(variables=ROLES.format('data_entry="[main,77]"')),
        "a right of the user role",
    ),
    "export right": (
        simple(variables=ROLES.format('data_export_instruments="[main,4]"')),
        "a right of the user role",
    ),
    "event of data": (
        simple(data=subject("1", visit("visit_9_arm_1", form_data("main", record_id="1")))),
        "its data name the event 'Event.visit_9_arm_1', which is not defined",
    ),
    "instance": (
        simple(
            variables=REPEATS.format("event_1_arm_1", "main"),
            data=subject("1", form_data("main", "first", record_id="1")),
        ),
        "its data have the repeat key 'first', which is no instance number",
    ),
    "huge instance": (
        simple(
            variables=REPEATS.format("event_1_arm_1", "main"),
            data=subject("1", form_data("main", "9" * 30, record_id="1")),
        ),
        "which is no instance number",
    ),
    "file": (
        simple(
            FILE,
            data=subject(
                "1",
                form_data(
                    "main",
                    inside='<ItemDataBase64Binary ItemOID="scan" redcap:DocName="a.txt"'
                    ' redcap:MimeType="text/plain">?</ItemDataBase64Binary>',
                ),
            ),
        ),
        "the file 'a.txt' is not in base64",
    ),
}


@pytest.mark.parametrize(("text", "reason"), CASES.values(), ids=CASES.keys())
def test_an_unusable_file_is_refused_with_its_reason(
    emulator: Emulator, text: str, reason: str
) -> None:
    answer = creation(emulator, text)

    assert answer.status_code == 400, answer.text
    assert answer.json()["error"].startswith(START)
    assert reason in answer.json()["error"]
    assert projects(emulator) == 0


def test_all_faults_of_the_fields_are_told_at_once(emulator: Emulator) -> None:
    text = simple(item("1st"), item("colour", 'redcap:FieldType="picker"'))

    lines = creation(emulator, text).json()["error"].split("\n")

    assert lines == [
        f"{START}the field name '1st' is not valid.",
        f"{START}the field 'colour' has the unknown type 'picker'.",
    ]


def test_a_refusal_leaves_no_token_that_works(emulator: Emulator) -> None:
    creation(emulator, document(form("main")))

    with emulator.store.transaction() as db:
        assert db.execute("SELECT COUNT(*) FROM tokens").fetchone()[0] == 0
        assert db.execute("SELECT COUNT(*) FROM fields").fetchone()[0] == 0
