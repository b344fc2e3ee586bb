from __future__ import annotations

import json
import re

from tests.cli.tool import Tool
from tests.emulator.served import Project


def row(out: str, section: str) -> str:
    (found,) = re.findall(rf"^{section} .*$", out, re.MULTILINE)
    return " ".join(found.split())


def test_all_is_well(tool: Tool) -> None:
    said = tool.run("doctor")
    assert said.code == 0
    assert "problem" not in said.out
    assert "ok       server       REDCap 16.1.3\n" in said.out
    assert 'ok       project      1 "A study", development\n' in said.out
    assert "ok       user         jdoe\n" in said.out
    assert row(said.out, "fields") == "fields managed yes yes"
    assert row(said.out, "roles") == "roles – yes yes"


def test_doctor_changes_nothing(tool: Tool, project: Project) -> None:
    before = project.rows("metadata")
    tool.run("doctor")
    assert project.rows("metadata") == before


def test_what_a_token_may_not_do_is_told(tool: Tool, project: Project) -> None:
    granted = {"username": "reader", "api_export": 1, "user_rights": 2, "data_access_groups": 1}
    project.post("user", action="import", data=json.dumps([granted]))
    tool.edit("    user: jdoe\n", "    user: reader\n")
    said = tool.having(STUDY_TOKEN=project.of("reader").token).run("doctor")
    assert said.code == 0
    assert row(said.out, "fields") == (
        "fields managed yes no: needs API Import/Update and Project Design and Setup"
    )


def test_a_managed_section_that_cannot_be_read_is_a_problem(tool: Tool, project: Project) -> None:
    granted = {"username": "reader", "api_export": 1, "design": 1}
    project.post("user", action="import", data=json.dumps([granted]))
    tool.edit("environments:", "roles: {}\nenvironments:")
    tool.edit("    user: jdoe\n", "    user: reader\n")
    said = tool.having(STUDY_TOKEN=project.of("reader").token).run("doctor")
    assert said.code == 6
    assert re.search(r"^problem  roles +cannot be read", said.out, re.MULTILINE)
    assert "ask for User Rights" in said.out
    assert row(said.out, "roles").startswith("roles managed no ")


def test_production_takes_no_design(tool: Tool, project: Project) -> None:
    project.status("production")
    said = tool.run("doctor")
    assert "no: the project's status is production" in row(said.out, "fields")
    assert row(said.out, "roles") == "roles – yes yes"


def test_a_user_who_is_not_in_the_project_is_a_problem(tool: Tool) -> None:
    tool.edit("    user: jdoe\n", "    user: akim\n")
    said = tool.run("doctor")
    assert said.code == 6
    assert "akim is not among the project's users" in said.out


def test_a_token_nobody_can_place_gets_advice(tool: Tool, project: Project) -> None:
    project.of("akim")
    tool.edit("    user: jdoe\n", "")
    project.emulator.faults.order("error=403@log/export")
    said = tool.run("doctor")
    assert "whose token it is cannot be seen" in said.out
    assert "REDCAP_IAC_USER" in said.out
    assert "unknown: the rights of the token's user cannot be seen" in row(said.out, "users")


def test_a_missing_token_ends_the_examination(tool: Tool) -> None:
    said = tool.having(STUDY_TOKEN="").run("doctor")
    assert said.code == 6
    assert "problem  token        The variable STUDY_TOKEN" in said.out
    assert "connection" not in said.out


def test_a_wrong_token_is_told(tool: Tool) -> None:
    said = tool.having(STUDY_TOKEN="0" * 32).run("doctor")
    assert said.code == 6
    assert "problem  connection   REDCap at 127.0.0.1 does not accept the token" in said.out


def test_a_host_nobody_trusts_is_told(tool: Tool, project: Project) -> None:
    tool.edit(project.emulator.url, "https://redcap.example.org/api/")
    said = tool.run("doctor")
    assert said.code == 6
    assert "problem  trust        No token is sent to redcap.example.org" in said.out


def test_an_environment_that_is_not_there_is_told(tool: Tool) -> None:
    said = tool.run("--env", "dex", "doctor")
    assert said.code == 6
    assert "problem  environment  There is no environment dex." in said.out


def test_without_a_folder_the_variables_are_examined(bare: Tool, project: Project) -> None:
    said = bare.having(REDCAP_API_URL=project.emulator.url, REDCAP_API_TOKEN=project.token).run(
        "doctor"
    )
    assert said.code == 0
    assert f"REDCAP_API_URL: {project.emulator.url}" in said.out
    assert row(said.out, "fields") == "fields – yes yes"
