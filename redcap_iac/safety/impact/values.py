"""Questions answered from values: one export as eav, in memory, for what is boolean logic.

Nothing of it is kept, written or logged. What a filter could say and this cannot (functions,
arithmetic, smart variables, today) is left to the server.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from redcap_iac.answers import Answer
from redcap_iac.calls import Call
from redcap_iac.client import Client
from redcap_iac.errors import RedcapIacError
from redcap_iac.logic import (
    Expression,
    LogicError,
    Reference,
    parse,
    references,
    truth,
    walk,
)
from redcap_iac.logic.tree import Chain, Group, Number, Prefix, Text
from redcap_iac.safety.impact.layout import Layout
from redcap_iac.safety.scene import Question

#: Fields of one call, records of one call where all of them would be a great many values.
_FIELDS = 100
_RECORDS = 500
_MOST_CELLS = 500_000
_BOOLEAN = frozenset({"or", "and", "=", "<>", ">", ">=", "<", "<="})
#: No expression that is answered here looks at the clock.
_NO_CLOCK = datetime(2000, 1, 1)

#: Event, repeating instrument ("" outside one), instance.
_Place = tuple[str, str, int]
_Values = dict[str, str]
_Record = Mapping[_Place, _Values]


def found_in_values(
    client: Client, layout: Layout, names: Iterable[str], questions: Iterable[Question]
) -> dict[Question, frozenset[str]]:
    """Return the records of every question that can be answered here.

    `names` are the records there are. An export that fails answers none of them.
    """
    trees = {one: tree for one in questions if (tree := _understood(one, layout)) is not None}
    found: dict[Question, set[str]] = {one: set() for one in trees}
    wanted = _needed(trees, layout)
    try:
        for records in _exported(client, layout, wanted, sorted(names)) if trees else ():
            for question, tree in trees.items():
                found[question] |= {
                    name
                    for name, record in records.items()
                    if _holds(question, tree, record, layout)
                }
    except RedcapIacError:
        return {}
    return {one: frozenset(records) for one, records in found.items()}


def _understood(question: Question, layout: Layout) -> Expression | None:
    """Return the logic of a question if it is of the plain kind that is answered here."""
    if not question.logic or question.group:
        return None
    try:
        tree = parse(question.logic)
    except LogicError:
        return None
    return tree if all(_is_plain(node, layout) for node in walk(tree)) else None


def _is_plain(node: Expression, layout: Layout) -> bool:
    match node:
        case Number() | Text() | Group() | Prefix("not"):
            return True
        case Chain(_, steps):
            return all(step.operator in _BOOLEAN for step in steps)
        case Reference(field, event, _, modifiers, instance):
            return (
                field.lower() in layout.form_of
                and (event is None or event.lower() in layout.on)
                and not modifiers
                and (instance is None or instance.isdigit())
            )
        case _:
            return False


def _needed(trees: Mapping[Question, Expression], layout: Layout) -> tuple[str, ...]:
    """Return the fields to export: those of the logic, and the status of what repeats."""
    fields = {reference.field.lower() for tree in trees.values() for reference in references(tree)}
    statuses = {f"{form}_complete" for question in trees for form in layout.repeating(question)}
    return tuple(sorted((fields | statuses) - {layout.id_field}))


def _exported(
    client: Client, layout: Layout, fields: Sequence[str], names: Sequence[str]
) -> Iterator[Mapping[str, _Record]]:
    """Yield the records with the values of these fields, as many at once as memory bears."""
    few = len(names) * len(fields) <= _MOST_CELLS
    for part in [()] if few else _cut(names, _RECORDS):
        records: dict[str, dict[_Place, _Values]] = defaultdict(lambda: defaultdict(dict))
        for some in _cut(fields, _FIELDS) or [()]:
            params: dict[str, str | tuple[str, ...]] = {
                "type": "eav",
                "fields": (layout.id_field, *some),
                **({"records": part} if part else {}),
            }
            _add(records, client.send(Call("record", params=dict(params))), layout)
        yield records


def _add(records: dict[str, dict[_Place, _Values]], answer: Answer, layout: Layout) -> None:
    for row in answer.rows:
        instance = str(row.get("redcap_repeat_instance") or "")
        place = (
            str(row.get("redcap_event_name") or ""),
            str(row.get("redcap_repeat_instrument") or ""),
            int(instance) if instance.isdigit() else 1,
        )
        field, value = str(row.get("field_name") or ""), str(row.get("value") or "")
        values = records[str(row.get("record") or "")][place]
        if field in layout.checkboxes:
            values[f"{field}({value})"] = "1"
        else:
            values[field] = value


def _cut(names: Sequence[str], size: int) -> list[tuple[str, ...]]:
    return [tuple(names[at : at + size]) for at in range(0, len(names), size)]


def _holds(question: Question, tree: Expression, record: _Record, layout: Layout) -> bool:
    """Tell whether the logic is true on a row of the record that the question is about."""
    events, forms = layout.events(question), layout.repeating(question)
    return any(
        truth(tree, _Scope(record, place, layout), _NO_CLOCK)
        for place in list(record)
        if place[0] in events
        and (not place[1] or place[1] in forms)
        and (not question.beyond_first or (place[2] > 1 and place[1] == question.instrument))
    )


class _Scope:
    """The values of one record as one of its rows sees them."""

    def __init__(self, record: _Record, place: _Place, layout: Layout) -> None:
        self._record = record
        self._place = place
        self._layout = layout

    def value(self, reference: Reference) -> str:
        """Return the stored text, "" when blank; "1" or "0" for a checkbox choice."""
        field = reference.field.lower()
        event = self._place[0] if reference.event is None else reference.event.lower()
        form = self._layout.form_of[field]
        alone = (event, form) in self._layout.repeats and field != self._layout.id_field
        group = form if alone else ""
        repeats = alone or (event, "") in self._layout.repeats
        own = self._place[2] if self._place[:2] == (event, group) else 0
        number = int(reference.instance) if reference.instance else own
        values = self._record.get((event, group, number if repeats else 1), {})
        if reference.code is not None:
            return values.get(f"{field}({reference.code})", "0")
        return values.get(field, "")

    def smart(self, name: str, arguments: tuple[str, ...]) -> str:  # noqa: ARG002 - the protocol's
        """Return nothing: logic with smart variables is not answered here."""
        return ""
