"""Changes to a project's files, said in the words of the design and not of a file.

What wants a file changed (a fix of lint, a merge of `pull`) says it in these values; the room
`manifest/editing` finds the place, in YAML or CSV, and changes that place alone.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SetCell:
    """A dictionary cell of a field gets another text; `column` is one of the 18 of the API."""

    field: str
    column: str
    text: str
