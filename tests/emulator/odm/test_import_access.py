"""DAGs and roles of a project made from a project file."""

from __future__ import annotations

import pytest

from redcap_iac.emulator.server import Emulator
from tests.emulator.conftest import MakeEmulator
from tests.emulator.odm.building import (
    form_data,
    simple,
    subject,
)
from tests.emulator.odm.creating import created


def test_dags_take_new_unique_names(emulator: Emulator) -> None:
    groups = "".join(f'<redcap:DataAccessGroups group_name="{name}"/>' for name in ("A-1", "A 1"))
    variables = f"<redcap:DataAccessGroupsGroup>{groups}</redcap:DataAccessGroupsGroup>"
    records = "".join(
        subject(record, form_data("main", record_id=record, redcap_data_access_group=dag))
        for record, dag in (("1", "a1"), ("2", "gone"))
    )

    project = created(emulator, simple(variables=variables, data=records))

    assert [row["unique_group_name"] for row in project.rows("dag")] == ["a1", "a_1"]
    rows = project.rows("record", exportDataAccessGroups="true")
    assert [row["redcap_data_access_group"] for row in rows] == ["a1", ""]


ROLE = (
    '<redcap:{0}Group><redcap:{0} role_name="Monitor" unique_role_name="{1}" data_entry="{2}"'
    ' data_export_instruments="[main,2]" design="1" user_rights="2" lock_record="2"/>'
    "</redcap:{0}Group>"
)
NAME = "U-123ABCDEFG"


def test_the_newer_roles_win(emulator: Emulator) -> None:
    variables = ROLE.format("UserRoles", NAME, "[main,3]")
    variables += ROLE.format("UserRoles2", NAME, "[main,154]")

    (role,) = created(emulator, simple(variables=variables)).rows("userRole")

    assert role["forms"] == {"main": 154}
    assert role["forms_export"] == {"main": 2}
    assert (role["design"], role["lock_records"], role["unique_role_name"]) == ("1", "2", NAME)


def test_an_older_server_takes_the_newer_roles_in_its_coding(make_emulator: MakeEmulator) -> None:
    """Below 15.6 form rights are 0-3, below 14.1 User Rights has no read-only level."""
    variables = ROLE.format("UserRoles2", NAME, "[main,154]")

    project = created(make_emulator("14.0.0"), simple(variables=variables))

    (role,) = project.rows("userRole")
    assert role["forms"] == {"main": 3}
    assert role["user_rights"] == "1"


@pytest.mark.parametrize("name", ["", "monitor"])
def test_a_role_without_a_usable_unique_name_gets_one(emulator: Emulator, name: str) -> None:
    variables = ROLE.format("UserRoles", name, "[main,1]")

    (role,) = created(emulator, simple(variables=variables)).rows("userRole")

    assert role["unique_role_name"].startswith("U-")
    assert len(role["unique_role_name"]) == 12


def test_one_export_right_for_all_instruments_is_spread(emulator: Emulator) -> None:
    role = '<redcap:UserRoles role_name="Old" data_export_tool="2" data_entry="[main,1]"/>'
    variables = f"<redcap:UserRolesGroup>{role}</redcap:UserRolesGroup>"

    (row,) = created(emulator, simple(variables=variables)).rows("userRole")

    assert row["forms_export"] == {"main": 2}
