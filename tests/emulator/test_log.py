from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from redcap_iac.emulator import log
from redcap_iac.emulator.request import Caller, Context, Request
from redcap_iac.emulator.server import Emulator
from tests.emulator.conftest import NOW
from tests.emulator.served import Project, new_project

SETTINGS = '[{"project_notes":"x"}]'


class Watch:
    """A clock that a test winds."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def wound(watch: Watch) -> Iterator[Project]:
    """A project of an emulator whose clock the test winds."""
    with Emulator(clock=watch) as emulator:
        yield new_project(emulator)


def enter(project: Project, details: str, *, logtype: str, **more: object) -> None:
    """Write an entry past the API, as a resource does."""
    with project.emulator.store.transaction() as db:
        caller = Caller(
            username=str(more.get("user", "jdoe")),
            project_id=project.project_id,
            administrator=False,
            dag_id=None,
            rights={},
            forms={},
            forms_export={},
        )
        context = Context(Request({}, {}), db, project.emulator.server, caller)
        record = str(more.get("record", ""))
        dag = more.get("dag")
        log.write(
            context,
            "Test",
            details,
            logtype=logtype,
            record=record,
            dag_id=dag if isinstance(dag, int) else None,
        )


def details(project: Project, **filters: object) -> list[str]:
    return [row["details"] for row in project.rows("log", **filters)]


def test_an_entry_has_five_columns(project: Project) -> None:
    project.post("project_settings", data=SETTINGS)
    assert project.rows("log") == [
        {
            "timestamp": "2026-03-14 15:09",
            "username": "jdoe",
            "action": "Manage/Design ",
            "details": "Import project information (API)",
            "record": "",
        }
    ]


def test_the_newest_entry_is_first(project: Project) -> None:
    project.rows("instrument")
    project.rows("project")
    assert details(project) == [
        "Export project information (API)",
        "Export instruments (API)",
    ]


def test_exporting_the_log_is_logged(project: Project) -> None:
    project.rows("log")
    assert details(project) == ["Export Logging (API)"]


def test_csv_has_the_same_columns(project: Project) -> None:
    project.rows("instrument")
    assert project.post("log", format="csv").text == (
        "timestamp,username,action,details,record\n"
        '"2026-03-14 15:09",jdoe,"Manage/Design ","Export instruments (API)",\n'
    )


def test_the_log_of_another_project_is_not_shown(project: Project) -> None:
    new_project(project.emulator).rows("instrument")
    assert details(project) == []


def test_a_begin_time_is_a_minute_that_counts(wound: Project, watch: Watch) -> None:
    enter(wound, "early", logtype="manage")
    watch.now += timedelta(minutes=1)
    enter(wound, "late", logtype="manage")
    assert details(wound, beginTime="2026-03-14 15:10") == ["late"]


def test_an_end_time_is_a_minute_that_counts(wound: Project, watch: Watch) -> None:
    enter(wound, "early", logtype="manage")
    watch.now += timedelta(minutes=1)
    enter(wound, "late", logtype="manage")
    assert details(wound, endTime="2026-03-14 15:09") == ["early"]


def test_seconds_of_a_moment_are_cut_off(project: Project) -> None:
    enter(project, "entry", logtype="manage")
    assert details(project, beginTime="2026-03-14 15:09:59") == ["entry"]


@pytest.mark.parametrize("moment", ["14.03.2027", "tomorrow", "2027-03-14"])
def test_a_moment_in_another_format_is_ignored(project: Project, moment: str) -> None:
    enter(project, "entry", logtype="manage")
    assert details(project, beginTime=moment) == ["entry"]


def test_a_kind_chooses_its_entries(project: Project) -> None:
    for kind in log.LOGTYPES:
        enter(project, kind, logtype=kind)
    kinds = [kind for kind in log.LOGTYPES if kind != "record"]
    assert {kind: details(project, logtype=kind)[-1:] for kind in kinds} == {
        kind: [kind] for kind in kinds
    }


def test_the_kind_record_is_all_that_happened_to_records(project: Project) -> None:
    for kind in log.LOGTYPES:
        enter(project, kind, logtype=kind)
    assert set(details(project, logtype="record")) == {
        "record",
        "record_add",
        "record_edit",
        "record_delete",
        "lock_record",
    }


def test_page_views_are_shown_only_when_asked_for(project: Project) -> None:
    enter(project, "a page", logtype="page_view")
    assert (details(project, logtype="page_view"), details(project, logtype="user")) == (
        ["a page"],
        [],
    )
    assert "a page" not in details(project)


def test_a_kind_that_does_not_exist_is_ignored(project: Project) -> None:
    enter(project, "entry", logtype="manage")
    assert details(project, logtype="nothing") == ["entry"]


def test_a_user_chooses_their_entries(project: Project) -> None:
    enter(project, "of jdoe", logtype="manage")
    enter(project, "of akim", logtype="manage", user="akim")
    assert details(project, user="akim") == ["of akim"]


def test_a_record_chooses_its_entries(project: Project) -> None:
    enter(project, "of 1", logtype="record_edit", record="1")
    enter(project, "of 10", logtype="record_edit", record="10")
    assert details(project, record="1") == ["of 1"]


def test_a_group_chooses_by_its_id(project: Project) -> None:
    enter(project, "in", logtype="record_edit", dag=7)
    enter(project, "out", logtype="record_edit", dag=8)
    assert details(project, dag="7") == ["in"]


def test_without_the_logging_right_the_log_is_refused(project: Project) -> None:
    project.post("user", data='[{"username":"akim","api_export":"1"}]')
    response = project.of("akim").post("log")
    assert response.status_code == 400
    assert "'Logging' privileges" in response.text


def test_export_and_logging_rights_are_all_it_takes(project: Project) -> None:
    project.post("user", data='[{"username":"akim","api_export":"1","logging":"1"}]')
    assert project.of("akim").post("log").status_code == 200
