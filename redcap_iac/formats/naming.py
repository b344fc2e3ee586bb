"""A state in which everything has a name: what REDCap is still to make is foreseen, and told.

Files refer to events, groups and roles by the names REDCap makes. Where it has made none yet the
likely one stands in for it, so that designations and assignments find what they mean; nothing
foreseen is written as if REDCap had given it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from redcap_iac.calls import Key, Made
from redcap_iac.design.event_names import predicted_name
from redcap_iac.kinds import all_kinds, kind_named
from redcap_iac.kinds.arms import Arm
from redcap_iac.kinds.assigning import Assigning, Assignment
from redcap_iac.kinds.dags import Dag, likely_unique_name
from redcap_iac.kinds.events.event import Event
from redcap_iac.kinds.grants import ALL, instruments_of
from redcap_iac.kinds.people import folded
from redcap_iac.kinds.rights import RIGHTS
from redcap_iac.kinds.roles.role import Role
from redcap_iac.kinds.users import User
from redcap_iac.state import Item, State

#: The rights every project shows, whatever is turned on in it.
_USUAL = frozenset(right.name for right in RIGHTS if not right.feature)


@dataclass(frozen=True, slots=True)
class Named:
    """A state whose keys are all texts; `foreseen` are those that REDCap has not given yet."""

    state: State
    foreseen: frozenset[str]

    def given(self, name: Key) -> str:
        """Return a name if REDCap gave it, else "" - which asks REDCap to make one."""
        return "" if name in self.foreseen else str(name)


def named(state: State, instruments: tuple[str, ...] = ()) -> Named:
    """Return a state with every name there, its grants spelt out, and what goes without saying.

    Events bring their arms, lists of people their groups, assignments their people. Where the
    state has no instruments, those given are what a right on all of them means.
    """
    names = dict(_names(state))
    kinds: dict[str, tuple[Item, ...]] = {}
    for kind in all_kinds():
        items = kind.of(state)
        if items is not None:
            kinds[kind.name] = tuple(kind.rebound(item, names) for item in items)
    whole = _completed(State(kinds), instruments)
    foreseen = {name for made, name in names.items() if not _is_declared(state, made)}
    return Named(whole, frozenset(foreseen))


def _names(state: State) -> Iterator[tuple[Made, str]]:
    """Yield a name for everything that has none: the one declared, else the likely one."""
    events: tuple[Event, ...] = kind_named("events").items(state)
    taken = [item.unique_name for item in events if isinstance(item.unique_name, str)]
    taken += [item.declared_name for item in events if item.declared_name]
    for event in events:
        if isinstance(event.unique_name, Made):
            name = event.declared_name or predicted_name(event.name, event.arm, taken)
            taken.append(name)
            yield event.unique_name, name
    dags: tuple[Dag, ...] = kind_named("dags").items(state)
    for dag in dags:
        if isinstance(dag.unique_name, Made):
            # a group without a letter a-z has no likely name; its address is none REDCap makes
            yield dag.unique_name, likely_unique_name(dag.name) or dag.unique_name.address
    roles: tuple[Role, ...] = kind_named("roles").items(state)
    for role in roles:
        if isinstance(role.unique_name, Made):
            # `U-` and ten characters of chance: nothing foresees them
            yield role.unique_name, role.declared_name or role.unique_name.address


def _is_declared(state: State, made: Made) -> bool:
    items = (*state.kinds.get("events", ()), *state.kinds.get("roles", ()))
    return any(
        getattr(item, "unique_name", None) == made and getattr(item, "declared_name", "")
        for item in items
    )


def instruments_meant(state: State) -> tuple[str, ...]:
    """Return the instruments of a state, or those that its roles and users have rights on."""
    there = instruments_of(state)
    if there:
        return there
    granted = (
        item.grants
        for name in ("roles", "users")
        for item in state.kinds.get(name, ())
        if isinstance(item, Role | User) and item.grants is not None
    )
    names = (name for one in granted for name, _ in (*one.instruments, *one.export))
    return tuple(dict.fromkeys(name for name in names if name != ALL))


def _completed(state: State, instruments: tuple[str, ...]) -> State:
    state = _with_arms(state)
    state = _with_labels(_with_groups(_with_people(state)))
    instruments = instruments_of(state) or instruments
    for name in ("roles", "users"):
        items = kind_named(name).of(state)
        if items is not None:
            state = state.having(name, tuple(_spelt(item, instruments) for item in items))
    return state


def _with_arms(state: State) -> State:
    events: tuple[Event, ...] = kind_named("events").items(state)
    arms: tuple[Arm, ...] = kind_named("arms").items(state)
    there = {arm.number for arm in arms}
    missing = sorted({event.arm for event in events} - there)
    if not missing:
        return state
    added = (Arm(number, f"Arm {number}") for number in missing)  # REDCap's own name (recorded)
    whole = sorted((*arms, *added), key=lambda arm: arm.number)
    return state.having("arms", tuple(whole))


def _with_people(state: State) -> State:
    """Let everybody of the assignments be a user, with the group the assignments say."""
    placed = _assigned(state, "dag_assignments")
    in_role = _assigned(state, "role_assignments")
    users: tuple[User, ...] = kind_named("users").items(state)
    if not users and not placed and not in_role:
        return state
    known = {folded(user.username) for user in users}
    everybody = {**placed, **in_role}
    added = [
        User(one.username, None, None, at=one.at)
        for key, one in everybody.items()
        if key not in known and one.to
    ]
    if not users and not added:
        return state
    whole = tuple(
        replace(user, dag=str(one.to)) if (one := placed.get(folded(user.username))) else user
        for user in (*users, *added)
    )
    return state.having("users", whole)


def _with_groups(state: State) -> State:
    """Let the groups that the list of users names be assignments."""
    users: tuple[User, ...] = kind_named("users").items(state)
    if "dag_assignments" in state or not any(user.dag for user in users):
        return state
    return state.having(
        "dag_assignments", tuple(Assignment(u.username, u.dag, at=u.at) for u in users)
    )


def _with_labels(state: State) -> State:
    """Let assignments say what they are assigned to as people call it."""
    for name in ("role_assignments", "dag_assignments"):
        kind = kind_named(name)
        assert isinstance(kind, Assigning)
        items: tuple[Assignment, ...] | None = kind.of(state)
        if items is not None:
            labels = kind.names(state)
            called = (replace(one, named=labels.get(str(one.to), str(one.to))) for one in items)
            state = state.having(name, tuple(called))
    return state


def _assigned(state: State, kind: str) -> Mapping[str, Assignment]:
    items: tuple[Assignment, ...] = kind_named(kind).items(state)
    return {folded(item.username): item for item in items}


def _spelt(item: Role | User, instruments: tuple[str, ...]) -> Role | User:
    if item.grants is None:
        return item
    if not instruments and ALL in {*dict(item.grants.instruments), *dict(item.grants.export)}:
        return item  # nothing says what "all" are
    known = _USUAL | {name for name, _ in item.grants.rights}
    names = instruments or instruments_meant(State({"roles": (item,)}))
    return replace(item, grants=item.grants.completed(known, names, None))
