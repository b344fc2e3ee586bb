"""The calls that write events, and the names the server made by them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from redcap_iac.calls import Call, Cell, Made
from redcap_iac.changes import Create, Delete, Rename, Update
from redcap_iac.kinds.arms import TOUCHED
from redcap_iac.kinds.events.event import OFFSETS, Event
from redcap_iac.kinds.kind import Work
from redcap_iac.plan import Phase, Step

_HIDDEN_EVENT = "event_1_arm_1"


def steps(kind: str, work: Work) -> Iterable[Step]:
    """Renames and updates, the take-over of the hidden event, creations, deletions."""
    changes = work.of(kind)
    written = [c for c in changes if isinstance(c, Update | Rename)]
    if written:
        ordered = _freeing_first(written)
        yield _import(kind, Phase.RENAME_EVENTS, "change", ordered)
    created = [c for c in changes if isinstance(c, Create)]
    if created and not work.live.target.longitudinal:
        # an event keeps its arm (inferred): without arm 1 the hidden one stays, to be found
        first = next((c for c in created if _event(c).arm == 1), created[0])
        over = _HIDDEN_EVENT if _event(first).arm == 1 else ""
        yield _import(kind, Phase.TAKE_OVER, "write", [first], over=over)
        created = [change for change in created if change is not first]
    if created:
        yield _import(kind, Phase.CREATE_EVENTS, "add", created)
    gone = [c for c in changes if isinstance(c, Delete)]
    if gone:
        names = tuple(work.name(change.key) for change in gone)
        keys = tuple(name for name in names if isinstance(name, str | Made))
        yield Step(
            Phase.DELETE_EVENTS,
            kind,
            _said("delete", gone),
            Call("event", "delete", params={"events": keys}),
            tuple(change.address for change in gone),
            TOUCHED,
            replaces=True,
        )


def names_made(
    call: Call,
    makes: tuple[tuple[str, int], ...],
    before: Sequence[Event],
    after: Sequence[Event],
) -> Mapping[str, str]:
    """Find renamed events by their id, new ones by arm, name and age."""
    known = {str(item.unique_name): item.event_id for item in before}
    by_id = {item.event_id: item for item in after}
    old = set(known.values())
    fresh = sorted((i for i in after if i.event_id not in old), key=lambda i: int(i.event_id))
    names: dict[str, str] = {}
    for address, index in makes:
        row = call.rows[index]
        identifier = known.get(str(row.get("unique_event_name", "")))
        found = by_id.get(identifier) if identifier else _first(fresh, row)
        if found is not None:
            names[address] = str(found.unique_name)
            fresh = [item for item in fresh if item is not found]
    return names


def _import(
    kind: str,
    phase: Phase,
    verb: str,
    changes: Sequence[Create | Update | Rename],
    over: str = "",
) -> Step:
    rows = tuple(_row(_event(change), over) for change in changes)
    made = (Create, Rename)
    return Step(
        phase,
        kind,
        _said(verb, changes),
        Call("event", "import", rows),
        tuple(change.address for change in changes),
        TOUCHED,
        makes=tuple((c.address, n) for n, c in enumerate(changes) if isinstance(c, made)),
    )


def _row(item: Event, over: str) -> Mapping[str, Cell]:
    unique = over or (item.unique_name if isinstance(item.unique_name, str) else "")
    row: dict[str, Cell] = {"event_name": item.name, "arm_num": str(item.arm)}
    if unique:
        row["unique_event_name"] = unique
    row["custom_event_label"] = item.custom_label
    for name in OFFSETS:
        value = getattr(item, name)
        if value is not None:
            row[name] = value
    return row


def _freeing_first(changes: Sequence[Update | Rename]) -> list[Update | Rename]:
    """Order renames so that a name is given up before another takes it; cycles in any order."""
    waiting = list(changes)
    ordered: list[Update | Rename] = []
    while waiting:
        held = {(_was(c).arm, _was(c).name.strip()): c for c in waiting}
        free = next(
            (c for c in waiting if held.get((_event(c).arm, _event(c).name.strip()), c) is c),
            waiting[0],
        )
        ordered.append(free)
        waiting.remove(free)
    return ordered


def _event(change: Create | Update | Rename) -> Event:
    assert isinstance(change.after, Event)
    return change.after


def _was(change: Update | Rename) -> Event:
    assert isinstance(change.before, Event)
    return change.before


def _said(verb: str, changes: Sequence[Create | Update | Rename | Delete]) -> str:
    """Return `add event Week 4 (arm 1)`, or `add 3 events: Week 4, End (arm 1), End (arm 2)`."""
    items = [c.before if isinstance(c, Delete) else c.after for c in changes]
    by_arm: dict[int, list[str]] = {}
    for item in items:
        assert isinstance(item, Event)
        by_arm.setdefault(item.arm, []).append(item.name.strip())
    listed = ", ".join(f"{', '.join(names)} (arm {arm})" for arm, names in by_arm.items())
    if len(items) == 1:
        return f"{verb} event {listed}"
    return f"{verb} {len(items)} events: {listed}"


def _first(fresh: Sequence[Event], row: Mapping[str, Cell]) -> Event | None:
    wanted = (str(row["arm_num"]), str(row["event_name"]).strip())
    return next((i for i in fresh if (str(i.arm), i.name.strip()) == wanted), None)
