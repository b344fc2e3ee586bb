"""Converging is stable: apply, then the plan is empty, on both sides of the switches."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import pytest

from tests.emulator.conftest import MakeEmulator
from tests.emulator.served import new_project
from tests.end_to_end.study import Study, said

SWITCHES = [
    {"event_rename": rename, "one_event_longitudinal": one}
    for rename, one in product(("regenerate", "keep"), ("classic", "longitudinal"))
]

INSTRUMENTS = [
    {
        "instrument": "intake",
        "fields": {
            "record_id": {"type": "text", "label": "ID"},
            "start": {"type": "text", "label": "Start"},
        },
    },
    {
        "instrument": "visit",
        "fields": {
            "mood": {"type": "radio", "label": "Mood", "choices": {"1": "Good", "2": "Bad"}}
        },
    },
]


@pytest.fixture(params=SWITCHES, ids=lambda switches: "-".join(switches.values()))
def switched(request: pytest.FixtureRequest, make_emulator: MakeEmulator, tmp_path: Path) -> Study:
    return Study(new_project(make_emulator(**request.param)), tmp_path)


def event(name: str, *instruments: str, **more: object) -> dict[str, object]:
    return {"name": name, "instruments": list(instruments or ("intake",)), **more}


def arm(*events: object, number: int = 1, name: str = "Main") -> dict[str, object]:
    return {"number": number, "name": name, "events": list(events)}


def longitudinal(*arms: object, **more: object) -> dict[str, Any]:
    return {"instruments": INSTRUMENTS, "arms": list(arms), **more}


CLASSIC: dict[str, Any] = {
    "project": {"title": "Study", "longitudinal": False},
    "instruments": INSTRUMENTS,
}
TWO = longitudinal(arm(event("Baseline"), event("Week 4", "visit")))


def events_of(study: Study) -> dict[str, str]:
    return {row["unique_event_name"]: row["event_name"] for row in study.project.rows("event")}


def designations_of(study: Study) -> set[tuple[str, str]]:
    rows = study.project.rows("formEventMapping")
    return {(row["unique_event_name"], row["form"]) for row in rows}


def test_from_classic_to_longitudinal_the_hidden_event_is_taken_over(switched: Study) -> None:
    switched.converge(CLASSIC)
    switched.project.post(
        "record", action="import", data='[{"record_id":"7","start":"then"}]'
    ).raise_for_status()
    switched.converge(TWO)
    records = switched.project.rows("record", fields=["record_id", "start"])
    assert [(row["record_id"], row["start"]) for row in records if row["start"]] == [("7", "then")]
    assert sorted(events_of(switched).values()) == ["Baseline", "Week 4"]
    if dict(switched.project.emulator.server.settings.chosen)["event_rename"] == "regenerate":
        assert set(events_of(switched)) == {"baseline_arm_1", "week_4_arm_1"}


def test_to_longitudinal_and_back_and_again(switched: Study) -> None:
    switched.converge(CLASSIC)
    switched.converge(TWO)
    switched.converge(CLASSIC)
    assert switched.project.rows("project")["is_longitudinal"] == 0
    switched.converge(TWO)
    assert sorted(events_of(switched).values()) == ["Baseline", "Week 4"]


def test_events_that_were_hidden_are_found_again_not_doubled(switched: Study) -> None:
    switched.converge(TWO)
    switched.converge(CLASSIC)
    switched.converge(longitudinal(arm(event("Baseline"), event("Week 4"), event("Week 8"))))
    assert sorted(events_of(switched).values()) == ["Baseline", "Week 4", "Week 8"]


def test_an_undeclared_event_that_surfaces_is_not_deleted_in_that_run(switched: Study) -> None:
    switched.converge(TWO)
    switched.converge(CLASSIC)
    manifest = longitudinal(arm(event("Baseline"), event("Week 8")))
    applied = switched.apply(switched.declare(manifest))
    assert applied.is_complete
    assert "Week 4" in events_of(switched).values()
    left = switched.plan(switched.goal()).plan
    assert [change.address for change in left.changes if change.action == "delete"][:1] == [
        "event/1/Week 4"
    ]
    switched.converge(manifest)


def test_one_arm_with_one_event(switched: Study) -> None:
    switched.converge(TWO)
    proof = switched.converge(longitudinal(arm(event("Baseline"))))
    assert any(found.code == "M340" for found in proof.findings) is (
        proof.target.longitudinal is False
    )


def test_a_second_event_after_a_time_with_one(switched: Study) -> None:
    switched.converge(TWO)
    switched.converge(longitudinal(arm(event("Baseline"))))
    switched.converge(longitudinal(arm(event("Baseline"), event("Week 12", "visit"))))
    assert sorted(events_of(switched).values()) == ["Baseline", "Week 12"]


def test_another_first_event_after_a_time_with_one(switched: Study) -> None:
    switched.converge(TWO)
    switched.converge(longitudinal(arm(event("Week 4"))))
    manifest = longitudinal(arm(event("Baseline"), event("Week 4", "visit")))
    switched.converge(manifest)
    assert sorted(events_of(switched).values()) == ["Baseline", "Week 4"]


def test_an_arm_without_events_is_a_warning_and_no_change(switched: Study) -> None:
    manifest = longitudinal(arm(event("Baseline"), event("Week 4")), {"number": 2, "name": "Later"})
    proof = switched.converge(manifest)
    assert [found.code for found in proof.findings] == []
    assert [row["arm_num"] for row in switched.project.rows("arm")] == [1]


def test_two_arms_with_the_same_visits(switched: Study) -> None:
    second = {"number": 2, "name": "Control", "events_from": 1}
    switched.converge(longitudinal(arm(event("Baseline"), event("Week 4")), second))
    assert len(events_of(switched)) == 4


def test_an_arm_goes_with_its_events(switched: Study) -> None:
    second = {"number": 2, "name": "Control", "events_from": 1}
    switched.converge(longitudinal(arm(event("Baseline"), event("Week 4")), second))
    switched.converge(TWO)
    assert sorted(events_of(switched).values()) == ["Baseline", "Week 4"]


def test_events_with_one_name_are_told_apart_by_unique_names(switched: Study) -> None:
    visits = [
        event("Baseline"),
        event("Visit", unique_name="visit_arm_1"),
        event("Visit", "visit", unique_name="visit_arm_1b"),
    ]
    switched.converge(longitudinal(arm(*visits)))
    assert {("visit_arm_1", "intake"), ("visit_arm_1b", "visit")} <= designations_of(switched)
    switched.converge(longitudinal(arm(*visits)))


def test_a_renamed_event_keeps_its_designations(switched: Study) -> None:
    switched.converge(TWO)
    renamed = event("Week 5", "visit", "intake", unique_name="week_4_arm_1")
    switched.converge(longitudinal(arm(event("Baseline"), renamed)))
    (name,) = (unique for unique, shown in events_of(switched).items() if shown == "Week 5")
    assert {(name, "visit"), (name, "intake")} <= designations_of(switched)


def test_renamed_from_renames_the_event(switched: Study) -> None:
    switched.converge(TWO)
    before = {row["event_name"]: row["event_id"] for row in switched.project.rows("event")}
    renamed = event("Week 5", "visit", renamed_from="Week 4")
    switched.converge(longitudinal(arm(event("Baseline"), renamed)))
    after = {row["event_name"]: row["event_id"] for row in switched.project.rows("event")}
    assert after["Week 5"] == before["Week 4"]


def test_names_move_on_from_event_to_event(switched: Study) -> None:
    switched.converge(longitudinal(arm(event("Baseline"), event("A"), event("B", "visit"))))
    ids = {row["event_name"]: row["event_id"] for row in switched.project.rows("event")}
    switched.converge(
        longitudinal(
            arm(
                event("Baseline"),
                event("B", unique_name="a_arm_1"),
                event("C", "visit", unique_name="b_arm_1"),
            )
        )
    )
    now = {row["event_name"]: row["event_id"] for row in switched.project.rows("event")}
    assert (now["B"], now["C"]) == (ids["A"], ids["B"])


def test_two_events_swap_their_names(switched: Study) -> None:
    switched.converge(longitudinal(arm(event("Baseline"), event("A"), event("B", "visit"))))
    ids = {row["event_name"]: row["event_id"] for row in switched.project.rows("event")}
    switched.converge(
        longitudinal(
            arm(
                event("Baseline"),
                event("B", unique_name="a_arm_1"),
                event("A", "visit", unique_name="b_arm_1"),
            )
        )
    )
    now = {row["event_name"]: row["event_id"] for row in switched.project.rows("event")}
    assert (now["B"], now["A"]) == (ids["A"], ids["B"])


def test_repeats_follow_their_events(switched: Study) -> None:
    repeating = event("Week 4", "visit", repeat={"visit": "[mood]"})
    unscheduled = event("Unscheduled", "visit", repeat=True)
    switched.converge(longitudinal(arm(event("Baseline"), repeating, unscheduled)))
    rows = switched.project.rows("repeatingFormsEvents")
    assert {(row["form_name"], row["custom_form_label"]) for row in rows} == {
        ("visit", "[mood]"), ("", ""),
    }  # fmt: skip
    cleared = arm(event("Baseline"), event("Week 4", "visit"), event("Unscheduled", repeat=False))
    switched.converge(longitudinal(cleared))
    assert switched.project.post("repeatingFormsEvents").status_code == 400


def test_classic_repeats_stay_through_the_way_back(switched: Study) -> None:
    switched.converge({**CLASSIC, "repeat": {"visit": "[mood]"}})
    switched.converge(TWO)
    switched.converge({**CLASSIC, "repeat": ["visit"]})
    assert [row["form_name"] for row in switched.project.rows("repeatingFormsEvents")] == ["visit"]


def test_offsets_are_compared_once_scheduling_shows_them(switched: Study) -> None:
    visits = arm(event("Baseline", day_offset=0), event("Week 4", day_offset=28, offset_max=3))
    switched.converge(longitudinal(visits))
    switched.converge(longitudinal(visits, project={"title": "Study", "scheduling": True}))
    offsets = {row["event_name"]: row["day_offset"] for row in switched.project.rows("event")}
    assert offsets == {"Baseline": 0, "Week 4": 28}


def test_forms_and_events_change_in_one_go(switched: Study) -> None:
    switched.converge(TWO)
    renamed = [
        INSTRUMENTS[0],
        {"instrument": "contact", "fields": {"phone": {"type": "text", "label": "Phone"}}},
    ]
    manifest = {
        "instruments": renamed,
        "arms": [arm(event("Start", "intake", "contact", renamed_from="Baseline"), event("End"))],
    }
    switched.converge(manifest)
    assert len(designations_of(switched)) == 3


def test_nothing_changes_where_nothing_is_declared(switched: Study) -> None:
    switched.converge(TWO)
    plan = switched.plan(switched.declare({"dags": []})).plan
    assert plan.changes == (), said(plan)
