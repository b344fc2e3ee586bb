"""Text → a YAML scalar that reads back as the same text, in every YAML reader."""

from __future__ import annotations

import re

_ESCAPES = {
    '"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\\0",
    "\x07": "\\a", "\x08": "\\b", "\x0b": "\\v", "\x0c": "\\f", "\x1b": "\\e",
}  # fmt: skip
#: What stands in a file only as an escape: controls, line breaks of YAML 1.1, invisible marks that
#: turn text around, the byte-order mark, lone surrogates, and what Unicode calls no character.
_ESCAPED = re.compile(
    '["\\\\\\x00-\\x1f\\x7f-\\x9f\\xad\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069'
    "\\ud800-\\udfff\\ufeff\\ufffe\\uffff]"
)
#: Words that some reader of YAML takes for a flag or nothing.
_NOT_WORDS = frozenset(
    "true false yes no on off y n null".split()  # noqa: SIM905 - reads better
)
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_.@/-]*")
#: Whole numbers and dates: text to this tool, and no reader changes how they are written.
_DIGITS = re.compile(r"-?[1-9][0-9]{0,14}|0|[0-9]{4}-[0-9]{2}-[0-9]{2}")


def double_quoted(text: str) -> str:
    """Return the text in double quotes, on one line, with escapes where they are needed."""
    return f'"{_ESCAPED.sub(_escape, text)}"'


def needs_escape(text: str) -> bool:
    """Tell whether a text holds what can stand in a file only as an escape."""
    return any(match.group() not in '"\\\n\t' for match in _ESCAPED.finditer(text))


def scalar(text: str) -> str:
    """Return the text plain where every reader agrees that it is text, else in double quotes."""
    if _DIGITS.fullmatch(text) or (_PLAIN.fullmatch(text) and text.lower() not in _NOT_WORDS):
        return text
    return double_quoted(text)


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    known = _ESCAPES.get(character)
    if known is not None:
        return known
    code = ord(character)
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"
