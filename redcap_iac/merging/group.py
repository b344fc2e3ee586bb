"""Edits that are made together or not at all, and which decisions they carry out."""

from __future__ import annotations

from dataclasses import dataclass

from redcap_iac.edits import Edit


@dataclass(frozen=True, slots=True)
class Group:
    """Some edits; `about` are the kinds and keys they are about, `*` for all of a kind.

    `edits` are in the order in which they are made.
    """

    about: tuple[tuple[str, str], ...]
    edits: tuple[Edit, ...]

    def carries(self, kind: str, key: str) -> bool:
        """Tell whether a decision about this item is carried out here."""
        return (kind, key) in self.about or (kind, "*") in self.about
