"""Random triples of base, files and REDCap: a merge loses no work, and takes what is REDCap's."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from redcap_iac.emulator.server import Emulator
from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.kinds.dictionary.normal import aspects
from redcap_iac.manifest.loader import load
from redcap_iac.manifest.writer import write
from redcap_iac.merging.renames import Consent
from redcap_iac.workflow.pulling import Pulled
from tests.emulator.conftest import fixed_clock
from tests.emulator.served import new_project
from tests.end_to_end import pairs
from tests.end_to_end.merging import Kept
from tests.end_to_end.pairs import Pair, made_pair
from tests.end_to_end.study import Study

#: Each example makes a project and merges into it; more of them were run by hand.
SLOWLY = settings(
    max_examples=10, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)  # fmt: skip
#: Which edits fit into one design after another's: hints are the manifest's alone.
IN_REDCAP = [
    edit
    for edit in pairs.EDITS
    if edit.__name__
    not in ("rename_field", "rename_form", "recode_choice", "rename_event", "classic",
            "longitudinal")
]  # fmt: skip


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    one = Emulator(None, clock=fixed_clock, chance=Random(1))
    one.start()
    yield one
    one.stop()


def edited(before: dict[str, Any], seed: int) -> dict[str, Any]:
    """Return the design after a few edits such as REDCap's own pages make."""
    chance = Random(seed)
    pair = Pair(before, deepcopy(before))
    for _ in range(chance.randint(1, 5)):
        chance.choice(IN_REDCAP)(chance, pair)
    pairs.tidy(pair)
    return pair.after


def commented(files: dict[str, str]) -> dict[str, str]:
    """Return files with a comment above every field and behind every label."""
    found = {}
    for name, text in files.items():
        lines = []
        for line in text.split("\n"):
            if re.fullmatch(r"  \w+:", line) and name != "redcap.yaml":
                lines.append(f"  # about {line.strip(' :')}")
            lines.append(f"{line}   # said" if re.fullmatch(r"    label: .*", line) else line)
        found[name] = "\n".join(lines)
    return found


def merged(emulator: Emulator, root: Path, pair: Pair, live: dict[str, Any]) -> tuple[Kept, Pulled]:
    """Merge a project that was made from one design into files of another."""
    project = new_project(emulator)
    there = Study(project, root / "there")
    there.folder.mkdir()
    there.converge({**live, "manage": {"users": "additive"}})
    base = root / "base"
    base.mkdir()
    kept = Kept(Study(project, base))
    kept.write(write(pair.before))
    before = load(base).desired
    (root / "files").mkdir()
    kept = Kept(Study(project, root / "files"), before)
    kept.write(commented(write(pair.after)))
    return kept, kept.pull(consent=Consent(all=False))


def comments(folder: Path) -> list[str]:
    return [
        line.strip()
        for path in folder.rglob("*.yaml")
        for line in path.read_text().splitlines()
        if line.strip().startswith("# about")
    ]


def rows(folder: Path) -> dict[str, Field]:
    return {
        field.field_name: field
        for field in load(folder).desired.state.kinds["fields"]
        if isinstance(field, Field)
    }


def said_of(field: Field) -> tuple[object, ...]:
    """Return what is set in a field but its instrument, which may be renamed here."""
    return tuple(part for part in aspects(field) if part[0] != "instrument")


def merging_was_right(pair: Pair, kept: Kept, pulled: Pulled) -> None:
    """Compare every field that one side alone changed with that side's."""
    root = kept.folder.parent
    (root / "mine").mkdir()
    for name, text in write(pair.after).items():
        path = root / "mine" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    base, mine, there, now = (
        {name: said_of(field) for name, field in rows(root / side).items()}
        for side in ("base", "mine", "there", "files")
    )
    open_ = {one.key for one in pulled.conflicts if one.kind == "fields"}
    for name in base.keys() & mine.keys() & there.keys() - open_:
        if there[name] == base[name]:
            assert now[name] == mine[name]
        elif mine[name] == base[name]:
            assert now[name] == there[name]
    for name in (base.keys() - there.keys()) & mine.keys() - open_:
        assert (name in now) == (mine[name] != base[name])
    for name in mine.keys() - base.keys() - there.keys() - set(pair.fields.values()):
        assert now[name] == mine[name]


@SLOWLY
@given(seed=st.integers(0, 100_000))
def test_what_is_left_after_a_merge_is_own_work_or_open(emulator: Emulator, seed: int) -> None:
    pair = made_pair(seed)
    live = edited(pair.before, seed + 1)
    with tempfile.TemporaryDirectory() as root:
        kept, pulled = merged(emulator, Path(root), pair, live)
        assert pulled.waiting or pulled.conflicts or kept.left() == []
        merging_was_right(pair, kept, pulled)
        again = kept.pull(consent=Consent(all=False))
        assert again.taken == ()
        names = {
            getattr(field, "field_name", "")
            for field in load(kept.folder).desired.state.kinds["fields"]
        }
        own = {name for form in pair.after["instruments"] for name in form["fields"]}
        there = comments(kept.folder)
        assert {f"# about {name}" for name in names & own} <= set(there)


@SLOWLY
@given(seed=st.integers(0, 100_000))
def test_changes_to_different_fields_never_conflict(emulator: Emulator, seed: int) -> None:
    chance = Random(seed)
    before = pairs.first_design(chance)
    mine, live = deepcopy(before), deepcopy(before)
    for name, (_, one) in pairs.fields_of(before).items():
        side = mine if chance.random() < 0.5 else live
        pairs.fields_of(side)[name][1]["label"] = f"{one['label']} (changed)"
    with tempfile.TemporaryDirectory() as root:
        kept, pulled = merged(emulator, Path(root), Pair(before, mine), live)
        assert pulled.conflicts == ()
        labels = {
            getattr(field, "field_label", "")
            for field in load(kept.folder).desired.state.kinds["fields"]
        }
        assert all(label.endswith("(changed)") for label in labels)
        assert {one.address for one in pulled.waiting} == set(kept.left())
