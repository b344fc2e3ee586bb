"""Anything in several fields: one question where it can be, and what several answers mean."""

from __future__ import annotations

import pytest

from redcap_iac.hazard import UNKNOWN, Count
from redcap_iac.logic import parse, references
from redcap_iac.safety.hazards import Counts
from redcap_iac.safety.holding_any import altogether, holding_any
from redcap_iac.safety.scene import Question
from tests.kinds.dictionary.drafting import a_field

A = Question("[a] = 1", ("a",))
B = Question("[b] = 1", ("b",))


def test_fields_are_asked_for_together() -> None:
    (question,) = holding_any([a_field("a", "x"), a_field("b", "x")], ["week_arm_1"])
    assert question is not None
    assert {one.field for one in references(parse(question.logic))} == {"a", "b"}
    assert (question.fields, question.events) == (("a", "b"), ("week_arm_1",))


def test_descriptive_fields_hold_nothing() -> None:
    assert holding_any([a_field("a", "x", field_type="descriptive")]) == ()


def test_a_status_counts_where_it_is_asked_for() -> None:
    (question,) = holding_any([a_field("a", "x")], status_of="x")
    assert question is not None
    assert question.fields == ("a", "x_complete")
    assert {one.field for one in references(parse(question.logic))} == {"a", "x_complete"}


def test_very_many_fields_are_several_questions_about_each_once() -> None:
    fields = [a_field(f"a_field_with_a_long_name_{n}", "x") for n in range(3_000)]
    asked = holding_any(fields)
    assert len(asked) > 1
    names = [name for question in asked if question for name in question.fields]
    assert names == [field.field_name for field in fields]


@pytest.mark.parametrize(
    ("a", "b", "together"),
    [
        (Count(0, of=9), Count(0, of=9), Count(0, of=9)),
        (Count(2, of=9), Count(0, of=9), Count(2, at_least=True)),
        (Count(2, of=9), Count(5, of=9), Count(5, at_least=True)),
        (Count(2, of=9), UNKNOWN, Count(2, at_least=True)),
        (Count(0, of=9), UNKNOWN, UNKNOWN),
        (UNKNOWN, UNKNOWN, UNKNOWN),
    ],
)
def test_of_several_answers_only_the_largest_is_sure(a: Count, b: Count, together: Count) -> None:
    assert altogether(Counts({A: a, B: b}), (A, B)) == together


def test_one_answer_is_the_answer() -> None:
    assert altogether(Counts({A: Count(3, of=9)}), (A,)) == Count(3, of=9)


def test_where_there_is_nothing_to_ask_there_is_nothing() -> None:
    assert altogether(Counts(), ()) == Count(0)


def test_what_cannot_be_asked_is_not_known() -> None:
    assert altogether(Counts(), (None,)) == UNKNOWN
