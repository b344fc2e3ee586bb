"""Whatever disturbs a run at whichever call: finished afterwards, nothing lost, nothing twice.

The whole campaign is run with REDCAP_IAC_CAMPAIGN set; otherwise some points of every way.
"""

from __future__ import annotations

import os
import random

import pytest

from redcap_iac.plan import Phase
from tests.end_to_end.campaign.design import homes, moved
from tests.end_to_end.campaign.killing import UNSENT, WRITTEN, killed_for_good, kills
from tests.end_to_end.campaign.looking import exposed, more_than, shape, stored
from tests.end_to_end.campaign.others import OTHERS
from tests.end_to_end.campaign.points import (
    FAULTS,
    KILLS,
    RESUMED,
    WAYS,
    Point,
    Result,
    points,
    tried,
)
from tests.end_to_end.campaign.start import Start, Watch, opened, prepared
from tests.end_to_end.study import Silent
from tests.end_to_end.watching import grant, present_access

WHOLE = bool(os.environ.get("REDCAP_IAC_CAMPAIGN"))


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Start:
    return prepared(tmp_path_factory.mktemp("campaign"))


def calls_of(start: Start, phase: Phase, *, writes: bool) -> list[int]:
    """Return the numbers of a step's calls."""
    return [
        number
        for number, (step, call) in enumerate(start.calls)
        if step >= 0 and start.steps[step].phase is phase and call.writes == writes
    ]


def wrong(results: list[Result]) -> list[tuple[Point, tuple[str, ...]]]:
    return [(result.point, result.problems) for result in results if result.problems]


def test_the_plan_touches_every_kind_that_is_written(start: Start) -> None:
    assert {step.kind for step in start.steps} == {
        "project", "arms", "events", "fields", "designations", "repeating", "dags", "roles",
        "users", "role_assignments", "dag_assignments",
    }  # fmt: skip


def test_the_plan_carries_values_of_every_sort_in_several_parts(start: Start) -> None:
    (copying,) = (step for step in start.steps if step.copies)
    assert {(copy.source, copy.target) for copy in copying.copies} == {
        ("postal", "zip_code"), ("races", "origins"), ("level", "level"),
        ("visit_complete", "call_complete"),
    }  # fmt: skip
    assert {Phase.MOVE_FIELDS, Phase.DROP_FIELDS} <= {step.phase for step in start.steps}
    assert len(calls_of(start, Phase.COPY, writes=True)) > 2


def test_an_undisturbed_run_has_every_value_where_it_is_to_be(start: Start) -> None:
    doomed = {value for value in start.first if value[3] == "doomed"}
    assert {moved(value) for value in start.first - doomed} == start.last


@pytest.mark.parametrize("way", WAYS)
def test_a_disturbed_run_is_finished_with_nothing_lost(start: Start, way: str) -> None:
    every = [point for point in points(start) if point.way == way]
    chosen = every if WHOLE else random.Random(way).sample(every, 1)
    assert wrong([tried(start, point) for point in chosen]) == []


@pytest.mark.parametrize("way", [*KILLS, "cut after", "gone for good"])
def test_a_copy_is_finished_from_within(start: Start, way: str) -> None:
    inside = calls_of(start, Phase.COPY, writes=True)[1]
    assert wrong([tried(start, Point(inside, way))]) == []


def test_what_is_typed_within_a_copy_is_carried(start: Start) -> None:
    inside = calls_of(start, Phase.COPY, writes=True)[-1]
    results = [tried(start, Point(inside, way)) for way in OTHERS if OTHERS[way].values]
    assert wrong(results) == []


def test_a_killed_run_is_finished_by_its_journal(start: Start) -> None:
    (number,) = calls_of(start, Phase.LEAVE_ROLES, writes=True)
    assert tried(start, Point(number, KILLS[0])).by == RESUMED


@pytest.mark.parametrize("way", [UNSENT, WRITTEN])
def test_a_process_ended_by_kill_is_finished_by_another(start: Start, way: str) -> None:
    every = [point for point in kills(start) if point.way == way]
    chosen = every if WHOLE else random.Random(way).sample(every, 1)
    assert wrong([killed_for_good(start, point) for point in chosen]) == []


def test_every_call_is_a_point(start: Start) -> None:
    found = points(start)
    assert {point.call for point in found} == set(range(len(start.calls)))
    assert {point.way for point in found} == set(WAYS)
    writes = [number for number, (_, call) in enumerate(start.calls) if call.writes]
    for way in (*KILLS, *FAULTS):
        assert set(writes) <= {point.call for point in found if point.way == way}


class TestItsOwnEyes:
    """The campaign sees what it looks for."""

    def test_a_value_that_is_gone_is_seen(self, start: Start) -> None:
        with opened(start) as study:
            study.project.post("record", action="delete", records=["2"]).raise_for_status()
            now = stored(study)
            gone = [value for value in start.first if now.isdisjoint(homes(value))]
            assert {value[0] for value in gone} == {"2"}

    def test_an_event_that_is_there_twice_is_seen(self, start: Start) -> None:
        with opened(start) as study:
            before = shape(study)["events"]
            twice = '[{"event_name":"Diary","arm_num":1}]'
            study.project.post("event", action="import", data=twice).raise_for_status()
            assert len(shape(study)["events"] - before) >= 1

    def test_somebody_with_more_than_before_and_after_is_seen(self, start: Start) -> None:
        with opened(start) as study:
            grant(study.project, "bob", user_rights=1)
            found = more_than(present_access(study.project), start.before, start.after)
            assert set(found) == {"bob"}

    def test_rights_underneath_a_role_are_seen_when_it_is_left(self, start: Start) -> None:
        with opened(start) as study:
            row = '[{"username":"dan","unique_role_name":"","data_access_group":""}]'
            study.project.post("userRoleMapping", action="import", data=row).raise_for_status()
            found = more_than(present_access(study.project), start.before, start.after)
            assert set(found) == {"dan"}
            assert exposed(study) == frozenset()

    def test_somebody_out_of_their_group_is_seen(self, start: Start) -> None:
        with opened(start) as study:
            out = '[{"username":"amy","redcap_data_access_group":""}]'
            study.project.post("userDagMapping", action="import", data=out).raise_for_status()
            found = more_than(present_access(study.project), start.before, start.after)
            assert set(found) == {"amy"}

    def test_a_clean_run_shows_nobody_with_more_but_those_a_plan_names(self, start: Start) -> None:
        with opened(start) as study:
            watch = Watch(study, start.before, start.after)
            goal = study.goal()
            watch.apply(goal, watch.plan(goal), Silent())
            assert watch.problems == []
            assert watch.named
