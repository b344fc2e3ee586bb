"""YAML → the tree of places of `spans`.

The events of the parsers give where scalars begin and end; what stands between them (dashes,
colons, question marks, comments) is found here. Files are checked by `manifest.nodes` before.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from ruamel.yaml.error import YAMLError

from redcap_iac.errors import EditError
from redcap_iac.manifest.editing.spans import Alias, Collection, Node, Part, Scalar, skip
from redcap_iac.manifest.events import (
    Event,
    Mark,
    Parser,
    hide_special,
    parse_fast,
    parse_portable,
    parser_here,
)
from redcap_iac.manifest.variables import literal

Meaning = Callable[[str], str]


def compose(
    text: str, file: str, parser: Parser | None = None, *, meaning: Meaning = literal
) -> Node:
    """Return the one document of a text; EditError when no parser takes it, or it is empty.

    `meaning` returns what a text as typed stands for.
    """
    hidden, back = hide_special(text)
    first = parser or parser_here()
    for one in (first, parse_portable) if first is parse_fast else (first,):
        try:
            builder = _Builder(text, back, meaning)
            for event in one(hidden):
                builder.take(event)
        except YAMLError:
            continue
        if builder.root is not None:
            return builder.root
        break
    raise EditError(f"{file} is not one YAML document.")


class _Builder:
    """Takes events one by one; `_cursor` is behind the last token that was placed."""

    def __init__(self, text: str, back: dict[int, str], meaning: Meaning) -> None:
        self._text = text
        self._back = back
        self._meaning = meaning
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
        meant = self._meaning(value) if "${" in value else value
        node = Scalar(lead, 0, 0, event.anchor or "", after, value, style, meant)
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
