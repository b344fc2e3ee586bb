"""Mistakes of sorts; what lint says of them is in tests/lint/cases."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from redcap_iac.logic import Expression, parse
from redcap_iac.logic.types_checking import mistakes
from redcap_iac.logic.types_mistakes import Mistake
from tests.logic.test_properties import TREES
from tests.logic.vocabularies import SmallVocabulary

WORDS = SmallVocabulary("-99", "UNK")


def found(text: str) -> list[Mistake]:
    return [remark.mistake for remark in mistakes(parse(text), WORDS)]


def test_mistakes_come_in_the_order_of_the_text() -> None:
    text = "[sex] = '9' and [age] = 'old' and [drugs] = '1'"
    assert found(text) == [
        Mistake.IMPOSSIBLE_CODE,
        Mistake.NUMBER_AGAINST_WORD,
        Mistake.CHECKBOX_WITHOUT_CODE,
    ]


def test_the_same_mistake_is_told_once() -> None:
    assert found("[sex] = '9' or [sex] = '9'") == [Mistake.IMPOSSIBLE_CODE]


@pytest.mark.parametrize("text", ["[sex] = '-99'", "[age] = 'UNK'", "[born] = 'UNK'"])
def test_missing_data_codes_fit_any_field(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "[sex] = [group]",
        "[free] = 'anything' and [free] > 5",
        "[seen] >= [born] and [came] > [born]",
        "[at] < '12:00'",
        "[scan] <> ''",
        "[user-dag-name] = 'north' and [event-number] > 2",
        "if([age] > 17, [age], '') > 17",
        "round([age], 1) = 5 and length([free]) < 9",
        "datediff([came], 'now', 'm') > 90",
        "sum([age], [sex], [drugs(1)], 5)",
    ],
)
def test_sound_logic_has_no_mistakes(text: str) -> None:
    assert found(text) == []


def test_the_message_names_what_is_compared() -> None:
    (remark,) = mistakes(parse("[sex] = 'female'"), WORDS)
    assert '[sex] with "female", which is the label of code 2' in remark.message
    assert "'2'" in remark.advice


@settings(max_examples=50)
@given(TREES)
def test_any_expression_can_be_judged(tree: Expression) -> None:
    for remark in mistakes(tree, WORDS):
        assert remark.message
        assert remark.advice
