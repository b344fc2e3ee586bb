"""Reads values written as R source: `structure(list(a = c(1L, NA)), class = "…")` and tribbles."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.emulator.proof.r_binary import RVector

_TOKENS = re.compile(
    r"""\s+|(?P<text>"(?:[^"\\]|\\.)*")|(?P<number>-?\d[\d.]*(?:[eE][-+]?\d+)?L?)"""
    r"""|(?P<name>[A-Za-z.][\w.:]*)|(?P<sign>[(),=~])"""
)
_WORDS = {"TRUE": True, "FALSE": False, "NULL": None}
#: An argument of a call: its name, empty for none, and its value.
Argument = tuple[str, object]


def read(source: str) -> object:
    """Return the value of an expression; raises ValueError for anything but values.

    Vectors and lists are RVector, single values stand bare.
    """
    reader = _Reader(source)
    found = reader.value()
    if reader.token[1]:
        raise ValueError(f"more after the value: {reader.token[1]}")
    return found


def tables(source: str) -> Iterator[dict[str, list[object]]]:
    """Yield the data frames of a value, itself or members of it, as columns of bare cells."""
    yield from frames(read(source))


def frames(value: object) -> Iterator[dict[str, list[object]]]:
    """Yield a value that is a data frame as its columns; nothing for other values."""
    if isinstance(value, RVector) and "row.names" in value.attributes:
        columns = zip(value.names, value.values, strict=True)
        yield {name: _cells(column) for name, column in columns}


def _cells(column: object) -> list[object]:
    return list(column.values) if isinstance(column, RVector) else [column]


def _tokens(source: str) -> Iterator[tuple[str, str]]:
    at = 0
    while at < len(source):
        match = _TOKENS.match(source, at)
        if match is None:
            raise ValueError(f"not R source for a value: {source[at : at + 20]!r}")
        at = match.end()
        if match.lastgroup:
            yield match.lastgroup, match[0]


class _Reader:
    """A reader that looks one token ahead."""

    def __init__(self, source: str) -> None:
        self._tokens = _tokens(source)
        self.token: tuple[str, str] = ("", "")
        self._advance()

    def _advance(self) -> tuple[str, str]:
        before = self.token
        self.token = next(self._tokens, ("", ""))
        return before

    def value(self) -> object:
        kind, text = self._advance()
        if kind == "text":
            return ast.literal_eval(text.replace("\n", "\\n"))
        if kind == "number":
            return int(text[:-1]) if text.endswith("L") else float(text)
        if text == "~":
            return f"~{self._advance()[1]}"
        if kind != "name":
            raise ValueError(f"a value expected, not {text!r}")
        if self.token != ("sign", "("):
            return _WORDS.get(text) if text in _WORDS or text.startswith("NA") else text
        return _call(text, list(self._arguments()))

    def _arguments(self) -> Iterator[Argument]:
        self._advance()
        while self.token != ("sign", ")"):
            value = self.value()
            if self.token == ("sign", "="):
                self._advance()
                yield str(value), self.value()
            else:
                yield "", value
            if self.token == ("sign", ","):
                self._advance()
        self._advance()


def _call(function: str, arguments: list[Argument]) -> object:
    if function in ("list", "c", "integer", "character", "logical", "numeric"):
        sized = function not in ("list", "c")
        values = () if sized else tuple(value for _, value in arguments)
        names = tuple(name for name, _ in arguments)
        return RVector(values, {"names": RVector(names)} if any(names) else {})
    if function == "structure":
        value = arguments[0][1]
        inner = value if isinstance(value, RVector) else RVector((value,))
        return RVector(inner.values, {**inner.attributes, **dict(arguments[1:])})
    if function.endswith("tribble"):
        return _tribble([value for _, value in arguments])
    raise ValueError(f"a call of {function}, which is no value")


def _tribble(cells: list[object]) -> RVector:
    """Turn a table written row by row, headed by ~names, into columns."""
    heads = [str(cell)[1:] for cell in cells if str(cell).startswith("~")]
    values = cells[len(heads) :]
    columns = tuple(RVector(tuple(values[at :: len(heads)])) for at in range(len(heads)))
    return RVector(columns, {"names": RVector(tuple(heads)), "row.names": RVector(())})
