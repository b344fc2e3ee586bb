"""Changes become calls in the order that hurts nothing."""

from __future__ import annotations

import pytest

from redcap_iac.findings import Finding, Severity
from redcap_iac.plan import Phase
from redcap_iac.planner import BLIND_SPOTS, design_steps, make_plan
from redcap_iac.state import Mode, Unit
from tests.kinds.scheduling import (
    PARTICULARS,
    changes,
    compared,
    event,
    live,
    planned,
    schedule,
)

#: design/safety.md, "Order": groups of phases, the groups in the order of writes.
ORDER = [
    {"FLAGS"},
    {"ARMS", "RENAME_EVENTS", "TAKE_OVER", "CREATE_EVENTS"},
    {"DICTIONARY"},
    {"DESIGNATIONS", "REPEATING"},
    {"MOVE_FIELDS", "COPY", "DROP_REPEATING", "DROP_DESIGNATIONS", "DROP_FIELDS"},
    {"DELETE_EVENTS", "DELETE_ARMS"},
    {"SETTINGS", "CLASSIC_REPEATING"},
    {"DAGS"},
    {"ROLES"},
    {"LEAVE_ROLES"},
    {"USERS"},
    {"ASSIGN_ROLES"},
    {"ASSIGN_DAGS"},
    {"DELETE_USERS", "WIDEN_ROLES", "DELETE_DAGS", "OWN_ACCESS", "DELETE_ROLES"},
]
MANY = 1201


def test_the_order_of_phases_is_that_of_the_design() -> None:
    place = {name: number for number, group in enumerate(ORDER) for name in group}
    assert [place[phase.name] for phase in sorted(Phase)] == sorted(place.values())
    assert set(place) == {phase.name for phase in Phase}


def test_renames_free_names_before_new_events_take_them() -> None:
    assert Phase.ARMS < Phase.RENAME_EVENTS < Phase.TAKE_OVER < Phase.CREATE_EVENTS


def test_a_deletion_of_very_many_is_cut() -> None:
    events = [event(f"E{n}", f"e{n}_arm_1", number=n + 1) for n in range(MANY + 1)]
    plan = planned(schedule({"name": "E0"}), live(*events))
    pieces = [step for step in plan.steps if step.phase is Phase.DELETE_EVENTS]
    arrays = [step.call.params["events"] for step in pieces]
    assert [len(array) for array in arrays] == [500, 500, 201]
    assert [name for array in arrays for name in array] == [
        f"e{n}_arm_1" for n in range(1, MANY + 1)
    ]
    assert all(step.replaces for step in pieces)
    assert {step.call.action for step in pieces} == {"delete"}


def test_an_import_of_very_many_rows_stays_one_call() -> None:
    declared = [{"name": f"E{number}"} for number in range(MANY)]
    plan = planned(schedule(*declared), live(event("E0", "e0_arm_1")))
    (step,) = (step for step in plan.steps if step.phase is Phase.CREATE_EVENTS)
    assert len(step.call.rows) == MANY - 1


def test_every_change_is_served_by_a_step() -> None:
    manifest = {
        "project": {"title": "New"},
        **schedule({"name": "A", "instruments": ["visit"]}, {"name": "B"}, name="Main"),
    }
    plan = planned(manifest, live(event("A", "a_arm_1"), event("C", "c_arm_1")))
    served = {address for step in plan.steps for address in step.serves}
    assert served == {change.address for change in plan.changes}


def test_a_plan_says_what_it_is_about() -> None:
    before = live(event("A", "a_arm_1"), event("B", "b_arm_1"))
    manifest = schedule({"name": "A"}, {"name": "New"})
    plan = planned(manifest, before)
    assert (plan.target, plan.created, plan.tool) == (before.target, PARTICULARS.created, "test")
    assert plan.blind_spots == BLIND_SPOTS
    assert (plan.count("create"), plan.count("delete"), plan.count("create", "delete")) == (1, 1, 2)
    assert plan.deletions() == {"events": 1}
    assert not plan.is_empty


def test_changes_are_told_with_what_was_and_will_be() -> None:
    plan = planned(
        schedule({"name": "A"}, {"name": "New"}), live(event("A", "a_arm_1"), event("B", "b"))
    )
    new, gone = plan.changes
    assert (new.action, new.before, new.after) == (
        "create", None, (("name", "New"), ("arm", "1")),
    )  # fmt: skip
    assert (gone.action, gone.before, gone.after) == (
        "delete", (("name", "B"), ("arm", "1")), None,
    )  # fmt: skip


def test_findings_that_are_errors_stop_it_others_do_not() -> None:
    before = live(event("A", "a_arm_1"))
    difference, _ = compared(schedule({"name": "A"}), before)
    hint = Finding("H1", Severity.WARNING, "careful")
    error = Finding("H2", Severity.ERROR, "no")
    ready = make_plan(difference, before, PARTICULARS, [hint])
    assert (ready.findings, ready.stopped) == ((hint,), ())
    stopped = make_plan(difference, before, PARTICULARS, [hint, error])
    assert (stopped.findings, stopped.stopped) == ((hint, error), ("H2 no",))


def test_nothing_is_planned_for_what_is_not_declared() -> None:
    plan = planned({"dags": []}, live(event("A", "a_arm_1")))
    assert (plan.changes, plan.steps) == ((), ())


def test_additive_items_are_counted() -> None:
    plan = planned(
        schedule({"name": "A"}), live(event("A", "a_arm_1"), event("B", "b_arm_1")),
        {Unit.EVENTS: Mode.ADDITIVE},
    )  # fmt: skip
    assert changes(plan) == []
    assert plan.kept == {"events": 1}


@pytest.mark.parametrize(
    ("manifest", "kinds"),
    [
        ({"project": {"title": "New"}}, []),
        (schedule({"name": "A"}, name="Main"), ["arms"]),
        (
            {"instruments": [{"instrument": "a", "fields": {"id": {"type": "text", "label": ""}}}]},
            ["fields"],
        ),
    ],
)
def test_calls_that_only_development_takes_are_known(
    manifest: dict[str, object], kinds: list[str]
) -> None:
    plan = planned(manifest, live(event("A", "a_arm_1")))
    assert plan.steps
    assert [step.kind for step in design_steps(plan)] == kinds
