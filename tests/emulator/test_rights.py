from __future__ import annotations

import pytest

from redcap_iac.emulator import rights
from redcap_iac.emulator.errors import ApiFault
from redcap_iac.emulator.registry import (
    ANY_TOKEN,
    API_EXPORT,
    API_IMPORT,
    SUPER_TOKEN,
    Method,
)
from redcap_iac.emulator.request import Caller, Context
from redcap_iac.emulator.wire import Answer, Text


def answer(_: Context) -> Answer:
    return Text("")


def caller(project_id: int = 1, **levels: int) -> Caller:
    return Caller(
        username="jdoe",
        project_id=project_id,
        administrator=False,
        dag_id=None,
        rights=levels,
        forms={},
        forms_export={},
    )


def refusal(who: Caller, *needs: str, writes: bool = False) -> tuple[int, str] | None:
    method = Method("content", "action", "Title", needs, answer, writes=writes)
    try:
        rights.check(who, method)
    except ApiFault as fault:
        return fault.status, fault.text
    return None


def _insufficient(api: str, second: str) -> str:
    return (
        f"Insufficient user privileges: You must have '{api}' privileges and '{second}' privileges"
        " in the project."
    )


NO_USE = (403, "You do not have permissions to use the API")


def test_who_holds_every_right_passes() -> None:
    assert refusal(caller(api_import=1, design=1), API_IMPORT, "design", writes=True) is None


def test_a_missing_export_right_has_the_text_of_a_wrong_token() -> None:
    assert refusal(caller(), API_EXPORT) == NO_USE


def test_a_missing_import_right_has_its_own_text() -> None:
    assert refusal(caller(design=1), API_IMPORT, "design") == (
        403,
        "You do not have API Import/Update privileges",
    )


def test_a_missing_group_right_is_refused_in_the_recorded_words() -> None:
    assert refusal(caller(api_export=1), API_EXPORT, "data_access_groups") == (
        400,
        _insufficient("API Export", "Data Access Groups"),
    )


def test_a_missing_second_right_of_an_import_names_the_import_right() -> None:
    found = refusal(caller(api_import=1), API_IMPORT, "design", writes=True)
    assert found == (
        400,
        _insufficient("API Import/Update", "Project Design and Setup"),
    )


def test_a_missing_right_to_delete_records_has_its_own_text() -> None:
    assert refusal(caller(api_import=1), API_IMPORT, "record_delete", writes=True) == (
        403,
        "You do not have Delete Record privileges",
    )


@pytest.mark.parametrize(("level", "writes", "passes"), [
    (1, True, True), (1, False, True), (2, False, True), (2, True, False), (0, False, False),
])  # fmt: skip
def test_read_only_user_rights_are_enough_to_read(level: int, writes: bool, passes: bool) -> None:
    who = caller(api_export=1, api_import=1, user_rights=level)
    needs = API_IMPORT if writes else API_EXPORT
    assert (refusal(who, needs, "user_rights", writes=writes) is None) is passes


def test_a_super_token_is_refused_where_a_project_is_needed() -> None:
    assert refusal(caller(project_id=0), API_EXPORT) == NO_USE


def test_a_project_token_is_refused_where_a_super_token_is_needed() -> None:
    assert refusal(caller(api_import=1, design=1), SUPER_TOKEN) == NO_USE


@pytest.mark.parametrize("project_id", [0, 1])
def test_any_token_will_do_where_any_will_do(project_id: int) -> None:
    assert refusal(caller(project_id=project_id), ANY_TOKEN) is None
