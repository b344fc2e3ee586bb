"""The values of records in memory, row by row."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from redcap_iac.emulator.request import Context
from redcap_iac.emulator.resources.records import store
from redcap_iac.emulator.resources.records.shape import RowKey, Shape

#: Values of one row by stored name: a field, or `field(code)` for a ticked checkbox choice.
Values = dict[str, str]

_DIGITS = re.compile(r"(\d+)")


def tick(field: str, code: str) -> str:
    """Return the stored name of a checkbox choice."""
    return f"{field}({code})"


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its rows in the order of exports, and its DAG in each arm."""

    name: str
    rows: Mapping[RowKey, Values]
    dags: Mapping[int, int | None]

    @property
    def dag_id(self) -> int | None:
        """The DAG of the record, the same in every arm it is in."""
        return next((dag for dag in self.dags.values() if dag is not None), None)


def read(context: Context, shape: Shape, names: Sequence[str] | None = None) -> Iterator[Record]:
    """Yield the records the caller may see, numeric ids in the order of their numbers (inferred).

    `names` restricts them; unknown ones are left out without a word (recorded). A user in a DAG
    sees the records of that DAG alone (recorded).
    """
    own = context.caller.dag_id
    dags = store.dags_of(context.db, shape.project_id)
    visible = {name for name, groups in dags.items() if own is None or own in groups.values()}
    return _read(context, shape, dags, visible if names is None else visible & set(names))


def read_all(context: Context, shape: Shape, names: Sequence[str]) -> Iterator[Record]:
    """Yield records by name, those of other DAGs too, which an import must not collide with."""
    dags = store.dags_of(context.db, shape.project_id)
    return _read(context, shape, dags, dags.keys() & set(names))


def _read(
    context: Context,
    shape: Shape,
    dags: Mapping[str, Mapping[int, int | None]],
    names: Collection[str],
) -> Iterator[Record]:
    rows = _rows(context, shape, None if len(names) == len(dags) else sorted(names))
    position = _positions(shape)
    for name in sorted(names, key=natural):
        ordered = sorted(rows.get(name, {}).items(), key=lambda item: position(item[0]))
        yield Record(name, dict(ordered), dags[name])


def natural(name: str) -> tuple[tuple[int, int, str], ...]:
    """Return the key that sorts `2` before `10` and `1-2` before `1-10`."""
    parts = (part for part in _DIGITS.split(name) if part)
    return tuple(
        (0, int(part), part) if part.isascii() and part.isdigit() else (1, 0, part.lower())
        for part in parts
    )


def _rows(
    context: Context, shape: Shape, names: Sequence[str] | None
) -> dict[str, dict[RowKey, Values]]:
    checkboxes = {field.name for field in shape.fields if field.type == "checkbox"}
    shown = {event.event_id for event in shape.events}
    found: dict[str, dict[RowKey, Values]] = {}
    for row in store.read(context.db, shape.project_id, names):
        field = row["field_name"]
        if row["event_id"] not in shown or field not in shape.form_of:
            continue
        key = shape.row_of(row["event_id"], field, row["instance"])
        if key is None:
            continue
        values = found.setdefault(row["record"], {}).setdefault(key, {})
        if field in checkboxes:
            values[tick(field, row["value"])] = "1"
        else:
            values[field] = row["value"]
    if shape.has_repeats:
        for rows in found.values():
            _drop_bare_rows(shape, rows)
    return found


def _drop_bare_rows(shape: Shape, rows: dict[RowKey, Values]) -> None:
    """Take out rows with nothing but the id where the id's own instrument repeats (inferred)."""
    own_form = shape.form_of.get(shape.id_field, "")
    for key in [key for key, values in rows.items() if values.keys() == {shape.id_field}]:
        event_id, repeat_form, _ = key
        others = any(other[0] == event_id and other[1] for other in rows)
        if not repeat_form and others and own_form in shape.repeating[event_id]:
            del rows[key]


def _positions(shape: Shape) -> _Position:
    events = {event.event_id: number for number, event in enumerate(shape.events)}
    forms = {form: number for number, (form, _) in enumerate(shape.forms)}
    return _Position(events, forms)


@dataclass(frozen=True, slots=True)
class _Position:
    """Sort key of rows: event, then what does not repeat, then instruments and instances."""

    events: Mapping[int, int]
    forms: Mapping[str, int]

    def __call__(self, key: RowKey) -> tuple[int, int, int]:
        event_id, form, instance = key
        return (self.events[event_id], self.forms[form] if form else -1, instance)
