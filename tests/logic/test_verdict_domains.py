from __future__ import annotations

import pytest

from redcap_iac.logic import Reference, SmartVariable, parse
from redcap_iac.logic.verdict_domains import domain, leaf_of, same
from tests.logic.vocabularies import SmallVocabulary

WORDS = SmallVocabulary("-99")


def values(name: str, *constants: str, within_limits: bool = False) -> set[str]:
    found = domain(Reference(name), constants, WORDS, within_limits=within_limits)
    assert len(set(found)) == len(found)
    return set(found)


def test_a_choice_may_be_any_code_blank_or_missing() -> None:
    assert values("sex") == {"", "-99", "1", "2"}


def test_a_choice_of_a_checkbox_is_ticked_or_not_and_of_another_event_may_be_nothing() -> None:
    here, there = Reference("drugs", code="1"), Reference("drugs", event="e", code="1")
    assert domain(here, (), WORDS, within_limits=False) == ("0", "1")
    assert set(domain(there, (), WORDS, within_limits=False)) == {"0", "1", ""}


def test_numbers_lie_on_between_below_and_above_what_they_are_compared_with() -> None:
    found = [float(text) for text in values("age", "3", "5") if text]
    assert {3.0, 5.0} <= set(found)
    assert any(one < 3 and one != -99 for one in found)
    assert any(3 < one < 5 for one in found)
    assert any(one > 5 for one in found)


def test_whole_numbers_have_nothing_between_neighbours() -> None:
    assert not any(3 < float(text) < 4 for text in values("pain", "3", "4") if text)


def test_hard_limits_are_kept_and_soft_ones_only_when_asked() -> None:
    assert max(float(text) for text in values("pain", "50") if text) == 10
    assert max(float(text) for text in values("age", "200") if text) > 200
    assert max(float(text) for text in values("age", "200", within_limits=True) if text) == 120


def test_a_text_may_be_something_nobody_asks_for() -> None:
    found = values("free", "a", "")
    assert {"", "-99", "a"} < found
    assert len(found) == 4


def test_a_day_has_days_before_and_after_it() -> None:
    assert {"2024-02-28", "2024-02-29", "2024-03-01"} <= values("seen", "2024-02-29")


def test_what_is_no_day_of_the_calendar_is_tried_as_it_is() -> None:
    assert "2025-02-30" in values("seen", "2025-02-30")


@pytest.mark.parametrize(
    "text",
    [
        "[age] > 5",
        "5 < [age]",
        "[free] = 'a'",
        "[seen] > '2025-01-01'",
        "[age] = ''",
        "isblankormissingcode([age])",
        "[sex] = [group]",
        "if([sex] = '1', 5, 6) > 5",
        "[user-name] <> 'x'",
        "1 = 0",
    ],
)
def test_a_condition_whose_answers_can_be_tried(text: str) -> None:
    assert not leaf_of(parse(text), WORDS).is_opaque


@pytest.mark.parametrize(
    "text",
    [
        "[age] + 1 > 5",
        "[age] > [pain]",
        "[age] = 'word'",
        "[free] > 'a'",
        "[seen] > 'today'",
        "[seen] > today",
        "[seen] > '2025'",
        "[came] > '2025-01-01 10:00'",
        "[free]",
        "length([free]) > 5",
        "[drugs] = '1'",
        "[first-event-name][survey-title:x] = 'y'",
        "isblankormissingcode(upper([free]))",
    ],
)
def test_a_condition_that_asks_for_more_is_opaque(text: str) -> None:
    assert leaf_of(parse(text), WORDS).is_opaque


def test_a_field_is_one_whatever_its_case_and_place() -> None:
    first = same(Reference("AGE", "E", "A", ("value",), "Last-Instance", 7))
    assert first == same(Reference("age", "e", "a", (), "last-instance"))
    assert same(SmartVariable("User-Name", ("X",))) == SmartVariable("user-name", ("X",))


def test_another_event_or_instance_is_another_field() -> None:
    assert same(Reference("age", "e")) != same(Reference("age"))
    assert same(Reference("age", instance="2")) != same(Reference("age"))
