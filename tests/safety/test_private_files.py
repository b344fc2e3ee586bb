from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

from redcap_iac.errors import GuardError, RedcapIacError
from redcap_iac.safety.private_files import NewFile, write_private

on_posix = pytest.mark.skipif(sys.platform == "win32", reason="modes mean nothing there")


@on_posix
def test_an_older_file_open_to_all_becomes_private(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text("old")
    path.chmod(0o644)
    write_private(path, "new")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text() == "new"


def test_nothing_else_is_left_beside_it(tmp_path: Path) -> None:
    write_private(tmp_path / "plan.json", "new")
    assert [path.name for path in tmp_path.iterdir()] == ["plan.json"]


def test_a_file_that_cannot_be_replaced_leaves_nothing_beside_it(tmp_path: Path) -> None:
    (tmp_path / "plan.json").mkdir()
    with pytest.raises(RedcapIacError, match="cannot be written"):
        write_private(tmp_path / "plan.json", "new")
    assert [path.name for path in tmp_path.iterdir()] == ["plan.json"]


def test_half_a_letter_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(RedcapIacError, match="half a letter"):
        write_private(tmp_path / "plan.json", "\ud800")
    assert list(tmp_path.iterdir()) == []


def test_a_new_file_that_is_dropped_is_gone(tmp_path: Path) -> None:
    NewFile(tmp_path / "a.token").drop()
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_was_filled_is_not_dropped(tmp_path: Path) -> None:
    new = NewFile(tmp_path / "a.token")
    new.fill("text")
    new.drop()
    assert (tmp_path / "a.token").read_text() == "text"


@on_posix
def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "a.token").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(GuardError, match="is there already"):
        NewFile(tmp_path / "a.token")
    assert not (tmp_path / "elsewhere").exists()
