from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from redcap_iac.emulator import admin
from redcap_iac.emulator.server import Emulator
from redcap_iac.emulator.store import Store
from redcap_iac.emulator.switches import Settings
from redcap_iac.emulator.versions import Version
from tests.emulator.conftest import MakeEmulator
from tests.emulator.served import Project, new_project

GROUPS = '[{"data_access_group_name":"Lyon","unique_group_name":""},\
{"data_access_group_name":"Paris","unique_group_name":""}]'


@pytest.fixture
def grouped(project: Project) -> Project:
    """A project with the groups lyon and paris."""
    assert project.post("dag", "import", data=GROUPS).status_code == 200
    return project


def switcher(project: Project) -> list[tuple[str, str]]:
    """Return (user, group) of the DAG Switcher, sorted."""
    with project.emulator.store.transaction() as db:
        rows = db.execute(
            "SELECT s.username, d.unique_name FROM dag_switcher s JOIN dags d USING (dag_id)"
            " WHERE s.project_id = ? ORDER BY 1, 2",
            (project.project_id,),
        ).fetchall()
    return [(row["username"], row["unique_name"]) for row in rows]


def test_a_project_is_created_with_its_title_and_its_user(emulator: Emulator) -> None:
    project = new_project(emulator, title="Pilot", username="akim")
    assert project.rows("project")["project_title"] == "Pilot"
    assert [row["username"] for row in project.rows("user")] == ["akim"]


@pytest.mark.parametrize("text", ["", "AB", "Z" * 64, "A" * 63, "A" * 65])
def test_a_super_token_that_is_not_64_digits_is_refused(emulator: Emulator, text: str) -> None:
    with pytest.raises(admin.AdminError, match="64"):
        admin.super_token(emulator.store, emulator.server, text)


def test_a_token_is_32_digits(project: Project) -> None:
    assert re.fullmatch("[0-9A-F]{32}", project.of("akim").token)


def test_a_user_has_one_token_in_a_project(project: Project) -> None:
    assert project.of("akim").token == project.of("AKIM").token


def test_the_creators_token_is_printed_again(project: Project) -> None:
    assert project.of("jdoe").token == project.token


def test_somebody_new_gets_a_token_and_no_rights(project: Project) -> None:
    newcomer = project.of("akim")
    assert newcomer.post("version").status_code == 200
    assert newcomer.post("instrument").status_code == 403
    row = next(row for row in project.rows("user") if row["username"] == "akim")
    levels = {value for value in row.values() if isinstance(value, int)}
    assert (levels, row["forms"], row["forms_export"]) == ({0}, {"form_1": 128}, {"form_1": 0})


def test_users_stand_in_the_order_they_came(project: Project) -> None:
    project.of("zoe")
    project.of("akim")
    assert [row["username"] for row in project.rows("user")] == ["jdoe", "zoe", "akim"]


def test_a_user_may_switch_between_the_groups_given(grouped: Project) -> None:
    admin.dags(grouped.emulator.store, grouped.project_id, "jdoe", ["lyon", "paris"])
    assert switcher(grouped) == [("jdoe", "lyon"), ("jdoe", "paris")]


def test_the_groups_given_replace_those_before(grouped: Project) -> None:
    admin.dags(grouped.emulator.store, grouped.project_id, "jdoe", ["lyon"])
    admin.dags(grouped.emulator.store, grouped.project_id, "jdoe", ["paris", "paris"])
    assert switcher(grouped) == [("jdoe", "paris")]


def test_a_group_that_does_not_exist_names_those_that_do(grouped: Project) -> None:
    with pytest.raises(admin.AdminError, match="lyon, paris"):
        admin.dags(grouped.emulator.store, grouped.project_id, "jdoe", ["rome"])
    assert switcher(grouped) == []


def test_only_a_user_of_the_project_may_switch_groups(grouped: Project) -> None:
    with pytest.raises(admin.AdminError, match="akim"):
        admin.dags(grouped.emulator.store, grouped.project_id, "akim", ["lyon"])


def test_a_report_gets_an_id_of_its_own(project: Project) -> None:
    store = project.emulator.store
    ids = [admin.report(store, project.project_id, "All", ["record_id"]) for _ in range(2)]
    assert ids == [1, 2]


def test_a_report_may_show_a_form_status(project: Project) -> None:
    fields = ["record_id", "form_1_complete"]
    assert admin.report(project.emulator.store, project.project_id, "All", fields) == 1


def test_a_report_of_a_field_that_does_not_exist_is_refused(project: Project) -> None:
    with pytest.raises(admin.AdminError, match="weight"):
        admin.report(project.emulator.store, project.project_id, "All", ["weight"])


def test_leaving_production_for_development_blanks_the_production_time(project: Project) -> None:
    project.status("production")
    project.status("development")
    found = project.rows("project")
    assert (found["in_production"], found["production_time"]) == (0, "")


def test_a_status_that_does_not_exist_is_refused(project: Project) -> None:
    with pytest.raises(admin.AdminError, match="analysis"):
        project.status("completed")


def test_commands_name_a_project_that_does_not_exist(emulator: Emulator) -> None:
    store, server = emulator.store, emulator.server
    for command in (
        lambda: admin.token(store, server, 9, "jdoe"),
        lambda: admin.dags(store, 9, "jdoe", ["lyon"]),
        lambda: admin.report(store, 9, "All", ["record_id"]),
        lambda: admin.status(store, server, 9, "production"),
        lambda: admin.randomization(store, server, 9, enabled=True),
        lambda: admin.lock(store, 9, "1", "", "form_1"),
        lambda: admin.unlock(store, 9, "1", "", "form_1"),
        lambda: admin.note(store, 9, "alert", "High", "[weight]"),
        lambda: admin.log(store, 9),
        lambda: admin.dump(store, 9),
    ):
        with pytest.raises(admin.AdminError, match="no project 9"):
            command()


def test_the_log_is_newest_first(project: Project) -> None:
    project.rows("instrument")
    project.rows("project")
    entries = admin.log(project.emulator.store, project.project_id)
    assert [entry.details for entry in entries] == [
        "Export project information (API)",
        "Export instruments (API)",
    ]


def test_a_dump_holds_the_design_and_the_people(project: Project) -> None:
    state = json.loads(admin.dump(project.emulator.store, project.project_id))
    assert state["projects"][0]["settings"]["project_title"] == "A study"
    assert [row["field_name"] for row in state["fields"]] == ["record_id"]
    assert state["users"][0]["rights"]["design"] == 1


def test_a_dump_holds_files_as_base64(project: Project) -> None:
    with project.emulator.store.transaction() as db:
        db.execute(
            "INSERT INTO files (project_id, name, mime_type, content) VALUES (?, 'a', 'b', ?)",
            (project.project_id, b"\x00\xff"),
        )
    state = json.loads(admin.dump(project.emulator.store, project.project_id))
    assert state["files"][0]["content"] == "AP8="


def test_a_dump_holds_no_token(project: Project) -> None:
    text = admin.dump(project.emulator.store, project.project_id)
    assert project.token not in text
    assert project.emulator.super_token not in text


def test_a_dump_holds_nothing_of_another_project(project: Project) -> None:
    new_project(project.emulator, title="Another study")
    assert "Another study" not in admin.dump(project.emulator.store, project.project_id)


def test_two_dumps_of_the_same_state_are_equal(project: Project) -> None:
    store = project.emulator.store
    assert admin.dump(store, project.project_id) == admin.dump(store, project.project_id)


def test_a_database_remembers_the_version_it_is_served_as(
    make_emulator: MakeEmulator, tmp_path: Path
) -> None:
    make_emulator("15.5.0", path=tmp_path / "study.db")
    store = Store(tmp_path / "study.db")
    assert admin.remembered(store).version == Version(15, 5, 0)
    store.close()


def test_a_database_remembers_the_switches_it_is_served_with(
    make_emulator: MakeEmulator, tmp_path: Path
) -> None:
    make_emulator(path=tmp_path / "study.db", auto_approval="nocritical", event_rename="keep")
    store = Store(tmp_path / "study.db")
    settings = admin.remembered(store)
    assert (settings.switch("auto_approval"), settings.switch("event_rename")) == (
        "nocritical",
        "keep",
    )
    store.close()


def test_a_remembered_switch_that_is_no_more_is_an_error(
    make_emulator: MakeEmulator, tmp_path: Path
) -> None:
    make_emulator(path=tmp_path / "study.db")
    store = Store(tmp_path / "study.db")
    with store.transaction() as db:
        db.execute("UPDATE server SET value = '[[\"old\", \"x\"]]' WHERE name = 'switches'")
    with pytest.raises(admin.AdminError, match="serve the database again"):
        admin.remembered(store)
    store.close()


@pytest.mark.parametrize("enabled", [True, False])
def test_randomization_is_switched_as_the_page_does(project: Project, enabled: bool) -> None:
    store, server = project.emulator.store, project.emulator.server
    admin.randomization(store, server, project.project_id, enabled=enabled, username="jdoe")
    assert project.rows("project")["randomization_enabled"] == int(enabled)
    entry = admin.log(store, project.project_id)[1]
    assert (entry.username, entry.details) == ("jdoe", "Modify project settings")


def test_a_database_that_was_never_served_is_of_the_default_version() -> None:
    store = Store()
    assert admin.remembered(store) == Settings()
    store.close()
