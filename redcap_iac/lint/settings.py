"""What a manifest says about lint: the profile, what is chosen, what is let pass and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from redcap_iac.findings import Severity
from redcap_iac.position import Position


class Profile(StrEnum):
    """A choice of rules for a purpose; `default` is what every design is held to."""

    DEFAULT = "default"
    GO_LIVE = "go-live"
    PART11 = "part11"
    MOBILE = "mobile"


@dataclass(frozen=True, slots=True)
class Suppression:
    """A finding let pass, where it stands and why.

    `address` is whose findings it lets pass ("" for the whole project; a glob such as `field/q_*`
    at the top of the manifest). An instrument's holds for its fields too.
    """

    code: str
    address: str
    reason: str
    at: Position | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """How to judge: numbers and words that rules ask for have the defaults of the field.

    `numbers` and `words` are what the manifest sets under `lint: settings:`, by name; a rule asks
    with its own default, so that the names stand beside the rule that uses them.
    """

    profile: Profile = Profile.DEFAULT
    select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()
    severities: Mapping[str, Severity] = field(default_factory=dict)
    suppressions: tuple[Suppression, ...] = ()
    numbers: Mapping[str, int] = field(default_factory=dict)
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def number(self, name: str, default: int) -> int:
        """Return a number a rule asks for."""
        return self.numbers.get(name, default)

    def list(self, name: str, default: tuple[str, ...]) -> tuple[str, ...]:
        """Return the words a rule asks for; what the manifest gives takes their place."""
        return self.words.get(name, default)
