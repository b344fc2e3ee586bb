"""What the files of a manifest say besides the design: comments, lists, environments.

None of it is in REDCap, and no file of REDCap has a place for it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from redcap_iac.findings import Findings, Position
from redcap_iac.manifest.decoding import decode
from redcap_iac.manifest.events import Event, hide_special, parser_here

_COMMENT = re.compile(r"(?:^|\s)#")
#: Sections that are the tool's own, with how they are called when they are told.
_SECTIONS = {
    "choice_lists": "named choice lists",
    "environments": "environments",
    "manage": "what is managed and how",
    "lint": "settings of lint",
    "policy": "the policy",
    "variables": "variables",
}


@dataclass(frozen=True, slots=True)
class Aside:
    """One sort of thing besides the design: what it is, how many there are, where the first is."""

    what: str
    count: int
    at: Position


def asides(files: Iterable[tuple[str, bytes]]) -> tuple[Aside, ...]:
    """Return what the YAML files say besides the design, each sort once, in the order found."""
    count: Counter[str] = Counter()
    first: dict[str, Position] = {}
    for file, data in files:
        if not file.lower().endswith((".yaml", ".yml")):
            continue
        text = decode(data, file, Findings())
        for what, at in _Reader(text, file).found() if text is not None else ():
            count[what] += 1
            first.setdefault(what, at)
    return tuple(Aside(what, number, first[what]) for what, number in count.items())


@dataclass(slots=True)
class _Reader:
    """Goes through the parser's events of a file, knowing which scalars are keys."""

    text: str
    file: str
    _open: list[bool | None] = field(default_factory=list)
    _covered: dict[int, list[tuple[int, int]]] = field(default_factory=dict)

    def found(self) -> Iterator[tuple[str, Position]]:
        """Yield each thing with its place; comments last."""
        hidden, _ = hide_special(self.text)
        for event in parser_here()(hidden):
            yield from self._take(event)
        for number, line in enumerate(self.text.splitlines()):
            if "#" in line and _COMMENT.search(self._bare(line, number)):
                yield "comments", Position(self.file, number + 1)

    def _take(self, event: Event) -> Iterator[tuple[str, Position]]:
        name = type(event).__name__
        if name in ("MappingStartEvent", "SequenceStartEvent"):
            self._value()
            self._open.append(True if name == "MappingStartEvent" else None)
        elif name in ("MappingEndEvent", "SequenceEndEvent"):
            self._open.pop()
        elif name == "AliasEvent":
            yield "aliases and anchors", self._place(event)
            self._value()
        elif name == "ScalarEvent":
            is_key = bool(self._open and self._open[-1])
            yield from self._scalar(event, is_key=is_key)
            self._value()

    def _scalar(self, event: Event, *, is_key: bool) -> Iterator[tuple[str, Position]]:
        self._cover(event)
        if is_key and event.value.startswith("x-"):
            yield "keys that begin with x-", self._place(event)
        is_top = len(self._open) == 1 and "/" not in self.file
        if is_key and is_top and event.value in _SECTIONS:
            yield _SECTIONS[event.value], self._place(event)

    def _value(self) -> None:
        """Turn from key to value and back, where a map is open."""
        if self._open and self._open[-1] is not None:
            self._open[-1] = not self._open[-1]

    def _place(self, event: Event) -> Position:
        return Position(self.file, event.start_mark.line + 1, event.start_mark.column + 1)

    def _cover(self, event: Event) -> None:
        start, end = event.start_mark, event.end_mark
        for line in range(start.line, end.line + 1):
            begin = start.column if line == start.line else 0
            stop = end.column if line == end.line else 1_000_000
            self._covered.setdefault(line, []).append((begin, stop))

    def _bare(self, line: str, number: int) -> str:
        """Return a line with every scalar on it blotted out."""
        for begin, stop in self._covered.get(number, ()):
            line = line[:begin] + "x" * (min(stop, len(line)) - begin) + line[stop:]
        return line
