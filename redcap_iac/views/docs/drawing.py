"""Logic drawn: fields in layers from what is read to what reads it, as SVG without a script.

The drawing repeats what a table beside it says, so that nobody needs to see it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from redcap_iac.design import Purpose
from redcap_iac.design.dependencies import Dependency
from redcap_iac.views.docs.links import said

#: More boxes than this are no picture any more.
MOST = 80
_HEIGHT, _GAP_X, _GAP_Y, _MARGIN = 26, 70, 12, 8
#: An edge: the field that is read, the field that reads it, the style.
Edge = tuple[str, str, str]
#: Width of a letter of the drawing's font, in pixels.
_LETTER = 7.3
_LONGEST = 28
#: How an edge is drawn, by purpose; whatever is not here reads for a text only and is not drawn.
STYLES: Mapping[Purpose, str] = {
    Purpose.BRANCHING: "shows",
    Purpose.CALCULATION: "computes",
    Purpose.CALCTEXT: "computes",
    Purpose.CALCDATE: "computes",
    Purpose.IF: "decides",
}


@dataclass(frozen=True, slots=True)
class Node:
    """A box: where it stands, what it says, where it leads; `other` when of another instrument."""

    name: str
    x: int
    y: int
    width: int
    other: bool


def drawn(edges: Sequence[Dependency]) -> tuple[Edge, ...]:
    """Return the edges a drawing shows, each once: source, target, style."""
    found = {
        (edge.source, edge.target, STYLES[edge.purpose]): None
        for edge in edges
        if edge.purpose in STYLES and edge.source != edge.target
    }
    return tuple(found)


def drawings(
    edges: Sequence[Edge], own: Sequence[str], anchors: Mapping[str, str]
) -> tuple[tuple[Markup, ...], int]:
    """Return an SVG for each group of fields that hang together, and how many are too large.

    `own` are the fields of the instrument it is about, `anchors` where a box leads.
    """
    groups = _groups(edges)
    small = (group for group in groups if len(_names(group)) <= MOST)
    made = tuple(_drawing(group, frozenset(own), anchors) for group in small)
    return made, len(groups) - len(made)


def _names(edges: Sequence[Edge]) -> list[str]:
    return list(dict.fromkeys(name for source, target, _ in edges for name in (source, target)))


def _groups(edges: Sequence[Edge]) -> list[list[Edge]]:
    """Return the edges by the fields that hang together, in the order they come up."""
    leads: dict[str, list[str]] = {}
    for source, target, _ in edges:
        leads.setdefault(source, []).append(target)
        leads.setdefault(target, []).append(source)
    group_of: dict[str, int] = {}
    for start in leads:
        number, waiting = group_of.get(start, len(group_of)), [start]
        while waiting:
            name = waiting.pop()
            if name not in group_of:
                group_of[name] = number
                waiting += leads[name]
    found: dict[int, list[Edge]] = {}
    for edge in edges:
        found.setdefault(group_of[edge[0]], []).append(edge)
    return list(found.values())


def _drawing(edges: Sequence[Edge], own: frozenset[str], anchors: Mapping[str, str]) -> Markup:
    layers = _layers(_names(edges), edges)
    nodes = _placed(layers, _heights(layers, edges), own)
    width = max(node.x + node.width for node in nodes.values()) + _MARGIN
    height = max(node.y for node in nodes.values()) + _HEIGHT + _MARGIN
    parts = [_edge(nodes[source], nodes[target], style) for source, target, style in edges]
    parts += [_box(node, anchors.get(node.name, "")) for node in nodes.values()]
    return Markup(
        '<svg viewBox="0 0 {0} {1}" width="{0}" height="{1}" aria-hidden="true" focusable="false">'
        "{2}</svg>"
    ).format(width, height, Markup().join(parts))


def _layers(names: Sequence[str], edges: Sequence[Edge]) -> list[list[str]]:
    """Put every field behind all it reads; an edge that closes a circle counts for nothing."""
    reads: dict[str, list[str]] = {name: [] for name in names}
    for source, target, _ in edges:
        reads[target].append(source)
    depth: dict[str, int] = {}
    for name in names:
        if name not in depth:
            _deepen(name, reads, depth)
    layers: list[list[str]] = [[] for _ in range(max(depth.values()) + 1)]
    for name in names:
        layers[depth[name]].append(name)
    return _untangled(layers, reads)


def _deepen(start: str, reads: Mapping[str, list[str]], depth: dict[str, int]) -> None:
    """Work out how deep a field and all it reads are, without recursion."""
    waiting, entered = [start], {start}
    while waiting:
        name = waiting[-1]
        unknown = [one for one in reads[name] if one not in depth and one not in entered]
        if unknown:
            waiting.append(unknown[0])
            entered.add(unknown[0])
            continue
        depth[name] = 1 + max((depth[one] for one in reads[name] if one in depth), default=-1)
        waiting.pop()


def _untangled(layers: list[list[str]], reads: Mapping[str, list[str]]) -> list[list[str]]:
    """Put what reads close to what it reads: each layer in the order of its sources' middle."""
    place = {name: number for layer in layers for number, name in enumerate(layer)}
    for layer in layers[1:]:
        middle = {
            name: sum(place[one] for one in reads[name]) / max(1, len(reads[name]))
            for name in layer
        }
        layer.sort(key=lambda name: (middle[name], name))
        place.update({name: number for number, name in enumerate(layer)})
    return layers


def _heights(layers: list[list[str]], edges: Sequence[Edge]) -> Mapping[str, float]:
    """Return how far down each box stands, in rows: near the middle of what it hangs together with.

    Boxes of a layer keep their order and do not come closer to each other than a row.
    """
    beside: dict[str, list[str]] = {}
    for source, target, _ in edges:
        beside.setdefault(source, []).append(target)
        beside.setdefault(target, []).append(source)
    rows = {name: float(row) for layer in layers for row, name in enumerate(layer)}
    for layer in (*layers[1:], *reversed(layers), *layers[1:]):
        wanted = [sum(rows[one] for one in beside[name]) / len(beside[name]) for name in layer]
        taken: list[float] = []
        for row in wanted:
            taken.append(max(row, taken[-1] + 1) if taken else row)
        # what was pushed down together moves up together, so that the middle stays in the middle
        too_low = (sum(taken) - sum(wanted)) / len(layer)
        rows.update(zip(layer, (row - too_low for row in taken), strict=True))
    highest = min(rows.values())
    return {name: row - highest for name, row in rows.items()}


def _placed(
    layers: list[list[str]], rows: Mapping[str, float], own: frozenset[str]
) -> dict[str, Node]:
    nodes = {}
    x = _MARGIN
    for layer in layers:
        width = int(max(min(len(name), _LONGEST) for name in layer) * _LETTER) + 18
        for name in layer:
            y = _MARGIN + round(rows[name] * (_HEIGHT + _GAP_Y))
            nodes[name] = Node(name, x, y, width, name not in own)
        x += width + _GAP_X
    return nodes


def _box(node: Node, anchor: str) -> Markup:
    name = said(node.name)
    shown = name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"
    box = Markup(
        '<g class="{}"><title>{}</title><rect x="{}" y="{}" width="{}" height="{}" rx="5"/>'
        '<text x="{}" y="{}">{}</text></g>'
    ).format(
        "box other" if node.other else "box", name, node.x, node.y, node.width, _HEIGHT,
        node.x + 9, node.y + 17, shown,
    )  # fmt: skip
    return Markup('<a href="#{}" tabindex="-1">{}</a>').format(anchor, box) if anchor else box


def _edge(source: Node, target: Node, style: str) -> Markup:
    """Return a curve from the right of a box to the left of another, around when it goes back."""
    x1, y1 = source.x + source.width, source.y + _HEIGHT // 2
    x2, y2 = target.x, target.y + _HEIGHT // 2
    bend = max(30, abs(x2 - x1) // 2)
    return Markup(
        '<path class="edge {0}" d="M{1} {2} C{3} {2} {4} {5} {6} {5}"/>'
        '<path class="tip {0}" d="M{6} {5} l-7 -4 v8 z"/>'
    ).format(style, x1, y1, x1 + bend, x2 - bend, y2, x2)
