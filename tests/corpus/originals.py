"""A small reading of dictionary files for tests, written apart from the tool's own."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from pathlib import Path

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
DICTIONARIES = (
    *sorted((CORPUS / "dictionaries").glob("*.csv")),
    *sorted((CORPUS / "dictionaries").glob("*.zip")),
)
ABSENT = f"the corpus of dictionaries is not at ../shared/{CORPUS.name}"

#: The API's columns, each with what the header of REDCap's page begins with.
COLUMNS = {
    "field_name": "variable",
    "form_name": "formname",
    "section_header": "sectionheader",
    "field_type": "fieldtype",
    "field_label": "fieldlabel",
    "select_choices_or_calculations": "choices",
    "field_note": "fieldnote",
    "text_validation_type_or_show_slider_number": "textvalidationtype",
    "text_validation_min": "textvalidationmin",
    "text_validation_max": "textvalidationmax",
    "identifier": "identifier",
    "branching_logic": "branchinglogic",
    "required_field": "requiredfield",
    "custom_alignment": "customalignment",
    "question_number": "questionnumber",
    "matrix_group_name": "matrixgroup",
    "matrix_ranking": "matrixranking",
    "field_annotation": "fieldannotation",
}


def original_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a file under the API's 18 columns, cells as they are."""
    text = _text(path)
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    header, *rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
                     if any(cell.strip() for cell in row)]  # fmt: skip
    index = {_column(cell): number for number, cell in enumerate(header) if cell.strip()}
    return [
        {column: row[index[column]] if column in index else "" for column in COLUMNS}
        for row in rows
    ]


def _text(path: Path) -> str:
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            return archive.read("instrument.csv").decode("utf-8-sig")
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("windows-1252")


def _column(header: str) -> str:
    folded = re.sub(r"[^a-z]", "", header.lower())
    for column, start in COLUMNS.items():
        if folded == column.replace("_", "") or folded.startswith(start):
            return column
    raise AssertionError(f"unknown column {header}")
