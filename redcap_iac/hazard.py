"""What a hazard puts at stake and how it is answered; what guards an environment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from redcap_iac.position import Position

#: Counts below this are masked where small numbers could point at a person.
SMALL = 5


class Answer(StrEnum):
    """What a hazard waits for before a plan may be applied."""

    NOTE = "note"  # nothing: it is said, no more
    ACCEPTANCE = "acceptance"  # `--accept CODE:ADDRESS`, or an `accept:` entry
    COMMAND_LINE = "command line"  # `--accept` typed at the command, whatever a file accepts
    MIGRATION = "migration"  # `--migrate-data`, and an acceptance where values could be lost
    REFUSED = "refused"  # nothing opens it


class Undoable(StrEnum):
    """Whether what a change does can be taken back."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Count:
    """How many records something concerns.

    `number` is None when nobody could tell; `at_least` when there may be more than were seen (no
    full export right, only one DAG's records); `of` is how many records there are, None unknown.
    Never a zero where it is not known.
    """

    number: int | None
    at_least: bool = False
    of: int | None = None

    @property
    def is_zero(self) -> bool:
        """Tell whether it is sure that nothing is concerned."""
        return self.number == 0 and not self.at_least


UNKNOWN = Count(None)


@dataclass(frozen=True, slots=True)
class Stake:
    """What makes a finding a hazard.

    `change` is a digest of the change itself: an acceptance is bound to it, to `count` and to
    `names` (people or sites concerned). `public` is the message with names as numbers and small
    numbers masked, for plans that are published.
    """

    answer: Answer
    undoable: Undoable
    change: str
    count: Count | None = None
    names: tuple[str, ...] = ()
    public: str = ""


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Somebody's word for one hazard.

    `typed` at the command, else an `accept:` entry with who, why, until (`YYYY-MM-DD`) that stands
    `at` a place. Bound to `change` ("" is whatever this run shows), to at most so many records
    (None is any number, an unknown one too; with `at_least` that number was itself what was seen
    at least), to these names and no others (None is whatever this run shows).
    """

    code: str
    address: str
    typed: bool = False
    change: str = ""
    at_most: int | None = None
    names: tuple[str, ...] | None = None
    who: str = ""
    why: str = ""
    until: str = ""
    at_least: bool = False
    at: Position | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Protection:
    """What no plan may remove or change in an environment, by name."""

    fields: tuple[str, ...] = ()
    instruments: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    dags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Limit:
    """How much of a unit one plan may delete or change: shares of 1, and a number."""

    delete_share: float = 0.30
    delete_number: int = 25
    change_share: float = 0.50


class ImpactMode(StrEnum):
    """How records are counted: not, by record ids under a filter, or by values in memory."""

    NONE = "none"
    COUNTS = "counts"
    VALUES = "values"


@dataclass(frozen=True, slots=True)
class Guards:
    """What an environment and its command line say about danger.

    `data` is `test`, `real` or ""; `limits` are those of units that differ from `Limit()`;
    `auto_approval` is the server's setting for drafted changes ("" is not declared: `never`).
    """

    data: str = ""
    protect: Protection = field(default_factory=Protection)
    limits: tuple[tuple[str, Limit], ...] = ()
    accept: tuple[Acceptance, ...] = ()
    impact: ImpactMode = ImpactMode.COUNTS
    mask_small: bool = False
    auto_approval: str = ""

    def limit(self, unit: str) -> Limit:
        """Return how much of a unit one plan may touch."""
        return dict(self.limits).get(unit, Limit())


class Voice:
    """Says numbers and names in a sentence, in private or for everybody to read."""

    def __init__(self, *, public: bool = False, mask_small: bool = False) -> None:
        self._public = public
        self._mask = public or mask_small

    def number(self, number: int) -> str:
        """Return `1,204`, or `fewer than 5`."""
        return f"fewer than {SMALL}" if self._hides(number) else f"{number:,}"

    def records(self, count: Count, noun: str = "record") -> str:
        """Return `412 of 430 records`, `at least 3 records`, `an unknown number of records`."""
        if count.number is None:
            return f"an unknown number of {noun}s"
        said = self.number(count.number)
        if count.at_least:
            return f"at least {said} {noun}{self._plural(count.number)}"
        if count.of is not None and count.of >= count.number:
            return f"{said} of {self.number(count.of)} {noun}{self._plural(count.of)}"
        return f"{said} {noun}{self._plural(count.number)}"

    def people(self, names: Sequence[str], noun: str = "person", plural: str = "people") -> str:
        """Return `akim, jdoe and twu`, in public `3 people`."""
        if self._public:
            return f"{self.number(len(names))} {plural if self._plural(len(names)) else noun}"
        *most, last = names
        return f"{', '.join(most)} and {last}" if most else last

    def _hides(self, number: int) -> bool:
        return self._mask and 0 < number < SMALL

    def _plural(self, number: int) -> str:
        """Return the ending of a noun; that of a hidden number must not tell it was one."""
        return "" if number == 1 and not self._hides(number) else "s"
