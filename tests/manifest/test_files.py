"""Files are read by their path inside the folder, and nothing outside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from redcap_iac.manifest.files import Folder, OutsideError, Recorded, inside


@pytest.mark.parametrize(
    ("path", "expected"), [("a.yaml", "a.yaml"), ("./b/../c/d", "c/d"), ("a//b", "a/b"), (".", "")]
)
def test_a_path_is_worked_out(path: str, expected: str) -> None:
    assert inside(path) == expected


@pytest.mark.parametrize("path", ["/a", "..", "a/../..", "~/a", "~root", "C:/a", "a\\b"])
def test_a_path_that_leaves_is_refused(path: str) -> None:
    with pytest.raises(OutsideError):
        inside(path)


def test_a_link_that_leaves_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "a").touch()
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "link").symlink_to(tmp_path / "outside")
    with pytest.raises(OutsideError):
        Folder(tmp_path / "p").read("link/a")


def test_a_link_that_stays_is_followed(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x")
    (tmp_path / "link").symlink_to("a")
    assert Folder(tmp_path).read("link") == b"x"


def test_hidden_files_and_folders_are_not_listed(tmp_path: Path) -> None:
    for name in (".git/x", "b/.hidden", "b/c", "a"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert Folder(tmp_path).paths() == ("a", "b/c")


def test_a_digest_does_not_depend_on_the_order_of_reading(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"1")
    (tmp_path / "b").write_bytes(b"2")
    digests = []
    for order in ("ab", "ba"):
        recorded = Recorded(Folder(tmp_path))
        for name in order:
            recorded.read(name)
        assert recorded.names() == tuple(order)
        digests.append(recorded.digest())
    assert digests[0] == digests[1]


def test_a_digest_tells_a_name_from_bytes(tmp_path: Path) -> None:
    digests = set()
    for name, data in (("a", b"bc"), ("ab", b"c"), ("a", b"c")):
        (tmp_path / name).write_bytes(data)
        recorded = Recorded(Folder(tmp_path))
        recorded.read(name)
        digests.add(recorded.digest())
    assert len(digests) == 3
