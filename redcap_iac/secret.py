"""A token in memory: it can be used, it cannot be printed."""

from __future__ import annotations

import re

_TOKEN = re.compile(r"(?<![0-9A-Za-z])(?:[0-9A-Fa-f]{64}|[0-9A-Fa-f]{32})(?![0-9A-Za-z])")


class Secret:
    """Text that shows itself only when revealed; its repr, str and format never do."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the text, for the one sink that needs it."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(…)"

    def __str__(self) -> str:
        return "…"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __reduce__(self) -> str:
        raise TypeError("a secret is not written anywhere")


def redact(text: str) -> str:
    """Return a text with everything that has the shape of a token (32 or 64 hex) blacked out."""
    return _TOKEN.sub("[token]", text)
