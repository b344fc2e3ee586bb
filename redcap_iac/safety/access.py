"""Effective access: what each person may see, edit, export and delete, and how that differs.

It comes through a role or rights of their own (a role's member has the role's alone, recorded),
a Data Access Group (without one somebody sees every site, documented) and the day access ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from redcap_iac.calls import Key
from redcap_iac.changes import Aspect
from redcap_iac.kinds.dags import KIND as DAGS
from redcap_iac.kinds.grants import Grants, instruments_of
from redcap_iac.kinds.people import folded
from redcap_iac.kinds.powers import Power, powers, powers_of
from redcap_iac.kinds.rights import BY_NAME, NONE
from redcap_iac.kinds.role_assignments import KIND as ROLE_ASSIGNMENTS
from redcap_iac.kinds.roles import KIND as ROLES
from redcap_iac.kinds.users import KIND as USERS
from redcap_iac.plan import Shift
from redcap_iac.state import State

EVERY_SITE = "every site"
#: About how many instruments a line names them; above, it counts.
_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Access:
    """What one person may do; `grants` is None where nobody can tell.

    `role` and `site` are keys ("" is none, every site), `site_named` is how people read the
    latter; `expires` is YYYY-MM-DD or "", `ended` tells whether that day has come.
    """

    username: str
    role: Key = ""
    site: Key = ""
    site_named: str = EVERY_SITE
    expires: str = ""
    ended: bool = False
    grants: Grants | None = None

    @property
    def is_known(self) -> bool:
        """Tell whether it can be said what they may do."""
        return self.ended or self.grants is not None

    def powers(self) -> frozenset[Power]:
        """Return all they may do, each level with those below it; nothing once access ended."""
        if self.ended or self.grants is None:
            return frozenset()
        return powers(self.grants)

    def sees(self, site: Key) -> bool:
        """Tell whether records of a site are theirs to see."""
        return self.site in ("", site)


People = Mapping[str, Access]


def has_ended(expires: str, today: date | None) -> bool:
    """Tell whether access ended: on the day of `expiration` it has (inferred)."""
    return expires != "" and today is not None and expires <= today.isoformat()


def present(state: State, today: date | None) -> People:
    """Return everybody's access as exported: members of roles show the role's rights."""
    return _people(state, today, exported=True)


def under_new_names(people: People, names: Mapping[str, str]) -> People:
    """Return access with renamed instruments (old → new) under the names they will have.

    The questions are the same ones: whoever saw them under the old name gains nothing by the new.
    """
    if not names:
        return people
    return {key: replace(one, grants=_renamed(one.grants, names)) for key, one in people.items()}


def _renamed(grants: Grants | None, names: Mapping[str, str]) -> Grants | None:
    if grants is None:
        return None

    def pairs(given: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        # after a copy that was cut off both names are there: what counts is the old one's
        held = dict(given)
        stay = {name: level for name, level in held.items() if name not in names}
        come = {names[name]: level for name, level in held.items() if name in names}
        return tuple({**stay, **come}.items())

    return replace(grants, instruments=pairs(grants.instruments), export=pairs(grants.export))


def planned(state: State, today: date | None) -> People:
    """Return everybody's access in a state there will be; unknown is what no export shows."""
    return _people(state, today, exported=False)


def _people(state: State, today: date | None, *, exported: bool) -> People:
    roles = {role.unique_name: role.grants for role in ROLES.items(state)}
    members = {folded(item.username): item.to for item in ROLE_ASSIGNMENTS.items(state)}
    groups = {dag.unique_name: dag.name.strip() for dag in DAGS.items(state)}
    assigned = {
        folded(str(getattr(item, "username", ""))): getattr(item, "to", "")
        for item in state.kinds.get("dag_assignments", ())
    }
    instruments = instruments_of(state)
    found: dict[str, Access] = {}
    for user in USERS.items(state):
        key = USERS.key(user)
        role = members.get(key, "")
        role = role if role in roles else ""
        own = user.grants if role == "" else roles[role]
        grants = user.effective if exported else own
        site = assigned.get(key, user.dag)
        site = site if "dags" not in state or site in groups else ""
        expires = user.expiration or ""
        found[key] = Access(
            user.username,
            role,
            site,
            groups.get(site, str(site)) if site else EVERY_SITE,
            expires,
            has_ended(expires, today),
            None if grants is None else _within(grants, instruments),
        )
    return found


def _within(grants: Grants, instruments: tuple[str, ...]) -> Grants:
    """Return grants without those on instruments that are not there."""
    if not instruments:
        return grants
    return Grants(
        grants.rights,
        tuple(pair for pair in grants.instruments if pair[0] in instruments),
        tuple(pair for pair in grants.export if pair[0] in instruments),
        by_all=grants.by_all,
    )


def excess(now: Access, before: Access | None, after: Access | None) -> frozenset[Power] | None:
    """Return what somebody may do that neither before nor after allows, None when unknown.

    Site by site: full export here and every site there do not make full export of every site.
    """
    if now.ended:
        return frozenset()
    if not now.is_known:
        return None
    bounds = [one for one in (before, after) if one is not None and not one.ended]
    if any((now.site, now.grants) == (one.site, one.grants) for one in bounds):
        return frozenset()  # as most people are, after most calls
    sites: set[Key] = {now.site} if now.site else {"", *(one.site for one in bounds)}
    found: set[Power] = set()
    for site in sites:
        allowed: set[Power] = set()
        for one in bounds:
            if one.site in ("", site):
                allowed |= one.powers()
        found |= now.powers() - allowed
    return frozenset(found)


def difference(before: People, after: People) -> tuple[Shift, ...]:
    """Return how everybody's access differs, by username; those it does not are left out."""
    found = [_shift(before.get(key), after.get(key)) for key in sorted({*before, *after})]
    return tuple(shift for shift in found if shift.gained or shift.lost)


def _shift(before: Access | None, after: Access | None) -> Shift:
    shown = after or before
    assert shown is not None
    gained: list[Aspect] = []
    lost: list[Aspect] = []
    for aspect, is_gain in aspects(before, after):
        (gained if is_gain else lost).append(aspect)
    return Shift(shown.username, tuple(gained), tuple(lost))


def aspects(before: Access | None, after: Access | None) -> Iterator[tuple[Aspect, bool]]:
    """Yield what differs for a person, and whether they gain by it."""
    had = before is not None and not before.ended
    if after is None or after.ended:
        if had:
            yield Aspect("access", _lasting(before), _lasting(after)), False
        return
    if before is None or not had:
        yield Aspect("access", _lasting(before), _lasting(after)), True
        if after.expires:
            yield Aspect("expires", "", after.expires), True
        before = replace(after, grants=Grants())
    if before.expires != after.expires:
        longer = after.expires == "" or (before.expires != "" and after.expires > before.expires)
        yield Aspect("expires", before.expires or "never", after.expires or "never"), longer
    if before.site != after.site:
        yield Aspect("sites", before.site_named, after.site_named), before.site != ""
    yield from differences(before.grants, after.grants)


def _lasting(one: Access | None) -> str:
    if one is None:
        return "none"
    if one.ended:
        return "ended"
    return one.site_named if one.site == "" else f"{one.site_named} only"


def differences(
    before: Grants | None, after: Grants | None
) -> Iterator[tuple[Aspect, bool]]:  # fmt: skip
    """Yield in what grants differ, and whether it is a gain; None is not known."""
    if before is None or after is None:
        if before is not after:
            yield Aspect("rights", "known" if before else "not known",
                         "known" if after else "their own, not known"), after is None  # fmt: skip
        return
    old = dict(before.rights)
    for name, level in after.rights:
        was = old.get(name, BY_NAME[name].levels[0])
        if was != level:
            gain = bool(powers_of("right", name, level) - powers_of("right", name, was))
            yield Aspect(BY_NAME[name].label, _word(was), _word(level)), gain
    for sort, said, one, other in (
        ("instrument", "rights on", before.instruments, after.instruments),
        ("export", "export of", before.export, after.export),
    ):
        yield from _by_level(sort, said, dict(one), dict(other))


def _by_level(
    sort: str, said: str, before: Mapping[str, str], after: Mapping[str, str]
) -> Iterator[tuple[Aspect, bool]]:
    """Yield one aspect for all instruments that go from one level to the same other."""
    alike: dict[tuple[str, str], list[str]] = {}
    for name, level in after.items():
        was = before.get(name, NONE)
        if was != level:
            alike.setdefault((was, level), []).append(name)
    for (was, level), names in alike.items():
        gain = bool(powers_of(sort, "", level) - powers_of(sort, "", was))
        yield Aspect(f"{said} {_named(names)}", was, level), gain


def _named(names: Iterable[str]) -> str:
    found = list(names)
    return ", ".join(found) if len(found) <= _MOST_NAMED else f"{len(found)} instruments"


def _word(level: str) -> str:
    return {"true": "yes", "false": "no"}.get(level, level)
