"""`redcap-iac restore`: a backup is a plan like any other, and says what it cannot bring back."""

from __future__ import annotations

import json
import re

import pytest

from redcap_iac.safety.encryption import PASSPHRASE
from tests.cli.tool import Tool
from tests.emulator.conftest import MakeEmulator
from tests.emulator.served import Project, new_project

SECRET = "correct horse battery"


@pytest.fixture
def kept(applied: Tool, project: Project) -> Tool:
    """A backup with values, and a project that lost a field since."""
    row = [{"record_id": "1", "dob": "1961-02-03"}, {"record_id": "2", "dob": "1962-03-04"}]
    project.post("record", action="import", data=json.dumps(row)).raise_for_status()
    tool = applied.having(**{PASSPHRASE: SECRET})
    assert tool.run("backup", "--data", "--out", "mine").code == 0
    rows = [r for r in project.rows("metadata") if r["field_name"] != "dob"]
    rows[0]["field_label"] = "Number"
    project.post("metadata", action="import", data=json.dumps(rows)).raise_for_status()
    return tool


def values(project: Project) -> dict[str, str]:
    return {row["record_id"]: row["dob"] for row in project.rows("record")}


def test_the_design_comes_back(kept: Tool, project: Project) -> None:
    said = kept.run("restore", "mine", "--auto-approve")
    assert said.code == 0, said.all
    fields = {row["field_name"]: row["field_label"] for row in project.rows("metadata")}
    assert fields == {"record_id": "Study ID", "dob": "Date of birth", "pain": "Pain"}
    assert set(values(project).values()) == {""}


def test_what_cannot_come_back_is_said_first(kept: Tool) -> None:
    said = kept.run("restore", "mine")
    assert said.code == 3
    assert said.out.index("cannot come back") < said.out.index("+ dob")
    assert "only those in the backup come back" in " ".join(said.out.split())


def test_nobody_asked_means_nothing_done(kept: Tool, project: Project) -> None:
    assert kept.run("restore", "mine").code == 3
    assert "dob" not in [row["field_name"] for row in project.rows("metadata")]


def test_a_person_is_asked(kept: Tool, project: Project) -> None:
    assert kept.asking().run("restore", "mine", answers="no\n").code == 3
    assert kept.asking().run("restore", "mine", answers="yes\n").code == 0
    assert "dob" in [row["field_name"] for row in project.rows("metadata")]


def test_values_come_back_where_they_are_asked_for(kept: Tool, project: Project) -> None:
    said = kept.run("restore", "mine", "--data", "--auto-approve")
    assert said.code == 0, said.all
    assert "Values to bring back: 2 values in 2 records" in said.out
    assert "2 values came back." in said.out
    assert values(project) == {"1": "1961-02-03", "2": "1962-03-04"}
    assert "1961-02-03" not in said.all


def test_what_is_stored_now_is_not_written_over(kept: Tool, project: Project) -> None:
    assert kept.run("restore", "mine", "--auto-approve").code == 0
    newer = '[{"record_id": "1", "dob": "1999-09-09"}]'
    project.post("record", action="import", data=newer).raise_for_status()
    said = kept.run("restore", "mine", "--data", "--auto-approve")
    assert said.code == 0, said.all
    assert values(project) == {"1": "1999-09-09", "2": "1962-03-04"}


def test_no_value_is_in_the_journal_of_their_return(kept: Tool) -> None:
    assert kept.run("restore", "mine", "--data", "--auto-approve").code == 0
    journals = sorted((kept.folder / ".redcap-iac" / "journals").iterdir())
    assert "values of the backup mine" in journals[-1].read_text()
    for path in journals:
        assert "1961-02-03" not in path.read_text()


def test_without_the_passphrase_nothing_is_done(kept: Tool, project: Project) -> None:
    said = kept.having(**{PASSPHRASE: "another passphrase"}).run(
        "restore", "mine", "--data", "--auto-approve"
    )
    assert said.code == 3
    assert "dob" not in [row["field_name"] for row in project.rows("metadata")]


def test_a_backup_without_values_gives_none(applied: Tool) -> None:
    assert applied.run("backup", "--out", "bare").code == 0
    said = applied.run("restore", "bare", "--data", "--auto-approve")
    assert said.code == 3
    assert "no record values in this backup" in said.err


def test_an_altered_backup_is_refused(kept: Tool, project: Project) -> None:
    path = kept.folder / "mine" / "metadata.json"
    path.write_text(path.read_text().replace("Date of birth", "Day of birth"))
    said = kept.run("restore", "mine", "--auto-approve")
    assert said.code == 1
    assert "was altered" in said.err
    assert "dob" not in [row["field_name"] for row in project.rows("metadata")]


def test_deletions_have_to_be_allowed_as_ever(kept: Tool, project: Project) -> None:
    rows = project.rows("metadata")
    new = {**rows[-1], "field_name": "later", "field_label": "Later"}
    project.post("metadata", action="import", data=json.dumps([*rows, new])).raise_for_status()
    said = kept.run("restore", "mine", "--auto-approve")
    assert said.code == 3
    assert "later" in [row["field_name"] for row in project.rows("metadata")]


def test_one_unit_alone_comes_back(kept: Tool, project: Project) -> None:
    project.post("project_settings", action="import", data='{"project_title": "Other"}')
    assert kept.run("restore", "mine", "--only", "project", "--auto-approve").code == 0
    assert project.rows("project")["project_title"] == "Sleep"
    assert "dob" not in [row["field_name"] for row in project.rows("metadata")]


def test_values_that_redcap_refuses_are_counted_and_never_named(
    kept: Tool, project: Project
) -> None:
    assert kept.run("restore", "mine", "--auto-approve").code == 0
    rows = project.rows("metadata")
    for row in rows:
        if row["field_name"] == "dob":
            row["text_validation_type_or_show_slider_number"] = "integer"
    project.post("metadata", action="import", data=json.dumps(rows)).raise_for_status()
    said = kept.run("-v", "restore", "mine", "--only", "project", "--data", "--auto-approve")
    assert said.code == 1
    assert "values that REDCap does not take (2 of dob)" in said.err
    written = [path.read_text() for path in kept.folder.rglob("*") if path.is_file()]
    for text in (said.all, *written):
        assert "1961-02-03" not in text


def test_a_backup_of_the_same_number_on_another_server_is_refused(
    kept: Tool, make_emulator: MakeEmulator
) -> None:
    other = new_project(make_emulator())
    here = re.search(r"url: (\S+)", (kept.folder / "redcap.yaml").read_text())
    assert here is not None
    kept.edit(here[1], other.emulator.url)
    before = other.rows("metadata")
    said = kept.having(STUDY_TOKEN=other.token).run("restore", "mine", "--auto-approve")
    assert said.code == 3
    assert f'of project 1 ("Sleep") at {here[1]}, not of project 1 at {other.emulator.url}' in (
        " ".join(said.err.split())
    )
    assert other.rows("metadata") == before


def test_values_that_came_back_leave_evidence_without_a_value(kept: Tool) -> None:
    said = kept.run("restore", "mine", "--data", "--auto-approve")
    assert said.code == 0, said.all
    *_, last = sorted((kept.folder / ".redcap-iac" / "evidence").glob("*/evidence.json"))
    assert f"Evidence: {last.parent}" in said.err
    assert b"1961-02-03" not in b"".join(p.read_bytes() for p in last.parent.rglob("*.json*"))
    run, *_ = kept.run("history", "--format", "json").json["runs"]
    assert (run["purpose"], run["how"]) == ("values of the backup mine", "done")
    assert run["evidence"] == last.parent.name
    assert kept.run("evidence", "check").code == 0
