"""Every expression of the published designs in ../shared/corpus (see its INDEX.csv)."""

import re
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

from redcap_iac.logic import (
    Reference,
    as_text,
    evaluate,
    miscounted_arguments,
    parse,
    render,
    smart_variables,
    truth,
    unknown_functions,
)
from redcap_iac.logic.action_tags import every_tag
from redcap_iac.logic.smart_variables import smart_sort
from redcap_iac.logic.tag_table import tag_sort
from tests.corpus.expressions import (
    FILES,
    PROJECTS,
    Expression,
    expressions,
    is_read,
    logic,
    table,
    table_rows,
    wrong_expressions,
)
from tests.corpus.originals import ABSENT, CORPUS

REGRESSION_TEST = CORPUS / "dictionaries" / "biggeeves__regression-test.csv"

pytestmark = [pytest.mark.corpus, pytest.mark.skipif(not FILES, reason=ABSENT)]
TABLES = [path for path in FILES if path not in PROJECTS]
each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)


def readable(path: Path) -> list[Expression]:
    wrong = wrong_expressions()
    return [found for found in logic(path) if (path.name, found.field, found.use) not in wrong]


@each_file
def test_every_expression_parses_but_those_known_to_be_wrong(path: Path) -> None:
    refused = {(found.field, found.use) for found in logic(path) if not is_read(found.text)}

    known = {(field, use) for file, field, use in wrong_expressions() if file == path.name}
    assert refused == known


def test_each_wrong_expression_has_a_reason() -> None:
    assert all(reason.strip() for reason in wrong_expressions().values())


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


def test_every_tag_is_redcaps_own_or_one_of_an_external_module() -> None:
    unknown = {
        tag.written
        for path in TABLES
        for row in table_rows(path)
        for tag in every_tag(row["field_annotation"])
        if tag_sort(tag.name) is None
    }

    # NOW_UTC is @NOW-UTC misspelt; the others are what external modules add
    assert unknown == {
        "FIELD-NOTES-DISPLAY", "FORMINSTANCE", "INSTANCETABLE", "INSTANCETABLE_ADDBTNLABEL",
        "INSTANCETABLE_HIDEINSTANCECOL", "NOW_UTC", "UVALIDATE",
    }  # fmt: skip


def test_every_tag_is_closed_but_one() -> None:
    unclosed = [
        (path.name, row["field_name"], tag.name)
        for path in TABLES
        for row in table_rows(path)
        for tag in every_tag(row["field_annotation"])
        if not tag.closed
    ]

    # opened with ' and closed with "
    name = "vanderbilt-redcap__hub-settings.csv"
    assert unclosed == [(name, "toolkit_redirect_text", "DEFAULT")]


def test_smart_variables_are_known_but_two() -> None:
    wrong = {(file, field, use) for file, field, use in wrong_expressions()}
    unknown = {
        node.name
        for path in FILES
        for found in expressions(path)
        if found.use != "embedding" and (path.name, found.field, found.use) not in wrong
        for node in smart_variables(parse(found.text))
        if smart_sort(node.name) is None
    }

    # a field misspelt to show what happens, and redcap-base-url misspelt
    assert unknown == {"pse-textbox", "redcap-url"}


def test_the_corpus_is_as_large_as_it_was() -> None:
    uses = Counter(found.use for path in FILES for found in expressions(path))
    least = {
        "branching": 13_158, "calculation": 318, "@IF": 24, "@CALCTEXT": 25, "@CALCDATE": 24,
        "elsewhere": 85, "piping": 1_767, "embedding": 1_121,
    }  # fmt: skip

    assert {use: uses[use] for use in least if uses[use] < least[use]} == {}


def test_the_table_of_counts_adds_up() -> None:
    header, *lines = (line.split("\t") for line in table(FILES[:5]))
    *rows, total = ([int(cell) for cell in line[1:]] for line in lines)

    assert header[1:4] == ["expressions", "read", "wrong"]
    assert total == [sum(column) for column in zip(*rows, strict=True)]
    assert all(row[0] == row[1] + row[2] == sum(row[3:]) for row in rows)


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
    found = logic(REGRESSION_TEST)
    return Project(entered, {each.field: each.text for each in found if each.use == "calculation"})


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
    texts = {found.field: found.text for found in logic(REGRESSION_TEST)}

    assert truth(parse(texts[field]), regression_project, Project.clock) is shown
