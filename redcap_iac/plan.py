"""A plan: what would change, what it could hurt, and the calls in order; to and from JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from redcap_iac.calls import Call
from redcap_iac.changes import Aspect, Normal
from redcap_iac.findings import Finding
from redcap_iac.state import Target

FORMAT_VERSION = "1.0"


class Phase(IntEnum):
    """The order of writes; within a phase kinds keep their own order.

    `TAKE_OVER` is one row: the first declared event written over the hidden event of a classic
    project. By itself, because its answer tells whether another event was hidden there.
    `CLASSIC_REPEATING` comes after longitudinal is off: before, REDCap wants event names.
    """

    FLAGS = 1
    ARMS = 2
    RENAME_EVENTS = 3
    TAKE_OVER = 4
    CREATE_EVENTS = 5
    DICTIONARY = 6
    DESIGNATIONS = 7
    REPEATING = 8
    DELETE_EVENTS = 9
    DELETE_ARMS = 10
    SETTINGS = 11
    CLASSIC_REPEATING = 12
    DAGS = 13
    ROLES = 14
    LEAVE_ROLES = 15
    USERS = 16
    ASSIGN_ROLES = 17
    ASSIGN_DAGS = 18
    DELETE_USERS = 19
    DELETE_ROLES = 20
    DELETE_DAGS = 21


@dataclass(frozen=True, slots=True)
class Step:
    """One call and the changes it serves.

    `kind` is whose call it is; `touches` are the kinds whose live state it may change (read
    again afterwards); `makes` pairs the address of each name the server will make with the
    index of the row that asks for it; `replaces` marks a replacing or deleting call, before
    which the live state is read once more; `title` says it to a person.
    """

    phase: Phase
    kind: str
    title: str
    call: Call
    serves: tuple[str, ...]
    touches: tuple[str, ...]
    makes: tuple[tuple[str, int], ...] = ()
    replaces: bool = False


@dataclass(frozen=True, slots=True)
class PlannedChange:
    """A change as people and machines read it, free of kinds: all values are text.

    `group` is the heading it stands under (an instrument's name, `schedule`, `access`,
    `project`); `label` is its short name there; `origin` tells an outside change from one's own
    where a base is known.
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
