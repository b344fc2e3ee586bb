"""`pull` in a folder that has a manifest: what it says, how it ends, what it never overwrites."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.tool import Tool
from tests.emulator.served import Project, new_project

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def git(folder: Path, *words: str) -> None:
    """Run git as somebody without settings."""
    settings = ["-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(
        ["git", *settings, *words], cwd=folder, check=True, capture_output=True,
        env={"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(folder)},
    )  # fmt: skip


def commit(folder: Path) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "work")


@pytest.fixture
def kept(applied: Tool) -> Tool:
    """A study that is applied and committed, with git at hand."""
    (applied.folder / ".gitignore").write_text(".redcap-iac/\n")
    git(applied.folder, "init", "-q")
    commit(applied.folder)
    return applied.having(PATH="/usr/local/bin:/usr/bin:/bin", HOME=str(applied.home))


def manifest_of(tool: Tool) -> str:
    return (tool.folder / "redcap.yaml").read_text(encoding="utf-8")


def relabel(project: Project, name: str, label: str) -> None:
    """Change a label past the manifest."""
    rows = project.rows("metadata")
    next(row for row in rows if row["field_name"] == name)["field_label"] = label
    assert project.post("metadata", data=json.dumps(rows)).status_code == 200


def test_nothing_to_pull(kept: Tool) -> None:
    said = kept.run("pull")
    assert said.code == 0
    assert "Nothing to pull: what REDCap has is in the files." in said.out
    assert "Not managed here, left alone: roles (" not in said.out


def test_what_changed_in_redcap_is_shown_as_a_plan_shows_it(kept: Tool, project: Project) -> None:
    relabel(project, "dob", "Born on")
    said = kept.run("pull")
    assert said.code == 0
    lines = said.out.splitlines()
    assert lines[0] == "redcap-iac pull · Sleep (project 1) · REDCap 16.1.3"
    assert lines[1].startswith("Base: HEAD (")
    assert "form_1" in lines
    assert "  ~ dob            label  Date of birth → Born on" in lines
    assert "Written: redcap.yaml (changed)." in lines
    assert 'label: "Born on"' in manifest_of(kept)


def test_a_dry_run_writes_nothing(kept: Tool, project: Project) -> None:
    relabel(project, "dob", "Born on")
    before = (kept.folder / "redcap.yaml").read_bytes()
    said = kept.run("pull", "--dry-run", "--detailed-exitcode")
    assert said.code == 2
    assert "Would write: redcap.yaml (changed)." in said.out
    assert (kept.folder / "redcap.yaml").read_bytes() == before


def test_a_dry_run_shows_the_lines_that_change(kept: Tool, project: Project) -> None:
    relabel(project, "dob", "Born on")
    lines = kept.run("pull", "--dry-run").out.splitlines()
    assert any(line.startswith("-") and "Date of birth" in line for line in lines)
    assert any(line.startswith("+") and "Born on" in line for line in lines)


def test_own_work_is_counted_and_stays(kept: Tool, project: Project) -> None:
    kept.edit("label: Pain", "label: Pain today")
    relabel(project, "dob", "Born on")
    said = kept.run("pull")
    assert said.code == 0
    assert "1 change of yours waits for `redcap-iac apply`." in said.out
    assert "label: Pain today" in manifest_of(kept)


def test_a_conflict_shows_three_sides_and_leaves_the_file(kept: Tool, project: Project) -> None:
    kept.edit("label: Pain", "label: Pain today")
    relabel(project, "pain", "Pain now")
    said = kept.run("pull")
    assert said.code == 1
    assert "OPEN: 1 conflict. What is named here stays as in the files." in said.out
    assert "! U101 field/pain/label: changed here and in REDCap" in said.out
    for line in ("base    Pain", "files   Pain today", "REDCap  Pain now"):
        assert line in said.out
    assert "label: Pain today" in manifest_of(kept)


def test_what_does_not_conflict_is_written_beside_a_conflict(kept: Tool, project: Project) -> None:
    kept.edit("label: Pain", "label: Pain today")
    relabel(project, "pain", "Pain now")
    relabel(project, "dob", "Born on")
    assert kept.run("pull").code == 1
    assert "Born on" in manifest_of(kept)


def test_json_has_every_decision(kept: Tool, project: Project) -> None:
    kept.edit("label: Pain", "label: Pain today")
    relabel(project, "pain", "Pain now")
    relabel(project, "dob", "Born on")
    said = kept.run("pull", "--format", "json")
    assert [one["address"] for one in said.json["taken"]] == ["field/dob"]
    assert said.json["conflicts"] == [
        {
            "code": "U101",
            "address": "field/pain/label",
            "why": "changed here and in REDCap",
            "base": "Pain",
            "files": "Pain today",
            "live": "Pain now",
        }
    ]
    assert said.json["files"] == {"redcap.yaml": "changed"}
    assert said.json["exit"] == {"code": 1, "name": "error"}


def test_unsaved_work_is_not_overwritten(kept: Tool, project: Project) -> None:
    kept.edit("label: Pain", "label: Pain today")
    relabel(project, "pain", "Pain now")
    said = kept.run("pull", "--prefer", "live")
    assert said.code == 3
    assert "in no commit; nothing was written" in said.err
    assert "Pain today" in manifest_of(kept)


def test_saved_work_may_be_overwritten(kept: Tool, project: Project) -> None:
    kept.edit("label: Pain", "label: Pain today")
    commit(kept.folder)
    relabel(project, "pain", "Pain now")
    assert kept.run("pull", "--base", "HEAD~1", "--take", "live:field/pain").code == 0
    assert "Pain now" in manifest_of(kept)


def test_forced_work_is_kept_aside(kept: Tool, project: Project) -> None:
    kept.edit("label: Pain", "label: Pain today")
    relabel(project, "pain", "Pain now")
    said = kept.run("pull", "--prefer", "live", "--force")
    assert said.code == 0
    old = list((kept.folder / ".redcap-iac/backups").glob("*-files/redcap.yaml"))
    assert len(old) == 1
    assert "Pain today" in old[0].read_text()
    assert "The files as they were: " in said.out


def test_without_git_nothing_tells_whose_a_change_is(applied: Tool, project: Project) -> None:
    relabel(project, "pain", "Pain now")
    said = applied.run("pull")
    assert said.code == 1
    assert "Base: none: the folder is in no git repository" in said.out
    assert "! U103 field/pain/label" in said.out


def test_without_git_the_old_files_are_kept(applied: Tool, project: Project) -> None:
    relabel(project, "pain", "Pain now")
    said = applied.run("pull", "--prefer", "live")
    assert said.code == 0
    assert list((applied.folder / ".redcap-iac/backups").glob("*-files/redcap.yaml"))
    assert "Pain now" in manifest_of(applied)


def test_the_commit_of_the_last_apply_is_the_base(kept: Tool, project: Project) -> None:
    kept.edit("label: Pain", "label: Pain today")
    commit(kept.folder)
    assert kept.run("apply", "--auto-approve").code == 0
    kept.edit("label: Pain today", "label: Pain this week")
    commit(kept.folder)
    relabel(project, "dob", "Born on")
    said = kept.run("pull")
    assert said.code == 0, said.all
    assert "the commit of the last apply from here" in said.out
    assert "Pain this week" in manifest_of(kept)
    assert "Born on" in manifest_of(kept)


def rename(project: Project, old: str, new: str) -> None:
    rows = project.rows("metadata")
    next(row for row in rows if row["field_name"] == old)["field_name"] = new
    assert project.post("metadata", data=json.dumps(rows)).status_code == 200


def test_a_rename_is_proposed_with_how_to_accept_it(kept: Tool, project: Project) -> None:
    rename(project, "dob", "birth_date")
    before = manifest_of(kept)
    said = kept.run("pull")
    assert said.code == 3
    assert "! U106 field/dob is gone in REDCap, and field/birth_date looks like it." in said.out
    assert '--accept-rename "birth_date=dob"' in said.out
    assert manifest_of(kept) == before


def test_a_person_is_asked_about_a_rename(kept: Tool, project: Project) -> None:
    rename(project, "dob", "birth_date")
    said = kept.asking().run("pull", answers="yes\n")
    assert said.code == 0, said.all
    assert "Is it renamed?" in said.err
    assert "renamed_from: dob" in manifest_of(kept)


@pytest.mark.parametrize("answer", ["\n", "y\n", "maybe\n"])
def test_an_answer_that_is_neither_yes_nor_no_merges_nothing(
    kept: Tool, project: Project, answer: str
) -> None:
    rename(project, "dob", "birth_date")
    before = manifest_of(kept)
    said = kept.asking().run("pull", answers=answer)
    assert said.code == 3
    assert "U106" in said.out
    assert manifest_of(kept) == before


def test_what_a_person_says_is_not_renamed_goes_and_comes(kept: Tool, project: Project) -> None:
    rename(project, "dob", "birth_date")
    assert kept.asking().run("pull", answers="no\n").code == 0
    assert "renamed_from" not in manifest_of(kept)
    assert "birth_date:" in manifest_of(kept)


def test_a_rename_that_nothing_looks_like_is_refused(kept: Tool) -> None:
    said = kept.run("pull", "--accept-rename", "x=y")
    assert said.code == 3
    assert "--accept-rename x=y names nothing that looks renamed" in said.err


def test_take_names_a_difference(kept: Tool) -> None:
    said = kept.run("pull", "--take", "live:field/nobody")
    assert said.code == 3
    assert "--take names field/nobody, and there is no difference there." in said.err


@pytest.mark.parametrize("word", ["field/dob", "mine:field/dob", "live:"])
def test_take_needs_a_side_and_an_address(kept: Tool, word: str) -> None:
    said = kept.run("pull", "--take", word)
    assert said.code == 64
    assert "write live:ADDRESS or files:ADDRESS" in said.err


def test_csv_is_for_new_folders(kept: Tool) -> None:
    assert kept.run("pull", "--csv").code == 64


def test_a_folder_that_does_not_load_is_left_alone(kept: Tool, project: Project) -> None:
    relabel(project, "dob", "Born on")
    kept.write("version: 1\nproject: [\n")
    said = kept.run("pull")
    assert said.code == 1
    assert manifest_of(kept) == "version: 1\nproject: [\n"


def test_a_read_only_file_is_left_alone(kept: Tool, project: Project) -> None:
    relabel(project, "dob", "Born on")
    (kept.folder / "redcap.yaml").chmod(0o444)
    said = kept.run("pull")
    assert said.code == 3
    assert "redcap.yaml is read-only; nothing was written." in said.err
    assert "Born on" not in manifest_of(kept)


def test_another_project_behind_the_token_is_refused(kept: Tool, project: Project) -> None:
    other = new_project(project.emulator, "Another")
    before = manifest_of(kept)
    said = kept.having(STUDY_TOKEN=other.token).run("pull")
    assert said.code == 3
    assert "belongs to project 2" in said.err
    assert manifest_of(kept) == before


def test_a_folder_named_is_merged_into(kept: Tool, project: Project) -> None:
    relabel(project, "dob", "Born on")
    outer = Tool(kept.folder.parent, kept.home, kept.environ)
    assert outer.run("pull", kept.folder.name).code == 0
    assert "Born on" in manifest_of(kept)


def test_sections_that_are_not_managed_are_counted_and_can_be_taken_in(
    kept: Tool, project: Project
) -> None:
    dag = [{"data_access_group_name": "Oslo", "unique_group_name": ""}]
    assert project.post("dag", action="import", data=json.dumps(dag)).status_code == 200
    said = kept.run("pull")
    assert "Not managed here, left alone: dags (1), users (1)" in said.out
    assert "Oslo" not in manifest_of(kept)
    assert kept.run("pull", "--section", "dags").code == 0
    assert "Oslo" in manifest_of(kept)


def head_of(tool: Tool) -> str:
    found = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=tool.folder, check=True, capture_output=True, text=True
    )  # fmt: skip
    return found.stdout.strip()


def test_what_was_pulled_and_committed_can_be_worked_on(kept: Tool, project: Project) -> None:
    base = head_of(kept)
    relabel(project, "dob", "Born on")
    assert kept.run("pull", "--base", base).code == 0
    commit(kept.folder)
    kept.edit("Born on", "Born in")
    said = kept.run("pull", "--base", base)
    assert said.code == 0
    assert "1 change of yours waits for `redcap-iac apply`." in said.out
    assert "Born in" in manifest_of(kept)


def test_what_was_pulled_and_thrown_away_comes_again(kept: Tool, project: Project) -> None:
    base = head_of(kept)
    relabel(project, "dob", "Born on")
    kept.run("pull", "--base", base)
    git(kept.folder, "checkout", "--", ".")
    assert kept.run("pull", "--base", base).code == 0
    assert "Born on" in manifest_of(kept)


def test_a_dry_run_is_not_remembered(kept: Tool, project: Project) -> None:
    relabel(project, "dob", "Born on")
    kept.run("pull", "--base", head_of(kept), "--dry-run")
    assert not list(kept.folder.rglob("pulled"))
