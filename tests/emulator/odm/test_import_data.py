"""Records of a project made from a project file."""

from __future__ import annotations

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
from tests.emulator.odm.creating import created, eav

MAIN = form("main", "record_id") + RECORD_ID
REPEATS = "<redcap:RepeatingInstrumentsAndEvents>{}</redcap:RepeatingInstrumentsAndEvents>".format
REPEATING_MAIN = REPEATS(
    "<redcap:RepeatingInstruments><redcap:RepeatingInstrument"
    ' redcap:UniqueEventName="event_1_arm_1" redcap:RepeatInstrument="main"'
    ' redcap:CustomLabel="[record_id]"/></redcap:RepeatingInstruments>'
)


def test_instances_of_an_instrument_are_kept_apart(emulator: Emulator) -> None:
    data = subject(
        "1",
        form_data("main", "1", record_id="1", note="first")
        + form_data("main", "3", record_id="1", note="third"),
    )

    project = created(emulator, simple(item("note"), variables=REPEATING_MAIN, data=data))

    assert eav(project) == [("1", "main", 1, "note", "first"), ("1", "main", 3, "note", "third")]


def test_a_record_with_instances_alone_keeps_its_own_row(emulator: Emulator) -> None:
    version = form("main", "record_id") + form("more", "note") + RECORD_ID + item("note")
    data = subject("1", form_data("more", "3", note="third"))

    project = created(emulator, document(version, REPEATING_MAIN.replace('"main"', '"more"'), data))

    rows = project.rows("record")
    found = [(row["redcap_repeat_instance"], row["note"]) for row in rows]
    assert found == [("", ""), (3, "third")]


def test_instances_of_an_event_are_kept_apart(emulator: Emulator) -> None:
    variables = REPEATS('<redcap:RepeatingEvent redcap:UniqueEventName="visit_arm_1"/>')
    data = subject(
        "1",
        visit("visit_arm_1", form_data("main", main_complete="0"))
        + visit("visit_arm_1", form_data("main", main_complete="2"), "2"),
    )
    version = event("Visit", "main", day="1") + event("Exit", "main", day="2") + MAIN

    project = created(emulator, document(version, variables, data))

    assert eav(project) == [
        ("1", "visit_arm_1", "", 1, "main_complete", "0"),
        ("1", "visit_arm_1", "", 2, "main_complete", "2"),
    ]


def test_a_repeat_key_means_nothing_where_nothing_repeats(emulator: Emulator) -> None:
    data = subject("1", form_data("main", "7", record_id="1", note="kept"))

    assert eav(created(emulator, simple(item("note"), data=data))) == [("1", "note", "kept")]


def test_calculations_are_not_filled(emulator: Emulator) -> None:
    """Recorded: a value in the file is passed over, and none is worked out."""
    total = item("total", 'redcap:FieldType="calc" redcap:Calculation="1+1"')
    data = subject("1", form_data("main", record_id="1", total="2"))

    assert eav(created(emulator, simple(total, data=data))) == []


def test_a_subject_without_forms_is_a_record(emulator: Emulator) -> None:
    project = created(emulator, simple(data=subject("17", "")))

    assert project.rows("record", fields=["record_id"]) == [{"record_id": "17"}]


def test_files_come_with_name_and_content(emulator: Emulator) -> None:
    binary = (
        '<ItemDataBase64Binary ItemOID="scan" redcap:DocName="a.txt"'
        ' redcap:MimeType="text/plain"><![CDATA[dGV4\ndA==]]></ItemDataBase64Binary>'
    )
    scan = item("scan", 'redcap:FieldType="file"')
    data = subject("1", form_data("main", inside=binary, record_id="1"))

    project = created(emulator, simple(scan, data=data))

    answer = project.post("file", "export", record="1", field="scan")
    assert answer.content == b"text"
    assert eav(project) == [("1", "scan", "a.txt")]


def test_a_file_of_an_unknown_item_is_passed_over(emulator: Emulator) -> None:
    binary = '<ItemDataBase64Binary ItemOID="gone">dGV4dA==</ItemDataBase64Binary>'
    data = subject("1", form_data("main", inside=binary, record_id="1"))

    assert eav(created(emulator, simple(data=data))) == []
