"""The document as plain values, changed alongside its text: what the text must say in the end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from redcap_iac.errors import EditError
from redcap_iac.manifest.editing.spans import Collection, Node, children, data_of
from redcap_iac.manifest.editing.spelling import is_list

Path = tuple[str | int, ...]
_Map = dict[str, object]


def as_data(value: object) -> object:
    """Return a draft with lists for sequences and text for keys; EditError for what is neither."""
    if isinstance(value, Mapping):
        return {str(key): as_data(part) for key, part in value.items()}
    if is_list(value):
        return [as_data(item) for item in cast("list[object]", value)]
    if value is None or isinstance(value, str | bool | int | float):
        return value
    raise EditError(f"A file cannot hold a value of type {type(value).__name__}.")


def same(one: object, other: object) -> bool:
    """Tell whether two values are the same document, the order of keys included."""
    if isinstance(one, dict) and isinstance(other, dict):
        return [str(key) for key in one] == [str(key) for key in other] and all(
            same(part, other[key]) for key, part in one.items()
        )
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return _plain(one) == _plain(other) and type(_plain(one)) is type(_plain(other))


def _plain(value: object) -> object:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if is_number else value


class Mirror:
    """Plain values by path; what aliases share is one value here too."""

    def __init__(self, root: Node) -> None:
        self._data: object = data_of(root)
        self._merges = any(
            isinstance(node, Collection) and any(part.merges for part in node.parts)
            for node in children(root)
        )
        self._shares = False

    def holds(self, root: Node) -> bool:
        """Tell whether a document says the same.

        Where a change to what `<<` takes in was meant, this cannot be known here.
        """
        return (self._shares and self._merges) or same(data_of(root), self._data)

    def share(self) -> None:
        """Take note that changes to shared places are meant."""
        self._shares = True

    def has(self, path: Path) -> bool:
        """Tell whether there is a value."""
        node = self._data
        for step in path:
            if isinstance(node, dict) and str(step) in node:
                node = node[str(step)]
            elif isinstance(node, list) and isinstance(step, int) and 0 <= step < len(node):
                node = node[step]
            else:
                return False
        return True

    def get(self, path: Path) -> object:
        """Return a value; EditError when it is not there."""
        node = self._data
        if not self.has(path):
            raise EditError(f"`{' / '.join(map(str, path))}` is not there.")
        for step in path:
            node = node[str(step)] if isinstance(node, dict) else cast("_List", node)[int(step)]
        return node

    def replace(self, path: Path, value: object) -> None:
        """Put another value in a place."""
        if not path:
            self._data = value
            return
        owner = self.get(path[:-1])
        if isinstance(owner, dict):
            owner[str(path[-1])] = value
        else:
            cast("_List", owner)[int(path[-1])] = value

    def insert(self, path: Path, key: str, value: object, after: str | None) -> None:
        """Put a key behind another one, or first."""
        owner = self._map(path)
        there = list(owner.items())
        index = 0 if after is None else 1 + [name for name, _ in there].index(after)
        self._refill(owner, [*there[:index], (key, value), *there[index:]])

    def insert_item(self, path: Path, index: int, value: object) -> None:
        """Put an item into a list."""
        if self.get(path) is None or self.get(path) == {}:
            self.replace(path, [])
        cast("_List", self.get(path)).insert(index, value)

    def remove(self, path: Path) -> None:
        """Take a value out."""
        owner = self.get(path[:-1])
        if isinstance(owner, dict):
            del owner[str(path[-1])]
        else:
            del cast("_List", owner)[int(path[-1])]

    def drop_inherited(self, path: Path) -> None:
        """Forget a merged value that an own one is about to take the place of."""
        if self.has(path):
            self.remove(path)

    def rename(self, path: Path, key: str) -> None:
        """Give a key another name."""
        owner = self._map(path[:-1])
        old = str(path[-1])
        self._refill(owner, [(key if name == old else name, part) for name, part in owner.items()])

    def move(self, path: Path, after: str | None) -> None:
        """Put a key behind another one, or first."""
        value = self.get(path)
        self.remove(path)
        self.insert(path[:-1], str(path[-1]), value, after)

    def move_item(self, path: Path, index: int) -> None:
        """Put an item to another number."""
        owner = cast("_List", self.get(path[:-1]))
        owner.insert(index, owner.pop(int(path[-1])))

    def _map(self, path: Path) -> _Map:
        owner = self.get(path)
        if owner is None or owner == []:
            self.replace(path, {})
            owner = self.get(path)
        return cast("_Map", owner)

    def _refill(self, owner: _Map, entries: list[tuple[str, object]]) -> None:
        """Fill a map anew: it stays the same one, for all that share it."""
        owner.clear()
        owner.update(entries)


_List = list[object]
