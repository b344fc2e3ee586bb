"""Variables on two projects: each environment has its own texts, and nothing is left to do."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from redcap_iac.manifest.quoting import double_quoted
from tests.cli.tool import Tool
from tests.emulator.served import Project, new_project
from tests.lint.invented import install
from tests.manifest.committing import commit, git

FORM = """\
instrument: form_1
fields:
  record_id: {type: text, label: "Study ID of ${site}"}   # as on the label
  seen: {type: radio, label: "Seen?", choices: {1: "In ${site}", 2: "$${site}"}}
"""


def study(dev: Project, prod: Project, *, values: str = "{site: Boston}") -> str:
    return f"""\
version: 1
project: {{title: "Sleep in ${{site}}", purpose: research}}   # ours
dags: ["${{site}} A"]
instruments: [form.yaml]
variables: {values}
environments:
  dev:
    url: {dev.emulator.url}
    token: env:DEV_TOKEN
    project_id: {dev.project_id}
    data: test
    default: true
  prod:
    url: {prod.emulator.url}
    token: env:PROD_TOKEN
    project_id: {prod.project_id}
    data: test
    variables: {{site: Lyon}}
"""


@pytest.fixture
def other(project: Project) -> Project:
    return new_project(project.emulator, "Another")


@pytest.fixture
def both(bare: Tool, project: Project, other: Project) -> Tool:
    """A folder for two projects."""
    bare.write(study(project, other))
    bare.write(FORM, "form.yaml")
    return bare.having(DEV_TOKEN=project.token, PROD_TOKEN=other.token)


@pytest.fixture
def applied(both: Tool) -> Tool:
    """The same, applied to both."""
    for name in ("dev", "prod"):
        said = both.run("--env", name, "apply", "--auto-approve", "--allow-delete", "fields")
        assert said.code == 0, said.err
    return both


def label_of(project: Project, field: str = "record_id") -> str:
    (row,) = (row for row in project.rows("metadata") if row["field_name"] == field)
    return str(row["field_label"])


def relabel(project: Project, label: str) -> None:
    rows = project.rows("metadata")
    rows[0]["field_label"] = label
    assert project.post("metadata", data=json.dumps(rows)).status_code == 200


def text_of(tool: Tool, name: str = "form.yaml") -> str:
    return (tool.folder / name).read_text(encoding="utf-8")


def test_each_environment_has_its_own_texts_and_nothing_is_left(
    applied: Tool, project: Project, other: Project
) -> None:
    found = {
        one: (one_project.rows("project")["project_title"], label_of(one_project),
              one_project.rows("metadata")[1]["select_choices_or_calculations"],
              one_project.rows("dag")[0]["data_access_group_name"])
        for one, one_project in (("dev", project), ("prod", other))
    }  # fmt: skip
    assert found == {
        "dev": ("Sleep in Boston", "Study ID of Boston", "1, In Boston | 2, ${site}", "Boston A"),
        "prod": ("Sleep in Lyon", "Study ID of Lyon", "1, In Lyon | 2, ${site}", "Lyon A"),
    }
    for words in ((), ("--env", "dev"), ("--env", "prod")):
        assert applied.run(*words, "plan", "--detailed-exitcode").code == 0
    assert applied.having(REDCAP_IAC_ENV="prod").run("plan", "--detailed-exitcode").code == 0


@pytest.mark.parametrize(
    "value", ["$5 {a} ${b} $${c}", "'q' \"d\" `b`", "- a: b # c, [d] {e} &f *g !h | > %i",
              "two\nlines", "x" * 10_000, "<b>Bold</b> & ünï✓"],
)  # fmt: skip
def test_any_text_arrives_as_it_is(
    bare: Tool, project: Project, other: Project, value: str
) -> None:
    typed = double_quoted(value.replace("${", "$${"))
    bare.write(study(project, other, values=f"{{site: A, word: {typed}}}"))
    bare.write(FORM.replace('label: "Seen?"', 'label: "<${word}>"'), "form.yaml")
    tool = bare.having(DEV_TOKEN=project.token)
    assert tool.run("apply", "--auto-approve", "--allow-delete", "fields").code == 0
    assert label_of(project, "seen") == f"<{value}>"
    assert tool.run("plan", "--detailed-exitcode").code == 0


def test_what_was_applied_from_a_commit_is_told_from_ones_own(
    applied: Tool, other: Project
) -> None:
    tool = committed(applied)
    tool.edit('"Seen?"', '"Seen today?"', "form.yaml")
    said = tool.run("--env", "prod", "plan", "--base", "HEAD")
    assert "Seen today?" in said.out
    assert "Nothing here undoes an outside change" in " ".join(said.out.split())


def test_a_saved_plan_is_applied_with_the_texts_of_its_environment(
    both: Tool, other: Project
) -> None:
    assert both.run("--env", "prod", "plan", "--out", "plan.json").code == 0
    said = both.run("apply", "plan.json", "--allow-delete", "fields")
    assert said.code == 0, said.err
    assert label_of(other) == "Study ID of Lyon"


def test_a_text_of_the_environment_that_changed_makes_a_plan_stale(both: Tool) -> None:
    assert both.run("--env", "prod", "plan", "--out", "plan.json").code == 0
    both.edit("{site: Lyon}", "{site: Nice}")
    said = both.run("apply", "plan.json", "--allow-delete", "fields")
    assert said.code == 4
    assert "the manifest's files were changed" in said.err


def test_an_environment_that_is_not_there_is_told_by_every_command(both: Tool) -> None:
    for words in (["lint"], ["validate"], ["graph"], ["plan"], ["test"]):
        said = both.run("--env", "prd", *words)
        assert said.code == 1, words
        assert "There is no environment prd." in said.err
        assert "Did you mean `prod`?" in said.err


# files only


def test_validate_looks_at_every_environment(both: Tool) -> None:
    assert both.run("validate").code == 0
    both.edit("variables: {site: Lyon}", 'variables: {site: "Lyon | 3, x"}')
    both.edit('choices: {1: "In ${site}", 2: "$${site}"}', 'choices: "1, ${site} | 3, B"',
              "form.yaml")  # fmt: skip
    said = both.run("validate")
    assert said.code == 1
    assert "form.yaml:4:" in said.err
    assert "With the variables of prod: " in said.err
    assert both.run("--env", "dev", "validate").code == 0
    named = both.run("--env", "prod", "validate")
    assert named.code == 1
    assert "With the variables" not in named.err
    assert both.run("check").code == 1


def test_what_nothing_defines_is_told_with_what_to_do(both: Tool) -> None:
    both.edit("variables: {site: Boston}\n", "")
    said = both.run("validate")
    assert said.code == 1
    assert "form.yaml:3:34: error M108 There is no variable site for `${site}`." in said.err
    assert "The environment dev does not say what it is, as prod does" in said.err
    assert both.run("--env", "prod", "validate").code == 0


@pytest.mark.parametrize(("name", "site"), [("dev", "Boston"), ("prod", "Lyon")])
def test_pages_and_conversions_have_the_texts_of_the_environment(
    both: Tool, name: str, site: str, tmp_path: Path
) -> None:
    out = tmp_path / f"{name}.csv"
    assert both.run("--env", name, "convert", ".", str(out)).code == 0
    assert f"Study ID of {site}" in out.read_text(encoding="utf-8")
    page = tmp_path / f"{name}.html"
    said = both.run("--env", name, "docs", "--out", str(page))
    assert said.code == 0, said.err
    assert f"Study ID of {site}" in page.read_text(encoding="utf-8")


def test_scenarios_are_played_with_the_texts_of_the_environment(both: Tool) -> None:
    both.edit('label: "Seen?"', 'branching: "[record_id] = \'${site}\'", label: "Seen?"',
              "form.yaml")  # fmt: skip
    both.write("today: 2026-01-15\nscenarios:\n  - name: There\n    given: {record_id: Lyon}\n"
               "    expect: {shown: [seen]}\n", "tests/a.test.yaml")  # fmt: skip
    assert both.run("--env", "prod", "test").code == 0
    assert both.run("--env", "dev", "test").code == 1


def test_a_scenario_knows_no_variables(both: Tool) -> None:
    both.write("today: 2026-01-15\nscenarios:\n  - name: There\n    given: {record_id: '${site}'}\n"
               "    expect: {shown: [seen]}\n", "tests/a.test.yaml")  # fmt: skip
    said = both.run("test")
    assert said.code == 1
    assert "M109 `${` asks for a variable, and this file knows none." in said.all


def test_one_layout_keeps_the_variables(both: Tool) -> None:
    assert both.run("--env", "prod", "fmt").code == 0
    assert '"Study ID of ${site}"' in text_of(both)
    assert '"$${site}"' in text_of(both)


@pytest.mark.parametrize("words", [(), ("--env", "prod")])
def test_a_fix_keeps_the_variables(
    both: Tool, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    install(monkeypatch)
    both.edit('label: "Study ID of ${site}"', 'label: "Study ID of ${site} "', "form.yaml")
    said = both.run(*words, "lint", "--fix", "--auto-approve")
    assert "Fixed 1 finding in 1 file." in said.err
    assert text_of(both) == FORM


# pull


def test_a_pull_of_what_is_equal_changes_nothing(applied: Tool) -> None:
    before = {name: text_of(applied, name) for name in ("form.yaml", "redcap.yaml")}
    for name in ("dev", "prod"):
        said = applied.run("--env", name, "pull", "--section", "project")
        assert "Nothing to pull" in said.out, said.all
    assert {name: text_of(applied, name) for name in before} == before


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_a_pulled_text_keeps_its_variable(applied: Tool, project: Project, other: Project) -> None:
    tool = committed(applied)
    relabel(other, "Number given in Lyon")
    said = tool.run("--env", "prod", "pull")
    assert said.code == 0, said.all
    assert '"Number given in ${site}"}   # as on the label' in text_of(tool)
    assert "written out" not in said.out
    plan = tool.run("plan", "--format", "json").json
    assert "Number given in Boston" in json.dumps(plan)
    assert label_of(project) == "Study ID of Boston"


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_a_variable_that_cannot_be_kept_is_told(applied: Tool, other: Project) -> None:
    tool = committed(applied)
    relabel(other, "Lyonnais number")
    said: Any = tool.run("--env", "prod", "pull", "--format", "json")
    assert said.json["written_out"] == [
        {"file": "form.yaml", "path": ["fields", "record_id", "label"], "variables": ["site"]}
    ]
    assert '"Lyonnais number"}   # as on the label' in text_of(tool)
    subprocess.run(["git", "checkout", "-q", "."], cwd=tool.folder, check=True)
    said = tool.run("--env", "prod", "pull")
    assert "form.yaml: fields / record_id / label is written out, without ${site}" in said.out


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_own_changes_and_those_of_redcap_meet(applied: Tool, other: Project) -> None:
    tool = committed(applied)
    relabel(other, "Number in Lyon")
    tool.edit('"Seen?"', '"Seen at ${site}?"', "form.yaml")
    assert tool.run("--env", "prod", "pull").code == 0
    assert '"Number in ${site}"' in text_of(tool)
    assert '"Seen at ${site}?"' in text_of(tool)


def committed(tool: Tool) -> Tool:
    (tool.folder / ".gitignore").write_text(".redcap-iac/\n")
    git(tool.folder, "init", "-q")
    commit(tool.folder, "work")
    return tool.having(PATH="/usr/local/bin:/usr/bin:/bin", HOME=str(tool.home))
