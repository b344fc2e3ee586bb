"""The sessions of the README, held on the emulator: what they show is what is printed."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.tool import Said, Tool
from tests.emulator.conftest import MakeEmulator
from tests.emulator.served import Project, new_project

TEXT = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
FIELDS = {
    "intake": "record_id dob sex postal snores shift_work coffee",
    "night": "night_date bed_time up_time woke quality dream remarks",
}


def session(begin: str) -> list[str]:
    """Return the lines of a transcript from one that begins so, up to an ellipsis or the end."""
    lines = TEXT[TEXT.index(f"\n{begin}") + 1 :].splitlines()
    ends = [number for number, line in enumerate(lines) if line in ("```", "…")]
    return lines[: ends[0]]


def after(command: str) -> list[str]:
    """Return what stands under a command, up to the next one, an ellipsis or the end."""
    lines = session(command)[1:]
    ends = (number for number, line in enumerate(lines) if line.startswith("$ "))
    return lines[: next(ends, len(lines))]


@pytest.fixture
def diary(make_emulator: MakeEmulator, bare: Tool) -> tuple[Tool, Project]:
    """A project of 430 records, 412 of them with a postal code, and its folder."""
    emulator = make_emulator()
    for _ in range(17):
        project = new_project(emulator, "Sleep diary", "builder")
    labels = {"snores": "Do you snore?"}
    rows = [
        {"field_name": name, "form_name": form, "field_type": "text",
         "field_label": labels.get(name, name)}
        for form, names in FIELDS.items()
        for name in names.split()
    ]  # fmt: skip
    project.post("metadata", action="import", data=json.dumps(rows))
    records = [
        {"record_id": str(number), "postal": "69001" if number <= 412 else "", "snores": "1"}
        for number in range(1, 431)
    ]
    project.post("record", action="import", type="flat", data=json.dumps(records))
    tool = bare.having(REDCAP_API_URL=emulator.url, REDCAP_API_TOKEN=project.token)
    assert tool.run("pull").code == 0
    return tool, project


def shown(said: Said, lines: list[str]) -> None:
    assert lines
    printed = (said.out + said.err).splitlines()
    assert [line for line in lines if line and line not in printed] == []


def edit(tool: Tool, old: str, new: str) -> None:
    tool.edit(old, new, "instruments/intake.yaml")


def without_postal(tool: Tool) -> None:
    text = (tool.folder / "instruments" / "intake.yaml").read_text(encoding="utf-8")
    gone = re.sub(r"  postal:\n(    .*\n)+", "", text)
    assert gone != text
    tool.write(gone, "instruments/intake.yaml")


def test_the_first_session(diary: tuple[Tool, Project]) -> None:
    tool, _ = diary
    shown(tool.run("plan"), after("$ redcap-iac plan"))
    edit(tool, "Do you snore?", "Do you snore at night?")
    told = [line.removesuffix(" yes") for line in after("$ redcap-iac apply")]
    kept = ("Backup:", "Journal:", "Evidence:", "  sha256")
    said = tool.asking().run("apply", answers="yes\n")
    assert said.code == 0
    shown(said, [line for line in told if not line.startswith((*kept, "Apply these"))])
    assert all(word in said.err for word in kept)
    assert "Apply these changes? Only 'yes' is accepted:" in said.err


def test_a_plan_that_is_stopped(diary: tuple[Tool, Project]) -> None:
    tool, _ = diary
    without_postal(tool)
    start = TEXT.index("### When a plan is stopped")
    block = TEXT[start:].split("```")[1].splitlines()
    shown(tool.run("plan"), [line for line in block if line and not line.startswith(("$", "…"))])


def test_a_rename_that_keeps_data(diary: tuple[Tool, Project]) -> None:
    tool, project = diary
    edit(tool, "  postal:\n    type: text\n", "  zip_code:\n    type: text\n"
         "    renamed_from: postal\n")  # fmt: skip
    said = tool.run("apply", "--auto-approve", "--migrate-data")
    assert said.code == 0, said.all
    start = TEXT.index("### Renames that keep data")
    block = TEXT[start:].split("```")[1].splitlines()
    shown(said, [line for line in block if line.startswith(("[", "  4"))])
    assert sum(row["zip_code"] != "" for row in project.rows("record", type="flat")) == 412


# author and adopt

EXAMPLES = Path(__file__).parents[2] / "examples"


def block(command: str) -> list[str]:
    """Return what stands under a command up to the end of its block, without the ellipses."""
    lines = TEXT[TEXT.index(f"\n{command}\n") + 1 :].splitlines()[1:]
    return [line for line in lines[: lines.index("```")] if line != "…"]


def test_a_dictionary_becomes_a_manifest(bare: Tool, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(EXAMPLES, bare.folder / "examples")
    monkeypatch.chdir(bare.folder)
    words = "convert examples/registry/RareFevers_DataDictionary.csv fevers"
    said = Tool(Path(), bare.home).run(*words.split())
    assert said.code == 0
    shown(said, block(f"$ redcap-iac {words}"))


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_what_changed_in_redcap_is_pulled(diary: tuple[Tool, Project]) -> None:
    tool, project = diary
    for words in ("init -q", "add -A", "commit -q -m Pulled"):
        author = ["-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "commit.gpgsign=no"]
        subprocess.run(["git", *author, *words.split()], cwd=tool.folder, check=True)
    rows = project.rows("metadata")
    (coffee,) = (row for row in rows if row["field_name"] == "coffee")
    coffee["field_label"] = "Coffee after noon?"
    project.post("metadata", action="import", data=json.dumps(rows))
    said = tool.having(PATH=os.environ["PATH"], HOME=str(tool.home)).run("pull")
    assert said.code == 0, said.all
    shown(said, block("$ redcap-iac pull"))


def test_a_label_in_place_of_a_code_is_found_and_fails_its_scenario(bare: Tool) -> None:
    assert bare.run("init").code == 0
    bare.edit("'1'", "'Female'", "instruments/visit.yaml")
    judged = bare.run("lint")
    assert judged.code == 0
    assert judged.out.splitlines() == block("$ redcap-iac lint")
    tested = bare.run("test")
    assert tested.code == 1
    assert tested.out.splitlines() == block("$ redcap-iac test")


def test_the_scenario_shown_is_one_that_init_writes(bare: Tool) -> None:
    assert bare.run("init").code == 0
    written = (bare.folder / "tests" / "visit.test.yaml").read_text(encoding="utf-8")
    (shown_there,) = re.findall(r"```yaml\n(today: .*?)```", TEXT, re.DOTALL)
    for line in shown_there.splitlines():
        assert line.partition("#")[0].rstrip() in written


def test_an_example_is_checked(bare: Tool) -> None:
    said = bare.run("-C", str(EXAMPLES / "registry"), "check")
    assert said.code == 0
    assert said.out.splitlines()[-1:] == block("$ redcap-iac -C examples/registry check")
