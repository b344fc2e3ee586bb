"""Decisions as changes: what would change in the files, in the form in which plans are told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from redcap_iac.changes import Aspect, Value
from redcap_iac.kinds import kind_named
from redcap_iac.kinds.kind import Kind, encoded
from redcap_iac.merging.deciding import key_text
from redcap_iac.merging.sides import Sides
from redcap_iac.merging.verdict import Decision
from redcap_iac.plan import PlannedChange


def told(sides: Sides, decisions: Iterable[Decision]) -> tuple[PlannedChange, ...]:
    """Return what these decisions do to the files, one change an item, as from files to REDCap.

    What the files lost has no `after`, what they gain no `before`.
    """
    found: dict[tuple[str, str], list[Decision]] = {}
    for one in decisions:
        kind, key = one.kind, one.key
        if one.place == "order" and key.startswith("field/"):
            key = key.removeprefix("field/")
        elif one.place == "order":
            kind = "order"
        found.setdefault((kind, key), []).append(one)
    known = _Known(sides)
    return tuple(_change(known, kind, key, some) for (kind, key), some in found.items())


class _Known:
    """The items of both sides by kind and key, each kind looked through once."""

    def __init__(self, sides: Sides) -> None:
        self.sides = sides
        self._items: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {}

    def both(self, kind: Kind[Any], key: str) -> tuple[Any, Any]:
        """Return the item in the files and in REDCap, None where it is not."""
        if kind.name not in self._items:
            mine, theirs = (
                {key_text(kind.key(item)): item for item in kind.items(state)}
                for state in (self.sides.files, self.sides.live)
            )
            self._items[kind.name] = (mine, theirs)
        mine, theirs = self._items[kind.name]
        return mine.get(key), theirs.get(key)


def _change(known: _Known, kind_name: str, key: str, some: Sequence[Decision]) -> PlannedChange:
    if kind_name == "order":
        aspect = Aspect("order", "as in the files", "as in REDCap")
        group = key or "instruments"
        return PlannedChange(
            some[0].address, "update", "fields", group, "fields", (), (), (aspect,)
        )  # fmt: skip
    kind: Kind[Any] = kind_named(kind_name)
    mine, theirs = known.both(kind, key)
    whole = next((one for one in some if one.whole), None)
    shown = theirs if mine is None else mine
    assert shown is not None
    before = None if mine is None else kind.normal(mine)
    after = None if theirs is None else kind.normal(theirs)
    if whole is not None:
        action = "create" if before is None else "delete"
        aspects: tuple[Aspect, ...] = ()
    else:
        aspects = _aspects(some)
        is_new = mine is not None and theirs is not None and kind.is_rename(mine, theirs)
        action = "rename" if is_new else "update"
    address = kind.address(shown)
    if kind_name == "fields" and (old := _old_name(known.sides, key)):
        action, aspects = "rename", (Aspect("name", old, key), *aspects)
    label = kind.label(shown)
    return PlannedChange(
        address, action, str(kind.unit), kind.group(shown), label, before, after, aspects
    )


def renamed_only(sides: Sides, told_already: Iterable[PlannedChange]) -> Iterable[PlannedChange]:
    """Yield instruments with another name, and fields of which nothing else differs."""
    forms: Kind[Any] = kind_named("instruments")
    for old, new in sides.renamed.instruments.items():
        aspect = Aspect("name", old, new)
        yield PlannedChange(
            f"instrument/{encoded(new)}", "rename", str(forms.unit), new, new, (), (), (aspect,)
        )
    known = {change.address for change in told_already}
    fields: Kind[Any] = kind_named("fields")
    there = {fields.key(item): item for item in fields.items(sides.files)}
    for old, new in sides.renamed.fields.items():
        address = f"field/{encoded(new)}"
        item = there.get(new)
        if address not in known and item is not None:
            aspect = Aspect("name", old, new)
            yield PlannedChange(
                address, "rename", "fields", fields.group(item), new, (), (), (aspect,)
            )  # fmt: skip


def _old_name(sides: Sides, name: str) -> str:
    return next((old for old, new in sides.renamed.fields.items() if new == name), "")


def _aspects(some: Sequence[Decision]) -> tuple[Aspect, ...]:
    """Return the aspects of an item; codes, rights and levels of one place as one."""
    pairs: dict[str, tuple[list[tuple[str, str]], list[tuple[str, str]]]] = {}
    aspects: list[Aspect] = []
    for one in some:
        if not one.part:
            aspects.append(Aspect(one.name, _said(one.files), _said(one.live)))
            continue
        name = "choices" if one.kind == "fields" else one.place
        before, after = pairs.setdefault(name, ([], []))
        before += [(one.part, str(one.files))] if one.files is not None else []
        after += [(one.part, str(one.live))] if one.live is not None else []
    aspects += [Aspect(name, tuple(was), tuple(now)) for name, (was, now) in pairs.items()]
    return tuple(aspects)


def _said(value: Value | None) -> Value:
    return "" if value is None else value
