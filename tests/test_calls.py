"""Calls as values: what they wait for, and how it is filled in."""

from __future__ import annotations

import pytest

from redcap_iac.calls import Call, Made, made_in, resolve

WEEK_4 = Made("event/1/Week 4")
LYON = Made("dag/Lyon")
CALL = Call(
    "event",
    "import",
    ({"event": WEEK_4, "form": "visit"}, {"event": LYON, "forms": {"visit": 1}}),
    {"events": (WEEK_4, "baseline_arm_1"), "override": "0"},
    ("event", "form"),
)


@pytest.mark.parametrize("action", ["import", "delete", "create"])
def test_everything_but_an_export_writes(action: str) -> None:
    assert Call("arm", action).writes
    assert not Call("arm").writes


def test_names_a_call_waits_for_are_told_once_each_in_order() -> None:
    assert made_in(CALL) == (WEEK_4, LYON)


def test_a_scalar_parameter_is_no_name() -> None:
    assert made_in(Call("record", params={"type": "flat"})) == ()


def test_names_are_filled_in_in_rows_and_parameters() -> None:
    filled = resolve(CALL, {WEEK_4.address: "week_4_arm_1", LYON.address: "lyon"})
    assert filled == Call(
        "event",
        "import",
        ({"event": "week_4_arm_1", "form": "visit"}, {"event": "lyon", "forms": {"visit": 1}}),
        {"events": ("week_4_arm_1", "baseline_arm_1"), "override": "0"},
        ("event", "form"),
    )
    assert made_in(filled) == ()


@pytest.mark.parametrize("known", [{}, {WEEK_4.address: "week_4_arm_1"}])
def test_a_name_that_is_not_known_yet_is_never_sent(known: dict[str, str]) -> None:
    with pytest.raises(KeyError):
        resolve(CALL, known)
