from tests.emulator.access import (
    accept,
    logged,
    make_dags,
    refusal,
    send,
    user,
    with_rights,
)
from tests.emulator.conftest import MakeEmulator
from tests.emulator.served import Project, new_project


def test_deleting_needs_the_delete_record_right(project: Project) -> None:
    accept(project, "user", {"username": "akim"})
    answer = project.post("user", "delete", users=["akim"])
    assert refusal(answer) == (403, "You do not have Delete Record privileges")
    assert len(project.rows("user")) == 2


def test_deleting_needs_no_delete_record_right_when_switched_so(
    make_emulator: MakeEmulator,
) -> None:
    project = new_project(make_emulator(delete_users_needs_record_delete="off"))
    accept(project, "user", {"username": "akim"})
    assert project.post("user", "delete", users=["akim"]).text == "1"


def test_deleting_counts_those_who_were_there(project: Project) -> None:
    accept(project, "user", {"username": "jdoe", "record_delete": 1})
    accept(project, "user", {"username": "akim"}, {"username": "twu"})
    answer = project.post("user", "delete", users=["AKIM", "akim", "nobody"])
    assert (answer.status_code, answer.text) == (200, "1")
    assert {row["username"] for row in project.rows("user")} == {"jdoe", "twu"}


def test_listing_users_is_logged_as_an_api_call(project: Project) -> None:
    project.rows("user")
    assert logged(project) == ("Manage/Design ", "Export users (API)", "manage")


def test_a_deleted_user_leaves_a_log_entry(project: Project) -> None:
    accept(project, "user", {"username": "jdoe", "record_delete": 1})
    accept(project, "user", {"username": "akim"})
    project.post("user", "delete", users=["akim"])
    assert logged(project) == ("Delete user", "user = 'akim'", "user")


def test_a_deleted_users_token_is_gone_for_good(project: Project) -> None:
    accept(project, "user", {"username": "jdoe", "record_delete": 1})
    theirs = with_rights(project, "akim", api_export=1)
    project.post("user", "delete", users=["akim"])
    accept(project, "user", {"username": "akim", "api_export": 1})
    assert theirs.post("version").status_code == 403


def test_deleting_nobody_is_refused(project: Project) -> None:
    accept(project, "user", {"username": "jdoe", "record_delete": 1})
    assert project.post("user", "delete").status_code == 400


def test_one_can_delete_oneself(project: Project) -> None:
    accept(project, "user", {"username": "jdoe", "record_delete": 1})
    assert project.post("user", "delete", users=["jdoe"]).text == "1"
    assert project.post("user").status_code == 403


def test_read_only_user_rights_list_users_but_do_not_change_them(project: Project) -> None:
    reader = with_rights(project, "akim", api_export=1, api_import=1, user_rights=2)
    assert len(reader.rows("user")) == 2
    status, text = refusal(send(reader, "user", {"username": "twu"}))
    assert status == 400
    assert "'User Rights' privileges" in text


def test_without_user_rights_nothing_is_listed(project: Project) -> None:
    reader = with_rights(project, "akim", api_export=1)
    status, text = refusal(reader.post("user"))
    assert status == 400
    assert "'API Export' privileges and 'User Rights' privileges" in text


def test_without_the_import_right_nothing_is_imported(project: Project) -> None:
    reader = with_rights(project, "akim", api_export=1, user_rights=1)
    assert refusal(send(reader, "user", {"username": "twu"})) == (
        403,
        "You do not have API Import/Update privileges",
    )


def test_a_caller_in_a_group_sees_all_users(project: Project) -> None:
    make_dags(project, "Lyon")
    row = {"username": "jdoe", "data_access_group": "lyon"}
    accept(project, "user", row, {"username": "akim"})
    assert len(project.rows("user")) == 2


def test_users_of_another_project_are_not_seen_or_touched(project: Project) -> None:
    other = new_project(project.emulator, "Another study")
    accept(other, "user", {"username": "akim", "design": 1})
    accept(project, "user", {"username": "akim"})
    assert user(other, "akim")["design"] == 1
    assert user(project, "akim")["design"] == 0


def test_users_can_be_managed_in_production(project: Project) -> None:
    project.status("production")
    accept(project, "user", {"username": "akim"})
    assert user(project, "akim")["username"] == "akim"
