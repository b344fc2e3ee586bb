"""The repeating setup: whole events, or instruments with labels; one list that replaces all."""

from __future__ import annotations

import pytest

from redcap_iac.calls import Call, Made
from redcap_iac.findings import Findings
from redcap_iac.kinds.arms import Arm
from redcap_iac.kinds.designations import Designation
from redcap_iac.kinds.kind import Reading, WireRow
from redcap_iac.kinds.repeating import KIND
from redcap_iac.kinds.repeating.repeat import Repeat
from redcap_iac.plan import Phase
from redcap_iac.state import State
from tests.kinds.dictionary.drafting import source
from tests.kinds.scheduling import (
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
BOTH = (Designation("baseline_arm_1", "intake"), Designation("week_4_arm_1", "visit"))
REPEAT = Repeat("week_4_arm_1", "visit", "[mood]")
LIVE = live(BASELINE, WEEK_4, *BOTH, REPEAT)
ROW = {"event_name": "week_4_arm_1", "form_name": "visit", "custom_form_label": "[mood]"}


def week_4(repeat: object) -> dict[str, object]:
    return schedule({"name": "Baseline"}, {"name": "Week 4", "repeat": repeat})


@pytest.mark.parametrize(
    ("repeat", "items"),
    [
        (True, (Repeat(Made("event/1/Week 4"), ""),)),
        (False, ()),
        (["visit"], (Repeat(Made("event/1/Week 4"), "visit"),)),
        ({"visit": "[mood]"}, (Repeat(Made("event/1/Week 4"), "visit", "[mood]"),)),
        ({"visit": None, "x-note": "n"}, (Repeat(Made("event/1/Week 4"), "visit"),)),
        ([], ()),
    ],
)
def test_what_repeats_is_a_flag_a_list_or_a_map_of_labels(
    repeat: object, items: tuple[Repeat, ...]
) -> None:
    desired, findings = declared(week_4(repeat))
    assert desired.state.kinds["repeating"] == items
    assert findings == ()


def test_it_is_managed_once_any_event_says_so() -> None:
    assert KIND.declare(source(None, schedule({"name": "A"})), Findings()) is None
    assert KIND.declare(source(None, {}), Findings()) is None


def test_classic_projects_say_it_at_the_top() -> None:
    desired, _ = declared({"repeat": {"visit": "[mood]"}})
    assert desired.state.kinds["repeating"] == (Repeat("", "visit", "[mood]"),)


FORM = [{"instrument": "visit", "fields": {"a": {"type": "text", "label": ""}}}]


@pytest.mark.parametrize(
    ("manifest", "found"),
    [
        ({**week_4(repeat=True), "repeat": ["visit"]}, ("M330", "error", "repeat")),
        ({"repeat": ["vist"], "instruments": FORM}, ("M331", "error", "repeat/vist")),
        (
            {
                **schedule({"name": "A", "instruments": [], "repeat": ["visit"]}),
                "instruments": FORM,
            },
            ("M332", "error", "repeat/1%2FA/visit"),
        ),
        ({"repeat": ["visit", "visit"]}, ("M333", "error", "repeat/visit")),
    ],
)
def test_what_cannot_be_is_an_error(
    manifest: dict[str, object], found: tuple[str, str, str]
) -> None:
    assert codes(manifest) == [found]


def test_a_near_name_is_asked_for() -> None:
    _, findings = declared({"repeat": ["vist"], "instruments": FORM})
    assert [finding.advice for finding in findings] == ["Did you mean `visit`?"]


def test_an_instrument_that_is_not_live_either_stops_the_plan() -> None:
    plan = planned({"repeat": ["xyz"]}, live(longitudinal=False))
    assert codes_of(plan) == ["M331"]
    assert plan.stopped


def test_an_instrument_not_designated_live_stops_the_plan() -> None:
    plan = planned(week_4(["intake"]), LIVE)
    assert codes_of(plan) == ["M332"]


def test_a_label_that_differs_sends_all_rows() -> None:
    plan = planned(week_4({"visit": "[mood]!"}), LIVE)
    assert changes(plan) == [("update", "repeat/week_4_arm_1/visit")]
    (aspect,) = plan.changes[0].aspects
    assert (aspect.name, aspect.before, aspect.after) == ("instance label", "[mood]", "[mood]!")
    assert calls(plan, "repeating") == [("import", [{**ROW, "custom_form_label": "[mood]!"}])]
    assert plan.changes[0].label == "visit repeats on Week 4 (arm 1)"
    assert plan.steps[-1].replaces


def test_a_whole_event_in_place_of_an_instrument() -> None:
    plan = planned(week_4(repeat=True), LIVE)
    assert changes(plan) == [
        ("create", "repeat/week_4_arm_1"),
        ("delete", "repeat/week_4_arm_1/visit"),
    ]
    assert calls(plan, "repeating") == [
        ("import", [{**ROW, "form_name": "", "custom_form_label": ""}])
    ]


def test_none_at_all_is_a_header_without_rows() -> None:
    (step,) = planned(week_4(repeat=False), LIVE).steps
    assert step.call == Call(
        "repeatingFormsEvents",
        "import",
        (),
        header=("event_name", "form_name", "custom_form_label"),
    )
    assert step.title == "clear the repeating setup"


def test_a_classic_setup_has_no_event() -> None:
    plan = planned({"repeat": ["visit"]}, live(longitudinal=False))
    assert calls(plan, "repeating") == [
        ("import", [{"form_name": "visit", "custom_form_label": ""}])
    ]
    assert plan.changes[0].label == "visit repeats"
    assert plan.steps[0].call.header == ("form_name", "custom_form_label")


def test_nothing_is_cleared_where_nothing_is() -> None:
    assert planned({"repeat": []}, live(longitudinal=False)).steps == ()


@pytest.mark.parametrize(
    "manifest",
    [
        pytest.param(
            schedule({"name": "Baseline"}, {"name": "Week 4"}, {"name": "End"}), id="an event more"
        ),
        pytest.param(
            {
                "instruments": [
                    {
                        "instrument": "intake",
                        "fields": {"record_id": {"type": "text", "label": ""}},
                    },
                    {"instrument": "visit", "fields": {"mood": {"type": "text", "label": ""}}},
                    {"instrument": "new", "fields": {"n": {"type": "text", "label": ""}}},
                ]
            },
            id="a form more",
        ),
    ],
)
def test_it_is_sent_again_when_forms_or_events_change(manifest: dict[str, object]) -> None:
    assert calls(planned(manifest, LIVE), "repeating") == [("import", [ROW])]


def test_a_renamed_event_repeats_under_the_name_it_will_have() -> None:
    manifest = schedule({"name": "Baseline"}, {"name": "End", "renamed_from": "Week 4"})
    ((_, rows),) = calls(planned(manifest, LIVE), "repeating")
    assert rows == [{**ROW, "event_name": Made("event/1/End")}]


def test_back_to_classic_it_is_written_after_the_flag() -> None:
    manifest = {"project": {"longitudinal": False}, "repeat": ["visit"]}
    plan = planned(manifest, LIVE)
    phases = [step.phase for step in plan.steps]
    assert phases == [Phase.SETTINGS, Phase.CLASSIC_REPEATING]
    assert plan.steps[1].call.header == ("form_name", "custom_form_label")


def test_rows_are_read_with_and_without_events() -> None:
    rows: list[WireRow] = [ROW, {"form_name": "visit", "custom_form_label": None}]
    assert KIND.read(rows, Reading(target(), State())) == (REPEAT, Repeat("", "visit"))


def test_a_project_without_any_refuses_the_export() -> None:
    assert KIND.means_none(
        "You cannot export repeating instruments and events because the project does not contain"
        " any repeating instruments and events"
    )
    assert not KIND.means_none("no")


@pytest.mark.parametrize(
    ("repeats", "text"),
    [
        ((REPEAT,), {"visit": "[mood]"}),
        ((Repeat("week_4_arm_1", "visit"),), ["visit"]),
        ((Repeat("week_4_arm_1", ""),), True),
    ],
)
def test_it_is_described_at_the_events_as_short_as_can_be(
    repeats: tuple[Repeat, ...], text: object
) -> None:
    state = State({"arms": (Arm(1, "A"),), "events": (BASELINE, WEEK_4), "repeating": repeats})
    first, second = described(state)["arms"][0]["events"]
    assert "repeat" not in first
    assert second["repeat"] == text


def test_a_classic_setup_is_described_at_the_top() -> None:
    assert described(State({"repeating": (Repeat("", "visit", "[a]"),)})) == {
        "repeat": {"visit": "[a]"}
    }
