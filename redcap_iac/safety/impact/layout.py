"""What the design says about where values stand: instruments of fields, repeats, designations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from redcap_iac.kinds.designations import KIND as DESIGNATIONS
from redcap_iac.kinds.dictionary import KIND as DICTIONARY
from redcap_iac.kinds.events import KIND as EVENTS
from redcap_iac.kinds.grants import instruments_of
from redcap_iac.kinds.repeating import KIND as REPEATING
from redcap_iac.safety.scene import Question
from redcap_iac.state import Live


@dataclass(frozen=True, slots=True)
class Layout:
    """The live design as counting needs it.

    `form_of` knows the status fields `<form>_complete` too; `on` maps each event ("" in a classic
    project) to its instruments; `repeats` holds (event, instrument), the instrument "" for a whole
    event.
    """

    id_field: str
    longitudinal: bool
    form_of: Mapping[str, str]
    checkboxes: frozenset[str]
    identifiers: frozenset[str]
    on: Mapping[str, frozenset[str]]
    repeats: frozenset[tuple[str, str]]

    def events(self, question: Question) -> tuple[str, ...]:
        """Return the events a question is about; all of them when it names none."""
        return question.events if question.events and self.longitudinal else tuple(self.on)

    def instruments(self, question: Question) -> tuple[str, ...]:
        """Return the instruments a question is about, in the order of the dictionary."""
        if question.instrument:
            return (question.instrument,)
        if question.fields:
            return tuple(dict.fromkeys(self.form_of.get(name, "") for name in question.fields))
        there = {form for event in self.events(question) for form in self.on.get(event, ())}
        return tuple(form for form in dict.fromkeys(self.form_of.values()) if form in there)

    def repeating(self, question: Question) -> tuple[str, ...]:
        """Return those of its instruments that repeat on its events, alone or with the event."""
        events = self.events(question)
        return tuple(
            form
            for form in self.instruments(question)
            if any(
                form in self.on.get(event, ()) and {(event, form), (event, "")} & self.repeats
                for event in events
            )
        )

    @property
    def id_repeats(self) -> bool:
        """Tell whether the instrument of the record id itself repeats somewhere."""
        own = self.form_of[self.id_field]
        return any(form == own for _, form in self.repeats)


def layout_of(live: Live) -> Layout | None:
    """Return the layout of a live project, None where its dictionary was not read."""
    fields = DICTIONARY.items(live.state)
    if not fields:
        return None
    forms = instruments_of(live.state)
    longitudinal = live.target.longitudinal
    statuses = {f"{form}_complete": form for form in forms}
    return Layout(
        id_field=fields[0].field_name,
        longitudinal=longitudinal,
        form_of={**{field.field_name: field.form_name for field in fields}, **statuses},
        checkboxes=frozenset(f.field_name for f in fields if f.field_type == "checkbox"),
        identifiers=frozenset(f.field_name for f in fields if f.identifier.strip()),
        on=_designated(live) if longitudinal else {"": frozenset(forms)},
        repeats=frozenset(_repeats(live)),
    )


def _designated(live: Live) -> Mapping[str, frozenset[str]]:
    pairs = {(str(one.event), one.instrument) for one in DESIGNATIONS.items(live.state)}
    names = (str(event.unique_name) for event in EVENTS.items(live.state))
    return {name: frozenset(form for event, form in pairs if event == name) for name in names}


def _repeats(live: Live) -> Iterable[tuple[str, str]]:
    for one in REPEATING.items(live.state):
        yield str(one.event), one.instrument
