"""What a manifest says about lint: the profile, what is chosen, what is let pass and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from redcap_iac.findings import Severity
from redcap_iac.position import Position

_NOWHERE: frozenset[Position] = frozenset()


class Profile(StrEnum):
    """A choice of rules for a purpose; `default` is what every design is held to."""

    DEFAULT = "default"
    GO_LIVE = "go-live"
    PART11 = "part11"
    MOBILE = "mobile"


@dataclass(frozen=True, slots=True)
class Suppression:
    """Findings let pass: of which code (or beginning of codes), where, and why.

    `where` is what people call the place (`field/age`). In place, `places` are the positions of
    the declaration it stands in, and of all it holds: an instrument's holds for its fields too.
    At the top of the manifest `where` is a glob over addresses (`field/q_*`), or "" for all.
    """

    code: str
    where: str
    reason: str
    at: Position | None = None
    places: frozenset[Position] = field(default=_NOWHERE, repr=False)


@dataclass(frozen=True, slots=True)
class Settings:
    """How to judge: numbers and words that rules ask for have the defaults of the field.

    `select` and `ignore` hold codes, or beginnings of codes such as `LG`. `numbers` and `words`
    are what the manifest sets under `lint: settings:`, by name; a rule asks with its own default,
    so that the names stand beside the rule that uses them. `today` is what rules about dates go
    by; where it is not known they say nothing.
    """

    profile: Profile = Profile.DEFAULT
    select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()
    severities: Mapping[str, Severity] = field(default_factory=dict)
    suppressions: tuple[Suppression, ...] = ()
    numbers: Mapping[str, int] = field(default_factory=dict)
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    today: date | None = None

    def number(self, name: str, default: int) -> int:
        """Return a number a rule asks for."""
        return self.numbers.get(name, default)

    def list(self, name: str, default: tuple[str, ...]) -> tuple[str, ...]:
        """Return the words a rule asks for; what the manifest gives takes their place."""
        return self.words.get(name, default)
