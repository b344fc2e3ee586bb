"""What an apply changed beyond the manifest is told."""

from __future__ import annotations

from redcap_iac.views.account import account_lines
from tests.end_to_end.study import Study

INTAKE = {"instrument": "intake", "fields": {"record_id": {"type": "text", "label": "ID"}}}
LAB = {"instrument": "lab", "fields": {"hb": {"type": "text", "label": "Hb"}}}
EVENTS = [
    {"name": "Start", "instruments": ["intake"]},
    {"name": "End", "instruments": ["lab", "intake"]},
]
WHOLE = {"instruments": [INTAKE, LAB], "arms": [{"number": 1, "name": "A", "events": EVENTS}]}


def test_designations_of_a_removed_instrument_are_told_though_nobody_manages_them(
    study: Study,
) -> None:
    study.converge(WHOLE)
    applied = study.apply(study.declare({"instruments": [INTAKE]}))
    assert applied.side_effects == ("designations, not managed by the manifest: 1 gone.",)


def test_an_apply_that_touches_nothing_else_tells_nothing(study: Study) -> None:
    study.converge(WHOLE)
    applied = study.apply(study.declare({"project": {"title": "Another"}}))
    assert applied.side_effects == ()


def test_designations_follow_a_renamed_event(study: Study) -> None:
    study.converge(WHOLE)
    events = [{"name": "Begin", "renamed_from": "Start"}, {"name": "End"}]
    applied = study.apply(study.declare({"arms": [{"number": 1, "name": "A", "events": events}]}))
    assert applied.is_complete
    assert applied.side_effects == ()


def test_the_account_says_what_changed_as_well(study: Study) -> None:
    study.converge(WHOLE)
    applied = study.apply(study.declare({"instruments": [INTAKE]}))
    said = [line.plain for line in account_lines(applied)]
    assert said[-1] == "Changed as well: designations, not managed by the manifest: 1 gone."
