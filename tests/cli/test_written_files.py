"""Files are put in place all together or not at all."""

from __future__ import annotations

from collections.abc import Callable
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


class _Interrupted:
    """Stands in for a method of Path: the second call of it is interrupted, by Ctrl-C or so."""

    def __init__(self, method: Callable[[Path, Path], Path], error: BaseException) -> None:
        self._method = method
        self._error = error
        self.calls = 0

    def __call__(self, path: Path, target: Path) -> Path:
        self.calls += 1
        if self.calls == 2:
            raise self._error
        return self._method(path, target)


@pytest.mark.parametrize("method", ["rename", "replace"])
def test_an_interruption_leaves_everything_as_it_was(
    method: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {"x": b"old x", "y": b"old y"}
    put_in_place(tmp_path, before)
    interrupted = _Interrupted(getattr(Path, method), KeyboardInterrupt())
    monkeypatch.setattr(Path, method, lambda path, target: interrupted(path, target))  # noqa: PLW0108 - only a function is bound to its path

    with pytest.raises(KeyboardInterrupt):
        put_in_place(tmp_path, {"x": b"new", "sub/z": b"new", "y": b"new"})

    assert files_of(tmp_path) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x", "y"]


def test_a_full_disk_leaves_no_empty_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_path: Path, _data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)

    with pytest.raises(RedcapIacError, match="No space left on device"):
        put_in_place(tmp_path / "a" / "b", {"x": b"1"})

    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_put_back_is_kept_and_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_in_place(tmp_path, {"x": b"old"})
    rename = Path.rename

    def stuck(path: Path, target: Path) -> Path:
        if path.parent.name == "old":
            raise PermissionError(13, "Permission denied")
        return rename(path, target)

    def refused(_path: Path, _target: Path) -> Path:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "rename", stuck)
    monkeypatch.setattr(Path, "replace", refused)

    with pytest.raises(RedcapIacError, match="put back") as told:
        put_in_place(tmp_path, {"x": b"new"})

    [kept] = files_of(tmp_path).items()
    assert kept[1] == b"old"
    assert kept[0].removesuffix("/x") in str(told.value.advice)
