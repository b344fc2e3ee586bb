from __future__ import annotations

from tests.emulator.served import Project

DICTIONARY = (
    "field_name,form_name,field_type,field_label\n"
    "record_id,demographics,text,ID\n"
    "note,adverse_event_log,notes,Note\n"
)


def test_instruments_have_a_name_and_a_label(project: Project) -> None:
    assert project.rows("instrument") == [
        {"instrument_name": "form_1", "instrument_label": "Form 1"}
    ]


def test_they_stand_in_the_order_of_the_dictionary(project: Project) -> None:
    project.post("metadata", data=DICTIONARY, format="csv")
    assert [tuple(row.values()) for row in project.rows("instrument")] == [
        ("demographics", "Demographics"),
        ("adverse_event_log", "Adverse Event Log"),
    ]


def test_csv_quotes_labels_with_blanks(project: Project) -> None:
    assert project.post("instrument", format="csv").text == (
        'instrument_name,instrument_label\nform_1,"Form 1"\n'
    )


def test_xml_holds_an_item_per_instrument(project: Project) -> None:
    assert (
        "<item><instrument_name>form_1</instrument_name>"
        "<instrument_label>Form 1</instrument_label></item>"
    ) in project.post("instrument", format="xml").text


def test_the_export_is_logged(project: Project) -> None:
    project.rows("instrument")
    assert project.rows("log")[0]["details"] == "Export instruments (API)"
