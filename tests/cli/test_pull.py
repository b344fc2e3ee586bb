from __future__ import annotations

import json
import stat
import sys

import pytest

from redcap_iac.errors import ManifestError
from redcap_iac.findings import Finding, Position, Severity
from tests.cli.tool import Tool, files_of
from tests.emulator.served import Project


@pytest.fixture
def live(applied: Tool, project: Project) -> Tool:
    """The folder of a study that is applied; its project can also be had by REDCAP_API_*."""
    return applied.having(REDCAP_API_URL=project.emulator.url, REDCAP_API_TOKEN=project.token)


@pytest.mark.parametrize("options", [(), ("--csv",)])
def test_a_plan_where_it_was_pulled_has_no_changes(live: Tool, options: tuple[str, ...]) -> None:
    said = live.run("pull", "copy", *options)
    assert said.code == 0, said.err
    planned = live.run("-C", str(live.folder / "copy"), "plan", "--detailed-exitcode")
    assert "No changes." in planned.out
    assert planned.code == 0


def test_pull_writes_one_file_for_each_instrument(live: Tool) -> None:
    live.run("pull", "copy")
    assert set(files_of(live.folder / "copy")) == {
        ".gitignore",
        "instruments/form_1.yaml",
        "redcap.yaml",
    }


def test_pull_writes_the_dictionary_as_csv_when_asked(live: Tool) -> None:
    live.run("pull", "copy", "--csv")
    files = files_of(live.folder / "copy")
    assert set(files) == {".gitignore", "dictionary.csv", "redcap.yaml"}
    assert 'pain,form_1,,radio,Pain,"1, None | 2, Some"' in files["dictionary.csv"]


def test_pull_names_the_project_and_where_the_token_is_found(live: Tool, project: Project) -> None:
    live.run("pull", "copy")
    text = files_of(live.folder / "copy")["redcap.yaml"]
    assert project.emulator.url in text
    assert "env:STUDY_TOKEN" in text


def test_pull_never_writes_a_token(live: Tool, project: Project) -> None:
    live.run("-v", "pull", "copy")
    found = "".join(files_of(live.folder / "copy").values())
    assert project.token.lower() not in found.lower()


def test_what_pull_writes_is_private(live: Tool) -> None:
    live.run("pull", "copy")
    if sys.platform != "win32":
        modes = [
            stat.S_IMODE(path.stat().st_mode) for path in (live.folder / "copy").rglob("*.yaml")
        ]
        assert set(modes) == {0o600}


def test_pull_into_an_empty_folder_takes_the_project_of_the_variables(
    live: Tool, bare: Tool
) -> None:
    (bare.folder / "redcap.yaml").unlink()
    said = live.run("pull")
    assert said.code == 0
    assert "token: env:REDCAP_API_TOKEN" in files_of(live.folder)["redcap.yaml"].replace('"', "")


def test_pull_where_a_manifest_is_changes_nothing_that_is_equal(live: Tool) -> None:
    before = files_of(live.folder)
    said = live.run("pull")
    assert said.code == 0
    assert files_of(live.folder) == before


def test_pull_overwrites_no_file(live: Tool) -> None:
    live.write("mine", "copy/instruments/form_1.yaml")
    assert live.run("pull", "copy").code == 3
    assert files_of(live.folder / "copy") == {"instruments/form_1.yaml": "mine"}


def test_pull_says_what_the_token_may_not_read(live: Tool, project: Project) -> None:
    granted = {"username": "reader", "api_export": 1, "design": 1}
    project.post("user", action="import", data=json.dumps([granted]))
    reader = live.having(STUDY_TOKEN=project.of("reader").token)
    said = reader.run("pull", "copy")
    assert said.code == 0
    assert "Left out: roles, the token may not read:" in said.err
    assert "roles:" not in files_of(live.folder / "copy")["redcap.yaml"]


def test_pull_says_when_what_it_wrote_does_not_validate(
    live: Tool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: object) -> None:
        place = Position("redcap.yaml", 3, 1)
        raise ManifestError((Finding("M999", Severity.ERROR, "REDCap would refuse this.", place),))

    monkeypatch.setattr("redcap_iac.cli.pull.load", refuse)
    said = live.run("pull", "copy")
    assert said.code == 1
    assert "redcap.yaml:3:1: error M999 REDCap would refuse this." in said.err
    assert "The folder is written." in said.err
