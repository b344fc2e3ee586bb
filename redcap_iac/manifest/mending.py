"""Leaving out what has the wrong shape, so that the rest can be looked at in the same run.

Only parts are left out on which nothing else can depend; otherwise there is nothing to go on with.
What is found afterwards about the same items is not shown: it could come from what is missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from redcap_iac.document import Listing, Map, Node, Text
from redcap_iac.findings import Position

Path = tuple[str | int, ...]

#: Sections in which a part can be left out, with the depth of such a part.
_DEPTHS: Mapping[str | int, int] = {
    "project": 2, "manage": 2, "environments": 2, "variables": 2, "lint": 2,
    "fields": 3, "roles": 3, "users": 3, "arms": 3,
}  # fmt: skip
#: What other parts of a file refer to.
_REFERRED = frozenset({"number", "name", "unique_name", "events", "events_from"})


def mend(node: Node, departures: Sequence[Path]) -> tuple[Node, frozenset[Position]] | None:
    """Return the document without the departures, and the places not to speak about again.

    None when something would be left out on which other parts may depend.
    """
    doubtful: set[Position] = set()
    for path in sorted(set(departures), key=_order, reverse=True):
        base = 1 if path and isinstance(path[0], int) else 0
        inner = path[base:]
        if not inner or len(inner) < _DEPTHS.get(inner[0], len(inner) + 1):
            return None
        if inner[0] == "arms" and inner[-1] in _REFERRED:
            return None
        doubtful.update(_places(node, path[: base + 2]))
        node = _without(node, path)
    return node, frozenset(doubtful)


def _order(path: Path) -> tuple[tuple[str, int], ...]:
    """Return what sorts paths so that of a list the last item is left out first."""
    return tuple(("", step) if isinstance(step, int) else (step, 0) for step in path)


def _without(node: Node, path: Path) -> Node:
    step, rest = path[0], path[1:]
    if isinstance(node, Map):
        entries = (
            (key, _without(value, rest) if rest and key.text == step else value)
            for key, value in node.entries
            if rest or key.text != step
        )
        return Map(tuple(entries), node.at)
    if isinstance(node, Listing):
        items = (
            _without(item, rest) if rest and index == step else item
            for index, item in enumerate(node.items)
            if rest or index != step
        )
        return Listing(tuple(items), node.at)
    return node


def _places(node: Node, path: Path) -> Iterator[Position]:
    """Yield every place of the part at a path, that of its key with it."""
    for step in path:
        if isinstance(node, Map):
            for key, value in node.entries:
                if key.text == step:
                    yield key.at
                    node = value
                    break
        elif isinstance(node, Listing) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
    yield from _inside(node)


def _inside(node: Node) -> Iterator[Position]:
    yield node.at
    parts: tuple[Node, ...] = ()
    if isinstance(node, Map):
        parts = tuple(part for entry in node.entries for part in entry)
    elif isinstance(node, Listing):
        parts = node.items
    for part in parts:
        if isinstance(part, Text):
            yield part.at
        else:
            yield from _inside(part)
