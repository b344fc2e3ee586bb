"""Designations: one list that replaces all others."""

from __future__ import annotations

import pytest

from redcap_iac.calls import Made
from redcap_iac.findings import Findings
from redcap_iac.kinds.arms import Arm
from redcap_iac.kinds.designations import KIND, Designation
from redcap_iac.kinds.kind import Reading, WireRow
from redcap_iac.plan import Phase
from redcap_iac.state import Mode, State, Unit
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
INTAKE = Designation("baseline_arm_1", "intake")
VISIT = Designation("week_4_arm_1", "visit")
LIVE = live(BASELINE, WEEK_4, INTAKE, VISIT)


def says(name: str, *instruments: str, **more: object) -> dict[str, object]:
    return {"name": name, "instruments": list(instruments), **more}


def row(unique_name: object, form: str, arm: str = "1") -> dict[str, object]:
    return {"arm_num": arm, "unique_event_name": unique_name, "form": form}


def test_they_are_managed_once_any_event_names_instruments() -> None:
    none, _ = declared(schedule({"name": "A"}, {"name": "B"}))
    assert "designations" not in none.state
    some, _ = declared(schedule(says("A", "intake"), {"name": "B"}))
    assert some.state.kinds["designations"] == (Designation(Made("event/1/A"), "intake"),)
    empty, _ = declared(schedule(says("A"), {"name": "B"}))
    assert empty.state.kinds["designations"] == ()
    assert KIND.declare(source(None, {}), Findings()) is None


def test_an_instrument_twice_in_an_event_is_an_error_and_counts_once() -> None:
    manifest = schedule(says("A", "intake", "intake"))
    assert codes(manifest) == [("M320", "error", "event/1/A")]
    assert len(declared(manifest)[0].state.kinds["designations"]) == 1


def test_an_unknown_instrument_is_an_error_with_the_nearest() -> None:
    manifest = {
        **schedule(says("A", "vist")),
        "instruments": [{"instrument": "visit", "fields": {"a": {"type": "text", "label": ""}}}],
    }
    _, findings = declared(manifest)
    (finding,) = (found for found in findings if found.code == "M321")
    assert finding.address == "designation/1%2FA/vist"
    assert finding.advice == "Did you mean `visit`?"
    assert finding.position is not None


def test_an_instrument_that_is_neither_declared_nor_live_stops_the_plan() -> None:
    plan = planned(schedule(says("Baseline", "intake", "xyz"), says("Week 4", "visit")), LIVE)
    (finding,) = (found for found in plan.findings if found.code == "M321")
    assert finding.address == "designation/baseline_arm_1/xyz"
    assert finding.advice == "There are: intake, visit"


def test_where_no_dictionary_is_declared_live_instruments_do() -> None:
    manifest = schedule(says("Baseline", "intake"), says("Week 4", "visit", "intake"))
    plan = planned(manifest, LIVE)
    assert changes(plan) == [("create", "designation/week_4_arm_1/intake")]
    assert codes_of(plan) == []


def test_one_difference_sends_all_rows_in_the_order_of_the_schedule() -> None:
    manifest = schedule(says("Baseline", "visit", "intake"), says("Week 4", "visit"))
    plan = planned(manifest, LIVE)
    assert changes(plan) == [("create", "designation/baseline_arm_1/visit")]
    (step,) = plan.steps
    assert list(step.call.rows) == [
        row("baseline_arm_1", "intake"),
        row("baseline_arm_1", "visit"),
        row("week_4_arm_1", "visit"),
    ]
    assert (step.phase, step.replaces) == (Phase.DESIGNATIONS, True)
    assert step.serves == ("designation/baseline_arm_1/visit",)


def test_their_order_in_the_manifest_means_nothing() -> None:
    assert planned(schedule(says("Week 4", "visit"), says("Baseline", "intake")), LIVE).is_empty


def test_a_new_event_is_named_by_what_will_be_made() -> None:
    manifest = schedule(says("Baseline", "intake"), says("Week 4", "visit"), says("End", "visit"))
    plan = planned(manifest, LIVE)
    assert ("create", "designation/1%2FEnd/visit") in changes(plan)
    ((_, rows),) = calls(plan, "designations")
    assert row(Made("event/1/End"), "visit") in rows  # type: ignore[operator]
    (change,) = (c for c in plan.changes if c.address == "designation/1%2FEnd/visit")
    assert (change.label, change.group) == ("visit on End (arm 1)", "schedule")


def test_an_empty_list_is_never_sent() -> None:
    plan = planned(schedule(says("Baseline"), says("Week 4")), LIVE)
    assert "M322" in codes_of(plan)
    assert plan.stopped
    assert calls(plan, "designations") == []


def test_what_nobody_declared_stays_in_an_additive_unit() -> None:
    manifest = schedule(says("Baseline", "visit"), {"name": "Week 4"})
    plan = planned(manifest, LIVE, {Unit.DESIGNATIONS: Mode.ADDITIVE})
    assert changes(plan) == [("create", "designation/baseline_arm_1/visit")]
    ((_, rows),) = calls(plan, "designations")
    assert rows == [
        row("baseline_arm_1", "intake"),
        row("baseline_arm_1", "visit"),
        row("week_4_arm_1", "visit"),
    ]
    assert plan.kept == {"designations": 2}


FORM = {"instrument": "intake", "fields": {"record_id": {"type": "text", "label": ""}}}
OTHER = {"instrument": "other", "fields": {"x": {"type": "text", "label": ""}}}
VISITS = {"instrument": "visit", "fields": {"mood": {"type": "text", "label": ""}}}


@pytest.mark.parametrize(
    ("manifest", "forms"),
    [
        pytest.param({"instruments": [FORM, VISITS, OTHER]}, ["intake", "visit"], id="a form more"),
        pytest.param({"instruments": [FORM]}, ["intake"], id="a form less"),
        pytest.param(
            schedule({"name": "Baseline"}, {"name": "Week 4"}, {"name": "End"}),
            ["intake", "visit"],
            id="an event more",
        ),
        pytest.param(schedule({"name": "Baseline"}), ["intake"], id="an event less"),
        pytest.param(
            schedule({"name": "Baseline"}, {"name": "End", "renamed_from": "Week 4"}),
            ["intake", "visit"],
            id="an event renamed",
        ),
    ],
)
def test_they_are_sent_again_when_forms_or_events_change(
    manifest: dict[str, object], forms: list[str]
) -> None:
    ((action, rows),) = calls(planned(manifest, LIVE), "designations")
    assert action == "import"
    assert isinstance(rows, list)
    assert [one["form"] for one in rows] == forms


def test_they_are_not_sent_again_for_anything_else() -> None:
    manifest = {
        "project": {"title": "Other"},
        **schedule({"name": "Baseline", "custom_label": "x"}, {"name": "Week 4"}, name="Main"),
        "instruments": [
            FORM,
            {"instrument": "visit", "fields": {"mood": {"type": "notes", "label": ""}}},
        ],
    }
    plan = planned(manifest, LIVE)
    assert len(plan.changes) == 4
    assert calls(plan, "designations") == []


def test_a_classic_project_has_none_to_show_and_gets_none() -> None:
    assert KIND.means_none("You cannot export form/event mappings for classic projects")
    plan = planned({"instruments": [FORM, VISITS, OTHER]}, live(longitudinal=False))
    assert calls(plan, "designations") == []


def test_rows_are_read_as_exported() -> None:
    rows: list[WireRow] = [{"arm_num": 1, "unique_event_name": "a_arm_1", "form": "visit"}]
    assert KIND.read(rows, Reading(target(), State())) == (Designation("a_arm_1", "visit"),)


def test_they_are_described_at_their_events() -> None:
    state = State({"arms": (Arm(1, "A"),), "events": (BASELINE, WEEK_4), "designations": (INTAKE,)})
    first, second = described(state)["arms"][0]["events"]
    assert (first["instruments"], second["instruments"]) == (["intake"], [])


def test_without_arms_nothing_is_described() -> None:
    assert described(State({"designations": ()})) == {}


def test_addresses_are_percent_encoded() -> None:
    item = Designation(Made("event/1/50%25"), "a")
    assert KIND.address(item) == "designation/1%2F50%2525/a"


def test_forms_that_stay_keep_their_place() -> None:
    fields = (*FIELDS, a_field("z", "aaa"))
    before = live(BASELINE, WEEK_4, INTAKE, Designation("baseline_arm_1", "aaa"), fields=fields)
    plan = planned(schedule(says("Baseline", "intake", "aaa", "visit"), says("Week 4")), before)
    ((_, rows),) = calls(plan, "designations")
    assert isinstance(rows, list)
    assert [one["form"] for one in rows] == ["intake", "visit", "aaa"]
