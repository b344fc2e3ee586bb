"""Arms: known by number, never seen without events."""

from __future__ import annotations

from redcap_iac.document import Listing, Map
from redcap_iac.findings import Findings
from redcap_iac.kinds.arms import KIND, Arm
from redcap_iac.kinds.kind import Reading, WireRow
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

BASELINE = event("Baseline", "baseline_arm_1")
OTHER = event("Baseline", "baseline_arm_2", arm=2)


def test_arms_are_not_managed_without_their_section() -> None:
    assert KIND.declare(source(None, {}), Findings()) is None


def test_arms_are_declared_by_number_and_name() -> None:
    desired, findings = declared(
        {"arms": [{"number": "2", "name": "Control", "events": [{"name": "A"}]}]}
    )
    assert desired.state.kinds["arms"] == (Arm(2, "Control"),)
    assert findings == ()


def test_an_arm_without_a_name_is_called_by_its_number() -> None:
    desired, _ = declared({"arms": [{"number": "3", "events": [{"name": "A"}]}]})
    assert desired.state.kinds["arms"] == (Arm(3, "Arm 3"),)


def test_a_number_twice_is_an_error_that_names_both_places() -> None:
    one = {"number": "1", "name": "A", "events": [{"name": "A"}]}
    _, findings = declared({"arms": [one, {**one, "name": "B", "events": [{"name": "B"}]}]})
    (finding,) = (found for found in findings if found.code == "M301")
    assert finding.address == "arm/1"
    assert finding.position is not None
    assert "redcap.yaml:" in finding.message


def test_an_arm_without_events_is_a_warning() -> None:
    assert codes({"arms": [{"number": "1", "name": "A"}]}) == [("M302", "warning", "arm/1")]


def test_an_arm_without_events_is_not_planned() -> None:
    manifest = schedule({"name": "Baseline"})
    manifest["arms"].append({"number": "2", "name": "Later"})
    assert planned(manifest, live(BASELINE)).changes == ()


def test_an_arm_that_is_live_and_loses_its_events_stays_declared() -> None:
    manifest = schedule({"name": "Baseline"})
    manifest["arms"].append({"number": "2", "name": "Arm 2"})
    plan = planned(manifest, live(BASELINE, OTHER))
    assert changes(plan) == [("delete", "event/2/Baseline")]


def test_a_new_name_is_an_update_by_number() -> None:
    plan = planned(schedule({"name": "Baseline"}, name="Main"), live(BASELINE))
    assert changes(plan) == [("update", "arm/1")]
    (aspect,) = plan.changes[0].aspects
    assert (aspect.name, aspect.before, aspect.after) == ("name", "Arm 1", "Main")
    assert calls(plan, "arms") == [("import", [{"arm_num": "1", "name": "Main"}])]


def test_blanks_around_a_name_mean_nothing() -> None:
    assert planned(schedule({"name": "Baseline"}, name=" Arm 1 "), live(BASELINE)).is_empty


def test_only_arms_that_differ_are_sent() -> None:
    manifest = schedule({"name": "Baseline"})
    manifest["arms"].append({"number": "2", "name": "New", "events": [{"name": "A"}]})
    assert calls(planned(manifest, live(BASELINE)), "arms") == [
        ("import", [{"arm_num": "2", "name": "New"}])
    ]


def test_an_arm_goes_after_its_events() -> None:
    plan = planned(schedule({"name": "Baseline"}), live(BASELINE, OTHER))
    gone = [step for step in plan.steps if step.call.action == "delete"]
    assert [step.phase for step in gone] == [Phase.DELETE_EVENTS, Phase.DELETE_ARMS]
    assert gone[1].call.params == {"arms": ("2",)}
    assert all(step.replaces for step in gone)
    assert "M322" not in codes_of(plan)


def test_a_classic_project_has_none_to_show() -> None:
    assert KIND.means_none("You cannot export arms for classic projects")
    assert not KIND.means_none("You do not have permissions to use the API")


def test_numbers_are_read_as_numbers() -> None:
    rows: list[WireRow] = [{"arm_num": 10, "name": " A "}, {"arm_num": "2", "name": "B"}]
    assert KIND.read(rows, Reading(target(), State())) == (Arm(10, " A "), Arm(2, "B"))


def test_arms_are_described_with_their_events() -> None:
    assert described(State({"arms": (Arm(1, "A"),), "events": (BASELINE,)})) == {
        "arms": [
            {
                "number": "1",
                "name": "A",
                "events": [{"name": "Baseline", "unique_name": "baseline_arm_1"}],
            }
        ]
    }


def test_a_classic_project_describes_no_arms() -> None:
    assert described(State({"arms": (), "events": ()})) == {}


def test_arms_stand_in_the_schedule() -> None:
    (change,) = planned(schedule({"name": "Baseline"}, name="Main"), live(BASELINE)).changes
    assert (change.group, change.label, change.unit) == ("schedule", "arm 1", "arms")


def test_what_is_no_map_is_passed_over() -> None:
    given = source(None, {"arms": ["text"]})
    assert isinstance(given.root.get("arms"), Listing)
    assert not isinstance(given.root.get("arms"), Map)
    assert KIND.declare(given, Findings()) == ()
