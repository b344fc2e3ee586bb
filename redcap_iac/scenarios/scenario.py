"""A scenario as it is written: what is given, where the page is open, what is expected.

Names and places are texts with their positions here; `scenarios.binding` holds them against a
design.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from redcap_iac.logic.dialect import NEWEST, Dialect
from redcap_iac.position import Position


@dataclass(frozen=True, slots=True)
class Word:
    """A text of a scenario file and where it stands."""

    text: str
    at: Position


@dataclass(frozen=True, slots=True)
class Given:
    """A value somebody entered; several for a checkbox, `place` as in `week_4_arm_1/vitals/2`.

    `place` is None where the file names none: the place the page is open at.
    """

    field: Word
    values: tuple[Word, ...]
    place: Word | None = None


class Claim(StrEnum):
    """What may be expected of a field."""

    SHOWN = "shown"
    HIDDEN = "hidden"
    BLANK = "blank"
    MISSING = "missing"
    READONLY = "readonly"
    VALUES = "values"
    HIDDEN_CHOICES = "hidden_choices"


@dataclass(frozen=True, slots=True)
class Expectation:
    """One claim about a field, or about several by a pattern (`ae_*`, `vitals/*`).

    `expected` are a value, or codes; with `field` None nothing at all is expected to be so, which
    only `missing: []` says.
    """

    claim: Claim
    field: Word | None
    at: Position
    expected: tuple[Word, ...] = ()
    place: Word | None = None


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who has the page open; `dag` is their group and that of the record."""

    survey: bool = False
    user: Word | None = None
    role: Word | None = None
    dag: Word | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    """One story: a record as it was filled in, and what its pages should do.

    `record` is the name of the record; `names_record` tells that the file says it.
    """

    name: Word
    given: tuple[Given, ...]
    expectations: tuple[Expectation, ...]
    place: Word | None = None
    viewer: Viewer = Viewer()
    record: str = "1"
    names_record: bool = False


@dataclass(frozen=True, slots=True)
class Suite:
    """A file of scenarios; `today` is a date or a moment, None when the file names none."""

    file: str
    scenarios: tuple[Scenario, ...]
    today: Word | None = None
    version: str = ""
    dialect: Dialect = NEWEST
