"""State: items by kind; one type for what is live and for what is desired."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple, Protocol, runtime_checkable

from redcap_iac.findings import Position


@runtime_checkable
class Item(Protocol):
    """Anything a kind declares: a frozen dataclass with the place it was declared at, if any."""

    @property
    def at(self) -> Position | None:
        """Where the manifest says it; None for live items."""


class Unit(StrEnum):
    """Units of management: the words of `manage:` and `--allow-delete`."""

    PROJECT = "project"
    FIELDS = "fields"
    ARMS = "arms"
    EVENTS = "events"
    DESIGNATIONS = "designations"
    REPEATING = "repeating"
    DAGS = "dags"
    ROLES = "roles"
    USERS = "users"


#: Units whose writes REDCap takes only while a project is in development (documented for the
#: dictionary, arms and events; for designations and repeating the sources conflict: assumed).
DESIGN_UNITS = frozenset({Unit.FIELDS, Unit.ARMS, Unit.EVENTS, Unit.DESIGNATIONS, Unit.REPEATING})


class Mode(StrEnum):
    """What happens to live items nobody declared: removed, or left and counted."""

    AUTHORITATIVE = "authoritative"
    ADDITIVE = "additive"


class Version(NamedTuple):
    """A REDCap version, compared number by number."""

    major: int
    minor: int
    patch: int

    @classmethod
    def parse(cls, text: str) -> Version:
        """Read `16.1.3`; raises ValueError for anything else."""
        parts = text.strip().split(".")
        if len(parts) != 3 or not all(part.isdigit() for part in parts):
            raise ValueError(f"not a REDCap version: {text!r}")
        return cls(*(int(part) for part in parts))

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"


@dataclass(frozen=True, slots=True)
class Target:
    """The project a state was read from.

    `status` is `development`, `production` or `unknown` (production time set, but not in
    production: analysis or back in development, part 1 §20 no. 4). `form_rights_in_bits` tells
    whether this server exports form rights in the coding of 15.6 (128 and more). `user` is whose
    token it is, empty when not known.
    """

    url: str
    project_id: str
    title: str
    status: str
    version: Version
    longitudinal: bool
    form_rights_in_bits: bool = False
    user: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """Items by the name of their kind; an absent kind is not managed, or was not read.

    `partial` are kinds whose items are not all there are: an additive unit leaves others alone.
    """

    kinds: Mapping[str, tuple[Item, ...]] = field(default_factory=dict)
    partial: frozenset[str] = frozenset()

    def __contains__(self, kind: str) -> bool:
        return kind in self.kinds

    def having(self, kind: str, items: tuple[Item, ...]) -> State:
        """Return the state with the items of one kind replaced."""
        return State({**self.kinds, kind: items}, self.partial)


@dataclass(frozen=True, slots=True)
class Live:
    """What was read from a project: its target, its state, what could not be read and why."""

    target: Target
    state: State
    unreadable: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Desired:
    """What the manifest declares: its state, how undeclared items of each unit are treated.

    `project_id` and the rest of an environment are not in here: a design knows no server.
    """

    state: State
    modes: Mapping[Unit, Mode] = field(default_factory=dict)

    def mode(self, unit: Unit) -> Mode:
        """Return how a unit is managed; users are additive unless the manifest says otherwise."""
        standard = Mode.ADDITIVE if unit is Unit.USERS else Mode.AUTHORITATIVE
        return self.modes.get(unit, standard)
