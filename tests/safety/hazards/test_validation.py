"""H111: less is taken than before, and which stored values would fail."""

from __future__ import annotations

from dataclasses import replace

import pytest

from redcap_iac.hazard import Answer
from redcap_iac.kinds.dictionary.field import Field
from tests.kinds.dictionary.drafting import a_field
from tests.safety.hazards.scenes import asked, scene, told


def of_kind(name: str = "", least: str = "", most: str = "", **more: str) -> Field:
    return a_field(
        "age",
        text_validation_type_or_show_slider_number=name,
        text_validation_min=least,
        text_validation_max=most,
        **more,
    )


@pytest.mark.parametrize(
    ("before", "after", "logic"),
    [
        (of_kind(), of_kind("number"), '[age] <> "" and not (isnumber([age]))'),
        (of_kind("number"), of_kind("integer"), '[age] <> "" and not (isinteger([age]))'),
        (of_kind("integer"), of_kind("integer", "18"), '[age] <> "" and [age] < 18'),
        (of_kind("int", "0"), of_kind("integer", "18"), '[age] <> "" and [age] < 18'),
        (
            of_kind("integer", "0", "120"),
            of_kind("integer", "18", "99"),
            '[age] <> "" and ([age] < 18 or [age] > 99)',
        ),
        (
            of_kind("number", "-5"),
            of_kind("number", "-2.5", "9"),
            '[age] <> "" and ([age] < -2.5 or [age] > 9)',
        ),
        (
            of_kind("date_dmy"),
            of_kind("date_dmy", "2020-01-01"),
            '[age] <> "" and [age] < "2020-01-01"',
        ),
        (
            of_kind(),
            of_kind("integer", "18"),
            '[age] <> "" and (not (isinteger([age])) or [age] < 18)',
        ),
        (
            of_kind(field_type="slider"),
            of_kind("", "10", "", field_type="slider"),
            '[age] <> "" and ([age] < 10 or [age] > 100)',
        ),
    ],
)
def test_values_that_would_fail_are_counted_by_logic(
    before: Field, after: Field, logic: str
) -> None:
    assert asked(scene((before,), (after,))) == [logic]


def test_it_is_noted_with_the_number_and_what_is_taken() -> None:
    (hazard,) = told(scene((of_kind(),), (of_kind("integer", "18", "99"),)), 3, "H111")
    assert hazard.message == (
        "age would take less than before (integer from 18 to 99): values in 3 of 10 records would"
        " fail at their next edit."
    )
    assert hazard.stake is not None
    assert hazard.stake.answer is Answer.NOTE


def test_where_every_value_passes_nothing_is_said() -> None:
    assert told(scene((of_kind(),), (of_kind("integer"),)), 0, "H111") == []


@pytest.mark.parametrize(
    "after",
    [of_kind("email"), of_kind("date_ymd", "today"), of_kind("date_ymd", "[start]")],
    ids=["no logic tells an address", "a moving bound", "a bound of its own in each record"],
)
def test_what_logic_cannot_tell_is_not_known(after: Field) -> None:
    of = scene((of_kind(),), (after,))
    assert asked(of) == []
    (hazard,) = told(of, 3, "H111")
    assert "an unknown number of records" in hazard.message


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (of_kind("integer"), of_kind("number")),
        (of_kind("number_2dp"), of_kind("number")),
        (of_kind("email"), of_kind()),
        (of_kind("date_ymd"), of_kind("date_mdy")),
        (of_kind("int"), of_kind("integer")),
        (of_kind("integer", "18", "99"), of_kind("integer", "17", "100")),
        (of_kind("integer", "18"), of_kind("integer")),
        (of_kind("date_ymd", "2020-01-02"), of_kind("date_ymd", "2020-01-01")),
        (
            of_kind("", "10", "90", field_type="slider"),
            of_kind("", "0", "100", field_type="slider"),
        ),
    ],
)
def test_what_takes_as_much_as_before_is_none(before: Field, after: Field) -> None:
    of = scene((before,), (after,))
    assert asked(of) == []
    assert told(of, 3, "H111") == []


def test_a_change_of_type_is_told_by_its_own_hazard() -> None:
    after = replace(of_kind("", "0", "10"), field_type="slider")
    assert told(scene((of_kind(),), (after,)), 3, "H111") == []
