"""What a plan could hurt, said with numbers."""

from __future__ import annotations

import pytest

from redcap_iac.findings import Finding, Severity
from redcap_iac.hazard import UNKNOWN, Count
from redcap_iac.safety.hazards import Counts, foreseen, questions
from redcap_iac.safety.scene import Question, Scene, digest
from tests.kinds.scheduling import compared, event, live, schedule


def form(*names: str) -> dict[str, object]:
    fields = {name: {"type": "text", "label": ""} for name in names}
    return {"instruments": [{"instrument": "intake", "fields": fields}]}


def hazards(
    manifest: dict[str, object], records: int | None = 0, status: str = "development"
) -> list[Finding]:
    before = live(event("A", "a_arm_1"), event("B", "b_arm_1"), status=status)
    difference, _ = compared(manifest, before)
    known = UNKNOWN if records is None else Count(records)
    found = foreseen(Scene(difference, before), Counts({Question(): known}))
    return [finding for finding in found if finding.code in ("H109", "H140")]


def codes(*found: Finding) -> list[str]:
    return [finding.code for finding in found]


@pytest.mark.parametrize(
    ("names", "needed"),
    [(("record_id", "mood"), False), (("record_id",), False), (("mood", "record_id"), True)],
)
def test_records_are_counted_when_the_record_id_changes(
    names: tuple[str, ...], needed: bool
) -> None:
    before = live(event("A", "a_arm_1"))
    difference, _ = compared(form(*names), before)
    assert (Question() in questions(Scene(difference, before))) is needed


@pytest.mark.parametrize(
    ("records", "said"),
    [(1, "1 record hangs"), (412, "412 records hang"), (None, "an unknown number of records")],
)
def test_another_record_id_is_refused_while_there_are_records(
    records: int | None, said: str
) -> None:
    (hazard,) = hazards(form("mood"), records)
    assert (hazard.code, hazard.severity) == ("H109", Severity.ERROR)
    assert said in hazard.message
    assert hazard.address == "field/record_id"
    assert hazard.advice


def test_without_records_it_is_none() -> None:
    assert hazards(form("mood"), 0) == []


def test_the_same_record_id_is_none_however_many_records() -> None:
    assert hazards(form("record_id", "other"), 412) == []


@pytest.mark.parametrize(
    ("manifest", "unit"),
    [
        (form("record_id"), "fields"),
        (schedule({"name": "A"}, {"name": "B"}, name="Main"), "arms"),
        (schedule({"name": "A"}, {"name": "B", "custom_label": "x"}), "events"),
        (schedule({"name": "A", "instruments": ["visit"]}, {"name": "B"}), "designations"),
        (schedule({"name": "A", "repeat": True}, {"name": "B"}), "repeating"),
        ({"project": {"longitudinal": False}}, "longitudinal"),
    ],
)
@pytest.mark.parametrize(
    ("status", "severity"), [("production", Severity.NOTE), ("unknown", Severity.ERROR)]
)
def test_design_is_packaged_in_production_and_refused_where_the_status_is_not_known(
    manifest: dict[str, object], unit: str, status: str, severity: Severity
) -> None:
    (hazard,) = hazards(manifest, status=status)
    assert (hazard.code, hazard.severity) == ("H140", severity)
    assert unit in hazard.message
    assert hazard.advice


@pytest.mark.parametrize("status", ["production", "unknown", "development"])
@pytest.mark.parametrize(
    "manifest",
    [{"project": {"title": "New"}}, schedule({"name": "A"}, {"name": "B"}), {}],
    ids=["title", "no difference", "nothing declared"],
)
def test_what_is_no_design_change_is_none_in_any_status(
    manifest: dict[str, object], status: str
) -> None:
    assert hazards(manifest, status=status) == []


def test_in_development_design_is_written() -> None:
    assert hazards(schedule({"name": "A"}, {"name": "C"})) == []


def test_both_are_told_at_once() -> None:
    assert codes(*hazards(form("mood"), 3, "production")) == ["H109", "H140"]


def test_half_a_letter_from_a_server_has_a_digest_too() -> None:
    assert len(digest("\ud800")) == 12
    assert digest("\ud800") != digest("\ud801")
