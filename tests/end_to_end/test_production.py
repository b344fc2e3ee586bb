"""In production the API writes access now; design waits for people, in numbered stages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from redcap_iac import workflow
from redcap_iac.calls import Call
from redcap_iac.client import Client
from redcap_iac.errors import GuardError, WaitingError
from redcap_iac.findings import Severity
from redcap_iac.hazard import Answer
from redcap_iac.plan import Plan, Stage
from redcap_iac.planner import design_steps
from redcap_iac.workflow import Answers
from tests.emulator.conftest import MakeEmulator
from tests.emulator.served import new_project
from tests.end_to_end.study import Silent, Study, everything
from tests.end_to_end.watching import Watched, kept, session
from tests.end_to_end.whole import AFTER, BEFORE

ACCESS = ("manage", "dags", "roles", "users")
DESIGN = {"arms", "events", "fields", "designations", "repeating"}


@pytest.fixture
def whole(study: Study) -> Study:
    study.converge(BEFORE)
    study.project.status("production")
    return study


def plan_of(study: Study, manifest: dict[str, Any]) -> Plan:
    return study.plan(study.declare(manifest)).plan


def finding_of(plan: Plan, code: str) -> Any:  # noqa: ANN401 - a finding with its stake
    (found,) = (finding for finding in plan.findings if finding.code == code)
    return found


def stage_of(plan: Plan, words: str) -> Stage:
    (found,) = (stage for stage in plan.stages if words in stage.title)
    return found


def test_design_is_no_refusal_but_a_package(whole: Study) -> None:
    plan = plan_of(whole, AFTER)
    found = finding_of(plan, "H140")
    assert plan.stopped == ()
    assert found.severity is Severity.NOTE
    assert "fields, arms, events, designations, repeating" in found.message
    assert "redcap-iac package" in found.advice


def test_the_stages_are_numbered_and_say_who_acts(whole: Study) -> None:
    plan = plan_of(whole, AFTER)
    assert [(stage.number, stage.who) for stage in plan.stages] == [
        (1, "redcap-iac"), (2, "you"), (3, "you"), (4, "administrator"), (5, "you"),
        (6, "redcap-iac"),
    ]  # fmt: skip


def test_every_change_stands_in_a_stage(whole: Study) -> None:
    plan = plan_of(whole, AFTER)
    served = {address for stage in plan.stages for address in stage.serves}
    assert {change.address for change in plan.changes} == served


def test_empty_stages_are_left_out(whole: Study) -> None:
    plan = plan_of(whole, {"instruments": AFTER["instruments"]})
    assert [stage.who for stage in plan.stages] == ["you", "administrator"]
    assert plan.steps == ()


def test_no_call_of_now_writes_design(whole: Study) -> None:
    plan = plan_of(whole, AFTER)
    assert plan.steps
    assert design_steps(plan) == ()


def test_the_first_apply_writes_access_and_leaves_the_design_to_people(whole: Study) -> None:
    before = {name: whole.project.rows(name) for name in ("metadata", "formEventMapping", "arm")}
    applied = whole.apply(whole.declare(AFTER))
    assert applied.is_waiting
    assert not applied.is_complete
    assert applied.proof is not None
    assert {change.unit for change in applied.proof.changes} >= DESIGN
    assert applied.proof.steps == ()
    assert {name: whole.project.rows(name) for name in before} == before
    assert {row["role_label"] for row in whole.project.rows("userRole")} == {
        "Data entry", "Monitor",
    }  # fmt: skip


def test_rights_on_a_new_instrument_come_after_its_approval(whole: Study) -> None:
    plan = plan_of(whole, AFTER)
    assert "role/Monitor" in stage_of(plan, "takes now").serves
    assert "role/Monitor" in stage_of(plan, "after approval").serves
    sent = [row for step in plan.steps for row in step.call.rows if "forms" in row]
    assert sent
    assert not any("closing" in dict(row["forms"]) for row in sent)  # type: ignore[arg-type]


def test_rights_on_an_instrument_about_to_go_stay_until_it_is_gone(whole: Study) -> None:
    whole.apply(whole.declare(AFTER))
    (role,) = (r for r in whole.project.rows("userRole") if r["role_label"] == "Data entry")
    assert role["forms"]["extra"] == 1 or role["forms"]["extra"] == 130


def test_a_setting_that_names_a_new_field_waits_for_it(whole: Study) -> None:
    manifest = {
        **AFTER, "project": {"title": "After", "secondary_unique_field": "end"},
    }  # fmt: skip
    plan = plan_of(whole, manifest)
    sent = {name for step in plan.steps for row in step.call.rows for name in row}
    assert "project_title" in sent
    assert "secondary_unique_field" not in sent
    assert "project/secondary_unique_field" in stage_of(plan, "after approval").serves


def test_longitudinal_is_design(whole: Study) -> None:
    plan = plan_of(whole, {"project": {"title": "Before", "longitudinal": False}})
    assert "longitudinal" in finding_of(plan, "H140").message
    assert plan.steps == ()


def test_with_nothing_for_the_api_apply_waits_with_nothing_written(whole: Study) -> None:
    goal = whole.declare({"instruments": AFTER["instruments"]})
    before = kept(whole.project)
    with pytest.raises(WaitingError) as raised:
        whole.apply(goal)
    assert raised.value.exit_code == 7
    assert "Nothing was written" in raised.value.message
    assert "Draft Mode" in raised.value.advice
    assert kept(whole.project) == before


def test_a_second_apply_before_approval_waits(whole: Study) -> None:
    goal = whole.declare(AFTER)
    whole.apply(goal)
    with pytest.raises(WaitingError):
        whole.apply(goal)


def test_hazards_and_deletions_of_the_package_do_not_stop_access(whole: Study) -> None:
    manifest = {
        **BEFORE, "instruments": AFTER["instruments"], "arms": AFTER["arms"],
        "project": {"title": "Other"},
    }  # fmt: skip
    goal = whole.declare(manifest)
    planned = whole.plan(goal)
    design = [f for f in planned.plan.findings if f.code in ("H101", "H102", "H114", "H115")]
    assert design
    assert {finding.stake.answer for finding in design if finding.stake} == {Answer.NOTE}
    applied = workflow.apply(whole.session, goal, planned, Silent(), answers=Answers())
    assert applied.is_waiting


def test_hazards_of_access_wait_for_their_answer_all_the_same(whole: Study) -> None:
    goal = whole.declare(AFTER)
    planned = whole.plan(goal)
    with pytest.raises(GuardError):
        workflow.apply(whole.session, goal, planned, Silent(), answers=Answers())


@pytest.mark.parametrize("status", ["analysis"])
def test_where_the_status_is_not_known_nothing_is_written(study: Study, status: str) -> None:
    study.converge(BEFORE)
    study.project.status(status)
    before = kept(study.project)
    goal = study.declare(AFTER)
    planned = study.plan(goal)
    with pytest.raises(GuardError) as raised:
        workflow.apply(study.session, goal, planned, Silent(), answers=everything())
    assert "H140" in raised.value.message
    assert planned.plan.target.status == "unknown"
    assert planned.plan.stages == ()
    assert kept(study.project) == before


@pytest.mark.parametrize("status", ["production", "analysis"])
def test_access_alone_is_changed_in_any_status(study: Study, status: str) -> None:
    study.converge(BEFORE)
    study.project.status(status)
    proof = study.converge({name: AFTER[name] for name in ACCESS})
    assert (proof.changes, proof.stages) == ((), ())


def test_the_same_design_needs_no_write_and_is_no_hazard(whole: Study) -> None:
    plan = plan_of(whole, BEFORE)
    assert (plan.changes, plan.stopped, plan.stages) == ((), (), ())


def test_back_in_development_design_is_written_again(whole: Study) -> None:
    whole.project.status("development")
    whole.converge(AFTER)


def test_a_server_that_would_allow_additions_is_not_asked_either(
    make_emulator: MakeEmulator, tmp_path: Path
) -> None:
    emulator = make_emulator(production_additive_writes="allow")
    study = Study(new_project(emulator), tmp_path)
    study.converge(BEFORE)
    study.project.status("production")
    assert design_steps(plan_of(study, AFTER)) == ()


def test_a_project_moved_to_production_half_way_is_left_alone(study: Study) -> None:
    study.converge(BEFORE)
    goal = study.declare(AFTER)
    planned = study.plan(goal)
    study.project.status("production")
    watched = Watched(study.project)
    applied = workflow.apply(session(study, watched), goal, planned, Silent(), answers=everything())
    assert not applied.is_complete
    assert watched.writes == []


def test_the_log_is_not_read_where_no_package_is_made(study: Study) -> None:
    study.converge(BEFORE)
    assert _asked_for_log(study, AFTER) == []


def _asked_for_log(study: Study, manifest: dict[str, Any]) -> list[Call]:
    watched = Watched(study.project)
    client: Client = watched
    workflow.plan(session(study, client), study.declare(manifest))
    return [call for call in watched.calls if call.content == "log"]


def test_a_log_without_drafts_is_read_whole_in_few_calls(whole: Study) -> None:
    assert len(_asked_for_log(whole, AFTER)) == 3
