"""How a rename that carries values is told: one change in the place of one that comes and goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from redcap_iac.changes import Aspect, Change, Create, Delete, Rename, Update, Value
from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.kinds.dictionary.hints import Followed
from redcap_iac.kinds.dictionary.normal import aspects
from redcap_iac.kinds.kind import encoded
from redcap_iac.state import Item

_NOUNS = {"fields": "field", "instruments": "instrument"}
#: Kinds whose items stand or fall with an instrument.
_OF_INSTRUMENTS = frozenset({"designations", "repeating"})
_Identity = tuple[str, object]


def renamed(changes: Sequence[Change], hints: Followed) -> tuple[Change, ...]:
    """Return the changes with each rename that is followed as one, by its new address.

    Of a renamed instrument its designations and repeats are told as renamed too, and its fields
    are not told when they only go with it.
    """
    gone = {
        new: change
        for change in changes
        if isinstance(change, Delete) and (new := _becomes(change, hints)) is not None
    }
    coming = {
        _identity(change.kind, change.after) for change in changes if not isinstance(change, Delete)
    }
    told: list[Change] = []
    for change in changes:
        if isinstance(change, Delete):
            new = _becomes(change, hints)
            if new is None or (change.kind in _OF_INSTRUMENTS and new not in coming):
                told.append(change)
            continue
        before = gone.pop(_identity(change.kind, change.after), None)
        if before is not None:
            told.append(_rename(change, before.before))
        elif not _only_moves(change, hints.instruments):
            told.append(change)
    # what was renamed already, but for the old name, has no change of its own
    return (*told, *(_late(new, change) for new, change in gone.items() if change.kind in _NOUNS))


def _becomes(change: Delete, hints: Followed) -> _Identity | None:
    """Return what the thing that goes becomes, None where it only goes."""
    item: Any = change.before
    if change.kind in _OF_INSTRUMENTS:
        new = hints.instruments.get(item.instrument)
        return None if new is None else (change.kind, (item.event, new))
    names = {"fields": hints.fields, "instruments": hints.instruments}.get(change.kind, {})
    new = names.get(str(change.key))
    return None if new is None else (change.kind, new)


def _identity(kind: str, item: Any) -> _Identity:  # noqa: ANN401 - an item of any kind
    if kind in _OF_INSTRUMENTS:
        return (kind, (item.event, item.instrument))
    return (kind, _name(item))


def _name(item: Any) -> str:  # noqa: ANN401 - an item of any kind
    for attribute in ("field_name", "name", "instrument"):
        if hasattr(item, attribute):
            return str(getattr(item, attribute))
    return ""


def _rename(change: Create | Update | Rename, before: Item) -> Rename:
    after = change.after
    named: tuple[Aspect, ...] = (Aspect("name", _name(before), _name(after)),)
    if isinstance(before, Field) and isinstance(after, Field):
        named += _differing(before, after)
    return Rename(change.kind, change.key, change.address, before, after, named)


def _late(new: _Identity, change: Delete) -> Rename:
    kind, name = new[0], str(new[1])
    before: Any = change.before
    if isinstance(before, Field):
        after: Any = replace(before, field_name=name)
    else:
        after = replace(before, name=name)
    address = f"{_NOUNS[kind]}/{encoded(name)}"
    return Rename(kind, name, address, before, after, (Aspect("name", _name(before), name),))


def _differing(before: Field, after: Field) -> tuple[Aspect, ...]:
    was: dict[str, Value] = dict(aspects(before))
    will: dict[str, Value] = dict(aspects(after))
    return tuple(
        Aspect(name, was.get(name, ""), will.get(name, ""))
        for name in dict.fromkeys([*was, *will])
        if was.get(name, "") != will.get(name, "")
    )


def _only_moves(change: Change, instruments: Mapping[str, str]) -> bool:
    """Tell whether a field only goes with its renamed instrument."""
    if not isinstance(change, Update) or not isinstance(change.after, Field):
        return False
    moves = [aspect for aspect in change.aspects if aspect.name == "instrument"]
    others = [aspect for aspect in change.aspects if aspect.name not in ("instrument", "place")]
    return bool(moves) and not others and instruments.get(str(moves[0].before)) == moves[0].after
