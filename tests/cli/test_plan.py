from __future__ import annotations

import json
import stat
import sys

import pytest

from tests.cli.tool import Tool, study
from tests.emulator.conftest import MakeEmulator
from tests.emulator.served import Project, new_project


def test_plan_shows_what_would_change(tool: Tool) -> None:
    said = tool.run("plan")
    assert said.code == 0
    lines = said.out.splitlines()
    assert lines[0] == (
        "redcap-iac plan · A study (dev, project 1, development, test data) · REDCap 16.1.3"
    )
    assert "  + dob            text, date_ymd, identifier" in lines
    assert "  ~ title          A study → Sleep" in lines


def test_a_plan_writes_nothing(tool: Tool, project: Project) -> None:
    before = project.rows("metadata")
    tool.run("plan")
    assert project.rows("metadata") == before


def test_results_go_to_stdout_and_progress_to_stderr(tool: Tool) -> None:
    said = tool.run("plan")
    assert said.err == "Reading the project at 127.0.0.1 …\n"
    assert "Reading" not in said.out


def test_quiet_leaves_the_result_alone(tool: Tool) -> None:
    said = tool.run("-q", "plan")
    assert said.err == ""
    assert "to add" in said.out


def test_an_empty_plan_says_so(applied: Tool) -> None:
    said = applied.run("plan", "--detailed-exitcode")
    assert said.code == 0
    assert "No changes. The live project matches the manifest.\n" in said.out


def test_the_detailed_exit_code_of_changes_is_2(tool: Tool) -> None:
    assert tool.run("plan", "--detailed-exitcode").code == 2


def test_the_same_plan_is_the_same_bytes(tool: Tool) -> None:
    assert tool.run("plan").out == tool.run("plan").out


def test_verbose_lists_the_calls_in_order(tool: Tool) -> None:
    lines = tool.run("-v", "plan").out.splitlines()
    calls = lines[lines.index("Calls, in order") + 1 :]
    assert calls[0].startswith("  1  metadata import, 3 rows: ")


def test_verbose_shows_all_of_a_new_field(tool: Tool) -> None:
    assert "      label: Date of birth" in tool.run("-v", "plan").out.splitlines()


def test_concise_is_one_line_for_each_object(tool: Tool) -> None:
    assert "  ~ record_id      label" in tool.run("plan", "--concise").out.splitlines()


def test_json_holds_changes_steps_and_exit_code(tool: Tool) -> None:
    made = tool.run("plan", "--format", "json", "--detailed-exitcode")
    assert made.json["exit"] == {"code": 2, "name": "changes", "reason": "changes"}
    assert made.json["changes"][0]["address"] == "field/record_id"
    assert made.json["steps"][0]["call"]["content"] == "metadata"


def test_json_on_stdout_can_be_shown_again(tool: Tool) -> None:
    tool.write(tool.run("plan", "--format", "json", "--detailed-exitcode").out, "plan.json")
    assert tool.run("show", "plan.json").out == tool.run("plan").out


def test_a_saved_plan_is_private(tool: Tool) -> None:
    tool.run("plan", "--out", "plan.json")
    if sys.platform != "win32":
        assert stat.S_IMODE((tool.folder / "plan.json").stat().st_mode) == 0o600


def test_a_saved_plan_replaces_an_older_one(tool: Tool) -> None:
    tool.write("old", "plan.json")
    said = tool.run("plan", "--out", "plan.json")
    assert f"carry it out with: redcap-iac -C {tool.folder} apply plan.json\n" in said.err
    assert json.loads((tool.folder / "plan.json").read_text())["tool"].startswith("redcap-iac ")


def test_a_plan_that_cannot_be_saved_is_an_error(tool: Tool) -> None:
    said = tool.run("plan", "--out", "nowhere/plan.json")
    assert said.code == 1
    assert said.err.endswith("plan.json cannot be written: No such file or directory.\n")


def test_a_plan_that_deletes_says_what_apply_asks_for(applied: Tool) -> None:
    applied.edit('      pain: {type: radio, label: Pain, choices: {1: "None", 2: "Some"}}\n', "")
    lines = applied.run("plan").out.splitlines()
    assert lines[1] == "READY: it deletes, so apply needs --allow-delete fields"
    assert "  - pain" in lines


def test_the_manifest_is_read_before_anything_is_sent(tool: Tool) -> None:
    tool.edit("type: radio", "type: radioo")
    said = tool.having(STUDY_TOKEN="").run("plan")
    assert said.code == 1
    assert "redcap.yaml:10:" in said.err


def test_another_project_behind_the_token_is_refused(tool: Tool, project: Project) -> None:
    other = new_project(project.emulator, "Another one")
    said = tool.having(STUDY_TOKEN=other.token).run("plan")
    assert said.code == 3
    assert 'belongs to project 2 ("Another one"), not to project 1' in said.err


def test_a_host_nobody_trusts_gets_no_token(tool: Tool, project: Project) -> None:
    tool.edit(project.emulator.url, "https://redcap.example.org/api/")
    said = tool.run("plan")
    assert said.code == 6
    assert "No token is sent to redcap.example.org" in said.err
    assert "REDCAP_IAC_HOSTS=redcap.example.org" in said.err


def test_a_person_is_asked_for_trust_and_only_yes_is_yes(tool: Tool, project: Project) -> None:
    tool.edit(project.emulator.url, "https://redcap.example.org/api/")
    said = tool.asking().run("plan", answers="y\n")
    assert "Trust redcap.example.org with your REDCap API tokens?" in said.err
    assert said.code == 6
    assert "nobody has said that this host is trusted" in said.err


def test_a_yes_to_trust_is_remembered(tool: Tool, project: Project) -> None:
    tool.edit(project.emulator.url, "https://redcap.example.org/api/")
    without_token = tool.asking().having(STUDY_TOKEN="")  # nothing is sent
    without_token.run("plan", answers="yes\n")
    again = without_token.run("plan")
    assert "Trust redcap.example.org" not in again.err
    assert "The variable STUDY_TOKEN" in again.err


def test_a_token_the_server_does_not_know_is_told(tool: Tool) -> None:
    said = tool.having(STUDY_TOKEN="0" * 32).run("plan")
    assert said.code == 6
    assert "does not accept the token" in said.err


def test_a_missing_right_names_the_section(tool: Tool, project: Project) -> None:
    granted = {"username": "reader", "api_export": 1, "design": 1}
    project.post("user", action="import", data=json.dumps([granted]))
    tool.edit("environments:", "roles: {}\nenvironments:")
    said = tool.having(STUDY_TOKEN=project.of("reader").token).run("plan")
    assert said.code == 6
    assert "The manifest manages roles, but the token may not read them" in said.err


@pytest.mark.parametrize(
    ("fault", "code", "words"),
    [
        ("html", 6, "answered with a web page"),
        ("error=503", 1, "the server failed with 503"),
        ("rate-limit=1", 6, "answered with a web page"),
        ("redirect=https://elsewhere.example.org/api/", 6, "a token does not follow there"),
        ("cut-before", 6, "the connection failed"),
        ("short-read@metadata/export", 1, "a dictionary without any field"),
        ("short-read@exportFieldNames/export", 1, "Nothing is concluded from this read"),
    ],
)
def test_answers_that_are_no_answers(
    make_emulator: MakeEmulator, bare: Tool, fault: str, code: int, words: str
) -> None:
    project = new_project(make_emulator(faults=[fault]))
    bare.write(study(project))
    said = bare.having(STUDY_TOKEN=project.token).run("plan")
    assert said.code == code
    assert words in said.err
    assert "Traceback" not in said.err


def test_an_address_without_api_gets_advice(tool: Tool, project: Project) -> None:
    tool.edit(project.emulator.url, project.emulator.url.removesuffix("api/"))
    said = tool.run("plan")
    assert said.code == 6
    assert f"{project.emulator.url}" in said.err


def test_errors_stand_in_json_too(tool: Tool) -> None:
    said = tool.having(STUDY_TOKEN="").run("plan", "--format", "json")
    assert said.code == 6
    assert said.json["exit"] == {"code": 6, "name": "access"}
    assert said.json["error"]["kind"] == "AccessError"


def test_findings_of_a_manifest_stand_in_json_too(tool: Tool) -> None:
    tool.edit("type: radio", "type: radioo")
    said = tool.run("plan", "--format", "json")
    assert said.json["exit"] == {"code": 1, "name": "error"}
    assert said.json["findings"][0]["position"]["file"] == "redcap.yaml"


def test_a_status_that_cannot_be_told_stops_a_plan_of_the_dictionary(
    tool: Tool, project: Project
) -> None:
    project.status("analysis")
    said = tool.run("plan")
    assert said.code == 0
    assert said.out.splitlines()[1] == "STOPPED: 1 finding below stands in the way."
    assert "! H140 The project has been in production and is not now" in said.out


def test_in_production_a_plan_tells_its_stages(tool: Tool, project: Project) -> None:
    project.status("production")
    lines = tool.run("plan").out.splitlines()
    assert lines[1] == "READY: 1 call would be made now; then people act, as the stages say."
    stages = lines[lines.index("Stages") + 1 :]
    assert stages[0] == "  1  redcap-iac: what the API takes now"
    assert any(line.startswith("  2  you: ") for line in stages)
    assert any(line.startswith("  3  administrator: ") for line in stages)


def test_without_environments_the_variables_are_the_environment(
    tool: Tool, project: Project
) -> None:
    text = (tool.folder / "redcap.yaml").read_text()
    tool.write(text[: text.index("environments:")])
    said = tool.having(REDCAP_API_URL=project.emulator.url, REDCAP_API_TOKEN=project.token).run(
        "plan"
    )
    assert said.out.startswith("redcap-iac plan · A study (project 1, development)")


def test_an_env_file_is_read_when_asked_for(tool: Tool, project: Project) -> None:
    tool.write(f"STUDY_TOKEN={project.token}\n", ".env")
    bare = tool.having(STUDY_TOKEN="")
    assert bare.run("plan").code == 6
    assert bare.run("--env-file", ".env", "plan").code == 0


def test_a_published_plan_of_people_names_nobody(tool: Tool, project: Project) -> None:
    people = "users:\n  zquser: {rights: {}, instruments: {'*': none}, export: {'*': none}}\n"
    tool.edit("environments:", f"{people}environments:")
    assert "zquser" in tool.run("plan").out
    for form in ("text", "json", "markdown", "html"):
        said = tool.run("-v", "plan", "--publish", "public", "--format", form)
        assert said.code == 0
        assert "zquser" not in said.out
        assert "jdoe" not in said.out


def test_json_says_what_apply_needs(applied: Tool) -> None:
    applied.edit('      pain: {type: radio, label: Pain, choices: {1: "None", 2: "Some"}}\n', "")
    reason = applied.run("plan", "--format", "json").json["exit"]["reason"]
    assert reason == "apply needs --allow-delete fields"


def test_an_unknown_way_of_counting_is_a_usage_error(tool: Tool) -> None:
    assert tool.run("plan", "--impact", "guess").code == 64
