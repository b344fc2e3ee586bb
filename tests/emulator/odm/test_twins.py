"""Project files compared with the data dictionary that the same project was published with.

A dictionary download and a project file differ by what the file cannot hold; the differences that
are known, and no others, are allowed for here.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

import pytest

from redcap_iac.emulator.server import Emulator
from tests.emulator.odm.creating import created
from tests.emulator.odm.reading import ABSENT, CORPUS, FILES

pytestmark = [pytest.mark.corpus, pytest.mark.skipif(not FILES, reason=ABSENT)]

COLUMNS = (
    "field_name", "form_name", "section_header", "field_type", "field_label",
    "select_choices_or_calculations", "field_note", "text_validation_type_or_show_slider_number",
    "text_validation_min", "text_validation_max", "identifier", "branching_logic",
    "required_field", "custom_alignment", "question_number", "matrix_group_name",
    "matrix_ranking", "field_annotation",
)  # fmt: skip
TWINS = (
    "biggeeves__regression-test",
    "KohlbacherLab__nse-mit-fallmanagement",
    "KohlbacherLab__nse-ohne-fallmanagement",
    *(
        f"OuhscBbmc__redcapr-{name}"
        for name in (
            "arm-multiple-delete", "checkboxes-1", "dag", "longitudinal", "repeating-instruments",
            "survey", "validation-types-1",
        )
    ),
)  # fmt: skip
Row = dict[str, str]


def dictionary(name: str) -> list[Row]:
    """Read the CSV twin: comma or semicolon, with or without a byte-order mark."""
    text = (CORPUS / "dictionaries" / f"{name}.csv").read_bytes().decode("utf-8-sig")
    header = text.partition("\n")[0]
    delimiter = ";" if header.count(";") > header.count(",") else ","
    lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))[1:]
    return [dict(zip(COLUMNS, line, strict=True)) for line in lines if line]


def imported(emulator: Emulator, name: str) -> list[Row]:
    """Export the dictionary of a project made from the file."""
    text = (CORPUS / "xml" / f"{name}.xml").read_text(encoding="utf-8")
    rows: list[Row] = created(emulator, text).rows("metadata")
    return rows


def known(row: Row) -> Row:
    """Return a row of a download as a project file can hold it."""
    kind, shows_number = row["field_type"], row["text_validation_type_or_show_slider_number"]
    cells = {name: cell.replace("\r\n", "\n") for name, cell in row.items()}
    for name in cells.keys() - {"field_label", "text_validation_min", "text_validation_max"}:
        # attributes hold no line breaks and no tabs
        cells[name] = cells[name].replace("\n", " ").replace("\t", " ")
    # a download puts a blank before a cell that a spreadsheet would take for a formula
    if cells["field_annotation"].startswith(" @"):
        cells["field_annotation"] = cells["field_annotation"][1:]
    is_ontology = cells["select_choices_or_calculations"].startswith(("BIOPORTAL:", "SIMPLE:"))
    if kind == "sql" or (kind == "text" and not is_ontology):
        cells["select_choices_or_calculations"] = ""
    if kind == "slider" and not shows_number:
        cells["text_validation_min"] = cells["text_validation_max"] = ""
    return comparable(cells)


def comparable(row: Row) -> Row:
    """Return a row with its choices trimmed: downloads put blanks around bars, files do not."""
    if row["field_type"] not in ("radio", "dropdown", "checkbox"):
        return row
    choices = row["select_choices_or_calculations"].split("|")
    pairs = (choice.strip().partition(",") for choice in choices)
    joined = "|".join(f"{code.strip()}, {label.strip()}" for code, _, label in pairs)
    return {**row, "select_choices_or_calculations": joined}


@pytest.mark.parametrize("name", TWINS)
def test_the_dictionary_is_that_of_the_download(emulator: Emulator, name: str) -> None:
    found = [comparable(row) for row in imported(emulator, name)]

    assert found == [known(row) for row in dictionary(name)]


def test_another_revision_agrees_in_most_fields(emulator: Emulator) -> None:
    """The two were published on different days; most of the study had not changed."""
    name = "eipm__bridge2ai-voice"
    downloaded = {row["field_name"]: known(row) for row in dictionary(name)}

    found = [comparable(row) for row in imported(emulator, name)]

    shared = [row for row in found if row["field_name"] in downloaded]
    equal = [row for row in shared if row == downloaded[row["field_name"]]]
    assert len(shared) == 1474
    assert len(equal) > 0.8 * len(shared)


def test_a_file_written_by_hand_agrees_as_far_as_it_says(emulator: Emulator) -> None:
    """Without `redcap:` attributes a file cannot tell a list from buttons, or notes from text."""
    name = "vickymuller-md__heartland"
    downloaded = {row["field_name"]: known(row) for row in dictionary(name)}

    found = [comparable(row) for row in imported(emulator, name)]

    assert [row["field_name"] for row in found] == list(downloaded)
    differences = Counter(
        (column, row[column], downloaded[row["field_name"]][column])
        for row in found
        for column in COLUMNS
        if row[column] != downloaded[row["field_name"]][column]
    )
    # the file has no upper limits at all
    assert {row["text_validation_max"] for row in found} == {""}
    assert {key: n for key, n in differences.items() if key[0] != "text_validation_max"} == {
        ("field_type", "radio", "dropdown"): 5,
        ("field_type", "text", "notes"): 1,
        ("identifier", "", "y"): 1,
    }


def test_a_file_written_by_hand_brings_its_events(emulator: Emulator) -> None:
    text = (CORPUS / "xml" / "vickymuller-md__heartland.xml").read_text(encoding="utf-8")

    project = created(emulator, text)

    forms = ["enrollment", "baseline", "gdmt_status", "monthly_followup", "outcomes_12mo"]
    assert {row["unique_event_name"] for row in project.rows("event")} == {
        f"{form}_arm_1" for form in forms
    }
    mapping = {(row["unique_event_name"], row["form"]) for row in project.rows("formEventMapping")}
    assert mapping == {(f"{form}_arm_1", form) for form in forms}
    assert [row["event_name"] for row in project.rows("repeatingFormsEvents")] == [
        "monthly_followup_arm_1"
    ]


def test_every_twin_is_there() -> None:
    missing = [
        path
        for name in (*TWINS, "eipm__bridge2ai-voice", "vickymuller-md__heartland")
        for path in (CORPUS / "xml" / f"{name}.xml", CORPUS / "dictionaries" / f"{name}.csv")
        if not Path(path).is_file()
    ]

    assert missing == []
