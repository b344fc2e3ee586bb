import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from redcap_iac.emulator import admin
from tests.emulator.access import (
    accept,
    add_record,
    logged,
    make_dags,
    refusal,
    send,
    user,
    with_rights,
)
from tests.emulator.conftest import MakeEmulator
from tests.emulator.served import Project, new_project

RECORDED = (
    Path(__file__).parents[3] / "shared" / "corpus" / "responses" / "vubiostat__redcapapi-dags.csv"
)


def unique_names(project: Project) -> list[str]:
    return [row["unique_group_name"] for row in project.rows("dag")]


def current_dag(project: Project) -> str:
    with project.emulator.store.transaction() as db:
        row = db.execute(
            "SELECT d.unique_name FROM users u LEFT JOIN dags d ON d.dag_id = u.dag_id"
            " WHERE u.project_id = ? AND u.username = 'jdoe'",
            (project.project_id,),
        ).fetchone()
    return row["unique_name"] or ""


def give_switcher(project: Project, *dags: str) -> None:
    admin.dags(project.emulator.store, project.project_id, "jdoe", dags)


def test_a_project_without_groups_exports_an_empty_list(project: Project) -> None:
    assert project.rows("dag") == []


def test_a_project_without_groups_exports_the_csv_header_alone(project: Project) -> None:
    text = project.post("dag", format="csv").text
    assert text == "data_access_group_name,unique_group_name,data_access_group_id\n"


def test_the_id_came_with_13_1(make_emulator: MakeEmulator) -> None:
    older = new_project(make_emulator("13.0.9"))
    make_dags(older, "Lyon")
    expected = [{"data_access_group_name": "Lyon", "unique_group_name": "lyon"}]
    assert older.rows("dag") == expected


@pytest.mark.parametrize(
    ("label", "unique_name"),
    [
        ("New DAG", "new_dag"),
        ("Testing DAG 1", "testing_dag_1"),
        ("dag-a", "daga"),
        ("TestGroup1", "testgroup1"),
        ("Integration Test DAG", "integration_test_d"),
    ],
)
def test_the_unique_name_is_made_from_the_label_as_recorded(
    project: Project, label: str, unique_name: str
) -> None:
    make_dags(project, label)
    (made,) = project.rows("dag")
    assert (made["data_access_group_name"], made["unique_group_name"]) == (label, unique_name)
    assert isinstance(made["data_access_group_id"], int)


def test_several_groups_are_counted_and_listed_oldest_first(project: Project) -> None:
    make_dags(project, "Paris", "Lyon")
    assert unique_names(project) == ["paris", "lyon"]


def test_a_blank_unique_name_creates_a_group(project: Project) -> None:
    accept(project, "dag", {"data_access_group_name": "Lyon", "unique_group_name": ""})
    assert unique_names(project) == ["lyon"]


def test_the_same_label_again_is_another_group_with_a_suffix(project: Project) -> None:
    make_dags(project, "Lyon")
    make_dags(project, "Lyon")
    first, second = project.rows("dag")
    assert second["data_access_group_name"] == "Lyon"
    assert second["unique_group_name"].startswith("lyon")
    assert second["unique_group_name"] != first["unique_group_name"]


def test_a_renamed_group_gets_a_new_unique_name_and_keeps_its_id(project: Project) -> None:
    make_dags(project, "Testing DAG 1")
    (before,) = project.rows("dag")
    row = {"data_access_group_name": "A different name", "unique_group_name": "testing_dag_1"}
    accept(project, "dag", row)
    assert project.rows("dag") == [
        {
            "data_access_group_name": "A different name",
            "unique_group_name": "a_different_name",
            "data_access_group_id": before["data_access_group_id"],
        }
    ]


def test_a_renamed_group_keeps_its_users(project: Project) -> None:
    make_dags(project, "Lyon")
    accept(project, "user", {"username": "akim", "data_access_group": "lyon"})
    accept(project, "dag", {"data_access_group_name": "Paris", "unique_group_name": "lyon"})
    assert user(project, "akim")["data_access_group"] == "paris"


def test_export_and_import_is_a_fixed_point_also_with_suffixes(project: Project) -> None:
    make_dags(project, "Lyon", "Lyon", "Lyon")
    project.post("dag", "delete", dags=["lyon"])
    exported = project.rows("dag")
    accept(project, "dag", *exported)
    assert project.rows("dag") == exported


@pytest.mark.parametrize("format_", ["csv", "xml"])
def test_what_csv_and_xml_export_they_import(project: Project, format_: str) -> None:
    make_dags(project, "Lyon & Paris", 'The "other", site')
    before = project.rows("dag")
    exported = project.post("dag", format=format_).text
    assert project.post("dag", "import", data=exported, format=format_).text == "2"
    assert project.rows("dag") == before


def test_xml_lists_items_under_dags(project: Project) -> None:
    make_dags(project, "Lyon")
    root = ET.fromstring(project.post("dag", format="xml").text)
    assert root.tag == "dags"
    assert root.findtext("item/unique_group_name") == "lyon"


@pytest.mark.corpus
def test_recorded_groups_created_by_label_export_as_recorded(project: Project) -> None:
    if not RECORDED.exists():
        pytest.skip("the corpus is not beside the project")
    recorded = RECORDED.read_text(encoding="utf-8").splitlines()
    labels = [line.split(",")[0].strip('"') for line in recorded[1:]]
    make_dags(project, *labels)
    exported = project.post("dag", format="csv").text.splitlines()
    without_id = [[line.rsplit(",", 1)[0] for line in lines] for lines in (exported, recorded)]
    assert without_id[0] == without_id[1]


def test_an_id_is_ignored_on_import(project: Project) -> None:
    accept(project, "dag", {"data_access_group_name": "Lyon", "data_access_group_id": 4711})
    assert project.rows("dag")[0]["data_access_group_id"] != 4711


def test_two_groups_can_exchange_their_labels(project: Project) -> None:
    make_dags(project, "Lyon", "Paris")
    first, second = (row["data_access_group_id"] for row in project.rows("dag"))
    accept(
        project,
        "dag",
        {"data_access_group_name": "Paris", "unique_group_name": "lyon"},
        {"data_access_group_name": "Lyon", "unique_group_name": "paris"},
    )
    labels = {
        row["data_access_group_id"]: row["data_access_group_name"] for row in project.rows("dag")
    }
    assert labels == {first: "Paris", second: "Lyon"}


def test_faults_of_all_rows_come_together_and_nothing_is_written(project: Project) -> None:
    response = send(
        project,
        "dag",
        {"data_access_group_name": "Lyon"},
        {"data_access_group_name": "Paris", "unique_group_name": "nowhere"},
        {"data_access_group_name": " "},
    )
    status, text = refusal(response)
    assert status == 400
    assert '"nowhere"' in text
    assert "Row 3" in text
    assert project.rows("dag") == []


def test_data_without_the_action_is_an_export(project: Project) -> None:
    assert project.post("dag", data='[{"data_access_group_name": "Lyon"}]').json() == []


def test_an_import_is_logged(project: Project) -> None:
    make_dags(project, "Lyon")
    assert logged(project) == ("Manage/Design ", "Import DAGs (API)", "manage")


def test_an_export_is_logged_in_the_recorded_words(project: Project) -> None:
    project.rows("dag")
    assert logged(project) == ("Manage/Design ", "Export DAGs (API)", "manage")


def test_without_the_right_to_groups_the_recorded_text_is_answered(project: Project) -> None:
    other = with_rights(project, "akim", api_export=1, api_import=1)
    assert refusal(other.post("dag")) == (
        400,
        (
            "Insufficient user privileges: You must have 'API Export' privileges and"
            " 'Data Access Groups' privileges in the project."
        ),
    )
    written = send(other, "dag", {"data_access_group_name": "Lyon"})
    assert "'Data Access Groups' privileges" in refusal(written)[1]
    deleted = other.post("dag", "delete", dags=["lyon"])
    assert "'Data Access Groups' privileges" in refusal(deleted)[1]


def test_deleting_counts_the_groups_that_were_there(project: Project) -> None:
    make_dags(project, "Lyon", "Paris")
    answer = project.post("dag", "delete", dags=["lyon", "lyon", "nowhere"])
    assert (answer.status_code, answer.text) == (200, "1")
    assert unique_names(project) == ["paris"]


def test_a_deletion_is_logged(project: Project) -> None:
    make_dags(project, "Lyon")
    project.post("dag", "delete", dags=["lyon"])
    assert logged(project) == ("Manage/Design ", "Delete DAGs (API)", "manage")


def test_deleting_no_group_is_refused(project: Project) -> None:
    assert project.post("dag", "delete").status_code == 400


def test_users_of_a_deleted_group_are_in_none(project: Project) -> None:
    make_dags(project, "Lyon")
    accept(project, "user", {"username": "akim", "data_access_group": "lyon"})
    assert project.post("dag", "delete", dags=["lyon"]).text == "1"
    assert user(project, "akim")["data_access_group"] == ""


def test_a_group_with_records_is_not_deleted_nor_any_other(project: Project) -> None:
    make_dags(project, "Lyon", "Paris")
    add_record(project, "lyon")
    status, text = refusal(project.post("dag", "delete", dags=["paris", "lyon"]))
    assert status == 400
    assert '"lyon"' in text
    assert unique_names(project) == ["lyon", "paris"]


def test_records_of_a_deleted_group_are_in_none_when_switched_so(
    make_emulator: MakeEmulator,
) -> None:
    project = new_project(make_emulator(dag_delete_with_records="unassign"))
    make_dags(project, "Lyon")
    add_record(project, "lyon")
    assert project.post("dag", "delete", dags=["lyon"]).text == "1"
    with project.emulator.store.transaction() as db:
        (row,) = db.execute("SELECT record, dag_id FROM records").fetchall()
    assert (row["record"], row["dag_id"]) == ("1", None)


def test_groups_of_another_project_are_out_of_reach(project: Project) -> None:
    other = new_project(project.emulator, "Another study")
    make_dags(other, "Lyon")
    row = {"data_access_group_name": "Paris", "unique_group_name": "lyon"}
    assert send(project, "dag", row).status_code == 400
    assert project.post("dag", "delete", dags=["lyon"]).text == "0"
    assert unique_names(other) == ["lyon"]


def test_switching_moves_the_caller_and_answers_1(project: Project) -> None:
    make_dags(project, "Lyon", "Paris")
    give_switcher(project, "lyon", "paris")
    assert project.post("dag", "switch", dag="paris").text == "1"
    assert current_dag(project) == "paris"
    assert project.post("dag", "switch", dag="lyon").text == "1"
    shown = {
        row["username"]: row["redcap_data_access_group"] for row in project.rows("userDagMapping")
    }
    assert shown == {"jdoe": "lyon"}


def test_switching_is_logged(project: Project) -> None:
    make_dags(project, "Lyon", "Paris")
    give_switcher(project, "lyon", "paris")
    project.post("dag", "switch", dag="paris")
    assert logged(project) == ("Manage/Design ", "Switch DAG (API)", "manage")


@pytest.mark.parametrize("wanted", ["nowhere", "", None])
def test_switching_to_an_unknown_or_empty_group_is_an_error(
    project: Project, wanted: str | None
) -> None:
    make_dags(project, "Lyon", "Paris")
    give_switcher(project, "lyon", "paris")
    assert refusal(project.post("dag", "switch", dag=wanted))[0] == 400
    assert current_dag(project) == ""


def test_switching_to_a_group_not_given_is_an_error(project: Project) -> None:
    make_dags(project, "Lyon", "Paris", "Nice")
    give_switcher(project, "lyon", "paris")
    assert refusal(project.post("dag", "switch", dag="nice"))[0] == 400
    assert current_dag(project) == ""


@pytest.mark.parametrize("given", [(), ("lyon",)])
def test_switching_needs_several_groups(project: Project, given: tuple[str, ...]) -> None:
    make_dags(project, "Lyon", "Paris")
    give_switcher(project, *given)
    assert refusal(project.post("dag", "switch", dag="lyon"))[0] == 400
    assert current_dag(project) == ""


def test_switching_needs_no_right_to_groups_but_the_import_right(project: Project) -> None:
    make_dags(project, "Lyon", "Paris")
    give_switcher(project, "lyon", "paris")
    accept(project, "user", {"username": "jdoe", "data_access_groups": 0})
    assert project.post("dag", "switch", dag="lyon").text == "1"
    accept(project, "user", {"username": "jdoe", "api_import": 0})
    assert project.post("dag", "switch", dag="paris").status_code == 403


def test_a_deleted_group_is_gone_from_the_switcher(project: Project) -> None:
    make_dags(project, "Lyon", "Paris")
    give_switcher(project, "lyon", "paris")
    project.post("dag", "delete", dags=["paris"])
    assert refusal(project.post("dag", "switch", dag="lyon"))[0] == 400


def test_a_deleted_group_is_no_longer_to_switch_to(project: Project) -> None:
    make_dags(project, "Lyon", "Paris", "Oslo")
    give_switcher(project, "lyon", "paris", "oslo")
    project.post("dag", "delete", dags=["oslo"])
    make_dags(project, "Oslo")
    assert project.post("dag", "switch", dag="oslo").status_code == 400
    assert project.post("dag", "switch", dag="paris").text == "1"


def test_a_user_who_comes_back_has_no_groups_to_switch_between(project: Project) -> None:
    make_dags(project, "Lyon", "Paris")
    accept(project, "user", {"username": "jdoe", "record_delete": 1})
    akim = project.of("akim")
    admin.dags(project.emulator.store, project.project_id, "akim", ["lyon", "paris"])
    project.post("user", "delete", users=["akim"])
    accept(project, "user", {"username": "akim", "api_import": 1})
    again = akim.of("akim")
    assert refusal(again.post("dag", "switch", dag="paris"))[0] == 400
