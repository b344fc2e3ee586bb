"""Calculated fields: an import fills them, as saving a record does; a project file does not.

That a project file leaves them blank is recorded; that the API's record import calculates is
inferred from REDCap's automatic calculations. `@CALCTEXT` and `@CALCDATE` are calculated likewise
(knowledge base RC-AT-09), unless `@IF` chooses them, which an import does not ask.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from redcap_iac.emulator.request import Context
from redcap_iac.emulator.resources.records import patterns
from redcap_iac.emulator.resources.records.contents import Record
from redcap_iac.emulator.resources.records.filtering import surroundings
from redcap_iac.emulator.resources.records.scope import RowScope
from redcap_iac.emulator.resources.records.shape import RowKey, Shape
from redcap_iac.logic import Expression, LogicError, Scope, Value, as_text, evaluate, parse
from redcap_iac.logic.action_tags import Form, Tag, action_tags
from redcap_iac.logic.dates import moved
from redcap_iac.logic.values import number

#: Calculations may rest on others; a ring of them ends here.
_MOST_ROUNDS = 10
_TAGS = ("CALCTEXT", "CALCDATE")
#: Source, amount and unit of `@CALCDATE`.
_DATE_PARTS = 3


@dataclass(frozen=True, slots=True)
class Calculation:
    """A calculated field: its name, its instrument, its expressions, what it may hold.

    `sort` is `calc`, `CALCTEXT` or `CALCDATE`, which alone has three expressions.
    """

    field: str
    form: str
    sort: str
    trees: tuple[Expression, ...]
    validation: str = ""

    def result(self, scope: Scope, now: datetime) -> str:
        """Return the value to store, blank where there is none.

        A calculated field holds numbers only (knowledge base RC-CALC-02), a text what its
        validation takes (RC-AT-09).
        """
        values = tuple(evaluate(tree, scope, now) for tree in self.trees)
        if self.sort == "CALCDATE":
            return self._date(values, now) if len(values) == _DATE_PARTS else ""
        text = as_text(values[0]) if values else ""
        if self.sort == "calc":
            return text if number(text) is not None else ""
        return self._text(text)

    def _date(self, values: tuple[Value, ...], now: datetime) -> str:
        moment = moved(values, now)
        if moment is None:
            return ""
        if not self.validation.startswith("datetime"):
            return moment.date().isoformat()
        return moment.isoformat(" ", "seconds" if "seconds" in self.validation else "minutes")

    def _text(self, text: str) -> str:
        if not text:
            return ""
        if patterns.is_date(self.validation):
            return patterns.read_moment(self.validation, text, "YMD") or ""
        return patterns.accepted(self.validation, text) or ""


def calculations(context: Context, shape: Shape) -> tuple[Calculation, ...]:
    """Return the calculations of a project that can be read; the others yield nothing."""
    rows = context.db.execute(
        "SELECT field_name, form_name, field_type, field_annotation,"
        " select_choices_or_calculations AS text FROM fields WHERE project_id = ?"
        " AND (field_type = 'calc' OR field_annotation LIKE '%@CALC%') ORDER BY position",
        (shape.project_id,),
    )
    found = []
    for row in rows:
        name, form = row["field_name"], row["form_name"]
        if row["field_type"] == "calc":
            found.append(Calculation(name, form, "calc", _trees((row["text"],))))
            continue
        tag = _tag(row["field_annotation"])
        if tag is not None:
            validation = shape.by_name[name].validation
            found.append(Calculation(name, form, tag.name, _trees(_parts(tag)), validation))
    return tuple(found)


def _tag(annotation: str) -> Tag | None:
    """Return the tag that calculates a field; one in lower case does nothing (knowledge base)."""
    for tag in action_tags(annotation):
        if tag.name in _TAGS and tag.form is Form.PARENTHESES and tag.written == tag.name:
            return tag
    return None


def _parts(tag: Tag) -> tuple[str, ...]:
    if tag.name == "CALCTEXT" and tag.inside is not None:
        return (tag.inside.text,)
    return tuple(argument.text for argument in tag.arguments)


def _trees(texts: tuple[str, ...]) -> tuple[Expression, ...]:
    try:
        return tuple(parse(text) for text in texts)
    except LogicError:
        return ()


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
            return calculation.result(RowScope(self._around, record, key), self._now)
        except LogicError:
            return ""
