import csv
from pathlib import Path

import pytest

from redcap_iac.emulator import right_columns
from redcap_iac.emulator.right_columns import (
    DATA_RESOLUTION,
    MYCAP,
    RANDOMIZATION,
    creator_rights,
    form_code,
    is_form_right,
    role_columns,
    user_columns,
)
from redcap_iac.emulator.versions import Version
from tests.emulator.access import turn_on
from tests.emulator.served import Project

V13, V14_0, V14_5, V15_5, V15_6, V16 = (
    Version(13, 2, 0),
    Version(14, 0, 0),
    Version(14, 5, 0),
    Version(15, 5, 29),
    Version(15, 6, 0),
    Version(16, 1, 3),
)
NONE: frozenset[str] = frozenset()
ALL = frozenset({MYCAP, RANDOMIZATION, DATA_RESOLUTION})
RESPONSES = Path(__file__).parents[3] / "shared" / "corpus" / "responses"

ROLES_V16 = """
    design, alerts, user_rights, data_access_groups, reports, stats_and_charts,
    manage_survey_participants, calendar, data_import_tool, data_comparison_tool, logging,
    email_logging, file_repository, data_quality_create, data_quality_execute, api_export,
    api_import, api_modules, mobile_app, mobile_app_download_data, record_create, record_rename,
    record_delete, lock_records_customization, lock_records, lock_records_all_forms, forms,
    forms_export
"""


def names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",")]


def recorded_header(file_name: str) -> list[str]:
    path = RESPONSES / file_name
    if not path.exists():
        pytest.skip(f"the corpus is not beside the project: {file_name}")
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return next(csv.reader(lines))


def test_the_columns_of_roles_stand_in_the_recorded_order() -> None:
    assert list(role_columns(V16, NONE)) == names(ROLES_V16)


def test_the_lock_columns_of_users_are_in_reverse_of_those_of_roles() -> None:
    locks = ["lock_records_all_forms", "lock_records", "lock_records_customization"]
    shown = list(user_columns(V16, NONE))
    assert shown[-5:] == [*locks, "forms", "forms_export"]


def test_users_have_every_other_right_where_roles_have_it() -> None:
    locks = {"lock_records_all_forms", "lock_records", "lock_records_customization"}
    of_users = [name for name in user_columns(V16, NONE) if name not in locks]
    assert of_users == [name for name in role_columns(V16, NONE) if name not in locks]


def test_randomization_stands_before_the_forms_of_users_and_after_those_of_roles() -> None:
    random = ["random_setup", "random_dashboard", "random_perform"]
    features = frozenset({RANDOMIZATION})
    assert list(user_columns(V16, features)[-5:]) == [*random, "forms", "forms_export"]
    assert list(role_columns(V16, features)[-5:]) == ["forms", "forms_export", *random]


def test_mycap_and_data_resolution_bring_one_column_each() -> None:
    both = frozenset({MYCAP, DATA_RESOLUTION})
    extra = {"mycap_participants", "data_quality_resolution"}
    assert set(user_columns(V16, both)) - set(user_columns(V16, NONE)) == extra
    at = role_columns(V16, both).index("forms")
    assert role_columns(V16, both)[at - 2 : at] == ("mycap_participants", "data_quality_resolution")


@pytest.mark.parametrize(
    ("version", "missing"),
    [
        (V13, {"alerts", "email_logging", "api_modules"}),
        (V14_0, {"email_logging", "api_modules"}),
        (Version(14, 3, 9), {"email_logging"}),
        (V14_5, set()),
    ],
)
def test_older_servers_lack_columns(version: Version, missing: set[str]) -> None:
    assert set(user_columns(V16, ALL)) - set(user_columns(version, ALL)) == missing


@pytest.mark.corpus
def test_the_columns_of_roles_are_those_of_a_recorded_file_of_its_version() -> None:
    header = recorded_header("vubiostat__redcapapi-userroles.csv")
    shown = role_columns(V14_0, frozenset({RANDOMIZATION}))
    assert ["unique_role_name", "role_label", *shown] == header


@pytest.mark.corpus
def test_a_recorded_list_of_users_has_its_rights_in_our_order() -> None:
    header = recorded_header("CCTC-team__rsvc-user-list-for-project-1.csv")
    shown = user_columns(V13, frozenset({RANDOMIZATION, MYCAP}))
    # that server had the mobile app switched off, as a whole
    assert [name for name in shown if not name.startswith("mobile_app")] == header[4:]


def test_a_creator_lacks_only_delete_rename_and_lock() -> None:
    lacking = {name for name, level in creator_rights(V16).items() if level == 0}
    assert lacking == {
        "record_delete",
        "record_rename",
        "lock_records",
        "lock_records_all_forms",
        "lock_records_customization",
    }


def test_a_creator_has_full_user_rights_and_nothing_above_1() -> None:
    assert creator_rights(V16)["user_rights"] == 1
    assert set(creator_rights(V16).values()) == {0, 1}


def test_no_rights_name_the_same_columns_at_0() -> None:
    nothing = right_columns.no_rights(V16)
    assert nothing.keys() == creator_rights(V16).keys()
    assert set(nothing.values()) == {0}


@pytest.mark.parametrize(("legacy", "bits"), [(0, 128), (2, 129), (1, 130), (3, 138)])
def test_form_rights_are_bits_from_15_6_and_were_0_to_3_before(legacy: int, bits: int) -> None:
    assert form_code(V15_6, legacy) == bits
    assert form_code(V15_6, bits) == bits
    assert form_code(V15_5, bits) == legacy
    assert form_code(V15_5, legacy) == legacy


@pytest.mark.parametrize(("bits", "legacy"), [(146, 1), (154, 3)])
def test_an_older_server_cannot_say_delete(bits: int, legacy: int) -> None:
    assert form_code(V15_5, bits) == legacy
    assert form_code(V16, bits) == bits


@pytest.mark.parametrize("number", [4, 127, -1, 132, 256])
def test_other_numbers_are_no_form_rights(number: int) -> None:
    assert not is_form_right(V16, number)
    with pytest.raises(ValueError, match="not a form right"):
        form_code(V16, number)


def test_bits_are_taken_from_15_6_only() -> None:
    assert is_form_right(V15_6, 130)
    assert not is_form_right(V15_5, 130)


def test_combinations_of_the_bits_beyond_the_documented_codes_are_kept() -> None:
    assert is_form_right(V16, 137)
    assert form_code(V16, 137) == 137


def test_no_access_and_view_and_edit_follow_the_version() -> None:
    assert (right_columns.no_access(V15_5), right_columns.view_and_edit(V15_5)) == (0, 1)
    assert (right_columns.no_access(V16), right_columns.view_and_edit(V16)) == (128, 130)


@pytest.mark.parametrize(
    ("attributes", "features"),
    [
        ({"randomization_enabled": 1}, {RANDOMIZATION}),
        ({"mycap_enabled": 1}, {MYCAP}),
        ({"data_resolution_enabled": 1}, set()),
        ({"data_resolution_enabled": 2}, {DATA_RESOLUTION}),
        ({}, set()),
    ],
)
def test_features_come_from_the_attributes_of_the_project(
    project: Project, attributes: dict[str, int], features: set[str]
) -> None:
    turn_on(project, **attributes)
    with project.emulator.store.transaction() as db:
        assert right_columns.project_features(db, project.project_id) == features
