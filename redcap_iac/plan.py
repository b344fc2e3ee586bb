"""A plan: what would change, what it could hurt, and the calls in order; to and from JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import dropwhile

from redcap_iac.calls import Call
from redcap_iac.changes import Aspect, Normal
from redcap_iac.findings import Finding
from redcap_iac.hazard import Acceptance
from redcap_iac.state import Target

FORMAT_VERSION = "1.0"

#: Who acts in a stage when it is not a person.
TOOL = "redcap-iac"

#: What the names of fields begin with that only hold an instrument open while one is renamed.
PLACEHOLDER = "redcap_iac_keeps_"


class Phase(IntEnum):
    """The order of writes; within a phase kinds keep their own order.

    `TAKE_OVER` is one row: the first declared event written over the hidden event of a classic
    project. By itself, because its answer tells whether another event was hidden there.
    `MOVE_FIELDS` is a dictionary too: fields go to their renamed instrument once that is on its
    events, so that their values are never out of sight.
    `CLASSIC_REPEATING` comes after longitudinal is off: before, REDCap wants event names. `COPY`
    carries stored values from an old name or code to a new one while both are there; what is
    dropped afterwards goes in the phases named for it. `WIDEN_ROLES` waits until those whom a role
    would give more than they are to have are out of it, or in their group; `OWN_ACCESS` takes from
    the token's own user what earlier calls need.
    """

    FLAGS = 1
    ARMS = 2
    RENAME_EVENTS = 3
    TAKE_OVER = 4
    CREATE_EVENTS = 5
    DICTIONARY = 6
    DESIGNATIONS = 7
    REPEATING = 8
    MOVE_FIELDS = 9
    COPY = 10
    DROP_FIELDS = 11
    DROP_DESIGNATIONS = 12
    DROP_REPEATING = 13
    DELETE_EVENTS = 14
    DELETE_ARMS = 15
    SETTINGS = 16
    CLASSIC_REPEATING = 17
    DAGS = 18
    ROLES = 19
    LEAVE_ROLES = 20
    USERS = 21
    ASSIGN_ROLES = 22
    ASSIGN_DAGS = 23
    DELETE_USERS = 24
    WIDEN_ROLES = 25
    DELETE_DAGS = 26
    OWN_ACCESS = 27
    DELETE_ROLES = 28


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
class Shift:
    """How one person's access differs: what they gain by a plan, and what they lose.

    Through role, group, last day and new instruments alike; an aspect's `before` and `after` are
    words for people.
    """

    username: str
    gained: tuple[Aspect, ...] = ()
    lost: tuple[Aspect, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that was read, found and decided, and the calls that would be made.

    `fingerprint` is a sha256 by unit of what was read; `kept` counts live items that additive
    units leave alone; `todo` is for a person's hands; `stopped` says why it may not be applied
    as it is (empty: ready); `data` is what the environment says it holds: `test`, `real`, "".
    `base` is the commit it was compared with, "" without one; `acceptances` are those that were
    known when it was made; `stages` are there when a person has to act between the calls;
    `access` is how everybody's access differs; with `mask_small` numbers of records below 5 are not
    told to people. A `public` one has lost names, small numbers and
    calls, and can be read but not applied.
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
    access: tuple[Shift, ...] = ()
    public: bool = False
    mask_small: bool = False

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to do."""
        return not self.changes

    def count(self, *actions: str) -> int:
        """Count the changes of the given actions."""
        return sum(change.action in actions for change in self.changes)

    @property
    def waiting(self) -> frozenset[str]:
        """The addresses of changes that wait for a person: of stages after the tool's first."""
        waits = dropwhile(lambda stage: stage.who == TOOL, self.stages)
        return frozenset(address for stage in waits for address in stage.serves)

    def deletions(self) -> Mapping[str, int]:
        """Return the number of deletions by unit; what only held a place is none.

        What waits for a person is not deleted by this tool.
        """
        waiting = self.waiting
        gone = [
            change
            for change in self.changes
            if change.action == "delete" and change.address not in waiting
        ]
        units = [change.unit for change in gone if not _held_a_place(change, gone)]
        return {unit: units.count(unit) for unit in dict.fromkeys(units)}


def _held_a_place(change: PlannedChange, gone: Sequence[PlannedChange]) -> bool:
    """Tell whether a deletion is of a placeholder, or of an instrument that had nothing else."""
    if change.address.startswith("instrument/"):
        fields = [one for one in gone if one.group == change.group and one is not change]
        return bool(fields) and all(_is_placeholder(one) for one in fields)
    return _is_placeholder(change)


def _is_placeholder(change: PlannedChange) -> bool:
    kind = dict(change.before or ()).get("type")
    return change.address.startswith(f"field/{PLACEHOLDER}") and kind == "descriptive"
