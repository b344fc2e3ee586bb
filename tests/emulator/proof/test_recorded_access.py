"""Recorded answers about users, roles and groups: a like project answers so."""

from __future__ import annotations

import re

import pytest

from redcap_iac.emulator.server import Emulator
from tests.emulator.access import add_forms, turn_on
from tests.emulator.conftest import MakeEmulator
from tests.emulator.proof import recorded
from tests.emulator.proof.recorded import Table
from tests.emulator.served import Project, new_project

pytestmark = recorded.NEEDS_CORPUS
SYNC = "thecodingdocs__redcapsync-simple.rds"
PAGE = "CCTC-team__rsvc-user-list-for-project-1.csv"
EMPTY = "vubiostat__redcapapi-project-emptyproject.Rdata"
REPEATING = "vubiostat__redcapapi-project-repeatinginstrument.Rdata"
#: No API method gives an account a name or an address.
ACCOUNT = ("email", "firstname", "lastname")
LEVELS = {"Access": "1", "No Access": "0"}


def rights_as_numbers(rows: Table) -> Table:
    """One client spells rights out and adds a column for every instrument."""
    return [
        {
            name: LEVELS.get(cell, cell)
            for name, cell in row.items()
            if not name.endswith(("_form_access", "_export_access"))
        }
        for row in rows
    ]


def with_simple_forms(project: Project) -> None:
    recorded.take(project, "metadata", recorded.member(SYNC, "fields"))


def others(rows: Table, creator: str = "jdoe") -> Table:
    """Return the rows without the creator of the emulator's project."""
    return [row for row in rows if row["username"] != creator]


@pytest.fixture
def team(make_emulator: MakeEmulator) -> Project:
    """The project whose users, role and groups a client kept, on a server of that version."""
    project = new_project(make_emulator("17.0.3"))
    with_simple_forms(project)
    role = rights_as_numbers(recorded.member(SYNC, "user_roles"))
    recorded.take(project, "userRole", recorded.without(role, "unique_role_name"))
    name = project.rows("userRole")[0]["unique_role_name"]
    members = recorded.only(recorded.member(SYNC, "users"), "username")
    recorded.take(project, "user", members)
    places = [{**row, "unique_role_name": name} for row in members]
    recorded.take(project, "userRoleMapping", places)
    labels = recorded.only(recorded.member(SYNC, "dags"), "data_access_group_name")
    recorded.take(project, "dag", labels)
    return project


def test_a_role_has_the_recorded_columns_and_rights(team: Project) -> None:
    recording = rights_as_numbers(recorded.member(SYNC, "user_roles"))
    answered = recorded.from_csv(recorded.csv_of(team, "userRole"))
    assert [list(row) for row in answered] == [list(row) for row in recording]
    assert recorded.without(answered, "unique_role_name") == recorded.without(
        recording, "unique_role_name"
    )
    generated = re.compile(r"U-[1-9]{3}[34789ACDEFHJKLMNPRTWXY]{7}")
    assert all(generated.fullmatch(row["unique_role_name"]) for row in (*answered, *recording))


def test_members_show_the_rights_of_their_role_in_the_recorded_columns(team: Project) -> None:
    recording = rights_as_numbers(recorded.member(SYNC, "users"))
    answered = others(recorded.from_csv(recorded.csv_of(team, "user")))
    assert [list(row) for row in answered] == [list(row) for row in recording]
    assert recorded.without(answered, *ACCOUNT) == recorded.without(recording, *ACCOUNT)


def test_role_assignments_have_the_recorded_columns(team: Project) -> None:
    recording = recorded.member(SYNC, "user_role_assignment")
    answered = others(recorded.from_csv(recorded.csv_of(team, "userRoleMapping")))
    assert [list(row) for row in answered] == [list(row) for row in recording]
    hidden = "unique_role_name"
    assert recorded.without(answered, hidden) == recorded.without(recording, hidden)
    assert len({row[hidden] for row in answered}) == len({row[hidden] for row in recording})


def test_groups_and_their_assignments_are_answered_as_recorded(team: Project) -> None:
    answered = recorded.from_csv(recorded.csv_of(team, "dag"))
    recording = recorded.member(SYNC, "dags")
    assert list(answered[0]) == list(recording[0])
    hidden = "data_access_group_id"
    assert recorded.without(answered, hidden) == recorded.without(recording, hidden)
    places = others(recorded.from_csv(recorded.csv_of(team, "userDagMapping")))
    assert places == recorded.member(SYNC, "dag_assignment")


def test_groups_byte_by_byte_but_for_their_numbers(project: Project) -> None:
    content = recorded.raw("vubiostat__redcapapi-dags.csv")
    labels = recorded.only(recorded.from_csv(content), "data_access_group_name")
    recorded.take(project, "dag", labels)
    answered = recorded.csv_of(project, "dag")
    number = re.compile(r"\d+$", re.MULTILINE)
    assert number.sub("", answered) == number.sub("", content)


def test_group_assignments_byte_by_byte(emulator: Emulator) -> None:
    project = new_project(emulator, username="expendable_user")
    content = recorded.raw("vubiostat__redcapapi-userdag.csv")
    assert recorded.csv_of(project, "userDagMapping") == content


def test_no_roles_are_the_recorded_header_byte_by_byte(make_emulator: MakeEmulator) -> None:
    """The server was of before 14.0.3, the project had randomization on."""
    project = new_project(make_emulator("14.0.2"), randomization_enabled=1)
    content = recorded.raw("vubiostat__redcapapi-userroles.csv")
    assert recorded.csv_of(project, "userRole") == content


def test_a_list_of_users_from_the_upload_page_is_taken_as_it_is(
    make_emulator: MakeEmulator,
) -> None:
    """A page of version 13: old codes for instruments, no columns of features that are off."""
    project = new_project(make_emulator("13.1.0"), randomization_enabled=1)
    turn_on(project, mycap_enabled=1)
    add_forms(project, "text_validation", "data_types", "survey", "consent")
    content = recorded.raw(PAGE)
    recording = recorded.from_csv(content)
    answer = project.post("user", "import", format="csv", data=content)
    assert answer.text == str(len(recording))
    answered = others(recorded.from_csv(recorded.csv_of(project, "user")))
    columns = [name for name in answered[0] if name in recording[0]]
    assert columns == list(recording[0])
    assert without_form_1(recorded.only(answered, *columns)) == recording


def without_form_1(rows: Table) -> Table:
    """A new project has an instrument of its own, which the recording does not."""
    maps = ("forms", "forms_export")
    return [
        {
            name: re.sub(r"^form_1:\d,", "", cell) if name in maps else cell
            for name, cell in row.items()
        }
        for row in rows
    ]


@pytest.mark.parametrize("file", [EMPTY, REPEATING])
def test_users_kept_by_a_client_have_the_columns_of_that_version(
    make_emulator: MakeEmulator, file: str
) -> None:
    """A server of version 13 with MyCap."""
    project = new_project(make_emulator("13.1.0"))
    turn_on(project, mycap_enabled=1)
    recording = rights_as_numbers(recorded.member(file, "users"))
    header = recorded.csv_of(project, "user").splitlines()[0].split(",")
    assert header == list(recording[0])


@pytest.mark.parametrize("file", [EMPTY, REPEATING])
def test_the_instruments_of_users_kept_by_a_client_go_in_and_come_out(
    make_emulator: MakeEmulator, file: str
) -> None:
    """Instruments deleted since stay in the recorded cells; here they are there."""
    project = new_project(make_emulator("13.1.0"))
    rows = recorded.only(recorded.member(file, "users"), "username", "forms")
    names = [pair.partition(":")[0] for pair in rows[0]["forms"].split(",")]
    add_forms(project, *(name for name in names if name != "form_1"))
    recorded.take(project, "user", rows)
    answered = others(recorded.from_csv(recorded.csv_of(project, "user")))
    if "form_1" not in names:
        answered = without_form_1(answered)
    assert recorded.only(answered, "username", "forms") == rows
