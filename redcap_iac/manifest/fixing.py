"""`lint --fix`: the files after every safe fix, proven to differ in the fixed cells alone."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from pathlib import Path

from redcap_iac.design import Design
from redcap_iac.edits import SetCell
from redcap_iac.errors import EditError, ManifestError
from redcap_iac.kinds import all_kinds, kind_named
from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.kinds.kind import Kind
from redcap_iac.lint.judging import Remark, Report, judge
from redcap_iac.lint.settings import Settings
from redcap_iac.manifest.editing.overlaid import Overlaid
from redcap_iac.manifest.editing.rewriting import rewritten
from redcap_iac.manifest.files import ProjectFiles
from redcap_iac.manifest.loader import Manifest, load
from redcap_iac.state import Item, State

#: A fix may uncover another; after so many turns the rest is left for a person.
_TURNS = 10
Fix = tuple[SetCell, ...]


@dataclass(frozen=True, slots=True)
class Replacement:
    """Whole lines of a file and what takes their place: from `line` up to, not with, `end`."""

    file: str
    line: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Fixed:
    """What fixing leads to: files that change by path, what was fixed, and what could not be.

    `left` are remarks whose fix cannot be said in the files, each with the reason. `report` is
    what is found after.
    """

    files: Mapping[str, bytes]
    done: tuple[Remark, ...]
    left: tuple[tuple[Remark, str], ...]
    report: Report


def fixed(
    files: ProjectFiles, report: Report, settings: Settings, environment: str = ""
) -> Fixed:  # fmt: skip
    """Return the files after all fixes of a report, and of what they uncover.

    `environment` is the one whose variables counted in the report.
    Fixes of the same cell are made one after the other. Nothing is written.
    """
    changed: dict[str, bytes] = {}
    done: list[Remark] = []
    left: dict[Fix, tuple[Remark, str]] = {}
    tried: set[Fix] = set()
    for _ in range(_TURNS):
        turn = [one for one in _apart(report.remarks) if one.fix not in tried]
        if not turn:
            break
        tried.update(one.fix for one in turn)
        made = _made(Overlaid(files, changed), turn, left, environment)
        if not made:
            continue
        remarks, rewrites = made
        changed.update(rewrites)
        done += remarks
        manifest = load(Path(), files=Overlaid(files, changed), environment=environment)
        report = judge(Design(manifest.desired.state), _placed(settings, manifest), report.rules)
    before = {path: files.read(path) for path in changed}
    return Fixed(
        {path: data for path, data in changed.items() if data != before[path]},
        tuple(done),
        tuple(left.values()),
        report,
    )


def replacements(
    files: ProjectFiles, fix: Fix, environment: str = ""
) -> tuple[Replacement, ...]:  # fmt: skip
    """Return what a fix replaces in the files, nothing where it cannot be said there."""
    try:
        changed = rewritten(files, fix, environment)
    except (EditError, ManifestError):
        return ()
    return tuple(
        one for path, data in changed.items() if data is not None
        for one in _replaced(path, files.read(path), data)
    )  # fmt: skip


def _apart(remarks: Iterable[Remark]) -> list[Remark]:
    """Return remarks whose fixes touch different cells, the first for each."""
    taken: set[tuple[str, str]] = set()
    found = []
    for remark in remarks:
        cells = {(edit.field, edit.column) for edit in remark.fix}
        if cells and not cells & taken:
            taken |= cells
            found.append(remark)
    return found


def _made(
    files: ProjectFiles,
    remarks: Sequence[Remark],
    left: dict[Fix, tuple[Remark, str]],
    environment: str,
) -> tuple[Sequence[Remark], Mapping[str, bytes]] | None:
    """Return the remarks that could be fixed together, and the files; halves what cannot be."""
    edits = [edit for remark in remarks for edit in remark.fix]
    try:
        changed = rewritten(files, edits, environment)
        rewrites = {path: data for path, data in changed.items() if data is not None}
        _prove(files, Overlaid(files, rewrites), edits, environment)
    except (EditError, ManifestError) as error:
        if len(remarks) == 1:
            left.setdefault(remarks[0].fix, (remarks[0], str(error)))
            return None
        middle = len(remarks) // 2
        done: list[Remark] = []
        together: dict[str, bytes] = {}
        for half in (remarks[:middle], remarks[middle:]):
            made = _made(Overlaid(files, together), half, left, environment)
            if made is not None:
                done += made[0]
                together.update(made[1])
        return (done, together) if done else None
    return remarks, rewrites


def _prove(
    before: ProjectFiles, after: ProjectFiles, edits: Sequence[SetCell], environment: str
) -> None:
    """Load both and compare; EditError when more than the fixed cells differs."""
    old, new = (load(Path(), files=one, environment=environment) for one in (before, after))
    wanted = _edited(old.desired.state, edits)
    same = all(_same(kind, wanted, new.desired.state) for kind in all_kinds())
    hints = _hints(old.desired.state) == _hints(new.desired.state)
    if not (same and hints and _said(old) == _said(new)):
        raise EditError("The files would say more than the fix does.")


def _same(kind: Kind[Item], wanted: State, found: State) -> bool:
    """Tell whether two states have the same items of a kind, in the same order."""
    pairs = zip_longest(kind.items(wanted), kind.items(found))
    return all(
        one == other
        or (one is not None and other is not None and kind.normal(one) == kind.normal(other))
        for one, other in pairs
    )


def _edited(state: State, edits: Sequence[SetCell]) -> State:
    """Return a state with the cells as the edits say."""
    cells: dict[str, dict[str, str]] = {}
    for edit in edits:
        cells.setdefault(edit.field, {})[edit.column] = edit.text
    fields = tuple(
        Field.of({**one.row(), **cells.get(one.field_name, {})}) for one in _fields(state)
    )
    return replace(state, kinds={**state.kinds, "fields": fields})


def _fields(state: State) -> tuple[Field, ...]:
    return tuple(one for one in kind_named("fields").items(state) if isinstance(one, Field))


def _hints(state: State) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
    """Return what fields say about renaming, which equality of fields does not look at."""
    return [(one.renamed_from, one.recode) for one in _fields(state)]


def _said(manifest: Manifest) -> object:
    """Return what else a manifest says: where it applies, how it is judged."""
    words = [(one.code, one.where, one.reason) for one in manifest.lint.suppressions]
    lint = replace(manifest.lint, suppressions=())
    return manifest.desired.modes, manifest.environments, lint, words


def _placed(settings: Settings, manifest: Manifest) -> Settings:
    """Return the settings with what is let pass at the places of the files as they are now."""
    return replace(settings, suppressions=manifest.lint.suppressions)


def _replaced(file: str, before: bytes, after: bytes) -> Iterable[Replacement]:
    """Yield the lines that differ between two texts."""
    old, new = _lines(before), _lines(after)
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for tag, start, end, begin, stop in matcher.get_opcodes():
        if tag != "equal":
            yield Replacement(file, start + 1, end + 1, "".join(new[begin:stop]))


def _lines(data: bytes) -> list[str]:
    return data.decode("utf-8", "replace").splitlines(keepends=True)
