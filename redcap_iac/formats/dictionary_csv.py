"""The data dictionary as a CSV file: REDCap's download and upload, and what became of it since.

Headers of the project page or of the API, 15 (old) to 18 columns, in any order; comma, semicolon
or tab; every line ending; every encoding a spreadsheet writes. Cells are kept as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from redcap_iac.findings import Findings, Position
from redcap_iac.formats.csv_table import (
    QUOTES,
    SHIFTED,
    BrokenQuotesError,
    Row,
    folded,
    stands_out,
    table_rows,
    wider,
    written,
)
from redcap_iac.formats.decoding import decoded
from redcap_iac.kinds.dictionary.field import COLUMNS, HEADERS, TYPES, Field
from redcap_iac.suggestions import did_you_mean

#: Columns without which a row says nothing; the others are empty when the file lacks them.
REQUIRED = ("field_name", "form_name", "field_type", "field_label")
#: Columns that older versions of REDCap did not have yet (recorded: files of 15 to 17 columns).
_YOUNG = ("matrix_group_name", "matrix_ranking", "field_annotation")


def read_dictionary(data: bytes, file: str, findings: Findings) -> tuple[Field, ...]:
    """Return the fields of a CSV dictionary; `file` is its path as the person knows it.

    Positions are the line a row begins on and the number of the cell in it. A row that does not
    fit the header is an error; what remains of it keeps its name, so that one missing comma is
    not reported again as an unknown field elsewhere.
    """
    try:
        text, encoding = decoded(data)
    except ValueError:
        findings.error(
            "M251", "The file is not text.", Position(file, 1), advice="Save it as CSV UTF-8."
        )
        return ()
    if encoding == "windows-1252":
        findings.warning(
            "M251", "The file is not UTF-8 and was read as Windows-1252.", Position(file, 1),
            advice="Look at letters such as é or ü in the plan, or save the file as UTF-8.",
        )  # fmt: skip
    try:
        rows = list(table_rows(text, is_column))
    except BrokenQuotesError as broken:
        findings.error("M252", broken.message, Position(file, broken.line), advice=QUOTES)
        return ()
    if not rows:
        findings.error("M253", "The file is empty.", Position(file, 1))
        return ()
    header = _header(rows, file, findings)
    if header is None:
        return ()
    found = tuple(_fields(header, rows[1:], file, findings))
    if not found:
        findings.error("M253", "The dictionary has no fields.", Position(file, 1))
    return found


def is_column(header: str) -> bool:
    """Tell whether a header names a column of the dictionary, in the page's or the API's words."""
    return folded(header) in _KNOWN


def write_dictionary(fields: Iterable[Field], *, page: bool = True, delimiter: str = ",") -> str:
    """Return a dictionary as CSV with the header of REDCap's page, or else of its API.

    Cells are written as they are: no sign is put before one that a spreadsheet takes for a
    formula. No byte-order mark: the first header would begin with it.
    """
    rows = (tuple(field.row().values()) for field in fields)
    return written([HEADERS if page else COLUMNS, *rows], delimiter)


# header


_KNOWN: Mapping[str, str] = {
    folded(spelling): column
    for column, header in zip(COLUMNS, HEADERS, strict=True)
    for spelling in (column, header)
}


@dataclass(frozen=True, slots=True)
class _Header:
    """Where each column stands: index by column, and the number of cells of a row."""

    index: Mapping[str, int]
    width: int

    @property
    def places(self) -> Mapping[str, int]:
        return {column: index + 1 for column, index in self.index.items()}


def _header(rows: Sequence[Row], file: str, findings: Findings) -> _Header | None:
    row = rows[0]
    if len(row.cells) == 1:
        findings.error(
            "M254", "The columns cannot be told apart.", Position(file, row.line),
            advice="Separate them by comma, semicolon or tab, and put no quotation marks around "
            "whole lines.",
        )  # fmt: skip
        return None
    index: dict[str, int] = {}
    sound = True
    for number, cell in enumerate(row.cells):
        at = Position(file, row.line, number + 1)
        column = _KNOWN.get(folded(cell))
        if column is None and not cell.strip():
            if any(_filled(other, number) for other in rows[1:]):
                findings.error(
                    "M254", "A column with content has no header.", at,
                    advice="Name the column in the first line, or remove it.",
                )  # fmt: skip
                sound = False
        elif column is None:
            findings.error(
                "M254", f"Unknown column {cell.strip()[:60]}.", at, advice=_column_advice(cell)
            )
            sound = False
        elif column in index:
            findings.error(
                "M254", f"The column {cell.strip()} is there twice.", at,
                advice="Remove one of the two.",
            )  # fmt: skip
            sound = False
        else:
            index[column] = number
    if not sound or not _complete(index, row, file, findings):
        return None
    return _Header(index, len(row.cells))


def _filled(row: Row, number: int) -> bool:
    return len(row.cells) > number and bool(row.cells[number].strip())


def _column_advice(cell: str) -> str:
    near = did_you_mean(cell, [*HEADERS, *COLUMNS])
    return near or "REDCap knows 18 columns; remove the others."


def _complete(index: Mapping[str, int], row: Row, file: str, findings: Findings) -> bool:
    at = Position(file, row.line)
    names = dict(zip(COLUMNS, HEADERS, strict=True))
    missing = [column for column in COLUMNS if column not in index]
    needed = [names[column] for column in missing if column in REQUIRED]
    if needed:
        findings.error(
            "M254", f"The column {needed[0]} is missing.", at,
            advice="The first line must name the columns, as in the file REDCap downloads.",
        )  # fmt: skip
        return False
    old = [names[column] for column in missing if column not in _YOUNG]
    if old:
        findings.warning("M254", f"Columns the file lacks are read as empty: {'; '.join(old)}.", at)
    return True


# fields


def _fields(header: _Header, rows: Sequence[Row], file: str, findings: Findings) -> Iterator[Field]:
    places = header.places
    for row in rows:
        at = Position(file, row.line)
        cells = {
            column: row.cells[index]
            for column, index in header.index.items()
            if index < len(row.cells)
        }
        problem = _misfit(header, row)
        if problem:
            findings.error(
                "M255", problem, at, address=f"field/{cells.get('field_name', '')}",
                advice="Put text that holds the delimiter in quotation marks.",
            )  # fmt: skip
            # Not to be written, only to be known: other rows may refer to it.
            yield Field(cells.get("field_name", ""), cells.get("form_name", ""), "", "text", at=at)
        else:
            if stands_out(row, rows, header.width):
                findings.warning(
                    "M255", wider(row, header.width), at,
                    address=f"field/{cells.get('field_name', '')}", advice=SHIFTED,
                )  # fmt: skip
            yield Field.of(cells, at, places)


def _misfit(header: _Header, row: Row) -> str:
    """Say why the cells of a row cannot belong to the columns of the header, "" if they can."""
    extra = row.cells[header.width :]
    if len(row.cells) < header.width or any(cell.strip() for cell in extra):
        count = f"The row has {len(row.cells)} cells and the header {header.width}"
    else:
        count = ""
    shift = _shift(header, row)
    if count and shift:
        return f"{count}: {shift}."
    if count:
        less = len(row.cells) < header.width
        return f"{count}: a delimiter is {'missing' if less else 'too many'}."
    return f"The cells of the row are shifted: {shift}." if shift else ""


def _shift(header: _Header, row: Row) -> str:
    """Tell a shift by the field type: not a type itself, but a neighbour is."""
    index = header.index["field_type"]
    cells = [cell.strip().lower() for cell in row.cells]
    if index < len(cells) and cells[index] in TYPES:
        return ""
    for other, side in ((index - 1, "left"), (index + 1, "right")):
        if 0 <= other < len(cells) and cells[other] in TYPES:
            return f"the field type {cells[other]} stands one cell to the {side}"
    return ""
