"""Live and desired → what differs, and the state there will be."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from deepdiff import DeepDiff

from redcap_iac.calls import Key, Made
from redcap_iac.changes import Aspect, Change, Create, Delete, Rename, Update, Value
from redcap_iac.findings import Findings
from redcap_iac.kinds import all_kinds
from redcap_iac.kinds.kind import Kind, Settling
from redcap_iac.state import Desired, Item, Live, Mode, State


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs; `final` is the state there will be, `desired` is bound and completed.

    `kept` counts live items that additive units leave alone, by unit.
    """

    changes: tuple[Change, ...]
    final: State
    desired: Desired
    kept: Mapping[str, int]


def compare(desired: Desired, live: Live, findings: Findings) -> Difference:
    """Match items by key, compare them by equality and then in normal form.

    A kind the manifest does not manage stays as it is live; one that is managed and could not
    be read is left out (the workflow refuses such a plan).
    """
    bound = replace(desired, state=bind(desired.state, live.state, findings))
    changes: list[Change] = []
    final = State(dict(live.state.kinds))
    kept: dict[str, int] = {}
    for kind in all_kinds():
        declared = kind.of(bound.state)
        found = kind.of(live.state)
        if declared is None or found is None:
            continue
        settled = kind.settle(declared, Settling(live, final, _instruments(final)))
        bound = replace(bound, state=bound.state.having(kind.name, settled))
        part = _Comparison(kind, found, settled, bound.mode(kind.unit))
        changes.extend(part.changes())
        final = final.having(kind.name, part.final())
        if part.kept:
            kept[str(kind.unit)] = kept.get(str(kind.unit), 0) + len(part.kept)
    return Difference(tuple(changes), final, bound, kept)


def bind(desired: State, live: State, findings: Findings) -> State:
    """Return a declared state with the live names of what is live; the others stay made."""
    names: dict[Made, str] = {}
    for kind in all_kinds():
        declared = kind.of(desired)
        if declared is not None:
            names.update(kind.bind(declared, kind.items(live), findings))
    for kind in all_kinds():
        declared = kind.of(desired)
        if declared is not None:
            desired = desired.having(kind.name, tuple(kind.rebound(i, names) for i in declared))
    return desired


def _instruments(final: State) -> tuple[str, ...]:
    names = [getattr(item, "form_name", "") for item in final.kinds.get("fields", ())]
    names += [getattr(item, "name", "") for item in final.kinds.get("instruments", ())]
    return tuple(dict.fromkeys(name for name in names if name))


class _Comparison:
    """One kind's live and declared items side by side."""

    def __init__(
        self, kind: Kind[Any], live: Sequence[Item], desired: Sequence[Item], mode: Mode
    ) -> None:
        self._kind = kind
        self._live: dict[Key, Item] = {kind.key(item): item for item in live}
        self._desired: dict[Key, Item] = {kind.key(item): item for item in desired}
        self._undeclared = tuple(i for key, i in self._live.items() if key not in self._desired)
        self.kept: tuple[Item, ...] = ()
        self._gone = self._undeclared
        if mode is Mode.ADDITIVE:
            self._gone = tuple(kind.leaving(self._undeclared, tuple(desired)))
            left = {kind.key(item) for item in self._gone}
            self.kept = tuple(i for i in self._undeclared if kind.key(i) not in left)
        self._aspects = {
            key: _aspects(kind, self._live[key], item)
            for key, item in self._desired.items()
            if key in self._live and self._live[key] != item
        }
        self._final = self._put_together(tuple(live))
        if kind.ordered:
            self._add_moves()

    def changes(self) -> list[Change]:
        """Return the changes of this kind: in declared order, then what goes."""
        found: list[Change] = []
        for key, item in self._desired.items():
            change = self._change(key, item)
            if change is not None:
                found.append(change)
        name, address, key_of = self._kind.name, self._kind.address, self._kind.key
        found += [Delete(name, key_of(item), address(item), item) for item in self._gone]
        return found

    def final(self) -> tuple[Item, ...]:
        """Return the items there will be; those that do not differ exactly as they are live."""
        return self._final

    def _change(self, key: Key, item: Item) -> Change | None:
        address = self._kind.address(item)
        if key not in self._live:
            return Create(self._kind.name, key, address, item)
        aspects = self._aspects.get(key, ())
        if not aspects:
            return None
        before = self._live[key]
        action = Rename if self._kind.is_rename(before, item) else Update
        return action(self._kind.name, key, address, before, item, aspects)

    def _put_together(self, live: tuple[Item, ...]) -> tuple[Item, ...]:
        merged = tuple(self._merged(key, item) for key, item in self._desired.items())
        return tuple(self._kind.final(live, merged, self.kept))

    def _merged(self, key: Key, item: Item) -> Item:
        before = self._live.get(key)
        if before is None:
            return item
        merged: Item = self._kind.merge(before, item) if self._aspects.get(key) else before
        return merged

    def _add_moves(self) -> None:
        """Note items whose place among the others changes: those outside the longest run kept.

        One that only follows another that moves has nothing of its own to say.
        """
        key_of = self._kind.key
        final = [key_of(item) for item in self._final]
        place = {key: number for number, key in enumerate(self._live)}
        common = [key for key in final if key in place]
        staying = longest_rising([place[key] for key in common])
        remaining = set(final)
        before_of = _followers([key for key in self._live if key in remaining])
        after_of = _followers(final)
        moved: set[str] = set()
        for key in common:
            if place[key] in staying or key not in self._desired:
                continue
            moved.add(f"after {key}")
            if before_of[key] == after_of[key] and after_of[key] in moved:
                continue
            move = Aspect("place", before_of[key], after_of[key])
            self._aspects[key] = (*self._aspects.get(key, ()), move)


def _followers(keys: Sequence[Key]) -> dict[Key, str]:
    previous = ["first", *(f"after {key}" for key in keys)]
    return dict(zip(keys, previous, strict=False))


def longest_rising(numbers: Sequence[int]) -> frozenset[int]:
    """Return the members of a longest rising subsequence of distinct numbers."""
    tails: list[int] = []
    last: list[int] = []
    behind: dict[int, int | None] = {}
    for number in numbers:
        spot = bisect_left(tails, number)
        behind[number] = last[spot - 1] if spot else None
        tails[spot : spot + 1] = [number]
        last[spot : spot + 1] = [number]
    kept: set[int] = set()
    step: int | None = last[-1] if last else None
    while step is not None:
        kept.add(step)
        step = behind[step]
    return frozenset(kept)


def _aspects(kind: Kind[Any], before: Item, after: Item) -> tuple[Aspect, ...]:
    """Return the aspects in which two items differ in normal form, in the kind's own order."""
    old, new = kind.normal(before), kind.normal(after)
    if old == new:
        return ()
    was, will = dict(old), dict(new)
    names = dict.fromkeys([*was, *will])
    differing = _differing(was, will)
    return tuple(
        Aspect(name, was.get(name, ""), will.get(name, "")) for name in names if name in differing
    )


def _differing(was: Mapping[str, Value], will: Mapping[str, Value]) -> frozenset[str]:
    # threshold 0: two items with few aspects in common still differ aspect by aspect
    report = DeepDiff(dict(was), dict(will), view="tree", threshold_to_diff_deeper=0)
    paths = (found.path(output_format="list") for group in report.values() for found in group)
    return frozenset(str(path[0]) for path in paths if path)
