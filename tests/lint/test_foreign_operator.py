"""The fix of LG007: REDCap's own operators, and nothing else of the cell."""

from __future__ import annotations

import pytest

from redcap_iac.edits import SetCell
from redcap_iac.lint.rules.logic_writing import foreign_operator
from redcap_iac.lint.settings import Settings
from tests.design.building import design_of

FIELDS = """
fields:
  a: {{type: yesno, label: A}}
  b: {{type: text, label: B, {cell}}}
"""


def fixes(cell: str) -> list[tuple[SetCell, ...]]:
    design = design_of(FIELDS.format(cell=cell))
    return [found.fix for found in foreign_operator(design, Settings())]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("[a] == '1' && [a]==='0'", "[a] = '1' and [a]='0'"),
        ("[a]='1'||[a]='0'", "[a]='1' or [a]='0'"),
        ("([a] = '1')  ||  [b] = '=='", "([a] = '1') or [b] = '=='"),
        ("[a] == '1' // as in a == b", "[a] = '1' // as in a == b"),
    ],
)
def test_operators_are_written_as_redcap_writes_them(written: str, expected: str) -> None:
    assert fixes(f'branching: "{written}"') == [(SetCell("b", "branching_logic", expected),)]


def test_the_argument_of_a_tag_is_left_to_people() -> None:
    assert fixes("annotation: \"@CALCTEXT(if([a] == '1', 'x', 'y'))\"") == [()]


def test_a_text_that_would_change_as_well_is_left_to_people() -> None:
    assert fixes("branching: \"[a] == '1' or [b] = 'this  and  that'\"") == [()]
