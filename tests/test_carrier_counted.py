"""What a plan counted is the least a copy has to see; a look at what lacks writes nothing."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from redcap_iac.answers import Answer
from redcap_iac.calls import Call
from redcap_iac.carrier import Carrier
from redcap_iac.carrier.counted import counted
from redcap_iac.errors import PartlyAppliedError
from redcap_iac.exporter import read_live
from redcap_iac.findings import Finding, Severity
from redcap_iac.hazard import Answer as Word
from redcap_iac.hazard import Count, Stake, Undoable
from redcap_iac.plan import Copy
from tests.emulator.served import Project
from tests.end_to_end.watching import Watched

RENAME = Copy("old", "new")


def told(address: str, number: int | None, code: str = "H151") -> Finding:
    stake = Stake(Word.MIGRATION, Undoable.PARTLY, "digest", Count(number))
    return Finding(code, Severity.WARNING, "said", address=address, stake=stake)


def test_a_renamed_field_has_the_count_of_its_new_address() -> None:
    assert counted([told("field/new", 7)], [RENAME]) == {"old": 7}


def test_of_several_codes_the_largest_count_is_the_least_there_is() -> None:
    copy = Copy("level", "level", (("3", "2"), ("4", "1")))
    findings = [told("choice/level/3", 2), told("choice/level/4", 5)]
    assert counted(findings, [copy]) == {"level": 5}


@pytest.mark.parametrize(
    "finding",
    [told("field/new", None), told("field/new", 7, "H101"), told("instrument/new", 7)],
    ids=["unknown", "another hazard", "another object"],
)
def test_what_was_not_counted_is_left_out(finding: Finding) -> None:
    assert counted([finding], [RENAME]) == {}


@pytest.fixture
def filled(project: Project) -> Project:
    """A project with a text under two names, the old one filled in two records."""
    rows = [
        {"field_name": name, "form_name": "form_1", "field_type": "text", "field_label": name}
        for name in ("record_id", "old", "new")
    ]
    project.post("metadata", action="import", data=json.dumps(rows)).raise_for_status()
    values = [{"record_id": "1", "old": "0"}, {"record_id": "2", "old": "two"}]
    project.post("record", action="import", data=json.dumps(values)).raise_for_status()
    return project


def carrier(client: Watched, number: int) -> Carrier:
    return Carrier(client, read_live(client, "jdoe"), [RENAME], counted={"old": number})


def test_fewer_records_than_counted_prove_nothing(filled: Project) -> None:
    with pytest.raises(PartlyAppliedError, match="2 of the 3 records"):
        carrier(Watched(filled), 3).carry()


def test_more_records_than_counted_are_carried_too(filled: Project) -> None:
    assert carrier(Watched(filled), 1).carry().values == 2


def test_a_look_tells_how_many_values_lack_and_writes_nothing(filled: Project) -> None:
    client = Watched(filled)
    assert carrier(client, 2).lacking() == 2
    assert client.writes == []
    carrier(client, 2).carry()
    assert carrier(client, 2).lacking() == 0


def test_a_value_that_comes_as_a_bare_number_is_one(filled: Project) -> None:
    def as_numbers(call: Call, answer: Answer) -> Answer:
        if call.params.get("type") != "eav":
            return answer
        rows = tuple({**row, "value": 0} if row["value"] == "0" else row for row in answer.rows)
        return replace(answer, rows=rows)

    assert carrier(Watched(filled, after=as_numbers), 2).carry().values == 2
    values = {row["record_id"]: row["new"] for row in filled.rows("record")}
    assert values == {"1": "0", "2": "two"}
