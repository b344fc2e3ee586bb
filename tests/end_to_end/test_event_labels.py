"""What is said of an event in a plan names it as people know it."""

from __future__ import annotations

from redcap_iac.views.text import plan_lines
from tests.end_to_end.study import Study
from tests.end_to_end.whole import AFTER, BEFORE


def test_designations_are_told_by_the_event_s_own_name(study: Study) -> None:
    study.converge(BEFORE)
    plan = study.plan(study.declare(AFTER)).plan
    labels = {change.address: change.label for change in plan.changes}
    assert labels["designation/baseline_arm_1/extra"] == "extra on Baseline (arm 1)"
    assert labels["designation/baseline_arm_2/intake"] == "intake on Baseline (arm 2)"


def test_an_event_that_goes_takes_its_instruments_along_in_one_row(study: Study) -> None:
    study.converge(BEFORE)
    plan = study.plan(study.declare(AFTER)).plan
    lines = [" ".join(line.plain.split()) for line in plan_lines(plan)]
    assert "- Baseline (arm 2) - intake" in lines
    assert "~ Baseline (arm 1) - extra" in lines
    assert "+ Week 8 (arm 1) visit, closing" in lines
    assert not any("baseline_arm" in line for line in lines)
