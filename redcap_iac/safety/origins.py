"""Whose a change is: yours, since the base commit, or the undoing of work done outside.

What differs between the manifest at the base commit and live was done outside; what differs
between the base and now is yours.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from redcap_iac.changes import Change, Create, Delete, Rename, Update
from redcap_iac.differ import Difference
from redcap_iac.plan import Plan, PlannedChange

YOURS, OUTSIDE, BOTH = "yours", "outside", "both"
#: Stands for an object that comes or goes as one.
WHOLE = "*"

_Place = tuple[str, str]


def undone(difference: Difference, outside: Difference) -> Iterator[tuple[Change, Change]]:
    """Yield each change that undoes outside work, with what would undo all of that work."""
    theirs = _by_place(outside)
    for change in difference.changes:
        other = theirs.get(_place(change))
        if other is not None and _shared(change, other):
            yield change, other


def with_origins(plan: Plan, difference: Difference, outside: Difference) -> Plan:
    """Return the plan with the origin of every change and aspect."""
    theirs = _by_place(outside)
    ours = {change.address: change for change in difference.changes}
    marked = tuple(
        _marked(planned, change, theirs.get(_place(change)))
        if (change := ours.get(planned.address)) is not None
        else planned
        for planned in plan.changes
    )
    return replace(plan, changes=marked)


def _marked(planned: PlannedChange, change: Change, other: Change | None) -> PlannedChange:
    shared = frozenset() if other is None else _shared(change, other)
    names = frozenset(aspect.name for aspect in planned.aspects)
    if other is None or not shared:
        origin = YOURS
    elif names <= shared and _is_same_deed(change, other):
        origin = OUTSIDE
    else:
        origin = BOTH
    aspects = tuple(
        replace(aspect, origin=OUTSIDE if aspect.name in shared else YOURS)
        for aspect in planned.aspects
    )
    return replace(planned, origin=origin, aspects=aspects)


def _shared(change: Change, other: Change) -> frozenset[str]:
    """Return which outside work a change would undo: names of aspects, or `WHOLE`."""
    if isinstance(change, Update | Rename):
        names = frozenset(aspect.name for aspect in change.aspects)
        if isinstance(other, Update | Rename):
            return names & {aspect.name for aspect in other.aspects}
        return names  # it was made outside, so all of it is outside work
    return frozenset({WHOLE})


def _is_same_deed(change: Change, other: Change) -> bool:
    """Tell whether a change does no more than undo: what was made goes, what went comes back."""
    in_place = Update | Rename
    return type(change) is type(other) or (
        isinstance(change, in_place) and isinstance(other, in_place)
    )


def _by_place(difference: Difference) -> Mapping[_Place, Change]:
    return {_place(change): change for change in difference.changes}


def _place(change: Change) -> _Place:
    """Return where a change is: an object that is live by its live key, another by its address."""
    if isinstance(change, Create):
        return change.kind, change.address
    if isinstance(change, Delete) or isinstance(change.key, str):
        return change.kind, str(change.key)
    return change.kind, change.address
