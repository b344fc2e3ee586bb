"""An entry of a block map taken out of one text with its comments, to be put into another."""

from __future__ import annotations

from dataclasses import dataclass

from redcap_iac.manifest.editing.extents import extent, line_end
from redcap_iac.manifest.editing.source import Splice
from redcap_iac.manifest.editing.spans import Alias, Collection, Node, children


@dataclass(frozen=True, slots=True)
class Lifted:
    """The lines of an entry, as they are where it stands at the beginning of its line.

    `value` is what it says, as plain data.
    """

    lines: tuple[str, ...]
    value: object


def lifted(text: str, parent: Collection, index: int, value: object) -> Lifted | None:
    """Return an entry with its comments; None in braces, and where anchors tie it to its file."""
    nodes = list(children(parent.parts[index].value))
    if parent.flow or any(isinstance(node, Alias) or node.anchor for node in nodes):
        return None
    here = extent(text, parent, index)
    chunk = text[here.top : here.bottom].removesuffix("\n")
    if not here.owns_line:
        chunk = " " * here.column + chunk
    lines = []
    for line in chunk.split("\n"):
        margin = min(here.column, len(line) - len(line.lstrip(" ")))
        if margin < here.column and line[margin:] and not line[margin:].startswith("#"):
            return None  # text that stands further out than its key
        lines.append(line[margin:])
    return Lifted(tuple(lines), value)


def put(entry: Lifted, column: int) -> str:
    """Return the lines of an entry at a column, each with its line feed."""
    return "".join(f"{' ' * column}{line}\n" if line else "\n" for line in entry.lines)


def into_empty(text: str, node: Node, entry: Lifted, column: int) -> list[Splice]:
    """Return what puts an entry in the place of an empty map, or of nothing."""
    at = node.after_anchor
    below = line_end(text, max(node.end, at))
    gone = [Splice(at, node.end, "")] if node.end > at else []
    return [*gone, Splice(below, below, "\n" + put(entry, column).removesuffix("\n"))]
