"""PyCap on a served emulator: users, roles, groups and their assignments, unchanged."""

from __future__ import annotations

import pytest
from redcap.project import Project as PyCap
from redcap.request import RedcapError

from redcap_iac.emulator import admin
from tests.emulator.served import Project

NEW = "new_user"


def the(rows: list[dict[str, object]], column: str, value: str) -> dict[str, object]:
    (found,) = [row for row in rows if row[column] == value]
    return found


def test_users_have_integer_rights_and_maps_of_forms(pycap: PyCap) -> None:
    (row,) = pycap.export_users()
    assert list(row)[:5] == ["username", "email", "firstname", "lastname", "expiration"]
    shown = ("expiration", "data_access_group", "data_access_group_id", "design", "user_rights")
    assert [row[name] for name in shown] == ["", "", "", 1, 1]
    assert row["forms"] == {"form_1": 130}
    assert row["forms_export"] == {"form_1": 1}


def test_a_bare_username_makes_a_user_without_rights(pycap: PyCap) -> None:
    assert pycap.import_users([{"username": NEW}]) == 1
    row = the(pycap.export_users(), "username", NEW)
    assert (row["design"], row["api_export"]) == (0, 0)
    assert row["forms_export"] == {"form_1": 0}


def test_what_is_not_sent_of_a_user_stays(pycap: PyCap) -> None:
    pycap.import_users([{"username": NEW, "alerts": 1, "expiration": "2027-12-31"}])
    assert pycap.import_users([{"username": NEW, "design": 1}]) == 1
    row = the(pycap.export_users(), "username", NEW)
    assert (row["alerts"], row["design"], row["expiration"]) == (1, 1, "2027-12-31")


def test_exported_users_can_be_imported_as_they_are(pycap: PyCap) -> None:
    before = pycap.export_users()
    assert pycap.import_users(before) == 1
    assert pycap.export_users() == before


def test_a_user_is_deleted_and_counted_bare_in_xml(pycap: PyCap) -> None:
    pycap.import_users([{"username": NEW}])
    assert pycap.delete_users([NEW], return_format_type="xml") == "1"
    assert [row["username"] for row in pycap.export_users()] == ["admin"]


def test_a_new_creator_must_give_himself_record_delete_first(study: Project) -> None:
    fresh = PyCap(study.emulator.url, study.token)
    fresh.import_users([{"username": NEW}])
    with pytest.raises(RedcapError, match="You do not have Delete Record privileges"):
        fresh.delete_users([NEW])


def test_roles_have_rights_as_text_and_maps_of_integers(pycap: PyCap) -> None:
    (row,) = pycap.export_user_roles()
    assert list(row)[:4] == ["unique_role_name", "role_label", "design", "alerts"]
    assert row["role_label"] == "Test role"
    assert (row["design"], row["user_rights"], row["record_delete"]) == ("0", "0", "0")
    assert row["forms"] == {"form_1": 129}
    assert row["forms_export"] == {"form_1": 0}


def test_exported_roles_can_be_imported_as_they_are(pycap: PyCap) -> None:
    before = pycap.export_user_roles()
    assert pycap.import_user_roles(before) == 1
    assert pycap.export_user_roles() == before


def test_a_role_is_made_by_its_label_and_deleted_by_its_name(pycap: PyCap) -> None:
    assert pycap.import_user_roles([{"role_label": "New Role"}]) == 1
    row = the(pycap.export_user_roles(), "role_label", "New Role")
    name = str(row["unique_role_name"])
    assert name.startswith("U-")
    assert len(name) == 12
    assert pycap.delete_user_roles([name]) == 1
    assert [row["role_label"] for row in pycap.export_user_roles()] == ["Test role"]


def test_role_assignments_list_users_without_a_role_too(pycap: PyCap) -> None:
    expected = [{"username": "admin", "unique_role_name": "", "data_access_group": ""}]
    assert pycap.export_user_role_assignment() == expected


def test_a_user_takes_a_role_and_leaves_it(pycap: PyCap) -> None:
    pycap.import_users([{"username": NEW, "design": 1}])
    name = pycap.export_user_roles()[0]["unique_role_name"]
    assert pycap.import_user_role_assignment([{"username": NEW, "unique_role_name": name}]) == 1
    member = the(pycap.export_user_role_assignment(), "username", NEW)
    assert member["unique_role_name"] == name
    assert the(pycap.export_users(), "username", NEW)["design"] == 0
    assert pycap.import_user_role_assignment([{"username": NEW, "unique_role_name": ""}]) == 1
    assert the(pycap.export_users(), "username", NEW)["design"] == 1


def test_groups_have_a_name_a_unique_name_and_a_number(pycap: PyCap) -> None:
    (row,) = pycap.export_dags()
    assert row["data_access_group_name"] == "Test DAG"
    assert row["unique_group_name"] == "test_dag"
    assert isinstance(row["data_access_group_id"], int)


def test_a_group_is_made_renamed_and_deleted(pycap: PyCap) -> None:
    new = {"data_access_group_name": "New DAG", "unique_group_name": ""}
    assert pycap.import_dags([new]) == 1
    assert the(pycap.export_dags(), "data_access_group_name", "New DAG")["unique_group_name"] == (
        "new_dag"
    )
    renamed = {"data_access_group_name": "A different name", "unique_group_name": "new_dag"}
    assert pycap.import_dags([renamed]) == 1
    assert pycap.export_dags()[-1]["unique_group_name"] == "a_different_name"
    assert pycap.delete_dags(["a_different_name"]) == 1
    assert len(pycap.export_dags()) == 1


def test_group_assignments_list_every_user(pycap: PyCap) -> None:
    expected = [{"username": "admin", "redcap_data_access_group": ""}]
    assert pycap.export_user_dag_assignment() == expected


def test_a_user_joins_a_group_and_leaves_it(pycap: PyCap) -> None:
    pycap.import_users([{"username": NEW}])
    joining = [{"username": NEW, "redcap_data_access_group": "test_dag"}]
    assert pycap.import_user_dag_assignment(joining) == 1
    assert the(pycap.export_user_dag_assignment(), "username", NEW)["redcap_data_access_group"] == (
        "test_dag"
    )
    assert the(pycap.export_users(), "username", NEW)["data_access_group"] == "test_dag"
    leaving = [{"username": NEW, "redcap_data_access_group": ""}]
    assert pycap.import_user_dag_assignment(leaving) == 1
    row = the(pycap.export_users(), "username", NEW)
    assert (row["data_access_group"], row["data_access_group_id"]) == ("", "")


def test_a_user_switches_between_the_groups_an_administrator_allows(
    pycap: PyCap, study: Project
) -> None:
    pycap.import_dags([{"data_access_group_name": "Other DAG", "unique_group_name": ""}])
    emulator = study.emulator
    admin.dags(emulator.store, study.project_id, "admin", ["test_dag", "other_dag"])
    assert pycap.switch_dag("other_dag") == "1"
    assert pycap.export_user_dag_assignment()[0]["redcap_data_access_group"] == "other_dag"


def test_switching_to_a_group_that_is_not_there_is_an_error(pycap: PyCap) -> None:
    with pytest.raises(RedcapError):
        pycap.switch_dag("no_such_dag")
