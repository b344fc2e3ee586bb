"""Changes in block maps and lists, as splices of whole lines."""

from __future__ import annotations

from redcap_iac.manifest.editing.extents import (
    Extent,
    extent,
    is_spaced,
    line_end,
    line_start,
)
from redcap_iac.manifest.editing.source import Splice
from redcap_iac.manifest.editing.spans import Collection, Node, Part, Scalar
from redcap_iac.manifest.editing.spelling import (
    Spelled,
    Style,
    block_lines,
    entry_lines,
    item_lines,
    spell,
    spell_flow,
)


def inserted(
    text: str, parent: Collection, key: str | None, value: object, index: int, style: Style
) -> list[Splice]:
    """Return what puts a new part in: behind the part before `index`, or first."""
    first = extent(text, parent, 0)
    new = (
        item_lines(value, first.column, style)
        if key is None
        else entry_lines(key, value, first.column, style)
    )
    return put(text, parent, index, "".join(f"{line}\n" for line in new))


def put(text: str, parent: Collection, index: int, chunk: str) -> list[Splice]:
    """Return what puts whole lines in: behind the part before `index`, or first."""
    return [_placed(text, parent, index, chunk)]


def _placed(text: str, parent: Collection, index: int, chunk: str) -> Splice:
    """Return what puts whole lines in."""
    apart = "\n" if is_spaced(text, parent) else ""
    if index:
        at = extent(text, parent, index - 1).bottom
        return Splice(at, at, apart + chunk)
    first = extent(text, parent, 0)
    if first.owns_line:
        return Splice(first.top, first.top, chunk + apart)
    return Splice(first.start, first.start, chunk.lstrip(" ") + " " * first.column)


def removed(text: str, parent: Collection, index: int) -> list[Splice]:
    """Return what takes a part out with its lines; an empty map or list is written in its place."""
    here = extent(text, parent, index)
    if len(parent.parts) == 1:
        return _emptied(text, parent, here)
    if not here.owns_line:
        follower = extent(text, parent, index + 1)
        if follower.top == line_start(text, follower.start):
            return [Splice(here.start, follower.start, "")]
        return [Splice(here.start - 1, here.bottom - 1, "")]
    return [_without_gap(text, here)]


def _without_gap(text: str, here: Extent) -> Splice:
    """Return what takes lines out, and one of two blank lines that would meet."""
    top, bottom = here.top, here.bottom
    above_blank = top == 0 or text[:top].endswith("\n\n")
    if above_blank and text[bottom : bottom + 1] == "\n":
        bottom += 1
    elif above_blank and bottom == len(text):
        while top > 1 and text[top - 2 : top] == "\n\n":
            top -= 1
    return Splice(top, bottom, "")


def _emptied(text: str, parent: Collection, here: Extent) -> list[Splice]:
    empty = "{}" if parent.is_map else "[]"
    at = parent.after_anchor
    if not here.owns_line:
        return [Splice(here.start, here.bottom - 1, empty)]
    if at == 0 or text[at - 1 : at] == "\n" or text[line_start(text, at) : at] == "---":
        return [Splice(here.top, here.bottom, f"{empty}\n")]
    return [Splice(at, at, f" {empty}"), Splice(here.top, here.bottom, "")]


def moved(text: str, parent: Collection, index: int, goal: int) -> list[Splice]:
    """Return what puts a part, with its lines, before the part that is number `goal` now."""
    here = extent(text, parent, index)
    chunk = text[here.top : here.bottom]
    if not here.owns_line:
        chunk = " " * here.column + chunk
    return [*removed(text, parent, index), _placed(text, parent, goal, chunk)]


def replaced(
    text: str,
    parent: Collection | None,
    part: Part | None,
    node: Node,
    value: object,
    style: Style,
) -> list[Splice]:
    """Return what writes another value in the place of one, comments behind its key kept."""
    if parent is None or part is None:
        return _root(text, node, value, style)
    column = extent(text, parent, parent.parts.index(part)).column
    spelled = spell(value, column, node.lead - line_start(text, node.lead), style)
    if part.key is None and not spelled.inline and spelled.lines:
        first, *rest = block_lines(value, column + 2, style)
        spelled = Spelled(first.lstrip(" "), tuple(rest))
    if isinstance(node, Collection) and not node.flow and node.parts:
        return _over_block(text, node, spelled)
    if isinstance(node, Scalar) and node.is_block:
        return _over_literal(text, node, spelled)
    return _over_inline(text, node, spelled)


def _root(text: str, node: Node, value: object, style: Style) -> list[Splice]:
    lines = "\n".join(block_lines(value, 0, style)) if value else spell_flow(value, style)
    if isinstance(node, Collection) and not node.flow and node.parts:
        extents = [extent(text, node, index) for index in range(len(node.parts))]
        top = extents[0].top
        gone = [Splice(one.top, one.bottom, "") for one in extents]
        return [Splice(top, top, f"{lines}\n"), *gone]
    return [Splice(node.body, node.end, lines)]


def _below(spelled: Spelled) -> str:
    return "".join(f"\n{line}" for line in spelled.lines)


def _over_inline(text: str, node: Node, spelled: Spelled) -> list[Splice]:
    at = node.after_anchor
    below = line_end(text, max(node.end, at))
    lines = [Splice(below, below, _below(spelled))] if spelled.lines else []
    inline = f" {spelled.inline}" if spelled.inline else ""
    if node.body >= node.end:
        return [Splice(at, at, inline), *lines]
    if not spelled.lines:
        return [Splice(node.body, node.end, spelled.inline)]
    if "\n" in text[at : node.body]:
        begin = line_start(text, node.body)
        return [Splice(at, at, inline), Splice(begin, node.end, _below(spelled)[1:])]
    return [Splice(at, node.end, inline), *lines]


def _over_literal(text: str, node: Scalar, spelled: Spelled) -> list[Splice]:
    begin = node.body if spelled.inline else node.after_anchor
    first = line_end(text, node.head)
    return [
        Splice(begin, node.head, spelled.inline),
        Splice(first, max(first, node.end), _below(spelled)),
    ]


def _over_block(text: str, node: Collection, spelled: Spelled) -> list[Splice]:
    extents = [extent(text, node, index) for index in range(len(node.parts))]
    first, rest = extents[0], extents[1:]
    gone = [Splice(one.top, one.bottom, "") for one in rest]
    inline, below = spelled.inline, _below(spelled)
    if not first.owns_line:
        return [Splice(first.start, first.bottom - 1, inline + below), *gone]
    at = node.after_anchor
    header = line_end(text, at)
    return [
        Splice(at, at, f" {inline}" if inline else ""),
        Splice(header, header, below),
        Splice(first.top, first.bottom, ""),
        *gone,
    ]
