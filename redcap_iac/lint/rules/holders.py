"""Who may do what: roles, people with rights of their own, and everybody through either."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import cast

from redcap_iac.calls import Key
from redcap_iac.design import Design
from redcap_iac.findings import Position
from redcap_iac.kinds import kind_named
from redcap_iac.kinds.assigning import Assignment
from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.kinds.grants import ALL, Grants, Pairs
from redcap_iac.kinds.kind import encoded
from redcap_iac.kinds.people import folded
from redcap_iac.kinds.rights import EDIT, NONE, is_granted
from redcap_iac.kinds.roles.role import Role
from redcap_iac.kinds.users import User
from redcap_iac.lint.rule import Found

#: Fields into which nobody enters anything.
_FILLED = frozenset({"calc", "descriptive", "sql"})


@dataclass(frozen=True, slots=True)
class Holder:
    """A role, or a user with rights of their own; `named` begins a sentence: `Role Monitor`."""

    address: str
    named: str
    grants: Grants
    at: Position | None
    role: Role | None = None

    @property
    def name(self) -> str:
        """The name alone: of the role as the manifest calls it, or the username."""
        return self.named.partition(" ")[2]

    def level(self, right: str) -> str:
        """Return the level of a right, "" where it is not named."""
        return dict(self.grants.rights).get(right, "")

    def has(self, right: str) -> bool:
        """Tell whether a right is held at any level."""
        level = self.level(right)
        return level != "" and is_granted(level)

    def view(self, instrument: str) -> str:
        """Return the level on an instrument."""
        return _level(self.grants.instruments, instrument)

    def export(self, instrument: str) -> str:
        """Return the export level of an instrument."""
        return _level(self.grants.export, instrument)

    def sees_any(self, design: Design) -> bool:
        """Tell whether there is an instrument they may open."""
        return any(is_granted(self.view(name)) for name in asked(design))

    def edits_any(self, design: Design) -> bool:
        """Tell whether there is an instrument they may fill in."""
        return any(self.edits(name) for name in asked(design))

    def edits(self, instrument: str) -> bool:
        """Tell whether they may fill an instrument in; a code without a word may be anything."""
        level = self.view(instrument)
        return level.startswith((EDIT, "raw"))

    def at_them(self, clause: str, advice: str = "") -> Found:
        """Return what is found about them; the message goes on after `Role Monitor`."""
        return Found(self.address, f"{self.named} {clause}.", self.at, advice)


@dataclass(frozen=True, slots=True)
class Someone:
    """A user with what they may do; `grants` is None where nobody can tell.

    `group` is the key of their Data Access Group, "" for none, None where it is not said.
    """

    user: User
    role: Role | None
    grants: Grants | None
    group: Key | None

    def has(self, right: str) -> bool:
        """Tell whether a right is held at any level, as far as it can be told."""
        level = dict(self.grants.rights).get(right, "") if self.grants is not None else ""
        return level != "" and is_granted(level)

    def at_them(self, clause: str, advice: str = "") -> Found:
        """Return what is found about them; the message goes on after `User jdoe`."""
        user = self.user
        return Found(_address(user), f"User {user.username} {clause}.", user.at, advice)


def holders(design: Design) -> tuple[Holder, ...]:
    """Return all roles, then users with rights of their own."""
    return (*_roles(design), *_own(design))


def _roles(design: Design) -> Iterator[Holder]:
    for role in design.roles:
        named = role.handle or role.label
        yield Holder(f"role/{encoded(named)}", f"Role {named}", role.grants, role.at, role)


def _own(design: Design) -> Iterator[Holder]:
    for user in design.users:
        if user.grants is not None:
            yield Holder(_address(user), f"User {user.username}", user.grants, user.at)


def everybody(design: Design, today: date | None = None) -> tuple[Someone, ...]:
    """Return the users; without those whose access has ended, where it is known what day it is.

    Access ends on the day itself (inferred).
    """
    roles = {role.unique_name: role for role in design.roles}
    in_role = _assigned(design, "role_assignments")
    in_group = _assigned(design, "dag_assignments")
    found = []
    for user in design.users:
        name = folded(user.username)
        role = roles.get(in_role.get(name, ""))
        grants = user.grants if role is None else role.grants
        if not has_ended(user, today):
            found.append(Someone(user, role, grants, in_group.get(name)))
    return tuple(found)


def has_ended(user: User, today: date | None) -> bool:
    """Tell whether access has ended; never where it is not known what day it is."""
    return bool(user.expiration) and today is not None and str(user.expiration) <= str(today)


def asked(design: Design) -> tuple[str, ...]:
    """Return the instruments levels are asked for: all, or what stands for them."""
    return design.instruments or (ALL,)


def entered(design: Design, instrument: str) -> tuple[Field, ...]:
    """Return the fields of an instrument into which somebody enters something."""
    return tuple(
        field
        for field in design.by_instrument.get(instrument, ())
        if field.field_type not in _FILLED and field is not design.record_id
    )


def with_identifiers(design: Design) -> tuple[str, ...]:
    """Return the instruments on which a field is marked as an identifier."""
    return tuple(
        name
        for name, fields in design.by_instrument.items()
        if any(field.identifier.strip() for field in fields)
    )


def _assigned(design: Design, kind: str) -> dict[str, Key]:
    items = cast("tuple[Assignment, ...]", kind_named(kind).items(design.state))
    return {folded(item.username): item.to for item in items}


def _address(user: User) -> str:
    return f"user/{encoded(user.username)}"


def _level(pairs: Pairs, instrument: str) -> str:
    named = dict(pairs)
    return named.get(instrument, named.get(ALL, NONE))
