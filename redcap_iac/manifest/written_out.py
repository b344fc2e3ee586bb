"""Which texts of a file asked for a variable, and do not any more once the file was changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from redcap_iac.document import Map, Node, Text
from redcap_iac.findings import Findings
from redcap_iac.manifest.nodes import read_yaml
from redcap_iac.manifest.variables import names_in

#: Keys that name an item of a list.
_NAMES = ("number", "name", "instrument", "unique_name")


@dataclass(frozen=True, slots=True)
class WrittenOut:
    """A text by its file and its keys, and the variables it does not ask for any more."""

    file: str
    path: tuple[str, ...]
    names: tuple[str, ...]


def written_out(file: str, before: bytes, after: bytes) -> tuple[WrittenOut, ...]:
    """Return the texts that stand there still, and lost a variable; not those that went."""
    if b"${" not in before or not file.lower().endswith((".yaml", ".yml")):
        return ()
    old, new = (dict(_texts(_read(data, file), ())) for data in (before, after))
    there = Counter(text for text in new.values() if text is not None)
    there.subtract(text for text in old.values() if text is not None)
    found = []
    for path, text in old.items():
        now = new.get(path, text)
        lost = tuple(dict.fromkeys(_lost(text, now)))
        if lost and there[text or ""] < 0:
            found.append(WrittenOut(file, path, lost))
    return tuple(found)


def _lost(typed: str | None, now: str | None) -> Iterator[str]:
    left = set(names_in(now or ""))
    return (name for name in names_in(typed or "") if name not in left)


def _read(data: bytes, file: str) -> Node:
    node = read_yaml(data, file, Findings(), as_typed=True)
    assert node is not None  # it was loaded
    return node


def _texts(node: Node, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str | None]]:
    """Yield every text as typed by its path, None for a map or a list."""
    if isinstance(node, Text):
        yield path, node.text
        return
    yield path, None
    if isinstance(node, Map):
        for key, value in node.entries:
            yield from _texts(value, (*path, key.text))
        return
    for index, item in enumerate(node.items):
        yield from _texts(item, (*path, _identity(item, index)))


def _identity(item: Node, index: int) -> str:
    """Return what an item of a list is known by."""
    for key in _NAMES if isinstance(item, Map) else ():
        if isinstance(item, Map) and (name := item.text(key)) is not None:
            return name.text
    return str(index + 1)
