"""What is decided about one difference, and what was said about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from redcap_iac.changes import Value
from redcap_iac.errors import GuardError

#: How the reason of a conflict begins that no base could settle, or that no file could hold.
UNKNOWN = "nothing tells whose change it is"
UNWRITTEN = "it cannot be written in place"


class Verdict(StrEnum):
    """Whose change a difference is.

    `take`: REDCap's, it goes into the files. `own`: the files', it waits for `apply`.
    """

    SAME = "same"
    TAKE = "take"
    OWN = "own"
    CONFLICT = "conflict"


class Side(StrEnum):
    """Whose word counts."""

    LIVE = "live"
    FILES = "files"


@dataclass(frozen=True, slots=True)
class Decision:
    """One difference between the files and REDCap, and whose change it is.

    `key` identifies the item within its kind; `place` is the column of a field, or the aspect of
    another item, "" for the item as a whole; `part` a code, a right or an instrument within it.
    Values are None where there is nothing; `within` are the kinds and keys of what it stands or
    falls with; `asked` tells that a person decided, `overwrites` that the files lose work by it.
    """

    kind: str
    key: str
    address: str
    name: str
    verdict: Verdict
    base: Value | None
    files: Value | None
    live: Value | None
    place: str = ""
    part: str = ""
    group: str = ""
    why: str = ""
    within: tuple[tuple[str, str], ...] = ()
    asked: bool = False
    overwrites: bool = False

    @property
    def code(self) -> str:
        """The code a conflict is explained under."""
        if self.why.startswith(UNWRITTEN):
            return "U105"
        if self.place == "order":
            return "U104"
        if self.why.startswith(UNKNOWN):
            return "U103"
        return "U102" if self.whole else "U101"

    @property
    def whole(self) -> bool:
        """Tell whether it is about the item being there at all."""
        return not self.place

    @property
    def identity(self) -> tuple[str, str, str, str]:
        """What it is known by, whatever is decided."""
        return self.kind, self.key, self.place, self.part


@dataclass(frozen=True, slots=True)
class Preference:
    """What a person says about conflicts: one word for all, or for one address.

    An address is that of an item (`field/age`), of a part of it as it is told
    (`field/age/label`, `choice/sex/3`), or of an instrument, which is all that is in it.
    """

    all: Side | None = None
    one: Mapping[str, Side] = field(default_factory=dict)

    def of(self, decision: Decision) -> Side | None:
        """Return what is said about this one by name; the longest address counts."""
        names = (decision.address, *_parents(decision.address), f"instrument/{decision.group}")
        return next((self.one[name] for name in names if name in self.one), None)

    def require_used(self, decisions: Iterable[Decision]) -> None:
        """Raise GuardError for an address that names no difference."""
        names = {
            name
            for one in decisions
            for name in (one.address, *_parents(one.address), f"instrument/{one.group}")
        }
        for address in self.one:
            if address not in names:
                raise GuardError(
                    f"--take names {address}, and there is no difference there.",
                    "Take an address as `pull --dry-run` tells it.",
                )


def _parents(address: str) -> tuple[str, ...]:
    """Return the addresses above one, the nearest first: `field/age` of `field/age/label`."""
    parts = address.split("/")
    return tuple("/".join(parts[:end]) for end in range(len(parts) - 1, 1, -1))
