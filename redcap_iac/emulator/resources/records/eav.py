"""Eav exports: one line per value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from redcap_iac.emulator import wire
from redcap_iac.emulator.design import STATUS_CHOICES
from redcap_iac.emulator.resources.records.columns import plain, renderer
from redcap_iac.emulator.resources.records.contents import Record, Values, tick
from redcap_iac.emulator.resources.records.flat import Extras, RowFilter, event_label
from redcap_iac.emulator.resources.records.options import Options
from redcap_iac.emulator.resources.records.selection import Shown
from redcap_iac.emulator.resources.records.shape import RowKey, Shape

Render = Callable[[str], str]


class EavWriter:
    """Writes a line per value that is not empty, the record id among them (recorded).

    A ticked checkbox choice is a line with the field's name and the code (inferred from clients
    that rebuild columns from it).
    """

    def __init__(
        self, shape: Shape, shown: tuple[Shown, ...], options: Options, extras: Extras
    ) -> None:
        self._shape = shape
        self._options = options
        self._extras = extras
        self._shown = shown
        self._renders = {one.name: self._render(one) for one in shown}
        self._events = {
            event.event_id: event_label(shape, event) if options.labels else event.unique_name
            for event in shape.events
        }
        self._forms = dict(shape.forms) if options.labels else {}

    def answer(self, records: Iterable[Record], shows: RowFilter) -> wire.Rows:
        """Return the lines of the records, of each the rows that `shows` lets through."""
        rows = [
            line
            for record in records
            for key, values in record.rows.items()
            if shows(record, key)
            for line in self._lines(record, key, values)
        ]
        return wire.Rows(self._columns(), rows, delimiter=self._options.delimiter)

    def _columns(self) -> tuple[str, ...]:
        event = ("redcap_event_name",) if self._shape.longitudinal else ()
        repeats = ("redcap_repeat_instrument", "redcap_repeat_instance")
        return (
            "record",
            *event,
            *(repeats if self._shape.has_repeats else ()),
            "field_name",
            "value",
        )

    def _lines(self, record: Record, key: RowKey, values: Values) -> Iterator[wire.Row]:
        event_id, repeat_form, instance = key
        repeats = repeat_form or self._shape.is_repeating_event(event_id)
        place: dict[str, wire.Cell] = {
            "record": record.name,
            "redcap_event_name": self._events[event_id],
            "redcap_repeat_instrument": self._forms.get(repeat_form, repeat_form),
            "redcap_repeat_instance": instance if repeats else "",
        }
        for name, value in self._values(record, key, values):
            yield {**place, "field_name": name, "value": value}

    def _values(self, record: Record, key: RowKey, values: Values) -> Iterator[tuple[str, str]]:
        forms = self._shape.forms_on(key)
        for one in self._shown:
            if one.form in forms or one.name == self._shape.id_field:
                yield from self._values_of(one, values)
        group = (self._extras.dags or {}).get(record.dag_id or 0)
        if group and not key[1]:
            yield "redcap_data_access_group", group[0 if self._options.labels else 1]

    def _values_of(self, one: Shown, values: Values) -> Iterator[tuple[str, str]]:
        if one.field is not None and one.field.type == "checkbox":
            for code, label in one.field.choices:
                if tick(one.name, code) in values:
                    yield one.name, plain(label) if self._options.labels else code
        elif values.get(one.name):
            yield one.name, self._renders[one.name](values[one.name])

    def _render(self, one: Shown) -> Render:
        if one.field is None:
            labels = dict(STATUS_CHOICES) if self._options.labels else {}
            return lambda value: labels.get(value, value)
        return renderer(one.field, self._options, self._extras.documents) or str
