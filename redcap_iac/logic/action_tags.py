"""Action tags of a field annotation: their names and arguments, `@IF` taken apart.

`@TAG`, `@TAG=n`, `@TAG="text"`, `@TAG='text'`, `@TAG(…)`; `@IF(condition, tags, tags)` chooses
between tags (knowledge base RC-AT). `@TAG={…}` is how external modules take settings (corpus).
Whatever else stands in an annotation is a remark, an e-mail address too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from redcap_iac.logic.tag_arguments import Argument, braced, parenthesized

_TAG = re.compile(r"(?<![\w@])@([A-Za-z][A-Za-z0-9_]*(?:-[A-Za-z0-9_]+)*)", re.ASCII)
_EQUALS = re.compile(r"\s*=\s*")
_QUOTED = re.compile(r"\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'")
# Up to a blank or quotation mark; parentheses in pairs only: of `(@CHARLIMIT=5)` it is 5.
_BARE = re.compile(r"(?:[^\s'\"()]|\([^\s'\"()]*\))+")
_LINE = re.compile(r"[^\r\n]*")
# These have parentheses always, so that a blank before them is no end (I).
_BEFORE_PARENTHESIS = re.compile(r"[ \t]*\(")
_ALWAYS_PARENTHESES = frozenset(("IF", "CALCTEXT", "CALCDATE", "MAXCHOICE"))
_WITH_LOGIC = frozenset(("IF", "CALCTEXT", "CALCDATE"))
# Far more than a person reads; without a limit a hostile text would nest as deep as it is long.
_MOST_NESTED = 40


class Form(StrEnum):
    """How a tag's argument is written."""

    NONE = "none"
    TEXT = "text"
    BARE = "bare"
    PARENTHESES = "parentheses"
    BRACES = "braces"


@dataclass(frozen=True, slots=True)
class Tag:
    """One action tag; `name` in upper case without `@`, `arguments` those between parentheses.

    With `=` there is one argument. `inside` is all that stands between the parentheses, commas and
    all. `then` and `otherwise` are the tags `@IF` chooses from. `closed` is False where a
    parenthesis, brace or quotation mark is never closed. `written` is the name as it is typed: in
    lower case a tag does nothing (a public handbook, K).
    """

    name: str
    form: Form
    arguments: tuple[Argument, ...]
    offset: int
    closed: bool = True
    then: tuple[Tag, ...] = ()
    otherwise: tuple[Tag, ...] = ()
    inside: Argument | None = None
    written: str = ""

    @property
    def inner(self) -> tuple[Tag, ...]:
        """The tags of both branches of `@IF`."""
        return (*self.then, *self.otherwise)


def action_tags(text: str, offset: int = 0) -> tuple[Tag, ...]:
    """Return the tags of an annotation in order; those inside `@IF` are in its `inner`.

    `offset` is added to every offset.
    """
    return _tags(text, offset, 0)


def every_tag(text: str) -> Iterator[Tag]:
    """Yield all tags of an annotation, those inside `@IF` after it."""
    waiting = list(reversed(action_tags(text)))
    while waiting:
        tag = waiting.pop()
        yield tag
        waiting.extend(reversed(tag.inner))


def _tags(text: str, base: int, depth: int) -> tuple[Tag, ...]:
    found = []
    position = 0
    while (match := _TAG.search(text, position)) is not None:
        tag, position = _tag(text, match, base, depth)
        found.append(tag)
    return tuple(found)


def _tag(text: str, match: re.Match[str], base: int, depth: int) -> tuple[Tag, int]:
    name, end = match[1].upper(), match.end()
    opening = _BEFORE_PARENTHESIS.match(text, end)
    if opening is not None and (opening.end() == end + 1 or name in _ALWAYS_PARENTHESES):
        return _with_parentheses(text, match, opening.end() - 1, base, depth)
    equals = _EQUALS.match(text, end)
    if equals is not None:
        value = _value(text, equals.end(), base)
        if value is not None:
            form, argument, closed, after = value
            tag = Tag(name, form, (argument,), match.start() + base, closed, written=match[1])
            return tag, after
    return Tag(name, Form.NONE, (), match.start() + base, written=match[1]), end


def _value(text: str, start: int, base: int) -> tuple[Form, Argument, bool, int] | None:
    """Read what follows `=`, and where it ends; None when nothing does."""
    if (quoted := _QUOTED.match(text, start)) is not None:
        group = "double" if quoted["double"] is not None else "single"
        return Form.TEXT, Argument(quoted[group], start + 1 + base), True, quoted.end()
    if text[start : start + 1] in ("'", '"'):
        # Never closed: what stands on later lines may still be tags
        line = _LINE.match(text, start + 1)
        words, end = (line[0], line.end()) if line is not None else ("", start + 1)
        return Form.TEXT, Argument(words, start + 1 + base), False, end
    if text[start : start + 1] == "{":
        end, closed = braced(text, start)
        return Form.BRACES, Argument(text[start:end], start + base), closed, end
    if (bare := _BARE.match(text, start)) is not None:
        return Form.BARE, Argument(bare[0], start + base), True, bare.end()
    return None


def _with_parentheses(
    text: str, match: re.Match[str], opening: int, base: int, depth: int
) -> tuple[Tag, int]:
    name = match[1].upper()
    inside, parts, end, closed = parenthesized(
        text, opening, base, has_comments=name in _WITH_LOGIC
    )
    then: tuple[Tag, ...] = ()
    otherwise: tuple[Tag, ...] = ()
    if name == "IF" and depth < _MOST_NESTED:
        then = tuple(_of_parts(parts[1:2], depth))
        otherwise = tuple(_of_parts(parts[2:], depth))
    form, start = Form.PARENTHESES, match.start() + base
    tag = Tag(name, form, parts, start, closed, then, otherwise, inside, match[1])
    return tag, end


def _of_parts(parts: tuple[Argument, ...], depth: int) -> Iterator[Tag]:
    for part in parts:
        yield from _tags(part.text, part.offset, depth + 1)
