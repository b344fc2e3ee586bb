"""Who may do what after each call of a plan: the calls are played through on paper.

REDCap's rules: a member of a role has the role's rights alone (recorded); their own, which no
export shows, come back when they leave it (recorded); a row of Import Users that names no group
takes somebody out of theirs (recorded), a row of role assignments may (not recorded: assumed);
a deleted role or group leaves its people without (sources conflict: assumed).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import cast

from redcap_iac.calls import Key, Made, Row
from redcap_iac.differ import Difference
from redcap_iac.kinds import kind_named
from redcap_iac.kinds.grants import Grants, read
from redcap_iac.kinds.kind import WireRow, Work
from redcap_iac.kinds.people import folded
from redcap_iac.kinds.roles import KIND as ROLES
from redcap_iac.kinds.users import KIND as USERS
from redcap_iac.plan import Step
from redcap_iac.safety.access import EVERY_SITE, Access, People, has_ended, present
from redcap_iac.state import Live

#: Kinds whose calls change who may do what.
KINDS = ("dags", "roles", "role_assignments", "users", "dag_assignments")


@dataclass(frozen=True, slots=True)
class Moment:
    """What everybody may do once a call was made; before the first, `step` is None."""

    step: Step | None
    people: People


@dataclass(frozen=True, slots=True)
class _Person:
    """What is known of one person at a moment; `own` is None where it is not known."""

    username: str
    role: Key
    own: Grants | None
    site: Key
    expires: str


def access_steps(difference: Difference, live: Live) -> tuple[Step, ...]:
    """Return the calls about access that a plan makes, in order."""
    work = Work(difference.changes, live, difference.desired, difference.final, {})
    steps = [step for name in KINDS for step in kind_named(name).steps(work)]
    return tuple(sorted(steps, key=lambda step: step.phase))


def moments(steps: Sequence[Step], live: Live, today: date | None = None) -> Iterator[Moment]:
    """Yield what everybody may do now, then after each call."""
    play = _Play(live, today)
    yield Moment(None, play.people())
    for step in steps:
        play.make(step)
        yield Moment(step, play.people())


class _Play:
    """Roles and people of a project while calls are made on paper."""

    def __init__(self, live: Live, today: date | None) -> None:
        self._today = today
        self._roles: dict[Key, Grants] = {
            role.unique_name: role.grants for role in ROLES.items(live.state)
        }
        self._people: dict[str, _Person] = {}
        own = {USERS.key(user): user.grants for user in USERS.items(live.state)}
        for key, one in present(live.state, today).items():
            known = own[key] if one.role == "" else None
            self._people[key] = _Person(one.username, one.role, known, one.site, one.expires)

    def people(self) -> People:
        return {key: self._access(person) for key, person in self._people.items()}

    def make(self, step: Step) -> None:
        """Change roles and people as a call would; calls about something else change nobody."""
        calls: Mapping[tuple[str, str], Callable[[Step], None]] = {
            ("userRole", "import"): self._import_roles,
            ("userRole", "delete"): self._delete_roles,
            ("userRoleMapping", "import"): self._assign_roles,
            ("user", "import"): self._import_users,
            ("user", "delete"): self._delete_users,
            ("userDagMapping", "import"): self._assign_groups,
            ("dag", "delete"): self._delete_groups,
        }
        act = calls.get((step.call.content, step.call.action))
        if act is not None and not step.copies:
            act(step)

    def _access(self, person: _Person) -> Access:
        grants = self._roles.get(person.role) if person.role else person.own
        ended = has_ended(person.expires, self._today)
        named = EVERY_SITE if person.site == "" else str(person.site)
        return Access(
            person.username, person.role, person.site, named, person.expires, ended, grants
        )

    def _import_roles(self, step: Step) -> None:
        made = {row: Made(address) for address, row in step.makes}
        for number, row in enumerate(step.call.rows):
            key = made.get(number) or _key(row, "unique_role_name")
            self._roles[key] = _granted(row, self._roles.get(key))

    def _delete_roles(self, step: Step) -> None:
        gone = _listed(step, "roles")
        self._roles = {key: role for key, role in self._roles.items() if key not in gone}
        self._change(lambda one: one.role in gone, lambda one: replace(one, role=""))

    def _assign_roles(self, step: Step) -> None:
        for row in step.call.rows:
            role, site = _key(row, "unique_role_name"), _key(row, "data_access_group")
            person = self._person(row)
            # where the server's rows name no group, its being cleared is assumed
            self._people[folded(person.username)] = replace(person, role=role, site=site)

    def _import_users(self, step: Step) -> None:
        for row in step.call.rows:
            person = self._person(row)
            own = _granted(row, person.own) if "forms" in row else person.own
            self._people[folded(person.username)] = replace(
                person,
                own=own,
                site=_key(row, "data_access_group"),
                expires=str(row.get("expiration", person.expires)),
            )

    def _delete_users(self, step: Step) -> None:
        for name in _listed(step, "users"):
            self._people.pop(folded(str(name)), None)

    def _assign_groups(self, step: Step) -> None:
        for row in step.call.rows:
            person = self._person(row)
            site = _key(row, "redcap_data_access_group")
            self._people[folded(person.username)] = replace(person, site=site)

    def _delete_groups(self, step: Step) -> None:
        gone = _listed(step, "dags")
        self._change(lambda one: one.site in gone, lambda one: replace(one, site=""))

    def _change(self, of: Callable[[_Person], bool], to: Callable[[_Person], _Person]) -> None:
        self._people = {k: to(one) if of(one) else one for k, one in self._people.items()}

    def _person(self, row: Row) -> _Person:
        """Return who a row is about; somebody new has nothing (documented)."""
        name = str(row["username"])
        return self._people.get(folded(name)) or _Person(name, "", Grants(), "", "")


def _granted(row: Row, before: Grants | None) -> Grants:
    """Return what a row grants; rights that are not in it stay as they were (recorded)."""
    given = read(cast("WireRow", row))
    old = dict(before.rights) if before is not None else {}
    return replace(given, rights=tuple({**old, **dict(given.rights)}.items()))


def _key(row: Row, column: str) -> Key:
    cell = row.get(column, "")
    return cell if isinstance(cell, str | Made) else ""


def _listed(step: Step, name: str) -> frozenset[Key]:
    value = step.call.params.get(name, ())
    return frozenset(value if isinstance(value, tuple) else (value,))
