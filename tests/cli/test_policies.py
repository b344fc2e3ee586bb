"""Policies at the command line: they show in a plan and stop an apply, with file and line."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli.tool import Tool, study
from tests.emulator.served import Project
from tests.manifest.committing import commit, git

DESIGN = """\
version: 1
rules:
  - {rule: design_only, allow: [nobody_here], why: The service desk sets projects up.}
"""
WIDENING = """\
users:
  jdoe:
    rights: {design: true, user_rights: full, data_access_groups: true, logging: true,
             api_export: true, api_import: true, record_delete: true}
    instruments: {"*": edit}
    export: {"*": full}
environments:"""
APPROVED = "version: 1\nrules:\n  - rule: approver_is_not_author\n"


@pytest.fixture
def ready(tool: Tool, project: Project) -> Tool:
    tool.write(study(project))
    return tool.having(STUDY_TOKEN=project.token)


def outside(tool: Tool, text: str) -> Tool:
    path = tool.home / "site-policy.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return tool.having(REDCAP_IAC_POLICY=str(path))


def test_a_plan_shows_what_breaks_a_policy_and_says_where_it_stands(ready: Tool) -> None:
    ready.write(DESIGN, "policy.yaml")
    said = ready.run("plan")
    assert said.code == 0
    assert "STOPPED" in said.out
    assert "P107 Policy design_only (policy.yaml:3): jdoe would hold" in said.out
    assert "The service desk sets projects up." in said.out


def test_an_apply_is_stopped_with_code_and_place(ready: Tool) -> None:
    said = outside(ready, DESIGN).run("apply", "--auto-approve")
    assert said.code == 3
    assert "P107 Policy design_only (site-policy.yaml:3): jdoe would hold" in said.err
    assert "Nothing was written." in said.err


def test_advice_does_not_stop(ready: Tool) -> None:
    ready.write(DESIGN.replace("{rule", "{strength: advise, rule"), "policy.yaml")
    said = ready.run("plan")
    assert "warning P107" in said.out
    assert "STOPPED" not in said.out


def test_a_project_cannot_loosen_what_is_outside(ready: Tool) -> None:
    tool = outside(ready, DESIGN)
    tool.write(
        DESIGN.replace("nobody_here", "jdoe")
        + "waivers:\n  - {rule: P107, names: [jdoe], who: me, why: x, until: 2099-01-01}\n",
        "policy.yaml",
    )
    assert tool.run("apply", "--auto-approve").code == 3


def test_a_policy_that_cannot_be_read_stops_a_plan(ready: Tool, tmp_path: Path) -> None:
    said = ready.having(REDCAP_IAC_POLICY=str(tmp_path / "none.yaml")).run("plan")
    assert said.code == 3
    assert "cannot be read" in said.err


def test_a_policy_that_is_wrong_is_told_with_its_place(ready: Tool) -> None:
    ready.write("version: 1\nrules:\n  - rule: design_onyl\n", "policy.yaml")
    said = ready.run("plan")
    assert said.code == 1
    assert "policy.yaml:3:11" in said.err
    assert "design_only" in said.err


def environments(*, author: str = "", approver: str = "", **more: str) -> dict[str, str]:
    names = {"REDCAP_IAC_AUTHOR": author, "REDCAP_IAC_APPROVER": approver, **more}
    return {name: value for name, value in names.items() if value}


@pytest.mark.parametrize(
    ("environ", "stopped"),
    [
        (environments(), True),
        (environments(author="ada", approver="ben"), False),
        (environments(author="ada", approver="Ada"), True),
        (environments(CI_COMMIT_AUTHOR="Ada Boyd <ada@example.org>",
                      GITLAB_USER_LOGIN="ben", GITLAB_USER_EMAIL="ben@example.org"), False),
        (environments(CI_COMMIT_AUTHOR="Ada Boyd <ada@example.org>",
                      GITLAB_USER_LOGIN="ada", GITLAB_USER_EMAIL="Ada@example.org"), True),
        (environments(author="ada", GITHUB_TRIGGERING_ACTOR="ben"), False),
        (environments(author="ada", approver="ada,ada@example.org",
                      GITHUB_TRIGGERING_ACTOR="ben"), True),
    ],
)  # fmt: skip
def test_whoever_approves_is_not_the_author(
    ready: Tool, environ: dict[str, str], stopped: bool
) -> None:
    ready.write(APPROVED, "policy.yaml")
    assert ("STOPPED" in ready.having(**environ).run("plan").out) is stopped


def test_the_author_of_the_commit_counts_where_no_variable_says_it(ready: Tool) -> None:
    ready.write(APPROVED, "policy.yaml")
    git(ready.folder, "init", "--quiet")
    commit(ready.folder, "first")
    path = {"PATH": os.environ.get("PATH", "")}
    by_another = ready.having(**path, REDCAP_IAC_APPROVER="Ben <ben@example.org>").run("plan")
    assert "P105" not in by_another.out
    by_author = ready.having(**path, REDCAP_IAC_APPROVER="test@example.org").run("plan")
    assert "whoever wrote the change approved it" in by_author.out


def test_a_durable_folder_may_be_asked_for(ready: Tool, tmp_path: Path) -> None:
    ready.write("version: 1\nrules:\n  - rule: require_state_dir\n", "policy.yaml")
    assert "P111" in ready.run("plan").out
    kept = ready.having(REDCAP_IAC_STATE_DIR=str(tmp_path / "state"))
    assert "P111" not in kept.run("plan").out


GUARDED = "version: 1\nrules:\n  - rule: guards_not_loosened\n"


@pytest.fixture
def guarded(ready: Tool) -> Tool:
    """A study whose commit protects the date of birth, under a policy outside that keeps it so."""
    ready.edit("    data: test\n", "    data: test\n    protect: {fields: [dob]}\n")
    git(ready.folder, "init", "--quiet")
    commit(ready.folder, "first")
    return outside(ready, GUARDED)


def test_a_guard_cannot_be_taken_off_in_the_change_that_needs_it_off(guarded: Tool) -> None:
    guarded.edit("    protect: {fields: [dob]}\n", "")
    said = guarded.run("plan", "--base", "HEAD")
    assert "P116" in said.out
    assert "dob is no longer under `protect: fields` (since HEAD" in " ".join(said.out.split())
    assert guarded.run("apply", "--base", "HEAD", "--auto-approve").code == 3


def test_guards_that_stand_are_no_matter(guarded: Tool) -> None:
    assert "P116" not in guarded.run("plan", "--base", "HEAD").out


def test_without_a_base_nobody_can_tell(guarded: Tool) -> None:
    assert "P116" in guarded.run("plan").out


def test_what_nobody_may_accept_stops_whatever_is_accepted(ready: Tool) -> None:
    ready.edit("environments:", WIDENING)
    word = ("apply", "--auto-approve", "--accept", "H122:user/jdoe")
    ready.write("version: 1\nrules:\n  - {rule: no_acceptance_of, codes: [H122]}\n", "policy.yaml")
    said = ready.run(*word)
    assert said.code == 3
    assert "no_acceptance_of (policy.yaml:3) lets nobody accept it" in said.all
    ready.write("version: 1\nrules: []\n", "policy.yaml")
    said = ready.run(*word)
    assert said.code == 0, said.all


def test_the_schema_of_a_policy_is_printed(tool: Tool) -> None:
    said = tool.run("schema", "policy")
    assert said.code == 0
    assert "users_expire_within" in said.out
