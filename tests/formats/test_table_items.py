"""Rows become the items an export would have answered; what cannot be is told."""

from __future__ import annotations

import pytest

from redcap_iac.calls import Made
from redcap_iac.findings import Findings
from redcap_iac.formats.contents import BY_NAME
from redcap_iac.formats.table_items import items_of, read_levels
from redcap_iac.formats.table_reading import read_table
from redcap_iac.kinds.arms import Arm
from redcap_iac.kinds.dags import Dag
from redcap_iac.kinds.events.event import Event
from redcap_iac.kinds.project import Setting
from redcap_iac.kinds.repeating.repeat import Repeat
from redcap_iac.kinds.roles.role import Role
from redcap_iac.kinds.users import User
from redcap_iac.state import Item, State


def items(name: str, text: str) -> tuple[Item, ...]:
    findings = Findings()
    rows = read_table(text, BY_NAME[name], "table.csv", findings)
    found = items_of(BY_NAME[name], rows, State(), findings)
    assert findings.all() == ()
    return found


def errors(name: str, text: str) -> list[tuple[str, str]]:
    findings = Findings()
    rows = read_table(text, BY_NAME[name], "table.csv", findings)
    items_of(BY_NAME[name], rows, State(), findings)
    return [(error.code, str(error.position)) for error in findings.errors()]


def test_arms_are_read() -> None:
    assert items("arms", "arm_num,name\n1,Drug A\n10,Drug B\n") == (
        Arm(1, "Drug A"),
        Arm(10, "Drug B"),
    )


def test_an_item_knows_where_it_stands() -> None:
    (arm,) = items("arms", "arm_num,name\n1,Drug A\n")

    assert str(arm.at) == "table.csv:2:1"


def test_an_event_with_its_unique_name_keeps_it() -> None:
    text = "event_name,arm_num,unique_event_name,custom_event_label\nWeek 4,1,week_4_arm_1,[d]\n"

    assert items("events", text) == (Event("week_4_arm_1", 1, "Week 4", custom_label="[d]"),)


def test_an_event_without_unique_name_waits_for_one() -> None:
    found = items("events", "event_name,arm_num\nWeek 4,1\nWeek 4,1\nWeek 4,2\n")

    assert [item.unique_name for item in found if isinstance(item, Event)] == [
        Made("event/1/Week 4"),
        Made("event/1/Week 4 #2"),
        Made("event/2/Week 4"),
    ]


def test_offsets_are_read_where_they_are_shown() -> None:
    text = "event_name,arm_num,day_offset,offset_min,offset_max\nWeek 4,1,28,2,\n"

    (event,) = items("events", text)

    assert isinstance(event, Event)
    assert (event.day_offset, event.offset_min, event.offset_max) == ("28", "2", None)


def test_a_classic_project_repeats_instruments_without_events() -> None:
    text = "form_name,custom_form_label\nvisit,[date]\n"

    assert items("repeating", text) == (Repeat("", "visit", "[date]"),)


def test_a_new_group_and_a_new_role_wait_for_their_names() -> None:
    (dag,) = items("dags", "data_access_group_name,unique_group_name\nLyon,\n")
    (role,) = items("roles", "unique_role_name,role_label,design\n,Nurse,1\n")

    assert isinstance(dag, Dag)
    assert isinstance(role, Role)
    assert (dag.unique_name, role.unique_name) == (Made("dag/Lyon"), Made("role/Nurse"))


def test_rights_on_instruments_are_read_from_one_cell() -> None:
    text = 'username,design,forms,forms_export\njdoe,1,"a:1,b:130","a:0,b:2"\n'

    (user,) = items("users", text)

    assert isinstance(user, User)
    assert user.grants is not None
    assert user.grants.instruments == (("a", "edit"), ("b", "edit"))
    assert user.grants.export == (("a", "none"), ("b", "deidentified"))


def test_settings_are_those_an_import_takes() -> None:
    found = items("project", "project_id,project_title,purpose\n17,A study,2\n")

    assert found == (Setting("project_title", "A study"), Setting("purpose", "2"))


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("arms", "arm_num,name\none,A\n", "table.csv:2:1"),
        ("arms", "arm_num,name\n0,A\n", "table.csv:2:1"),
        ("events", "event_name,arm_num,day_offset\nA,1,soon\n", "table.csv:2:3"),
        ("events", "event_name,arm_num\n,1\n", "table.csv:2:1"),
        ("users", "username,design\njdoe,yes\n", "table.csv:2:2"),
        ("users", "username,forms\njdoe,visit\n", "table.csv:2:2"),
        ("users", "username,design\n,1\n", "table.csv:2:1"),
        ("dags", "data_access_group_name,unique_group_name\n,\nx,\n", ""),
        ("roles", "role_label,design\n,1\n", "table.csv:2:1"),
    ],
)
def test_a_cell_that_cannot_be_is_named(name: str, text: str, place: str) -> None:
    # a row without anything is no row
    assert errors(name, text) == ([("C104", place)] if place else [])


def test_a_message_about_a_person_does_not_name_them() -> None:
    findings = Findings()
    rows = read_table("username,design\njdoe,yes\n", BY_NAME["users"], "users.csv", findings)

    items_of(BY_NAME["users"], rows, State(), findings)

    assert "jdoe" not in findings.errors()[0].message


@pytest.mark.parametrize(
    ("text", "levels"),
    [("", {}), ("a:1", {"a": "1"}), (" a : 1 , b:2", {"a": "1", "b": "2"}), ("a", None)],
)
def test_levels_are_pairs(text: str, levels: dict[str, str] | None) -> None:
    assert read_levels(text) == levels


@pytest.mark.parametrize("text", ["a:1,a:0", "a:1, b:1, a:1"])
def test_a_form_with_two_codes_is_no_level(text: str) -> None:
    assert read_levels(text) is None


def test_a_designation_in_another_arm_than_its_event_is_an_error() -> None:
    header = "arm_num,unique_event_name,form\n"

    assert errors("designations", f"{header}2,b_arm_1,f\n") == [("C104", "table.csv:2:1")]
    assert errors("designations", f"{header}1,b_arm_1b,f\n,c_arm_2,f\n") == [
        ("C104", "table.csv:3:1")
    ]


def test_blank_rights_are_no_order_to_take_rights_away() -> None:
    said, unsaid = items("users", "username,design,forms\na,0,\nb,,\n")

    assert isinstance(said, User)
    assert isinstance(unsaid, User)
    assert said.grants is not None
    assert unsaid.grants is None


@pytest.mark.parametrize(
    ("content", "table", "place"),
    [
        ("designations", "arm_num,unique_event_name,form\n1,b_arm_1,\n", "table.csv:2:3"),
        ("designations", "arm_num,unique_event_name,form\n1, ,f\n", "table.csv:2:2"),
        ("instruments", "instrument_name,instrument_label\n,A\n", "table.csv:2:1"),
        ("repeating", "event_name,form_name,custom_form_label\n,,x\n", "table.csv:2:2"),
    ],
)
def test_a_row_about_nothing_is_an_error(content: str, table: str, place: str) -> None:
    assert errors(content, table) == [("C104", place)]


def test_an_event_repeats_as_a_whole_without_a_form() -> None:
    table = "event_name,form_name,custom_form_label\nb_arm_1,,\n"

    assert errors("repeating", table) == []
