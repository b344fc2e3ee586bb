from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from redcap_iac.emulator.server import Emulator
from tests.cli.tool import Tool, during, interrupt
from tests.emulator.conftest import MakeEmulator
from tests.emulator.served import Project, post
from tests.manifest.committing import git

STUDY = """\
version: 1
project: {{title: Sleep, purpose: research}}
instruments:
  - instrument: diary
    fields:
      record_id: {{type: text, label: Study ID}}
      hours: {{type: text, label: Hours, validation: number}}
environments:
  dev: {{url: "{url}", token: "{source}"}}
"""


def creating(bare: Tool, emulator: Emulator, source: str = "env:NEW") -> Tool:
    bare.write(STUDY.format(url=emulator.url, source=source))
    return bare.having(REDCAP_SUPER_API_TOKEN=emulator.super_token)


@pytest.fixture
def tool(bare: Tool, emulator: Emulator) -> Tool:
    """A folder whose project is still to be created."""
    return creating(bare, emulator)


def token_in(tool: Tool, name: str = "new.token") -> str:
    return (tool.folder / name).read_text(encoding="utf-8").strip()


def projects(emulator: Emulator) -> int:
    with emulator.store.transaction() as db:
        (count,) = db.execute("SELECT count(*) FROM projects").fetchone()
    return int(count)


def test_create_makes_the_project_and_applies(tool: Tool, emulator: Emulator) -> None:
    said = tool.run("create", "--token-file", "new.token", "--auto-approve")
    assert said.code == 0
    project = Project(emulator, 1, token_in(tool))
    assert [row["field_name"] for row in project.rows("metadata")] == ["record_id", "hours"]
    assert project.rows("project")["project_title"] == "Sleep"
    assert 'Created the project "Sleep"; its token is in the file new.token.' in said.out
    assert "It is project 1." in said.out


@pytest.mark.parametrize(("ignored", "is_said"), [("", True), ("*.token", False)])
def test_a_token_file_that_git_would_take_along_is_said(
    tool: Tool, ignored: str, *, is_said: bool
) -> None:
    git(tool.folder, "init", "--quiet")
    tool.write(f"{ignored}\n", ".gitignore")
    with_git = tool.having(PATH=os.environ["PATH"])
    said = with_git.run("create", "--token-file", "new.token", "--auto-approve")
    assert said.code == 0, said.all
    assert ("git does not ignore new.token" in said.err) is is_said


def test_create_leaves_evidence(tool: Tool) -> None:
    tool.run("create", "--token-file", "new.token", "--auto-approve")
    (run,) = tool.run("history", "--format", "json").json["runs"]
    assert (run["purpose"], run["how"]) == ("create", "done")
    assert run["evidence"]
    assert tool.run("evidence", "check").code == 0


def test_a_create_that_was_cut_off_goes_on_with_resume(tool: Tool, emulator: Emulator) -> None:
    emulator.faults.order("error=500@metadata/import")
    assert tool.run("create", "--token-file", "new.token", "--auto-approve").code == 5
    emulator.faults.clear()
    said = tool.having(NEW=token_in(tool)).run("apply", "--resume", "--auto-approve")
    assert said.code == 0, said.all
    project = Project(emulator, 1, token_in(tool))
    assert [row["field_name"] for row in project.rows("metadata")] == ["record_id", "hours"]


def test_after_create_a_plan_is_empty(tool: Tool) -> None:
    tool.run("create", "--token-file", "new.token", "--auto-approve")
    said = tool.having(NEW=token_in(tool)).run("plan", "--detailed-exitcode")
    assert said.code == 0


def test_the_token_file_is_the_owner_s_alone(tool: Tool) -> None:
    tool.run("create", "--token-file", "new.token", "--auto-approve")
    if sys.platform != "win32":
        assert stat.S_IMODE((tool.folder / "new.token").stat().st_mode) == 0o600


def test_the_new_token_is_nowhere_else(tool: Tool) -> None:
    said = tool.run("-v", "create", "--token-file", "new.token", "--auto-approve")
    token = token_in(tool)
    assert token.lower() not in said.all.lower()
    others = [p for p in tool.folder.rglob("*") if p.is_file() and p.name != "new.token"]
    assert all(token not in path.read_text(encoding="utf-8") for path in others)


def test_nothing_is_created_before_it_is_known_where_the_token_goes(
    tool: Tool, emulator: Emulator
) -> None:
    said = tool.run("create", "--auto-approve")
    assert said.code == 3
    assert "It is not said where the new project's token goes; nothing was created." in said.err
    assert projects(emulator) == 0


def test_a_token_file_is_never_overwritten(tool: Tool, emulator: Emulator) -> None:
    tool.write("mine", "new.token")
    said = tool.run("create", "--token-file", "new.token", "--auto-approve")
    assert said.code == 3
    assert token_in(tool) == "mine"
    assert projects(emulator) == 0


def test_a_token_file_that_cannot_be_made_creates_nothing(tool: Tool, emulator: Emulator) -> None:
    said = tool.run("create", "--token-file", "no/where.token", "--auto-approve")
    assert said.code == 1
    assert projects(emulator) == 0


def test_a_person_is_asked_first(tool: Tool, emulator: Emulator) -> None:
    said = tool.asking().run("create", "--token-file", "new.token", answers="no\n")
    assert said.code == 3
    assert 'Create the project "Sleep" at 127.0.0.1?' in said.err
    assert projects(emulator) == 0
    assert not (tool.folder / "new.token").exists()


def test_where_nobody_can_be_asked_nothing_is_created(tool: Tool, emulator: Emulator) -> None:
    said = tool.run("create", "--token-file", "new.token")
    assert said.code == 3
    assert projects(emulator) == 0


def test_the_super_token_has_to_be_there(tool: Tool) -> None:
    said = tool.having(REDCAP_SUPER_API_TOKEN="").run("create", "--token-file", "new.token")
    assert said.code == 6
    assert "REDCAP_SUPER_API_TOKEN is not set" in said.err


def test_an_ordinary_token_is_no_super_token(tool: Tool) -> None:
    said = tool.having(REDCAP_SUPER_API_TOKEN="A" * 32).run("create", "--token-file", "new.token")
    assert said.code == 6
    assert "is not a super token" in said.err


def test_a_super_token_the_server_does_not_know_leaves_no_file(tool: Tool) -> None:
    said = tool.having(REDCAP_SUPER_API_TOKEN="A" * 64).run(
        "create", "--token-file", "new.token", "--auto-approve"
    )
    assert said.code == 6
    assert not (tool.folder / "new.token").exists()


def test_a_host_nobody_trusts_gets_no_super_token(tool: Tool, emulator: Emulator) -> None:
    tool.edit(emulator.url, "https://redcap.example.org/api/")
    said = tool.run("create", "--token-file", "new.token", "--auto-approve")
    assert said.code == 6
    assert "No token is sent to redcap.example.org" in said.err
    assert not (tool.folder / "new.token").exists()


def test_an_environment_that_has_a_project_is_refused(tool: Tool, emulator: Emulator) -> None:
    tool.edit('token: "env:NEW"', 'token: "env:NEW", project_id: 17')
    said = tool.run("create", "--token-file", "new.token", "--auto-approve")
    assert said.code == 3
    assert "The environment dev has a project already: 17." in said.err
    assert projects(emulator) == 0


def test_a_manifest_without_a_title_is_refused(tool: Tool, emulator: Emulator) -> None:
    tool.edit("project: {title: Sleep, purpose: research}", "project: {purpose: research}")
    said = tool.run("create", "--token-file", "new.token", "--auto-approve")
    assert said.code == 3
    assert projects(emulator) == 0


def test_read_only_creates_nothing(tool: Tool, emulator: Emulator) -> None:
    said = tool.having(REDCAP_IAC_READ_ONLY="1").run(
        "create", "--token-file", "new.token", "--auto-approve"
    )
    assert said.code == 3
    assert projects(emulator) == 0
    assert not (tool.folder / "new.token").exists()


def test_a_lost_answer_is_not_tried_again_and_says_what_to_look_for(
    make_emulator: MakeEmulator, bare: Tool
) -> None:
    emulator = make_emulator(faults=["cut-after@project/create#1"])
    said = creating(bare, emulator).run("create", "--token-file", "new.token", "--auto-approve")
    assert said.code == 6
    assert "Whether the project was created is not known" in said.err
    assert 'Look under My Projects in REDCap for "Sleep"' in said.err
    assert projects(emulator) == 1


def test_noise_before_the_token_does_not_matter(make_emulator: MakeEmulator, bare: Tool) -> None:
    emulator = make_emulator(faults=["noise@project/create"])
    tool = creating(bare, emulator)
    assert tool.run("create", "--token-file", "new.token", "--auto-approve").code == 0
    assert len(token_in(tool)) == 32


def test_a_token_that_cannot_be_stored_is_told(
    tool: Tool, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("redcap_iac.safety.private_files.NewFile.fill", full)
    said = tool.run("create", "--token-file", "new.token", "--auto-approve")
    assert said.code == 5
    assert "was created, but its token could not be stored" in said.err
    assert projects(emulator) == 1


def test_from_xml_starts_from_a_project_xml(
    tool: Tool, emulator: Emulator, project: Project
) -> None:
    form = {"token": project.token, "content": "project_xml", "returnMetadataOnly": "true"}
    tool.write(post(emulator, form).text, "old.xml")
    tool.edit("instrument: diary", "instrument: form_1")
    said = tool.run(
        "create", "--env", "dev", "--from-xml", "old.xml", "--token-file", "n.token",
        "--auto-approve",
    )  # fmt: skip
    assert said.code == 0
    created = Project(emulator, 2, token_in(tool, "n.token"))
    assert [row["field_name"] for row in created.rows("metadata")] == ["record_id", "hours"]


@pytest.mark.parametrize("content", [None, "<html>", "\udcff"])
def test_a_file_that_is_no_project_xml_is_refused(
    tool: Tool, emulator: Emulator, content: str | None
) -> None:
    if content is not None:
        (tool.folder / "old.xml").write_bytes(content.encode("utf-8", "surrogateescape"))
    said = tool.run("create", "--from-xml", "old.xml", "--token-file", "n.token", "--auto-approve")
    assert said.code == 1
    assert projects(emulator) == 0
    assert not (tool.folder / "n.token").exists()


class Kept(dict[tuple[str, str], str]):
    """A keyring of this process."""

    def get_password(self, service: str, name: str) -> str | None:
        return self.get((service, name))

    def set_password(self, service: str, name: str, text: str) -> None:
        self[service, name] = text


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> Kept:
    kept = Kept()
    for name in ("get_password", "set_password"):
        monkeypatch.setattr(f"keyring.{name}", getattr(kept, name))
    return kept


def test_the_token_can_go_to_the_keyring(
    bare: Tool, emulator: Emulator, keyring: Kept, tmp_path: Path
) -> None:
    tool = creating(bare, emulator, "keyring:redcap/sleep")
    said = tool.run("create", "--auto-approve")
    assert said.code == 0
    assert "its token is in the keyring, under redcap for sleep." in said.out
    assert len(keyring["redcap", "sleep"]) == 32
    assert tool.run("plan", "--detailed-exitcode").code == 0


def test_a_token_in_the_keyring_is_never_overwritten(
    bare: Tool, emulator: Emulator, keyring: Kept
) -> None:
    keyring["redcap", "sleep"] = "mine"
    said = creating(bare, emulator, "keyring:redcap/sleep").run("create", "--auto-approve")
    assert said.code == 3
    assert keyring["redcap", "sleep"] == "mine"
    assert projects(emulator) == 0


def test_a_keyring_that_does_not_answer_creates_nothing(
    bare: Tool, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("keyring.get_password", locked)
    said = creating(bare, emulator, "keyring:redcap/sleep").run("create", "--auto-approve")
    assert said.code == 6
    assert "The keyring cannot be asked: RuntimeError." in said.err
    assert projects(emulator) == 0


def test_without_the_keyring_s_library_the_extra_is_named(
    bare: Tool, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    said = creating(bare, emulator, "keyring:redcap/sleep").run("create", "--auto-approve")
    assert said.code == 6
    assert 'pip install "redcap-iac[keyring]"' in said.err
    assert projects(emulator) == 0


def test_an_interrupt_while_creating_waits_for_the_token(
    tool: Tool, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    during(monkeypatch, emulator, "project/create", interrupt)
    said = tool.run("create", "--token-file", "new.token", "--auto-approve")
    assert said.code == 130
    assert "Nothing was applied yet" in said.err
    project = Project(emulator, 1, token_in(tool))
    assert [row["field_name"] for row in project.rows("metadata")] == ["record_id"]
