import pytest

from tests.emulator.access import (
    accept,
    assignment,
    join,
    logged,
    make_dags,
    make_role,
    refusal,
    send,
    user,
    with_rights,
)
from tests.emulator.conftest import MakeEmulator
from tests.emulator.served import Project, new_project

CONTENT = "userRoleMapping"


def in_lyon(project: Project) -> str:
    """Put akim into the group lyon and make a role for them."""
    make_dags(project, "Lyon")
    accept(project, "user", {"username": "akim", "data_access_group": "lyon"})
    return make_role(project, "Nurse")


def test_every_user_is_listed_also_without_a_role(project: Project) -> None:
    accept(project, "user", {"username": "akim"})
    assert project.rows(CONTENT) == [
        {"username": "jdoe", "unique_role_name": "", "data_access_group": ""},
        {"username": "akim", "unique_role_name": "", "data_access_group": ""},
    ]


def test_csv_has_the_recorded_columns(project: Project) -> None:
    text = project.post(CONTENT, format="csv").text
    assert text == "username,unique_role_name,data_access_group\njdoe,,\n"


def test_the_group_came_with_13_0(make_emulator: MakeEmulator) -> None:
    older = new_project(make_emulator("12.5.2"))
    assert older.rows(CONTENT) == [{"username": "jdoe", "unique_role_name": ""}]


def test_a_user_is_put_into_a_role_and_out_again(project: Project) -> None:
    unique = make_role(project, "Nurse")
    accept(project, "user", {"username": "akim"})
    join(project, "akim", unique)
    assert assignment(project, "akim")["unique_role_name"] == unique
    join(project, "akim", "")
    assert assignment(project, "akim")["unique_role_name"] == ""


def test_an_absent_role_takes_the_user_out(project: Project) -> None:
    accept(project, "user", {"username": "akim"})
    join(project, "akim", make_role(project, "Nurse"))
    accept(project, CONTENT, {"username": "akim"})
    assert assignment(project, "akim")["unique_role_name"] == ""


def test_usernames_are_matched_whatever_their_case(project: Project) -> None:
    unique = make_role(project, "Nurse")
    accept(project, "user", {"username": "akim"})
    join(project, "AKIM", unique)
    assert assignment(project, "akim")["unique_role_name"] == unique


def test_unchanged_rows_count_too(project: Project) -> None:
    accept(project, "user", {"username": "akim"})
    before = project.rows(CONTENT)
    accept(project, CONTENT, *before)
    assert project.rows(CONTENT) == before


@pytest.mark.parametrize("format_", ["csv", "xml"])
def test_what_csv_and_xml_export_they_import(project: Project, format_: str) -> None:
    unique = in_lyon(project)
    row = {"username": "akim", "unique_role_name": unique, "data_access_group": "lyon"}
    accept(project, CONTENT, row)
    exported = project.post(CONTENT, format=format_).text
    assert project.post(CONTENT, data=exported, format=format_).text == "2"
    assert assignment(project, "akim") == row


def test_users_not_named_are_untouched(project: Project) -> None:
    unique = make_role(project, "Nurse")
    accept(project, "user", {"username": "akim"}, {"username": "twu"})
    join(project, "akim", unique)
    join(project, "twu", "")
    assert assignment(project, "akim")["unique_role_name"] == unique


def test_a_group_is_assigned_along(project: Project) -> None:
    make_dags(project, "Lyon")
    accept(project, CONTENT, {"username": "jdoe", "data_access_group": "lyon"})
    assert user(project, "jdoe")["data_access_group"] == "lyon"


def test_a_row_without_a_group_takes_the_user_out_of_theirs(project: Project) -> None:
    join(project, "akim", in_lyon(project))
    assert assignment(project, "akim")["data_access_group"] == ""


def test_a_row_without_a_group_keeps_it_when_switched_so(make_emulator: MakeEmulator) -> None:
    project = new_project(make_emulator(mapping_without_dag="keep"))
    unique = in_lyon(project)
    join(project, "akim", unique)
    assert assignment(project, "akim")["data_access_group"] == "lyon"
    blank = {"username": "akim", "unique_role_name": unique, "data_access_group": ""}
    accept(project, CONTENT, blank)
    assert assignment(project, "akim")["data_access_group"] == ""


def test_a_server_that_knows_no_group_here_leaves_it_alone(make_emulator: MakeEmulator) -> None:
    project = new_project(make_emulator("12.5.2"))
    join(project, "akim", in_lyon(project))
    assert user(project, "akim")["data_access_group"] == "lyon"


def test_faults_of_all_rows_come_together_and_nothing_is_written(project: Project) -> None:
    unique = make_role(project, "Nurse")
    accept(project, "user", {"username": "akim"})
    response = send(
        project,
        CONTENT,
        {"username": "akim", "unique_role_name": unique},
        {"username": "jdoe", "unique_role_name": "U-999ACDEFHJ"},
        {"username": "nobody", "unique_role_name": unique},
        {"username": "AKIM", "unique_role_name": ""},
        {"unique_role_name": unique},
    )
    status, text = refusal(response)
    assert status == 400
    faults = text.split("\n")
    assert len(faults) == 4
    named = ("U-999ACDEFHJ", '"nobody"', '"AKIM"', "Row 5")
    assert all(any(name in fault for fault in faults) for name in named)
    assert assignment(project, "akim")["unique_role_name"] == ""


def test_an_unknown_group_is_refused(project: Project) -> None:
    row = {"username": "jdoe", "data_access_group": "nowhere"}
    status, text = refusal(send(project, CONTENT, row))
    assert status == 400
    assert '"nowhere"' in text


def test_callers_can_lock_themselves_out(project: Project) -> None:
    join(project, "jdoe", make_role(project, "Reader", api_export=1))
    assert project.post(CONTENT).status_code == 400
    assert refusal(send(project, CONTENT, {"username": "jdoe"}))[0] == 403


def test_rights_of_the_role_are_what_the_server_checks(project: Project) -> None:
    theirs = with_rights(project, "akim")
    assert theirs.post("user").status_code == 403
    join(project, "akim", make_role(project, "Manager", api_export=1, user_rights=1))
    assert theirs.post("user").status_code == 200


def test_an_import_is_logged(project: Project) -> None:
    accept(project, CONTENT, {"username": "jdoe"})
    assert logged(project) == ("Manage/Design ", "Import User-Role assignments (API)", "manage")


def test_assignments_need_user_rights(project: Project) -> None:
    other = with_rights(project, "akim", api_export=1, api_import=1, user_rights=2)
    assert len(other.rows(CONTENT)) == 2
    assert "'User Rights'" in refusal(send(other, CONTENT, {"username": "akim"}))[1]
