"""Flat exports: one line per record, event and instance."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from redcap_iac.emulator import wire
from redcap_iac.emulator.design import Event
from redcap_iac.emulator.resources.records.columns import Column, columns
from redcap_iac.emulator.resources.records.contents import Record, Values
from redcap_iac.emulator.resources.records.options import Options
from redcap_iac.emulator.resources.records.selection import Shown
from redcap_iac.emulator.resources.records.shape import RowKey, Shape

_EVENT = ("redcap_event_name", "Event Name")
_INSTRUMENT = ("redcap_repeat_instrument", "Repeat Instrument")
_INSTANCE = ("redcap_repeat_instance", "Repeat Instance")
_DAG = ("redcap_data_access_group", "Data Access Group")
_IDENTIFIER = ("redcap_survey_identifier", "Survey Identifier")


@dataclass(frozen=True, slots=True)
class Extras:
    """What an export adds to the fields: DAG names by id (None is no column), surveys, files.

    `surveys` are the instruments that have a timestamp column (None is no survey columns at all);
    `documents` maps the id of a stored file to its name.
    """

    dags: Mapping[int, tuple[str, str]] | None = None
    surveys: frozenset[str] | None = None
    documents: Mapping[str, str] = field(default_factory=dict)


RowFilter = Callable[[Record, RowKey], bool]


class FlatWriter:
    """Writes the lines of one flat export.

    Without the id field there is no event column either (recorded), nor the repeat columns.
    """

    def __init__(
        self, shape: Shape, shown: tuple[Shown, ...], options: Options, extras: Extras
    ) -> None:
        self._shape = shape
        self._options = options
        self._extras = extras
        self._with_id = any(one.name == shape.id_field for one in shown)
        self._forms = frozenset(one.form for one in shown if one.name != shape.id_field)
        self._id = columns([one for one in shown if one.name == shape.id_field], options, {})
        others = [one for one in shown if one.name != shape.id_field]
        self._columns = self._with_timestamps(columns(others, options, extras.documents))
        self._leading = self._leading_columns()
        self._plans: dict[tuple[int, str], tuple[tuple[Column, ...], Values]] = {}
        self._event_names = {event.event_id: self._event_name(event) for event in shape.events}
        self._labels = dict(shape.forms)

    def answer(self, records: Iterable[Record], shows: RowFilter) -> wire.Rows:
        """Return the lines of the records, of each the rows that `shows` lets through."""
        rows = [
            self._line(record, key, values)
            for record in records
            for key, values in record.rows.items()
            if self._concerns(key) and shows(record, key)
        ]
        headed = (*self._id, *self._leading, *self._columns)
        return wire.Rows(
            tuple(column.name for column in headed),
            rows,
            blank_when_empty=True,
            delimiter=self._options.delimiter,
            headings=tuple(column.heading for column in headed)
            if self._options.label_headings
            else (),
        )

    def _concerns(self, key: RowKey) -> bool:
        """Tell whether a row has anything to show: an instance only for its own instrument."""
        if self._with_id and not key[1]:
            return True
        return not self._forms.isdisjoint(self._shape.forms_on(key))

    def _line(self, record: Record, key: RowKey, values: Values) -> wire.Row:
        filled, blank = self._plan(key)
        line: dict[str, wire.Cell] = dict(blank)
        for column in self._id:
            line[column.name] = record.name
        for column in self._leading:
            line[column.name] = self._leading_cell(column.name, record, key)
        for column in filled:
            line[column.name] = column.cell(values)
        return line

    def _plan(self, key: RowKey) -> tuple[tuple[Column, ...], Values]:
        """Return the columns that are filled in rows like this, and all others as blanks."""
        place = key[:2]
        if place not in self._plans:
            forms = self._shape.forms_on(key)
            filled = tuple(column for column in self._columns if column.form in forms)
            blank = {column.name: "" for column in self._columns if column.form not in forms}
            self._plans[place] = (filled, blank)
        return self._plans[place]

    def _leading_columns(self) -> tuple[Column, ...]:
        names: list[tuple[str, str]] = []
        if self._with_id and self._shape.longitudinal:
            names.append(_EVENT)
        if self._with_id and self._shape.has_repeats:
            names += [_INSTRUMENT, _INSTANCE]
        if self._extras.dags is not None:
            names.append(_DAG)
        if self._extras.surveys is not None:
            names.append(_IDENTIFIER)
        return tuple(Column(name, heading, "", lambda _values: "") for name, heading in names)

    def _leading_cell(self, name: str, record: Record, key: RowKey) -> wire.Cell:
        event_id, repeat_form, instance = key
        if name == _EVENT[0]:
            return self._event_names[event_id]
        if name == _INSTRUMENT[0]:
            return self._labels.get(repeat_form, "") if self._options.labels else repeat_form
        if name == _INSTANCE[0]:
            repeats = repeat_form or self._shape.is_repeating_event(event_id)
            return instance if repeats else ""
        if name == _DAG[0]:
            return self._dag(record)
        return ""

    def _dag(self, record: Record) -> str:
        names = (self._extras.dags or {}).get(record.dag_id or 0, ("", ""))
        return names[0] if self._options.labels else names[1]

    def _event_name(self, event: Event) -> str:
        if not self._options.labels:
            return event.unique_name
        return event_label(self._shape, event)

    def _with_timestamps(self, found: tuple[Column, ...]) -> tuple[Column, ...]:
        """Put `<form>_timestamp` before the first column of each instrument that is a survey."""
        placed: list[Column] = []
        waiting = set(self._extras.surveys or ())
        for column in found:
            if column.form in waiting:
                waiting.discard(column.form)
                name = f"{column.form}_timestamp"
                placed.append(Column(name, "Survey Timestamp", column.form, _stored(name)))
            placed.append(column)
        return tuple(placed)


def _stored(name: str) -> Callable[[Values], str]:
    return lambda values: values.get(name, "")


def event_label(shape: Shape, event: Event) -> str:
    """Return an event's label, with its arm's number where there are several (documented)."""
    return f"{event.name} (Arm {event.arm})" if shape.has_several_arms else event.name
