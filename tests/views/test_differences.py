from __future__ import annotations

import pytest

from redcap_iac.changes import Aspect, Value
from redcap_iac.views.differences import lines, value_text

THREE = (("1", "White"), ("2", "Asian"), ("3", "Black"))


def shown(name: str, before: Value, after: Value) -> list[str]:
    return [line.plain for line in lines(Aspect(name, before, after))]


def test_short_texts_stand_before_and_after_an_arrow() -> None:
    assert shown("max", "2020-01-01", "today") == ["2020-01-01 → today"]


def test_a_text_that_comes_or_goes_is_told_as_none() -> None:
    assert shown("note", "", "in cm") == ["(none) → in cm"]
    assert shown("note", "in cm", "") == ["in cm → (none)"]


def test_long_texts_are_told_word_by_word() -> None:
    assert shown("label", "Do you ever work at night?", "Do you often work at night?") == [
        "Do you {-ever-}{+often+} work at night?"
    ]


def test_long_texts_that_share_nothing_stand_one_after_the_other() -> None:
    assert shown("label", "Number of cigarettes a day", "Glasses of wine each week") == [
        "Number of cigarettes a day → Glasses of wine each week"
    ]


def test_choices_are_told_one_by_one() -> None:
    after = (("1", "White"), ("3", "Black or African American"), ("7", "Prefer not to say"))
    assert shown("choices", THREE, after) == [
        "~ 3, Black {+or African American+}",
        "+ 7, Prefer not to say",
        "- 2, Asian",
    ]


def test_another_order_of_choices_is_told() -> None:
    assert shown("choices", THREE, THREE[::-1]) == ["~ order: 3, 2, 1"]


def test_choices_out_of_nothing_are_all_new() -> None:
    assert shown("choices", "", THREE[:1]) == ["+ 1, White"]


def test_a_code_that_is_there_twice_shows_the_whole_list() -> None:
    twice = (("1", "Yes"), ("1", "No"))
    assert shown("choices", THREE[:1], twice) == ["1, White → 1, Yes | 1, No"]


def test_text_that_becomes_choices_shows_both() -> None:
    assert shown("choices", "as typed", THREE[:1]) == ["as typed → 1, White"]


def test_levels_stand_before_and_after_an_arrow() -> None:
    before = (("demographics", "deidentified"), ("vitals", "none"))
    after = (("demographics", "full"), ("vitals", "none"), ("consent", "none"))
    assert shown("export", before, after) == [
        "~ demographics: deidentified → full",
        "+ consent: none",
    ]


def test_a_right_that_is_simply_granted_needs_no_level() -> None:
    before = (("design", "true"), ("user_rights", "full"))
    assert shown("rights", before, (("user_rights", "read_only"),)) == [
        "~ user_rights: full → read_only",
        "- design",
    ]


def test_the_order_of_rights_means_nothing() -> None:
    before = (("design", "true"), ("reports", "true"))
    assert shown("rights", before, before[::-1]) == []


@pytest.mark.parametrize("name", ["label", "choices"])
def test_nothing_of_a_server_reaches_the_terminal_raw(name: str) -> None:
    nasty = "\x1b]0;title\x07 and more words than one"
    found = shown(name, (("1", nasty),), (("1", nasty + " x"), (nasty, nasty)))
    found += shown(name, nasty, nasty + " x")
    assert all(line.isprintable() for line in found)


def test_a_value_on_one_line() -> None:
    assert value_text(THREE[:2], "choices") == "1, White | 2, Asian"
    assert value_text((("design", "true"),), "rights") == "design: true"
    assert value_text(" x", "label") == '" x"'
    assert value_text("", "label") == "(none)"
