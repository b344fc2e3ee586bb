"""Where a run comes from: who is said to have started it, from which commit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Provenance:
    """Who ran it and from what, as far as anybody claims it.

    `claimed` is what the machine says (login), `ci` what the CI service says (actor, run, address),
    `commit` the commit of the project folder ("" outside git), `author` who wrote that commit,
    `is_dirty` whether files differed from it (None: not known).
    """

    claimed: Mapping[str, str] = field(default_factory=dict)
    ci: Mapping[str, str] = field(default_factory=dict)
    commit: str = ""
    author: str = ""
    is_dirty: bool | None = None
