"""One order out of three: of the files, of their base, of what is live."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from redcap_iac.differ import longest_rising
from redcap_iac.merging.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Order:
    """The merged order of names, and whose it is; in a conflict it is that of the files."""

    names: tuple[str, ...]
    verdict: Verdict


def merged_order(
    base: Sequence[str] | None, files: Sequence[str], live: Sequence[str], kept: Collection[str]
) -> Order:
    """Return the `kept` names in one order.

    What either side moved is where that side put it; a name that both moved to different places
    is a conflict. Names only one side has stand behind their neighbour there.
    """
    common = set(files) & set(live) & (set(files) if base is None else set(base))
    mine, theirs = _among(files, common), _among(live, common)
    before = theirs if base is None else _among(base, common)
    if base is None and mine != theirs:
        order, verdict = mine, Verdict.CONFLICT
    else:
        order, verdict = _three_way(before, mine, theirs)
    order = _with(order, files)
    order = _with(order, live)
    return Order(tuple(name for name in order if name in kept), verdict)


def _three_way(before: list[str], mine: list[str], theirs: list[str]) -> tuple[list[str], Verdict]:
    if mine == theirs:
        return mine, Verdict.SAME
    if theirs == before:
        return mine, Verdict.OWN
    if mine == before:
        return theirs, Verdict.TAKE
    moved = _moved(before, theirs)
    if moved & _moved(before, mine):
        return mine, Verdict.CONFLICT
    order = [name for name in mine if name not in moved]
    for number, name in enumerate(theirs):
        if name in moved:
            place = order.index(theirs[number - 1]) + 1 if number else 0
            order.insert(place, name)
    both = moved | _moved(before, mine)
    if not _keeps(order, before, mine, both) or not _keeps(order, before, theirs, both):
        return mine, Verdict.CONFLICT
    return order, Verdict.TAKE


def _keeps(
    order: Sequence[str], before: Sequence[str], side: Sequence[str], moved: Collection[str]
) -> bool:
    """Tell whether every pair of names that a side turned round is turned round in an order."""
    now, was, wanted = (
        {name: number for number, name in enumerate(names)} for names in (order, before, side)
    )
    return all(
        (wanted[one] < wanted[two]) == (was[one] < was[two])
        or (now[one] < now[two]) == (wanted[one] < wanted[two])
        for one in moved
        for two in order
        if one != two
    )


def _moved(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """Return the names outside the longest run that stayed as it was."""
    place = {name: number for number, name in enumerate(before)}
    staying = longest_rising([place[name] for name in after])
    return {name for name in after if place[name] not in staying}


def _among(names: Iterable[str], common: Collection[str]) -> list[str]:
    return [name for name in names if name in common]


def _with(order: Sequence[str], other: Sequence[str]) -> list[str]:
    """Return the order with the names that only the other has, each behind its neighbour there."""
    result = list(order)
    known = set(result)
    for number, name in enumerate(other):
        if name not in known:
            place = result.index(other[number - 1]) + 1 if number else 0
            result.insert(place, name)
            known.add(name)
    return result


def place_of(new: str, there: Sequence[str], live: Sequence[str]) -> int:
    """Return where a new name stands among others: behind its nearest neighbour in REDCap."""
    for name in reversed(live[: live.index(new)]):
        if name in there:
            return there.index(name) + 1
    return 0
