from __future__ import annotations

from tests.cli.tool import Tool


def test_show_prints_the_plan_as_plan_did(tool: Tool) -> None:
    planned = tool.run("plan", "--out", "plan.json")
    assert tool.run("show", "plan.json").out == planned.out


def test_show_needs_neither_files_nor_token(tool: Tool) -> None:
    tool.run("plan", "--out", "plan.json")
    (tool.folder / "redcap.yaml").unlink()
    assert tool.having(STUDY_TOKEN="").run("show", "plan.json").code == 0


def test_show_as_json_is_the_file(tool: Tool) -> None:
    tool.run("plan", "--out", "plan.json")
    assert tool.run("show", "plan.json", "--format", "json").out == (
        tool.folder / "plan.json"
    ).read_text(encoding="utf-8")


def test_show_lists_the_calls_when_verbose(tool: Tool) -> None:
    tool.run("plan", "--out", "plan.json")
    assert "Calls, in order" in tool.run("-v", "show", "plan.json").out


def test_show_concisely(tool: Tool) -> None:
    tool.run("plan", "--out", "plan.json")
    assert tool.run("show", "plan.json", "--concise").out == tool.run("plan", "--concise").out


def test_show_in_the_other_forms(tool: Tool) -> None:
    planned = tool.run("plan", "--out", "plan.json", "--format", "markdown")
    assert planned.out.startswith("## redcap-iac plan · A study (dev, project 1, development")
    assert tool.run("show", "plan.json", "--format", "markdown").out == planned.out
    page = tool.run("show", "plan.json", "--format", "html").out
    assert page.startswith("<!DOCTYPE html>")
    assert page.endswith("</html>\n")


def test_show_publishes_a_private_plan(tool: Tool) -> None:
    tool.run("plan", "--out", "plan.json")
    made = tool.run("show", "plan.json", "--format", "json", "--publish", "public").json
    assert (made["publish"], made["steps"], made["target"]["user"]) == ("public", [], "")
    assert tool.run("show", "plan.json", "--format", "json").json["publish"] == "private"
