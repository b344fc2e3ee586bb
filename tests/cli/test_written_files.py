"""Files are put in place all together or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from redcap_iac.cli.written_files import put_in_place, refuse_existing
from redcap_iac.errors import GuardError, RedcapIacError


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_files_are_written_into_a_new_folder(tmp_path: Path) -> None:
    put_in_place(tmp_path / "a" / "b", {"x": b"1", "c/y": b"2"})

    assert files_of(tmp_path) == {"a/b/x": b"1", "a/b/c/y": b"2"}


def test_nothing_else_is_left_behind(tmp_path: Path) -> None:
    put_in_place(tmp_path, {"x": b"1"})

    assert [path.name for path in tmp_path.iterdir()] == ["x"]


def test_a_file_that_is_there_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"old")

    put_in_place(tmp_path, {"x": b"new"})

    assert files_of(tmp_path) == {"x": b"new"}


def test_when_one_cannot_be_placed_all_is_as_before(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"old")
    (tmp_path / "z").mkdir()
    (tmp_path / "z" / "w").write_bytes(b"there")
    (tmp_path / "blocked").write_bytes(b"a file where a folder has to be")

    with pytest.raises(RedcapIacError, match="Nothing was written"):
        put_in_place(tmp_path, {"x": b"new", "n/m": b"new", "blocked/y": b"new"})

    assert files_of(tmp_path) == {
        "x": b"old", "z/w": b"there", "blocked": b"a file where a folder has to be",
    }  # fmt: skip
    assert not (tmp_path / "n").exists()


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(RedcapIacError, match="Nothing was written"):
        put_in_place(tmp_path / "file" / "folder", {"x": b"1"})


def test_what_is_there_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x").symlink_to(tmp_path / "nowhere")

    with pytest.raises(GuardError, match="is there already"):
        refuse_existing(tmp_path, {"x": b""}, "Name another.")


def test_what_is_not_there_is_not_refused(tmp_path: Path) -> None:
    refuse_existing(tmp_path, {"x": b""}, "")

    assert list(tmp_path.iterdir()) == []
