"""Who runs it and from which commit: as claimed, and as the CI service says."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from redcap_iac.manifest.provenance import approvers, authors, provenance
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


def test_what_the_job_says_of_author_and_approver_is_a_claim(folder: Path) -> None:
    said = {"REDCAP_IAC_AUTHOR": "ada", "REDCAP_IAC_APPROVER": "ben"}
    assert provenance(folder, {**PLAIN, **said}).claimed == {"author": "ada", "approver": "ben"}


def test_the_service_tells_who_started_this_run_not_the_first_one(folder: Path) -> None:
    said = {"GITHUB_ACTOR": "octo", "GITHUB_TRIGGERING_ACTOR": "ben"}
    assert provenance(folder, {**PLAIN, **said}).ci == {"actor": "ben"}


BEN = {**PLAIN, "REDCAP_IAC_APPROVER": "Ben <ben@example.org>"}
ADA = "Ada Boyd <ada@example.org>"
BOT = "renovate[bot] <29139614+renovate[bot]@users.noreply.github.com>"


def wrote(folder: Path, author: str, message: str = "x", name: str = "redcap.yaml") -> None:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"# {author} {message}", encoding="utf-8")
    git(folder, "add", "--all", ".")
    git(folder, "commit", "--quiet", "--no-gpg-sign", f"--author={author}", "--message", message)


def test_the_author_is_whoever_committed_last(folder: Path) -> None:
    wrote(folder, ADA)
    assert authors(folder, BEN) == ("Ada Boyd", "ada@example.org")


def test_what_the_job_says_of_the_author_goes_first(folder: Path) -> None:
    wrote(folder, ADA)
    assert authors(folder, {**BEN, "REDCAP_IAC_AUTHOR": "cleo"}) == ("cleo",)


def test_a_commit_elsewhere_in_the_repository_is_not_of_this_study(folder: Path) -> None:
    wrote(folder, ADA, name="study/redcap.yaml")
    wrote(folder, "Cleo <cleo@example.org>", name="other/redcap.yaml")
    assert authors(folder / "study", BEN) == ("Ada Boyd", "ada@example.org")


def test_whoever_merges_is_not_the_author(folder: Path) -> None:
    git(folder, "checkout", "--quiet", "-b", "change")
    wrote(folder, ADA)
    git(folder, "checkout", "--quiet", "-")
    git(folder, "merge", "--quiet", "--no-ff", "--no-gpg-sign", "--message", "merged", "change")
    assert authors(folder, BEN) == ("Ada Boyd", "ada@example.org")
    assert provenance(folder, PLAIN).author == ADA


def test_behind_a_program_stands_the_person_before_it(folder: Path) -> None:
    wrote(folder, ADA)
    wrote(folder, BOT)
    assert authors(folder, BEN) == ("Ada Boyd", "ada@example.org")


def test_a_co_author_wrote_it_too(folder: Path) -> None:
    wrote(folder, ADA, f"change\n\nCo-authored-by: Cleo <cleo@example.org>\nCo-authored-by: {BOT}")
    assert authors(folder, BEN) == ("Ada Boyd", "ada@example.org", "Cleo", "cleo@example.org")


def test_nobody_is_known_to_have_written_what_is_not_committed(folder: Path) -> None:
    (folder / "redcap.yaml").write_text("version: 1 \n", encoding="utf-8")
    assert authors(folder, {**BEN, "CI_COMMIT_AUTHOR": ADA}) == ()


@pytest.mark.parametrize("approver", ["REDCAP_IAC_APPROVER", "GITHUB_TRIGGERING_ACTOR"])
def test_a_login_alone_cannot_be_held_against_names_of_git(folder: Path, approver: str) -> None:
    wrote(folder, ADA)
    assert authors(folder, {**PLAIN, approver: "ada-b"}) == ()


def test_github_s_own_address_tells_a_login(folder: Path) -> None:
    wrote(folder, "Ada <7+ada-b@users.noreply.github.com>")
    assert "ada-b" in authors(folder, {**PLAIN, "GITHUB_TRIGGERING_ACTOR": "ada-b"})


@pytest.mark.parametrize(
    ("environ", "names"),
    [
        ({}, ()),
        ({"GITHUB_TRIGGERING_ACTOR": "ben"}, ("ben",)),
        ({"GITLAB_USER_LOGIN": "ben", "GITLAB_USER_NAME": "Ben"}, ("ben", "Ben")),
        ({"REDCAP_IAC_APPROVER": "ben, ben@example.org", "GITLAB_USER_LOGIN": "x"},
         ("ben", "ben@example.org")),
    ],
)  # fmt: skip
def test_who_approved_is_known_by_every_name(
    environ: dict[str, str], names: tuple[str, ...]
) -> None:
    assert approvers(environ) == names
