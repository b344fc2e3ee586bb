"""The variables of a manifest, and texts with `${name}` in them: filled, escaped, kept.

`$${` is a literal `${`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from redcap_iac.document import Map, Node, Text

#: A name that a text can ask for, and how it asks.
NAME = re.compile(r"[A-Za-z0-9_.-]+")
REFERENCE = re.compile(r"(\$?\$)\{(?:([A-Za-z0-9_.-]+)\})?")


@dataclass(frozen=True, slots=True)
class Scope:
    """The variables of a manifest by name: of all, and of each environment.

    `environment` is the one whose texts count, "" for none; `asked` is a name that was given and
    is none. `places` are where the names stand.
    """

    top: Mapping[str, str] = field(default_factory=dict)
    own: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    environment: str = ""
    asked: str = ""
    places: tuple[Text, ...] = ()

    @property
    def values(self) -> Mapping[str, str]:
        """Return the texts that count."""
        return self.values_of(self.environment)

    def values_of(self, environment: str) -> Mapping[str, str]:
        """Return the texts that count in an environment."""
        return {**self.top, **self.own.get(environment, {})}


def scope_of(root: Node, wanted: str = "") -> Scope:
    """Return the variables of a `redcap.yaml` as it was typed, its shape not yet checked.

    Without a wanted environment the default counts, then the only one, as for every command.
    """
    if not isinstance(root, Map):
        return Scope()
    section = root.map("environments")
    there = {
        key.text: node for key, node in (section.named() if section is not None else ())
        if isinstance(node, Map)
    }  # fmt: skip
    defaults = [
        name for name, node in there.items()
        if (default := node.text("default")) is not None and default.flag
    ]  # fmt: skip
    fitting = [wanted] if wanted in there else defaults or list(there)
    chosen = fitting[0] if len(fitting) == 1 and (not wanted or wanted in there) else ""
    maps = {name: node.map("variables") for name, node in there.items()}
    typed = [root.map("variables"), *maps.values()]
    return Scope(
        _texts(root.map("variables")),
        {name: _texts(node) for name, node in maps.items()},
        chosen,
        wanted if wanted not in there else "",
        tuple(key for node in typed if node is not None for key, _ in node.named()),
    )


def _texts(node: Map | None) -> dict[str, str]:
    entries = node.named() if node is not None else ()
    return {
        key.text: literal(value.text) for key, value in entries if isinstance(value, Text)
    }  # fmt: skip


def literal(text: str) -> str:
    """Return a text with `$${` as the `${` it stands for."""
    return text.replace("$${", "${")


def escaped(text: str) -> str:
    """Return a text as it is typed where `${` would ask for a variable."""
    return text.replace("${", "$${")


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return a text with the variables that are there; what is unknown stays as typed."""

    def meant(match: re.Match[str]) -> str:
        sign, name = match.groups()
        if sign == "$$":
            return match.group()[1:]
        return values.get(name or "", match.group())

    return REFERENCE.sub(meant, text) if "${" in text else text


def names_in(text: str) -> Iterator[str]:
    """Yield the names a text asks for, in its order."""
    for match in REFERENCE.finditer(text) if "${" in text else ():
        sign, name = match.groups()
        if sign == "$" and name:
            yield name


def kept(typed: str, text: str, values: Mapping[str, str]) -> str:
    """Return a new text as it is typed in the place of another, with the variables of that one.

    A variable is kept when it stood there once, and its text stands in the new one once, as words
    of its own, and did so in the old one; what is left is typed literally.
    """
    places: list[tuple[int, int, str]] = []
    asked = list(names_in(typed))
    before = filled(typed, values)
    for name in dict.fromkeys(asked):
        value = values.get(name, "")
        if asked.count(name) != 1 or not value.strip():
            continue
        was, found = _as_words(value, before), _as_words(value, text)
        if len(was) == len(found) == 1:
            places.append((found[0], found[0] + len(value), name))
    places.sort()
    pieces: list[str] = []
    cursor = 0
    for place, (start, end, name) in enumerate(places):
        beside = [*places[:place], *places[place + 1 :]]
        if any(start < other_end and other < end for other, other_end, _ in beside):
            continue
        pieces += [escaped(text[cursor:start]), f"${{{name}}}"]
        cursor = end
    made = "".join(pieces) + escaped(text[cursor:])
    return made if filled(made, values) == text else escaped(text)


def _as_words(value: str, text: str) -> list[int]:
    """Return where a value stands in a text, not as a part of a longer word."""
    left = r"(?<!\w)" if value[0].isalnum() else ""
    right = r"(?!\w)" if value[-1].isalnum() else ""
    return [found.start() for found in re.finditer(left + re.escape(value) + right, text)]
