"""Rows of a CSV file as spreadsheets write them, each with the line it begins on; and back."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

DELIMITERS = ",;\t"
_BLANKS = re.compile(r'["\\\n\r\t ]')

#: What to do about quotation marks that do not fit.
QUOTES = 'A cell that holds a " is put in quotation marks, and the " written twice.'
#: What to do about a row with empty cells too many: a text may have been cut at a delimiter.
SHIFTED = (
    "Look whether a text of the row is cut: one that holds the delimiter needs quotation marks."
)


@dataclass(frozen=True, slots=True)
class Row:
    """Cells as they are; `line` is the first of the row."""

    line: int
    cells: list[str]

    @property
    def is_blank(self) -> bool:
        """Tell whether no cell holds anything."""
        return not any(cell.strip() for cell in self.cells)


class BrokenQuotesError(Exception):
    """Quotation marks that do not fit; `line` is where the row begins."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.message = message
        self.line = line


def table_rows(text: str, is_known: Callable[[str], bool]) -> Iterator[Row]:
    """Yield the rows that hold anything.

    The delimiter is the one under which most cells of the first row are known; `sep=` of Excel
    is skipped. Raises BrokenQuotesError.
    """
    skipped = 0
    hint = re.match(r'"?sep=(.)"?[ ,;\t]*(\r\n|\r|\n)', text, re.IGNORECASE)
    if hint is not None:  # Excel's own way to name the delimiter
        text, skipped = text[hint.end() :], 1
    delimiter = _delimiter(text, is_known)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    with _cells_of_any_size(len(text)):
        while True:
            line = reader.line_num + 1 + skipped
            try:
                cells = next(reader, None)
            except csv.Error as error:
                raise BrokenQuotesError(_explained(error), line) from None
            if cells is None:
                return
            row = Row(line, cells)
            if not row.is_blank:
                yield row


def first_row(text: str, is_known: Callable[[str], bool]) -> list[str]:
    """Return the cells of the first row that holds anything, nothing when it cannot be read."""
    try:
        found = next(table_rows(text, is_known), None)
    except BrokenQuotesError:
        return []
    return found.cells if found is not None else []


def written(lines: Iterable[Sequence[str]], delimiter: str = ",") -> str:
    """Return rows as CSV the way REDCap writes it.

    Commas (or another delimiter), LF, and quotation marks around cells with a blank, as REDCap's
    own download has them (recorded).
    """
    return "".join(delimiter.join(_cell(cell, delimiter) for cell in line) + "\n" for line in lines)


def stands_out(row: Row, rows: Sequence[Row], width: int) -> bool:
    """Tell whether a row has more cells than the header, and not only as all rows have.

    Spreadsheets fill every row up to the widest; a single longer one is more likely a text with
    a delimiter in it that nobody put in quotation marks.
    """
    return len(row.cells) > width and any(len(other.cells) != len(row.cells) for other in rows)


def wider(row: Row, width: int) -> str:
    """Say that a row has more cells than the header, the last of them empty."""
    return f"The row has {len(row.cells)} cells and the header {width}; the last are empty."


def folded(name: str) -> str:
    """Return a header as it is compared: letters and digits only, without case."""
    return re.sub(r"[^a-z0-9]", "", name.casefold())


def _cell(text: str, delimiter: str) -> str:
    if delimiter not in text and _BLANKS.search(text) is None:
        return text
    return '"' + text.replace('"', '""') + '"'


def _explained(error: csv.Error) -> str:
    if "end of data" in str(error):
        return "A quotation mark opened in the row that begins here is never closed."
    return "In the row that begins here, text follows a closing quotation mark."


@contextmanager
def _cells_of_any_size(most: int) -> Iterator[None]:
    """Let the csv module read cells longer than its 131,072 characters, for this file only."""
    before = csv.field_size_limit()
    csv.field_size_limit(max(before, most + 1))
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _delimiter(text: str, is_known: Callable[[str], bool]) -> str:
    """Return the delimiter under which the most columns of the header are known."""

    def known(delimiter: str) -> int:
        lines = io.StringIO(text.lstrip("\r\n")[:20_000], newline="")
        return sum(map(is_known, next(csv.reader(lines, delimiter=delimiter), [])))

    return max(DELIMITERS, key=known)
