"""What goes wrong with an expression."""

from __future__ import annotations


class LogicError(ValueError):
    """An expression that cannot be read or evaluated.

    ``offset`` counts characters from 0 in the source text; ``line`` and ``column`` count from 1 and
    are None where only the tree was at hand (evaluation): ``position`` finds them from the text.
    It is no branch of the tool's error tree: lint makes a finding of it, the emulator an answer.
    """

    def __init__(self, message: str, offset: int, text: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset
        self.line: int | None = None
        self.column: int | None = None
        if text is not None:
            self.line, self.column = position(text, offset)

    def __str__(self) -> str:
        if self.line is None:
            return f"{self.message} (at offset {self.offset})"
        return f"{self.message} (line {self.line}, column {self.column})"


def position(text: str, offset: int) -> tuple[int, int]:
    """The line and column, both from 1, of an offset; CR, LF and CR LF each end a line."""
    before = text[:offset].replace("\r\n", "\n").replace("\r", "\n")
    return before.count("\n") + 1, len(before) - before.rfind("\n")
