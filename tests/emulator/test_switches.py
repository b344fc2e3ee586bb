from __future__ import annotations

import pytest

from redcap_iac.emulator.switches import SWITCHES, Settings, UnknownSwitch, parse_switch


def test_a_switch_stands_at_its_first_value_unless_chosen() -> None:
    assert {switch.name: Settings().switch(switch.name) for switch in SWITCHES} == {
        "event_rename": "regenerate",
        "one_event_longitudinal": "classic",
        "role_delete_with_members": "refuse",
        "dag_delete_with_records": "refuse",
        "user_import_without_dag": "clear",
        "mapping_without_dag": "clear",
        "production_additive_writes": "refuse",
        "delete_users_needs_record_delete": "on",
        "sql_rows": "administrators",
        "instrument_label_on_reimport": "kept",
        "auto_approval": "never",
        "approval_identifiers": "ignore",
        "draft_radio_dropdown": "critical",
        "production_events": "admins",
        "production_repeating": "allow",
        "strict_accounts": "off",
    }


def test_a_chosen_value_is_the_one_that_stands() -> None:
    settings = Settings(chosen=(("event_rename", "keep"),))
    assert settings.is_set("event_rename", "keep")
    assert not settings.is_set("event_rename", "regenerate")


def test_every_switch_can_be_set_to_each_of_its_values() -> None:
    for switch in SWITCHES:
        for value in switch.values:
            assert parse_switch(f"{switch.name}={value}") == (switch.name, value)


def test_a_switch_that_does_not_exist_names_those_that_do() -> None:
    with pytest.raises(UnknownSwitch, match="event_rename"):
        parse_switch("rename=keep")


@pytest.mark.parametrize("text", ["event_rename", "event_rename=", "event_rename=never"])
def test_a_value_that_does_not_exist_names_those_that_do(text: str) -> None:
    with pytest.raises(UnknownSwitch, match="regenerate or keep"):
        parse_switch(text)


def test_asking_for_a_value_that_a_switch_cannot_take_is_a_mistake() -> None:
    with pytest.raises(UnknownSwitch):
        Settings().is_set("event_rename", "never")
