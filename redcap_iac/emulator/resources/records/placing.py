"""Where a row of an import belongs: its event and its instance, and what may not stand there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from redcap_iac.emulator.design import Event
from redcap_iac.emulator.errors import ApiFault
from redcap_iac.emulator.request import Context, instance_number
from redcap_iac.emulator.resources.records.contents import Record
from redcap_iac.emulator.resources.records.incoming import IncomingRow, Target
from redcap_iac.emulator.resources.records.shape import RowKey, Shape
from redcap_iac.emulator.resources.records.validation import line

#: Recorded texts, the doubled blanks included.
NO_REPEATING_INSTRUMENT = (
    "redcap_repeat_instrument must be the unique form name of a Repeating Instrument. It currently"
    " does not match the unique form name of any Repeating Instruments.  Please fix this in the"
    " data import file and try again."
)
NOT_REPEATING = (
    "redcap_repeat_instance cannot have a value since this instrument or event is not a repeating"
    " instrument or repeating event, respectively.  The redcap_repeat_instance field must be left"
    " blank for this row of data."
)
_NO_INSTANCE = "redcap_repeat_instance must be a positive whole number, or 'new' in flat data."


def _needs_instance(field: str, form: str) -> str:
    return (
        f"This field ('{field}') exists on a Repeating Instrument named '{form}'. However, the"
        " fields 'redcap_repeat_instance' and/or 'redcap_repeat_instrument' for this row of data"
        " have no value, which are both required for importing data into a Repeating Instrument. "
        " You are not allowed to import data for this field into a non-repeating instrument."
    )


def _not_designated(field: str, event: str) -> str:
    return (
        f"This field ('{field}') exists on an instrument that is not designated for the event named"
        f" '{event}'. You are not allowed to import data for this field into this event."
    )


def _other_instrument(field: str, form: str) -> str:
    """Return the text for a field of another instrument in an instance's row (inferred)."""
    return (
        f"This field ('{field}') does not exist on the Repeating Instrument named '{form}'. You are"
        " not allowed to import data for this field into an instance of that instrument."
    )


@dataclass(frozen=True, slots=True)
class PlacedRow:
    """A row with its record's final name, its event and the row of data it sets."""

    record: str
    event: Event
    key: RowKey
    source: IncomingRow


class Placer:
    """Places the rows of one import, counting the instances that `new` makes.

    Collects the faults as lines of csv; `existing` are the records there are.
    """

    def __init__(
        self, context: Context, shape: Shape, existing: Mapping[str, Record], *, flat: bool
    ) -> None:
        self._shape = shape
        self._flat = flat
        self.faults: list[str] = []
        self._instances: dict[tuple[str, int, str], int] = {}
        for record in existing.values():
            for event_id, form, instance in record.rows:
                self._count(record.name, event_id, form, instance)
        self._arms = {
            row["arm_num"]: row["name"]
            for row in context.db.execute(
                "SELECT arm_num, name FROM arms WHERE project_id = ?", (shape.project_id,)
            )
        }

    def place(self, row: IncomingRow, record: str, known: Mapping[str, Target]) -> PlacedRow | None:
        """Return the row in its place; None, with the fault kept, when it has none."""
        event = self._shape.event(row.event) if row.event and self._shape.longitudinal else None
        event = event or self._shape.first_event
        key = self._key(row, record, event)
        if key is None:
            return None
        placed = PlacedRow(record, event, key, row)
        self.faults += self._misplaced(placed, known)
        return placed

    def _key(self, row: IncomingRow, record: str, event: Event) -> RowKey | None:
        repeating = self._shape.repeating[event.event_id]
        form = row.repeat_instrument
        if form and form not in repeating:
            self._fault(row, "redcap_repeat_instrument", form, NO_REPEATING_INSTRUMENT)
            if row.repeat_instance:
                self._fault(row, "redcap_repeat_instance", row.repeat_instance, NOT_REPEATING)
            return None
        if not form and "" not in repeating:
            if row.repeat_instance:
                self._fault(row, "redcap_repeat_instance", row.repeat_instance, NOT_REPEATING)
                return None
            return (event.event_id, "", 1)
        if form and not row.repeat_instance:
            # what the row sets is refused field by field (recorded)
            return (event.event_id, "", 1)
        return self._instance(row, record, (event.event_id, form))

    def _instance(self, row: IncomingRow, record: str, place: tuple[int, str]) -> RowKey | None:
        text = row.repeat_instance or "1"
        if text == "new" and self._flat:
            number = self._instances.get((record, *place), 0) + 1
        else:
            number = instance_number(text) or 0
        if not number:
            self._fault(row, "redcap_repeat_instance", text, _NO_INSTANCE)
            return None
        self._count(record, *place, number)
        return (*place, number)

    def _count(self, record: str, event_id: int, form: str, instance: int) -> None:
        key = (record, event_id, form)
        self._instances[key] = max(instance, self._instances.get(key, 0))

    def _misplaced(self, row: PlacedRow, known: Mapping[str, Target]) -> Iterator[str]:
        event_id, repeat_form, _ = row.key
        for column, value in row.source.cells.items():
            target = known[column]
            if value == "" or is_calculated(target):
                continue
            message = ""
            if target.form not in self._shape.designated[event_id]:
                message = _not_designated(column, self._event_label(row.event))
            elif repeat_form and target.form != repeat_form:
                message = _other_instrument(column, repeat_form)
            elif not repeat_form and target.form in self._shape.repeating[event_id]:
                message = _needs_instance(column, target.form)
            if message:
                yield line(row.record, column, value, message)

    def _event_label(self, event: Event) -> str:
        return f"{event.name} (Arm {event.arm}: {self._arms.get(event.arm, '')})"

    def _fault(self, row: IncomingRow, column: str, value: str, message: str) -> None:
        self.faults.append(line(row.record, column, value, message))


def is_calculated(target: Target) -> bool:
    """Tell whether a column is of a calculated field, whose sent values are passed over (inferred).

    Clients import whole exports again, calculations included, and are not refused (recorded).
    """
    return target.field is not None and target.field.type == "calc"


def refuse_unknown_events(shape: Shape, rows: Sequence[IncomingRow]) -> None:
    """Refuse rows for events that are not there (recorded); none named means the first."""
    if not shape.longitudinal:
        return
    unknown = _unknown(shape, (row.event for row in rows))
    if unknown:
        listed = ", ".join(unknown)
        raise ApiFault(f"The following values of redcap_event_name are invalid: {listed}")


def _unknown(shape: Shape, names: Iterable[str]) -> list[str]:
    known = {event.unique_name for event in shape.events}
    return [name for name in dict.fromkeys(names) if name and name not in known]
