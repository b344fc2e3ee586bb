"""Names and labels as words."""

from __future__ import annotations

import pytest

from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.lint.rules.coded import columns
from redcap_iac.lint.rules.wording import ends_with, folded, named, plain, said, short


def test_a_label_is_read_without_its_markup() -> None:
    assert plain("<p>Weight,&nbsp;<b>kg</b></p>\n now") == "Weight, kg now"


def test_a_comparison_is_no_markup() -> None:
    assert plain("Value < 5 and > 2") == "Value < 5 and > 2"


def test_folded_texts_are_equal_whatever_their_case_and_punctuation() -> None:
    assert folded("E-Mail:") == folded("e mail") == "e mail"


@pytest.mark.parametrize(
    ("text", "found"),
    [("Your e-mail address", "e mail"), ("Female", ""), ("The candidate", ""), ("Date?", "date")],
)
def test_phrases_are_found_as_whole_words(text: str, found: str) -> None:
    assert said(text, ("e-mail", "date")) == found


def test_no_phrase_is_found_where_none_is_asked_for() -> None:
    assert said("Anything", ()) == ""


def test_numbers_in_a_name_do_not_part_its_words() -> None:
    assert named("mother_first_name_2", ("first name",)) == "first name"
    assert named("update_1", ("date",)) == ""


def test_the_end_of_a_text_is_whole_words_too() -> None:
    assert ends_with("Contact e-mail", ("e-mail",)) == "e-mail"
    assert ends_with("Contact female", ("male",)) == ""


def test_a_long_text_is_cut_for_a_message() -> None:
    assert short("x" * 41) == "x" * 39 + "…"
    assert short("x" * 40) == "x" * 40


def test_export_columns_are_in_lower_case_with_underscores() -> None:
    field = Field("drugs", "form", "", "checkbox", "Drugs", "-1, A | B.c, B | 3, C")
    assert columns(field) == {
        "drugs____1": ("-1",),
        "drugs___b_c": ("B.c",),
        "drugs___3": ("3",),
    }
