"""Files replaced whole or not at all."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from redcap_iac.manifest.replacing import replace_files


def test_files_get_their_new_bytes_and_nothing_is_left_beside_them(tmp_path: Path) -> None:
    (tmp_path / "instruments").mkdir()
    for name in ("redcap.yaml", "instruments/a.yaml"):
        (tmp_path / name).write_bytes(b"old")
    replace_files(tmp_path, {"redcap.yaml": b"new", "instruments/a.yaml": b"newer\r\n"})
    assert (tmp_path / "redcap.yaml").read_bytes() == b"new"
    assert (tmp_path / "instruments/a.yaml").read_bytes() == b"newer\r\n"
    assert len([one for one in tmp_path.rglob("*") if one.is_file()]) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="rights are another thing there")
def test_a_file_keeps_its_rights(tmp_path: Path) -> None:
    path = tmp_path / "redcap.yaml"
    path.write_bytes(b"old")
    path.chmod(0o640)
    replace_files(tmp_path, {"redcap.yaml": b"new"})
    assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
def test_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "shared.yaml").write_bytes(b"old")
    (tmp_path / "redcap.yaml").symlink_to("shared.yaml")
    replace_files(tmp_path, {"redcap.yaml": b"new"})
    assert (tmp_path / "redcap.yaml").is_symlink()
    assert (tmp_path / "shared.yaml").read_bytes() == b"new"


def test_when_one_cannot_be_written_all_stay_as_they_were(tmp_path: Path) -> None:
    (tmp_path / "redcap.yaml").write_bytes(b"old")
    with pytest.raises(OSError, match="gone"):
        replace_files(tmp_path, {"redcap.yaml": b"new", "gone/a.yaml": b"new"})
    assert (tmp_path / "redcap.yaml").read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [tmp_path / "redcap.yaml"]
