"""The CSV files of the design pages: headers for people or of the API, any usual delimiter."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Mapping, Sequence

from redcap_iac.emulator.design import COLUMNS
from redcap_iac.emulator.drafting.acting import DraftError

#: The header of the Designer's file (recorded), in the order of the API's columns.
PAGE_HEADER: tuple[str, ...] = (
    "Variable / Field Name", "Form Name", "Section Header", "Field Type", "Field Label",
    "Choices, Calculations, OR Slider Labels", "Field Note",
    "Text Validation Type OR Show Slider Number", "Text Validation Min", "Text Validation Max",
    "Identifier?", "Branching Logic (Show field only if...)", "Required Field?",
    "Custom Alignment", "Question Number (surveys only)", "Matrix Group Name",
    "Matrix Ranking?", "Field Annotation",
)  # fmt: skip

_DELIMITERS = ",;\t"
_BY_HEADING = {
    **{heading.lower(): column for heading, column in zip(PAGE_HEADER, COLUMNS, strict=True)},
    **{column: column for column in COLUMNS},
}


def dictionary_text(rows: Sequence[Mapping[str, str]]) -> str:
    """Return a dictionary as the Designer's download writes it."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(PAGE_HEADER)
    writer.writerows([row.get(column, "") for column in COLUMNS] for row in rows)
    return buffer.getvalue()


def dictionary_rows(text: str) -> list[dict[str, str]]:
    """Read a whole dictionary: its 18 columns in any order, by page or API header.

    Raises DraftError for a column that is missing, unknown or there twice (words inferred).
    """
    lines = _lines(text)
    headings = [heading.strip() for heading in lines[0]]
    columns = [_BY_HEADING.get(heading.lower(), "") for heading in headings]
    unknown = [heading for heading, known in zip(headings, columns, strict=True) if not known]
    if unknown:
        raise DraftError(f"the file has a column that a dictionary does not: {unknown[0]!r}")
    if len(columns) != len(set(columns)):
        raise DraftError("the file has a column twice")
    missing = [
        heading
        for heading, column in zip(PAGE_HEADER, COLUMNS, strict=True)
        if column not in columns
    ]
    if missing:
        raise DraftError(f"the file lacks a column of the dictionary: {missing[0]!r}")
    return _rows(columns, lines[1:])


def rows_of(text: str, needed: Collection[str]) -> list[dict[str, str]]:
    """Read the file of another design page, whose header is that of the API's export."""
    lines = _lines(text)
    columns = [heading.strip() for heading in lines[0]]
    missing = [column for column in needed if column not in columns]
    if missing:
        raise DraftError(f"the file lacks the column {missing[0]!r}")
    return _rows(columns, lines[1:])


def _lines(text: str) -> list[list[str]]:
    content = text.removeprefix("\ufeff")
    first = content.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    try:
        reader = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter, strict=True)
        lines = [line for line in reader if any(cell.strip() for cell in line)]
    except csv.Error as error:
        raise DraftError(f"the file is not CSV: {error}") from error
    if not lines:
        raise DraftError("the file is empty")
    return lines


def _rows(columns: Sequence[str], lines: Sequence[Sequence[str]]) -> list[dict[str, str]]:
    if not lines:
        raise DraftError("the file has no rows")
    for number, line in enumerate(lines, start=2):
        if len(line) > len(columns):
            raise DraftError(f"row {number} of the file has more cells than there are columns")
    return [
        {**dict.fromkeys(columns, ""), **dict(zip(columns, line, strict=False))} for line in lines
    ]
