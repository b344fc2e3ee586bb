"""What stands in the parentheses or braces of an action tag."""

from __future__ import annotations

import re
from dataclasses import dataclass

# What matters between parentheses; everything else is skipped by the regular expression.
_MARK = re.compile(r"\\.|['\"()\[\],]|//|#", re.DOTALL)
_LINE_END = re.compile(r"[\r\n]|\Z")
_IN_BRACES = re.compile(r"\\.|[\"{}]", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument with the offset of its first character; quotes of a text are not in it."""

    text: str
    offset: int


def parenthesized(
    text: str, opening: int, base: int, *, has_comments: bool
) -> tuple[Argument, tuple[Argument, ...], int, bool]:
    """Read from an opening parenthesis: the whole inside, its parts, the end, whether it closes.

    Parts are split at commas that stand in no further parentheses, brackets or quotation marks; a
    backslash before a quotation mark keeps it (K RC-AT-09). With `has_comments` what follows `//`
    or `#` on a line is left unread.
    """
    depth, quote, begin, position = 0, "", opening + 1, opening
    parts: list[Argument] = []
    while (mark := _MARK.search(text, position)) is not None:
        letter, position = mark[0], mark.end()
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "'\"":
            quote = letter
        elif letter in ("//", "#"):
            position = _after_comment(text, position) if has_comments else position
        elif letter in "([":
            depth += 1
        elif letter == "," and depth == 1:
            parts.append(_trimmed(text, begin, mark.start(), base))
            begin = position
        elif letter in ")]":
            depth -= 1
            if depth == 0:
                parts.append(_trimmed(text, begin, mark.start(), base))
                whole = _trimmed(text, opening + 1, mark.start(), base)
                return whole, tuple(parts), position, True
    parts.append(_trimmed(text, begin, len(text), base))
    return _trimmed(text, opening + 1, len(text), base), tuple(parts), len(text), False


def braced(text: str, opening: int) -> tuple[int, bool]:
    """Return where a brace's partner ends, and whether there is one; texts are in `"…"`."""
    depth, is_quoted, position = 0, False, opening
    while (mark := _IN_BRACES.search(text, position)) is not None:
        letter, position = mark[0], mark.end()
        if letter == '"':
            is_quoted = not is_quoted
        elif not is_quoted and letter in "{}":
            depth += 1 if letter == "{" else -1
            if depth == 0:
                return position, True
    return len(text), False


def _after_comment(text: str, start: int) -> int:
    end = _LINE_END.search(text, start)
    return len(text) if end is None else end.start()


def _trimmed(text: str, begin: int, end: int, base: int) -> Argument:
    part = text[begin:end]
    return Argument(part.strip(), base + begin + len(part) - len(part.lstrip()))
