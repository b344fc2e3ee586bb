"""Many questions at once: most doomed fields are empty, and one answer tells it of all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from redcap_iac.safety.impact.asking import Answers, Asker
from redcap_iac.safety.impact.inquiry import Inquiry

#: Up to so many inquiries are made one by one.
_MANY = 200
#: Filters joined into one; the text stays far below what a form of PHP takes (inferred).
_JOINED = 64
_LONGEST = 20_000
#: When more than this share of halves holds records, halving tells nothing any more.
_DENSE = 0.75

_Group = tuple[Inquiry, ...]


def answers(asker: Asker, inquiries: Iterable[Inquiry]) -> Answers:
    """Return the answer to every inquiry.

    Many are joined with `or` first: an answer without any record says that none of them has any.
    What holds something is halved until the ones with records are found, each of which is then
    asked for alone; where most halves hold something, all of them are asked for at once. So no
    more calls are made than inquiries, and one in twenty.
    """
    wanted = tuple(dict.fromkeys(inquiries))
    if len(wanted) <= _MANY:
        return asker.ask(wanted)
    groups = list(_groups([one for one in wanted if one.logic and not one.groups]))
    single = dict.fromkeys(one for one in wanted if not one.logic or one.groups)
    for one in _holding(asker, groups):
        single[one] = None
    found = asker.ask(single)
    return {one: found.get(one, frozenset()) for one in wanted}


def _holding(asker: Asker, groups: Sequence[_Group]) -> Iterator[Inquiry]:
    """Yield the inquiries that are not known to find nothing."""
    waiting = _not_empty(asker, groups)
    while waiting:
        yield from (group[0] for group in waiting if len(group) == 1)
        halves = [_halved(group) for group in waiting if len(group) > 1]
        lefts = _not_empty(asker, [left for left, _ in halves])
        # where the left half has none, the right one must have it, and need not be asked for
        unsure = [right for left, right in halves if left in lefts]
        implied = [right for left, right in halves if left not in lefts]
        rights = _not_empty(asker, unsure)
        waiting = [*lefts, *rights, *implied]
        if len(waiting) > _DENSE * 2 * len(halves):
            yield from (one for group in waiting for one in group)
            return


def _not_empty(asker: Asker, groups: Sequence[_Group]) -> list[_Group]:
    found = asker.ask(_joined(group) for group in groups)
    return [group for group in groups if found[_joined(group)] != frozenset()]


def _groups(inquiries: Sequence[Inquiry]) -> Iterator[_Group]:
    """Yield inquiries about the same events, as many as may be joined."""
    ordered = sorted(inquiries, key=lambda one: one.events)
    for _, about in groupby(ordered, key=lambda one: one.events):
        group: list[Inquiry] = []
        length = 0
        for one in about:
            if len(group) == _JOINED or (group and length + len(one.logic) > _LONGEST):
                yield tuple(group)
                group, length = [], 0
            group.append(one)
            length += len(one.logic)
        yield tuple(group)


def _halved(group: _Group) -> tuple[_Group, _Group]:
    middle = len(group) // 2
    return group[:middle], group[middle:]


def _joined(group: _Group) -> Inquiry:
    if len(group) == 1:
        return group[0]
    fields = dict.fromkeys(name for one in group for name in one.fields)
    return replace(
        group[0],
        fields=tuple(fields),
        logic=" or ".join(f"({one.logic})" for one in group),
    )
