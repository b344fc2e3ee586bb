"""What an expression sees: the values of one record, from one of its rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from redcap_iac.emulator.design import Event, parse_choices
from redcap_iac.emulator.request import Caller
from redcap_iac.emulator.resources.records.contents import Record, Values, tick
from redcap_iac.emulator.resources.records.shape import RowKey, Shape
from redcap_iac.logic import Reference

_NO_VALUES: Values = {}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is the same for every row of a request: the project, its DAGs, who asks.

    `dags` maps a DAG id to its label and unique name; `missing_codes` are the project's missing
    data codes, which calculations take for blanks.
    """

    shape: Shape
    caller: Caller
    dags: Mapping[int, tuple[str, str]]
    missing_codes: frozenset[str] = frozenset()


def missing_codes(setting: str) -> frozenset[str]:
    """Read the project attribute `missing_data_codes`: `code, label` split by bars or lines."""
    return frozenset(code for code, _ in parse_choices(setting))


class RowScope:
    """The scope of one row: names without an event mean its own event (documented)."""

    def __init__(self, around: Surroundings, record: Record, key: RowKey) -> None:
        self._around = around
        self._shape = around.shape
        self._record = record
        self._key = key
        self.missing_codes = around.missing_codes

    def value(self, reference: Reference) -> str:
        """Return the stored text, "" when blank; "1" or "0" for a checkbox choice."""
        field = reference.field.lower()
        if field == self._shape.id_field:
            return self._record.name
        event_id = self._event_id(reference.event, self._shape.form_of.get(field, ""))
        found = self._values(field, event_id, reference.instance)
        if reference.code is not None:
            return found.get(tick(field, reference.code), "0")
        text = found.get(field, "")
        return self._label(field, text) if "label" in reference.modifiers else text

    def smart(self, name: str, arguments: tuple[str, ...]) -> str:  # noqa: ARG002 - the protocol's
        """Return the value of a smart variable, "" for those that need a page or a survey."""
        meaning = _SMART.get(name.lower())
        return meaning(self) if meaning else ""

    def _values(self, field: str, event_id: int | None, instance: str | None) -> Values:
        if event_id is None:
            return _NO_VALUES
        form = self._shape.form_of.get(field, "")
        repeating = self._shape.repeating.get(event_id, frozenset())
        group = form if form in repeating else ""
        if not group and "" not in repeating:
            return self._record.rows.get((event_id, "", 1), _NO_VALUES)
        number = self._instance((event_id, group), instance)
        return self._record.rows.get((event_id, group, number), _NO_VALUES)

    def _instance(self, place: tuple[int, str], asked: str | None) -> int:
        """Return the number of an instance; 0, which no row has, when there is none."""
        own = self._key[2] if self._key[:2] == place else 0
        if asked is None or asked == "current-instance":
            return own
        if asked.isdigit():
            return int(asked)
        there = [key[2] for key in self._record.rows if key[:2] == place]
        return {
            "first-instance": min(there, default=0),
            "last-instance": max(there, default=0),
            "previous-instance": own - 1,
            "next-instance": own + 1,
        }.get(asked, 0)

    def _event_id(self, name: str | None, form: str) -> int | None:
        """Return the event a reference means; a relative one is the nearest that has the form.

        Previous, next, first and last skip events without the field's form (knowledge base
        RC-PIPE-09).
        """
        if name is None or name == "event-name":
            return self._key[0]
        named = self._shape.event(name.lower())
        if named is not None:
            return named.event_id
        arm = [event.event_id for event in self._shape.events if event.arm == self.event.arm]
        here = arm.index(self._key[0])
        asked = {
            "first-event-name": arm,
            "last-event-name": arm[::-1],
            "previous-event-name": arm[:here][::-1],
            "next-event-name": arm[here + 1 :],
        }.get(name, [])
        designated = self._shape.designated
        return next((one for one in asked if form in designated.get(one, ())), None)

    def _label(self, field: str, value: str) -> str:
        known = self._shape.by_name.get(field)
        return dict(known.choices).get(value, value) if known else value

    @property
    def record_name(self) -> str:
        """The name of the record."""
        return self._record.name

    @property
    def event(self) -> Event:
        """The event of the row."""
        return next(event for event in self._shape.events if event.event_id == self._key[0])

    @property
    def instance(self) -> str:
        """The number of the row's instance."""
        return str(self._key[2])

    @property
    def project_id(self) -> str:
        """The id of the project."""
        return str(self._shape.project_id)

    @property
    def username(self) -> str:
        """Who asks."""
        return self._around.caller.username

    def dag(self, *, of_user: bool) -> tuple[str, str, str]:
        """Return id, label and unique name of the DAG of the user or of the record."""
        dag_id = self._around.caller.dag_id if of_user else self._record.dag_id
        if dag_id is None or dag_id not in self._around.dags:
            return ("", "", "")
        return (str(dag_id), *self._around.dags[dag_id])


_SMART: dict[str, Callable[[RowScope], str]] = {
    "record-name": lambda scope: scope.record_name,
    "record-dag-id": lambda scope: scope.dag(of_user=False)[0],
    "record-dag-label": lambda scope: scope.dag(of_user=False)[1],
    "record-dag-name": lambda scope: scope.dag(of_user=False)[2],
    "user-name": lambda scope: scope.username,
    "user-dag-id": lambda scope: scope.dag(of_user=True)[0],
    "user-dag-label": lambda scope: scope.dag(of_user=True)[1],
    "user-dag-name": lambda scope: scope.dag(of_user=True)[2],
    "event-name": lambda scope: scope.event.unique_name,
    "event-label": lambda scope: scope.event.name,
    "event-id": lambda scope: str(scope.event.event_id),
    "arm-number": lambda scope: str(scope.event.arm),
    "current-instance": lambda scope: scope.instance,
    "project-id": lambda scope: scope.project_id,
}
