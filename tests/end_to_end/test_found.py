"""What random designs once broke, each in its smallest form."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from redcap_iac import workflow
from tests.emulator.conftest import MakeEmulator
from tests.emulator.served import new_project
from tests.end_to_end.pulling import pull
from tests.end_to_end.study import Silent, Study, said
from tests.end_to_end.whole import OWN_RIGHTS

FORMS: list[dict[str, Any]] = [
    {"instrument": "intake", "fields": {"record_id": {"type": "text", "label": "ID"}}}
]
MORE = {"instrument": "more", "fields": {"extra": {"type": "text", "label": "Extra"}}}


def event(name: str, **more: object) -> dict[str, object]:
    return {"name": name, "instruments": ["intake"], **more}


def arm(number: int, *events: object) -> dict[str, object]:
    return {"number": number, "name": f"Arm {number}", "events": list(events)}


def schedule(*arms: object) -> dict[str, Any]:
    return {"instruments": FORMS, "arms": list(arms)}


def names_of(study: Study) -> list[tuple[int, str]]:
    return sorted((row["arm_num"], row["event_name"]) for row in study.project.rows("event"))


@pytest.fixture(params=["classic", "longitudinal"])
def sided(request: pytest.FixtureRequest, make_emulator: MakeEmulator, tmp_path: Path) -> Study:
    return Study(new_project(make_emulator(one_event_longitudinal=request.param)), tmp_path)


def test_without_arm_1_the_hidden_event_stays_until_a_plan_shows_it(sided: Study) -> None:
    manifest = schedule(arm(2, event("Baseline"), event("Week 4")))
    applied = sided.apply(sided.declare(manifest))
    assert applied.is_complete
    assert (1, "Event 1") in names_of(sided)
    shown = sided.plan(sided.goal()).plan
    assert {change.address for change in shown.changes} >= {"arm/1", "event/1/Event 1"}
    sided.converge(manifest)
    assert names_of(sided) == [(2, "Baseline"), (2, "Week 4")]


def test_without_arm_1_a_hidden_event_is_found_again_not_doubled(sided: Study) -> None:
    two = schedule(arm(3, event("Baseline"), event("Week 4")))
    sided.apply(sided.declare(two))
    sided.converge(two)
    sided.converge(schedule(arm(3, event("Baseline"))))
    sided.converge(two)
    assert names_of(sided) == [(3, "Baseline"), (3, "Week 4")]


def test_a_fresh_project_without_arm_1_keeps_nothing_it_was_born_with(sided: Study) -> None:
    goal = replace(sided.declare(schedule(arm(2, event("Baseline"), event("Week 4")))), fresh=True)
    planned = workflow.plan(sided.session, goal)
    applied = workflow.apply(sided.session, goal, planned, Silent())
    assert applied.is_complete, applied.proof and said(applied.proof)
    assert names_of(sided) == [(2, "Baseline"), (2, "Week 4")]
    assert sided.plan(sided.goal()).plan.is_empty


def test_a_pulled_day_offset_with_a_fraction_loads(study: Study, tmp_path: Path) -> None:
    visits = arm(1, event("Baseline", day_offset=0), event("Noon", day_offset=7.5))
    study.converge({**schedule(visits), "project": {"title": "Study", "scheduling": True}})
    copy = pull(study, tmp_path / "copy")
    plan = copy.plan(copy.goal()).plan
    assert plan.changes == (), said(plan)


def test_three_events_that_pass_their_names_on_in_a_ring_are_settled(sided: Study) -> None:
    rest = (event("Baseline"), event("A"), event("B"), event("C"))
    sided.converge(schedule(arm(1, *rest)))
    ids = {row["event_name"]: row["event_id"] for row in sided.project.rows("event")}
    ring = {"C": "a_arm_1", "A": "b_arm_1", "B": "c_arm_1"}
    moved = [event(name, unique_name=unique) for name, unique in ring.items()]
    sided.converge(schedule(arm(1, event("Baseline"), *moved)))
    now = {row["event_name"]: row["event_id"] for row in sided.project.rows("event")}
    assert (now["C"], now["A"], now["B"]) == (ids["A"], ids["B"], ids["C"])


def stopped(study: Study, manifest: dict[str, Any]) -> list[str]:
    plan = study.plan(study.declare(manifest)).plan
    return [reason.split()[0] for reason in plan.stopped]


def test_an_event_is_not_planned_into_another_arm_for_ever(study: Study) -> None:
    first = arm(1, event("Baseline"), event("Week 4"))
    study.converge(schedule(first, arm(2, event("Baseline"))))
    moved = event("Week 4", unique_name="week_4_arm_1")
    reasons = stopped(study, schedule(arm(1, event("Baseline")), arm(2, event("Baseline"), moved)))
    assert reasons == ["M317"]


def test_a_unique_name_copied_from_another_arm_is_only_stale(study: Study) -> None:
    both = schedule(arm(1, event("Baseline")), arm(2, event("Baseline")))
    study.converge(both)
    copied = event("Baseline", unique_name="baseline_arm_1")
    plan = study.plan(study.declare(schedule(arm(1, event("Baseline")), arm(2, copied)))).plan
    assert (plan.changes, plan.stopped) == ((), ()), said(plan)
    assert [found.code for found in plan.findings] == ["M315"]


def test_repeats_of_the_whole_project_are_refused_where_it_is_longitudinal(study: Study) -> None:
    study.converge(schedule(arm(1, event("Baseline"), event("Week 4"))))
    assert stopped(study, {"instruments": FORMS, "repeat": ["intake"]}) == ["M334"]


@pytest.mark.parametrize("level", ["none", "read_only"])
def test_a_new_instrument_gives_the_own_user_no_more_than_declared(
    study: Study, level: str
) -> None:
    own = {"rights": OWN_RIGHTS, "instruments": {"*": level}, "export": {"*": "none"}}
    people = {"users": {"jdoe": own}}
    study.converge({"instruments": FORMS, **people})
    study.converge({"instruments": [*FORMS, MORE], **people})
    (row,) = study.project.rows("user")
    assert row["forms"] == {"intake": row["forms"]["intake"], "more": row["forms"]["intake"]}
    assert row["forms_export"] == {"intake": 0, "more": 0}


def test_a_new_instrument_gives_the_own_users_role_no_more_than_declared(study: Study) -> None:
    people = {
        "roles": {"Own": {"rights": OWN_RIGHTS, "instruments": {"*": "none"}}},
        "users": {"jdoe": {"role": "Own"}},
    }
    study.converge({"instruments": FORMS, **people})
    study.converge({"instruments": [*FORMS, MORE], **people})
    (role,) = study.project.rows("userRole")
    assert set(role["forms"].values()) == {128}


def test_people_keep_their_groups_when_groups_are_renamed_onto_each_other(study: Study) -> None:
    role = {"Data": {"rights": {}, "instruments": {"*": "edit"}}}
    amy, bob = {"role": "Data"}, {"role": "Data"}
    study.converge(
        {
            "dags": ["North", "South"],
            "roles": role,
            "users": {"amy": {**amy, "dag": "North"}, "bob": {**bob, "dag": "South"}},
        }
    )
    renamed = [
        {"name": "East", "renamed_from": "North"},
        {"name": "West", "renamed_from": "South"},
    ]
    people = {"amy": {**amy, "dag": "East", "expires": "2027-01-01"}, "bob": {**bob, "dag": "West"}}
    study.converge({"dags": renamed, "roles": role, "users": people})
    groups = {
        row["username"]: row["redcap_data_access_group"]
        for row in study.project.rows("userDagMapping")
    }
    assert (groups["amy"], groups["bob"]) == ("east", "west")


def test_roles_of_one_label_swap_their_members_and_their_labels(study: Study) -> None:
    study.converge({"roles": {"X": {"rights": {"reports": True}}, "Y": {"rights": {}}}})
    unique = {row["role_label"]: row["unique_role_name"] for row in study.project.rows("userRole")}
    same = {
        "one": {"label": "Same", "unique_name": unique["X"]},
        "two": {"label": "Same", "unique_name": unique["Y"]},
    }
    study.converge({"roles": same, "users": {"amy": {"role": "two"}}})
    study.converge({"users": {"amy": {"role": f"Same ({unique['X']})"}}})
    swapped = {"Y": {"unique_name": unique["X"]}, "X": {"unique_name": unique["Y"]}}
    study.converge({"roles": swapped, "users": {"amy": {"role": "Y"}}})
    held = {
        row["username"]: row["unique_role_name"] for row in study.project.rows("userRoleMapping")
    }
    assert held["amy"] == unique["X"]


def test_unmanaged_designations_and_repeats_follow_renamed_and_new_events(study: Study) -> None:
    week = event("Week 4", instruments=["more"], repeat=["more"])
    study.converge({"instruments": [*FORMS, MORE], "arms": [arm(1, event("Baseline"), week)]})
    events = [{"name": "Start", "renamed_from": "Baseline"}, {"name": "Week 4"}, {"name": "New"}]
    study.converge({"arms": [{"number": 1, "name": "Arm 1", "events": events}]})
    pairs = [(r["unique_event_name"], r["form"]) for r in study.project.rows("formEventMapping")]
    assert sorted(pairs) == [("start_arm_1", "intake"), ("week_4_arm_1", "more")]
    assert [row["form_name"] for row in study.project.rows("repeatingFormsEvents")] == ["more"]


def test_a_whole_event_is_not_added_to_repeats_that_are_kept(study: Study) -> None:
    first = arm(1, event("Baseline", repeat=["intake"]), event("Week 4"))
    study.converge(schedule(first))
    whole = schedule(arm(1, event("Baseline", repeat=True), event("Week 4")))
    assert stopped(study, {**whole, "manage": {"repeating": "additive"}}) == ["M335"]
    study.converge(whole)
