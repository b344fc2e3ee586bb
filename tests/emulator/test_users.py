import csv
import io
import json
import xml.etree.ElementTree as ET

import pytest

from tests.emulator.access import (
    accept,
    add_forms,
    join,
    logged,
    make_dags,
    make_role,
    refusal,
    send,
    turn_on,
    user,
)
from tests.emulator.conftest import MakeEmulator
from tests.emulator.served import Project, new_project

IN_A_ROLE = (
    'The user "akim" cannot have their user privileges modified because the user belongs to a user'
    " role. Users in roles cannot have their privileges modified via the 'Import User' API method."
)


def test_the_creator_is_listed_with_a_creators_rights(project: Project) -> None:
    (creator,) = project.rows("user")
    assert creator["username"] == "jdoe"
    assert (creator["design"], creator["user_rights"], creator["api_import"]) == (1, 1, 1)
    assert (creator["record_delete"], creator["record_rename"], creator["lock_records"]) == (
        0,
        0,
        0,
    )


def test_columns_come_in_the_recorded_order(project: Project) -> None:
    assert list(project.rows("user")[0])[:11] == [
        "username", "email", "firstname", "lastname", "expiration", "data_access_group",
        "data_access_group_id", "data_access_group_label", "design", "alerts", "user_rights",
    ]  # fmt: skip


def test_the_groups_label_came_with_16_0(make_emulator: MakeEmulator) -> None:
    older = new_project(make_emulator("15.9.0"))
    assert "data_access_group_label" not in user(older, "jdoe")


def test_rights_are_integers_and_form_rights_maps_of_integers(project: Project) -> None:
    creator = user(project, "jdoe")
    assert creator["forms"] == {"form_1": 130}
    assert creator["forms_export"] == {"form_1": 1}
    assert {type(creator[name]) for name in ("design", "logging", "lock_records")} == {int}


def test_csv_has_form_rights_in_one_quoted_cell(project: Project) -> None:
    add_forms(project, "vitals")
    accept(project, "user", {"username": "akim", "forms": {"form_1": 1, "vitals": 2}})
    text = project.post("user", format="csv").text
    assert ',"form_1:130,vitals:129","form_1:0,vitals:0"\n' in text
    header = next(csv.reader(io.StringIO(text)))
    assert header[:2] == ["username", "email"]


def test_xml_has_form_rights_as_elements_named_after_the_form(project: Project) -> None:
    root = ET.fromstring(project.post("user", format="xml").text)
    assert root.tag == "users"
    assert root.findtext("item/forms/form_1") == "130"


def test_a_bare_username_is_added_with_the_least_rights(project: Project) -> None:
    accept(project, "user", {"username": "akim"})
    added = user(project, "akim")
    assert {level for level in added.values() if isinstance(level, int)} == {0}
    assert (added["forms"], added["forms_export"]) == ({"form_1": 128}, {"form_1": 0})


def test_a_user_without_an_account_has_no_name_and_address(project: Project) -> None:
    accept(project, "user", {"username": "akim", "email": "ignored@example.org"})
    added = user(project, "akim")
    assert (added["email"], added["firstname"], added["lastname"]) == ("", "", "")


def test_a_user_with_an_account_shows_its_name_and_address(project: Project) -> None:
    with project.emulator.store.transaction() as db:
        db.execute("UPDATE accounts SET email = 'j@example.org', lastname = 'Doe'")
    shown = user(project, "jdoe")
    assert (shown["email"], shown["lastname"]) == ("j@example.org", "Doe")


def test_strict_accounts_refuse_a_username_without_account(make_emulator: MakeEmulator) -> None:
    project = new_project(make_emulator(strict_accounts="on"))
    status, text = refusal(send(project, "user", {"username": "akim"}))
    assert status == 400
    assert '"akim"' in text
    assert [row["username"] for row in project.rows("user")] == ["jdoe"]


def test_strict_accounts_take_a_username_with_an_account(make_emulator: MakeEmulator) -> None:
    project = new_project(make_emulator(strict_accounts="on"))
    new_project(project.emulator, username="akim")
    accept(project, "user", {"username": "akim"})


def test_a_second_import_changes_only_what_it_names(project: Project) -> None:
    accept(project, "user", {"username": "akim", "design": 1, "forms": {"form_1": 2}})
    before = user(project, "akim")
    accept(project, "user", {"username": "akim", "alerts": "1"})
    assert user(project, "akim") == {**before, "alerts": 1}


def test_a_blank_right_is_taken_as_omitted(project: Project) -> None:
    accept(project, "user", {"username": "akim", "design": 1})
    accept(project, "user", {"username": "akim", "design": ""})
    assert user(project, "akim")["design"] == 1


def test_usernames_differ_by_more_than_case_and_keep_their_first_spelling(
    project: Project,
) -> None:
    accept(project, "user", {"username": "AKim"})
    accept(project, "user", {"username": "akim", "design": 1})
    assert user(project, "AKim")["design"] == 1
    assert len(project.rows("user")) == 2


def test_export_and_import_is_a_fixed_point(project: Project) -> None:
    accept(project, "user", {"username": "akim", "design": 1, "expiration": "2027-12-31"})
    exported = project.rows("user")
    accept(project, "user", *exported)
    assert project.rows("user") == exported


@pytest.mark.parametrize("format_", ["csv", "xml"])
def test_what_csv_and_xml_export_they_import(project: Project, format_: str) -> None:
    add_forms(project, "vitals", "labs")
    accept(project, "user", {"username": "akim", "forms": {"vitals": 3}})
    before = project.rows("user")
    exported = project.post("user", format=format_).text
    answer = project.post("user", data=exported, format=format_)
    assert (answer.status_code, answer.text) == (200, "2")
    assert project.rows("user") == before


def test_an_expiration_comes_back_unchanged(project: Project) -> None:
    accept(project, "user", {"username": "akim", "expiration": "2027-12-31"})
    assert user(project, "akim")["expiration"] == "2027-12-31"


def test_a_blank_expiration_clears_and_an_omitted_one_stays(project: Project) -> None:
    accept(project, "user", {"username": "akim", "expiration": "2027-12-31"})
    accept(project, "user", {"username": "akim"})
    assert user(project, "akim")["expiration"] == "2027-12-31"
    accept(project, "user", {"username": "akim", "expiration": ""})
    assert user(project, "akim")["expiration"] == ""


@pytest.mark.parametrize("given", ["12/31/2027", "2027-02-30", "20271231", "2027-12-31 10:00"])
def test_an_expiration_of_another_form_is_refused(project: Project, given: str) -> None:
    status, text = refusal(send(project, "user", {"username": "akim", "expiration": given}))
    assert status == 400
    assert f'"{given}"' in text


def test_an_expired_user_is_still_listed(project: Project) -> None:
    accept(project, "user", {"username": "akim", "expiration": "2020-01-01"})
    assert user(project, "akim")["expiration"] == "2020-01-01"


def test_a_user_is_put_into_a_group_by_its_unique_name(project: Project) -> None:
    make_dags(project, "Test DAG")
    accept(project, "user", {"username": "akim", "data_access_group": "test_dag"})
    shown = user(project, "akim")
    assert shown["data_access_group"] == "test_dag"
    assert shown["data_access_group_id"] == project.rows("dag")[0]["data_access_group_id"]
    assert shown["data_access_group_label"] == "Test DAG"


def test_a_user_outside_groups_has_blank_group_columns(project: Project) -> None:
    shown = user(project, "jdoe")
    assert [shown[f"data_access_group{end}"] for end in ("", "_id", "_label")] == ["", "", ""]


def test_a_row_without_a_group_takes_the_user_out_of_theirs(project: Project) -> None:
    make_dags(project, "Lyon")
    accept(project, "user", {"username": "akim", "data_access_group": "lyon"})
    accept(project, "user", {"username": "akim", "design": 1})
    assert user(project, "akim")["data_access_group"] == ""


def test_a_row_without_a_group_keeps_it_when_switched_so(make_emulator: MakeEmulator) -> None:
    project = new_project(make_emulator(user_import_without_dag="keep"))
    make_dags(project, "Lyon")
    accept(project, "user", {"username": "akim", "data_access_group": "lyon"})
    accept(project, "user", {"username": "akim", "design": 1})
    assert user(project, "akim")["data_access_group"] == "lyon"
    accept(project, "user", {"username": "akim", "data_access_group": ""})
    assert user(project, "akim")["data_access_group"] == ""


def test_an_unknown_group_is_refused(project: Project) -> None:
    status, text = refusal(
        send(project, "user", {"username": "akim", "data_access_group": "nowhere"})
    )
    assert status == 400
    assert '"nowhere"' in text


def test_a_member_of_a_role_shows_the_roles_rights(project: Project) -> None:
    unique = make_role(project, "Nurse", design=1, forms={"form_1": 2}, forms_export={"form_1": 3})
    accept(project, "user", {"username": "akim", "logging": 1, "expiration": "2027-12-31"})
    own = user(project, "akim")
    join(project, "akim", unique)
    member = user(project, "akim")
    assert (member["design"], member["logging"]) == (1, 0)
    assert (member["forms"], member["forms_export"]) == ({"form_1": 129}, {"form_1": 3})
    assert member["expiration"] == "2027-12-31"
    join(project, "akim", "")
    assert user(project, "akim") == own


def test_a_member_of_a_role_cannot_be_imported(project: Project) -> None:
    accept(project, "user", {"username": "akim"})
    join(project, "akim", make_role(project, "Nurse"))
    row = {"username": "AKIM", "expiration": "2027-12-31"}
    response = send(project, "user", {"username": "twu"}, row)
    assert refusal(response) == (400, IN_A_ROLE)
    assert {row["username"] for row in project.rows("user")} == {"jdoe", "akim"}
    assert user(project, "akim")["expiration"] == ""


def test_an_unknown_instrument_is_refused_once_for_both_maps(project: Project) -> None:
    maps = {"forms": {"gone": 1}, "forms_export": {"gone": 1}}
    response = send(project, "user", {"username": "akim", **maps})
    assert refusal(response) == (
        400,
        (
            'The form named "gone" is incorrect for the user "akim"'
            " The form does not exist in this project."
        ),
    )


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("design", "2"),
        ("design", "yes"),
        ("user_rights", "3"),
        ("lock_records", "3"),
        ("api_export", "-1"),
    ],
)
def test_a_level_a_right_does_not_have_is_refused(
    project: Project, column: str, value: str
) -> None:
    status, text = refusal(send(project, "user", {"username": "akim", column: value}))
    assert status == 400
    assert f'"{value}" is not a valid value of "{column}"' in text


def test_record_locking_with_signature_is_level_2(project: Project) -> None:
    accept(project, "user", {"username": "akim", "lock_records": 2})
    assert user(project, "akim")["lock_records"] == 2


def test_read_only_user_rights_are_level_2_from_14_1(make_emulator: MakeEmulator) -> None:
    newer = new_project(make_emulator("14.1.0"))
    accept(newer, "user", {"username": "akim", "user_rights": 2})
    assert user(newer, "akim")["user_rights"] == 2
    older = new_project(make_emulator("14.0.9"))
    assert send(older, "user", {"username": "akim", "user_rights": 2}).status_code == 400


def test_an_export_level_above_3_is_refused(project: Project) -> None:
    response = send(project, "user", {"username": "akim", "forms_export": {"form_1": 4}})
    assert refusal(response)[0] == 400


def test_a_cell_that_is_no_list_of_form_rights_is_refused(project: Project) -> None:
    status, text = refusal(send(project, "user", {"username": "akim", "forms": "form_1"}))
    assert status == 400
    assert '"form_1"' in text


def test_faults_of_all_rows_come_together_and_nothing_is_written(project: Project) -> None:
    response = send(
        project,
        "user",
        {"username": "akim", "design": 7},
        {"username": "twu"},
        {"username": "TWU"},
        {"design": 1},
    )
    status, text = refusal(response)
    assert status == 400
    assert len(text.split("\n")) == 3
    assert [row["username"] for row in project.rows("user")] == ["jdoe"]


def test_unknown_columns_are_ignored(project: Project) -> None:
    accept(project, "user", {"username": "akim", "surf": 1, "data_access_group_id": 99})
    assert "surf" not in user(project, "akim")


def test_the_older_data_export_is_one_level_for_all_instruments(project: Project) -> None:
    add_forms(project, "vitals")
    accept(project, "user", {"username": "akim", "data_export": 2})
    shown = user(project, "akim")
    assert shown["forms_export"] == {"form_1": 2, "vitals": 2}
    assert "data_export" not in shown


def test_a_map_of_export_rights_goes_before_the_older_data_export(project: Project) -> None:
    row = {"username": "akim", "data_export": 2, "forms_export": {"form_1": 1}}
    accept(project, "user", row)
    assert user(project, "akim")["forms_export"] == {"form_1": 1}


def test_a_feature_brings_its_rights_and_keeps_them_when_off(project: Project) -> None:
    turn_on(project, randomization_enabled=1)
    accept(project, "user", {"username": "akim", "random_setup": 1})
    turn_on(project, randomization_enabled=0)
    accept(project, "user", {"username": "akim", "random_setup": 0})
    assert "random_setup" not in user(project, "akim")
    turn_on(project, randomization_enabled=1)
    assert user(project, "akim")["random_setup"] == 1


def test_an_import_needs_no_action(project: Project) -> None:
    answer = project.post("user", data=json.dumps([{"username": "akim"}]))
    assert (answer.status_code, answer.text) == (200, "1")
    assert user(project, "akim")["username"] == "akim"


def test_an_empty_list_changes_nothing_and_counts_0(project: Project) -> None:
    assert send(project, "user").text == "0"


def test_a_payload_of_another_format_is_refused(project: Project) -> None:
    answer = project.post("user", data="username\nakim\n")
    assert refusal(answer) == (400, "The data is not in the specified format.")


def test_an_import_of_others_leaves_users_alone(project: Project) -> None:
    before = user(project, "jdoe")
    accept(project, "user", {"username": "akim"})
    assert user(project, "jdoe") == before


def test_taking_ones_own_rights_away_is_allowed_and_the_next_call_fails(
    project: Project,
) -> None:
    accept(project, "user", {"username": "jdoe", "user_rights": 0})
    assert project.post("user").status_code == 400


def test_new_and_changed_users_are_logged_each(project: Project) -> None:
    accept(project, "user", {"username": "akim"})
    assert logged(project) == ("Add user", "user = 'akim'", "user")
    accept(project, "user", {"username": "akim"})
    assert logged(project) == ("Edit user", "user = 'akim'", "user")
