"""Anchors and aliases: a change to what several places share must be meant."""

from __future__ import annotations

from redcap_iac.errors import EditError
from redcap_iac.manifest.editing.spans import Alias, Node, Part, children


class Sharing:
    """Knows every alias of a document; with `allowed` changes to shared places are meant."""

    def __init__(self, root: Node, text: str, file: str, *, allowed: bool) -> None:
        self._text = text
        self._file = file
        self._allowed = allowed
        self._aliases = [node for node in children(root) if isinstance(node, Alias)]

    def check_changed(self, node: Node, *, inside: bool = False) -> Node:
        """Return what is to be changed, itself or what an alias means.

        EditError when others share it and that is not meant; with `inside` also when something
        in it is shared with what stays.
        """
        if isinstance(node, Alias):
            if not self._allowed:
                self._refuse(node.target, "would change")
            return node.target
        if not self._allowed and self._users(node):
            self._refuse(node, "would change")
        if inside:
            for inner in children(node):
                if inner is not node:
                    self._check_gone(inner, node.start, node.end)
        return node

    def check_going(self, part: Part) -> None:
        """Refuse to take out an anchor that is used elsewhere."""
        for node in (*children(part.value), *((part.key,) if part.key is not None else ())):
            self._check_gone(node, part.start, part.value.end)

    def _check_gone(self, node: Node, start: int, end: int) -> None:
        if any(not start <= user.body < end for user in self._users(node)):
            self._refuse(node, "would lose what they refer to")

    def _users(self, node: Node) -> list[Alias]:
        if not node.anchor:
            return []
        return [alias for alias in self._aliases if alias.target is node]

    def _refuse(self, node: Node, what: str) -> None:
        lines = sorted({self._line(user.body) for user in self._users(node)})
        places = ", ".join(str(line) for line in lines)
        word = "line" if len(lines) == 1 else "lines"
        raise EditError(
            f"`&{node.anchor}` in line {self._line(node.start)} of {self._file} is shared: the "
            f"aliases in {word} {places} {what}.",
            "Write the value out at the places that are to differ, then go on.",
        )

    def _line(self, offset: int) -> int:
        return self._text.count("\n", 0, offset) + 1
