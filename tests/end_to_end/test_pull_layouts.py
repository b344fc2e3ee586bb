"""`pull` into folders that people wrote by hand: what REDCap changed goes in, no style is lost.

Each folder below `layouts/` is a way of writing; some are merged with other line ends or marks too.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from difflib import ndiff
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from redcap_iac.edits import Edit, SetCell
from redcap_iac.emulator.server import Emulator
from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.manifest.editing import rewritten
from redcap_iac.manifest.files import Folder
from redcap_iac.manifest.formatting import formatted
from redcap_iac.manifest.loader import load
from redcap_iac.merging.renames import Consent
from redcap_iac.workflow.placing import place
from tests.emulator.conftest import fixed_clock
from tests.emulator.served import new_project
from tests.end_to_end import outside
from tests.end_to_end.merging import Kept

LAYOUTS = Path(__file__).parent / "layouts"
#: Changes that take an entry with its comments away, or put it elsewhere.
TAKING = (outside.field_removed, outside.instrument_removed, outside.choice_removed,
          outside.designation, outside.group_removed, outside.event_renamed)  # fmt: skip
#: What one merge in the suite is about; each change by itself was tried by hand.
TOGETHER = (
    outside.label, outside.choice_added, outside.choice_relabelled, outside.field_added,
    outside.branching, outside.instrument_added, outside.event_added, outside.repeat_label,
    outside.role_right, outside.user_expiry, outside.group_added,
)  # fmt: skip


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    one = Emulator(None, clock=fixed_clock, chance=Random(1))
    one.start()
    yield one
    one.stop()


def as_written(name: str) -> dict[str, bytes]:
    """Return the files of a layout by path."""
    folder = LAYOUTS / name
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def comments(files: Mapping[str, bytes]) -> list[str]:
    """Return what stands behind a `#`, from every file; texts hold none in the layouts."""
    found = [
        line.strip()
        for name, data in files.items()
        if name.endswith((".yaml", ".yml"))
        for line in re.findall(r"(?:^|\s)(#[^\r\n]*)", data.decode("utf-8-sig"), re.MULTILINE)
    ]
    return sorted(found)


def gone(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> list[str]:
    """Return the lines that are not there any more."""
    return [
        line[2:]
        for name, data in before.items()
        for line in ndiff(
            data.decode().splitlines(keepends=True),
            after.get(name, b"").decode().splitlines(keepends=True),
        )
        if line.startswith("- ")
    ]


def formatted_means_the_same(folder: Path) -> None:
    """Lay every file of a folder out anew: what is declared stays, and what is said beside it."""
    before, said = load(folder).desired.state, comments(files_of(folder))
    made = {
        name: formatted(data, name)
        for name, data in files_of(folder).items()
        if name.endswith((".yaml", ".yml"))
    }
    place(folder, made)
    assert load(folder).desired.state == before
    assert comments(files_of(folder)) == said


def crlf(data: bytes) -> bytes:
    return data.replace(b"\n", b"\r\n")


def marked(data: bytes) -> bytes:
    return b"\xef\xbb\xbf" + data


def open_ended(data: bytes) -> bytes:
    return data.rstrip(b"\n")


def plain(data: bytes) -> bytes:
    return data


def kept_of(
    emulator: Emulator, folder: Path, name: str, told: Callable[[bytes], bytes] = plain
) -> Kept:
    """Apply a layout to a project of its own."""
    files = {path: told(data).decode() for path, data in as_written(name).items()}
    return Kept.of(new_project(emulator), folder, files)


NAMES = sorted(path.name for path in LAYOUTS.iterdir())
WRITTEN = [(name, plain) for name in NAMES] + [
    ("comments", crlf), ("csv_and_yaml", marked), ("flow_maps", open_ended),
]  # fmt: skip


@pytest.mark.parametrize(("name", "told"), WRITTEN)
def test_what_changed_in_redcap_comes_in_and_no_comment_goes(
    emulator: Emulator, tmp_path: Path, name: str, told: Callable[[bytes], bytes]
) -> None:
    kept = kept_of(emulator, tmp_path, name, told)
    before = files_of(tmp_path)
    made = [change for change in TOGETHER if change(kept)]
    pulled = kept.pull(consent=Consent(all=True))
    after = files_of(tmp_path)
    assert (pulled.conflicts, pulled.waiting) == ((), ())
    assert kept.left() == []
    assert comments(after) == comments(before)
    assert len(gone(before, after)) <= 2 * len(made)
    for path in before.keys() & after.keys():
        ends = {b"\r\n"} if told is crlf else {b"\n"}
        assert set(re.findall(rb"\r\n|\n", after[path])) == ends
        assert after[path].startswith(b"\xef\xbb\xbf") == (told is marked)
    formatted_means_the_same(tmp_path)


@pytest.mark.parametrize("name", ["access", "comments", "dense", "files_and_patterns", "one_csv"])
def test_what_went_from_redcap_goes_alone(emulator: Emulator, tmp_path: Path, name: str) -> None:
    kept = kept_of(emulator, tmp_path, name)
    assert outside.instrument_removed(kept)
    others = {one for one in comments(files_of(tmp_path)) if "x-" not in one}
    outside.group_removed(kept)
    pulled = kept.pull(consent=Consent(all=True))
    assert (pulled.conflicts, kept.left()) == ((), [])
    assert set(comments(files_of(tmp_path))) <= others
    assert kept.pull().after == {}


SLOWLY = settings(
    max_examples=5, deadline=None, derandomize=True, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)  # fmt: skip


def own_work(kept: Kept, chance: Random) -> dict[str, str]:
    """Give some fields another label or note in the files; return the labels by field."""
    fields = load(kept.folder).desired.state.kinds["fields"]
    labels: dict[str, str] = {}
    edits: list[Edit] = []
    for one in chance.sample(fields, chance.randint(0, 3)):
        assert isinstance(one, Field)
        labels[one.field_name] = f"{one.field_label}: our words"
        edits.append(SetCell(one.field_name, "field_label", labels[one.field_name]))
    place(kept.folder, rewritten(Folder(kept.folder), edits))
    return labels


@SLOWLY
@given(seed=st.integers(0, 100_000))
def test_own_work_in_any_layout_is_kept_or_told(emulator: Emulator, seed: int) -> None:
    chance = Random(seed)
    with tempfile.TemporaryDirectory() as root:
        kept = kept_of(emulator, Path(root), chance.choice(NAMES))
        own = own_work(kept, chance)
        before = files_of(kept.folder)
        made = [change for change in chance.sample(outside.CHANGES, 4) if change(kept)]
        pulled = kept.pull(consent=Consent(all=False))
        after = files_of(kept.folder)
        now = {getattr(f, "field_name", ""): getattr(f, "field_label", "")
               for f in load(kept.folder).desired.state.kinds["fields"]}  # fmt: skip
        assert {name: now.get(name) for name in own} == own
        waiting = {one.address for one in pulled.waiting}
        assert {one for one in waiting if one.startswith("field/")} <= {f"field/{n}" for n in own}
        assert set(kept.left()) <= {
            *waiting,
            *(one.address for one in pulled.conflicts),
            *(f"field/{one.key.removeprefix('field/')}" for one in pulled.conflicts),
        }
        if not set(made) & set(TAKING):
            assert comments(after) == comments(before)
        assert kept.pull(consent=Consent(all=False)).after == {}
