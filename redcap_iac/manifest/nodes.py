"""YAML → document nodes with positions, in one pass over the parser's events.

The events come from libyaml where `ruamel.yaml.clib` is there, else from the parser in Python;
both give the same nodes (tested). Every scalar stays text as typed; aliases, nesting and size
are bounded; nothing recurses, so no file can exhaust the stack.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NoReturn

from ruamel.yaml.error import YAMLError

from redcap_iac.document import Listing, Map, Node, Text
from redcap_iac.findings import Findings, Position
from redcap_iac.manifest.decoding import decode
from redcap_iac.manifest.events import (
    Event,
    Mark,
    Parser,
    hide_special,
    parse_fast,
    parse_portable,
    parser_here,
)
from redcap_iac.manifest.text_rules import TextRules, explain_syntax, find_directive

#: How deep lists and maps may stand in one another.
DEEPEST = 60
#: How many nodes a file may make, and how many of them by aliases.
MOST_NODES = 3_000_000
MOST_ALIASED = 200_000

#: How many letters are read a second time, by the parser in Python, when libyaml refuses them.
_LARGEST_SECOND_LOOK = 4_000_000
_ANCHOR = re.compile(r"[A-Za-z0-9_-]+")


def read_yaml(
    data: bytes,
    file: str,
    findings: Findings,
    parser: Parser | None = None,
    *,
    as_typed: bool = False,
) -> Node | None:
    """Return the one document of a file, None when an error was found that leaves nothing.

    In files that know variables texts are wanted `as_typed`; elsewhere a `${` is an error, and
    `$${` stands for it.
    """
    text = decode(data, file, findings)
    if text is None:
        return None
    directive = find_directive(text, file)
    if directive is not None:
        findings.add(directive)
        return None
    first = parser or parser_here()
    try:
        return _build(text, file, findings, first, as_typed=as_typed)
    except YAMLError as error:
        # libyaml is older than YAML 1.2: what it refuses ({url: https://…}) may well be right
        if first is parse_fast and len(text) <= _LARGEST_SECOND_LOOK:
            return read_yaml(data, file, findings, parse_portable, as_typed=as_typed)
        findings.add(explain_syntax(error, text, file))
        return None


def _build(
    text: str, file: str, findings: Findings, parser: Parser, *, as_typed: bool
) -> Node | None:  # fmt: skip
    """Return the document of a text; YAMLError, and no finding, when the parser refuses it."""
    hidden, back = hide_special(text)
    found = Findings()
    builder = _Builder(file, TextRules(text, file, found), found, back, as_typed=as_typed)
    try:
        with _collector_paused():
            for event in parser(hidden):
                builder.take(event)
        node = builder.finish()
    except _UnreadableError:
        node = None
    for finding in found.all():
        findings.add(finding)
    return node


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Keep the garbage collector from walking nodes being made, none of which is garbage.

    Measured: it takes more than half of the time otherwise.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class _UnreadableError(Exception):
    """Reading stops; the finding is already there."""


@dataclass(slots=True)
class _Open:
    """A list or map that is being read; `key` is the key whose value comes next."""

    is_map: bool
    flow: bool
    at: Position
    anchor: str | None
    size_before: int
    parent_key: str
    items: list[Node] = field(default_factory=list)
    entries: list[tuple[Text, Node]] = field(default_factory=list)
    seen: dict[str, Position] = field(default_factory=dict)
    key: Text | None = None
    key_end: tuple[int, int] = (0, 0)
    merges: bool = False


class _Builder:
    """Takes events one by one, keeps what is open on a stack of its own."""

    def __init__(
        self,
        file: str,
        rules: TextRules,
        findings: Findings,
        back: dict[int, str],
        *,
        as_typed: bool,
    ) -> None:
        self._file = file
        self._as_typed = as_typed
        self._rules = rules
        self._findings = findings
        self._back = back
        self._stack: list[_Open] = []
        self._anchors: dict[str, tuple[Node, int]] = {}
        self._anchored_at: dict[str, Position] = {}
        self._used: set[str] = set()
        self._root: Node | None = None
        self._documents = 0
        self._size = 0
        self._aliased = 0
        self._takers: dict[str, Callable[[Event], None]] = {
            "ScalarEvent": self._scalar,
            "MappingStartEvent": self._start_map,
            "SequenceStartEvent": self._start_list,
            "MappingEndEvent": self._end,
            "SequenceEndEvent": self._end,
            "AliasEvent": self._alias,
            "DocumentStartEvent": self._document,
        }

    def take(self, event: Event) -> None:
        """Add one event to what is being read."""
        taker = self._takers.get(type(event).__name__)
        if taker is not None:
            taker(event)

    def finish(self) -> Node | None:
        """Return the document; an empty file is an error."""
        self._rules.check_tabs()
        if self._root is None:
            self._findings.error("M106", "The file is empty.", Position(self._file, 1))
        for anchor in self._anchored_at.keys() - self._used:
            node, _ = self._anchors[anchor]
            if isinstance(node, Text) and node.plain:
                self._findings.warning(
                    "M107",
                    f"YAML takes `&{anchor}` for an anchor, and nothing refers to it.",
                    self._anchored_at[anchor],
                    advice="If it is text, put the whole text in quotes.",
                )
        return self._root

    # events

    def _document(self, event: Event) -> None:
        self._documents += 1
        if self._documents > 1:
            self._stop(
                "M106",
                "A second document begins here (`---`); a file holds one.",
                self._at(event.start_mark),
                "Put it into a file of its own.",
            )

    def _scalar(self, event: Event) -> None:
        text = event.value
        if self._back:
            text = text.translate(self._back)
        plain = not event.style
        start = self._at(event.start_mark)
        if event.style:
            self._check_styled(event, event.style, text, start)
        if event.tag:
            self._refuse_tag(event.tag, start)
        parent = self._stack[-1] if self._stack else None
        empty = plain and not text
        if empty and parent is not None:
            start = parent.key.at if parent.key is not None else parent.at
        if "${" in text and not self._as_typed:
            text = self._rules.without_variables(text, start)
        if plain and parent is not None:
            end = (event.end_mark.line, event.end_mark.column)
            if parent.is_map and parent.key is None:
                parent.key_end = end
            elif empty:
                self._rules.check_empty(parent.key, parent.key_end)
            else:
                name = parent.key.text if parent.key else parent.parent_key
                self._rules.check_comment(name, text, start, end)
        elif parent is not None and parent.is_map and parent.key is None:
            parent.key_end = (event.end_mark.line, event.end_mark.column)
        self._size += 1
        node = Text(text, start, plain)
        if event.anchor:
            self._keep(event.anchor, node, 1)
        self._put(node)

    def _check_styled(self, event: Event, style: str, text: str, start: Position) -> None:
        """Note where tabs are text; refuse one that begins a block, which parsers read apart."""
        first, last = event.start_mark, event.end_mark
        place = (first.line, first.column)
        self._rules.cover(place, (last.line, last.column), style)
        if style in "|>":
            self._rules.check_block(text, start)

    def _start_map(self, event: Event) -> None:
        self._open(event, is_map=True)

    def _start_list(self, event: Event) -> None:
        self._open(event, is_map=False)

    def _open(self, event: Event, *, is_map: bool) -> None:
        at = self._at(event.start_mark)
        if len(self._stack) >= DEEPEST:
            self._stop("M103", f"Lists and maps stand more than {DEEPEST} deep here.", at)
        if event.tag:
            self._refuse_tag(event.tag, at)
        parent = self._stack[-1] if self._stack else None
        if parent is not None and parent.is_map and parent.key is None:
            self._stop(
                "M107",
                "A key must be text, not a list or a map.",
                at,
                "Text that begins with [ or { needs quotes.",
            )
        name = "" if parent is None else parent.key.text if parent.key else parent.parent_key
        self._stack.append(
            _Open(is_map, bool(event.flow_style), at, event.anchor, self._size, name)
        )

    def _end(self, _event: Event) -> None:
        done = self._stack.pop()
        node: Node
        if done.is_map:
            entries = self._rules.unsplit(done.entries) if done.flow else done.entries
            node = Map(self._merged(entries) if done.merges else tuple(entries), done.at)
        else:
            node = Listing(tuple(done.items), done.at)
        self._size += 1
        if done.anchor:
            self._keep(done.anchor, node, self._size - done.size_before)
        self._put(node)

    def _alias(self, event: Event) -> None:
        name = str(event.anchor)
        at = self._at(event.start_mark)
        if name not in self._anchors:
            inside = any(part.anchor == name for part in self._stack)
            problem = "refers to itself" if inside else "refers to no anchor before it"
            self._stop(
                "M107",
                f"YAML takes `*{name}` for an alias, and it {problem}.",
                at,
                "If it is text, put the whole text in quotes.",
            )
        self._used.add(name)
        node, size = self._anchors[name]
        self._size += size
        self._aliased += size
        if self._aliased > MOST_ALIASED or self._size > MOST_NODES:
            self._stop("M103", "Aliases (`*name`) make this file grow beyond all measure.", at)
        self._put(node)

    # building

    def _at(self, mark: Mark) -> Position:
        return Position(self._file, mark.line + 1, mark.column + 1)

    def _keep(self, anchor: str, node: Node, size: int) -> None:
        if not _ANCHOR.fullmatch(anchor):
            self._stop(
                "M107",
                f"YAML takes `&{anchor}` for an anchor, which is made of letters and digits.",
                node.at,
                "If it is text, put the whole text in quotes.",
            )
        if anchor in self._anchors:
            self._stop("M107", f"The anchor `&{anchor}` is given a second time.", node.at)
        self._anchors[anchor] = (node, size)
        self._anchored_at[anchor] = node.at

    def _put(self, node: Node) -> None:
        if self._size > MOST_NODES:
            self._stop("M103", "The file holds more than any manifest could.", node.at)
        if not self._stack:
            if isinstance(node, Text) and not node.is_null:
                self._stop("M110", "The file holds a text, and should hold `key: value`.", node.at)
            self._root = None if isinstance(node, Text) else node
            return
        parent = self._stack[-1]
        if not parent.is_map:
            parent.items.append(node)
        elif parent.key is None:
            self._put_key(parent, node)
        else:
            if parent.key.text not in parent.seen:
                parent.seen[parent.key.text] = parent.key.at
                parent.entries.append((parent.key, node))
            parent.key = None

    def _put_key(self, parent: _Open, node: Node) -> None:
        if not isinstance(node, Text):
            self._stop("M107", "A key must be text, not a list or a map.", node.at)
        if node.plain and not node.text:
            self._stop("M101", "There is a colon here without a key before it.", node.at)
        parent.key = node
        parent.merges = parent.merges or (node.plain and node.text == "<<")
        first = parent.seen.get(node.text)
        if first is not None:
            self._findings.error(
                "M104",
                f"`{node.text}` stands here a second time; the first is in line {first.line}.",
                node.at,
            )

    def _merged(self, entries: list[tuple[Text, Node]]) -> tuple[tuple[Text, Node], ...]:
        """Return the entries with `<<` replaced, at its place, by what is not said otherwise."""
        own = {key.text for key, _ in entries}
        result: list[tuple[Text, Node]] = []
        for key, value in entries:
            if not (key.plain and key.text == "<<"):
                result.append((key, value))
                continue
            for source in value.items if isinstance(value, Listing) else (value,):
                if not isinstance(source, Map):
                    self._findings.error("M110", "`<<` takes in a map, or a list of maps.", key.at)
                    continue
                for inner, inner_value in source.entries:
                    if inner.text not in own:
                        own.add(inner.text)
                        result.append((inner, inner_value))
        return tuple(result)

    def _refuse_tag(self, tag: str, at: Position) -> None:
        self._findings.error(
            "M107",
            f"YAML takes the `!` here for a tag (`{tag}`), and a manifest has none.",
            at,
            advice="If it is text, put the whole text in quotes.",
        )

    def _stop(self, code: str, message: str, at: Position, advice: str = "") -> NoReturn:
        self._findings.error(code, message, at, advice=advice)
        raise _UnreadableError
