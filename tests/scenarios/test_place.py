from __future__ import annotations

import pytest

from redcap_iac.scenarios.place import Misplaced, Page, Place, home_of, pages_at, read_place
from tests.scenarios.forms import design, trial

TRIAL = trial()
DIARY = design("""\
instruments:
  - {instrument: intake, fields: {record_id: {type: text, label: ID}}}
  - {instrument: night, fields: {hours: {type: text, label: Hours}}}
repeat: [night]
""")


@pytest.mark.parametrize(
    ("text", "place", "instrument"),
    [
        ("week_0_arm_1", Place("week_0_arm_1"), ""),
        ("Week_0_Arm_1/visit", Place("week_0_arm_1"), "visit"),
        ("week_4_arm_1/event/2", Place("week_4_arm_1", "event", 2), "event"),
        ("week_4_arm_1/event", Place("week_4_arm_1", "event", 1), "event"),
        ("extra_arm_1/3", Place("extra_arm_1", "", 3), ""),
        ("extra_arm_1/visit/3", Place("extra_arm_1", "", 3), "visit"),
    ],
)
def test_a_place_is_read_as_it_is_written(text: str, place: Place, instrument: str) -> None:
    assert read_place(text, TRIAL) == (place, instrument)


@pytest.mark.parametrize(
    ("text", "place", "instrument"),
    [("intake", Place(), "intake"), ("night/2", Place("", "night", 2), "night")],
)
def test_without_events_a_place_is_an_instrument(text: str, place: Place, instrument: str) -> None:
    assert read_place(text, DIARY) == (place, instrument)


def test_an_event_misspelt_gets_a_suggestion() -> None:
    found = read_place("week_0_arm1", TRIAL)
    assert isinstance(found, Misplaced)
    assert found.advice == "Did you mean `week_0_arm_1`?"


def test_a_place_is_written_as_it_is_read() -> None:
    for text in ("week_0_arm_1", "week_4_arm_1/event/2", "extra_arm_1/3"):
        found = read_place(text, TRIAL)
        assert not isinstance(found, Misplaced)
        assert str(found[0]) == text


def test_an_event_has_the_pages_that_do_not_repeat_by_themselves() -> None:
    week_4 = Place("week_4_arm_1")
    assert pages_at(week_4, TRIAL) == (Page(week_4, "visit"),)
    second = Place("week_4_arm_1", "event", 2)
    assert pages_at(second, TRIAL) == (Page(second, "event"),)
    assert pages_at(Place(), DIARY) == (Page(Place(), "intake"),)


def test_values_are_at_home_in_the_same_instance_or_the_first() -> None:
    second = Place("week_4_arm_1", "event", 2)
    assert home_of("event", second, TRIAL) == second
    assert home_of("event", Place("week_4_arm_1"), TRIAL) == Place("week_4_arm_1", "event", 1)
    assert home_of("visit", second, TRIAL) == Place("week_4_arm_1")
    assert home_of("start", second, TRIAL) is None


def test_a_page_says_where_it_is() -> None:
    assert str(Page(Place("week_0_arm_1"), "visit")) == "week_0_arm_1/visit"
    assert str(Page(Place("week_4_arm_1", "event", 2), "event")) == "week_4_arm_1/event/2"
    assert str(Page(Place(), "intake")) == "intake"
