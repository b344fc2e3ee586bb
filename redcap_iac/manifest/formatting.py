"""One layout for YAML files, with every comment where it was said.

Maps and lists stand in by two blanks. What is in braces stays there while it fits on its line,
and is written as a block where it does not; what is a block stays one. Quotation marks are
double where that takes no escapes; text without them gets them only where some reader of YAML
takes it for a flag. Keys of an instrument, a field and `redcap.yaml` have the order `pull`
writes; what an author orders keeps its order. Sections stand a blank line apart.

Nothing of this changes what a file says: that is proven before it is given back.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

from redcap_iac.errors import EditError, ManifestError
from redcap_iac.findings import Findings
from redcap_iac.manifest.editing.composing import compose
from redcap_iac.manifest.editing.definitions import ORDER
from redcap_iac.manifest.editing.extents import comments
from redcap_iac.manifest.editing.mirror import same
from redcap_iac.manifest.editing.source import Source
from redcap_iac.manifest.editing.spans import Data, Node, data_of
from redcap_iac.manifest.files import OutsideError, ProjectFiles, inside
from redcap_iac.manifest.includes import matches
from redcap_iac.manifest.layout import Layout, Path
from redcap_iac.manifest.loader import MANIFEST
from redcap_iac.manifest.nodes import read_yaml
from redcap_iac.manifest.policy import POLICY
from redcap_iac.manifest.scenarios import ENDING
from redcap_iac.manifest.writer import SECTIONS

_INSTRUMENT = ("instrument", "label", "renamed_from", "ignore", "matrices", "fields")


def formatted(data: bytes, file: str) -> bytes:
    """Return a YAML file in the one layout, UTF-8, with CRLF only where every line has it.

    EditError when the file cannot be read, or the new layout would not say the same.
    """
    findings = Findings()
    if read_yaml(data, file, findings, as_typed=True) is None or findings.errors():
        first = next(iter(findings.errors()), None)
        place = f" ({first.position})" if first is not None else ""
        broken = ManifestError(findings.errors())
        raise EditError(f"{file} cannot be read: {broken.message}{place}")
    source = Source(data, file)
    root = compose(source.text, file, meaning=str)
    is_manifest = file.rsplit("/", 1)[-1] == MANIFEST
    for ordered in (True, False):
        order = _Order(root, is_manifest=is_manifest) if ordered else _AsTheyAre()
        text = Layout(source.text, root, order.sorted, spaced=is_manifest).text()
        if _says_the_same(source.text, root, text, file, order):
            end = "\r\n" if source.breaks == {"\r\n"} else "\n"
            return text.replace("\n", end).encode()
    raise EditError(
        f"{file} cannot be laid out without changing what it says.", "It is left as it is."
    )


class _AsTheyAre:
    """Leaves keys in the order they have: an alias may need its anchor before it."""

    def sorted(self, path: Path, names: Sequence[str]) -> list[int]:
        """Return the order there is."""
        del path
        return list(range(len(names)))


class _Order:
    """Knows which maps have an order of their own, by where they stand."""

    def __init__(self, root: Node, *, is_manifest: bool) -> None:
        data = data_of(root)
        self._is_manifest = is_manifest
        self._is_list = isinstance(data, list) and any(
            isinstance(item, dict) and "instrument" in item for item in data
        )
        self._is_instrument = not is_manifest and isinstance(data, dict) and "instrument" in data

    def sorted(self, path: Path, names: Sequence[str]) -> list[int]:
        """Return the places of keys in their order; one that is not known follows the one before.

        `x-` keys stay behind what they stood behind.
        """
        known = self._known(path)
        rank = {name: number for number, name in enumerate(known)}
        keys: list[tuple[int, int]] = []
        last = -1
        for number, name in enumerate(names):
            last = rank.get(name, last)
            keys.append((last, number))
        return [number for _, number in sorted(keys)]

    def _known(self, path: Path) -> Sequence[str]:
        if self._is_manifest and not path:
            return SECTIONS
        inner = self._inside_instrument(path)
        if inner == ():
            return _INSTRUMENT
        if inner is not None and len(inner) == 2 and inner[0] == "fields":
            return ORDER
        return ()

    def _inside_instrument(self, path: Path) -> Path | None:
        """Return the path from an instrument's map on, None outside of any."""
        if self._is_instrument:
            return path
        if self._is_list and len(path) > 0:
            return path[1:]
        if self._is_manifest and len(path) > 1 and path[0] == "instruments":
            return path[2:]
        return None


def _says_the_same(
    old: str, old_root: Node, new: str, file: str, order: _Order | _AsTheyAre
) -> bool:
    findings = Findings()
    read = read_yaml(new.encode(), file, findings, as_typed=True)
    if read is None or findings.errors():
        return False
    root = compose(new, file, meaning=str)
    words = [sorted(text for _, text in comments(*one)) for one in ((old, old_root), (new, root))]
    before, after = (_in_order(data_of(one), (), order) for one in (old_root, root))
    return words[0] == words[1] and same(before, after)


def _in_order(data: Data, path: Path, order: _Order | _AsTheyAre) -> Data:
    if isinstance(data, dict):
        names = list(data)
        places = order.sorted(path, names)
        return {
            names[place]: _in_order(data[names[place]], (*path, names[place]), order)
            for place in places
        }
    if isinstance(data, list):
        return [_in_order(item, (*path, index), order) for index, item in enumerate(data)]
    return data


def to_format(files: ProjectFiles) -> tuple[str, ...]:
    """Return the YAML files of a project: the manifest, what it includes, policy, scenarios.

    One that cannot be read is among them; what it would include is not.
    """
    there = files.paths()
    found: dict[str, None] = {}
    waiting = [MANIFEST]
    while waiting:
        path = waiting.pop(0)
        if path in found or path not in there:
            continue
        found[path] = None
        waiting += _included(files, path, there)
    others = (path for path in there if path == POLICY or path.endswith(ENDING))
    return tuple(dict.fromkeys((*found, *others)))


def _included(files: ProjectFiles, path: str, there: Sequence[str]) -> list[str]:
    """Return the YAML files a file names."""
    try:
        data = data_of(compose(Source(files.read(path), path).text, path))
    except (EditError, OSError, OutsideError):
        return []
    entries = data.get("instruments") if path == MANIFEST and isinstance(data, dict) else data
    names: list[str] = []
    for entry in entries if isinstance(entries, list) else ():
        if not isinstance(entry, str):
            continue
        try:
            wanted = inside((PurePosixPath(path).parent / entry).as_posix())
        except OutsideError:
            continue
        names += [one for one in there if one == wanted or matches(one, wanted)]
    return [name for name in names if name.endswith((".yaml", ".yml"))]
