"""H108: a type changed, by its pair and by what is held."""

from __future__ import annotations

from dataclasses import replace

import pytest

from redcap_iac.findings import Severity
from redcap_iac.hazard import Answer, Undoable
from tests.kinds.dictionary.drafting import a_field, radio
from tests.safety.hazards.scenes import asked, scene, told

TOWN = a_field("town", field_label="Town")
RACE = radio("race", "1, A | 2, B", field_label="Race")


def test_ticks_that_would_become_one_value_are_refused() -> None:
    of = scene((replace(RACE, field_type="checkbox"),), (RACE,))
    (hazard,) = told(of, 3, "H108")
    assert hazard.severity is Severity.ERROR
    assert hazard.stake is not None
    assert (hazard.stake.answer, hazard.stake.undoable) == (Answer.REFUSED, Undoable.NO)
    assert "from checkbox to radio" in hazard.message
    assert "3 of 10 records" in hazard.message
    assert "new field of type radio" in hazard.advice
    assert asked(of) == ['[race(1)] = "1" or [race(2)] = "1"']


@pytest.mark.parametrize(
    ("number", "answer"), [(0, Answer.NOTE), (3, Answer.REFUSED), (None, Answer.REFUSED)]
)
def test_what_is_forbidden_with_data_is_only_noted_without(
    number: int | None, answer: Answer
) -> None:
    of = scene((TOWN,), (replace(TOWN, field_type="file"),))
    (hazard,) = told(of, number, "H108")
    assert hazard.stake is not None
    assert hazard.stake.answer is answer


@pytest.mark.parametrize(
    ("number", "answer"), [(0, Answer.NOTE), (3, Answer.ACCEPTANCE), (None, Answer.ACCEPTANCE)]
)
def test_what_may_lose_something_waits_for_a_word(number: int | None, answer: Answer) -> None:
    of = scene((replace(TOWN, field_type="notes"),), (TOWN,))
    (hazard,) = told(of, number, "H108")
    assert hazard.address == "field/town"
    assert hazard.stake is not None
    assert (hazard.stake.answer, hazard.stake.undoable) == (answer, Undoable.PARTLY)


@pytest.mark.parametrize("type_name", ["dropdown", "yesno", "truefalse"])
def test_one_code_in_another_dress_is_none(type_name: str) -> None:
    before = radio("well", "1, Yes | 0, No")
    after = replace(before, field_type=type_name)
    of = scene((before,), (after,))
    assert told(of, 3, "H108") == []


def test_a_longer_text_is_none() -> None:
    assert told(scene((TOWN,), (replace(TOWN, field_type="notes"),)), 3, "H108") == []
