from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.cli.tool import Tool
from tests.emulator.served import Project
from tests.manifest.committing import commit, git


@pytest.fixture
def saved(tool: Tool) -> Tool:
    """The tool in a folder with a plan of itself."""
    assert tool.run("plan", "--out", "plan.json").code == 0
    return tool


def refused(tool: Tool, project: Project) -> str:
    """Apply the saved plan; it must be stale, and nothing written. Return what is said."""
    before = project.rows("metadata")
    said = tool.run("apply", "plan.json")
    assert said.code == 4
    assert "Nothing was written." in said.err
    assert project.rows("metadata") == before
    return said.err


def test_a_change_of_the_files_makes_a_plan_stale(saved: Tool, project: Project) -> None:
    saved.edit("title: Sleep", "title: Sleeping")
    assert "the manifest's files were changed" in refused(saved, project)


def test_a_change_of_the_project_makes_a_plan_stale(saved: Tool, project: Project) -> None:
    rows = project.rows("metadata")
    rows[0]["field_label"] = "Number"
    project.post("metadata", action="import", data=json.dumps(rows))
    assert "the live project was changed (fields)" in refused(saved, project)


def test_another_status_makes_a_plan_stale(saved: Tool, project: Project) -> None:
    project.status("production")
    said = refused(saved, project)
    assert "the project's status was development and is production" in said


def altered(tool: Tool, change: Callable[[dict[str, Any]], object]) -> None:
    """Alter the saved plan as another server or version would have made it, digest included."""
    from redcap_iac.plan_json import digest

    path = tool.folder / "plan.json"
    body = json.loads(path.read_text())
    change(body)
    del body["id"]
    path.write_text(json.dumps({"id": digest(body), **body}))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda plan: plan.update(tool="redcap-iac 0.0.1"), "redcap-iac was redcap-iac 0.0.1"),
        (lambda plan: plan["target"].update(version="14.0.0"), "REDCap's version was 14.0.0"),
        (lambda plan: plan["target"].update(project_id="77"), "the project was 77 and is 1"),
        (lambda plan: plan["target"].update(user="akim"), "whose token it is was akim"),
        (lambda plan: plan["steps"].pop(), "it would be made differently now"),
        (lambda plan: plan["fingerprint"].pop("dags"), "the live project was changed (dags)"),
    ],
)
def test_another_version_server_or_project_makes_a_plan_stale(
    saved: Tool, project: Project, change: Callable[[dict[str, Any]], object], words: str
) -> None:
    altered(saved, change)
    assert words in refused(saved, project)


def test_another_environment_than_the_plan_s_makes_it_stale(saved: Tool, project: Project) -> None:
    altered(saved, lambda plan: plan.update(environment="prod"))
    said = saved.run("--env", "dev", "apply", "plan.json")
    assert said.code == 4
    assert "the environment was prod and is dev" in said.err


def test_a_plan_altered_by_hand_is_refused(saved: Tool) -> None:
    saved.edit('"tool": "redcap-iac', '"tool": "redcap-IAC', "plan.json")
    for command in ("show", "apply"):
        said = saved.run(command, "plan.json")
        assert said.code == 1
        assert "altered after it was written" in said.err


@pytest.mark.parametrize("content", ["", "no json", "[]", '{"format_version": "1.0"}', "\udcff"])
def test_a_file_that_is_no_plan_is_refused(tool: Tool, content: str) -> None:
    (tool.folder / "plan.json").write_bytes(content.encode("utf-8", "surrogateescape"))
    said = tool.run("show", "plan.json")
    assert said.code == 1
    assert "not a saved plan" in said.err


def test_a_plan_of_a_later_format_is_refused(saved: Tool) -> None:
    altered(saved, lambda plan: plan.update(format_version="2.0"))
    said = saved.run("show", "plan.json")
    assert said.code == 1
    assert "format version 2.0" in said.err


def test_a_plan_that_is_not_there_is_told(tool: Tool) -> None:
    said = tool.run("show", "plan.json")
    assert said.code == 1
    assert "plan.json cannot be read: No such file or directory." in said.err


def made(tool: Tool, when: str) -> None:
    altered(tool, lambda plan: plan.update(created=when))


def test_a_plan_older_than_a_day_is_stale(saved: Tool, project: Project) -> None:
    made(saved, "2026-03-13T15:09:25Z")
    said = refused(saved, project)
    assert "made 24 hours ago (2026-03-13T15:09:25Z), and may be applied for 24 hours" in said
    assert "plan_max_age" in said


def test_a_plan_of_a_day_may_be_applied(saved: Tool) -> None:
    made(saved, "2026-03-13T15:09:26Z")
    assert saved.run("apply", "plan.json").code == 0


def test_the_environment_says_how_old_a_plan_may_be(tool: Tool, project: Project) -> None:
    tool.edit("    data: test\n", "    data: test\n    plan_max_age: 1\n")
    tool.run("plan", "--out", "plan.json")
    made(tool, "2026-03-14T14:09:25Z")
    assert "may be applied for 1 hour." in refused(tool, project)
    made(tool, "2026-03-14T14:09:26Z")
    assert tool.run("apply", "plan.json").code == 0


def test_a_plan_made_in_the_future_is_not_trusted(saved: Tool, project: Project) -> None:
    made(saved, "2026-03-14T15:20:00Z")
    assert "The plan was made in the future (2026-03-14T15:20:00Z)" in refused(saved, project)


def test_two_clocks_may_differ_a_little(saved: Tool) -> None:
    made(saved, "2026-03-14T15:12:00Z")
    assert saved.run("apply", "plan.json").code == 0


def test_a_plan_is_used_once_even_where_it_would_fit_again(saved: Tool, project: Project) -> None:
    before, title = project.rows("metadata"), project.rows("project")["project_title"]
    assert saved.run("apply", "plan.json").code == 0
    project.post("metadata", action="import", data=json.dumps(before))
    project.post("project_settings", action="import", data=json.dumps([{"project_title": title}]))
    said = refused(saved, project)
    assert "The plan was used: it was carried out from 2026-03-14" in said
    assert "--resume" in said


def test_a_copy_of_a_used_plan_is_used(saved: Tool) -> None:
    saved.write((saved.folder / "plan.json").read_text(encoding="utf-8"), "copy.json")
    assert saved.run("apply", "plan.json").code == 0
    said = saved.run("apply", "copy.json")
    assert said.code == 4
    assert "The plan was used" in said.err


def test_a_plan_that_stopped_before_its_first_call_is_not_used(applied: Tool) -> None:
    applied.edit('      pain: {type: radio, label: Pain, choices: {1: "None", 2: "Some"}}\n', "")
    applied.run("plan", "--out", "plan.json")
    assert applied.run("apply", "plan.json").code == 3
    assert applied.run("apply", "plan.json", "--allow-delete", "fields").code == 0


def test_how_a_command_ended_does_not_make_another_plan(saved: Tool) -> None:
    first = saved.run("plan", "--format", "json").json
    second = saved.run("plan", "--format", "json", "--detailed-exitcode").json
    assert first["id"] == second["id"]
    assert first["exit"] != second["exit"]


def test_a_published_plan_can_be_shown_and_not_applied(tool: Tool, project: Project) -> None:
    said = tool.run("plan", "--out", "plan.json", "--publish", "public")
    assert "Saved as plan.json, to be read: a public plan cannot be applied." in said.err
    assert tool.run("show", "plan.json").out == said.out
    before = project.rows("metadata")
    done = tool.run("apply", "plan.json")
    assert done.code == 1
    assert "This plan was published: it can be read, and not applied." in done.err
    assert project.rows("metadata") == before


def test_a_plan_with_a_base_is_held_against_that_base(applied: Tool, project: Project) -> None:
    git(applied.folder, "init", "--quiet")
    commit(applied.folder, "applied")
    applied.edit("label: Pain", "label: Ache")
    rows = project.rows("metadata")
    rows[1]["field_label"] = "Birthday"
    project.post("metadata", action="import", data=json.dumps(rows))
    applied.run("plan", "--base", "HEAD", "--out", "plan.json")
    said = applied.run("apply", "plan.json")
    assert said.code == 3
    assert '--accept "H142:field/dob"' in said.err
    done = applied.run("apply", "plan.json", "--accept", "H142:field/dob")
    assert done.code == 0, done.all
    assert [row["field_label"] for row in project.rows("metadata")][1:] == ["Date of birth", "Ache"]
