"""Evidence: any altered byte, any file that comes or goes, any bundle taken out shows."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

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


@given(data=st.data())
def test_any_altered_byte_is_found(data: st.DataObject) -> None:
    with TemporaryDirectory() as folder:
        parent = Path(folder)
        three(parent)
        files = sorted(path for path in parent.rglob("*") if path.is_file())
        path = data.draw(st.sampled_from(files))
        content = bytearray(path.read_bytes())
        place = data.draw(st.integers(0, len(content) - 1))
        content[place] ^= data.draw(st.integers(1, 255))
        path.write_bytes(bytes(content))
        assert check(parent).problems


@given(data=st.data())
def test_any_added_or_lost_byte_is_found(data: st.DataObject) -> None:
    with TemporaryDirectory() as folder:
        parent = Path(folder)
        three(parent)
        files = sorted(path for path in parent.rglob("*") if path.is_file())
        path = data.draw(st.sampled_from(files))
        content = path.read_bytes()
        place = data.draw(st.integers(0, len(content) - 1))
        longer = content[:place] + b" " + content[place:]
        path.write_bytes(
            data.draw(st.sampled_from([longer, content[:place] + content[place + 1 :]]))
        )
        assert check(parent).problems


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
