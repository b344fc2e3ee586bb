"""A stored value and a record's name are in memory and nowhere else, however a command ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from redcap_iac.safety.encryption import PASSPHRASE
from tests.cli.tool import Said, Tool, during
from tests.emulator.served import Project

RECORD = "ZZ-RECORD-77"
VALUE = "Zoltan Zz-Value 4471"
SECRET = "zz correct horse zz"
MARKERS = (RECORD, VALUE, "Zz-Value", SECRET)
PAIN = '      pain: {type: radio, label: Pain, choices: {1: "None", 2: "Some"}}\n'
NOTE = "      note: {type: text, label: Note}\n"
WORDS = ("--auto-approve", "--allow-delete", "fields", "--accept", "H101:field/note")
COMMANDS = (
    ("plan",),
    ("plan", "--impact", "values"),
    ("plan", "--impact", "values", "--format", "json", "--out", "plan.json"),
    ("plan", "--format", "html"),
    ("plan", "--format", "markdown", "--publish", "public", "--out", "public.json"),
    ("apply", "--auto-approve"),
    ("apply", *WORDS),
    ("apply", *WORDS, "--backup-data"),
    ("apply", *WORDS, "--impact", "values", "--format", "json"),
    ("backup",),
    ("backup", "--data"),
    ("package",),
    ("pull", "copy"),
    ("doctor",),
)
IDS = [" ".join(command) for command in COMMANDS]
WITH_VALUES = tuple(one for one in COMMANDS if "values" in one or "--backup-data" in one)
FAULTS = (
    "cut-after@metadata/import", "cut-before@record/export", "error=500@record/export",
    "html@record/export", "short-read@record/export", "noise@record/export",
)  # fmt: skip


def assert_clean(said: Said, *folders: Path) -> None:
    """Look for every marker in what was printed and in every byte that was written."""
    for marker in MARKERS:
        assert marker not in said.all
        for folder in folders:
            for path in folder.rglob("*"):
                assert marker not in path.name
                if path.is_file():
                    assert marker.encode() not in path.read_bytes(), path


@pytest.fixture
def holding(applied: Tool, project: Project) -> Tool:
    """The tool in a folder whose plan removes a field that holds the value."""
    applied.edit(PAIN, PAIN + NOTE)
    assert applied.run("apply", "--auto-approve").code == 0
    rows = [{"record_id": RECORD, "note": VALUE, "dob": "1961-02-03"}]
    assert project.post("record", action="import", data=json.dumps(rows)).status_code == 200
    applied.edit(NOTE, "")
    return applied.having(**{PASSPHRASE: SECRET})


@pytest.mark.parametrize("command", COMMANDS, ids=IDS)
def test_no_command_shows_or_keeps_one(holding: Tool, command: tuple[str, ...]) -> None:
    said = holding.run("-v", *command)
    assert said.all
    assert_clean(said, holding.folder, holding.home)


@pytest.mark.parametrize("command", WITH_VALUES, ids=" ".join)
@pytest.mark.parametrize("fault", FAULTS)
def test_no_fault_makes_one_show(
    holding: Tool, project: Project, command: tuple[str, ...], fault: str
) -> None:
    project.emulator.faults.order(fault)
    said = holding.run("-v", *command)
    assert said.all
    assert_clean(said, holding.folder, holding.home)


@pytest.mark.parametrize("command", COMMANDS, ids=IDS)
@pytest.mark.parametrize(
    ("variable", "value"), [("REDCAP_IAC_READ_ONLY", "1"), ("REDCAP_IAC_POLICY", "none.yaml")]
)
def test_neither_does_a_guard_that_stops_it(
    holding: Tool, command: tuple[str, ...], variable: str, value: str
) -> None:
    said = holding.having(**{variable: value}).run("-v", *command)
    assert said.all
    assert_clean(said, holding.folder, holding.home)


def test_data_entered_meanwhile_is_not_told_with_the_foreign_work(
    holding: Tool, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = json.dumps([{"record_id": f"{RECORD}b", "note": f"{VALUE}b"}])

    def typed() -> None:
        project.post("record", action="import", data=rows).raise_for_status()

    during(monkeypatch, project.emulator, "metadata/import", typed)
    said = holding.run("-v", "apply", *WORDS)
    assert said.code == 0, said.all
    assert_clean(said, holding.folder, holding.home)


def test_a_copy_that_is_refused_names_neither(holding: Tool, project: Project) -> None:
    renamed = "      age: {type: text, label: Note, validation: integer, renamed_from: note}\n"
    holding.edit(PAIN, PAIN + renamed)
    said = holding.run("-v", "apply", "--auto-approve", "--migrate-data", "--accept",
                       "H151:field/age", "--accept", "H111:field/age")  # fmt: skip
    if said.code == 3:
        said = holding.run("-v", "apply", "--auto-approve", "--migrate-data")
    assert said.code == 5, said.all
    assert_clean(said, holding.folder, holding.home)


def test_a_return_of_values_names_neither(holding: Tool, project: Project) -> None:
    assert holding.run("apply", *WORDS, "--backup-data").code == 0
    (kept,) = (path.parent for path in holding.folder.rglob("records.enc"))
    said = holding.run("-v", "restore", str(kept), "--data", "--auto-approve")
    assert said.code == 0, said.all
    assert [row["note"] for row in project.rows("record")] == [VALUE]
    assert_clean(said, holding.folder, holding.home)
    wrong = holding.having(**{PASSPHRASE: "zz another horse zz"})
    said = wrong.run("-v", "restore", str(kept), "--data", "--auto-approve")
    assert said.code == 3
    assert "zz another horse zz" not in said.all
    assert_clean(said, holding.folder, holding.home)
