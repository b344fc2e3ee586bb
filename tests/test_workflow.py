"""The flows as a whole: create, plan, apply, prove, draft."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from redcap_iac import workflow
from redcap_iac.calls import Call
from redcap_iac.emulator import admin
from redcap_iac.emulator.server import Emulator
from redcap_iac.errors import GuardError, UnreachableError
from redcap_iac.manifest.writer import write
from redcap_iac.plan import Plan, PlannedChange
from redcap_iac.state import Desired, State, Unit
from redcap_iac.workflow import Answers, check_may_apply, create_call
from tests.emulator.conftest import MakeEmulator
from tests.emulator.served import Project, new_project
from tests.end_to_end.study import EVERY_UNIT, NOW, Silent, Study, said
from tests.end_to_end.watching import Watched, kept, session
from tests.end_to_end.whole import AFTER, BEFORE, text
from tests.kinds.scheduling import declared, target

FORM = [{"instrument": "intake", "fields": {"study_id": text("ID"), "start": text("Start")}}]


@pytest.fixture
def study(project: Project, tmp_path: Path) -> Study:
    return Study(project, tmp_path)


class TestCreate:
    """Create Project by super token, then apply."""

    def created(self, emulator: Emulator, folder: Path, manifest: dict[str, Any]) -> Study:
        """Create what a manifest says and apply it, without leave to delete anything."""
        new_project(emulator, "Another")
        token = admin.super_token(emulator.store, emulator.server)
        study = Study(Project(emulator, 2, token), folder)
        goal = replace(study.declare(manifest), fresh=True)
        made = Watched(study.project).create_project(create_call(goal.desired))
        study = Study(Project(emulator, 2, made.reveal()), folder)
        planned = workflow.plan(study.session, goal)
        applied = workflow.apply(study.session, goal, planned, Silent())
        assert applied.is_complete, (applied.outcomes[-1].error, applied.trouble)
        assert study.plan(study.goal()).plan.is_empty
        return study

    def test_a_classic_project(self, emulator: Emulator, tmp_path: Path) -> None:
        manifest = {"project": {"title": "New", "purpose": "practice"}, "instruments": FORM}
        study = self.created(emulator, tmp_path, manifest)
        fields = [row["field_name"] for row in study.project.rows("metadata")]
        assert fields == ["study_id", "start"]

    @pytest.mark.parametrize("one_event", ["classic", "longitudinal"])
    @pytest.mark.parametrize("events", [["Baseline"], ["Baseline", "Week 4"], ["Event 1", "End"]])
    def test_a_longitudinal_project(
        self, make_emulator: MakeEmulator, tmp_path: Path, events: list[str], one_event: str
    ) -> None:
        emulator = make_emulator(one_event_longitudinal=one_event)
        manifest = {
            "project": {"title": "New", "purpose": "research"},
            "instruments": FORM,
            "arms": [
                {
                    "number": 1,
                    "name": "Main",
                    "events": [{"name": name, "instruments": ["intake"]} for name in events],
                }
            ],
        }
        study = self.created(emulator, tmp_path, manifest)
        kept_events = json.loads(admin.dump(emulator.store, 2))["events"]
        assert sorted(row["name"] for row in kept_events) == sorted(events)
        assert study.project.rows("project")["project_title"] == "New"

    def test_with_everything(self, emulator: Emulator, tmp_path: Path) -> None:
        owner = {"admin": BEFORE["users"]["jdoe"]}
        manifest = {**BEFORE, "project": {"title": "New", "purpose": "other", "purpose_other": "x"}}
        manifest["users"] = {**owner, "amy": BEFORE["users"]["amy"]}
        study = self.created(emulator, tmp_path, manifest)
        assert len(study.project.rows("event")) == 4

    def test_the_call_takes_what_redcap_takes_at_birth(self) -> None:
        section = {
            "title": "T", "purpose": "other", "purpose_other": "x", "notes": "n", "surveys": True,
            "autonumbering": False, "irb_number": "1", "longitudinal": True,
        }  # fmt: skip
        desired, _ = declared({"project": section})
        assert create_call(desired) == Call(
            "project",
            "create",
            (
                {
                    "project_title": "T", "purpose": "1", "purpose_other": "x",
                    "project_notes": "n", "is_longitudinal": "1", "surveys_enabled": "1",
                    "record_autonumbering_enabled": "0",
                },
            ),
        )  # fmt: skip

    @pytest.mark.parametrize("section", [{}, {"title": "T"}, {"purpose": "practice"}])
    def test_without_title_or_purpose_it_is_refused(self, section: dict[str, str]) -> None:
        desired, _ = declared({"project": section})
        with pytest.raises(GuardError, match="lacks one") as raised:
            create_call(desired)
        assert "title:" in raised.value.advice

    def test_without_any_settings_it_is_refused(self) -> None:
        with pytest.raises(GuardError):
            create_call(Desired(State()))


class TestMayApply:
    """What is refused before the first call."""

    @staticmethod
    def plan(*units: str, stopped: tuple[str, ...] = ()) -> Plan:
        changes = tuple(
            PlannedChange(f"{unit}/x", "delete", unit, "", "x", (), None) for unit in units
        )
        return Plan("", "", target(), "dev", "", {}, changes=changes, stopped=stopped)

    def test_a_stopped_plan(self) -> None:
        with pytest.raises(GuardError, match="H109 no"):
            check_may_apply(self.plan(stopped=("H109 no",)), Answers(EVERY_UNIT))

    def test_deletions_are_counted_by_unit(self) -> None:
        with pytest.raises(GuardError, match="deletes 2 fields and 1 DAG;") as raised:
            check_may_apply(self.plan("fields", "dags", "fields"), Answers(frozenset()))
        assert "--allow-delete fields --allow-delete dags" in raised.value.advice

    def test_what_is_allowed_is_not_counted(self) -> None:
        with pytest.raises(GuardError, match="deletes 1 DAG;"):
            check_may_apply(self.plan("fields", "dags"), Answers(frozenset({Unit.FIELDS})))
        check_may_apply(self.plan("fields", "dags"), Answers(frozenset({Unit.FIELDS, Unit.DAGS})))

    def test_a_new_project_gives_up_what_it_was_born_with(self) -> None:
        born = ("fields", "arms", "events", "designations", "repeating")
        check_may_apply(self.plan(*born), Answers(frozenset()), fresh=True)
        for unit in ("dags", "roles", "users"):
            with pytest.raises(GuardError):
                check_may_apply(self.plan(unit), Answers(frozenset()), fresh=True)


class TestProof:
    """After the last call everything is read again."""

    def test_it_finds_what_remains(self, study: Study) -> None:
        goal = study.declare({"project": {"title": "Mine"}})
        planned = study.plan(goal)

        def before(call: Call) -> None:
            if call.content == "version":  # the first call of the proof
                study.project.post(
                    "project_settings", action="import", data='{"project_title": "Theirs"}'
                ).raise_for_status()

        watched = session(study, Watched(study.project, before))
        applied = workflow.apply(watched, goal, planned, Silent())
        assert applied.outcomes[-1].error is None
        assert applied.proof is not None
        assert [change.address for change in applied.proof.changes] == ["project/title"]
        assert not applied.is_complete

    def test_a_proof_that_cannot_be_made_is_trouble_and_not_success(self, study: Study) -> None:
        goal = study.declare({"project": {"title": "Mine"}})
        planned = study.plan(goal)

        def before(call: Call) -> None:
            if call.content == "version":
                raise UnreachableError("the line is dead")

        watched = session(study, Watched(study.project, before))
        applied = workflow.apply(watched, goal, planned, Silent())
        assert applied.outcomes[-1].error is None
        assert isinstance(applied.trouble, UnreachableError)
        assert (applied.proof, applied.is_complete) == (None, False)

    def test_a_plan_without_calls_is_proven_too(self, study: Study) -> None:
        goal = study.declare({"project": {"title": "A study"}})
        applied = workflow.apply(study.session, goal, study.plan(goal), Silent())
        assert applied.outcomes[-1].done == ()
        assert applied.is_complete

    def test_a_second_run_writes_nothing(self, study: Study) -> None:
        study.converge(BEFORE)
        before = kept(study.project)
        client = Watched(study.project)
        goal = study.goal()
        planned = workflow.plan(session(study, client), goal)
        workflow.apply(session(study, client), goal, planned, Silent())
        assert client.writes == []
        assert kept(study.project) == before


def test_a_plan_tells_when_and_for_what_it_was_made(study: Study) -> None:
    goal = study.declare(BEFORE)
    plan = study.plan(goal).plan
    assert plan.created == "2026-03-14T15:09:26Z"
    assert datetime.strptime(plan.created, "%Y-%m-%dT%H:%M:%SZ") == NOW
    assert (plan.environment, plan.tool, plan.manifest_digest) == ("dev", "test", goal.digest)
    assert set(plan.fingerprint) >= {"fields", "project", "users"}


@pytest.mark.parametrize("manifest", [BEFORE, AFTER])
def test_a_draft_of_a_project_plans_nothing_on_it(study: Study, manifest: dict[str, Any]) -> None:
    study.converge(manifest)
    for path, text_of_it in write(workflow.draft(workflow.read(study.session))).items():
        (study.folder / path).parent.mkdir(exist_ok=True)
        (study.folder / path).write_text(text_of_it, encoding="utf-8")
    plan = study.plan(study.goal()).plan
    assert plan.changes == (), said(plan)
    assert plan.stopped == ()


def test_a_draft_leaves_out_what_could_not_be_read(study: Study) -> None:
    study.converge(BEFORE)
    live = workflow.read(study.session)
    kinds = {name: items for name, items in live.state.kinds.items() if name != "dags"}
    assert "dags" not in workflow.draft(replace(live, state=State(kinds)))
