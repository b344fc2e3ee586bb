"""Recorded behaviour of users, roles and groups, fact by fact, over HTTP."""

from __future__ import annotations

import re

import pytest

from redcap_iac.emulator import admin
from redcap_iac.emulator.server import Emulator
from tests.emulator.access import (
    accept,
    add_forms,
    assignment,
    join,
    make_dags,
    make_role,
    refusal,
    role,
    send,
    user,
)
from tests.emulator.conftest import MakeEmulator
from tests.emulator.served import Project, new_project

#: As PyCap documents the demonstration server, with the group's label of 16.0.
USER_COLUMNS = [
    "username", "email", "firstname", "lastname", "expiration", "data_access_group",
    "data_access_group_id", "data_access_group_label", "design", "alerts", "user_rights",
    "data_access_groups", "reports", "stats_and_charts", "manage_survey_participants", "calendar",
    "data_import_tool", "data_comparison_tool", "logging", "email_logging", "file_repository",
    "data_quality_create", "data_quality_execute", "api_export", "api_import", "api_modules",
    "mobile_app", "mobile_app_download_data", "record_create", "record_rename", "record_delete",
    "lock_records_all_forms", "lock_records", "lock_records_customization", "forms",
    "forms_export",
]  # fmt: skip
ROLE_COLUMNS = [
    "unique_role_name", "role_label", "design", "alerts", "user_rights", "data_access_groups",
    "reports", "stats_and_charts", "manage_survey_participants", "calendar", "data_import_tool",
    "data_comparison_tool", "logging", "email_logging", "file_repository", "data_quality_create",
    "data_quality_execute", "api_export", "api_import", "api_modules", "mobile_app",
    "mobile_app_download_data", "record_create", "record_rename", "record_delete",
    "lock_records_customization", "lock_records", "lock_records_all_forms", "forms",
    "forms_export",
]  # fmt: skip
#: Rights that a creator does not start with.
NOT_AT_FIRST = {"record_delete", "record_rename", "lock_records", "lock_records_all_forms"}


def test_a_creator_starts_without_deleting_renaming_and_locking(project: Project) -> None:
    row = user(project, "jdoe")
    asked = ("design", "user_rights", "api_export", "api_import", *sorted(NOT_AT_FIRST))
    assert {name: row[name] for name in asked} == {
        name: int(name not in NOT_AT_FIRST) for name in asked
    }


def test_users_in_json_have_the_recorded_keys_integers_and_maps(project: Project) -> None:
    row = user(project, "jdoe")
    assert list(row) == USER_COLUMNS
    rights = USER_COLUMNS[USER_COLUMNS.index("design") : USER_COLUMNS.index("forms")]
    assert {type(row[name]) for name in rights} == {int}
    assert {type(level) for level in (*row["forms"].values(), *row["forms_export"].values())} == {
        int
    }


def test_roles_in_json_have_texts_and_maps_of_integers(project: Project) -> None:
    make_role(project, "A role", forms={"form_1": 2})
    row = role(project, "A role")
    assert list(row) == ROLE_COLUMNS
    assert {type(row[name]) for name in ROLE_COLUMNS[:-2]} == {str}
    assert row["forms"] == {"form_1": 129}
    assert row["forms_export"] == {"form_1": 0}


def test_forms_are_pairs_in_one_quoted_cell_of_csv(project: Project) -> None:
    add_forms(project, "day_3")
    accept(project, "user", {"username": "mlee", "forms": {"form_1": 1, "day_3": 2}})
    line = project.post("user", format="csv").text.splitlines()[-1]
    assert '"form_1:130,day_3:129"' in line


@pytest.mark.parametrize(("version", "level"), [("15.5.9", 1), ("15.6.0", 130)])
def test_a_form_right_is_coded_by_the_version(
    make_emulator: MakeEmulator, version: str, level: int
) -> None:
    project = new_project(make_emulator(version))
    accept(project, "user", {"username": "mlee", "forms": {"form_1": 1}})
    assert user(project, "mlee")["forms"] == {"form_1": level}


@pytest.mark.parametrize(
    ("before", "since", "column"),
    [
        ("14.0.2", "14.0.3", "api_modules"),
        ("14.3.9", "14.4.0", "email_logging"),
        ("15.9.9", "16.0.0", "data_access_group_label"),
    ],
)
def test_columns_of_users_came_with_versions(
    make_emulator: MakeEmulator, before: str, since: str, column: str
) -> None:
    assert column not in user(new_project(make_emulator(before)), "jdoe")
    assert column in user(new_project(make_emulator(since)), "jdoe")


def test_read_only_user_rights_came_with_14_1(make_emulator: MakeEmulator) -> None:
    project = new_project(make_emulator("14.1.0"))
    accept(project, "user", {"username": "mlee", "user_rights": 2})
    assert user(project, "mlee")["user_rights"] == 2
    older = new_project(make_emulator("14.0.9"))
    assert send(older, "user", {"username": "mlee", "user_rights": 2}).status_code == 400


def test_a_bare_username_makes_a_user_and_a_second_import_changes_what_is_sent(
    project: Project,
) -> None:
    accept(project, "user", {"username": "mlee"})
    row = user(project, "mlee")
    assert (row["design"], row["forms"], row["forms_export"]) == (
        0,
        {"form_1": 128},
        {"form_1": 0},
    )
    assert (row["email"], row["firstname"], row["lastname"]) == ("", "", "")
    accept(project, "user", {"username": "mlee", "alerts": 1})
    assert user(project, "mlee") == {**row, "alerts": 1}


def test_blank_export_rights_end_as_none(project: Project) -> None:
    accept(project, "user", {"username": "mlee", "forms": {"form_1": 1}, "forms_export": ""})
    assert user(project, "mlee")["forms_export"] == {"form_1": 0}


@pytest.mark.parametrize("column", ["forms", "forms_export"])
def test_an_instrument_missing_from_a_map_falls_to_none(project: Project, column: str) -> None:
    add_forms(project, "form_2")
    accept(project, "user", {"username": "mlee", column: {"form_1": 1, "form_2": 1}})
    accept(project, "user", {"username": "mlee", column: {"form_1": 1}})
    none = {"forms": 128, "forms_export": 0}[column]
    assert user(project, "mlee")[column]["form_2"] == none


def test_an_expiration_is_given_back_unchanged(project: Project) -> None:
    accept(project, "user", {"username": "mlee", "expiration": "2027-12-31"})
    assert user(project, "mlee")["expiration"] == "2027-12-31"


def test_names_and_numbers_of_a_user_are_ignored(project: Project) -> None:
    given = {"email": "m@example.org", "firstname": "M", "data_access_group_id": 7}
    accept(project, "user", {"username": "mlee", **given})
    row = user(project, "mlee")
    assert (row["email"], row["firstname"], row["data_access_group_id"]) == ("", "", "")


def test_a_user_without_a_group_column_leaves_the_group(project: Project) -> None:
    make_dags(project, "A group")
    accept(project, "user", {"username": "mlee", "data_access_group": "a_group"})
    assert user(project, "mlee")["data_access_group"] == "a_group"
    accept(project, "user", {"username": "mlee", "alerts": 1})
    row = user(project, "mlee")
    shown = ("data_access_group", "data_access_group_id", "data_access_group_label")
    assert [row[name] for name in shown] == ["", "", ""]


def test_everything_exported_can_be_imported_again_and_changes_nothing(project: Project) -> None:
    make_role(project, "A role", design=1)
    make_dags(project, "A group")
    accept(project, "user", {"username": "mlee", "data_access_group": "a_group", "alerts": 1})
    for content in ("user", "userRole", "dag", "userRoleMapping", "userDagMapping"):
        before = project.rows(content)
        accept(project, content, *before)
        assert project.rows(content) == before


def test_a_role_without_a_name_is_created_with_one_and_by_name_is_changed(
    project: Project,
) -> None:
    name = make_role(project, "A role")
    assert re.fullmatch(r"U-[1-9]{3}[34789ACDEFHJKLMNPRTWXY]{7}", name)
    accept(project, "userRole", {"unique_role_name": name, "role_label": "Other", "design": 1})
    row = role(project, "Other")
    assert (row["unique_role_name"], row["design"], row["alerts"]) == (name, "1", "0")


def test_a_partial_map_of_a_role_leaves_no_access_to_the_rest(project: Project) -> None:
    add_forms(project, "form_2")
    make_role(project, "A role", forms={"form_1": 1})
    assert role(project, "A role")["forms"] == {"form_1": 130, "form_2": 128}


def test_an_export_right_after_a_role_import_names_every_role(project: Project) -> None:
    """What a cache of later servers may hide for a while is not hidden here."""
    accept(project, "userRole", {"role_label": "One"}, {"role_label": "Two"})
    assert all(row["unique_role_name"] for row in project.rows("userRole"))


def test_assignments_of_roles_list_every_user_in_three_columns(project: Project) -> None:
    accept(project, "user", {"username": "mlee"})
    assert [list(row) for row in project.rows("userRoleMapping")] == [
        ["username", "unique_role_name", "data_access_group"]
    ] * 2
    assert assignment(project, "mlee")["unique_role_name"] == ""


def test_a_member_shows_the_roles_rights_and_gets_his_own_back(project: Project) -> None:
    accept(project, "user", {"username": "mlee", "alerts": 1, "forms": {"form_1": 2}})
    own = user(project, "mlee")
    name = make_role(project, "A role", design=1, forms={"form_1": 1})
    join(project, "mlee", name)
    shown = user(project, "mlee")
    assert (shown["design"], shown["alerts"], shown["forms"]) == (1, 0, {"form_1": 130})
    assert refusal(send(project, "user", {"username": "mlee", "alerts": 0}))[0] == 400
    join(project, "mlee", "")
    assert user(project, "mlee") == own


def test_a_caller_may_lock_himself_out_through_a_role(project: Project) -> None:
    join(project, "jdoe", make_role(project, "A role"))
    assert project.post("user").status_code == 403


GROUPS = (
    ("Test DAG", "test_dag"),
    ("New DAG", "new_dag"),
    ("dag-a", "daga"),
    ("Integration Test DAG", "integration_test_d"),
    ("Testing DAG 1", "testing_dag_1"),
    ("Full Access", "full_access"),
    ("TestGroup1", "testgroup1"),
)


@pytest.mark.parametrize(("label", "unique"), GROUPS)
def test_unique_names_of_groups_are_made_as_recorded(
    project: Project, label: str, unique: str
) -> None:
    make_dags(project, label)
    assert project.rows("dag")[0]["unique_group_name"] == unique


def test_a_group_renamed_gets_another_unique_name_and_keeps_its_number(project: Project) -> None:
    make_dags(project, "Testing DAG 1")
    (before,) = project.rows("dag")
    renamed = {"data_access_group_name": "A different name", "unique_group_name": "testing_dag_1"}
    accept(project, "dag", renamed)
    (after,) = project.rows("dag")
    assert after["unique_group_name"] == "a_different_name"
    assert after["data_access_group_id"] == before["data_access_group_id"]


def test_several_groups_are_counted(project: Project) -> None:
    names = ({"data_access_group_name": name} for name in ("One", "Two"))
    assert send(project, "dag", *names).text == "2"


@pytest.mark.parametrize(("version", "columns"), [("13.0.9", 2), ("14.0.0", 3)])
def test_the_number_of_a_group_is_shown_since_about_14(
    make_emulator: MakeEmulator, version: str, columns: int
) -> None:
    project = new_project(make_emulator(version))
    make_dags(project, "A group")
    assert len(project.rows("dag")[0]) == columns


def test_a_group_with_a_user_in_it_can_be_deleted(project: Project) -> None:
    make_dags(project, "A group")
    accept(project, "user", {"username": "mlee", "data_access_group": "a_group"})
    accept(project, "user", {"username": "jdoe", "record_delete": 1})
    assert project.post("dag", "delete", dags=["a_group"]).text == "1"
    assert user(project, "mlee")["data_access_group"] == ""


def test_assignments_of_groups_list_every_user_and_an_empty_one_unassigns(
    project: Project,
) -> None:
    make_dags(project, "A group")
    accept(project, "user", {"username": "mlee"})
    accept(project, "userDagMapping", {"username": "mlee", "redcap_data_access_group": "a_group"})
    assert project.rows("userDagMapping") == [
        {"username": "jdoe", "redcap_data_access_group": ""},
        {"username": "mlee", "redcap_data_access_group": "a_group"},
    ]
    accept(project, "userDagMapping", {"username": "mlee", "redcap_data_access_group": ""})
    row = user(project, "mlee")
    assert (row["data_access_group"], row["data_access_group_id"]) == ("", "")


def test_a_member_of_a_role_can_be_put_into_a_group(project: Project) -> None:
    make_dags(project, "A group")
    accept(project, "user", {"username": "mlee"})
    join(project, "mlee", make_role(project, "A role"))
    accept(project, "userDagMapping", {"username": "mlee", "redcap_data_access_group": "a_group"})
    assert assignment(project, "mlee")["data_access_group"] == "a_group"


def test_switching_groups_answers_1_and_shows_in_the_assignments(project: Project) -> None:
    make_dags(project, "One", "Two")
    emulator = project.emulator
    admin.dags(emulator.store, project.project_id, "jdoe", ["one", "two"])
    answer = project.post("dag", "switch", dag="two")
    assert (answer.status_code, answer.text) == (200, "1")
    assert project.rows("userDagMapping")[0]["redcap_data_access_group"] == "two"


@pytest.mark.parametrize("name", ["no_such_dag", None])
def test_switching_to_an_unknown_or_no_group_is_an_error(
    project: Project, name: str | None
) -> None:
    make_dags(project, "One", "Two")
    emulator = project.emulator
    admin.dags(emulator.store, project.project_id, "jdoe", ["one", "two"])
    assert project.post("dag", "switch", dag=name).status_code == 400


@pytest.mark.parametrize("action", [None, "import"])
@pytest.mark.parametrize(
    ("content", "rows"),
    [
        ("user", '[{"username": "mlee"}]'),
        ("userRole", '[{"role_label": "A role"}]'),
        ("userDagMapping", '[{"username": "jdoe", "redcap_data_access_group": ""}]'),
        ("userRoleMapping", '[{"username": "jdoe", "unique_role_name": ""}]'),
    ],
)
def test_data_alone_select_an_import_and_the_word_is_tolerated(
    project: Project, content: str, rows: str, action: str | None
) -> None:
    assert project.post(content, action, data=rows).text == "1"


def test_groups_are_imported_only_by_the_word(project: Project) -> None:
    rows = '[{"data_access_group_name": "A group"}]'
    assert project.post("dag", data=rows).json() == []
    assert project.post("dag", "import", data=rows).text == "1"


@pytest.mark.parametrize("content", ["user", "userRole", "dag", "project", "instrument"])
def test_the_word_export_is_tolerated(project: Project, content: str) -> None:
    named = project.post(content, "export")
    assert (named.status_code, named.json()) == (200, project.rows(content))


def test_names_to_delete_are_sent_as_arrays(project: Project) -> None:
    accept(project, "user", {"username": "jdoe", "record_delete": 1}, {"username": "mlee"})
    assert project.post("user", "delete", users="mlee").status_code == 400
    assert project.post("user", "delete", users=["mlee"]).text == "1"


def test_users_in_csv_are_separated_by_commas_whatever_is_asked(emulator: Emulator) -> None:
    project = new_project(emulator)
    rows = "username,alerts\nmlee,1\n"
    answer = project.post("user", "import", format="csv", data=rows, csvDelimiter=";")
    assert answer.text == "1"
    assert project.post("user", format="csv", csvDelimiter=";").text.startswith("username,email,")
