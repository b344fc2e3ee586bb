"""Days and names of events, as the rules ask them."""

from __future__ import annotations

import pytest

from redcap_iac.design import Design
from redcap_iac.kinds.arms import Arm
from redcap_iac.kinds.events.event import Event
from redcap_iac.lint.rules.visits import due, visit_named
from redcap_iac.state import State


def event(day: str | None, before: str | None = None, after: str | None = None) -> Event:
    return Event("week_4_arm_1", 1, "Week 4", day, before, after)


@pytest.mark.parametrize("before", ["3", "-3", "3.0"])
def test_the_days_before_are_the_same_with_a_minus(before: str) -> None:
    assert due(event("28", before, "2")) == (28, 25, 30)


def test_a_day_without_a_window_is_the_day_alone() -> None:
    assert due(event("-7")) == (-7, -7, -7)


@pytest.mark.parametrize("day", [None, "", "soon"])
def test_an_event_without_a_day_is_due_on_none(day: str | None) -> None:
    assert due(event(day, "3", "3")) is None


def test_an_arm_is_named_where_there_are_several() -> None:
    several = Design(State({"arms": (Arm(1, "A"), Arm(2, "B")), "events": (event(None),)}))
    one = Design(State({"arms": (Arm(1, "A"),), "events": (event(None),)}))
    assert visit_named(several, several.visits[0]) == '"Week 4" of arm 1'
    assert visit_named(one, one.visits[0]) == '"Week 4"'
