from __future__ import annotations

import pytest

from redcap_iac.logic import parse
from redcap_iac.logic.types import Sort, literal, reads_as_number, typed
from tests.logic.vocabularies import SmallVocabulary

WORDS = SmallVocabulary()


@pytest.mark.parametrize(
    ("text", "sort"),
    [
        ("5", Sort.NUMBER),
        ("'5'", Sort.TEXT),
        ("today", Sort.DATE),
        ("now", Sort.DATETIME),
        ("true", Sort.TRUTH),
        ("[sex]", Sort.CHOICE),
        ("[SEX]", Sort.CHOICE),
        ("[sex:value]", Sort.CHOICE),
        ("[sex:label]", Sort.TEXT),
        ("[drugs]", Sort.CHECKBOX),
        ("[drugs(1)]", Sort.CHECKED),
        ("[nobody]", Sort.UNKNOWN),
        ("[user-name]", Sort.TEXT),
        ("[event-number]", Sort.NUMBER),
        ("[not-a-variable]", Sort.UNKNOWN),
        ("([age])", Sort.NUMBER),
        ("not [sex]", Sort.TRUTH),
        ("-[age]", Sort.NUMBER),
        ("([age])^(2)", Sort.NUMBER),
        ("[age] + 1", Sort.NUMBER),
        ("[age] > 1", Sort.TRUTH),
        ("[age] > 1 and [sex] = '1'", Sort.TRUTH),
        ("datediff([born], [seen], 'd')", Sort.NUMBER),
        ("contains([free], 'x')", Sort.TRUTH),
        ("upper([free])", Sort.TEXT),
        ("nonsense([free])", Sort.UNKNOWN),
        ("if([age] > 1, [born], [seen])", Sort.DATE),
        ("if([age] > 1, [born], '')", Sort.DATE),
        ("if([age] > 1, [born], 5)", Sort.UNKNOWN),
    ],
)
def test_every_expression_is_of_a_sort(text: str, sort: Sort) -> None:
    assert typed(parse(text), WORDS).sort is sort


@pytest.mark.parametrize(
    ("text", "constant"),
    [("5", "5"), ("-5", "-5"), ("('x')", "x"), ("''", ""), ("[age]", None), ("1 + 1", None),
     ("-'x'", None)],
)  # fmt: skip
def test_a_constant_is_told_with_its_sign(text: str, constant: str | None) -> None:
    assert literal(parse(text)) == constant


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[age]", True),
        ("[sex]", True),  # codes that are numbers
        ("[group]", False),  # codes that are letters
        ("[drugs(1)]", True),
        ("[free]", True),  # may hold one
        ("[born]", False),
        ("'5'", True),
        ("''", True),
        ("'five'", False),
    ],
)
def test_what_arithmetic_can_work_with(text: str, expected: bool) -> None:
    tree = parse(text)
    assert reads_as_number(tree, typed(tree, WORDS)) is expected
