"""Which live event a declared one is."""

from __future__ import annotations

import pytest

from tests.kinds.scheduling import changes, codes_of, compared, event, live, planned, schedule

BASELINE = event("Baseline", "baseline_arm_1", number=1)
WEEK_4 = event("Week 4", "week_4_arm_1", number=2)
WEEK_8 = event("Week 8", "week_8_arm_1", number=3)


def say(name: str, unique_name: str = "", renamed_from: str = "") -> dict[str, str]:
    hints = {"unique_name": unique_name, "renamed_from": renamed_from}
    return {"name": name, **{hint: text for hint, text in hints.items() if text}}


@pytest.mark.parametrize(
    "declared",
    [
        pytest.param([say("Baseline"), say("Week 4")], id="by name"),
        pytest.param(
            [say("Baseline", "baseline_arm_1"), say("Week 4", "week_4_arm_1")], id="by unique name"
        ),
        pytest.param([say("Week 4"), say(" Baseline ")], id="by trimmed name, in any order"),
        pytest.param([say("Baseline"), say("Week 4", renamed_from="Month 1")], id="done rename"),
        pytest.param(
            [say("Baseline"), say("Week 4", "week_4_arm_1", "Month 1")], id="done, both hints"
        ),
    ],
)
def test_what_is_there_is_not_planned(declared: list[object]) -> None:
    plan = planned(schedule(*declared), live(BASELINE, WEEK_4))
    assert (changes(plan), codes_of(plan)) == ([], [])


def test_a_unique_name_keeps_hold_of_a_renamed_event() -> None:
    plan = planned(schedule(say("Start", "baseline_arm_1")), live(BASELINE))
    assert changes(plan) == [("rename", "event/1/Start")]
    assert codes_of(plan) == []


@pytest.mark.parametrize(
    ("declared", "told"),
    [
        pytest.param([say("Start", renamed_from="Baseline")], [("rename", "event/1/Start")],
                     id="old there, new not"),
        pytest.param([say("Start", renamed_from="Begin"), say("Baseline")],
                     [("create", "event/1/Start")], id="neither"),
        pytest.param([say("Start", "baseline_arm_1", "Baseline")], [("rename", "event/1/Start")],
                     id="both hints"),
    ],
)  # fmt: skip
def test_renamed_from(declared: list[object], told: list[tuple[str, str]]) -> None:
    plan = planned(schedule(*declared), live(BASELINE))
    assert changes(plan) == told
    assert codes_of(plan) == []


def test_renamed_from_with_both_there_is_an_error() -> None:
    plan = planned(schedule(say("Week 4", renamed_from="Baseline")), live(BASELINE, WEEK_4))
    assert "M314" in codes_of(plan)
    assert plan.stopped


def test_renamed_from_of_a_name_that_several_have_is_an_error() -> None:
    twins = (event("V", "v_arm_1", number=1), event("V", "v_arm_1b", number=2))
    assert "M314" in codes_of(planned(schedule(say("W", renamed_from="V")), live(*twins)))


def test_renamed_from_is_of_the_same_arm() -> None:
    other = event("Old", "old_arm_2", arm=2, number=9)
    plan = planned(schedule(say("New", renamed_from="Old")), live(BASELINE, other))
    assert ("create", "event/1/New") in changes(plan)


def test_a_stale_unique_name_is_a_warning_with_its_fix() -> None:
    plan = planned(schedule(say("Week 4", "wk4_arm_1"), say("Baseline")), live(BASELINE, WEEK_4))
    (finding,) = plan.findings
    assert (finding.code, str(finding.severity)) == ("M315", "warning")
    assert finding.address == "event/1/Week 4"
    assert "unique_name: week_4_arm_1" in finding.advice
    assert finding.position is not None
    assert plan.changes == ()


def test_name_and_unique_name_of_different_events_are_an_error() -> None:
    manifest = schedule(say("Week 4", "week_8_arm_1"), say("Baseline"))
    plan = planned(manifest, live(BASELINE, WEEK_4, WEEK_8))
    assert codes_of(plan) == ["M313"]
    assert plan.stopped


def test_after_names_moved_on_the_names_are_believed() -> None:
    """A became B, B became C; the server made the unique names anew (documented by some)."""
    manifest = schedule(say("B", "a_arm_1"), say("C", "b_arm_1"))
    moved = (event("B", "b_arm_1", number=1), event("C", "c_arm_1", number=2))
    plan = planned(manifest, live(*moved))
    assert changes(plan) == []
    assert codes_of(plan) == ["M315", "M315"]


def test_after_names_moved_on_where_the_server_keeps_unique_names() -> None:
    manifest = schedule(say("B", "a_arm_1"), say("C", "b_arm_1"))
    plan = planned(manifest, live(event("B", "a_arm_1", number=1), event("C", "b_arm_1", number=2)))
    assert (changes(plan), codes_of(plan)) == ([], [])


@pytest.mark.parametrize("turned", [False, True])
def test_one_live_event_is_never_two_declared_ones(turned: bool) -> None:
    declared = [say("Visit 1", "baseline_arm_1"), say("Baseline")]
    plan = planned(schedule(*(declared[::-1] if turned else declared)), live(BASELINE))
    assert sorted(changes(plan)) == [("create", "event/1/Baseline"), ("rename", "event/1/Visit 1")]


def test_a_new_event_under_a_name_that_was_given_up_is_told_apart_afterwards() -> None:
    declared = [say("Visit 1", "baseline_arm_1"), say("Baseline")]
    for names in (("visit_1_arm_1", "baseline_arm_1"), ("baseline_arm_1", "baseline_arm_1b")):
        after = live(event("Visit 1", names[0], number=1), event("Baseline", names[1], number=2))
        assert changes(planned(schedule(*declared), after)) == []


def test_twins_without_unique_names_in_the_manifest_are_not_guessed() -> None:
    twins = (event("V", "v_arm_1", number=1), event("V", "v_arm_1b", number=2))
    plan = planned(schedule(say("V")), live(*twins))
    assert ("create", "event/1/V") in changes(plan)


def test_a_bound_event_has_the_servers_name_everywhere() -> None:
    manifest = schedule({"name": "Baseline", "instruments": ["visit"], "repeat": ["visit"]})
    difference, _ = compared(manifest, live(BASELINE))
    kinds = difference.desired.state.kinds
    assert {getattr(i, "event", "") for k in ("designations", "repeating") for i in kinds[k]} == {
        "baseline_arm_1"
    }
