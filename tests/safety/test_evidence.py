"""Evidence: any altered byte, any file that comes or goes, any bundle taken out shows."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redcap_iac.errors import RedcapIacError
from redcap_iac.safety.evidence import HEAD, MANIFEST, Bundle, bundles, check, write_bundle

FILES = {"plan.json": b'{"id": "x"}\n', "before/metadata.json": b"[]\n", "journal.jsonl": b"a\nb\n"}
ABOUT = {"created": "2026-03-14T15:09:26Z", "how": "done"}


def three(parent: Path) -> list[Bundle]:
    """Write a chain of three bundles."""
    return [
        write_bundle(
            parent, f"2026031{n}T000000Z-17-abc", {**FILES, "n.txt": str(n).encode()}, ABOUT
        )
        for n in (1, 2, 3)
    ]


def test_a_chain_as_written_is_whole(tmp_path: Path) -> None:
    written = three(tmp_path)
    checked = check(tmp_path)
    assert checked.problems == ()
    assert [bundle.digest for bundle in checked.bundles] == [bundle.digest for bundle in written]
    assert checked.files == 3 * 5


def test_each_bundle_names_the_one_before(tmp_path: Path) -> None:
    first, second, third = three(tmp_path)
    assert first.body["previous"] is None
    assert second.body["previous"] == {"name": first.folder.name, "sha256": first.digest}
    assert third.body["previous"] == {"name": second.folder.name, "sha256": second.digest}


def test_a_state_folder_and_one_bundle_can_be_checked_too(tmp_path: Path) -> None:
    parent = tmp_path / "evidence"
    parent.mkdir()
    written = three(parent)
    assert check(tmp_path).problems == ()
    assert check(written[1].folder).problems == ()
    assert check(written[1].folder).files == 5


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three bundles that every example alters and puts back: writing them waits for the disk."""
    parent = tmp_path_factory.mktemp("evidence")
    three(parent)
    return parent


def problems_with(chain: Path, path: Path, content: bytes) -> tuple[str, ...]:
    """Return what a check finds while a file holds something else."""
    as_written = path.read_bytes()
    path.write_bytes(content)
    try:
        return check(chain).problems
    finally:
        path.write_bytes(as_written)


def files_of(chain: Path) -> list[Path]:
    return sorted(path for path in chain.rglob("*") if path.is_file())


@given(data=st.data())
def test_any_altered_byte_is_found(chain: Path, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(files_of(chain)))
    content = bytearray(path.read_bytes())
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    assert problems_with(chain, path, bytes(content))


@given(data=st.data())
def test_any_added_or_lost_byte_is_found(chain: Path, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(files_of(chain)))
    content = path.read_bytes()
    place = data.draw(st.integers(0, len(content) - 1))
    longer = content[:place] + b" " + content[place:]
    shorter = content[:place] + content[place + 1 :]
    assert problems_with(chain, path, data.draw(st.sampled_from([longer, shorter])))


def test_what_was_put_back_is_whole_again(chain: Path) -> None:
    assert problems_with(chain, files_of(chain)[0], b"x")
    assert check(chain).problems == ()


def _lose(parent: Path) -> None:
    next(parent.glob("*/plan.json")).unlink()


def _add(parent: Path) -> None:
    (next(parent.glob("*/before")) / "new.json").write_text("{}", encoding="utf-8")


def _lose_manifest(parent: Path) -> None:
    next(parent.glob(f"*/{MANIFEST}")).unlink()


def _lose_first(parent: Path) -> None:
    shutil.rmtree(min(path for path in parent.iterdir() if path.is_dir()))


def _lose_middle(parent: Path) -> None:
    shutil.rmtree(sorted(path for path in parent.iterdir() if path.is_dir())[1])


def _lose_last(parent: Path) -> None:
    shutil.rmtree(max(path for path in parent.iterdir() if path.is_dir()))


def _lose_head(parent: Path) -> None:
    (parent / HEAD).unlink()


def _resign(parent: Path) -> None:
    """Alter a file and its digest, but not the chain."""
    manifest = min(parent.glob(f"*/{MANIFEST}"))
    body = json.loads(manifest.read_text(encoding="utf-8"))
    body["how"] = "failed"
    manifest.write_text(json.dumps(body, indent=1, sort_keys=True) + "\n", encoding="utf-8")


@pytest.mark.parametrize(
    "act",
    [_lose, _add, _lose_manifest, _lose_first, _lose_middle, _lose_last, _lose_head, _resign],
)
def test_what_is_lost_added_or_signed_anew_is_found(
    tmp_path: Path, act: Callable[[Path], None]
) -> None:
    three(tmp_path)
    act(tmp_path)
    assert check(tmp_path).problems


def test_an_altered_bundle_before_is_found_from_the_one_after(tmp_path: Path) -> None:
    _, second, _ = three(tmp_path)
    _resign(tmp_path)
    (problem,) = check(second.folder).problems
    assert "the bundle before it" in problem


def test_a_damaged_head_stops_the_next_bundle(tmp_path: Path) -> None:
    three(tmp_path)
    (tmp_path / HEAD).write_text("{", encoding="utf-8")
    with pytest.raises(RedcapIacError, match=r"head\.json was altered"):
        write_bundle(tmp_path, "20260314T000000Z-17-abc", FILES, ABOUT)


def test_bundles_of_the_same_second_follow_each_other(tmp_path: Path) -> None:
    names = [write_bundle(tmp_path, "same", FILES, ABOUT).folder.name for _ in range(12)]
    assert len(set(names)) == 12
    assert check(tmp_path).problems == ()


def test_without_evidence_it_is_said(tmp_path: Path) -> None:
    with pytest.raises(RedcapIacError, match="There is no evidence"):
        check(tmp_path)


def test_a_bundle_nobody_can_read_is_left_out_of_the_list(tmp_path: Path) -> None:
    first, *_ = three(tmp_path)
    (first.folder / MANIFEST).write_text("{", encoding="utf-8")
    assert len(bundles(tmp_path)) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
@pytest.mark.parametrize("name", ["plan.json", MANIFEST, "before"])
def test_a_link_in_the_place_of_what_was_written_is_found(tmp_path: Path, name: str) -> None:
    parent = tmp_path / "evidence"
    parent.mkdir()
    first, *_ = three(parent)
    place = first.folder / name
    place.rename(tmp_path / "elsewhere")
    place.symlink_to(tmp_path / "elsewhere")
    assert check(parent).problems


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes there")
def test_a_pipe_in_the_place_of_a_file_is_found_without_waiting(tmp_path: Path) -> None:
    first, *_ = three(tmp_path)
    (first.folder / "plan.json").unlink()
    os.mkfifo(first.folder / "plan.json")
    assert check(tmp_path).problems == (f"{first.folder.name}: plan.json is missing",)
