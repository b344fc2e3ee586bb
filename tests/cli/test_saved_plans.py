from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.cli.tool import Tool
from tests.emulator.served import Project


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
    from redcap_iac.plan_json import _digest

    path = tool.folder / "plan.json"
    body = json.loads(path.read_text())
    change(body)
    del body["id"]
    path.write_text(json.dumps({"id": _digest(body), **body}))


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
