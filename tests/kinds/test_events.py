"""Events: unique names are the server's, offsets show with scheduling, nothing is predicted."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest

from redcap_iac.calls import Call, Made
from redcap_iac.findings import Findings
from redcap_iac.kinds.arms import Arm
from redcap_iac.kinds.designations import Designation
from redcap_iac.kinds.events import KIND, Event
from redcap_iac.kinds.kind import Reading, WireRow
from redcap_iac.plan import Phase
from redcap_iac.state import State
from tests.kinds.dictionary.drafting import a_field, source
from tests.kinds.scheduling import (
    FIELDS,
    calls,
    changes,
    codes,
    codes_of,
    declared,
    described,
    event,
    live,
    planned,
    schedule,
    target,
)

BASELINE = event("Baseline", "baseline_arm_1", number=1)
WEEK_4 = event("Week 4", "week_4_arm_1", number=2)
SHOWN: dict[str, Any] = {"day_offset": "0", "offset_min": "0", "offset_max": "0"}


def test_events_are_not_managed_without_arms() -> None:
    assert KIND.declare(source(None, {}), Findings()) is None


def test_an_event_waits_for_the_name_the_server_makes() -> None:
    desired, _ = declared(schedule({"name": "Week 4", "day_offset": "28", "custom_label": "[x]"}))
    (item,) = desired.state.kinds["events"]
    assert item == Event(Made("event/1/Week 4"), 1, "Week 4", "28", custom_label="[x]")


def test_parts_of_an_address_are_percent_encoded() -> None:
    desired, _ = declared(schedule({"name": " 50%/day "}))
    (item,) = desired.state.kinds["events"]
    assert isinstance(item, Event)
    assert KIND.address(item) == "event/1/50%25%2Fday"


def test_a_null_is_as_good_as_absent() -> None:
    desired, _ = declared(schedule({"name": "A", "custom_label": None, "day_offset": None}))
    assert desired.state.kinds["events"] == (Event(Made("event/1/A"), 1, "A"),)


@pytest.mark.parametrize(
    ("events", "found"),
    [
        ([{"name": "A"}, {"name": " A "}], [("M310", "event/1/A")] * 2),
        (
            [{"name": "A", "unique_name": "a_arm_1"}, {"name": "A"}],
            [("M310", "event/1/A")],
        ),
        (
            [{"name": "A", "unique_name": "a"}, {"name": "A", "unique_name": "a"}],
            [("M312", "event/1/a")] * 2,
        ),
        (
            [{"name": "A", "unique_name": "a"}, {"name": "B", "unique_name": "a"}],
            [("M312", "event/1/A"), ("M312", "event/1/B")],
        ),
        ([{"name": " "}], [("M311", "event/1/")]),
        ([{}], [("M311", "event/1/")]),
        (
            [{"name": "B", "renamed_from": "A"}, {"name": "A"}],
            [("M314", "event/1/B")],
        ),
    ],
)
def test_what_cannot_be_is_an_error(events: list[object], found: list[tuple[str, str]]) -> None:
    assert codes(schedule(*events)) == [(code, "error", address) for code, address in found]


def test_equal_names_with_unique_names_are_told_apart() -> None:
    manifest = schedule(
        {"name": "V", "unique_name": "v_arm_1"}, {"name": "V", "unique_name": "v_arm_1b"}
    )
    assert codes(manifest) == []
    both = live(event("V", "v_arm_1", number=1), event("V", "v_arm_1b", number=2))
    assert planned(manifest, both).is_empty


def test_equal_names_in_two_arms_are_no_question() -> None:
    manifest = schedule({"name": "A"})
    manifest["arms"].append({"number": "2", "name": "Arm 2", "events": [{"name": "A"}]})
    assert codes(manifest) == []


class TestReading:
    """Rows of Export Events."""

    ROW: ClassVar[WireRow] = {
        "event_name": "Baseline", "arm_num": 1, "day_offset": 1, "offset_min": -2, "offset_max": 3,
        "unique_event_name": "baseline_arm_1", "custom_event_label": None, "event_id": 42,
    }  # fmt: skip

    def test_every_column_is_kept(self) -> None:
        (item,) = KIND.read([self.ROW], Reading(target(), State()))
        assert item == Event("baseline_arm_1", 1, "Baseline", "1", "-2", "3")
        assert (item.event_id, item.custom_label) == ("42", "")

    def test_offsets_do_not_show_without_scheduling(self) -> None:
        row = {name: self.ROW[name] for name in self.ROW if "offset" not in name}
        (item,) = KIND.read([row], Reading(target(), State()))
        assert (item.day_offset, item.offset_min, item.offset_max) == (None, None, None)

    def test_an_offset_of_zero_is_shown(self) -> None:
        (item,) = KIND.read([{**self.ROW, "day_offset": 0}], Reading(target(), State()))
        assert item.day_offset == "0"

    def test_equal_names_are_addressed_by_unique_names(self) -> None:
        rows = [self.ROW, {**self.ROW, "unique_event_name": "baseline_arm_1b", "event_id": 43}]
        items = KIND.read(rows, Reading(target(), State()))
        assert [KIND.address(item) for item in items] == [
            "event/1/baseline_arm_1", "event/1/baseline_arm_1b",
        ]  # fmt: skip

    def test_a_classic_project_has_none_to_show(self) -> None:
        assert KIND.means_none("You cannot export events for classic projects")
        assert not KIND.means_none("no")


class TestComparing:
    """What is a difference."""

    @pytest.mark.parametrize(
        ("one", "other"),
        [("28", "28.0"), ("-3", "3"), ("0", "-0"), ("x", "x"), ("1e2", "100"), ("1.50", "1.5")],
    )
    def test_offsets_are_compared_as_numbers_offset_min_without_its_sign(
        self, one: str, other: str
    ) -> None:
        assert KIND.normal(event("A", "a", offset_min=one)) == KIND.normal(
            event("A", "a", offset_min=other)
        )

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("28", "27"),
            ("-3", "3"),
            ("1234567", "1234568"),
            ("nan", "0"),
            ("x", "0"),
            ("1e999", "0"),
        ],
    )
    def test_other_numbers_differ(self, one: str, other: str) -> None:
        assert KIND.normal(event("A", "a", day_offset=one)) != KIND.normal(
            event("A", "a", day_offset=other)
        )

    def test_offsets_are_not_compared_while_they_do_not_show(self) -> None:
        manifest = schedule({"name": "Baseline", "day_offset": "5"}, {"name": "Week 4"})
        assert planned(manifest, live(BASELINE, WEEK_4)).is_empty

    def test_offsets_are_compared_once_scheduling_is_on_in_the_same_plan(self) -> None:
        manifest = schedule({"name": "Baseline", "day_offset": "5"}, {"name": "Week 4"})
        manifest["project"] = {"scheduling": True}
        before = live(BASELINE, WEEK_4, settings={"scheduling_enabled": "0"})
        assert ("update", "event/1/Baseline") in changes(planned(manifest, before))

    def test_offsets_nobody_declares_stay_as_found(self) -> None:
        manifest = schedule({"name": "Baseline", "custom_label": "[x]"})
        plan = planned(
            manifest, live(event("Baseline", "baseline_arm_1", **SHOWN | {"day_offset": "7"}))
        )
        ((_, rows),) = calls(plan, "events")
        assert isinstance(rows, list)
        assert rows[0]["day_offset"] == "7"

    def test_blanks_around_a_name_mean_nothing(self) -> None:
        manifest = schedule({"name": " Baseline "}, {"name": "Week 4"})
        assert planned(manifest, live(BASELINE, WEEK_4)).is_empty

    def test_a_custom_label_is_taken_off(self) -> None:
        plan = planned(schedule({"name": "A"}), live(event("A", "a_arm_1", custom_label="[x]")))
        (aspect,) = plan.changes[0].aspects
        assert (aspect.name, aspect.before, aspect.after) == ("custom label", "[x]", "")


class TestCalls:
    """Which rows are sent."""

    def test_a_new_event_has_no_unique_name_and_makes_one(self) -> None:
        plan = planned(schedule({"name": "Baseline"}, {"name": "Week 4"}), live(BASELINE))
        (step,) = (step for step in plan.steps if step.kind == "events")
        assert step.call == Call(
            "event", "import", ({"event_name": "Week 4", "arm_num": "1", "custom_event_label": ""},)
        )
        assert step.makes == (("event/1/Week 4", 0),)
        assert step.phase is Phase.CREATE_EVENTS

    def test_a_live_event_is_sent_with_its_unique_name(self) -> None:
        plan = planned(schedule({"name": "Baseline", "custom_label": "[x]"}), live(BASELINE))
        assert calls(plan, "events") == [
            (
                "import",
                [
                    {
                        "event_name": "Baseline",
                        "arm_num": "1",
                        "unique_event_name": "baseline_arm_1",
                        "custom_event_label": "[x]",
                    }
                ],
            )
        ]

    def test_the_first_event_of_a_classic_project_is_written_over_the_hidden_one(self) -> None:
        manifest = schedule({"name": "Baseline"}, {"name": "Week 4"})
        plan = planned(manifest, live(longitudinal=False))
        steps = [step for step in plan.steps if step.kind == "events"]
        assert [step.phase for step in steps] == [Phase.TAKE_OVER, Phase.CREATE_EVENTS]
        assert [row["unique_event_name"] for row in steps[0].call.rows] == ["event_1_arm_1"]
        assert [row["event_name"] for row in steps[1].call.rows] == ["Week 4"]

    def test_without_a_first_arm_the_hidden_event_is_not_written_over(self) -> None:
        plan = planned(schedule({"name": "A"}, {"name": "B"}, number="2"), live(longitudinal=False))
        rows = [row for step in plan.steps if step.kind == "events" for row in step.call.rows]
        assert [row["event_name"] for row in rows] == ["A", "B"]
        assert [row for row in rows if "unique_event_name" in row] == []

    def test_a_name_is_given_up_before_another_takes_it(self) -> None:
        a, b = event("A", "a_arm_1", number=1), event("B", "b_arm_1", number=2)
        manifest = schedule(
            {"name": "B", "unique_name": "a_arm_1"}, {"name": "C", "unique_name": "b_arm_1"}
        )
        plan = planned(manifest, live(a, b))
        (step,) = (step for step in plan.steps if step.kind == "events")
        assert [row["event_name"] for row in step.call.rows] == ["C", "B"]
        assert changes(plan) == [("rename", "event/1/B"), ("rename", "event/1/C")]

    def test_a_swap_is_sent_in_any_order(self) -> None:
        a, b = event("A", "a_arm_1", number=1), event("B", "b_arm_1", number=2)
        manifest = schedule(
            {"name": "B", "unique_name": "a_arm_1"}, {"name": "A", "unique_name": "b_arm_1"}
        )
        (step,) = (s for s in planned(manifest, live(a, b)).steps if s.kind == "events")
        assert [row["unique_event_name"] for row in step.call.rows] == ["a_arm_1", "b_arm_1"]

    def test_events_go_by_unique_name(self) -> None:
        plan = planned(schedule({"name": "Baseline"}), live(BASELINE, WEEK_4))
        assert calls(plan, "events") == [("delete", ("week_4_arm_1",))]

    def test_what_depends_on_a_renamed_event_waits_for_its_new_name(self) -> None:
        manifest = schedule({"name": "Week 5", "renamed_from": "Week 4", "instruments": ["visit"]})
        plan = planned(manifest, live(WEEK_4, Designation("week_4_arm_1", "visit")))
        assert calls(plan, "designations") == [
            (
                "import",
                [{"arm_num": "1", "unique_event_name": Made("event/1/Week 5"), "form": "visit"}],
            )
        ]


class TestNamesMade:
    """Names read back after an import."""

    ROW: ClassVar[dict[str, str]] = {"event_name": " Week 4 ", "arm_num": "1"}

    def test_a_new_event_is_found_by_arm_and_name_among_the_new_ones(self) -> None:
        call = Call("event", "import", (self.ROW,))
        made = (("event/1/Week 4", 0),)
        older = event("Week 4", "week_4_arm_1", number=2)
        newer = event("Week 4", "week_4_arm_1b", number=3)
        elsewhere = event("Week 4", "week_4_arm_2", arm=2, number=4)
        found = KIND.resolve(call, made, (older,), (older, elsewhere, newer))
        assert found == {"event/1/Week 4": "week_4_arm_1b"}

    def test_two_new_events_of_one_name_are_found_by_age(self) -> None:
        call = Call("event", "import", (self.ROW, self.ROW))
        made = (("one", 0), ("two", 1))
        after = (event("Week 4", "b", number=10), event("Week 4", "a", number=9))
        assert KIND.resolve(call, made, (), after) == {"one": "a", "two": "b"}

    def test_a_renamed_event_is_found_by_its_id(self) -> None:
        call = Call("event", "import", ({**self.ROW, "unique_event_name": "old"},))
        before, after = event("Old", "old", number=7), event("Week 4", "new", number=7)
        assert KIND.resolve(call, (("e", 0),), (before,), (after,)) == {"e": "new"}

    def test_what_does_not_show_is_left_out(self) -> None:
        assert KIND.resolve(Call("event", "import", (self.ROW,)), (("e", 0),), (), ()) == {}


class TestLogic:
    """Logic that says a unique name the server does not use."""

    MANIFEST = schedule({"name": "Week 4", "unique_name": "wk4"}, {"name": "Baseline"})

    @staticmethod
    def form(logic: str) -> dict[str, object]:
        fields = {"record_id": {"type": "text", "label": ""},
                  "mood": {"type": "text", "label": "", "branching": logic}}  # fmt: skip
        return {"instrument": "intake", "fields": fields}

    def test_it_stops_the_plan(self) -> None:
        manifest = {**self.MANIFEST, "instruments": [self.form("[wk4][record_id] = ''")]}
        plan = planned(manifest, live(BASELINE, WEEK_4))
        (finding,) = (found for found in plan.findings if found.code == "M316")
        assert "[wk4]" in finding.message
        assert "week_4_arm_1" in finding.advice
        assert plan.stopped

    def test_the_servers_name_is_fine(self) -> None:
        manifest = {**self.MANIFEST, "instruments": [self.form("[week_4_arm_1][record_id] = ''")]}
        assert "M316" not in codes_of(planned(manifest, live(BASELINE, WEEK_4)))

    def test_a_dictionary_that_is_not_sent_is_not_judged(self) -> None:
        stale = (*FIELDS, a_field("x", "visit", branching_logic="[wk4][mood] = ''"))
        assert "M316" not in codes_of(planned(self.MANIFEST, live(BASELINE, WEEK_4, fields=stale)))


def test_events_are_described_with_what_shows() -> None:
    shown = event("A", "a_arm_1", custom_label="[x]", day_offset="1234567", offset_min="-2.50")
    state = State({"arms": (Arm(1, "Arm 1"),), "events": (shown,)})
    assert described(state)["arms"][0]["events"] == [
        {
            "name": "A",
            "unique_name": "a_arm_1",
            "custom_label": "[x]",
            "day_offset": 1234567,
            "offset_min": -2.5,
        }
    ]


def test_an_event_is_labelled_by_its_name_and_arm() -> None:
    (change,) = planned(schedule({"name": "Baseline", "custom_label": "x"}), live(BASELINE)).changes
    assert (change.label, change.group, change.unit) == ("Baseline (arm 1)", "schedule", "events")
