"""YAML → a tree of places: where in the text every key, value, dash and colon stands.

The events of the parsers give where scalars begin and end; what stands between them (dashes,
colons, question marks, comments) is found here. A text ends with a line feed and has no other
line breaks. Files are checked by `manifest.nodes` before they come here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ruamel.yaml.error import YAMLError

from redcap_iac.errors import EditError
from redcap_iac.manifest.events import (
    Event,
    Mark,
    Parser,
    hide_special,
    parse_fast,
    parse_portable,
    parser_here,
)

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

    Of a block, `head` is behind its header and `block_start` where its first line begins.
    """

    text: str = ""
    style: str = ""
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
        return self.key.text.replace("$${", "${") if self.key is not None else ""

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


def compose(text: str, file: str, parser: Parser | None = None) -> Node:
    """Return the one document of a text; EditError when no parser takes it, or it is empty."""
    hidden, back = hide_special(text)
    first = parser or parser_here()
    for one in (first, parse_portable) if first is parse_fast else (first,):
        try:
            builder = _Builder(text, back)
            for event in one(hidden):
                builder.take(event)
        except YAMLError:
            continue
        if builder.root is not None:
            return builder.root
        break
    raise EditError(f"{file} is not one YAML document.")


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
    return node.text.replace("$${", "${")


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


class _Builder:
    """Takes events one by one; `_cursor` is behind the last token that was placed."""

    def __init__(self, text: str, back: dict[int, str]) -> None:
        self._text = text
        self._back = back
        self._lines = [0, *(found.end() for found in re.finditer("\n", text))]
        self._cursor = 0
        self._stack: list[Collection] = []
        self._key: list[tuple[int, Scalar] | None] = []
        self._anchors: dict[str, Node] = {}
        self.root: Node | None = None

    def take(self, event: Event) -> None:
        """Add one event."""
        match type(event).__name__:
            case "DocumentStartEvent":
                self._cursor = self._offset(event.end_mark)
            case "ScalarEvent":
                self._scalar(event)
            case "AliasEvent":
                self._alias(event)
            case "MappingStartEvent":
                self._open(event, is_map=True)
            case "SequenceStartEvent":
                self._open(event, is_map=False)
            case "MappingEndEvent" | "SequenceEndEvent":
                self._close(event)
            case _:
                pass

    def _offset(self, mark: Mark) -> int:
        return min(self._lines[min(mark.line, len(self._lines) - 1)] + mark.column, len(self._text))

    def _next(self) -> str:
        """Return the next sign, and stand on it."""
        self._cursor = skip(self._text, self._cursor)
        return self._text[self._cursor : self._cursor + 1]

    def _lead(self) -> tuple[int, bool]:
        """Place what stands before a value; return where the part begins, and whether with `:`."""
        if not self._stack:
            return self._cursor, True
        parent = self._stack[-1]
        before = self._cursor
        if parent.flow:
            if self._next() == ",":
                self._cursor += 1
            else:
                self._cursor = before
        if not parent.is_map:
            if not parent.flow and self._next() == "-":
                self._cursor += 1
                return self._cursor - 1, True
            return self._cursor, True
        if self._next() == ":":
            self._cursor += 1
            return self._cursor, True
        self._cursor = before
        return self._cursor, False

    def _key_start(self) -> int:
        """Return where an entry begins: its key, or the `?` before it."""
        if self._stack[-1].flow and self._next() == ",":
            self._cursor += 1
        there = self._next()
        start = self._cursor
        if there == "?" and self._text[start + 1 : start + 2] in (" ", "\n", "\t"):
            self._cursor += 1
        return start

    def _wants_key(self) -> bool:
        return bool(self._stack) and self._stack[-1].is_map and self._key[-1] is None

    def _anchored(self, event: Event, lead: int) -> tuple[int, int]:
        """Return the ends of an anchor, and of what follows up to the body."""
        if not event.anchor:
            return lead, lead
        after = self._offset(event.start_mark) + 1 + len(event.anchor)
        return after, after

    def _scalar(self, event: Event) -> None:
        value = event.value.translate(self._back) if self._back else event.value
        is_key = self._wants_key()
        start, colon = (self._key_start(), True) if is_key else self._lead()
        lead = self._cursor
        after, _ = self._anchored(event, lead)
        style = event.style or ""
        node = Scalar(lead, 0, 0, event.anchor or "", after, value, style)
        if not style and not value:
            node.body = node.end = after
        else:
            node.body = skip(self._text, after) if event.anchor else self._offset(event.start_mark)
            node.end = self._offset(event.end_mark)
        if node.is_block:
            self._block(node)
        self._cursor = node.end
        if is_key:
            self._key[-1] = (start, node)
            self._keep(event, node)
        else:
            self._put(event, node, start, colon)

    def _block(self, node: Scalar) -> None:
        """Find a block's header, and its last line: blank ones belong to it only after `+`."""
        header = re.compile(r"[|>][-+0-9]*").match(self._text, node.body)
        assert header is not None
        node.head = header.end()
        node.block_start = self._text.find("\n", node.head) + 1
        content = node.block_start
        last = max(node.end, content)
        if "+" not in header.group():
            last = content + len(self._text[content:last].rstrip(" \n"))
            last = self._text.find("\n", last) + 1 if last > content else content
        node.end = last - 1 if last > content else node.head

    def _alias(self, event: Event) -> None:
        if self._wants_key():
            raise EditError("An alias stands for a key, which cannot be edited in place.")
        start, colon = self._lead()
        name = str(event.anchor)
        node = Alias(
            self._cursor, self._offset(event.start_mark), self._offset(event.end_mark), "",
            self._cursor, name, self._anchors[name],
        )  # fmt: skip
        self._cursor = node.end
        self._put(event, node, start, colon, keep=False)

    def _open(self, event: Event, *, is_map: bool) -> None:
        if self._wants_key():
            raise EditError("A list or a map stands for a key, which cannot be edited in place.")
        start, colon = self._lead()
        lead = self._cursor
        after, _ = self._anchored(event, lead)
        flow = bool(event.flow_style)
        body = skip(self._text, after)
        node = Collection(lead, body, 0, event.anchor or "", after, is_map, flow)
        opening = "{" if is_map else "["
        node.bare = flow and self._text[body : body + 1] != opening
        self._put(event, node, start, colon)
        self._cursor = body + 1 if flow and not node.bare else after
        self._stack.append(node)
        self._key.append(None)

    def _close(self, event: Event) -> None:
        node = self._stack.pop()
        self._key.pop()
        if node.flow and not node.bare:
            self._cursor = self._offset(event.end_mark)
        node.end = self._cursor

    def _keep(self, event: Event, node: Node) -> None:
        if event.anchor:
            self._anchors[event.anchor] = node

    def _put(
        self, event: Event, node: Node, start: int, has_colon: bool, *, keep: bool = True
    ) -> None:
        if keep:
            self._keep(event, node)
        if not self._stack:
            self.root = node
            return
        parent = self._stack[-1]
        if not parent.is_map:
            begin = node.start if parent.flow else start
            parent.parts.append(Part(begin, node))
            return
        named = self._key[-1]
        assert named is not None
        begin, key = named
        self._key[-1] = None
        parent.parts.append(Part(begin, node, key, has_colon))
