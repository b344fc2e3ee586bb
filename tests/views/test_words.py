from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redcap_iac.views.words import abridged, are_alike, runs

TEXTS = st.lists(st.sampled_from(["pain", "the", " ", "  ", ",", "last", "night", "\n"])).map(
    "".join
)


@given(TEXTS, TEXTS)
def test_the_runs_are_both_texts_to_the_letter(before: str, after: str) -> None:
    found = runs(before, after)
    assert "".join(text for how, text in found if how != "+") == before
    assert "".join(text for how, text in found if how != "-") == after


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("Black", "Black or African American", [("=", "Black"), ("+", " or African American")]),
        ("a b c", "a x c", [("=", "a "), ("-", "b"), ("+", "x"), ("=", " c")]),
        ("a b c d", "a x y d", [("=", "a "), ("-", "b c"), ("+", "x y"), ("=", " d")]),
        ("same", "same", [("=", "same")]),
        ("", "new", [("+", "new")]),
    ],
)
def test_what_differs_is_found_by_words(
    before: str, after: str, found: list[tuple[str, str]]
) -> None:
    assert list(runs(before, after)) == found


def test_words_far_from_a_difference_are_left_out() -> None:
    far = " ".join(f"w{number}" for number in range(100))
    found = abridged(runs(f"{far} old {far}", f"{far} new {far}"))
    assert found[0] == ("=", "… w92 w93 w94 w95 w96 w97 w98 w99 ")
    assert found[1:3] == (("-", "old"), ("+", "new"))
    assert found[3][1].startswith(" w0 w1 w2 w3 w4 w5 w6 w7 …")


def test_between_two_differences_both_sides_are_kept() -> None:
    far = " ".join(f"w{number}" for number in range(100))
    found = abridged(runs(f"a {far} b", f"c {far} d"))
    assert found[2][1].startswith(" w0 w1 ")
    assert found[2][1].endswith(" w98 w99 ")
    assert " … " in found[2][1]


def test_texts_that_share_little_are_not_alike() -> None:
    assert not are_alike("How old are you?", "Date of birth")
    assert are_alike("How old are you?", "How old are you today?")


def test_very_long_texts_take_no_time() -> None:
    begun = time.perf_counter()
    runs(" ".join(map(str, range(60_000))), " ".join(map(str, range(60_000, 0, -1))))
    assert time.perf_counter() - begun < 5
