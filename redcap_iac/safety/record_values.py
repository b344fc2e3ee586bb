"""Stored values: which ones a plan destroys, read for a backup, and which of them can come back.

One row a value, as Export Records has them with `type=eav` (recorded): record, event, repeat,
field, value; a ticked checkbox choice is the field's name and the code. Taken back, a choice is
`field___code` with 1 (recorded for imports).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from redcap_iac.calls import Call
from redcap_iac.changes import Create, Delete
from redcap_iac.differ import Difference
from redcap_iac.exporter import Exporting
from redcap_iac.state import Live

#: Columns of a value besides the value itself.
PLACE = (
    "record", "redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance",
    "field_name",
)  # fmt: skip
_EVENT = PLACE[1]
_GROUP = "redcap_data_access_group"
#: Aspects of a field that values may not survive.
_LOSING = frozenset({"type", "choices", "instrument", "form"})
#: Types whose values no import takes (recorded for calc and file).
NOT_IMPORTABLE = frozenset({"calc", "file", "descriptive", "sql"})

Value = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Doomed:
    """What a plan may destroy values of: fields everywhere, and everything on some events."""

    fields: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    everything: bool = False


def doomed(difference: Difference) -> Doomed:
    """Return what to keep values of before a plan: too much rather than too little."""
    fields: dict[str, None] = {}
    events: dict[str, None] = {}
    everything = False
    for change in difference.changes:
        if isinstance(change, Create):
            continue
        before = change.before
        if change.kind == "fields":
            aspects = () if isinstance(change, Delete) else change.aspects
            if isinstance(change, Delete) or any(a.name in _LOSING for a in aspects):
                fields[str(getattr(before, "field_name", ""))] = None
        elif change.kind == "events" and isinstance(change, Delete):
            events[str(change.key)] = None
        elif change.kind in ("designations", "repeating"):
            events[str(getattr(before, "event", ""))] = None
        elif change.kind in ("arms", "dags") and isinstance(change, Delete):
            everything = True
        elif change.kind == "project":
            everything |= any(a.name in ("is_longitudinal", "longitudinal") for a in change.aspects
                              ) if not isinstance(change, Delete) else False  # fmt: skip
    classic = "" in events
    return Doomed(tuple(fields), tuple(e for e in events if e), everything or classic)


def stored(client: Exporting, what: Doomed) -> tuple[Value, ...]:
    """Return the values of what is doomed, each once; of all records the token's user sees."""
    if what.everything:
        return tuple(_rows(client, {}))
    found: dict[tuple[str, ...], Value] = {}
    selections: list[Mapping[str, tuple[str, ...]]] = []
    if what.fields:
        selections.append({"fields": what.fields})
    if what.events:
        selections.append({"events": what.events})
    for selection in selections:
        for row in _rows(client, selection):
            found[(*place(row), row["value"])] = row
    return tuple(found.values())


def everything(client: Exporting) -> tuple[Value, ...]:
    """Return every stored value that the token's user sees."""
    return stored(client, Doomed(everything=True))


def place(row: Value) -> tuple[str, ...]:
    """Return where a value stands: record, event, repeat, field."""
    return tuple(row.get(column, "") for column in PLACE)


@dataclass(frozen=True, slots=True)
class Return:
    """What comes back: rows to import, and why the others do not, by sentence with their number."""

    rows: tuple[Value, ...]
    left: Mapping[str, int]

    @property
    def records(self) -> int:
        """How many records get values back."""
        return len({row["record"] for row in self.rows})


def returning(kept: Sequence[Value], now: Sequence[Value], then: Live, live: Live) -> Return:
    """Return the values that can come back: where nothing is stored now, in records there are."""
    types = {_text(f, "field_name"): _text(f, "field_type") for f in _items(live, "fields")}
    statuses = {f"{_text(i, 'name')}_complete" for i in _items(live, "instruments")}
    id_field = next(iter(types), "")
    events = _event_names(then, live)
    records = {row["record"] for row in now}
    taken = {place(row) for row in now}
    ticked = {(*place(row), row["value"]) for row in now}
    rows: list[Value] = []
    left: dict[str, int] = {}
    for row in kept:
        name = row["field_name"]
        if name in (id_field, _GROUP):
            continue
        moved = _moved(row, events)
        why = _why_not(row, moved, records, types, statuses)
        if not why and types.get(name) == "checkbox":
            why = "the box is ticked now" if (*place(moved or row), row["value"]) in ticked else ""
        elif not why and place(moved or row) in taken:
            why = "another value, or the same, is stored there now"
        if why or moved is None:
            left[why] = left.get(why, 0) + 1
        elif types.get(name) == "checkbox":
            rows.append({**moved, "field_name": _column(name, row["value"]), "value": "1"})
        else:
            rows.append(moved)
    return Return(tuple(rows), left)


def imports(rows: Sequence[Value], size: int = 1000) -> Iterator[Call]:
    """Yield the calls that bring values back, so many rows each."""
    params = {
        "type": "eav",
        "overwriteBehavior": "normal",
        "forceAutoNumber": "false",
        "returnContent": "count",
    }
    for at in range(0, len(rows), size):
        yield Call("record", "import", tuple(rows[at : at + size]), params)


def _why_not(
    row: Value,
    moved: Value | None,
    records: set[str],
    types: Mapping[str, str],
    statuses: set[str],
) -> str:
    """Return why a value does not come back, "" where nothing is known against it."""
    name = row["field_name"]
    if row["record"] not in records:
        return "the record is not there any more"
    if moved is None:
        return "the event is not there"
    if name in statuses:
        return ""
    if name not in types:
        return "the field is not there"
    kind = types[name]
    return f"REDCap imports no values of {kind} fields" if kind in NOT_IMPORTABLE else ""


def _moved(row: Value, events: Mapping[str, str]) -> Value | None:
    """Return a value with the name its event has now, None when there is no such event."""
    event = row.get(_EVENT, "")
    if not event:
        return row
    return {**row, _EVENT: events[event]} if event in events else None


def _event_names(then: Live, live: Live) -> Mapping[str, str]:
    """Return the unique name each event has now: the same event, else that arm's of its name."""
    by_id = {_text(e, "event_id"): _text(e, "unique_name") for e in _items(live, "events")}
    by_name = {_called(e): _text(e, "unique_name") for e in _items(live, "events")}
    found: dict[str, str] = {}
    for event in _items(then, "events"):
        now = by_id.get(_text(event, "event_id") or "-") or by_name.get(_called(event))
        if now:
            found[_text(event, "unique_name")] = now
    return found


def _called(event: object) -> tuple[str, str]:
    return _text(event, "arm"), _text(event, "name").strip()


def _column(name: str, code: str) -> str:
    """Return the column of a checkbox choice: lower case, other signs as underscores (recorded)."""
    return f"{name}___" + "".join(c if c.isalnum() else "_" for c in code.lower())


def _rows(client: Exporting, selection: Mapping[str, tuple[str, ...]]) -> Iterable[Value]:
    answer = client.send(Call("record", params={"type": "eav", **selection}))
    for row in answer.rows:
        yield {name: "" if value is None else str(value) for name, value in row.items()}


def _items(live: Live, kind: str) -> Sequence[object]:
    return live.state.kinds.get(kind, ())


def _text(item: object, name: str) -> str:
    return str(getattr(item, name, ""))
