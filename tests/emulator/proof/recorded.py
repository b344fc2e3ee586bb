"""The recorded answers in ../shared/corpus/responses, read in place as the tables they hold."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.emulator.proof import r_binary, r_source
from tests.emulator.proof.r_binary import RVector
from tests.emulator.served import Project

CORPUS = Path(__file__).parents[4] / "shared" / "corpus"
RESPONSES = CORPUS / "responses"
XML = CORPUS / "xml"
ABSENT = f"the recorded answers are not at ../shared/{CORPUS.name}/{RESPONSES.name}"

#: What a table is: rows in order, cells as text.
Table = list[dict[str, str]]

#: Marks of a test module that reads recorded answers.
NEEDS_CORPUS = [pytest.mark.corpus, pytest.mark.skipif(not RESPONSES.is_dir(), reason=ABSENT)]


def raw(name: str) -> str:
    """Return a file as text, with its line ends."""
    return (RESPONSES / name).read_bytes().decode("utf-8-sig")


def from_csv(text: str) -> Table:
    """Read csv; NA is how R writes an empty cell."""
    rows = csv.DictReader(io.StringIO(text, newline=""))
    return [{name: "" if cell == "NA" else cell for name, cell in row.items()} for row in rows]


def loaded(name: str) -> Any:  # noqa: ANN401 - whatever json holds
    """Return what a json file holds."""
    return json.loads(raw(name))


def source(name: str) -> Table:
    """Read the one data frame of an R source file."""
    (columns,) = r_source.tables(raw(name))
    return _rows(columns)


def member(name: str, *path: str) -> Table:
    """Read a data frame inside a binary R file."""
    value = r_binary.read((RESPONSES / name).read_bytes())
    for step in path:
        assert isinstance(value, RVector)
        value = value.member(step)
    (columns,) = r_source.frames(value)
    return _rows(columns)


def as_text(rows: Iterable[Mapping[str, object]]) -> Table:
    """Return rows of json with their cells as R and csv keep them."""
    return [{name: text(cell) for name, cell in row.items()} for row in rows]


def text(cell: object) -> str:
    """Spell a cell as REDCap does: NA is blank, a flag is 0 or 1, a whole number has no point."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(int(cell))
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dict):
        return ",".join(f"{key}:{value}" for key, value in cell.items())
    return str(cell)


def only(rows: Table, *columns: str) -> Table:
    """Return the rows with some of their columns."""
    return [{name: row[name] for name in columns} for row in rows]


def without(rows: Table, *columns: str) -> Table:
    """Return the rows without columns that differ between servers: ids and dates."""
    return [{name: cell for name, cell in row.items() if name not in columns} for row in rows]


def take(project: Project, content: str, rows: Table, *, override: int | None = None) -> None:
    """Import rows as json; every one must be taken."""
    answer = project.post(content, "import", data=json.dumps(rows), override=override)
    assert (answer.status_code, answer.text) == (200, str(len(rows)))


def csv_of(project: Project, content: str, **parameters: object) -> str:
    """Export as csv, with line ends as they come; fails on a refusal."""
    answer = project.post(content, None, format="csv", **parameters)
    assert answer.status_code == 200, answer.text
    return answer.content.decode("utf-8")


def _rows(columns: Mapping[str, list[object]]) -> Table:
    names = tuple(columns)
    lines = zip(*columns.values(), strict=True)
    return [dict(zip(names, map(text, line), strict=True)) for line in lines]
