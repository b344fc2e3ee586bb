"""Whether drafted changes approve themselves: the server's setting against what they change."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from redcap_iac.emulator.drafting.differences import FieldChange, changes
from redcap_iac.emulator.drafting.kept import Draft
from redcap_iac.emulator.request import Server
from redcap_iac.emulator.resources import dictionary
from redcap_iac.emulator.switches import Settings

#: The server's words for what identifies people (documented as its default).
IDENTIFIER_KEYWORDS = (
    "name", "street", "address", "city", "zip", "postal", "date", "phone", "fax", "mail", "ssn",
    "social security", "mrn", "dob", "medical", "record", "id", "age",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Summary:
    """What the detailed summary of drafted changes shows.

    `records` are all of the project, `setting` is the server's for approval; `automatic` tells
    whether submitting the draft would commit it without a review.
    """

    changes: tuple[FieldChange, ...]
    fields_before: int
    fields_after: int
    reordered: bool
    records: int
    setting: str
    automatic: bool

    @property
    def critical(self) -> int:
        """The number of potentially critical issues: one per field (recorded)."""
        return sum(change.critical for change in self.changes)

    def count(self, what: str) -> int:
        """Return how many fields are `added`, `modified` or `deleted`."""
        return sum(change.what == what for change in self.changes)


def summarize(db: sqlite3.Connection, server: Server, project_id: int, draft: Draft) -> Summary:
    """Compare a draft with the live dictionary."""
    live = dictionary.stored(db, project_id)
    settings = server.settings
    alike = settings.is_set("draft_radio_dropdown", "safe")
    found = changes(
        db,
        project_id,
        live,
        draft.rows,
        alike=frozenset({"radio", "dropdown"}) if alike else frozenset(),
    )
    records = int(
        db.execute(
            "SELECT COUNT(DISTINCT record) AS number FROM records WHERE project_id = ?",
            (project_id,),
        ).fetchone()["number"]
    )
    labels = {row["field_name"]: row["field_label"] for row in draft.rows}
    kept = [row["field_name"] for row in live if row["field_name"] in labels]
    known = set(kept)
    return Summary(
        changes=found,
        fields_before=len(live),
        fields_after=len(draft.rows),
        reordered=kept != [name for name in labels if name in known],
        records=records,
        setting=settings.switch("auto_approval"),
        automatic=_automatic(settings, found, records)
        and not _identifying(settings, found, labels),
    )


def _automatic(settings: Settings, found: tuple[FieldChange, ...], records: int) -> bool:
    """Decide by the setting; a critical issue with records goes to a review whatever it says.

    Recorded for `unmodified` and `norecords_or_nocritical`, documented for the others.
    """
    touched = any(change.what != "added" for change in found)
    critical = any(change.critical for change in found)
    if critical and records:
        return False
    return {
        "never": False,
        "unmodified": not touched,
        "norecords_or_unmodified": not records or not touched,
        "nocritical": not critical,
        "norecords_or_nocritical": not records or not critical,
    }[settings.switch("auto_approval")]


def _identifying(
    settings: Settings, found: tuple[FieldChange, ...], labels: Mapping[str, str]
) -> bool:
    """Tell whether a new field looks like an identifier where the server minds (documented).

    Words count as whole ones, underscores part them (inferred).
    """
    if settings.is_set("approval_identifiers", "ignore"):
        return False
    words = re.compile(rf"(?<![a-z])({'|'.join(IDENTIFIER_KEYWORDS)})(?![a-z])", re.IGNORECASE)
    added = [change.field for change in found if change.what == "added"]
    return any(words.search(name) or words.search(labels[name]) for name in added)
