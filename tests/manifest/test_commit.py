"""The files of a commit: as they were, wherever the folder lies, nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from redcap_iac.errors import RedcapIacError
from redcap_iac.manifest.commit import Commit
from redcap_iac.manifest.files import OutsideError
from redcap_iac.manifest.loader import load
from redcap_iac.manifest.provenance import provenance
from tests.manifest.committing import commit, git

MANIFEST = "version: 1\nproject: {title: %s}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A repository whose folder `study` has two commits; the tag `first` is on the first."""
    folder = tmp_path / "study"
    folder.mkdir()
    git(tmp_path, "init", "--quiet")
    (folder / "redcap.yaml").write_text(MANIFEST % "First", encoding="utf-8")
    commit(tmp_path, "first")
    git(tmp_path, "tag", "first")
    (folder / "redcap.yaml").write_text(MANIFEST % "Second", encoding="utf-8")
    (folder / "new.yaml").write_text("x", encoding="utf-8")
    commit(tmp_path, "second")
    return folder


def at(folder: Path, ref: str) -> Commit:
    return Commit(folder, ref, os.environ)


def titles(folder: Path, ref: str) -> list[str]:
    manifest = load(folder, files=at(folder, ref))
    return [str(getattr(item, "value", "")) for item in manifest.desired.state.kinds["project"]]


@pytest.mark.parametrize(
    ("ref", "title"), [("HEAD", "Second"), ("HEAD~1", "First"), ("first", "First")]
)
def test_the_manifest_is_that_of_the_commit(folder: Path, ref: str, title: str) -> None:
    (folder / "redcap.yaml").write_text(MANIFEST % "Unsaved", encoding="utf-8")
    assert titles(folder, ref) == [title]


def test_files_that_came_later_are_not_there(folder: Path) -> None:
    assert at(folder, "first").paths() == ("redcap.yaml",)
    assert at(folder, "HEAD").paths() == ("new.yaml", "redcap.yaml")
    with pytest.raises(FileNotFoundError):
        at(folder, "first").read("new.yaml")


def test_a_commit_has_its_full_name_and_its_time(folder: Path) -> None:
    found = at(folder, "first")
    assert found.name == git(folder, "rev-parse", "first")
    assert found.when == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_files_above_the_folder_are_outside(folder: Path) -> None:
    (folder.parent / "secret.yaml").write_text("x", encoding="utf-8")
    commit(folder.parent, "above")
    with pytest.raises(OutsideError):
        at(folder, "HEAD").read("../secret.yaml")


@pytest.mark.parametrize("target", ["../secret.yaml", "/etc/passwd"])
def test_a_link_that_leads_out_is_not_followed(folder: Path, target: str) -> None:
    link(folder, "link.yaml", target)
    with pytest.raises(OutsideError):
        at(folder, "HEAD").read("link.yaml")


def test_a_link_inside_the_folder_is_followed(folder: Path) -> None:
    link(folder, "link.yaml", "new.yaml")
    assert at(folder, "HEAD").read("link.yaml") == b"x"


def test_links_in_a_circle_end(folder: Path) -> None:
    link(folder, "link.yaml", "link.yaml")
    with pytest.raises(OSError, match="symbolic links"):
        at(folder, "HEAD").read("link.yaml")


def link(folder: Path, name: str, target: str) -> None:
    """Commit a link past the file system, which Windows may not let everybody make."""
    made = subprocess.run(
        ["git", "-C", str(folder), "hash-object", "-w", "--stdin"],
        input=target.encode(), capture_output=True, check=True,
    )  # fmt: skip
    blob = made.stdout.decode().strip()
    git(folder, "update-index", "--add", "--cacheinfo", f"120000,{blob},study/{name}")
    commit(folder, "a link", add=False)


def test_a_name_git_does_not_know_is_told_with_what_ci_lacks(folder: Path) -> None:
    with pytest.raises(RedcapIacError, match="git knows no commit `nowhere`") as refused:
        at(folder, "nowhere")
    assert "fetch-depth" in refused.value.advice


@pytest.mark.parametrize("ref", ["--help", "-v", "--output=x"])
def test_an_option_is_no_commit(folder: Path, ref: str) -> None:
    with pytest.raises(RedcapIacError, match="git knows no commit"):
        at(folder, ref)
    assert not (folder / "x").exists()


def test_a_folder_outside_git_has_no_base(tmp_path: Path) -> None:
    with pytest.raises(RedcapIacError, match="in no git repository"):
        Commit(tmp_path, "HEAD", {**os.environ, "GIT_CEILING_DIRECTORIES": str(tmp_path.parent)})


def test_without_git_it_is_said(folder: Path) -> None:
    with pytest.raises(RedcapIacError, match="git was not found"):
        Commit(folder, "HEAD", {"PATH": str(folder)})


@pytest.mark.skipif(sys.platform == "win32", reason="the program is a shell script")
def test_no_program_that_the_repository_names_is_started(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    (tmp_path / "redcap.yaml").write_text("version: 1\n")
    commit(tmp_path, "first")
    body = git(tmp_path, "cat-file", "commit", "HEAD")
    headers, _, message = body.partition("\n\n")
    signed = f"{headers}\ngpgsig -----BEGIN PGP SIGNATURE-----\n zz\n -----END PGP SIGNATURE-----"
    (tmp_path / "object").write_text(f"{signed}\n\n{message}\n")
    name = git(tmp_path, "hash-object", "-t", "commit", "-w", "--literally", "object")
    git(tmp_path, "update-ref", "HEAD", name)
    script = tmp_path / "evil.sh"
    script.write_text(f"#!/bin/sh\ntouch {tmp_path}/was-started\n")
    script.chmod(0o700)
    for key in ("gpg.program", "core.fsmonitor", "core.pager", "diff.external", "core.editor"):
        git(tmp_path, "config", key, str(script))
    git(tmp_path, "config", "log.showSignature", "true")
    assert Commit(tmp_path, "HEAD", os.environ).read("redcap.yaml") == b"version: 1\n"
    assert provenance(tmp_path, os.environ).commit == name
    assert not (tmp_path / "was-started").exists()
