"""What reads what, as text that others draw: Mermaid for pages and wikis, DOT for Graphviz."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from redcap_iac.design import Design, Purpose
from redcap_iac.design.dependencies import Dependency
from redcap_iac.secret import redact
from redcap_iac.views.docs.links import titles_of_forms
from redcap_iac.views.docs.rich_labels import plain
from redcap_iac.views.printable import printable, shortened

#: What an arrow says, by purpose.
_SAID: Mapping[Purpose, str] = {
    Purpose.BRANCHING: "shows",
    Purpose.CALCULATION: "computes",
    Purpose.CALCTEXT: "computes",
    Purpose.CALCDATE: "computes",
    Purpose.IF: "decides",
    Purpose.PIPING: "is piped",
    Purpose.EMBEDDING: "is embedded",
}
#: The purposes that decide or compute something; the others only show a value in a text.
DECIDING = frozenset(Purpose) - {Purpose.PIPING, Purpose.EMBEDDING}
#: Mermaid draws no more arrows than this unless its settings say so (documented by Mermaid).
MERMAID_ARROWS = 500
_LONGEST_LABEL = 60
#: What Mermaid gives a meaning inside a quoted text.
_MERMAID_SIGNS = re.compile(r"[^\w .,:;!?()\[\]{}/+*=%@'→…–\u00a0-]")
#: What newer versions of Mermaid take for a list or a heading, and draw no text for.
_LIST = re.compile(r"^(\d+[.)]|[-+*]|#+) ")
_MERMAID_ARROWS: Mapping[str, str] = {"shows": "-->", "computes": "==>"}
_DOT_STYLES: Mapping[str, str] = {"shows": "solid", "computes": "bold"}


@dataclass(frozen=True, slots=True)
class Box:
    """A field, or the status of an instrument."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Arrow:
    """From the field that is read to the field that reads it; `says` what for."""

    source: str
    target: str
    says: str
    event: str = ""

    @property
    def text(self) -> str:
        """What stands on the arrow; the event, where it is not the same one."""
        return f"{self.says}, from {self.event}" if self.event else self.says


@dataclass(frozen=True, slots=True)
class Group:
    """An instrument with those of its fields that have an arrow."""

    name: str
    label: str
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """What is to be drawn."""

    groups: tuple[Group, ...]
    arrows: tuple[Arrow, ...]


def chart(design: Design, edges: Iterable[Dependency], *, labels: bool = False) -> Chart:
    """Return the chart of some edges, in the order of the dictionary; each arrow once.

    With `labels` boxes say the field's label too.
    """
    arrows = {
        Arrow(edge.source, edge.target, _SAID[edge.purpose], _event(edge)): None for edge in edges
    }
    names = {name for arrow in arrows for name in (arrow.source, arrow.target)}
    titles = titles_of_forms(design)
    groups = []
    for instrument, fields in design.by_instrument.items():
        status = f"{instrument}_complete".lower()
        boxes = [
            Box(field.field_name, _label(field.field_label) if labels else "")
            for field in fields
            if field.field_name in names
        ]
        if status in names and design.field(status) is None:
            boxes.append(Box(status, "Complete?" if labels else ""))
        if boxes:
            groups.append(Group(instrument, titles[instrument], tuple(boxes)))
    return Chart(tuple(groups), tuple(arrows))


def mermaid(made: Chart) -> str:
    """Return a Mermaid flowchart; names and labels stand quoted, whatever they hold."""
    ids = _ids(made)
    lines = ["flowchart LR"]
    for number, group in enumerate(made.groups):
        lines.append(f"  subgraph g{number}[{_quoted_mermaid(group.label)}]")
        lines += [f"    {ids[box.name]}[{_mermaid_box(box)}]" for box in group.boxes]
        lines.append("  end")
    for arrow in made.arrows:
        shape = _MERMAID_ARROWS.get(arrow.says, "-.->")
        text = _quoted_mermaid(arrow.text)
        lines.append(f"  {ids[arrow.source]} {shape}|{text}| {ids[arrow.target]}")
    return "\n".join(lines)


def dot(made: Chart) -> str:
    """Return a Graphviz digraph; names and labels stand quoted, whatever they hold."""
    lines = [
        "digraph design {",
        "  rankdir=LR;",
        '  node [shape=box, style=rounded, fontname="monospace"];',
        '  edge [fontname="sans-serif", fontsize=10];',
    ]
    for number, group in enumerate(made.groups):
        lines.append(f"  subgraph cluster_{number} {{")
        lines.append(f"    label={_quoted_dot(group.label)};")
        lines += [f"    {_quoted_dot(box.name)}{_dot_label(box)};" for box in group.boxes]
        lines.append("  }")
    for arrow in made.arrows:
        style = _DOT_STYLES.get(arrow.says, "dashed")
        lines.append(
            f"  {_quoted_dot(arrow.source)} -> {_quoted_dot(arrow.target)}"
            f" [label={_quoted_dot(arrow.text)}, style={style}];"
        )
    return "\n".join((*lines, "}"))


def around(
    edges: Sequence[Dependency], names: Collection[str], depth: int | None = None
) -> tuple[Dependency, ...]:
    """Return the edges that lead to some fields and away from them, as many steps as `depth`.

    Both ways are followed apart: what a field reads, and what that reads; what reads the field, and
    what reads that. Names as declared.
    """
    reads: dict[str, list[Dependency]] = {}
    read_by: dict[str, list[Dependency]] = {}
    for edge in edges:
        reads.setdefault(edge.target, []).append(edge)
        read_by.setdefault(edge.source, []).append(edge)
    back = _reached(reads, names, depth, lambda edge: edge.source)
    onward = _reached(read_by, names, depth, lambda edge: edge.target)
    return tuple(edge for edge in edges if edge.target in back or edge.source in onward)


def _reached(
    ways: Mapping[str, Sequence[Dependency]],
    names: Collection[str],
    depth: int | None,
    other: Callable[[Dependency], str],
) -> frozenset[str]:
    """Return the fields whose edges of one direction belong to the drawing."""
    found: set[str] = set()
    edge_of_known = set(names)
    while edge_of_known and (depth is None or depth > 0):
        found |= edge_of_known
        steps = (edge for name in edge_of_known for edge in ways.get(name, ()))
        edge_of_known = {other(edge) for edge in steps} - found
        depth = None if depth is None else depth - 1
    return frozenset(found)


def _event(edge: Dependency) -> str:
    event = edge.reference.event
    return "" if edge.is_here or event is None else printable(str(event))


def _ids(made: Chart) -> Mapping[str, str]:
    names = (box.name for group in made.groups for box in group.boxes)
    return {name: f"n{number}" for number, name in enumerate(names)}


def _label(text: str) -> str:
    return shortened(plain(text), _LONGEST_LABEL)


def _mermaid_box(box: Box) -> str:
    name = _quoted_mermaid(box.name)
    return f"{name[:-1]}<br/>{_quoted_mermaid(box.label)[1:]}" if box.label else name


def _quoted_mermaid(text: str) -> str:
    """Return a text in quotes, every sign with a meaning of its own as its number."""
    said = _LIST.sub("\\1\u00a0", printable(redact(text)))
    return f'"{_MERMAID_SIGNS.sub(lambda sign: f"#{ord(sign[0])};", said)}"'


def _dot_label(box: Box) -> str:
    if not box.label:
        return ""
    return f" [label={_quoted_dot(box.name)[:-1]}\\n{_quoted_dot(box.label)[1:]}]"


def _quoted_dot(text: str) -> str:
    """Return a text in quotes; Graphviz reads backslashes and the entities of HTML in it."""
    said = printable(redact(text)).replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"')
    return f'"{said}"'
