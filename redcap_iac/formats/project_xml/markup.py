"""Pieces of XML text; line breaks in attributes as references, which every reader gives back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

#: What XML 1.0 has no way to say.
_IMPOSSIBLE = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_IN_TEXT = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
_IN_VALUE = {**_IN_TEXT, '"': "&quot;", "\n": "&#10;", "\t": "&#9;"}

Pairs = Iterable[tuple[str, str]]


def text_of(text: str) -> str:
    """Return text for the inside of an element; what XML cannot hold is left out."""
    return _escaped(text, _IN_TEXT)


def tag(name: str, pairs: Pairs = (), *, closed: bool = False) -> str:
    """Return the opening tag of an element, or the whole of an empty one."""
    values = "".join(f' {key}="{_escaped(value, _IN_VALUE)}"' for key, value in pairs)
    return f"<{name}{values}{'/' if closed else ''}>"


def leaf(name: str, text: str, pairs: Pairs = ()) -> str:
    """Return an element that holds only text."""
    return f"{tag(name, pairs)}{text_of(text)}</{name}>"


def block(name: str, lines: Iterable[str], pairs: Pairs = ()) -> Iterator[str]:
    """Yield an element that holds others, each line of them indented."""
    yield tag(name, pairs)
    yield from (f"\t{line}" for line in lines)
    yield f"</{name}>"


def _escaped(text: str, signs: dict[str, str]) -> str:
    return "".join(signs.get(sign, sign) for sign in _IMPOSSIBLE.sub("", text))
