"""Policy: what an administrator, outside a project, or the project itself wants to hold.

Rules only tighten: every rule of every file is judged by itself, so that the strictest wins and
none can be loosened by another. A waiver excuses by name, with who, why and until; one in the
project excuses from the project's own rules alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from urllib.parse import urlsplit

from redcap_iac.findings import Position
from redcap_iac.state import Target

#: Rules by the word a file uses, with their codes; P190 and above are about waivers.
RULES: Mapping[str, str] = {
    "api_rights_only": "P101",
    "full_export_of_identifiers_only": "P102",
    "users_expire_within": "P103",
    "everyone_in_a_dag": "P104",
    "approver_is_not_author": "P105",
    "user_rights_only": "P106",
    "design_only": "P107",
    "record_delete_only": "P108",
    "no_deletion_of": "P109",
    "require_base": "P110",
    "require_state_dir": "P111",
    "no_acceptance_of": "P112",
    "plans_apply_within": "P113",
    "everyone_in_a_role": "P114",
    "data_access_groups_only": "P115",
    "guards_not_loosened": "P116",
}
WAIVER_ENDED, WAIVED = "P190", "P191"


class Strength(StrEnum):
    """What a rule that is broken does: it is said, or the plan may not be applied."""

    ADVISE = "advise"
    BLOCK = "block"


@dataclass(frozen=True, slots=True)
class Reach:
    """Where a rule holds; nothing named is everywhere.

    `hosts` and `status` come from the server and cannot be talked away in a manifest;
    `environments` and `data` are what the project says of itself. `data: real` holds wherever
    nobody declared `test`, and in production whatever is declared.
    """

    environments: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    data: str = ""

    def covers(self, target: Target, environment: str, data: str) -> bool:
        """Tell whether a rule holds for a project."""
        host = (urlsplit(target.url).hostname or "").casefold()
        if self.environments and environment not in self.environments:
            return False
        if self.hosts and host not in {name.casefold() for name in self.hosts}:
            return False
        if self.status and target.status not in self.status:
            return False
        if self.data == "real":
            return data != "test" or target.status != "development"
        return self.data in ("", data)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its word, how strong it is, where it holds, what it is about.

    `allow` are those it does not bind: usernames, or `role/LABEL`; `days` and `hours` are limits;
    `names` are units or codes of hazards; `why` is shown to whoever breaks it.
    """

    name: str
    strength: Strength = Strength.BLOCK
    reach: Reach = field(default_factory=Reach)
    allow: tuple[str, ...] = ()
    days: int = 0
    hours: int = 0
    names: tuple[str, ...] = ()
    why: str = ""
    at: Position | None = field(default=None, compare=False)

    @property
    def code(self) -> str:
        """Return the code of what breaks it."""
        return RULES[self.name]


@dataclass(frozen=True, slots=True)
class Waiver:
    """An excuse from one rule: for whom or what (no names: all of it), by whom, why, until when."""

    rule: str
    names: tuple[str, ...]
    who: str
    why: str
    until: str
    at: Position | None = field(default=None, compare=False)

    def has_ended(self, today: date | None) -> bool:
        """Tell whether it excuses no more; the day itself still counts."""
        return today is not None and self.until < today.isoformat()

    def excuses(self, rule: Rule, subject: str) -> bool:
        """Tell whether it speaks of a rule, and of somebody or something that breaks it."""
        if self.rule not in (rule.name, rule.code):
            return False
        return not self.names or subject.casefold() in {name.casefold() for name in self.names}


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of one file; `is_outside` marks one that the project cannot change."""

    rules: tuple[Rule, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    is_outside: bool = False


@dataclass(frozen=True, slots=True)
class Oversight:
    """The policies that hold, and what they ask about the run besides the plan.

    `author` and `approver` are all the names they are known by (login, name, e-mail), as the CI
    service or the person claims; `has_state_dir` tells whether a durable folder was named;
    `plan_hours` is for how long a saved plan may be applied.
    """

    policies: tuple[Policy, ...] = ()
    environment: str = ""
    author: tuple[str, ...] = ()
    approver: tuple[str, ...] = ()
    has_state_dir: bool = False
    plan_hours: int = 24

    def waivers(self, policy: Policy) -> tuple[Waiver, ...]:
        """Return the waivers that may excuse from a policy's rules: its own, and those outside."""
        outside = (one for one in self.policies if one.is_outside and one is not policy)
        return (*policy.waivers, *(waiver for one in outside for waiver in one.waivers))


NO_OVERSIGHT = Oversight()
