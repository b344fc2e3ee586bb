"""Whatever disturbs a run at whichever step: finished afterwards, nothing lost, nothing twice.

The whole campaign is run with REDCAP_IAC_CAMPAIGN set; otherwise some points of every way.
"""

from __future__ import annotations

import os
import random

import pytest

from tests.end_to_end.campaign import (
    FAULTS,
    KILLS,
    WAYS,
    Point,
    Start,
    Watch,
    access,
    differing,
    more_than,
    opened,
    points,
    prepared,
    tried,
)
from tests.end_to_end.study import Silent

WHOLE = bool(os.environ.get("REDCAP_IAC_CAMPAIGN"))


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Start:
    return prepared(tmp_path_factory.mktemp("campaign"))


def test_the_plan_touches_every_kind_that_is_written(start: Start) -> None:
    assert {step.kind for step in start.steps} == {
        "project", "arms", "events", "fields", "designations", "repeating", "dags", "roles",
        "users", "role_assignments", "dag_assignments",
    }  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_a_disturbed_run_is_finished_with_nothing_lost(start: Start, way: str) -> None:
    steps = range(len(start.steps))
    chosen = steps if WHOLE else random.Random(way).sample(steps, 1)
    results = [tried(start, Point(step, way)) for step in chosen]
    assert [(r.point, r.problems) for r in results if r.problems] == []


@pytest.mark.parametrize("way", KILLS)
def test_a_killed_run_is_finished_by_its_journal(start: Start, way: str) -> None:
    assert tried(start, Point(len(start.steps) // 2, way)).resumed


def test_every_step_is_a_point_in_every_way(start: Start) -> None:
    assert len(points(start)) == len(start.steps) * len(WAYS)
    assert len(set(WAYS)) == len(KILLS) + len(FAULTS) + 3


class TestItsOwnEyes:
    """The campaign sees what it looks for."""

    def test_a_value_that_is_gone_is_seen(self, start: Start) -> None:
        with opened(start) as study:
            Watch(study, {}, {}).apply(study.goal(), study.plan(study.goal()), Silent())
            assert list(differing(study, start)) == []
            study.project.post("record", action="delete", records=["2"]).raise_for_status()
            assert any(said.startswith("values:") for said in differing(study, start))

    def test_an_event_that_is_there_twice_is_seen(self, start: Start) -> None:
        with opened(start) as study:
            Watch(study, {}, {}).apply(study.goal(), study.plan(study.goal()), Silent())
            twice = '[{"event_name":"Week 8","arm_num":1}]'
            study.project.post("event", action="import", data=twice).raise_for_status()
            assert any(said.startswith("events: too much") for said in differing(study, start))

    def test_somebody_with_more_than_before_and_after_is_seen(self, start: Start) -> None:
        with opened(start) as study:
            wide = '[{"username":"bob","data_access_group":"paris","user_rights":1}]'
            study.project.post("user", action="import", data=wide).raise_for_status()
            found = list(more_than(access(study.project), start.before, start.after))
            assert found == ["bob has user_rights 1, before and after ['0', None]"]

    def test_somebody_out_of_their_group_is_seen(self, start: Start) -> None:
        with opened(start) as study:
            out = '[{"username":"amy","redcap_data_access_group":""}]'
            study.project.post("userDagMapping", action="import", data=out).raise_for_status()
            found = list(more_than(access(study.project), start.before, start.after))
            assert found == ["amy has group every group, before and after ['lyon', 'nantes']"]
