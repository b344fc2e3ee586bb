"""A backup brought back: the design as it was, and the truth about what does not come back."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from redcap_iac import workflow
from redcap_iac.errors import GuardError
from redcap_iac.exporter import read_live
from redcap_iac.kinds import all_kinds
from redcap_iac.safety.backup import Backup
from redcap_iac.safety.record_values import everything as all_values
from redcap_iac.state import Unit
from redcap_iac.workflow import Applied, Session
from redcap_iac.workflow.keeping import back_up
from redcap_iac.workflow.restoring import (
    Restoration,
    restoration,
    return_values,
    values_to_return,
)
from tests.emulator.served import Project
from tests.end_to_end.study import Silent, Study, everything, said
from tests.end_to_end.whole import AFTER, BEFORE

RECORDS = [
    {"record_id": "1", "redcap_event_name": "baseline_arm_1", "start": "then", "doomed": "x"},
    {"record_id": "2", "redcap_event_name": "baseline_arm_1", "start": "now", "doomed": "y"},
]


@pytest.fixture
def kept(project: Project, tmp_path: Path) -> Study:
    """The first design, live, with records."""
    found = Study(project, tmp_path)
    found.converge(BEFORE)
    project.post("record", action="import", data=json.dumps(RECORDS)).raise_for_status()
    return found


def session_of(study: Study) -> Session:
    return replace(study.session, state_dir=study.folder / "kept")


def back(study: Study, backup: Backup, *only: Unit) -> Restoration:
    return restoration(backup, workflow.read(study.session), frozenset(only))


def restore(study: Study, backup: Backup, *only: Unit) -> Applied:
    session = session_of(study)
    wanted = back(study, backup, *only)
    planned = workflow.plan(session, wanted.goal)
    return workflow.apply(session, wanted.goal, planned, Silent(), answers=everything())


def shape(study: Study) -> dict[str, Counter[str]]:
    """Return what each kind holds in the form people compare, without names a server makes."""
    live = read_live(study.session.client)
    return {
        kind.name: Counter(
            f"{kind.address(item)} {kind.normal(item)}"
            for item in kind.items(live.state)
            if kind.unit is not Unit.ROLES
        )
        for kind in all_kinds()
    }


def test_right_after_a_backup_there_is_nothing_to_restore(kept: Study) -> None:
    backup = back_up(session_of(kept), workflow.read(kept.session).target)
    planned = workflow.plan(kept.session, back(kept, backup).goal)
    assert planned.plan.changes == (), said(planned.plan)
    assert planned.plan.stopped == ()


def test_the_design_comes_back_through_an_ordinary_plan(kept: Study) -> None:
    before = shape(kept)
    backup = back_up(session_of(kept), workflow.read(kept.session).target)
    kept.converge({**AFTER, "manage": {"users": "additive"}})
    applied = restore(kept, backup)
    assert applied.is_complete, (applied.outcomes[-1].error, applied.trouble)
    after = shape(kept)
    eve = {"user/eve", "user/eve/role", "user/eve/dag"}
    for kind, items in before.items():
        extra = {line for line in after[kind] - items if line.split()[0] not in eve}
        assert not extra, kind
        assert not items - after[kind], kind


def test_what_came_since_is_deleted_only_where_that_is_allowed(kept: Study) -> None:
    backup = back_up(session_of(kept), workflow.read(kept.session).target)
    kept.converge({**AFTER, "manage": {"users": "additive"}})
    wanted = back(kept, backup)
    planned = workflow.plan(kept.session, wanted.goal)
    with pytest.raises(GuardError, match="The plan deletes"):
        workflow.apply(
            kept.session, wanted.goal, planned, Silent(), answers=everything(frozenset())
        )


def test_people_who_came_since_stay(kept: Study) -> None:
    backup = back_up(session_of(kept), workflow.read(kept.session).target)
    kept.converge({**AFTER, "manage": {"users": "additive"}})
    restore(kept, backup)
    assert "eve" in {row["username"] for row in kept.project.rows("user")}


def test_one_unit_alone_comes_back(kept: Study) -> None:
    backup = back_up(session_of(kept), workflow.read(kept.session).target)
    kept.converge({**AFTER, "manage": {"users": "additive"}})
    names = [row["field_name"] for row in kept.project.rows("metadata")]
    assert "doomed" not in names
    dags = kept.project.rows("dag")
    applied = restore(kept, backup, Unit.FIELDS)
    assert applied.is_complete, applied.outcomes[-1].error
    assert "doomed" in [row["field_name"] for row in kept.project.rows("metadata")]
    assert kept.project.rows("dag") == dags


def test_what_was_only_renamed_is_renamed_back_and_stays_the_same_object(kept: Study) -> None:
    backup = back_up(session_of(kept), workflow.read(kept.session).target)
    group = {row["data_access_group_name"]: row for row in kept.project.rows("dag")}["Lyon"]
    renamed = [{**group, "data_access_group_name": "Lyon 2"}]
    for row in renamed:
        row.pop("data_access_group_id")
    kept.project.post("dag", action="import", data=json.dumps(renamed)).raise_for_status()
    wanted = back(kept, backup)
    planned = workflow.plan(kept.session, wanted.goal)
    actions = {change.action for change in planned.plan.changes if change.unit == "dags"}
    assert actions == {"rename"}, said(planned.plan)


def test_what_cannot_come_back_is_said_before(kept: Study) -> None:
    backup = back_up(session_of(kept), workflow.read(kept.session).target)
    kept.converge(AFTER)
    lost = "\n".join(back(kept, backup).lost)
    assert "doomed and more made again: values that were stored in them do not come back" in lost
    assert "extra made again: survey links" in lost
    assert "Unscheduled" in lost
    assert "Paris made again: the unique names may differ" in lost
    assert "Old role made again" in lost
    assert "bob added again: API tokens of it do not come back" in lost
    assert "amy and dan had under a role" in lost


def test_a_backup_of_another_project_is_refused(kept: Study) -> None:
    backup = back_up(session_of(kept), workflow.read(kept.session).target)
    other = replace(backup, target={**backup.target, "project_id": "77"})
    with pytest.raises(GuardError, match="of project 77"):
        back(kept, other)


def test_stored_values_come_back_where_nothing_is_stored_now(kept: Study) -> None:
    session = session_of(kept)
    values = all_values(session.client)
    backup = back_up(session, workflow.read(session).target)
    kept.converge({**AFTER, "manage": {"users": "additive"}})
    restore(kept, backup, Unit.FIELDS)
    newer = [{"record_id": "2", "redcap_event_name": "baseline_arm_1", "doomed": "newer"}]
    kept.project.post("record", action="import", data=json.dumps(newer)).raise_for_status()
    live = workflow.read(session)
    back_now = values_to_return(session, values, backup.live(), live)
    assert [row["field_name"] for row in back_now.rows] == ["doomed"]
    assert back_now.records == 1
    return_values(session, back_now, live, backup)
    rows = kept.project.rows("record", type="eav", fields=["doomed"])
    found = {(row["record"], row["value"]) for row in rows if row["field_name"] == "doomed"}
    assert found == {("1", "x"), ("2", "newer")}
    assert values_to_return(session, values, backup.live(), live).rows == ()


def test_a_record_deleted_since_is_not_made_again(kept: Study) -> None:
    session = session_of(kept)
    values = all_values(session.client)
    backup = back_up(session, workflow.read(session).target)
    kept.project.post("record", action="delete", records=["1"]).raise_for_status()
    back_now = values_to_return(session, values, backup.live(), workflow.read(session))
    assert back_now.rows == ()
    assert back_now.left["the record is not there any more"] > 0
