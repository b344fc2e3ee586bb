"""What the token's own user has to keep until the last call that needs it.

Which right a method asks for is documented, and recorded for deleting users.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from redcap_iac.changes import Delete
from redcap_iac.kinds.grants import Grants
from redcap_iac.kinds.kind import Work
from redcap_iac.kinds.people import Whereabouts, folded
from redcap_iac.kinds.rights import is_granted


def needed_to_the_end(work: Work) -> frozenset[str]:
    """Return the rights that calls late in the order ask for, besides User Rights."""
    needed = set()
    if any(isinstance(change, Delete) for change in work.of("users")):
        needed.add("record_delete")
    people = Whereabouts(work)
    placed = any(people.must_be_placed(name) for name in people.staying())
    if work.of("dags") or ("dag_assignments" in work.live.state and placed):
        needed.add("data_access_groups")
    return frozenset(needed)


def is_own(username: str, work: Work) -> bool:
    """Tell whether somebody is the token's own user; nobody is while that is not known."""
    return folded(username) == folded(work.live.target.user) != ""


def held(work: Work) -> Grants | None:
    """Return what the token's own user may do now, None when that is not known."""
    for user in work.live.state.kinds.get("users", ()):
        grants = getattr(user, "effective", None)
        if is_own(str(getattr(user, "username", "")), work) and isinstance(grants, Grants):
            return grants
    return None


def lost(before: Grants | None, after: Grants | None, needed: Iterable[str]) -> frozenset[str]:
    """Return which of these rights somebody holds before and not after."""
    if before is None:
        return frozenset()
    return frozenset(
        right
        for right in needed
        if before.holds(right) and (after is None or not after.holds(right))
    )


def keeping(grants: Grants, before: Grants, kept: Collection[str]) -> Grants:
    """Return grants with some rights as they were before."""
    old = dict(before.rights)
    return replace(
        grants,
        rights=tuple(
            (name, old.get(name, level) if name in kept else level) for name, level in grants.rights
        ),
    )


def gained(before: Grants, after: Grants) -> frozenset[str]:
    """Return the rights that come."""
    old = dict(before.rights)
    return frozenset(
        name
        for name, level in after.rights
        if is_granted(level) and not is_granted(old.get(name, "false"))
    )
