"""The DAG column of an import, and imports by members of a DAG."""

from __future__ import annotations

import pytest

from redcap_iac.emulator.server import Emulator
from tests.emulator.served import Project
from tests.emulator.studies import (
    add_dag,
    classic,
    column,
    member,
    refused,
    send,
)


@pytest.fixture
def study(emulator: Emulator) -> Project:
    """A classic study without records."""
    return classic(emulator)


def stored(project: Project, name: str, record: str = "1") -> object:
    """Return the value of one field of one record."""
    return project.rows("record", records=[record], fields=[name])[0][name]


def test_group_column_moves_records(study: Project) -> None:
    add_dag(study, "north")
    add_dag(study, "south")
    send(study, {"record_id": "1", "redcap_data_access_group": "north"})
    send(study, {"record_id": "1", "redcap_data_access_group": "south"})

    assert column(
        study.rows("record", exportDataAccessGroups="true"), "redcap_data_access_group"
    ) == ["south"]


def test_blank_group_clears_on_overwrite_alone(study: Project) -> None:
    add_dag(study, "north")
    send(study, {"record_id": "1", "redcap_data_access_group": "north"})
    blank: dict[str, object] = {"record_id": "1", "redcap_data_access_group": ""}

    send(study, blank)
    rows = study.rows("record", exportDataAccessGroups="true")
    assert column(rows, "redcap_data_access_group") == ["north"]
    send(study, blank, overwriteBehavior="overwrite")
    rows = study.rows("record", exportDataAccessGroups="true")
    assert column(rows, "redcap_data_access_group") == [""]


def test_unknown_group_is_refused(study: Project) -> None:
    add_dag(study, "north")

    text = refused(study, {"record_id": "1", "redcap_data_access_group": "west"})
    assert '"1","redcap_data_access_group","west"' in text


def test_group_column_has_no_business_without_groups_or_for_their_members(study: Project) -> None:
    row: dict[str, object] = {"record_id": "1", "redcap_data_access_group": "north"}
    illegal = "Illegal use of 'redcap_data_access_group' field!"

    assert refused(study, row) == illegal
    akim = member(study, "akim", add_dag(study, "north"))
    assert refused(akim, row) == illegal


def test_new_records_of_a_member_belong_to_the_group(study: Project) -> None:
    akim = member(study, "akim", add_dag(study, "north"))
    send(akim, {"record_id": "1"})

    assert column(
        study.rows("record", exportDataAccessGroups="true"), "redcap_data_access_group"
    ) == ["north"]


def test_member_of_a_group_cannot_write_into_other_records(study: Project) -> None:
    send(study, {"record_id": "1", "sex": "0"})
    akim = member(study, "akim", add_dag(study, "north"))

    assert '"1","",""' in refused(akim, {"record_id": "1", "sex": "1"})
    assert stored(study, "sex") == "0"
