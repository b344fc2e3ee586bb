import pytest

from redcap_iac.kinds import rights
from redcap_iac.kinds.rights import BY_NAME, RIGHTS
from redcap_iac.state import Version

#: Export Users of 16.0 in its order, and the optional columns at their documented places.
RECORDED = [
    "design",
    "alerts",
    "user_rights",
    "data_access_groups",
    "reports",
    "stats_and_charts",
    "manage_survey_participants",
    "calendar",
    "data_import_tool",
    "data_comparison_tool",
    "logging",
    "email_logging",
    "file_repository",
    "data_quality_create",
    "data_quality_execute",
    "data_quality_resolution",
    "api_export",
    "api_import",
    "api_modules",
    "mobile_app",
    "mobile_app_download_data",
    "record_create",
    "record_rename",
    "record_delete",
    "lock_records_all_forms",
    "lock_records",
    "lock_records_customization",
    "mycap_participants",
    "random_setup",
    "random_dashboard",
    "random_perform",
]

#: Legacy code, code from 15.6, level (documented).
CODES = [
    (0, 128, "none"),
    (2, 129, "read_only"),
    (1, 130, "edit"),
    (3, 138, "edit, survey_responses"),
]


def test_the_table_has_every_recorded_column_in_order() -> None:
    assert [right.name for right in RIGHTS] == RECORDED


def test_every_right_has_its_own_label() -> None:
    labels = {right.label for right in RIGHTS}
    assert len(labels) == len(RIGHTS)
    assert "" not in labels


@pytest.mark.parametrize(("legacy", "bits", "level"), CODES)
def test_both_codings_mean_the_same_level(legacy: int, bits: int, level: str) -> None:
    assert rights.form_level(str(legacy)) == rights.form_level(str(bits)) == level


@pytest.mark.parametrize(("legacy", "bits", "level"), CODES)
def test_a_level_is_written_as_the_server_exports(legacy: int, bits: int, level: str) -> None:
    assert rights.form_code(level, in_bits=False) == legacy
    assert rights.form_code(level, in_bits=True) == bits


@pytest.mark.parametrize(
    ("code", "level"), [(146, "edit, delete"), (154, "edit, survey_responses, delete")]
)
def test_delete_is_said_in_bits_alone(code: int, level: str) -> None:
    assert rights.form_level(str(code)) == level
    assert rights.form_code(level, in_bits=False) == code
    assert rights.needs_bits(level)


def test_levels_of_the_old_coding_need_no_bits() -> None:
    assert not any(rights.needs_bits(level) for _, _, level in CODES)


@pytest.mark.parametrize("in_bits", [True, False])
@pytest.mark.parametrize("code", [4, 131, 137, 255])
def test_a_code_outside_the_table_is_kept(code: int, in_bits: bool) -> None:
    assert rights.form_level(str(code)) == f"raw: {code}"
    assert rights.form_code(f"raw: {code}", in_bits=in_bits) == code


@pytest.mark.parametrize(
    ("value", "level"),
    list(enumerate(["none", "full", "deidentified", "no_identifiers", "raw: 4"])),
)
def test_export_levels_go_both_ways(value: int, level: str) -> None:
    assert rights.export_level(str(value)) == level
    assert rights.export_code(level) == value


def test_what_is_absent_gives_no_access() -> None:
    assert (rights.form_level(""), rights.export_level("")) == ("none", "none")


@pytest.mark.parametrize(
    ("name", "levels"),
    [
        ("design", ["false", "true", "raw: 2"]),
        ("user_rights", ["none", "full", "read_only", "raw: 3"]),
        ("lock_records", ["none", "lock", "sign", "raw: 3"]),
        ("data_quality_resolution", ["none", "1", "2", "3", "4", "5", "raw: 6"]),
    ],
)
def test_a_right_has_a_level_for_each_value(name: str, levels: list[str]) -> None:
    right = BY_NAME[name]
    assert [right.level(str(value)) for value in range(len(levels))] == levels
    assert [right.value(level) for level in levels] == [str(n) for n in range(len(levels))]


def test_a_blank_right_is_not_granted() -> None:
    assert (BY_NAME["design"].level(""), BY_NAME["user_rights"].level("")) == ("false", "none")


@pytest.mark.parametrize(
    ("name", "written", "flag", "level"),
    [
        ("design", "true", True, "true"),
        ("design", "false", False, "false"),
        ("design", "true", None, None),
        ("design", "full", None, None),
        ("user_rights", "true", True, "full"),
        ("user_rights", "false", False, "none"),
        ("user_rights", "read_only", None, "read_only"),
        ("user_rights", "2", None, None),
        ("lock_records", "true", True, None),
        ("lock_records", "sign", None, "sign"),
        ("lock_records", "raw: 3", None, "raw: 3"),
    ],
)
def test_a_manifest_writes_a_flag_or_a_level(
    name: str, written: str, flag: bool | None, level: str | None
) -> None:
    assert BY_NAME[name].read(written, flag) == level


def test_first_versions_are_those_recorded() -> None:
    assert BY_NAME["email_logging"].since == Version(14, 4, 0)
    assert BY_NAME["api_modules"].since == Version(14, 0, 3)
    assert BY_NAME["user_rights"].later == ("read_only", Version(14, 1, 0))


@pytest.mark.parametrize(
    ("level", "granted"),
    [("false", False), ("none", False), ("true", True), ("read_only", True), ("raw: 9", True)],
)
def test_only_what_gives_something_is_granted(level: str, granted: bool) -> None:
    assert rights.is_granted(level) is granted
