"""Which edits of a label are corrections, and which may change an answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redcap_iac.safety.small_edits import is_small


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Somtimes", "Sometimes"),
        ("Sometimess", "Sometimes"),
        ("Sometimez", "Sometimes"),
        ("Soemtimes", "Sometimes"),
        ("Former smoker", "Former smokers"),
        ("Yes, completely", "Yes completely"),
        ("Week 12 folow-up", "Week 12 follow-up"),
        ("No longer employd", "No longer employed"),
    ],
)
def test_one_edit_is_a_correction(before: str, after: str) -> None:
    assert is_small(before, after)
    assert is_small(after, before)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Sometimes", "Sometimes"),
        ("Sometimes", "Somtims"),
        ("Mild", "Milk"),
        ("Severe", "Sever"),
        ("Within 10 weeks", "Within 11 weeks"),
        ("Within 1 weekend", "Within 10 weekend"),
        ("Less than < daily", "Less than > daily"),
        ("Tumour stage I", "Tumour stage II"),
        ("Tumour stage XVII", "Tumour stage XVIII"),
        ("Hepatitis A virus", "Hepatitis B virus"),
        ("symptomatic", "asymptomatic"),
        ("interior wall", "anterior wall"),
        ("I do smoke often", "I do smoke, often now"),
        ("I can smoke here, now", "I can smoke here, not"),
        ("a typical finding", "atypical finding"),
    ],
)
def test_what_may_mean_something_else_is_none(before: str, after: str) -> None:
    assert not is_small(before, after)
    assert not is_small(after, before)


@pytest.mark.parametrize(
    ("before", "after"),
    [("nie wieder rauchen", "wie wieder rauchen"), ("I cant walk", "I can walk")],
)
def test_a_negation_that_comes_or_goes_is_none(before: str, after: str) -> None:
    assert not is_small(before, after)
    assert not is_small(after, before)


@given(st.text("abc 19<-I", max_size=14), st.text("abc 19<-I", max_size=14))
def test_it_is_the_same_both_ways(one: str, two: str) -> None:
    assert is_small(one, two) == is_small(two, one)


@given(st.text("abcdefgh", min_size=10, max_size=20), st.data())
def test_digits_are_never_small(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word)))
    assert not is_small(word, f"{word[:at]}{data.draw(st.integers(0, 9))}{word[at:]}")
