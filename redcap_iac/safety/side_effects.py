"""What an apply changed beyond what the manifest manages, found by reading before and after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from typing import Any

from redcap_iac.calls import Key
from redcap_iac.changes import Normal
from redcap_iac.kinds import all_kinds
from redcap_iac.kinds.kind import Kind
from redcap_iac.state import Item, State


def side_effects(before: State, after: State, managed: State) -> Iterator[str]:
    """Yield a sentence for each unmanaged kind that is not as it was.

    REDCap drops what hangs on a removed instrument or event without a word. Rights on instruments
    that come or go are part of those and told with them.
    """
    names = _renamed_events(before, after)
    staying = _instruments(before) & _instruments(after)
    for kind in all_kinds():
        if kind.name in managed or kind.name not in before or kind.name not in after:
            continue
        followed = tuple(_following(item, names) for item in kind.items(before))
        was = _normal(kind, followed, staying)
        now = _normal(kind, kind.items(after), staying)
        gone = len(was.keys() - now.keys())
        new = len(now.keys() - was.keys())
        other = sum(was[key] != now[key] for key in was.keys() & now.keys())
        parts = [(gone, "gone"), (new, "new"), (other, "changed")]
        said = ", ".join(f"{count} {word}" for count, word in parts if count)
        if said:
            yield f"{kind.name.replace('_', ' ')}, not managed by the manifest: {said}."


def _normal(
    kind: Kind[Any], items: tuple[Item, ...], instruments: frozenset[str]
) -> Mapping[Key, Normal]:
    return {kind.key(item): _staying(kind.normal(item), instruments) for item in items}


def _staying(normal: Normal, instruments: frozenset[str]) -> Normal:
    by_instrument = ("instruments", "export")
    return tuple(
        (name, tuple(pair for pair in value if pair[0] in instruments))
        if name in by_instrument and not isinstance(value, str)
        else (name, value)
        for name, value in normal
    )


def _instruments(state: State) -> frozenset[str]:
    return frozenset(_text(item, "name") for item in state.kinds.get("instruments", ()))


def _renamed_events(before: State, after: State) -> Mapping[str, str]:
    """Return the new unique name of each event whose name changed, by the old one."""
    now = {_text(event, "event_id"): _text(event, "unique_name") for event in _events(after)}
    pairs = ((_text(event, "unique_name"), _text(event, "event_id")) for event in _events(before))
    return {name: now[number] for name, number in pairs if now.get(number, name) != name}


def _events(state: State) -> tuple[Item, ...]:
    return state.kinds.get("events", ())


def _text(item: Item, name: str) -> str:
    return str(getattr(item, name, ""))


def _following(item: Item, names: Mapping[str, str]) -> Item:
    """Return an item that names an event by the name the event has now."""
    changed: dict[str, Any] = {
        part.name: names[getattr(item, part.name)]
        for part in fields(item)  # type: ignore[arg-type]
        if part.name in ("event", "unique_name") and getattr(item, part.name) in names
    }
    return replace(item, **changed) if changed else item  # type: ignore[type-var]
