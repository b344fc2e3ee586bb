"""Action tags of a field annotation: their names and arguments, `@IF` taken apart.

`@TAG`, `@TAG=n`, `@TAG="text"`, `@TAG='text'`, `@TAG(…)`; `@IF(condition, tags, tags)` chooses
between tags (knowledge base RC-AT). Whatever else stands in an annotation is a remark.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

_TAG = re.compile(r"(?<![\w@])@([A-Za-z][A-Za-z0-9_-]*)")
_VALUE = re.compile(r"""\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s'"]+))""")


class Form(StrEnum):
    """How a tag's argument is written."""

    NONE = "none"
    TEXT = "text"
    BARE = "bare"
    PARENTHESES = "parentheses"


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument with the offset of its first character; quotes of a text are not in it."""

    text: str
    offset: int


@dataclass(frozen=True, slots=True)
class Tag:
    """One action tag; `name` in upper case without `@`, `arguments` those between parentheses.

    With `=` there is one argument. `inner` are the tags `@IF` chooses from, of both branches;
    `closed` is False where a parenthesis or quotation mark is never closed.
    """

    name: str
    form: Form
    arguments: tuple[Argument, ...]
    offset: int
    closed: bool = True
    then: tuple[Tag, ...] = ()
    otherwise: tuple[Tag, ...] = ()

    @property
    def inner(self) -> tuple[Tag, ...]:
        """The tags of both branches of `@IF`."""
        return (*self.then, *self.otherwise)


def action_tags(text: str, offset: int = 0) -> tuple[Tag, ...]:
    """Return the tags of an annotation in order; those inside `@IF` are in its `inner`.

    `offset` is added to every offset.
    """
    found = []
    position = 0
    while (match := _TAG.search(text, position)) is not None:
        tag, position = _tag(text, match, offset)
        found.append(tag)
    return tuple(found)


def every_tag(text: str) -> Iterator[Tag]:
    """Yield all tags of an annotation, those inside `@IF` after it."""
    waiting = list(reversed(action_tags(text)))
    while waiting:
        tag = waiting.pop()
        yield tag
        waiting.extend(reversed(tag.inner))


def _tag(text: str, match: re.Match[str], base: int) -> tuple[Tag, int]:
    name, start, end = match[1].upper(), match.start() + base, match.end()
    if text[end : end + 1] == "(":
        parts, end, closed = _parenthesized(text, end, base)
        then = action_tags(parts[1].text, parts[1].offset) if _is_if(name, parts, 2) else ()
        otherwise = action_tags(parts[2].text, parts[2].offset) if _is_if(name, parts, 3) else ()
        return Tag(name, Form.PARENTHESES, parts, start, closed, then, otherwise), end
    value = _VALUE.match(text, end)
    if value is None:
        return Tag(name, Form.NONE, (), start), end
    group = next(name for name, found in value.groupdict().items() if found is not None)
    argument = Argument(value[group], value.start(group) + base)
    form = Form.BARE if group == "bare" else Form.TEXT
    return Tag(name, form, (argument,), start), value.end()


def _is_if(name: str, parts: tuple[Argument, ...], least: int) -> bool:
    return name == "IF" and len(parts) >= least


def _parenthesized(text: str, start: int, base: int) -> tuple[tuple[Argument, ...], int, bool]:
    """Split what stands in parentheses at its top-level commas."""
    depth, quote, begin = 0, "", start + 1
    parts: list[Argument] = []
    for index in range(start, len(text)):
        letter = text[index]
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "'\"":
            quote = letter
        elif letter in "([":
            depth += 1
        elif letter in ")]":
            depth -= 1
            if depth == 0:
                parts.append(_trimmed(text, begin, index, base))
                return tuple(parts), index + 1, True
        elif letter == "," and depth == 1:
            parts.append(_trimmed(text, begin, index, base))
            begin = index + 1
    parts.append(_trimmed(text, begin, len(text), base))
    return tuple(parts), len(text), False


def _trimmed(text: str, begin: int, end: int, base: int) -> Argument:
    part = text[begin:end]
    return Argument(part.strip(), base + begin + len(part) - len(part.lstrip()))
