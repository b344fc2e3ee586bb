"""`--base`: what was done outside is told from what is yours, and is not undone unseen."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from redcap_iac import workflow
from redcap_iac.errors import GuardError
from redcap_iac.findings import Finding
from redcap_iac.hazard import Acceptance, Answer
from redcap_iac.plan import Plan
from redcap_iac.workflow import Answers, Base, Goal
from tests.emulator.served import Project
from tests.end_to_end.study import NOW, Silent, Study, everything
from tests.end_to_end.whole import text

OLD: dict[str, Any] = {
    "record_id": text("ID"),
    "age": {"type": "text", "label": "Age", "note": "in years"},
    "mood": text("Mood"),
}


@pytest.fixture
def study(project: Project, tmp_path: Path) -> Study:
    """A study as it was applied from the base commit."""
    study = Study(project, tmp_path)
    study.converge(form(OLD))
    return study


def form(fields: dict[str, Any]) -> dict[str, Any]:
    return {"instruments": [{"instrument": "intake", "fields": fields}]}


def outside(study: Study, **changes: dict[str, str] | None) -> None:
    """Change fields past the manifest, as somebody on REDCap's pages would; None removes one."""
    rows = study.project.rows("metadata")
    kept = [row for row in rows if changes.get(row["field_name"], {}) is not None]
    for name, change in changes.items():
        row = next((row for row in kept if row["field_name"] == name), None)
        if row is not None:
            row.update(change or {})
        elif change is not None:
            blank = dict.fromkeys(kept[0], "")
            kept.append({**blank, "field_name": name, "form_name": "intake", **change})
    answer = study.project.post("metadata", data=json.dumps(kept))
    assert answer.status_code == 200, answer.text


def goal(study: Study, fields: dict[str, Any]) -> Goal:
    """Return the goal of new fields whose base is the manifest that was applied."""
    before = study.declare(form(OLD))
    base = Base("origin/main", "1" * 40, NOW, before.desired)
    return replace(study.declare(form(fields)), base=base)


def hazards(plan: Plan, code: str = "H142") -> list[Finding]:
    return [finding for finding in plan.findings if finding.code == code]


def origins(plan: Plan) -> dict[str, str]:
    return {change.address: change.origin for change in plan.changes}


def test_what_only_you_changed_is_yours(study: Study) -> None:
    plan = study.plan(goal(study, {**OLD, "mood": text("Mood today")})).plan
    assert origins(plan) == {"field/mood": "yours"}
    assert hazards(plan) == hazards(plan, "H143") == []
    assert plan.base == "origin/main (1111111)"


def test_a_label_changed_outside_is_not_set_back_unseen(study: Study) -> None:
    outside(study, age={"field_label": "Age at baseline"})
    planned = study.plan(goal(study, OLD))
    (hazard,) = hazards(planned.plan)
    assert hazard.address == "field/age"
    assert "field/age was changed outside the manifest" in hazard.message
    assert "change its label back or over" in hazard.message
    assert hazard.stake is not None
    assert hazard.stake.answer is Answer.ACCEPTANCE
    assert origins(planned.plan) == {"field/age": "outside"}
    with pytest.raises(GuardError, match="H142"):
        workflow.apply(study.session, goal(study, OLD), planned, Silent())
    label = next(r for r in study.project.rows("metadata") if r["field_name"] == "age")
    assert label["field_label"] == "Age at baseline"


def test_accepted_it_is_set_back(study: Study) -> None:
    outside(study, age={"field_label": "Age at baseline"})
    wanted = goal(study, OLD)
    planned = study.plan(wanted)
    answers = Answers(accept=(Acceptance("H142", "field/age", typed=True),))
    applied = workflow.apply(study.session, wanted, planned, Silent(), answers=answers)
    assert applied.is_complete


def test_one_field_may_hold_both(study: Study) -> None:
    outside(study, age={"field_label": "Age at baseline"})
    plan = study.plan(goal(study, {**OLD, "age": {"type": "text", "label": "Age"}})).plan
    assert origins(plan) == {"field/age": "both"}
    (change,) = plan.changes
    assert {aspect.name: aspect.origin for aspect in change.aspects} == {
        "label": "outside", "note": "yours",
    }  # fmt: skip


def test_what_was_taken_over_into_the_manifest_is_no_change(study: Study) -> None:
    outside(study, age={"field_label": "Age at baseline"})
    taken = {**OLD, "age": {"type": "text", "label": "Age at baseline", "note": "in years"}}
    assert study.plan(goal(study, taken)).plan.is_empty


def test_a_field_added_outside_is_not_removed_unseen(study: Study) -> None:
    outside(study, extra={"field_type": "text", "field_label": "Extra"})
    plan = study.plan(goal(study, OLD)).plan
    (hazard,) = hazards(plan)
    assert "field/extra was added outside the manifest" in hazard.message
    assert origins(plan)["field/extra"] == "outside"


def test_a_field_removed_outside_is_not_brought_back_unseen(study: Study) -> None:
    outside(study, mood=None)
    plan = study.plan(goal(study, OLD)).plan
    (hazard,) = hazards(plan)
    assert "field/mood was taken away outside the manifest" in hazard.message
    assert "bring it back" in hazard.message


def test_a_field_you_remove_that_was_changed_outside_is_both(study: Study) -> None:
    outside(study, mood={"field_label": "Mood now"})
    plan = study.plan(goal(study, {name: OLD[name] for name in ("record_id", "age")})).plan
    assert origins(plan) == {"field/mood": "both"}
    assert [hazard.address for hazard in hazards(plan)] == ["field/mood"]


def test_a_new_field_is_yours(study: Study) -> None:
    plan = study.plan(goal(study, {**OLD, "new": text("New")})).plan
    assert origins(plan) == {"field/new": "yours"}


def test_the_log_tells_who_where_the_token_may_read_it(study: Study) -> None:
    """The last import outside was made by the only user there is."""
    outside(study, age={"field_label": "Age at baseline"})
    (hazard,) = hazards(study.plan(goal(study, OLD)).plan)
    assert "likely by jdoe, 2026-" in hazard.message
    assert hazard.stake is not None
    assert hazard.stake.names == ("jdoe",)
    assert "jdoe" not in hazard.stake.public


def test_without_a_base_it_is_said_that_nobody_can_tell(study: Study) -> None:
    outside(study, age={"field_label": "Age at baseline"})
    plan = study.plan(study.declare(form(OLD))).plan
    (note,) = hazards(plan, "H143")
    assert "no base was given" in note.message
    assert note.stake is not None
    assert note.stake.answer is Answer.NOTE
    assert origins(plan) == {"field/age": ""}


def test_without_a_base_what_only_comes_needs_no_such_note(study: Study) -> None:
    plan = study.plan(study.declare(form({**OLD, "new": text("New")}))).plan
    assert hazards(plan, "H143") == []


def test_everything_of_a_plan_can_be_answered(study: Study) -> None:
    outside(study, age={"field_label": "Age at baseline"}, mood=None)
    wanted = goal(study, OLD)
    applied = workflow.apply(
        study.session, wanted, study.plan(wanted), Silent(), answers=everything()
    )
    assert applied.is_complete
