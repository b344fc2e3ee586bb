"""What grants allow, as a set: then "no more than" is a subset, and "more" is what is left over.

A level holds those below it: whoever edits may look, full export holds the de-identified one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from redcap_iac.kinds.grants import Grants, Pairs
from redcap_iac.kinds.rights import BY_NAME, EDIT, NONE, NOT_GRANTED, READ_ONLY, is_granted

#: One thing somebody may do: `right`, `instrument` or `export`; which one; how far.
Power = tuple[str, str, str]

_EXPORTS = ("deidentified", "no_identifiers", "full")
_LEVELS = {"user_rights": ("read_only", "full"), "lock_records": ("lock", "sign")}


def powers(grants: Grants) -> frozenset[Power]:
    """Return all that grants allow; levels that cannot be ordered stand for themselves."""
    return frozenset(
        (*_rights(grants.rights), *_instruments(grants.instruments), *_exports(grants.export))
    )


def _rights(pairs: Pairs) -> Iterator[Power]:
    for name, level in pairs:
        if is_granted(level):
            ladder = _LEVELS.get(name, ())
            steps = ladder[: ladder.index(level) + 1] if level in ladder else (level,)
            yield from (("right", name, step) for step in steps)


def _instruments(pairs: Pairs) -> Iterator[Power]:
    for name, level in pairs:
        if is_granted(level):
            yield "instrument", name, "see"
            if level != READ_ONLY:
                yield from (("instrument", name, part) for part in level.split(", "))


def _exports(pairs: Pairs) -> Iterator[Power]:
    for name, level in pairs:
        if is_granted(level):
            place = _EXPORTS.index(level) + 1 if level in _EXPORTS else 0
            steps = _EXPORTS[:place] or (level,)
            yield from (("export", name, step) for step in steps)


def meet(one: Grants, other: Grants) -> Grants:
    """Return what both grant: level by level the lower one; what cannot be ordered is none."""
    return Grants(
        tuple(
            (name, _lower("right", name, level, dict(other.rights).get(name, NOT_GRANTED)))
            for name, level in one.rights
        ),
        _lowest("instrument", one.instruments, dict(other.instruments)),
        _lowest("export", one.export, dict(other.export)),
    )


def _lowest(sort: str, pairs: Pairs, others: Mapping[str, str]) -> Pairs:
    return tuple((name, _lower(sort, name, v, others.get(name, NONE))) for name, v in pairs)


def _lower(sort: str, name: str, one: str, other: str) -> str:
    first, second = powers_of(sort, name, one), powers_of(sort, name, other)
    if first <= second:
        return one
    if second <= first:
        return other
    both = first & second
    fitting = [level for level in (EDIT, READ_ONLY) if powers_of(sort, name, level) <= both]
    if sort == "instrument" and fitting:
        return fitting[0]
    return BY_NAME[name].levels[0] if sort == "right" else NONE


def powers_of(sort: str, name: str, level: str) -> frozenset[Power]:
    """Return what one level of one right, instrument or export allows."""
    pair: Pairs = ((name, level),)
    grants = {
        "right": Grants(rights=pair),
        "instrument": Grants(instruments=pair),
        "export": Grants(export=pair),
    }[sort]
    return powers(grants)
