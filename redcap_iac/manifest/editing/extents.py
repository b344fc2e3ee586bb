"""Which lines belong to an entry of a block map or an item of a block list.

Comments directly above, no deeper than the entry and with no blank line between, belong to it;
so do comments behind it, and those below it that stand deeper than it does.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from redcap_iac.manifest.editing.spans import Alias, Collection, Node, Part, Scalar


@dataclass(frozen=True, slots=True)
class Extent:
    """From `top` to `bottom`, both at the beginning of a line; `column` is where it stands.

    One that does not begin its line (behind a dash) has its own start as `top`.
    """

    top: int
    start: int
    bottom: int
    column: int
    owns_line: bool


def line_start(text: str, offset: int) -> int:
    """Return where the line of an offset begins."""
    return text.rfind("\n", 0, offset) + 1


def line_end(text: str, offset: int) -> int:
    """Return where the line of an offset ends, before its line feed."""
    return text.index("\n", offset)


def extent(text: str, parent: Collection, index: int) -> Extent:
    """Return the lines of a part of a block map or list."""
    part = parent.parts[index]
    first = line_start(text, part.start)
    column = part.start - first
    owns = not text[first : part.start].strip()
    floor = ending(parent.parts[index - 1]) if index else parent.after_anchor
    top = _top(text, first, floor, column) if owns else part.start
    return Extent(top, part.start, _bottom(text, ending(part), column), column, owns)


def ending(part: Part) -> int:
    """Return where the last letter of a part is."""
    node = part.value
    while isinstance(node, Collection) and not node.flow and node.parts:
        node = node.parts[-1].value
    return max(node.end, part.key.end if part.key is not None else 0)


def _top(text: str, first: int, floor: int, column: int) -> int:
    top = first
    while top > 0:
        above = line_start(text, top - 1)
        line = text[above : top - 1]
        bare = line.lstrip(" ")
        deeper = len(line) - len(bare) > column
        if not bare.startswith("#") or deeper or above <= floor - 1:
            return top
        top = above
    return top


def _bottom(text: str, end: int, column: int) -> int:
    bottom = line_end(text, end) + 1
    cursor = bottom
    while cursor < len(text):
        stop = text.index("\n", cursor)
        line = text[cursor:stop]
        bare = line.strip(" \t")
        if bare and not (bare.startswith("#") and len(line) - len(line.lstrip(" ")) > column):
            return bottom
        cursor = stop + 1
        if bare:
            bottom = cursor
    return bottom


def is_spaced(text: str, parent: Collection) -> bool:
    """Tell whether the parts of a block map stand apart, a blank line between each two."""
    if len(parent.parts) < 2:
        return False
    extents = [extent(text, parent, index) for index in range(len(parent.parts))]
    return all(
        "\n\n" in "\n" + text[one.bottom : other.top] for one, other in itertools.pairwise(extents)
    )


def comments(text: str, root: Node) -> tuple[tuple[int, str], ...]:
    """Return every comment with the place of its `#`, in order."""
    covered = sorted(_covered(root))
    found: list[tuple[int, str]] = []
    cursor = 0
    for start, stop in [*covered, (len(text), len(text))]:
        found += _comments_between(text, cursor, start)
        cursor = max(cursor, stop)
    return tuple(found)


def _covered(root: Node) -> Sequence[tuple[int, int]]:
    """Return the places of all text; a block's header line may end in a comment."""
    places: list[tuple[int, int]] = []
    waiting: list[Node] = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Collection):
            for part in node.parts:
                waiting.append(part.value)
                if part.key is not None:
                    waiting.append(part.key)
        elif isinstance(node, Scalar) and node.is_block:
            places.append((node.start, node.head))
            if node.end > node.head:
                places.append((node.block_start, node.end))
        elif isinstance(node, Scalar | Alias) and node.end > node.start:
            places.append((node.start, node.end))
    return places


def _comments_between(text: str, start: int, stop: int) -> list[tuple[int, str]]:
    found = []
    cursor = start
    while (sign := text.find("#", cursor, stop)) >= 0:
        end = text.find("\n", sign)
        end = len(text) if end < 0 else end
        found.append((sign, text[sign:end].rstrip()))
        cursor = end
    return found
