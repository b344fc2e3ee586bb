"""Merged files put in place."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

from redcap_iac.errors import GuardError, RedcapIacError
from redcap_iac.workflow.placing import kept_copies, place, require_writable


def test_files_are_changed_made_and_taken_away(tmp_path: Path) -> None:
    (tmp_path / "old.yaml").write_bytes(b"old")
    (tmp_path / "gone.yaml").write_bytes(b"gone")
    place(tmp_path, {"old.yaml": b"new", "more/new.yaml": b"made", "gone.yaml": None})
    assert {
        path.relative_to(tmp_path).as_posix(): path.read_bytes()
        for path in tmp_path.rglob("*")
        if path.is_file()
    } == {"old.yaml": b"new", "more/new.yaml": b"made"}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_a_file_keeps_its_rights(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"old")
    path.chmod(0o640)
    place(tmp_path, {"a.yaml": b"new", "b.yaml": b"new"})
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert stat.S_IMODE((tmp_path / "b.yaml").stat().st_mode) == 0o600


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
def test_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "real.yaml").write_bytes(b"old")
    (tmp_path / "link.yaml").symlink_to("real.yaml")
    place(tmp_path, {"link.yaml": b"new"})
    assert (tmp_path / "link.yaml").is_symlink()
    assert (tmp_path / "real.yaml").read_bytes() == b"new"


def test_nothing_is_changed_when_a_file_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"old")
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(RedcapIacError, match="cannot be written"):
        place(tmp_path, {"a.yaml": b"new", "file/b.yaml": b"new"})
    assert (tmp_path / "a.yaml").read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.yaml", "file"]


def test_a_file_changed_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"mine")
    with pytest.raises(GuardError, match=r"a\.yaml changed while REDCap was read"):
        require_writable(tmp_path, {"a.yaml": b"old"})


def test_a_file_made_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"mine")
    with pytest.raises(GuardError, match=r"a\.yaml changed while"):
        require_writable(tmp_path, {"a.yaml": None})


def test_old_files_are_kept_under_their_paths(tmp_path: Path) -> None:
    kept = kept_copies(tmp_path / "state", "now", {"more/a.yaml": b"old", "new.yaml": None})
    assert (kept / "more/a.yaml").read_bytes() == b"old"
    assert not (kept / "new.yaml").exists()
