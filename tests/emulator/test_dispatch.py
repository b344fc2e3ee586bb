from __future__ import annotations

import dataclasses
import json
import logging

import pytest

from redcap_iac.emulator import registry
from redcap_iac.emulator.request import Context
from redcap_iac.emulator.wire import Answer
from tests.emulator.conftest import MakeEmulator
from tests.emulator.served import Project, new_project, post

REFUSED = "You do not have permissions to use the API"
UNKNOWN = 'The value of the parameter "content" is not valid'


def give(project: Project, **rights: int) -> None:
    """Set rights of a project's creator, past the API."""
    with project.emulator.store.transaction() as db:
        where = (project.project_id, "jdoe")
        row = db.execute(
            "SELECT rights FROM users WHERE project_id = ? AND username = ?", where
        ).fetchone()
        changed = json.dumps({**json.loads(row["rights"]), **rights})
        db.execute(
            "UPDATE users SET rights = ? WHERE project_id = ? AND username = ?", (changed, *where)
        )


@pytest.mark.parametrize(
    ("formats", "body", "kind"),
    [
        ({"format": "json"}, '{"error":"%s"}', "application/json"),
        ({"format": "csv"}, "ERROR: %s", "text/csv"),
        (
            {},
            '<?xml version="1.0" encoding="UTF-8" ?><hash><error>%s</error></hash>',
            "text/xml",
        ),
        ({"format": "json", "returnFormat": "csv"}, "ERROR: %s", "text/csv"),
        ({"format": "csv", "returnFormat": "json"}, '{"error":"%s"}', "application/json"),
        ({"returnFormat": "json"}, '{"error":"%s"}', "application/json"),
    ],
)
def test_a_refusal_comes_in_the_asked_envelope(
    project: Project, formats: dict[str, str], body: str, kind: str
) -> None:
    response = post(project.emulator, {"token": "F" * 32, "content": "version", **formats})
    assert response.text == body % REFUSED
    assert response.headers["Content-Type"].startswith(kind)


@pytest.mark.parametrize("token", ["F" * 32, "", "short", "F" * 33, "F" * 64])
def test_a_token_that_is_not_known_is_refused(project: Project, token: str) -> None:
    response = post(project.emulator, {"token": token, "content": "version", "format": "csv"})
    assert (response.status_code, response.text) == (403, f"ERROR: {REFUSED}")


def test_a_token_with_more_digits_is_not_cut_to_its_length(project: Project) -> None:
    parameters = {"token": project.token + "A", "content": "version"}
    assert post(project.emulator, parameters).status_code == 403


def test_a_call_without_a_token_is_refused(project: Project) -> None:
    response = post(project.emulator, {"content": "version", "format": "json"})
    assert (response.status_code, response.json()) == (403, {"error": REFUSED})


def test_a_token_in_small_letters_is_the_same_token(project: Project) -> None:
    parameters = {"token": project.token.lower(), "content": "version"}
    assert post(project.emulator, parameters).status_code == 200


@pytest.mark.parametrize("content", ["nothing", "", "Metadata"])
def test_a_content_that_does_not_exist_is_refused(project: Project, content: str) -> None:
    response = project.post(content)
    assert (response.status_code, response.json()) == (400, {"error": UNKNOWN})


def test_an_action_that_a_content_does_not_have_is_not_implemented(project: Project) -> None:
    response = project.post("instrument", "delete")
    assert (response.status_code, response.json()) == (
        501,
        {"error": "The requested method is not implemented."},
    )


def test_settings_without_data_are_refused(project: Project) -> None:
    assert project.post("project_settings").status_code == 400


def test_an_action_named_export_is_the_export(project: Project) -> None:
    assert project.post("instrument", "export").json() == project.rows("instrument")


def test_a_format_that_does_not_exist_is_refused(project: Project) -> None:
    response = project.post("instrument", format="yaml")
    assert response.status_code == 400
    assert "format" in response.text


def test_without_a_format_the_answer_is_xml(project: Project) -> None:
    response = post(project.emulator, {"token": project.token, "content": "instrument"})
    assert response.text.startswith('<?xml version="1.0" encoding="UTF-8" ?>')


def test_without_the_export_right_an_export_is_refused(project: Project) -> None:
    give(project, api_export=0, api_import=0)
    response = project.post("instrument")
    assert (response.status_code, response.json()) == (403, {"error": REFUSED})


def test_without_the_import_right_an_import_is_refused(project: Project) -> None:
    give(project, api_import=0)
    response = project.post("project_settings", data='[{"project_notes":"x"}]')
    assert (response.status_code, response.json()) == (
        403,
        {"error": "You do not have API Import/Update privileges"},
    )


def test_without_the_design_right_an_import_of_design_is_refused(project: Project) -> None:
    give(project, design=0)
    response = project.post("project_settings", data='[{"project_notes":"x"}]')
    assert response.status_code == 400
    assert "'Project Design and Setup' privileges" in response.text


def test_the_dictionary_answers_a_page_to_a_token_that_may_only_import(project: Project) -> None:
    give(project, api_export=0)
    response = project.post("metadata")
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("text/html")
    assert "<html" in response.text


def test_the_dictionary_refuses_a_token_that_may_neither_import_nor_export(
    project: Project,
) -> None:
    give(project, api_export=0, api_import=0)
    assert project.post("metadata").status_code == 403


@pytest.mark.parametrize("content", ["metadata", "instrument", "arm", "user", "project_xml"])
def test_a_super_token_is_refused_by_methods_of_a_project(project: Project, content: str) -> None:
    parameters = {"token": project.emulator.super_token, "content": content, "format": "csv"}
    response = post(project.emulator, parameters)
    assert (response.status_code, response.text) == (403, f"ERROR: {REFUSED}")


def test_a_project_token_creates_no_project(project: Project) -> None:
    response = project.post("project", "create", data='[{"project_title":"B","purpose":"0"}]')
    assert response.status_code == 403


def test_somebody_taken_out_of_the_project_is_refused(project: Project) -> None:
    with project.emulator.store.transaction() as db:
        db.execute("DELETE FROM users WHERE username = 'jdoe'")
    assert project.post("version").status_code == 403


@pytest.mark.parametrize(
    ("expiration", "status"),
    [("2026-03-13", 403), ("2026-03-14", 403), ("2026-03-15", 200), ("", 200)],
)
def test_a_user_is_refused_from_the_day_of_expiration(
    project: Project, expiration: str, status: int
) -> None:
    with project.emulator.store.transaction() as db:
        db.execute("UPDATE users SET expiration = ? WHERE username = 'jdoe'", (expiration,))
    assert project.post("version").status_code == status


SETTINGS = '[{"project_notes":"x"}]'


def test_in_analysis_status_the_design_is_not_writable(project: Project) -> None:
    project.status("analysis")
    response = project.post("project_settings", data=SETTINGS)
    assert response.status_code == 400
    assert "analysis" in response.text


def test_in_analysis_status_records_are_not_writable(project: Project) -> None:
    project.status("analysis")
    response = project.post("record", "import", data='[{"record_id":"1"}]')
    assert response.status_code == 400
    assert "analysis" in response.text


def test_in_analysis_status_people_are_still_managed(project: Project) -> None:
    project.status("analysis")
    assert project.post("user", data='[{"username":"akim"}]').json() == 1


def test_in_analysis_status_exports_are_answered(project: Project) -> None:
    project.status("analysis")
    assert project.post("instrument").status_code == 200


def test_in_production_settings_are_writable(project: Project) -> None:
    project.status("production")
    assert project.post("project_settings", data=SETTINGS).json() == 1


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make Export Version write something and then fail on a value."""

    def write_and_fail(context: Context) -> Answer:
        context.db.execute("UPDATE projects SET status = 'production'")
        raise RuntimeError(context.request.text("record"))

    key = ("version", "export")
    method = dataclasses.replace(registry._METHODS[key], handler=write_and_fail)
    monkeypatch.setitem(registry._METHODS, key, method)


@pytest.mark.usefixtures("broken")
def test_a_crash_answers_500_with_plain_text(project: Project) -> None:
    response = project.post("version")
    assert (response.status_code, response.text) == (
        500,
        "The server could not answer the request.",
    )


@pytest.mark.usefixtures("broken")
def test_a_crash_leaves_nothing_written(project: Project) -> None:
    project.post("version")
    assert project.rows("project")["in_production"] == 0


@pytest.mark.usefixtures("broken")
def test_a_crash_is_logged_by_place_without_its_values(
    project: Project, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        project.post("version", record="secret value")
    assert "write_and_fail" in caplog.text
    assert "secret value" not in caplog.text


def test_a_refused_import_leaves_no_log_entry(make_emulator: MakeEmulator) -> None:
    project = new_project(make_emulator())
    project.post("project_settings", data="{")
    assert [row for row in project.rows("log") if "Import" in row["details"]] == []
