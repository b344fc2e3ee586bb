"""Who runs it and from which commit: as claimed, and as the CI service says."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from redcap_iac.manifest.provenance import provenance
from tests.manifest.committing import commit, git

PLAIN = {"PATH": os.environ.get("PATH", "")}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A repository with one commit."""
    git(tmp_path, "init", "--quiet")
    (tmp_path / "redcap.yaml").write_text("version: 1\n", encoding="utf-8")
    commit(tmp_path, "first")
    return tmp_path


def test_a_clean_commit(folder: Path) -> None:
    found = provenance(folder, PLAIN)
    assert found.commit == git(folder, "rev-parse", "HEAD")
    assert found.author == "test <test@example.org>"
    assert found.is_dirty is False


def test_a_file_that_differs_is_told(folder: Path) -> None:
    (folder / "redcap.yaml").write_text("version: 1 \n", encoding="utf-8")
    assert provenance(folder, PLAIN).is_dirty is True


def test_a_file_outside_the_folder_is_not(folder: Path) -> None:
    study = folder / "study"
    study.mkdir()
    (folder / "other.txt").write_text("x", encoding="utf-8")
    assert provenance(study, PLAIN).is_dirty is False


def test_outside_git_nothing_is_said_of_a_commit(tmp_path: Path) -> None:
    found = provenance(tmp_path, {**PLAIN, "GIT_CEILING_DIRECTORIES": str(tmp_path.parent)})
    assert (found.commit, found.author, found.is_dirty) == ("", "", None)


def test_without_git_neither(folder: Path) -> None:
    assert provenance(folder, {"PATH": str(folder)}).commit == ""


@pytest.mark.parametrize("name", ["USER", "LOGNAME", "USERNAME"])
def test_the_login_is_claimed(folder: Path, name: str) -> None:
    assert provenance(folder, {**PLAIN, name: "someone"}).claimed == {"login": "someone"}


@pytest.mark.parametrize(
    ("environ", "actor"),
    [
        ({"GITHUB_ACTOR": "octo", "GITHUB_RUN_ID": "7"}, {"actor": "octo", "run": "7"}),
        ({"GITLAB_USER_LOGIN": "lab", "CI_JOB_URL": "u"}, {"actor": "lab", "address": "u"}),
        ({"BUILD_URL": "j"}, {"address": "j"}),
        ({"GITHUB_ACTOR": ""}, {}),
        ({}, {}),
    ],
)
def test_what_the_ci_service_says(
    folder: Path, environ: dict[str, str], actor: dict[str, str]
) -> None:
    assert provenance(folder, {**PLAIN, **environ}).ci == actor


def test_no_token_is_taken_along(folder: Path) -> None:
    told = provenance(folder, {**PLAIN, "GITHUB_TOKEN": "A" * 32, "REDCAP_API_TOKEN": "B" * 32})
    assert "A" * 32 not in repr(told)
    assert "B" * 32 not in repr(told)
