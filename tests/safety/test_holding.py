"""Questions about values are asked only where the text says what is meant."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.logic import parse, ungrouped
from redcap_iac.logic.tree import Chain, Reference, Step, Text
from redcap_iac.safety.holding import answered, asking, held, holds_code
from redcap_iac.safety.scene import Question
from tests.kinds.dictionary.drafting import a_field, radio

RACE = replace(radio("race", "1, A | 2, B"), field_type="checkbox")


def test_a_value_is_what_is_not_blank() -> None:
    assert held(a_field("age")) == Question('[age] <> ""', ("age",))


def test_ticks_are_looked_at_one_by_one() -> None:
    assert held(RACE) == Question('[race(1)] = "1" or [race(2)] = "1"', ("race",))


@pytest.mark.parametrize(
    "field",
    [a_field("hint", field_type="descriptive"), replace(RACE, select_choices_or_calculations="")],
)
def test_where_there_can_be_no_value_nothing_is_asked(field: Field) -> None:
    assert held(field) is None


@pytest.mark.parametrize("code", ["1", "-4", "9..9", "a_b", "N/A", 'say "x"', "it's", "a\\b"])
def test_a_code_is_asked_for_as_it_is_spelt(code: str) -> None:
    question = answered(radio("race", ""), code)
    assert question is not None
    assert ungrouped(parse(question.logic)) == Chain(Reference("race"), (Step("=", Text(code)),))


@pytest.mark.parametrize("code", ["a)b", "x]y", "a(b", ""])
def test_a_tick_that_no_text_says_is_not_asked_for(code: str) -> None:
    assert answered(RACE, code) is None


def test_what_is_longer_than_a_form_takes_is_not_asked() -> None:
    assert asking(holds_code(a_field("age"), "x" * 30_000), "age") is None


@given(st.text(max_size=12))
def test_a_question_always_reads_as_what_was_meant(code: str) -> None:
    for field in (radio("race", ""), RACE):
        question = answered(field, code)
        if question is not None:
            assert ungrouped(parse(question.logic)) == holds_code(field, code)
