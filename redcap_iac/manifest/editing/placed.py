"""A YAML text whose values are found by path; changes wait until their place is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from redcap_iac.errors import EditError, ManifestError
from redcap_iac.findings import Findings
from redcap_iac.manifest.editing.composing import compose
from redcap_iac.manifest.editing.mirror import Mirror
from redcap_iac.manifest.editing.sharing import Sharing
from redcap_iac.manifest.editing.source import Source, Splice
from redcap_iac.manifest.editing.spans import Alias, Collection, Node, Part, Scalar
from redcap_iac.manifest.editing.spelling import Typed
from redcap_iac.manifest.nodes import read_yaml
from redcap_iac.manifest.variables import filled, kept

Path = tuple[str | int, ...]


class PlacedText:
    """A YAML file, its values by path, and the splices that are still to be made.

    Raises EditError when the file cannot be read. With `shared` a change to what aliases share
    is meant. `variables` have their texts by name: values are given and taken with them in place.
    """

    def __init__(
        self,
        data: bytes,
        file: str,
        *,
        shared: bool = False,
        variables: Mapping[str, str] | None = None,
    ) -> None:
        findings = Findings()
        if read_yaml(data, file, findings, as_typed=True) is None or findings.errors():
            broken = ManifestError(findings.errors())
            raise EditError(f"{file} cannot be read: {broken.message}", "See `validate`.")
        self._file = file
        self._shared = shared
        self._variables = variables or {}
        self._original = data
        self._source = Source(data, file)
        self._root = self._composed()
        self._mirror = Mirror(self._root)
        if shared:
            self._mirror.share()
        self._known_sharing: Sharing | None = None
        self._pending: list[Splice] = []
        self._touched: list[Path] = []
        self._changed = False

    # asking

    def has(self, path: Path) -> bool:
        """Tell whether there is a value at a path, merged ones included."""
        return self._mirror.has(path)

    def value(self, path: Path) -> object:
        """Return the value at a path: dicts, lists, text, flags and None; EditError without."""
        return self._mirror.get(path)

    def is_own(self, path: Path) -> bool:
        """Tell whether a value stands at its path itself, and not by an alias or `<<`."""
        if not self.has(path):
            return False
        self._settle(())
        node = self._root
        for step in path:
            part = own_part(node, step)
            if part is None:
                return False
            node = part.value
        return not isinstance(node, Alias)

    def data(self) -> bytes:
        """Return the bytes of the file; EditError when they would not say what was asked for."""
        if not self._changed:
            return self._original
        self._settle(())
        data = self._source.data()
        findings = Findings()
        read = read_yaml(data, self._file, findings, as_typed=True)
        if read is None or findings.errors() or not self._mirror.holds(self._root):
            raise EditError(
                f"{self._file} cannot be changed in place here.", "Change it by hand, then go on."
            )
        return data

    # finding

    def _composed(self) -> Node:
        return compose(
            self._source.text, self._file, meaning=lambda typed: filled(typed, self._variables)
        )

    def _typed(self, node: Node | None, value: str) -> str:
        """Return a text for the place of another one, as it is typed: its variables are kept."""
        if isinstance(node, Scalar) and node.text != node.meant:
            return Typed(kept(node.text, value, self._variables))
        return value

    def _settle(self, path: Path) -> None:
        """Make the changes so far, when this path is about a place they are about."""
        if not self._pending:
            return
        near = any(
            touched[: len(path)] == path[: len(touched)] for touched in self._touched
        )  # fmt: skip
        if near or not path:
            self._source.splice(self._pending)
            self._pending, self._touched = [], []
            self._root = self._composed()
            self._known_sharing = None

    def _note(self, path: Path, splices: Sequence[Splice]) -> None:
        self._changed = True
        self._pending += splices
        self._touched.append(path)

    def _sharing(self) -> Sharing:
        if self._known_sharing is None:
            self._known_sharing = Sharing(
                self._root, self._source.text, self._file, allowed=self._shared
            )
        return self._known_sharing

    def _node(self, path: Path) -> Node:
        """Return what stands at a path; EditError where the way leads through what is shared."""
        node = self._root
        sharing = self._sharing() if "*" in self._source.text else None
        for length, step in enumerate(path):
            if sharing is not None:
                node = sharing.check_changed(node)
            part = own_part(node, step)
            if part is None:
                if self.has(path[: length + 1]):
                    raise EditError(
                        f"{self._said(path[: length + 1])} comes in by `<<`, and others share it."
                    )
                raise EditError(f"{self._said(path[: length + 1])} is not there.")
            node = part.value
        return node

    def _collection(self, path: Path, *, insert: bool = False) -> Collection:
        """Return the map or list at a path; with `insert` nothing at all is an empty one."""
        self._settle(path)
        node = self._node(path)
        if "*" in self._source.text:
            node = self._sharing().check_changed(node)
        if insert and isinstance(node, Scalar) and self._mirror.get(path) is None:
            return Collection(
                node.lead, node.body, node.end, node.anchor, node.after_anchor, parts=[]
            )
        if not isinstance(node, Collection):
            raise EditError(f"{self._said(path)} is neither a map nor a list.")
        if node.bare:
            raise EditError(f"{self._said(path)} is a pair without braces.")
        return node

    def _placed(self, path: Path) -> tuple[Collection, int]:
        """Return the map or list a path ends in, and the place in there."""
        if not path:
            raise EditError(f"{self._file} as a whole cannot go.")
        parent = self._collection(path[:-1])
        return parent, parent.parts.index(self._part_of(path, parent))

    def _part_of(self, path: Path, parent: Collection) -> Part:
        part = own_part(parent, path[-1])
        if part is None:
            merged = " comes in by `<<`, and others share it" if self.has(path) else " is not there"
            raise EditError(f"{self._said(path)}{merged}.")
        return part

    def _said(self, path: Path) -> str:
        return f"`{' / '.join(str(step) for step in path)}` in {self._file}" if path else self._file


def own_part(node: Node, step: str | int) -> Part | None:
    """Return what stands at a step itself, not by `<<`."""
    if isinstance(node, Alias):
        node = node.target
    if not isinstance(node, Collection):
        return None
    if node.is_map:
        return node.part(str(step))
    is_place = isinstance(step, int) and 0 <= step < len(node.parts)
    return node.parts[int(step)] if is_place else None
