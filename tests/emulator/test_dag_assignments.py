import xml.etree.ElementTree as ET

import pytest

from tests.emulator.access import (
    accept,
    join,
    logged,
    make_dags,
    make_role,
    refusal,
    send,
    user,
    with_rights,
)
from tests.emulator.served import Project

CONTENT = "userDagMapping"
COLUMN = "redcap_data_access_group"


def groups(project: Project) -> dict[str, str]:
    return {row["username"]: row[COLUMN] for row in project.rows(CONTENT)}


@pytest.fixture
def sited(project: Project) -> Project:
    """A project with the groups lyon and paris and the user akim."""
    make_dags(project, "Lyon", "Paris")
    accept(project, "user", {"username": "akim"})
    return project


def test_every_user_is_listed_with_a_blank_for_no_group(sited: Project) -> None:
    accept(sited, CONTENT, {"username": "akim", COLUMN: "lyon"})
    assert sited.rows(CONTENT) == [
        {"username": "jdoe", COLUMN: ""},
        {"username": "akim", COLUMN: "lyon"},
    ]


def test_csv_has_the_recorded_columns(project: Project) -> None:
    text = project.post(CONTENT, format="csv").text
    assert text == "username,redcap_data_access_group\njdoe,\n"


def test_xml_lists_items(project: Project) -> None:
    root = ET.fromstring(project.post(CONTENT, format="xml").text)
    assert (root.tag, root.findtext("item/username")) == ("items", "jdoe")


def test_the_group_shows_in_the_list_of_users(sited: Project) -> None:
    accept(sited, CONTENT, {"username": "akim", COLUMN: "paris"})
    shown = user(sited, "akim")
    assert (shown["data_access_group"], shown["data_access_group_label"]) == ("paris", "Paris")


@pytest.mark.parametrize("row", [{COLUMN: ""}, {}])
def test_a_blank_or_absent_group_is_none(sited: Project, row: dict[str, str]) -> None:
    accept(sited, CONTENT, {"username": "akim", COLUMN: "lyon"})
    accept(sited, CONTENT, {"username": "akim", **row})
    assert groups(sited)["akim"] == ""
    shown = user(sited, "akim")
    assert [shown[f"data_access_group{end}"] for end in ("", "_id", "_label")] == ["", "", ""]


def test_rights_and_users_not_named_are_untouched(sited: Project) -> None:
    accept(sited, CONTENT, {"username": "jdoe", COLUMN: "lyon"})
    before = user(sited, "akim")
    accept(sited, CONTENT, {"username": "akim", COLUMN: "paris"})
    after = user(sited, "akim")
    assert {name for name in after if after[name] != before[name]} == {
        "data_access_group",
        "data_access_group_id",
        "data_access_group_label",
    }
    assert groups(sited)["jdoe"] == "lyon"


def test_a_member_of_a_role_can_be_put_into_a_group(sited: Project) -> None:
    unique = make_role(sited, "Nurse", design=1)
    join(sited, "akim", unique)
    accept(sited, CONTENT, {"username": "akim", COLUMN: "lyon"})
    shown = user(sited, "akim")
    assert (shown["data_access_group"], shown["design"]) == ("lyon", 1)


def test_usernames_are_matched_whatever_their_case(sited: Project) -> None:
    accept(sited, CONTENT, {"username": "AKim", COLUMN: "lyon"})
    assert groups(sited) == {"jdoe": "", "akim": "lyon"}


def test_unchanged_rows_count_too(sited: Project) -> None:
    exported = sited.rows(CONTENT)
    accept(sited, CONTENT, *exported)
    assert sited.rows(CONTENT) == exported


@pytest.mark.parametrize("format_", ["csv", "xml"])
def test_what_csv_and_xml_export_they_import(sited: Project, format_: str) -> None:
    accept(sited, CONTENT, {"username": "akim", COLUMN: "lyon"})
    exported = sited.post(CONTENT, format=format_).text
    assert sited.post(CONTENT, data=exported, format=format_).text == "2"
    assert groups(sited) == {"jdoe": "", "akim": "lyon"}


def test_faults_of_all_rows_come_together_and_nothing_is_written(sited: Project) -> None:
    response = send(
        sited,
        CONTENT,
        {"username": "akim", COLUMN: "lyon"},
        {"username": "jdoe", COLUMN: "nowhere"},
        {"username": "nobody", COLUMN: "lyon"},
        {"username": "Akim", COLUMN: ""},
        {COLUMN: "lyon"},
    )
    status, text = refusal(response)
    assert status == 400
    faults = text.split("\n")
    assert len(faults) == 4
    named = ('"nowhere"', '"nobody"', '"Akim"', "Row 5")
    assert all(any(name in fault for fault in faults) for name in named)
    assert groups(sited) == {"jdoe": "", "akim": ""}


def test_an_import_is_logged_in_the_recorded_words(sited: Project) -> None:
    accept(sited, CONTENT, {"username": "akim", COLUMN: "lyon"})
    assert logged(sited) == ("Manage/Design ", "Import User-DAG assignments (API)", "manage")


def test_assignments_need_the_right_to_groups(sited: Project) -> None:
    other = with_rights(sited, "twu", api_export=1, api_import=1, user_rights=1)
    assert refusal(other.post(CONTENT)) == (
        400,
        (
            "Insufficient user privileges: You must have 'API Export' privileges and"
            " 'Data Access Groups' privileges in the project."
        ),
    )
    written = send(other, CONTENT, {"username": "twu", COLUMN: "lyon"})
    assert "'Data Access Groups' privileges" in refusal(written)[1]


def test_a_caller_in_a_group_sees_all_assignments(sited: Project) -> None:
    accept(
        sited, CONTENT, {"username": "jdoe", COLUMN: "lyon"}, {"username": "akim", COLUMN: "paris"}
    )
    assert groups(sited) == {"jdoe": "lyon", "akim": "paris"}
