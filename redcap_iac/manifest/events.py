"""YAML → events: libyaml's parser where `ruamel.yaml.clib` is there, else the one in Python."""

from __future__ import annotations

import importlib
import importlib.util
import io
from collections.abc import Callable, Iterator
from typing import Protocol, cast

from ruamel.yaml import YAML

_C_PART = "_ruamel_yaml"
#: Line breaks of YAML 1.1 and the byte-order mark: in YAML 1.2 letters like any other, so the
#: parsers see private letters in their place.
_SPECIAL = "\x85\u2028\u2029\ufeff"


class Mark(Protocol):
    """A place as the parsers count it, from 0."""

    line: int
    column: int


class Event(Protocol):
    """What the parsers' events have in common."""

    start_mark: Mark
    end_mark: Mark
    anchor: str | None
    tag: str | None
    value: str
    style: str | None
    flow_style: bool | None


Parser = Callable[[str], Iterator[Event]]


def parse_fast(text: str) -> Iterator[Event]:
    """Yield the events of libyaml; ImportError when it is not installed."""
    parser = importlib.import_module(_C_PART).CParser(text)
    try:
        while (event := parser.get_event()) is not None:
            yield event
    finally:
        parser.dispose()


def parse_portable(text: str) -> Iterator[Event]:
    """Yield the events of the parser in Python."""
    return cast("Iterator[Event]", YAML(typ="safe", pure=True).parse(io.StringIO(text)))


def parser_here() -> Parser:
    """Return the fast parser where it is installed, else the one in Python."""
    return parse_fast if importlib.util.find_spec(_C_PART) else parse_portable


def hide_special(text: str) -> tuple[str, dict[int, str]]:
    """Return the text with special letters replaced by unused private ones, and the way back."""
    there = [letter for letter in _SPECIAL if letter in text]
    if not there:
        return text, {}
    free = (chr(code) for code in range(0xE000, 0xF900) if chr(code) not in text)
    pairs = dict(zip(there, free, strict=False))
    hidden = text.translate({ord(letter): private for letter, private in pairs.items()})
    return hidden, {ord(private): letter for letter, private in pairs.items()}
