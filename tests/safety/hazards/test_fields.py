"""H101: a field that goes, with what is in it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from redcap_iac.hazard import Answer, Count, Undoable
from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.safety.field_changes import removed_alone, removed_instruments
from redcap_iac.safety.hazards import Counts, questions
from redcap_iac.safety.hazards.fields import found
from tests.kinds.dictionary.drafting import a_field, radio
from tests.safety.hazards.scenes import asked, scene, told

AGE = a_field("age", "intake", field_label="Age")
TOWN = a_field("town", "intake", field_label="Where do you live?")
MOOD = a_field("mood", "visit", field_label="Mood today")


def test_a_removed_field_is_told_with_the_records_that_hold_a_value() -> None:
    (hazard,) = told(scene((AGE, TOWN), (TOWN,)), 3, "H101")
    assert hazard.message == (
        "Field age would be removed, and with it its values in 3 of 10 records."
    )
    assert hazard.address == "field/age"
    assert hazard.stake is not None
    assert (hazard.stake.answer, hazard.stake.undoable) == (Answer.ACCEPTANCE, Undoable.NO)
    assert hazard.stake.count == Count(3, of=10)


def test_the_way_out_comes_with_it() -> None:
    (hazard,) = told(scene((AGE, TOWN), (TOWN,)), 3, "H101")
    assert "renamed_from: age" in hazard.advice
    assert "@HIDDEN" in hazard.advice


def test_what_nobody_could_count_waits_too() -> None:
    (hazard,) = told(scene((AGE, TOWN), (TOWN,)), None, "H101")
    assert hazard.stake is not None
    assert hazard.stake.answer is Answer.ACCEPTANCE
    assert "an unknown number of records" in hazard.message


def test_a_field_that_surely_holds_nothing_is_only_noted() -> None:
    (hazard,) = told(scene((AGE, TOWN), (TOWN,)), 0, "H101")
    assert hazard.stake is not None
    assert hazard.stake.answer is Answer.NOTE
    assert "no record" in hazard.message


def test_none_seen_by_who_may_not_see_all_is_not_none() -> None:
    of = scene((AGE, TOWN), (TOWN,))
    counts = Counts(dict.fromkeys(questions(of), Count(0, at_least=True)))
    (hazard,) = found(of, counts)
    assert hazard.stake is not None
    assert hazard.stake.answer is Answer.ACCEPTANCE


@pytest.mark.parametrize(
    ("field", "logic", "contents"),
    [
        (AGE, '[age] <> ""', "its values"),
        (a_field("scan", "intake", field_type="file"), '[scan] <> ""', "its documents"),
        (
            a_field("bmi", "intake", field_type="calc", select_choices_or_calculations="1"),
            '[bmi] <> ""',
            "its calculated values",
        ),
        (
            replace(radio("race", "1, A | x2, B"), form_name="intake", field_type="checkbox"),
            '[race(1)] = "1" or [race(x2)] = "1"',
            "its ticks",
        ),
    ],
    ids=["text", "file", "calc", "checkbox"],
)
def test_what_goes_is_said_by_type_and_counted_in_its_own_way(
    field: Field, logic: str, contents: str
) -> None:
    of = scene((field, TOWN), (TOWN,))
    assert asked(of) == [logic]
    (hazard,) = told(of, 3, "H101")
    assert contents in hazard.message


def test_documents_cannot_be_carried_to_another_name() -> None:
    of = scene((a_field("scan", "intake", field_type="file"), TOWN), (TOWN,))
    (hazard,) = told(of, 3, "H101")
    assert "renamed_from" not in hazard.advice
    assert "download" in hazard.advice


def test_descriptive_text_holds_nothing() -> None:
    of = scene((a_field("hint", "intake", field_type="descriptive"), TOWN), (TOWN,))
    assert asked(of) == []
    assert told(of, 3, "H101") == []


def test_an_instrument_that_goes_whole_is_not_told_field_by_field() -> None:
    of = scene((AGE, MOOD, a_field("pain", "visit")), (AGE,))
    assert removed_alone(of) == ()
    assert removed_instruments(of) == {"visit"}
    assert told(of, 3, "H101") == []


def test_an_instrument_of_which_a_field_moves_on_is() -> None:
    moved = replace(MOOD, form_name="intake")
    of = scene((AGE, MOOD, a_field("pain", "visit", field_label="Pain")), (AGE, moved))
    assert removed_instruments(of) == set()
    assert [hazard.address for hazard in told(of, 3, "H101")] == ["field/pain"]


def test_an_instrument_that_stays_with_other_fields_is() -> None:
    of = scene((AGE, MOOD), (AGE, a_field("weight", "visit", field_label="Kilograms")))
    assert [hazard.address for hazard in told(of, 3, "H101")] == ["field/mood"]


def test_a_field_whose_values_are_carried_is_not() -> None:
    new = replace(AGE, field_name="age_years", renamed_from="age")
    assert told(scene((AGE, TOWN), (new, TOWN)), 3, "H101") == []


def test_the_record_id_is_told_by_its_own_hazard() -> None:
    of = scene((AGE, TOWN), (AGE, TOWN), keeps_id=False)
    assert [hazard.code for hazard in told(of, 3, "H101", "H103", "H109")] == ["H109"]


def test_in_a_project_just_created_nothing_is_anybodys() -> None:
    of = scene((AGE, TOWN), (TOWN,), fresh=True)
    assert asked(of) == []
    assert told(of, None, "H101") == []


def test_in_public_a_small_number_is_masked_and_its_grammar_too() -> None:
    (hazard,) = told(scene((AGE, TOWN), (TOWN,)), 1, "H101")
    assert hazard.stake is not None
    assert hazard.stake.public == (
        "Field age would be removed, and with it its values in fewer than 5 of 10 records."
    )
