"""A value made another one part by part, so that what is equal keeps its text and comments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import Protocol

from redcap_iac.manifest.editing.mirror import same

Path = tuple[str | int, ...]

#: Keys that name an item of a list: an arm, an event, an instrument, a group.
_NAMES = ("number", "name", "instrument", "unique_name")


class Editable(Protocol):
    """What can be changed by paths."""

    def value(self, path: Path) -> object:
        """Return a value."""

    def set(self, path: Path, value: object) -> None:
        """Give a place a value."""

    def replace(self, path: Path, value: object) -> None:
        """Write a value over another one, whole."""

    def insert(self, path: Path, key: str, value: object, *, after: str | None) -> None:
        """Put a new key in."""

    def insert_item(self, path: Path, index: int, value: object) -> None:
        """Put a new item in."""

    def remove(self, path: Path) -> None:
        """Take a key or an item out."""

    def move(self, path: Path, *, after: str | None) -> None:
        """Put a key elsewhere in its map."""


def fit(text: Editable, path: Path, value: object) -> None:
    """Make the value at an own path another one, keeping the parts that are equal."""
    old = text.value(path)
    if same(old, value):
        return
    if isinstance(old, dict) and isinstance(value, dict) and old.keys() & value.keys():
        _fit_map(text, path, old, value)
    elif isinstance(old, list) and isinstance(value, list) and old and value:
        _fit_list(text, path, old, value)
    else:
        text.replace(path, value)


def _fit_map(
    text: Editable, path: Path, old: Mapping[str, object], value: Mapping[str, object]
) -> None:
    for key in [key for key in old if key not in value]:
        text.remove((*path, key))
    before: str | None = None
    for key, part in value.items():
        if key in old:
            _fit_or_own(text, (*path, key), part)
        else:
            text.insert(path, key, part, after=before)
        before = key
    before = None
    for key in value:
        there = list(_mapping(text.value(path)))
        if there.index(key) != (0 if before is None else there.index(before) + 1):
            text.move((*path, key), after=before)
        before = key


def _fit_or_own(text: Editable, path: Path, value: object) -> None:
    """Change a value, or give the map its own where the old one is merged in."""
    if not same(text.value(path), value):
        text.set(path, value)


def _fit_list(text: Editable, path: Path, old: Sequence[object], value: Sequence[object]) -> None:
    """Make a list another one; items of the same name are the same item, changed."""
    matcher = SequenceMatcher(None, list(map(_identity, old)), list(map(_identity, value)))
    for _, low, high, first, last in reversed(matcher.get_opcodes()):
        paired = min(high - low, last - first)
        for index in range(high - 1, low + paired - 1, -1):
            text.remove((*path, index))
        for index in range(last - 1, first + paired - 1, -1):
            text.insert_item(path, low + paired, value[index])
        for offset in range(paired):
            fit(text, (*path, low + offset), value[first + offset])


def _identity(item: object) -> str:
    """Return what an item of a list is known by: its name where it has one."""
    for key in _NAMES if isinstance(item, dict) else ():
        if isinstance(item, dict) and item.get(key) not in (None, ""):
            return f"{key} {item[key]}"
    return repr(item)


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}
