"""A table of one content, CSV or JSON, as rows under REDCap's column names."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from redcap_iac.findings import Findings, Position
from redcap_iac.formats.contents import Content, is_any_column
from redcap_iac.formats.csv_table import (
    QUOTES,
    SHIFTED,
    BrokenQuotesError,
    Row,
    first_row,
    folded,
    stands_out,
    table_rows,
    wider,
)
from redcap_iac.formats.decoding import decoded
from redcap_iac.suggestions import did_you_mean

Cell = str | Mapping[str, str]

#: What to do about JSON that ends too early or has a comma too many.
BROKEN = "Download it again; it may have ended too early."
#: Columns whose cells are codes by instrument, folded.
_MAPS = frozenset({"forms", "formsexport"})
#: Halves of signs, and the zero byte: JSON can spell them, no file of text holds them.
_NO_TEXT = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row by column; `at` is where it begins, `places` the number of each column's cell."""

    cells: Mapping[str, Cell]
    at: Position
    places: Mapping[str, int]

    def text(self, column: str) -> str:
        """Return a cell as text, "" where there is none."""
        cell = self.cells.get(column, "")
        return cell if isinstance(cell, str) else ""

    def place(self, column: str) -> Position:
        """Return where a cell stands."""
        number = self.places.get(column)
        return self.at if number is None else Position(self.at.file, self.at.line, number)


def text_of(data: bytes, file: str, findings: Findings) -> str | None:
    """Return the text of a file, None when it is none; a guess at the encoding is told."""
    try:
        text, encoding = decoded(data)
    except ValueError:
        findings.error(
            "C102", "The file is not text.", Position(file, 1), advice="Save it as CSV UTF-8."
        )
        return None
    if encoding == "windows-1252":
        findings.warning(
            "C102", "The file is not UTF-8 and was read as Windows-1252.", Position(file, 1),
            advice="Look at letters such as é or ü in what was written.",
        )  # fmt: skip
    return text


def header_of(text: str) -> list[str]:
    """Return the first row of a CSV file, or the keys of the first object of a JSON file."""
    if is_json(text):
        rows = _objects(text)
        return list(rows[0]) if rows else []
    return first_row(text, is_any_column)


def is_json(text: str) -> bool:
    """Tell whether a text begins as JSON does."""
    return text.lstrip()[:1] in ("[", "{")


def read_table(text: str, content: Content, file: str, findings: Findings) -> tuple[TableRow, ...]:
    """Return the rows of a table; what does not fit the content is an error with its place."""
    if is_json(text):
        return tuple(_from_json(text, content, file, findings))
    try:
        rows = list(table_rows(text, content.knows))
    except BrokenQuotesError as broken:
        findings.error("C102", broken.message, Position(file, broken.line), advice=QUOTES)
        return ()
    if not rows:
        findings.error("C102", "The file is empty.", Position(file, 1), advice="Download it again.")
        return ()
    index = _index(rows[0].cells, content, Position(file, rows[0].line), findings)
    if index is None:
        return ()
    return tuple(_fitting(rows[1:], index, len(rows[0].cells), file, findings))


def objects(text: str) -> Sequence[Mapping[str, object]] | None:
    """Return the objects of a JSON file, None when it is not JSON or holds anything else."""
    try:
        return _objects(text)
    except ValueError:
        return None


def _objects(text: str) -> list[Mapping[str, object]]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return []
    rows = found if isinstance(found, list) else [found]
    return [row for row in rows if isinstance(row, dict)]


def _fitting(
    rows: Sequence[Row], index: Mapping[str, int], width: int, file: str, findings: Findings
) -> Iterator[TableRow]:
    places = {column: number + 1 for column, number in index.items()}
    for row in rows:
        at = Position(file, row.line)
        if len(row.cells) < width or any(cell.strip() for cell in row.cells[width:]):
            findings.error(
                "C104", f"The row has {len(row.cells)} cells and the header {width}.", at,
                advice="Put text that holds the delimiter in quotation marks.",
            )  # fmt: skip
            continue
        if stands_out(row, rows, width):
            findings.warning("C104", wider(row, width), at, advice=SHIFTED)
        yield TableRow({column: row.cells[n] for column, n in index.items()}, at, places)


def _index(
    header: Sequence[str], content: Content, at: Position, findings: Findings
) -> Mapping[str, int] | None:
    """Return where each column stands, None when the header cannot be of this content."""
    by_folded = {folded(column): column for column in (*content.columns, *content.passed)}
    index: dict[str, int] = {}
    sound = True
    for number, cell in enumerate(header):
        column = by_folded.get(folded(cell))
        place = Position(at.file, at.line, number + 1)
        if column in index:
            findings.error(
                "C103", f"The column {cell.strip()} is there twice.", place,
                advice="Remove one of the two.",
            )  # fmt: skip
            sound = False
        elif column is not None:
            index[column] = number
        elif cell.strip() and not content.loose:
            findings.error(
                "C103", f"A table of {content.name} has no column {cell.strip()[:60]}.", place,
                advice=did_you_mean(cell, content.columns) or "Remove the column.",
            )  # fmt: skip
            sound = False
    missing = sorted(content.needed - index.keys())
    if missing:
        findings.error(
            "C103", f"A table of {content.name} needs the column {missing[0]}.", at,
            advice=f"REDCap's own file begins: {','.join(content.columns[:4])}",
        )  # fmt: skip
        return None
    return index if sound else None


def _from_json(text: str, content: Content, file: str, findings: Findings) -> Iterator[TableRow]:
    broken = json_problem(text)
    if broken is not None:
        findings.error("C102", broken[0], Position(file, *broken[1]), advice=BROKEN)
        return
    found = json.loads(text)
    listed = found if isinstance(found, list) else [found]
    at = Position(file, 1)
    by_folded = {folded(column): column for column in (*content.columns, *content.passed)}
    for number, row in enumerate(listed, start=1):
        if not isinstance(row, dict):
            findings.error(
                "C104", f"Item {number} is no object.", at,
                advice='Every row is written {"column": "text"}.',
            )  # fmt: skip
            continue
        unknown = [key for key in row if folded(key) not in by_folded]
        missing = sorted(content.needed - {by_folded.get(folded(key), "") for key in row})
        twice = len({folded(key) for key in row}) < len(row)
        odd = [key for key, value in row.items() if not _is_cell(folded(key), value)]
        if unknown and not content.loose:
            findings.error(
                "C103", f"Item {number}: {content.name} have no {unknown[0][:60]}.", at,
                advice=did_you_mean(unknown[0], content.columns) or "Remove it.",
            )  # fmt: skip
        elif missing:
            findings.error(
                "C103", f"Item {number} lacks {missing[0]}.", at,
                advice=f"Every row has {', '.join(sorted(content.needed))}.",
            )  # fmt: skip
        elif twice and not content.loose:
            findings.error(
                "C103", f"Item {number} has a column twice.", at, advice="Remove one of the two."
            )
        elif odd and folded(odd[0]) in by_folded:
            findings.error(
                "C104", f"Item {number}: {odd[0]} is not one text.", at,
                advice="Write a text in quotation marks; lists, objects and signs that no text "
                "holds cannot be kept.",
            )  # fmt: skip
        else:
            known = {by_folded[folded(k)]: v for k, v in row.items() if folded(k) in by_folded}
            yield TableRow({key: _cell(value) for key, value in known.items()}, at, {})


def json_problem(text: str) -> tuple[str, tuple[int, int]] | None:
    """Return why a text is no JSON, and its line and column; None when it is."""
    try:
        json.loads(text, object_pairs_hook=_once)
    except _TwiceError as twice:
        return f"One object of the file has {twice} twice.", (1, 1)
    except json.JSONDecodeError as error:
        return "The file is not valid JSON.", (error.lineno, error.colno)
    except (ValueError, RecursionError):  # a number of thousands of digits, lists in lists
        return "The file is not valid JSON of a table.", (1, 1)
    return None


class _TwiceError(ValueError):
    pass


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Return an object; a name twice is refused, where Python would keep the last value."""
    made: dict[str, object] = {}
    for name, value in pairs:
        if name in made:
            raise _TwiceError(name[:60])
        made[name] = value
    return made


def _is_cell(column: str, value: object) -> bool:
    """Tell whether a value can be kept as it is."""
    if isinstance(value, dict):
        return column in _MAPS
    if isinstance(value, list):  # PHP writes an empty map as an empty list
        return not value
    return not isinstance(value, str) or _NO_TEXT.search(value) is None


def _cell(value: object) -> Cell:
    if isinstance(value, dict):
        return {str(key): str(part) for key, part in value.items()}
    if value is None or isinstance(value, list):  # PHP writes an empty map as an empty list
        return ""
    return str(int(value)) if isinstance(value, bool) else str(value)
