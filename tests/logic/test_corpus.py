"""Every expression of the published dictionaries in ../shared/corpus (see its INDEX.csv)."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from redcap_iac.logic import (
    LogicError,
    Reference,
    as_text,
    evaluate,
    miscounted_arguments,
    parse,
    render,
    truth,
    unknown_functions,
)

HERE = Path(__file__).parent
DICTIONARIES = HERE.parents[2] / "shared" / "corpus" / "dictionaries"
FILES = sorted(DICTIONARIES.glob("*.csv")) + sorted(DICTIONARIES.glob("*.zip"))
REGRESSION_TEST = DICTIONARIES / "biggeeves__regression-test.csv"

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not FILES, reason=f"no corpus at {DICTIONARIES}"),
]
each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)


@dataclass(frozen=True)
class Found:
    """An expression of a dictionary."""

    field: str
    is_calculation: bool
    text: str


def tables(path: Path) -> Iterator[str]:
    if path.suffix == ".csv":
        yield decoded(path.read_bytes())
        return
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.endswith(".csv"):
                yield decoded(archive.read(name))


def decoded(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def expressions(path: Path) -> Iterator[Found]:
    for table in tables(path):
        first_line = table.split("\n", 1)[0]
        delimiter = max(",;", key=first_line.count)
        for row in csv.DictReader(io.StringIO(table), delimiter=delimiter):
            field = row.get("Variable / Field Name") or row.get("field_name") or ""
            calculation = row.get("Choices, Calculations, OR Slider Labels") or row.get(
                "select_choices_or_calculations"
            )
            branching = row.get("Branching Logic (Show field only if...)") or row.get(
                "branching_logic"
            )
            kind = row.get("Field Type") or row.get("field_type")
            if kind == "calc" and calculation and calculation.strip():
                yield Found(field, is_calculation=True, text=calculation)
            if branching and branching.strip():
                yield Found(field, is_calculation=False, text=branching)


def wrong_expressions() -> dict[tuple[str, str], str]:
    """The fields whose expression is none, by file and field, each with the reason seen by eye."""
    with (HERE / "wrong_expressions.csv").open(newline="", encoding="utf-8") as lines:
        return {(row["file"], row["field"]): row["reason"] for row in csv.DictReader(lines)}


def readable(path: Path) -> list[Found]:
    wrong = wrong_expressions()
    return [found for found in expressions(path) if (path.name, found.field) not in wrong]


@each_file
def test_every_expression_parses_but_those_known_to_be_wrong(path: Path) -> None:
    refused = set()
    for found in expressions(path):
        try:
            parse(found.text)
        except LogicError:
            refused.add(found.field)

    assert refused == {field for file, field in wrong_expressions() if file == path.name}


@each_file
def test_every_expression_survives_rendering(path: Path) -> None:
    changed = [
        found for found in readable(path) if parse(render(parse(found.text))) != parse(found.text)
    ]

    assert changed == []


@each_file
def test_every_function_is_known_and_rightly_called(path: Path) -> None:
    strange = [
        (found.field, call.name)
        for found in readable(path)
        for call in (
            *unknown_functions(parse(found.text)),
            *miscounted_arguments(parse(found.text)),
        )
    ]

    assert strange == []


def test_the_corpus_is_as_large_as_it_was() -> None:
    found = [expression for path in FILES for expression in expressions(path)]
    calculations = sum(expression.is_calculation for expression in found)

    assert calculations >= 229
    assert len(found) - calculations >= 11_558


class Project:
    """A record that works out its calculated fields when asked, at noon of one day."""

    clock = datetime(2026, 3, 10, 12)

    def __init__(self, entered: dict[str, str], calculations: dict[str, str]) -> None:
        self.entered = entered
        self.calculations = calculations

    def value(self, reference: Reference) -> str:
        if reference.field in self.calculations:
            return as_text(evaluate(parse(self.calculations[reference.field]), self, self.clock))
        return self.entered[reference.field]

    def smart(self, name: str, arguments: tuple[str, ...]) -> str:
        raise AssertionError((name, arguments))


@pytest.fixture
def regression_project() -> Project:
    """Defaults of a project REDCap administrators run after each upgrade to test its calculations.

    Its field ``calc_with_defaults_pass`` is shown if each calculation gives what REDCap gives.
    """
    values = """
        open_range_integer 4  int_0_to_100 2  zero 0  open_number 1111.11  number_0_to_100 22.22
        d1 1.1  d2 2.12  d4 4.1234  choice_1_to_5 5  choice_1_to_10 10  slilder1 45
        date_no_min_max 2026-03-10  date2 2026-03-10  time1 08:30  time2 08:30
    """
    entered = dict(re.findall(r"(\S+) (\S+)", values))
    found = expressions(REGRESSION_TEST)
    return Project(entered, {each.field: each.text for each in found if each.is_calculation})


@pytest.mark.parametrize(
    ("field", "shown"),
    [
        ("calc_with_defaults_pass", True),
        ("calc_with_defaults_fail", False),
        ("calc_with_defaults_fail_2", False),
    ],
)
def test_calculations_give_what_redcap_gives(
    field: str, shown: bool, regression_project: Project
) -> None:
    texts = {found.field: found.text for found in expressions(REGRESSION_TEST)}

    assert truth(parse(texts[field]), regression_project, Project.clock) is shown
