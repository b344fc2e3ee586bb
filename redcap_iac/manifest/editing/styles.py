"""How a file is written around a place: quotes, indentation, braces."""

from __future__ import annotations

import re
from functools import lru_cache

from redcap_iac.manifest.editing.extents import line_start
from redcap_iac.manifest.editing.spans import Alias, Collection, Node, Scalar
from redcap_iac.manifest.editing.spelling import Style
from redcap_iac.manifest.quoting import scalar

_MAP_STEP = re.compile(r"^( *)[^\s#-][^\n]*:[ \t]*(?:#[^\n]*)?\n( +)[^\s#-]", re.MULTILINE)
_LIST_STEP = re.compile(r"^( *)[^\s#-][^\n]*:[ \t]*(?:#[^\n]*)?\n( *)- ", re.MULTILINE)
_QUOTE = re.compile(r"[:,{\[] (['\"])|- (['\"])")
#: How much of a long file is looked at for its quotes.
_LOOK = 20_000


def style_of(text: str, parent: Collection | None, node: Node | None = None) -> Style:
    """Return how new text is to be written in a map or list, or in the place of a value."""
    quote, always, lenient = _words(text, parent, node)
    step = _step(text, parent)
    return Style(quote, always, lenient, step, _list_step(text, step), _flows(parent, node))


@lru_cache(maxsize=8)
def quotes_of(text: str) -> str:
    """Return the quotation mark most texts of a file stand in."""
    found = ["".join(one) for one in _QUOTE.findall(text[:_LOOK])]
    return "'" if found.count("'") > found.count('"') else '"'


def _words(text: str, parent: Collection | None, node: Node | None) -> tuple[str, bool, bool]:
    if isinstance(node, Scalar) and node.style in ("'", '"'):
        return node.style, True, False
    known = [part.value for part in parent.parts] if parent is not None else []
    scalars = [one for one in known if isinstance(one, Scalar) and not one.is_block]
    if isinstance(node, Scalar) and not node.is_block and not node.is_empty:
        scalars = [node]
    quoted = [one.style for one in scalars if one.style]
    quote = max(set(quoted), key=quoted.count) if quoted else quotes_of(text)
    always = len(quoted) > 1 and len(quoted) == len(scalars)
    lenient = not quoted and any(scalar(one.text) != one.text for one in scalars)
    return quote, always, lenient


def _step(text: str, parent: Collection | None) -> int:
    """Return how far a map stands in: as a sibling's does, else as the first of the file."""
    for part in parent.parts if parent is not None and not parent.flow else ():
        inner = part.value
        if isinstance(inner, Collection) and inner.is_map and not inner.flow and inner.parts:
            here = part.start - line_start(text, part.start)
            there = inner.parts[0].start - line_start(text, inner.parts[0].start)
            if part.key is not None and there > here:
                return there - here
    return _first_step(text)


@lru_cache(maxsize=8)
def _first_step(text: str) -> int:
    found = _MAP_STEP.search(text)
    width = len(found.group(2)) - len(found.group(1)) if found is not None else 0
    return width if 1 <= width <= 8 else 2


@lru_cache(maxsize=8)
def _list_step(text: str, step: int) -> int:
    found = _LIST_STEP.search(text)
    width = len(found.group(2)) - len(found.group(1)) if found is not None else step
    return width if 0 <= width <= 8 else step


def _flows(parent: Collection | None, node: Node | None) -> bool:
    if isinstance(node, Collection) and node.parts:
        return node.flow
    if parent is None:
        return False
    maps = [
        part.value.flow
        for part in parent.parts
        if isinstance(part.value, Collection) and part.value.is_map and part.value.parts
    ]
    if not maps and isinstance(node, Alias):
        return False
    return sum(maps) * 2 > len(maps)
