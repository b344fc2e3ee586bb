import pytest

from tests.emulator.access import (
    accept,
    add_forms,
    refusal,
    send,
    user,
)
from tests.emulator.conftest import MakeEmulator
from tests.emulator.served import Project, new_project


def test_an_instrument_missing_from_the_map_falls_to_no_access(project: Project) -> None:
    add_forms(project, "vitals")
    full = {"form_1": 1, "vitals": 1}
    accept(project, "user", {"username": "akim", "forms": full, "forms_export": full})
    accept(
        project,
        "user",
        {"username": "akim", "forms": {"vitals": 1}, "forms_export": {"vitals": 2}},
    )
    changed = user(project, "akim")
    assert changed["forms"] == {"form_1": 128, "vitals": 130}
    assert changed["forms_export"] == {"form_1": 0, "vitals": 2}


def test_a_blank_export_map_ends_as_level_0(project: Project) -> None:
    accept(project, "user", {"username": "akim", "forms_export": {"form_1": 1}})
    accept(project, "user", {"username": "akim", "forms": {"form_1": 1}, "forms_export": ""})
    assert user(project, "akim")["forms_export"] == {"form_1": 0}


def test_an_empty_map_of_php_is_an_empty_map(project: Project) -> None:
    accept(project, "user", {"username": "akim", "forms": {"form_1": 1}})
    accept(project, "user", {"username": "akim", "forms": []})
    assert user(project, "akim")["forms"] == {"form_1": 128}


def test_an_omitted_map_stays(project: Project) -> None:
    accept(project, "user", {"username": "akim", "forms": {"form_1": 1}})
    accept(project, "user", {"username": "akim", "forms_export": {"form_1": 3}})
    assert user(project, "akim")["forms"] == {"form_1": 130}


def test_an_instrument_made_later_is_no_access(project: Project) -> None:
    accept(project, "user", {"username": "akim", "forms": {"form_1": 1}})
    add_forms(project, "vitals")
    assert user(project, "akim")["forms"] == {"form_1": 130, "vitals": 128}


def test_an_older_server_has_the_old_coding_of_form_rights(make_emulator: MakeEmulator) -> None:
    project = new_project(make_emulator("15.5.0"))
    accept(project, "user", {"username": "akim", "forms": {"form_1": 3}})
    assert user(project, "akim")["forms"] == {"form_1": 3}


def test_an_older_server_refuses_the_bits(make_emulator: MakeEmulator) -> None:
    project = new_project(make_emulator("15.5.0"))
    status, text = refusal(send(project, "user", {"username": "akim", "forms": {"form_1": 130}}))
    assert status == 400
    assert '"form_1:130"' in text


@pytest.mark.parametrize(("sent", "kept"), [(1, 130), (130, 130), (154, 154), (137, 137), (3, 138)])
def test_both_codings_are_taken_and_kept_in_bits(project: Project, sent: int, kept: int) -> None:
    accept(project, "user", {"username": "akim", "forms": {"form_1": sent}})
    assert user(project, "akim")["forms"] == {"form_1": kept}
