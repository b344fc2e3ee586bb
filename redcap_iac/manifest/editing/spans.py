"""A YAML text as a tree of places: where every key, value, dash and colon stands.

A text ends with a line feed and has no other line breaks; `composing` makes the tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

#: What may stand between two tokens: blanks, line breaks, comments.
_BETWEEN = re.compile(r"(?:[ \t\n]+|#[^\n]*)*")
_FLAGS = {"true": True, "True": True, "false": False, "False": False}
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})

#: A document as plain values; scalars are text, but for unquoted flags and null.
Data = dict[str, "Data"] | list["Data"] | str | bool | None


@dataclass(slots=True, eq=False)
class Span:
    """A value in the text.

    `lead` is behind the colon or dash before it, `body` where it begins behind its anchor, `end`
    behind its last letter (of a block, before the last line's break).
    """

    lead: int
    body: int
    end: int
    anchor: str = ""
    #: Behind the anchor, or `lead` where there is none.
    after_anchor: int = 0

    @property
    def start(self) -> int:
        """Where it begins, its anchor included."""
        return self.after_anchor - len(self.anchor) - 1 if self.anchor else self.body


@dataclass(slots=True, eq=False)
class Scalar(Span):
    """Text; `style` is one of `"` `'` `|` `>`, "" when plain.

    `text` is as typed, `meant` with its variables in place.
    Of a block, `head` is behind its header and `block_start` where its first line begins.
    """

    text: str = ""
    style: str = ""
    meant: str = ""
    head: int = 0
    block_start: int = 0

    @property
    def is_block(self) -> bool:
        """Tell whether it stands below its key."""
        return self.style in ("|", ">")

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing stands there."""
        return not self.style and self.body == self.end


@dataclass(slots=True, eq=False)
class Alias(Span):
    """`*name`, with what it refers to."""

    name: str = ""
    target: Node = field(default_factory=lambda: Scalar(0, 0, 0))


@dataclass(slots=True, eq=False)
class Part:
    """An entry of a map or an item of a list, which has no key; `start` is its dash, `?` or key."""

    start: int
    value: Node
    key: Scalar | None = None
    has_colon: bool = True

    @property
    def name(self) -> str:
        """The key's text, "" for an item."""
        return self.key.meant if self.key is not None else ""

    @property
    def merges(self) -> bool:
        """Tell whether this is `<<`."""
        return self.key is not None and not self.key.style and self.key.text == "<<"


@dataclass(slots=True, eq=False)
class Collection(Span):
    """A map or a list; `bare` is a map of one pair in a list without braces (`[a: b]`)."""

    is_map: bool = True
    flow: bool = False
    bare: bool = False
    parts: list[Part] = field(default_factory=list)

    def part(self, name: str) -> Part | None:
        """Return the own entry of a name."""
        return next((one for one in self.parts if one.name == name and not one.merges), None)


Node = Scalar | Alias | Collection


def skip(text: str, offset: int) -> int:
    """Return where the next token stands."""
    found = _BETWEEN.match(text, offset)
    assert found is not None
    return found.end()


def children(node: Node) -> Iterator[Node]:
    """Yield a node and all below it in their order, keys included; what aliases mean is not."""
    waiting: list[Node] = [node]
    while waiting:
        one = waiting.pop()
        yield one
        if isinstance(one, Collection):
            for part in reversed(one.parts):
                waiting.append(part.value)
                if part.key is not None:
                    waiting.append(part.key)


def data_of(node: Node, known: dict[int, Data] | None = None) -> Data:
    """Return a document as plain values; what aliases share is one value."""
    known = {} if known is None else known
    if id(node) in known:
        return known[id(node)]
    value: Data
    if isinstance(node, Alias):
        return data_of(node.target, known)
    if isinstance(node, Scalar):
        value = scalar_data(node)
    elif node.is_map:
        value = _map_data(node, known)
    else:
        value = [data_of(part.value, known) for part in node.parts]
    known[id(node)] = value
    return value


def scalar_data(node: Scalar) -> Data:
    """Return a scalar as text, flag or null."""
    if not node.style:
        if node.text in _NULLS:
            return None
        if node.text in _FLAGS:
            return _FLAGS[node.text]
    return node.meant


def _map_data(node: Collection, known: dict[int, Data]) -> Data:
    own = {part.name for part in node.parts if not part.merges}
    result: dict[str, Data] = {}
    for part in node.parts:
        if not part.merges:
            result[part.name] = data_of(part.value, known)
            continue
        merged = data_of(part.value, known)
        for source in merged if isinstance(merged, list) else [merged]:
            for key, value in source.items() if isinstance(source, dict) else ():
                if key not in own:
                    own.add(key)
                    result[key] = value
    return result
