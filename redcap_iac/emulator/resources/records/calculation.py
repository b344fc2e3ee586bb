"""Calculated fields: an import fills them, as saving a record does; a project file does not.

That a project file leaves them blank is recorded; that the API's record import calculates is
inferred from REDCap's automatic calculations.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from redcap_iac.emulator.request import Context
from redcap_iac.emulator.resources.records.contents import Record
from redcap_iac.emulator.resources.records.filtering import surroundings
from redcap_iac.emulator.resources.records.scope import RowScope
from redcap_iac.emulator.resources.records.shape import RowKey, Shape
from redcap_iac.logic import Expression, LogicError, as_text, evaluate, parse

#: Calculations may rest on others; a ring of them ends here.
_MOST_ROUNDS = 10


@dataclass(frozen=True, slots=True)
class Calculation:
    """A calculated field: its name, its instrument, its expression."""

    field: str
    form: str
    tree: Expression


def calculations(context: Context, shape: Shape) -> tuple[Calculation, ...]:
    """Return the calculations of a project that can be read; the others yield nothing."""
    rows = context.db.execute(
        "SELECT field_name, form_name, select_choices_or_calculations AS text FROM fields"
        " WHERE project_id = ? AND field_type = 'calc' ORDER BY position",
        (shape.project_id,),
    )
    return tuple(_readable(row["field_name"], row["form_name"], row["text"]) for row in rows)


def _readable(field: str, form: str, text: str) -> Calculation:
    try:
        return Calculation(field, form, parse(text))
    except LogicError:
        return Calculation(field, form, parse("''"))


class Calculator:
    """Brings the calculated values of records up to date, in memory."""

    def __init__(self, context: Context, shape: Shape) -> None:
        self._shape = shape
        self._calculations = calculations(context, shape)
        self._around = surroundings(context, shape)
        self._now = context.server.clock()

    def changes(self, record: Record) -> dict[tuple[RowKey, str], str]:
        """Return new values by row and field, blank for one that goes; sets them in the record."""
        changed: dict[tuple[RowKey, str], str] = {}
        for _ in range(min(len(self._calculations), _MOST_ROUNDS)):
            found = dict(self._round(record))
            if not found:
                break
            changed.update(found)
        return changed

    def _round(self, record: Record) -> Iterator[tuple[tuple[RowKey, str], str]]:
        for key, values in record.rows.items():
            forms = self._shape.forms_on(key)
            for calculation in self._calculations:
                if calculation.form not in forms:
                    continue
                value = self._value(calculation, record, key)
                if value == values.get(calculation.field, ""):
                    continue
                values[calculation.field] = value
                yield (key, calculation.field), value

    def _value(self, calculation: Calculation, record: Record, key: RowKey) -> str:
        try:
            found = evaluate(calculation.tree, RowScope(self._around, record, key), self._now)
        except LogicError:
            return ""
        return as_text(found)
