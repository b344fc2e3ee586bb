"""Outside development no design is written; access is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from redcap_iac import workflow
from redcap_iac.errors import GuardError
from redcap_iac.plan import Plan
from redcap_iac.planner import design_steps
from tests.emulator.conftest import MakeEmulator
from tests.emulator.served import new_project
from tests.end_to_end.study import Silent, Study, everything
from tests.end_to_end.watching import kept
from tests.end_to_end.whole import AFTER, BEFORE


@pytest.fixture
def whole(study: Study) -> Study:
    study.converge(BEFORE)
    return study


def refused(study: Study, manifest: dict[str, Any], status: str) -> tuple[GuardError, Plan]:
    """Apply, which must be refused with nothing written; return why, and the plan."""
    study.project.status(status)
    before = kept(study.project)
    goal = study.declare(manifest)
    planned = study.plan(goal)
    with pytest.raises(GuardError) as raised:
        workflow.apply(study.session, goal, planned, Silent(), answers=everything())
    assert kept(study.project) == before
    return raised.value, planned.plan


@pytest.mark.parametrize("status", ["production", "analysis"])
def test_a_design_change_is_refused_with_what_to_do_and_nothing_is_written(
    whole: Study, status: str
) -> None:
    error, plan = refused(whole, AFTER, status)
    assert error.exit_code == 3
    assert "H140" in error.message
    assert "arms" in error.message
    assert "fields" in error.message
    (finding,) = (found for found in plan.findings if found.code == "H140")
    assert finding.advice
    assert finding.address == "project/status"


def test_draft_mode_is_named_as_the_way(whole: Study) -> None:
    _, plan = refused(whole, AFTER, "production")
    (finding,) = (found for found in plan.findings if found.code == "H140")
    assert "Draft Mode" in finding.advice


def test_a_project_that_was_in_production_is_not_taken_for_one_in_development(
    whole: Study,
) -> None:
    _, plan = refused(whole, AFTER, "analysis")
    assert plan.target.status == "unknown"


def test_longitudinal_is_design(whole: Study) -> None:
    manifest = {"project": {"title": "Before", "longitudinal": False}}
    error, _ = refused(whole, manifest, "production")
    assert "longitudinal" in error.message


@pytest.mark.parametrize(
    "manifest",
    [
        {"instruments": AFTER["instruments"]},
        {"arms": [{**arm, "name": "Renamed"} for arm in BEFORE["arms"]]},
        {"arms": [{**BEFORE["arms"][0], "events": BEFORE["arms"][0]["events"][:2]}]},
    ],
    ids=["fields", "an arm's name", "events"],
)
def test_one_unit_of_design_is_enough(whole: Study, manifest: dict[str, Any]) -> None:
    error, _ = refused(whole, manifest, "production")
    assert "H140" in error.message


@pytest.mark.parametrize("status", ["production", "analysis"])
def test_access_is_changed_in_any_status(whole: Study, status: str) -> None:
    whole.project.status(status)
    access = ("manage", "dags", "roles", "users")
    proof = whole.converge({name: AFTER[name] for name in access})
    assert proof.changes == ()
    assert {row["role_label"] for row in whole.project.rows("userRole")} == {
        "Data entry", "Monitor",
    }  # fmt: skip


def test_the_same_design_needs_no_write_and_is_no_hazard(whole: Study) -> None:
    whole.project.status("production")
    plan = whole.plan(whole.declare(BEFORE)).plan
    assert (plan.changes, plan.stopped) == ((), ())


def test_back_in_development_design_is_written_again(whole: Study) -> None:
    whole.project.status("production")
    whole.project.status("development")
    whole.converge(AFTER)


def test_the_calls_that_wait_for_development_are_told(whole: Study) -> None:
    whole.project.status("production")
    plan = whole.plan(whole.declare(AFTER)).plan
    assert {step.kind for step in design_steps(plan)} == {
        "arms", "events", "fields", "designations", "repeating",
    }  # fmt: skip


def test_a_server_that_would_allow_additions_is_not_asked_either(
    make_emulator: MakeEmulator, tmp_path: Path
) -> None:
    emulator = make_emulator(production_additive_writes="allow")
    study = Study(new_project(emulator), tmp_path)
    study.converge(BEFORE)
    error, _ = refused(study, AFTER, "production")
    assert "H140" in error.message
