"""The folder of backups and journals: its owner's alone, unseen by git, one run at a time."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from redcap_iac.errors import GuardError
from redcap_iac.safety.state_folder import BACKUPS, alone, new_folder, prepared


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_it_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    place = prepared(tmp_path / "state", BACKUPS)
    assert (mode(tmp_path / "state"), mode(place)) == (0o700, 0o700)
    assert mode(tmp_path / "state" / ".gitignore") == 0o600


def test_git_does_not_see_it(tmp_path: Path) -> None:
    prepared(tmp_path / "state")
    assert "*" in (tmp_path / "state" / ".gitignore").read_text().splitlines()


def test_a_gitignore_of_the_person_stays(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("mine\n")
    prepared(tmp_path)
    assert (tmp_path / ".gitignore").read_text() == "mine\n"


def test_proving_it_leaves_nothing_behind(tmp_path: Path) -> None:
    place = prepared(tmp_path / "state", BACKUPS)
    assert list(place.iterdir()) == []


def test_a_file_in_its_place_is_a_refusal(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("")
    with pytest.raises(GuardError, match="cannot be written") as caught:
        prepared(tmp_path / "state")
    assert caught.value.exit_code == 3
    assert "state_dir" in caught.value.advice


def test_a_full_disk_is_a_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(GuardError, match="No space left on device"):
        prepared(tmp_path / "state")
    assert list((tmp_path / "state").glob(".probe*")) == []


def test_folders_of_one_second_are_told_apart(tmp_path: Path) -> None:
    assert [new_folder(tmp_path, "one").name for _ in range(3)] == ["one", "one-2", "one-3"]


def test_a_second_run_on_the_same_project_is_refused(tmp_path: Path) -> None:
    with (
        alone(tmp_path, "here-17"),
        pytest.raises(GuardError, match=f"process {os.getpid()} on "),
        alone(tmp_path, "here-17"),
    ):
        pass


def test_another_project_is_free(tmp_path: Path) -> None:
    with alone(tmp_path, "here-17"), alone(tmp_path, "here-18"):
        assert (tmp_path / "here-18.lock").exists()


def test_afterwards_it_is_free_again(tmp_path: Path) -> None:
    for _ in range(2):
        with alone(tmp_path, "here-17"):
            assert mode(tmp_path / "here-17.lock") == 0o600


def test_what_a_killed_process_held_is_free(tmp_path: Path) -> None:
    script = (
        "import os, signal, sys; from pathlib import Path\n"
        "from redcap_iac.safety.state_folder import alone\n"
        "with alone(Path(sys.argv[1]), 'here-17'):\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    ended = subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False)
    assert ended.returncode == -9
    assert (tmp_path / "here-17.lock").read_text() != ""
    with alone(tmp_path, "here-17"):
        assert str(os.getpid()) in (tmp_path / "here-17.lock").read_text()


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_lock_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.write_text("keep me")
    root = prepared(tmp_path / "state")
    (root / "here-17.lock").symlink_to(theirs)
    with pytest.raises(GuardError, match="cannot be written"), alone(root, "here-17"):
        pass
    assert theirs.read_text() == "keep me"
