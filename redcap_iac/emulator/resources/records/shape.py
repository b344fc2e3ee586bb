"""The shape of a project's data: which instrument is where, and what repeats."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from redcap_iac.emulator import design
from redcap_iac.emulator.design import Event, Field
from redcap_iac.emulator.request import Context

#: Where a row of data stands: event id, repeating instrument ("" outside one), instance.
RowKey = tuple[int, str, int]


@dataclass(frozen=True, slots=True)
class Shape:
    """Fields, instruments, events and repeats of one project, as of this request.

    `designated` and `repeating` map event ids to instruments; in `repeating` the empty name is the
    whole event. `form_of` knows the status fields `<form>_complete` too.
    """

    project_id: int
    longitudinal: bool
    fields: tuple[Field, ...]
    forms: tuple[tuple[str, str], ...]
    events: tuple[Event, ...]
    designated: Mapping[int, frozenset[str]]
    repeating: Mapping[int, frozenset[str]]
    by_name: Mapping[str, Field]
    form_of: Mapping[str, str]

    @property
    def id_field(self) -> str:
        """The record id field: the first of the dictionary."""
        return self.fields[0].name if self.fields else "record_id"

    @property
    def has_repeats(self) -> bool:
        """Tell whether anything repeats, which brings two columns to every export."""
        return any(self.repeating.values())

    @property
    def has_several_arms(self) -> bool:
        """Tell whether event labels need their arm to be told apart."""
        return len({event.arm for event in self.events}) > 1

    @property
    def first_event(self) -> Event:
        """The event data go to when none is named (recorded); refuses a project without any."""
        if not self.events:
            raise design.no_event()
        return self.events[0]

    def event(self, unique_name: str) -> Event | None:
        """Return an event by its unique name."""
        return next((event for event in self.events if event.unique_name == unique_name), None)

    def is_repeating_event(self, event_id: int) -> bool:
        """Tell whether an event repeats as a whole."""
        return "" in self.repeating.get(event_id, ())

    def forms_on(self, key: RowKey) -> frozenset[str]:
        """Return the instruments whose values a row holds: one, or all that do not repeat."""
        event_id, repeat_form, _ = key
        repeating = self.repeating.get(event_id, frozenset())
        if repeat_form:
            return frozenset({repeat_form})
        return self.designated.get(event_id, frozenset()) - repeating

    def row_of(self, event_id: int, field: str, instance: int) -> RowKey | None:
        """Return the row that shows a stored value under today's repeat setup.

        None for instances that a setup since removed left behind: they are hidden, not lost
        (recorded: removing a repeat setting hides instances above 1).
        """
        repeating = self.repeating.get(event_id, frozenset())
        form = self.form_of.get(field, "")
        if form in repeating and form and field != self.id_field:
            return (event_id, form, instance)
        if instance == 1 or "" in repeating:
            return (event_id, "", instance)
        return None


def load(context: Context) -> Shape:
    """Read the shape of the caller's project."""
    project_id = context.project_id
    fields = design.fields(context.db, project_id)
    forms = design.forms(context.db, project_id)
    longitudinal = design.is_longitudinal(context)
    events = design.visible_events(context)
    statuses = {f"{form}_complete": form for form, _ in forms}
    return Shape(
        project_id=project_id,
        longitudinal=longitudinal,
        fields=fields,
        forms=forms,
        events=events,
        designated=_designated(context, events, longitudinal, frozenset(dict(forms))),
        repeating=_per_event(events, design.visible_repeats(context)),
        by_name={field.name: field for field in fields},
        form_of={**statuses, **{field.name: field.form for field in fields}},
    )


def _designated(
    context: Context, events: tuple[Event, ...], longitudinal: bool, forms: frozenset[str]
) -> dict[int, frozenset[str]]:
    if not longitudinal:
        return {event.event_id: forms for event in events}
    rows = context.db.execute(
        "SELECT event_id, form_name FROM designations WHERE project_id = ?", (context.project_id,)
    )
    return _per_event(events, ((row["event_id"], row["form_name"]) for row in rows))


def _per_event(
    events: tuple[Event, ...], pairs: Iterable[tuple[int, str]]
) -> dict[int, frozenset[str]]:
    found: dict[int, set[str]] = {event.event_id: set() for event in events}
    for event_id, form in pairs:
        if event_id in found:
            found[event_id].add(form)
    return {event_id: frozenset(names) for event_id, names in found.items()}
