"""How faults of a dictionary name the cells they are about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from redcap_iac.emulator.design import COLUMNS

Row = Mapping[str, str]

_LETTERS = {column: "ABCDEFGHIJKLMNOPQR"[at] for at, column in enumerate(COLUMNS)}


def cell(column: str, number: int) -> str:
    """Return a cell as the page's upload names it: the letter of its column, its row."""
    return f"{_LETTERS[column]}{number}"


def numbered(rows: Sequence[Row]) -> Iterator[tuple[int, Row]]:
    """Pair the rows with their numbers, from 2."""
    return enumerate(rows, start=2)


def said(text: str, places: Iterable[str], between: str = "\n") -> Iterator[str]:
    """Yield a text with its places behind it, or nothing when there are none."""
    found = list(dict.fromkeys(places))
    if found:
        yield text + between + (", " if between == " " else "\n").join(found)


def named(column: str, number: int, value: str) -> str:
    """Return a value with its cell: `demographics (A3)` (recorded)."""
    return f"{value} ({cell(column, number)})".lstrip()
