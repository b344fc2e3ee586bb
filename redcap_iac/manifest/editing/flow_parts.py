"""Changes inside braces and brackets, as splices of the text."""

from __future__ import annotations

from redcap_iac.manifest.editing.extents import line_end, line_start
from redcap_iac.manifest.editing.source import Splice
from redcap_iac.manifest.editing.spans import Collection, Node, Part, skip
from redcap_iac.manifest.editing.spelling import Style, spell_flow, spell_text


def replaced(text: str, node: Node, value: object, style: Style) -> list[Splice]:
    """Return what puts another value in the place of one."""
    flow = spell_flow(value, style)
    if node.body < node.end:
        return [Splice(node.body, node.end, flow)]
    at = node.after_anchor
    blanks = len(text[at:]) - len(text[at:].lstrip(" ")) if text[at : at + 1] == " " else 0
    return [Splice(at, at + blanks, f" {flow}")]


def inserted(
    text: str, parent: Collection, key: str | None, value: object, index: int, style: Style
) -> list[Splice]:
    """Return what puts a new part in, on a line of its own where the others have one."""
    piece = spell_flow(value, style)
    if key is not None:
        piece = f"{spell_text(key, Style(style.quote))}: {piece}"
    first = parent.parts[0]
    indent = "\n" + " " * (first.start - line_start(text, first.start))
    spread = "\n" in text[parent.body : first.start]
    if index == 0:
        between = f",{indent}" if spread else ", "
        return [Splice(first.start, first.start, piece + between)]
    end = _end(parent.parts[index - 1])
    comma = _comma(text, end)
    tail = end if comma < 0 else comma + 1
    stop = line_end(text, tail)
    rest = text[tail:stop].strip()
    if spread and (not rest or rest.startswith("#")):
        before = [Splice(end, end, ",")] if comma < 0 else []
        return [*before, Splice(stop, stop, f"{indent}{piece}{',' if comma >= 0 else ''}")]
    return [Splice(end, end, f", {piece}")]


def removed(text: str, parent: Collection, index: int) -> list[Splice]:
    """Return what takes a part out with its comma."""
    part, end = parent.parts[index], _end(parent.parts[index])
    comma = _comma(text, end)
    if len(parent.parts) == 1:
        inner = text[parent.body + 1 : part.start] + text[max(end, comma + 1) : parent.end - 1]
        if not inner.strip():
            return [Splice(parent.body, parent.end, "{}" if parent.is_map else "[]")]
        return [Splice(part.start, max(end, comma + 1), "")]
    if index + 1 < len(parent.parts):
        after = parent.parts[index + 1].start
        if not text[comma + 1 : after].strip():
            return [Splice(part.start, after, "")]
        return [Splice(part.start, comma + 1, "")]
    before = _end(parent.parts[index - 1])
    if not text[before : part.start].replace(",", "", 1).strip():
        return [Splice(before, end, "")]
    return [Splice(part.start, max(end, comma + 1), "")]


def moved(text: str, parent: Collection, index: int, goal: int) -> list[Splice]:
    """Return what gives the places of a flow map or list to its parts in another order."""
    parts = list(parent.parts)
    order = [*parts[:index], *parts[index + 1 :]]
    order.insert(goal - 1 if goal > index else goal, parts[index])
    return [
        Splice(place.start, _end(place), text[part.start : _end(part)])
        for place, part in zip(parts, order, strict=True)
        if place is not part
    ]


def unfolded(
    text: str, node: Collection, column: int, style: Style, *, item: bool
) -> list[Splice] | None:
    """Return what writes a flow map of one line as a block map, None where it cannot be."""
    if "\n" in text[node.start : node.end] or any(one.value.end <= 0 for one in node.parts):
        return None
    indent = " " * (column + (2 if item else style.step))
    lines = []
    for part in node.parts:
        assert part.key is not None
        value = text[part.value.start : part.value.end]
        lines.append(f"{indent}{text[part.key.start : part.key.end]}: {value}".rstrip(" "))
    if item and not node.anchor:
        stop = line_end(text, node.end)
        said = text[node.end : stop].rstrip()
        if not said or said.lstrip().startswith("#"):
            first, *others = lines
            return [Splice(node.body, stop, "\n".join([first.lstrip(" ") + said, *others]))]
    stop = line_end(text, node.end)
    below = "".join(f"\n{line}" for line in lines)
    return [Splice(node.after_anchor, node.end, ""), Splice(stop, stop, below)]


def _end(part: Part) -> int:
    return max(part.value.end, part.key.end if part.key is not None else 0)


def _comma(text: str, end: int) -> int:
    """Return where the comma behind a part stands, -1 without one."""
    there = skip(text, end)
    return there if text[there : there + 1] == "," else -1
