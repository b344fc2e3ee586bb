"""What has no upload on REDCap's pages: the clicks, in order, and who may make them.

In production a user may at most add arms, events and designations; renaming, deleting and
un-designating are for administrators (recorded). None of it is part of a draft: it takes effect at
once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from redcap_iac.changes import Change, Create, Delete, Rename, Update
from redcap_iac.kinds import kind_named
from redcap_iac.kinds.grants import instruments_of
from redcap_iac.kinds.kind import Kind
from redcap_iac.state import State


class Who(StrEnum):
    """Who may make a click in production."""

    YOU = "you"
    ADMINISTRATOR = "administrator"


class When(StrEnum):
    """Whether it comes before the draft, or after its approval."""

    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Click:
    """One thing to do by hand: on which page, a sentence, the change it brings about."""

    page: str
    text: str
    who: Who
    when: When
    address: str = ""


EVENTS_PAGE = "Project Setup > Define My Events"
DESIGNATIONS_PAGE = "Project Setup > Designate Instruments for My Events"
_REPEATING_PAGE = "Project Setup > Repeating instruments and events"
_SETTINGS_PAGE = "Project Setup > Main project settings"
_DESIGNER = "Online Designer"


def clicks(
    changes: Sequence[Change], final: State, live: State, labels: Sequence[str]
) -> tuple[Click, ...]:
    """Return the clicks of design changes; `labels` are sentences about instrument labels."""
    names = _event_names(final, live)
    staying = [change for change in changes if not _goes_along(change, final)]
    found = [click for change in staying for click in _clicks(change, names)]
    found += [
        Click(_DESIGNER, f"Rename the instrument: {line}.", Who.YOU, When.AFTER) for line in labels
    ]
    return tuple(sorted(found, key=lambda click: list(When).index(click.when)))


def _goes_along(change: Change, final: State) -> bool:
    """Tell whether something goes by itself, with its event or its instrument."""
    if not isinstance(change, Delete) or change.kind not in ("designations", "repeating"):
        return False
    item: Any = change.before
    events: Kind[Any] = kind_named("events")
    there = {"", *(events.key(event) for event in events.items(final))}
    return item.event not in there or item.instrument not in {"", *instruments_of(final)}


def _clicks(change: Change, names: dict[object, str]) -> Iterator[Click]:
    if change.kind == "project" and str(change.key) == "is_longitudinal":
        text = "Change whether the project is longitudinal."
        yield Click(_SETTINGS_PAGE, text, Who.ADMINISTRATOR, When.BEFORE, change.address)
    elif change.kind == "arms":
        yield from _arm(change)
    elif change.kind == "events":
        yield from _event(change)
    elif change.kind == "designations":
        yield from _designation(change, names)
    elif change.kind == "repeating":
        yield from _repeat(change, names)


def _arm(change: Change) -> Iterator[Click]:
    item: Any = change.before if isinstance(change, Delete) else change.after
    if isinstance(change, Delete):
        text = f"Delete arm {item.number} ({item.name.strip()}) with its events."
        yield Click(EVENTS_PAGE, text, Who.ADMINISTRATOR, When.AFTER, change.address)
    elif not isinstance(change, Create):
        text = f'Rename arm {item.number} to "{item.name.strip()}".'
        yield Click(EVENTS_PAGE, text, Who.ADMINISTRATOR, When.BEFORE, change.address)


def _event(change: Change) -> Iterator[Click]:
    kind: Kind[Any] = kind_named("events")
    if isinstance(change, Delete):
        text = f"Delete the event {kind.label(change.before)}."
        yield Click(EVENTS_PAGE, text, Who.ADMINISTRATOR, When.AFTER, change.address)
    elif isinstance(change, Rename | Update):
        parts = "; ".join(
            f"{aspect.name} from {_quoted(aspect.before)} to {_quoted(aspect.after)}"
            for aspect in change.aspects
        )
        text = f"Edit the event {kind.label(change.before)}: {parts}."
        yield Click(EVENTS_PAGE, text, Who.ADMINISTRATOR, When.BEFORE, change.address)


def _designation(change: Change, names: dict[object, str]) -> Iterator[Click]:
    item: Any = change.before if isinstance(change, Delete) else change.after
    event = names.get(item.event, str(item.event))
    if isinstance(change, Delete):
        text = f"Untick {item.instrument} for {event}."
        yield Click(DESIGNATIONS_PAGE, text, Who.ADMINISTRATOR, When.AFTER, change.address)
    else:
        text = f"Tick {item.instrument} for {event}."
        yield Click(DESIGNATIONS_PAGE, text, Who.YOU, When.AFTER, change.address)


def _repeat(change: Change, names: dict[object, str]) -> Iterator[Click]:
    item: Any = change.before if isinstance(change, Delete) else change.after
    what = item.instrument or "the whole event"
    where = f" on {names.get(item.event, str(item.event))}" if item.event else ""
    label = f' with the instance label "{item.label}"' if item.label else ""
    if isinstance(change, Delete):
        text = f"Let {what}{where} repeat no more."
    elif isinstance(change, Create):
        text = f"Let {what}{where} repeat{label}."
    else:
        text = f"Set the instance label of {what}{where} to {_quoted(item.label)}."
    yield Click(_REPEATING_PAGE, text, Who.YOU, When.AFTER, change.address)


def _event_names(final: State, live: State) -> dict[object, str]:
    kind: Kind[Any] = kind_named("events")
    events = (*kind.items(live), *kind.items(final))
    return {kind.key(event): f'"{event.name.strip()}" (arm {event.arm})' for event in events}


def _quoted(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) and value else "nothing"
