"""The draft of a project as it is stored."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

#: The states of draft mode, and of a project that is not in it.
NONE, DRAFTING, REVIEW = "none", "drafting", "review"


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft: `drafting` or `review`, its dictionary rows, and who submitted it."""

    state: str
    rows: tuple[Mapping[str, str], ...]
    submitted_by: str = ""


def read(db: sqlite3.Connection, project_id: int) -> Draft | None:
    """Return the draft of a project, None when it is not in draft mode."""
    row = db.execute("SELECT * FROM drafts WHERE project_id = ?", (project_id,)).fetchone()
    if row is None:
        return None
    return Draft(row["state"], tuple(json.loads(row["dictionary"])), row["submitted_by"])


def write(
    db: sqlite3.Connection,
    project_id: int,
    rows: Sequence[Mapping[str, str]],
    *,
    state: str = DRAFTING,
    submitted_by: str = "",
) -> None:
    """Store the draft of a project in the place of the one there is."""
    db.execute(
        "INSERT OR REPLACE INTO drafts (project_id, state, dictionary, submitted_by)"
        " VALUES (?, ?, ?, ?)",
        (
            project_id,
            state,
            json.dumps([dict(row) for row in rows], ensure_ascii=False),
            submitted_by,
        ),
    )


def forget(db: sqlite3.Connection, project_id: int) -> None:
    """Leave draft mode."""
    db.execute("DELETE FROM drafts WHERE project_id = ?", (project_id,))
