"""A YAML document → its lines in the one layout; comments go where their line goes."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from redcap_iac.manifest.editing.extents import comments, line_start
from redcap_iac.manifest.editing.spans import Alias, Collection, Node, Part, Scalar, children
from redcap_iac.manifest.editing.spelling import LIMIT
from redcap_iac.manifest.quoting import double_quoted, needs_escape

Path = tuple[str | int, ...]
Sorter = Callable[[Path, Sequence[str]], list[int]]

_STEP = 2
_GAP = re.compile(r"\n[ \t]*\n")
_HEADER = re.compile(r"([|>])([-+0-9]*)")
_LONGEST_KEY = 1000
#: Words without quotes that YAML 1.1 takes for flags.
_OLD_FLAGS = frozenset({"yes", "no", "on", "off", "y", "n"})


@dataclass(slots=True)
class _Comment:
    """A comment: the place of its `#`, its column, whether it has its line for itself."""

    at: int
    text: str
    column: int
    owns_line: bool


class Layout:
    """Writes one document anew; `sort` gives the order of a map's keys by its path."""

    def __init__(self, text: str, root: Node, sort: Sorter, *, spaced: bool) -> None:
        self._text = text
        self._root = root
        self._sort = sort
        self._spaced = spaced
        self._notes = [self._note(at, words) for at, words in comments(text, root)]
        #: Behind the last thing that was written.
        self._done = 0
        self._keeps = False

    def text(self) -> str:
        """Return the whole file."""
        assert isinstance(self._root, Collection)
        lines = self._collection(self._root, 0, (), -1)
        lines += self._own_lines(len(self._text), 0, -2)
        while lines and not lines[0]:
            lines.pop(0)
        return "\n".join(lines) + "\n"

    # comments

    def _note(self, at: int, words: str) -> _Comment:
        first = line_start(self._text, at)
        return _Comment(at, words, at - first, not self._text[first:at].strip())

    def _own_lines(self, limit: int, column: int, deeper_than: int) -> list[str]:
        """Return the comments before a place as lines, those deeper than a column only."""
        lines: list[str] = []
        while self._notes and self._notes[0].at < limit:
            note = self._notes[0]
            if note.owns_line and note.column <= deeper_than:
                break
            lines += self._gap(note.at)
            lines.append(" " * column + note.text)
            self._done = note.at + len(note.text)
            self._notes.pop(0)
        return lines

    def _gap(self, at: int) -> list[str]:
        """Return a blank line where there was one before a place."""
        is_apart = _GAP.search(self._text, self._done, line_start(self._text, at)) is not None
        keeps, self._keeps = self._keeps, False
        return [""] if is_apart and not keeps else []

    def _behind(self, line: str, end: int) -> str:
        """Return a line with the comment that stood behind a place of its old line."""
        for number, note in enumerate(self._notes):
            if note.at < end:
                continue
            between = self._text[end : note.at]
            if "\n" in between or between.strip(" \t,"):
                return line
            self._notes.pop(number)
            self._done = max(self._done, note.at + len(note.text))
            old = note.column - len(self._text[line_start(self._text, note.at) : note.at].rstrip())
            column = max(len(line) + 2, note.column if old > 2 else 0)
            return f"{line.ljust(column)}{note.text}"
        return line

    # maps and lists

    def _collection(self, node: Collection, column: int, path: Path, outer: int) -> list[str]:
        """Return the lines of a map or list, and of the comments at its end."""
        chunks: list[list[str]] = []
        kept: list[bool] = []  # whether a blank line behind it would be text
        head: list[str] = []
        for number, part in enumerate(node.parts):
            lines = self._own_lines(self._begin(part), column, -2)
            if not number and not path:
                head, lines = _split_head(lines, apart=self._is_apart(self._begin(part)))
            elif not number and lines and not lines[0]:
                lines.pop(0)
            gap = self._gap(self._begin(part))
            step: str | int = part.name if node.is_map else number
            lines += gap if number or lines else []
            lines += self._part(part, column, (*path, step), node)
            chunks.append(lines)
            kept.append(self._keeps)
        order = list(range(len(chunks)))
        if node.is_map:
            order = self._sort(path, [part.name for part in node.parts])
        written = [*head]
        for number, place in enumerate(order):
            lines = chunks[place]
            apart = number and not path and self._spaced and not kept[order[number - 1]]
            if apart and lines and lines[0]:
                written.append("")
            written += lines if number or path else _without_first_gap(lines)
        if not node.flow and node.parts:
            written += self._own_lines(self._next_code(node), column, outer)
        return written

    def _begin(self, part: Part) -> int:
        """Return where a part begins, or for an item what it holds."""
        node = part.value
        if part.key is not None or not isinstance(node, Collection):
            return max(part.start, node.body) if part.key is None else part.start
        while isinstance(node, Collection) and not node.flow and node.parts:
            first = node.parts[0]
            if first.key is not None:
                return first.start
            node = first.value
        return max(part.start, node.body)

    def _is_apart(self, at: int) -> bool:
        return _GAP.search(self._text, self._done, line_start(self._text, at)) is not None

    def _next_code(self, node: Node) -> int:
        """Return where the first thing behind a collection stands that is no comment."""
        cursor = max(node.end, self._done)  # a comment behind the last line is written already
        for note in self._notes:
            if note.at < cursor:
                continue
            if self._text[cursor : note.at].strip(" \t\n,"):
                break
            cursor = note.at + len(note.text)
        return cursor + 1

    def _part(self, part: Part, column: int, path: Path, parent: Collection) -> list[str]:
        indent = " " * column
        first = line_start(self._text, part.start)
        old_column = part.start - first
        if parent.flow:
            old_column = -1
        if part.key is None:
            return self._value(f"{indent}-", part, column, path, old_column)
        key = self._key(part.key)
        self._done = max(self._done, part.key.end)
        if len(key) <= _LONGEST_KEY:
            return self._value(f"{indent}{key}:", part, column, path, old_column)
        return [f"{indent}? {key}", *self._value(f"{indent}:", part, column, path, old_column)]

    def _key(self, key: Scalar) -> str:
        anchor = f"&{key.anchor} " if key.anchor else ""
        raw = self._text[key.body : key.end]
        return anchor + (double_quoted(key.text) if "\n" in raw else _token(key, raw))

    # values

    def _value(
        self, lead: str, part: Part, column: int, path: Path, old_column: int
    ) -> list[str]:  # fmt: skip
        node = part.value
        if node.anchor:
            lead = f"{lead} &{node.anchor}"
        if isinstance(node, Collection):
            return self._held(lead, part, node, column, path, old_column)
        self._done = max(self._done, node.end, node.after_anchor)
        if isinstance(node, Alias):
            return [self._behind(f"{lead} *{node.name}", node.end)]
        if node.is_block:
            return self._literal(lead, node, column, old_column)
        if node.is_empty:
            return [self._behind(lead, node.after_anchor)]
        raw = self._text[node.body : node.end]
        if "\n" not in raw:
            return [self._behind(f"{lead} {_token(node, raw)}", node.end)]
        first, *rest = (line.strip(" \t") for line in raw.split("\n"))
        lines = [f"{lead} {first}", *(_continued(line, column + _STEP) for line in rest)]
        lines[-1] = self._behind(lines[-1], node.end)
        return lines

    def _literal(self, lead: str, node: Scalar, column: int, old_column: int) -> list[str]:
        found = _HEADER.match(self._text, node.body)
        assert found is not None
        marks = found.group(2)
        raw = self._text[node.block_start : node.end] if node.end > node.head else ""
        lines = raw.split("\n") if node.end > node.head else []
        digit = next((mark for mark in marks if mark.isdigit()), "")
        base = old_column + int(digit) if digit else _indent(lines)
        marks = marks.replace(digit, str(_STEP)) if digit else marks
        header = self._behind(f"{lead} {found.group(1)}{marks}", node.head)
        self._done = max(self._done, node.end)
        self._keeps = "+" in marks
        indent = " " * (column + _STEP)
        return [header, *(f"{indent}{line[base:]}" if line[base:] else "" for line in lines)]

    def _held(
        self, lead: str, part: Part, node: Collection, column: int, path: Path, old_column: int
    ) -> list[str]:
        """Return the lines of an entry that holds a map or list."""
        if node.flow or not node.parts:
            flow = self._on_one_line(node, len(lead) + 1, path)
            if flow is not None:
                self._done = max(self._done, node.end)
                return [self._behind(f"{lead} {flow}", node.end)]
            header = self._behind(lead, node.end)
        else:
            header = self._behind(lead, node.after_anchor)
        self._done = max(self._done, node.after_anchor)
        compact = part.key is None and header == lead and not node.anchor
        inner = column + _STEP
        lines = self._collection(node, inner, path, old_column)
        if compact and lines and lines[0].strip() and not lines[0].lstrip().startswith("#"):
            return [f"{lead} {lines[0][inner:]}", *lines[1:]]
        return [header, *lines]

    def _on_one_line(self, node: Collection, width: int, path: Path) -> str | None:
        """Return a map or list in braces, None where it does not fit or holds a comment."""
        near = next((note for note in self._notes if note.at >= node.start), None)
        if near is not None and near.at < node.end:
            return None
        if any("\n" in self._text[one.start : one.end] for one in _scalars(node)):
            return None
        flow = self._flow(node, path)
        return flow if width + len(flow) <= LIMIT or not node.parts else None

    def _flow(self, node: Node, path: Path) -> str:
        """Return a value on one line; the anchor of a map or list stands with what leads to it."""
        if isinstance(node, Alias):
            return f"*{node.name}"
        if isinstance(node, Scalar):
            anchor = f"&{node.anchor} " if node.anchor else ""
            return (anchor + _token(node, self._text[node.body : node.end])).rstrip(" ")
        order = range(len(node.parts))
        if not node.is_map:
            inner = (self._flow_part(node.parts[place], (*path, place)) for place in order)
            return f"[{', '.join(inner)}]"
        parts = [node.parts[place] for place in self._sort(path, [one.name for one in node.parts])]
        whole = ", ".join(self._flow_part(part, (*path, part.name)) for part in parts)
        return whole if node.bare else f"{{{whole}}}"

    def _flow_part(self, part: Part, path: Path) -> str:
        written = self._flow(part.value, path)
        if isinstance(part.value, Collection) and part.value.anchor:
            written = f"&{part.value.anchor} {written}"
        if part.key is None:
            return written
        return f"{self._key(part.key)}: {written}".rstrip(" ")


def _scalars(node: Node) -> list[Node]:
    return [one for one in children(node) if isinstance(one, Scalar)]


def _token(node: Scalar, raw: str) -> str:
    """Return a scalar of one line: double quotes where they need no escape, else as it was."""
    if node.style == "'" and not needs_escape(node.text) and not set(node.text) & set('"\\\t\n'):
        return double_quoted(node.text)
    if not node.style and raw.lower() in _OLD_FLAGS:
        return double_quoted(raw)
    return raw


def _continued(line: str, column: int) -> str:
    return " " * column + line if line else ""


def _indent(lines: Sequence[str]) -> int:
    return next((len(one) - len(one.lstrip(" ")) for one in lines if one.strip(" ")), 0)


def _split_head(lines: list[str], *, apart: bool) -> tuple[list[str], list[str]]:
    """Return the comments that head a file, and those of its first section."""
    if apart:
        return [*lines, ""] if lines else [], []
    blanks = [number for number, line in enumerate(lines) if not line]
    if not blanks or not blanks[-1]:
        return [], lines
    return [*lines[: blanks[-1]], ""], lines[blanks[-1] + 1 :]


def _without_first_gap(lines: list[str]) -> list[str]:
    return lines[1:] if lines and not lines[0] else lines
