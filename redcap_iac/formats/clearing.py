"""Orders to clear, which a manifest gives with `null` and few files can say."""

from __future__ import annotations

from collections.abc import Iterator

from redcap_iac.findings import Finding, Severity
from redcap_iac.formats.naming import Named
from redcap_iac.kinds import kind_named
from redcap_iac.kinds.assigning import Assignment
from redcap_iac.kinds.people import folded
from redcap_iac.kinds.project import Setting
from redcap_iac.kinds.users import User
from redcap_iac.position import Position
from redcap_iac.state import State

#: An order to clear that a target does not hold.
CODE = "C126"


def unheld_orders(ordered: State, after: Named) -> Iterator[Finding]:
    """Yield the orders of a manifest that are not there when the target is read again.

    In a manifest an absent key leaves alone what the project has, and `null` clears it. People a
    target does not hold at all are told as lost, not once more for what was to be cleared.
    """
    yield from _settings(ordered, after)
    there = {folded(user.username): user for user in _users(after.state)}
    for user in _users(ordered):
        held = there.get(folded(user.username))
        if user.expiration == "" and held is not None and held.expiration != "":
            yield _unheld(f"{kind_named('users').address(user)}: `expires`", user.at)
    kind = kind_named("dag_assignments")
    groups: tuple[Assignment, ...] = kind.items(ordered)
    left: tuple[Assignment, ...] = kind.items(after.state)
    cleared = {folded(one.username) for one in left if one.to == ""}
    for one in groups:
        name = folded(one.username)
        if one.to == "" and name in there and name not in cleared:
            yield _unheld(f"{kind.address(one).rpartition('/')[0]}: `dag`", one.at)


def _settings(ordered: State, after: Named) -> Iterator[Finding]:
    kind = kind_named("project")
    wanted: tuple[Setting, ...] = kind.items(ordered)
    there: tuple[Setting, ...] = kind.items(after.state)
    cleared = {item.name for item in there if item.value == ""}
    for item in wanted:
        if item.value == "" and item.name not in cleared:
            head, _, key = kind.address(item).rpartition("/")
            yield _unheld(f"{head}: `{key}`", item.at)


def _users(state: State) -> tuple[User, ...]:
    users: tuple[User, ...] = kind_named("users").items(state)
    return users


def _unheld(what: str, at: Position | None) -> Finding:
    address, _, key = what.partition(": ")
    said = f"{address}: the order to clear {key} (`null`) is not held."
    return Finding(CODE, Severity.WARNING, said, at, address)
