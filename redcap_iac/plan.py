"""A plan: what would change, what it could hurt, and the calls in order; to and from JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from redcap_iac.calls import Call
from redcap_iac.changes import Aspect, Normal
from redcap_iac.findings import Finding
from redcap_iac.hazard import Acceptance
from redcap_iac.state import Target

FORMAT_VERSION = "1.0"


class Phase(IntEnum):
    """The order of writes; within a phase kinds keep their own order.

    `TAKE_OVER` is one row: the first declared event written over the hidden event of a classic
    project. By itself, because its answer tells whether another event was hidden there.
    `CLASSIC_REPEATING` comes after longitudinal is off: before, REDCap wants event names. `COPY`
    carries stored values from an old name or code to a new one while both are there; what is
    dropped afterwards goes in the phases named for it.
    """

    FLAGS = 1
    ARMS = 2
    RENAME_EVENTS = 3
    TAKE_OVER = 4
    CREATE_EVENTS = 5
    DICTIONARY = 6
    DESIGNATIONS = 7
    REPEATING = 8
    COPY = 9
    DROP_REPEATING = 10
    DROP_DESIGNATIONS = 11
    DROP_FIELDS = 12
    DELETE_EVENTS = 13
    DELETE_ARMS = 14
    SETTINGS = 15
    CLASSIC_REPEATING = 16
    DAGS = 17
    ROLES = 18
    LEAVE_ROLES = 19
    USERS = 20
    ASSIGN_ROLES = 21
    ASSIGN_DAGS = 22
    DELETE_USERS = 23
    DELETE_ROLES = 24
    DELETE_DAGS = 25


@dataclass(frozen=True, slots=True)
class Copy:
    """Stored values that go from one field to another, or from one code to another of one field.

    `codes` pairs old and new codes; without, values are carried as they are.
    """

    source: str
    target: str
    codes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One call and the changes it serves.

    `kind` is whose call it is; `touches` are the kinds whose live state it may change (read
    again afterwards); `makes` pairs the address of each name the server will make with the
    index of the row that asks for it; `replaces` marks a replacing or deleting call, before
    which the live state is read once more; `title` says it to a person. A step with `copies` is
    no single call: stored values are read, written under the new name and compared, in batches.
    """

    phase: Phase
    kind: str
    title: str
    call: Call
    serves: tuple[str, ...]
    touches: tuple[str, ...]
    makes: tuple[tuple[str, int], ...] = ()
    replaces: bool = False
    copies: tuple[Copy, ...] = ()


@dataclass(frozen=True, slots=True)
class Stage:
    """One part of the way of a change in production.

    `who` acts: `redcap-iac`, `you` or `administrator`; `serves` are addresses of changes, `lines`
    what to do, in sentences.
    """

    number: int
    who: str
    title: str
    lines: tuple[str, ...] = ()
    serves: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedChange:
    """A change as people and machines read it, free of kinds: all values are text.

    `group` is the heading it stands under (an instrument's name, `schedule`, `access`,
    `project`); `label` is its short name there; `origin` tells, where a base is known, whether it
    is `yours`, undoes what was done `outside`, or `both`.
    """

    address: str
    action: str
    unit: str
    group: str
    label: str
    before: Normal | None
    after: Normal | None
    aspects: tuple[Aspect, ...] = ()
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that was read, found and decided, and the calls that would be made.

    `fingerprint` is a sha256 by unit of what was read; `kept` counts live items that additive
    units leave alone; `todo` is for a person's hands; `stopped` says why it may not be applied
    as it is (empty: ready); `data` is what the environment says it holds: `test`, `real`, "".
    `base` is the commit it was compared with, "" without one; `acceptances` are those that were
    known when it was made; `stages` are there when a person has to act between the calls.
    """

    created: str
    tool: str
    target: Target
    environment: str
    manifest_digest: str
    fingerprint: Mapping[str, str]
    changes: tuple[PlannedChange, ...] = ()
    findings: tuple[Finding, ...] = ()
    steps: tuple[Step, ...] = ()
    kept: Mapping[str, int] = field(default_factory=dict)
    todo: tuple[str, ...] = ()
    blind_spots: tuple[str, ...] = ()
    stopped: tuple[str, ...] = ()
    data: str = ""
    base: str = ""
    acceptances: tuple[Acceptance, ...] = ()
    stages: tuple[Stage, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to do."""
        return not self.changes

    def count(self, *actions: str) -> int:
        """Count the changes of the given actions."""
        return sum(change.action in actions for change in self.changes)

    def deletions(self) -> Mapping[str, int]:
        """Return the number of deletions by unit."""
        units = [change.unit for change in self.changes if change.action == "delete"]
        return {unit: units.count(unit) for unit in dict.fromkeys(units)}
