"""A manifest as read from YAML: text, lists and maps, each knowing where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from redcap_iac.findings import Position


@dataclass(frozen=True, slots=True)
class Text:
    """A scalar, exactly as typed; `plain` when unquoted, so that `true` and `null` can be told."""

    text: str
    at: Position
    plain: bool = True

    @property
    def is_null(self) -> bool:
        """Tell whether this is YAML's null (`null`, `~`, nothing)."""
        return self.plain and self.text in ("", "~", "null", "Null", "NULL")

    @property
    def flag(self) -> bool | None:
        """Return the flag an unquoted `true` or `false` stands for, else None."""
        if not self.plain:
            return None
        return {"true": True, "True": True, "false": False, "False": False}.get(self.text)


@dataclass(frozen=True, slots=True)
class Listing:
    """A YAML sequence."""

    items: tuple[Node, ...]
    at: Position


@dataclass(frozen=True, slots=True)
class Map:
    """A YAML mapping in its order; keys are unique, `<<` merged, `x-` keys still there."""

    entries: tuple[tuple[Text, Node], ...]
    at: Position

    def get(self, name: str) -> Node | None:
        """Return the value of a key, or None when the key is absent."""
        for key, value in self.entries:
            if key.text == name:
                return value
        return None

    def text(self, name: str) -> Text | None:
        """Return the value of a key when it is text, else None."""
        value = self.get(name)
        return value if isinstance(value, Text) else None

    def map(self, name: str) -> Map | None:
        """Return the value of a key when it is a map, else None."""
        value = self.get(name)
        return value if isinstance(value, Map) else None

    def listing(self, name: str) -> Listing | None:
        """Return the value of a key when it is a list, else None."""
        value = self.get(name)
        return value if isinstance(value, Listing) else None

    def named(self) -> Iterator[tuple[Text, Node]]:
        """Yield the entries but those whose key starts with `x-`."""
        return ((key, value) for key, value in self.entries if not key.text.startswith("x-"))

    def __contains__(self, name: str) -> bool:
        return any(key.text == name for key, _ in self.entries)


Node = Text | Listing | Map
