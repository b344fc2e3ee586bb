"""Merged files put in place."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
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


FILES: dict[str, bytes | None] = {
    "a.yaml": b"new a", "m/new.yaml": b"new", "redcap.yaml": b"new root", "z.yaml": b"new z",
    "gone.yaml": None,
}  # fmt: skip


def old_files(folder: Path) -> dict[str, bytes]:
    """Write the files that `FILES` changes, and return them."""
    old = {"a.yaml": b"a", "redcap.yaml": b"root", "z.yaml": b"z", "gone.yaml": b"gone"}
    (folder / "m").mkdir()
    for name, data in old.items():
        (folder / name).write_bytes(data)
    return old


def found(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize("number", range(4))
def test_a_step_that_fails_is_taken_back_with_those_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    old, real, steps = old_files(tmp_path), Path.replace, iter(range(100))

    def replace(self: Path, target: Path) -> Path:
        if next(steps) == number:
            raise PermissionError(errno.EACCES, "Permission denied", str(self), None, str(target))
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(RedcapIacError, match=r"yaml cannot be written: Permission denied\."):
        place(tmp_path, FILES)
    assert found(tmp_path) == old


def test_a_file_that_cannot_go_takes_the_others_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, real = old_files(tmp_path), Path.unlink

    def unlink(self: Path, missing_ok: bool = False) -> None:
        if self.name == "gone.yaml":
            raise PermissionError(errno.EACCES, "Permission denied", str(self))
        real(self, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", unlink)
    with pytest.raises(RedcapIacError, match=r"gone\.yaml cannot be written"):
        place(tmp_path, FILES)
    assert found(tmp_path) == old


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old, real, steps = old_files(tmp_path), os.fsync, iter(range(100))

    def full(descriptor: int) -> None:
        if next(steps) == 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(RedcapIacError, match="No space left on device"):
        place(tmp_path, FILES)
    assert found(tmp_path) == old


def test_what_a_killed_run_left_is_no_hindrance(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"old")
    (tmp_path / f".a.yaml.{os.getpid()}").write_bytes(b"half")
    place(tmp_path, {"a.yaml": b"new"})
    assert found(tmp_path) == {"a.yaml": b"new"}


#: Places `FILES` in a folder and dies at one of its steps, as with `kill -9`.
DYING = """
import os, sys
from pathlib import Path
from redcap_iac.workflow.placing import place
from tests.merging.test_placing import FILES
real, steps = Path.replace, iter(range(100))
def replace(self, target):
    if next(steps) == int(sys.argv[2]):
        os._exit(9)
    return real(self, target)
Path.replace = replace
place(Path(sys.argv[1]), FILES)
"""


@pytest.mark.parametrize("number", [1, 3])
def test_a_run_killed_between_leaves_whole_files_and_names_nothing_missing(
    tmp_path: Path, number: int
) -> None:
    old = old_files(tmp_path)
    ran = subprocess.run(
        [sys.executable, "-c", DYING, str(tmp_path), str(number)],
        check=False, capture_output=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert ran.returncode == 9, ran.stderr
    there = {name: data for name, data in found(tmp_path).items() if Path(name).name[0] != "."}
    assert there["m/new.yaml"] == b"new"  # first, so that nothing names what is not there
    assert there["redcap.yaml"] == b"root"  # last
    assert all(data in (old.get(name), FILES.get(name)) for name, data in there.items())
    place(tmp_path, FILES)
    assert (tmp_path / "redcap.yaml").read_bytes() == b"new root"


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
def test_nothing_is_written_behind_a_link_that_leads_out(tmp_path: Path) -> None:
    for name in ("project", "elsewhere"):
        (tmp_path / name).mkdir()
    (tmp_path / "project/instruments").symlink_to("../elsewhere")
    with pytest.raises(GuardError, match=r"instruments/a\.yaml is behind a link that leads out"):
        require_writable(tmp_path / "project", {"instruments/a.yaml": None})
