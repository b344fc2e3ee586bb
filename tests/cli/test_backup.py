"""`redcap-iac backup`: everything the API shows, verified, its owner's alone."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from redcap_iac.safety.backup import read_backup
from redcap_iac.safety.encryption import PASSPHRASE
from tests.cli.tool import Tool
from tests.emulator.served import Project

SECRET = "correct horse battery"


def only_folder(parent: Path) -> Path:
    (found,) = parent.iterdir()
    return found


def with_values(project: Project) -> None:
    row = [{"record_id": "1", "dob": "1961-02-03"}]
    project.post("record", action="import", data=json.dumps(row)).raise_for_status()


def test_it_says_where_it_lies_and_that_it_was_verified(applied: Tool) -> None:
    said = applied.run("backup")
    assert said.code == 0
    assert "Verified: " in said.err
    assert "no record values" in said.err
    read_backup(Path(said.out.strip().splitlines()[-1]))


def test_a_folder_can_be_named_and_is_never_filled_twice(applied: Tool) -> None:
    assert applied.run("backup", "--out", "mine").code == 0
    assert applied.run("backup", "--out", "mine").code == 0
    assert read_backup(applied.folder / "mine").target["title"] == "Sleep"
    assert (applied.folder / "mine-2" / "backup.json").exists()


def test_it_writes_nothing_to_the_project(applied: Tool, project: Project) -> None:
    before = project.rows("metadata")
    assert applied.having(REDCAP_IAC_READ_ONLY="1").run("backup").code == 0
    assert project.rows("metadata") == before


def test_values_are_sealed(applied: Tool, project: Project) -> None:
    with_values(project)
    said = applied.having(**{PASSPHRASE: SECRET}).run("backup", "--data", "--out", "mine")
    assert said.code == 0
    assert "the record values, encrypted" in said.err
    for path in (applied.folder / "mine").iterdir():
        text = path.read_text()
        assert "1961-02-03" not in text
        assert SECRET not in text
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_without_a_passphrase_values_are_refused(applied: Tool) -> None:
    said = applied.run("backup", "--data", "--out", "mine")
    assert said.code == 3
    assert PASSPHRASE in said.err
    assert not (applied.folder / "mine").exists()


def test_apply_takes_one_before_the_first_write(tool: Tool) -> None:
    assert tool.run("apply", "--auto-approve", "--allow-delete", "fields").code == 0
    kept = read_backup(only_folder(tool.folder / ".redcap-iac" / "backups"))
    assert kept.target["title"] == "A study"
    assert kept.about.plan_id != ""
    assert not kept.records


def test_what_is_kept_is_unseen_by_git_and_its_owner_s_alone(applied: Tool) -> None:
    state = applied.folder / ".redcap-iac"
    assert "*" in (state / ".gitignore").read_text().splitlines()
    for folder, _, files in os.walk(state):
        assert stat.S_IMODE(Path(folder).stat().st_mode) == 0o700
        for name in files:
            assert stat.S_IMODE(Path(folder, name).stat().st_mode) == 0o600


def test_the_environment_says_where(tool: Tool) -> None:
    tool.edit("    data: test\n", "    data: test\n    state_dir: ../kept\n")
    assert tool.run("apply", "--auto-approve", "--allow-delete", "fields").code == 0
    assert only_folder(tool.folder.parent / "kept" / "journals").suffix == ".jsonl"
    assert not (tool.folder / ".redcap-iac").exists()


def test_a_variable_says_where_too(tool: Tool, tmp_path: Path) -> None:
    there = tool.having(REDCAP_IAC_STATE_DIR=str(tmp_path / "kept"))
    assert there.run("apply", "--auto-approve", "--allow-delete", "fields").code == 0
    assert (tmp_path / "kept" / "backups").exists()


def test_where_nothing_can_be_kept_nothing_is_written(tool: Tool, project: Project) -> None:
    (tool.folder / ".redcap-iac").write_text("")
    before = project.rows("metadata")
    said = tool.run("apply", "--auto-approve", "--allow-delete", "fields")
    assert said.code == 3
    assert "cannot be written" in said.err
    assert project.rows("metadata") == before


@pytest.mark.parametrize(("data", "code"), [("real", 3), ("test", 0)])
def test_in_ci_real_data_needs_a_durable_place(
    tool: Tool, project: Project, data: str, code: int
) -> None:
    project.post("project_settings", action="import", data='{"project_title": "Other"}')
    tool.run("apply", "--auto-approve", "--allow-delete", "fields")
    tool.edit("    data: test\n", f"    data: {data}\n")
    tool.edit("  title: Sleep\n", "  title: Sleep 2\n")
    said = tool.having(CI="true").run("apply", "--auto-approve")
    assert said.code == code
    assert "REDCAP_IAC_STATE_DIR" in said.err


def test_the_values_an_apply_destroys_are_kept_sealed(applied: Tool, project: Project) -> None:
    with_values(project)
    line = "      dob: {type: text, label: Date of birth, validation: date_ymd, identifier: true}\n"
    applied.edit(line, "")
    words = ["--auto-approve", "--allow-delete", "fields", "--backup-data"]
    for one in json.loads(applied.run("plan", "--format", "json").out)["findings"]:
        if one["stake"] and one["stake"]["answer"] == "acceptance":
            words += ["--accept", f"{one['code']}:{one['address']}"]
    refused = applied.run("apply", *words)
    assert refused.code == 3
    assert PASSPHRASE in refused.err
    assert "dob" in [row["field_name"] for row in project.rows("metadata")]
    said = applied.having(**{PASSPHRASE: SECRET}).run("apply", *words)
    assert said.code == 0, said.all
    backups = sorted((applied.folder / ".redcap-iac" / "backups").iterdir())
    assert [bool(read_backup(path).records) for path in backups].count(True) == 1


def test_a_plan_with_nothing_to_do_keeps_nothing(applied: Tool) -> None:
    before = len(list((applied.folder / ".redcap-iac" / "journals").iterdir()))
    assert applied.run("apply", "--auto-approve").code == 0
    assert len(list((applied.folder / ".redcap-iac" / "journals").iterdir())) == before
