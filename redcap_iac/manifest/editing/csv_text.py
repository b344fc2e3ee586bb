"""Surgery on a dictionary kept as CSV: a cell or a row changes, all other bytes stay.

Rows are found as the reader finds them (`formats/dictionary_csv`): any of its headers, commas,
semicolons or tabs, every line end, every encoding. A new cell is quoted where the old one was,
or where it must be.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from redcap_iac.errors import EditError
from redcap_iac.formats.csv_table import DELIMITERS, folded
from redcap_iac.formats.decoding import decoded
from redcap_iac.formats.dictionary_csv import is_column
from redcap_iac.kinds.dictionary.field import COLUMNS, HEADERS

_SEP = re.compile(r"sep=(.)[ ,;\t]*(\r\n|\r|\n)", re.IGNORECASE)
_BLANK = re.compile(r'["\\\n\r\t ]')
_EDGE = re.compile(r"^[ \t]|[ \t]$")
_QUOTED = re.compile(r'"(?:[^"]|"")*"')
_BREAK = re.compile(r"\r\n|\r|\n")
_COLUMN: Mapping[str, str] = {
    folded(spelling): column
    for column, header in zip(COLUMNS, HEADERS, strict=True)
    for spelling in (column, header)
}


@dataclass(slots=True)
class _Row:
    """A row as it is written: its cells with their quotes, and its line end."""

    cells: list[str]
    end: str

    @property
    def is_blank(self) -> bool:
        return not any(_plain(cell).strip() for cell in self.cells)


class CsvText:
    """A dictionary as CSV to be changed in place, by field names and the API's column names.

    Raises EditError when the file cannot be read, and from every change that cannot be made.
    """

    def __init__(self, data: bytes, file: str) -> None:
        self._file = file
        self._data = data
        self._changed = False
        self._places: dict[str, int] | None = None
        try:
            text, self._encoding = decoded(data)
        except ValueError:
            raise EditError(f"{file} is not text.") from None
        codec = "utf-8" if self._encoding == "windows-1252" else self._encoding
        mark = "\ufeff".encode(codec)
        self._mark = mark if data.startswith(mark) else b""
        hint = _SEP.match(text)
        self._hint = hint.group() if hint is not None else ""
        text = text[len(self._hint) :]
        self._delimiter = max(DELIMITERS, key=lambda one: _known(text, one))
        self._rows = _rows(text, self._delimiter)
        ends = [row.end for row in self._rows if row.end]
        self._end = max(dict.fromkeys(ends), key=ends.count) if ends else "\n"
        self._head = next((n for n, row in enumerate(self._rows) if not row.is_blank), -1)
        if self._head < 0:
            raise EditError(f"{file} is empty.")
        names = [_COLUMN.get(folded(_plain(cell)), "") for cell in self._rows[self._head].cells]
        self._index = {column: number for number, column in enumerate(names) if column}
        if "field_name" not in self._index:
            raise EditError(f"{file} names no column of a data dictionary.")

    # asking

    def fields(self) -> tuple[str, ...]:
        """Return the names of the fields in their order."""
        return tuple(self._name(row) for row in self._rows[self._head + 1 :] if not row.is_blank)

    def column(self, column: str) -> Mapping[str, str]:
        """Return the cells of a column by field."""
        return {name: self.cell(name, column) for name in self.fields()}

    def cell(self, row_key: str, column: str) -> str:
        """Return a cell of a field, "" where the file lacks the column."""
        row, index = self._rows[self._place(row_key)], self._index.get(column, -1)
        return _plain(row.cells[index]) if 0 <= index < len(row.cells) else ""

    def data(self) -> bytes:
        """Return the bytes of the file; EditError when its encoding lacks a letter."""
        if not self._changed:
            return self._data
        rows = (self._delimiter.join(row.cells) + row.end for row in self._rows)
        text = self._hint + "".join(rows)
        if self._encoding != "windows-1252":
            return self._mark + text.encode(self._encoding)
        return b"".join(self._windows(letter) for letter in text)

    # changing

    def set(self, row_key: str, column: str, text: str) -> None:
        """Give a cell another text; a column that an old file lacks is added."""
        if self.cell(row_key, column) == text:
            return
        row = self._rows[self._place(row_key)]
        self._need(column)
        index = self._index[column]
        row.cells[index] = self._written(text, quoted=row.cells[index].startswith('"'))
        self._changed = True

    def insert_row(self, after: str | None, row: Mapping[str, str]) -> None:
        """Put a new row behind that of a field, or first."""
        if row.get("field_name", "") in self.fields():
            raise EditError(f"{row['field_name']} is in {self._file} already.")
        for column, text in row.items():
            if text:
                self._need(column)
        names = {index: column for column, index in self._index.items()}
        width = len(self._rows[self._head].cells)
        near = self._rows[self._head if after is None else self._place(after)]
        every = len(near.cells) > 1 and all(cell.startswith('"') for cell in near.cells)
        texts = (row.get(names.get(index, ""), "") for index in range(width))
        cells = [self._written(text, quoted=every or bool(_BLANK.search(text))) for text in texts]
        self._put(_Row(cells, self._end), after)

    def remove_row(self, row_key: str) -> None:
        """Take the row of a field out."""
        self._take(row_key)

    def move_row(self, row_key: str, after: str | None) -> None:
        """Put the row of a field behind that of another, or first."""
        if after == row_key:
            return
        if after is not None:
            self._place(after)
        self._put(self._take(row_key), after)

    def rename(self, row_key: str, name: str) -> None:
        """Give a field another name."""
        if name in self.fields():
            raise EditError(f"{name} is in {self._file} already.")
        self.set(row_key, "field_name", name)
        self._places = None

    # rows

    def _need(self, column: str) -> None:
        """Add a column that an older file lacks, behind the others, empty but for its header."""
        if column in self._index:
            return
        if column not in COLUMNS:
            raise EditError(f"REDCap has no column {column}.")
        header = self._rows[self._head].cells
        words = {_plain(cell) for cell in header}
        title = dict(zip(COLUMNS, HEADERS, strict=True))[column] if words & set(HEADERS) else column
        width = len(header)
        for number, row in enumerate(self._rows):
            if number == self._head:
                row.cells.append(self._written(title, quoted=bool(_BLANK.search(title))))
            elif number > self._head and not row.is_blank:
                row.cells.insert(width, "")
        self._index[column] = width
        self._changed = True

    def _name(self, row: _Row) -> str:
        index = self._index["field_name"]
        return _plain(row.cells[index]) if index < len(row.cells) else ""

    def _place(self, name: str) -> int:
        if self._places is None:
            self._places = {}
            for number, row in enumerate(self._rows):
                if number > self._head and not row.is_blank:
                    self._places.setdefault(self._name(row), number)
        if name not in self._places:
            raise EditError(f"{name} is not in {self._file}.")
        return self._places[name]

    def _take(self, name: str) -> _Row:
        self._changed = True
        place = self._place(name)
        row = self._rows.pop(place)
        self._places = None
        self._places = None
        if not row.end and place:
            row.end, self._rows[place - 1].end = self._end, ""
        return row

    def _put(self, row: _Row, after: str | None) -> None:
        self._changed = True
        place = (self._head if after is None else self._place(after)) + 1
        before = self._rows[place - 1]
        if not before.end:
            before.end, row.end = self._end, ""
        self._rows.insert(place, row)
        self._places = None
        self._places = None

    # cells

    def _written(self, text: str, *, quoted: bool) -> str:
        must = self._delimiter in text or '"' in text or _BREAK.search(text) or _EDGE.search(text)
        return '"' + text.replace('"', '""') + '"' if quoted or must else text

    def _windows(self, letter: str) -> bytes:
        for codec in ("cp1252", "latin-1"):
            if codec == "latin-1" and not "\x80" <= letter <= "\x9f":
                break
            try:
                return letter.encode(codec)
            except UnicodeEncodeError:
                continue
        raise EditError(
            f"{self._file} is in Windows-1252, which has no letter {letter!r}.",
            "Save the file as UTF-8.",
        )


def _plain(cell: str) -> str:
    """Return what a written cell holds."""
    return cell[1:-1].replace('""', '"') if cell.startswith('"') else cell


def _rows(text: str, delimiter: str) -> list[_Row]:
    """Return the rows of a file as they are written, blank ones too."""
    stop = re.compile(rf"[{re.escape(delimiter)}\r\n]")
    rows: list[_Row] = []
    cells: list[str] = []
    cursor = 0
    while cursor < len(text) or cells:
        quoted = _QUOTED.match(text, cursor)
        found = stop.search(text, quoted.end() if quoted is not None else cursor)
        end = found.start() if found is not None else len(text)
        cells.append(text[cursor:end])
        if text.startswith(delimiter, end):
            cursor = end + 1
            if cursor == len(text):
                cells.append("")
        else:
            ending = _BREAK.match(text, end)
            cursor = ending.end() if ending is not None else len(text)
            rows.append(_Row(cells, ending.group() if ending is not None else ""))
            cells = []
            continue
        if cursor == len(text):
            rows.append(_Row(cells, ""))
            cells = []
    return rows


def _known(text: str, delimiter: str) -> int:
    """Return how many cells of the first row that holds anything are known as columns."""
    rows = _rows(text.lstrip("\r\n")[:20_000], delimiter)
    return sum(is_column(_plain(cell)) for cell in rows[0].cells) if rows else 0
