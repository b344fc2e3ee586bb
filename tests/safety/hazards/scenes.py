"""Scenes of a dictionary by hand: the fields there are, those there will be, what is counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from redcap_iac.differ import compare
from redcap_iac.findings import Finding, Findings
from redcap_iac.hazard import UNKNOWN, Count
from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.safety.hazards import Counts, families, questions
from redcap_iac.safety.scene import Scene
from redcap_iac.state import Desired, Item, Live, State
from tests.kinds.dictionary.drafting import a_field
from tests.kinds.scheduling import live

RECORD_ID = a_field("record_id", "intake", field_label="ID")


def scene(
    before: tuple[Field, ...],
    after: tuple[Field, ...],
    *,
    kinds: Mapping[str, tuple[Item, ...]] | None = None,
    fresh: bool = False,
    elsewhere: str | None = None,
    there: Live | None = None,
    keeps_id: bool = True,
) -> Scene:
    """Return the scene of a dictionary that goes from the one to the other behind a record id."""
    there = there or live(fields=(RECORD_ID, *before), longitudinal=False)
    for name, items in (kinds or {}).items():
        there = replace(there, state=there.state.having(name, items))
    desired = Desired(State({"fields": (RECORD_ID, *after) if keeps_id else after}))
    difference = compare(desired, there, Findings())
    return Scene(difference, there, fresh=fresh, elsewhere=elsewhere)


def told(of: Scene, number: int | None = 3, *codes: str) -> list[Finding]:
    """Return the hazards of these codes, every question answered with this number."""
    count = UNKNOWN if number is None else Count(number, of=10)
    counts = Counts(dict.fromkeys(questions(of), count))
    found = [finding for family in families() for finding in family.found(of, counts)]
    return [finding for finding in found if not codes or finding.code in codes]


def asked(of: Scene) -> list[str]:
    """Return the logic of all that is to be counted."""
    return [question.logic for question in questions(of)]
