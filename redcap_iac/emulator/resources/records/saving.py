"""Writing an import: values, form statuses, calculated fields, DAGs, the log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from redcap_iac.emulator import locking, log
from redcap_iac.emulator.design import Event
from redcap_iac.emulator.request import Context
from redcap_iac.emulator.resources.records import contents, store
from redcap_iac.emulator.resources.records.calculation import Calculator
from redcap_iac.emulator.resources.records.contents import Record, tick
from redcap_iac.emulator.resources.records.shape import RowKey, Shape


@dataclass(frozen=True, slots=True)
class Change:
    """One value to set; blank erases it, or for a checkbox choice (`code`) "1" ticks it."""

    record: str
    event: Event
    key: RowKey
    field: str
    value: str
    code: str | None = None

    @property
    def place(self) -> store.Place:
        """Where the value is stored."""
        return (self.key[0], self.record, self.key[2], self.field)

    @property
    def stored_name(self) -> str:
        """The name of the value in a row in memory."""
        return self.field if self.code is None else tick(self.field, self.code)


@dataclass(frozen=True, slots=True)
class Saving:
    """What one import writes: its rows (for records sent with an id alone) and its changes."""

    rows: Sequence[tuple[str, Event, RowKey]]
    changes: Sequence[Change]
    dags: Mapping[str, int | None]


def save(context: Context, shape: Shape, saving: Saving, before: Mapping[str, Record]) -> None:
    """Write an import into the store; everything in it has been checked.

    A form that gets its first value gets the status Incomplete (inferred). Records are new to an
    arm when their first row in it comes.
    """
    changed = [change for change in saving.changes if differs(change, before)]
    _create(context, shape, saving)
    _write(context, shape, changed)
    _assign(context, saving.dags)
    after = {record.name: record for record in contents.read_all(context, shape, _names(saving))}
    _follow_up(context, shape, after.values())
    _log(context, saving, changed, before)


def _names(saving: Saving) -> list[str]:
    return list(dict.fromkeys(record for record, _, _ in saving.rows))


def differs(change: Change, before: Mapping[str, Record]) -> bool:
    """Tell whether a change changes anything."""
    record = before.get(change.record)
    values = record.rows.get(change.key, {}) if record else {}
    return values.get(change.stored_name, "") != change.value


def _create(context: Context, shape: Shape, saving: Saving) -> None:
    own = context.caller.dag_id
    known = store.dags_of(context.db, shape.project_id)
    for record, event, _ in saving.rows:
        group = next(iter(known.get(record, {}).values()), own)
        store.ensure_record(context.db, shape.project_id, record, event.arm, group)
    store.write(
        context.db,
        shape.project_id,
        (
            (key[0], record, "", 1 if key[1] else key[2], shape.id_field, record)
            for record, _, key in saving.rows
        ),
    )


def _write(context: Context, shape: Shape, changed: Sequence[Change]) -> None:
    plain = [change for change in changed if change.code is None]
    unticked = [change for change in changed if change.code is not None and not change.value]
    store.erase(context.db, shape.project_id, (change.place for change in plain))
    store.untick(
        context.db, shape.project_id, ((change.place, change.code or "") for change in unticked)
    )
    store.write(
        context.db,
        shape.project_id,
        (
            (
                change.key[0],
                change.record,
                *change.key[1:],
                change.field,
                change.code or change.value,
            )
            for change in changed
            if change.value
        ),
    )


def _assign(context: Context, dags: Mapping[str, int | None]) -> None:
    context.db.executemany(
        "UPDATE records SET dag_id = ? WHERE project_id = ? AND record = ?",
        [(dag_id, context.project_id, record) for record, dag_id in dags.items()],
    )


def _follow_up(context: Context, shape: Shape, records: Iterable[Record]) -> None:
    """Store what follows from the values: statuses of instruments begun, calculated values.

    A calculation on a locked instrument keeps its value (inferred).
    """
    locked = locking.locked(context.db, shape.project_id)
    calculator = Calculator(context, shape)
    new: list[store.Stored] = []
    gone: list[store.Place] = []
    for record in records:
        for (key, field), value in calculator.changes(record).items():
            if (key[0], record.name, shape.form_of[field], key[2]) in locked:
                continue
            gone.append((key[0], record.name, key[2], field))
            if value:
                new.append((key[0], record.name, *key[1:], field, value))
        new += [
            (key[0], record.name, *key[1:], f"{form}_complete", "0")
            for key, form in _begun(shape, record)
        ]
    store.erase(context.db, shape.project_id, gone)
    store.write(context.db, shape.project_id, new)


def _begun(shape: Shape, record: Record) -> Iterator[tuple[RowKey, str]]:
    for key, values in record.rows.items():
        forms = {
            shape.form_of[name.partition("(")[0]]
            for name, value in values.items()
            if value and name != shape.id_field
        }
        for form in forms & shape.forms_on(key):
            if f"{form}_complete" not in values:
                yield key, form


def _log(
    context: Context, saving: Saving, changed: Sequence[Change], before: Mapping[str, Record]
) -> None:
    """Leave an entry per record that is new or changed, with the names of fields, not values."""
    fields: dict[str, dict[str, None]] = {}
    for change in changed:
        fields.setdefault(change.record, {})[change.stored_name] = None
    for record in _names(saving):
        is_new = record not in before
        if not is_new and record not in fields and record not in saving.dags:
            continue
        verb, logtype = ("Create", "record_add") if is_new else ("Update", "record_edit")
        log.write(
            context,
            f"{verb} record (API) {record}",
            ", ".join(fields.get(record, {})),
            logtype=logtype,
            record=record,
        )
