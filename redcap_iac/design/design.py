"""The questions one asks of a design."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import cast

from redcap_iac.calls import Key
from redcap_iac.design.event_names import predicted_name
from redcap_iac.design.sites import Site, sites
from redcap_iac.findings import Position
from redcap_iac.kinds import kind_named
from redcap_iac.kinds.arms import Arm
from redcap_iac.kinds.dags import Dag
from redcap_iac.kinds.dictionary import choices
from redcap_iac.kinds.dictionary.field import CHOICE_TYPES, CHOICES, VALIDATION, Field
from redcap_iac.kinds.dictionary.normal import ALIASES, lines
from redcap_iac.kinds.events.event import Event
from redcap_iac.kinds.instruments import Instrument
from redcap_iac.kinds.project import Setting
from redcap_iac.kinds.repeating.repeat import Repeat
from redcap_iac.kinds.roles.role import Role
from redcap_iac.kinds.users import User
from redcap_iac.state import State

#: The choices REDCap itself gives (documented).
_IMPLICIT: Mapping[str, choices.Pairs] = {
    "yesno": (("1", "Yes"), ("0", "No")),
    "truefalse": (("1", "True"), ("0", "False")),
}
#: The status every instrument has (documented).
STATUS: choices.Pairs = (("0", "Incomplete"), ("1", "Unverified"), ("2", "Complete"))


@dataclass(frozen=True, slots=True)
class Visit:
    """An event with what stands on it.

    `unique_name` is the server's, the declared one, or what REDCap is expected to make of it
    (`is_predicted`). `repeating` maps instruments that repeat here to their labels; the whole
    event repeats when `repeats_whole`.
    """

    unique_name: str
    name: str
    arm: int
    key: Key
    instruments: tuple[str, ...]
    repeating: Mapping[str, str]
    repeats_whole: bool
    is_predicted: bool
    event: Event

    def repeats(self, instrument: str) -> bool:
        """Tell whether an instrument may have several instances here, by itself or its event."""
        return self.repeats_whole or instrument in self.repeating


class Design:
    """What is where in a declared or live state; everything is worked out once, when asked for.

    Names are compared as REDCap does in logic, without regard to case: look-ups take any case.
    """

    def __init__(self, state: State) -> None:
        self.state = state

    # the dictionary

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """All fields in the order of the dictionary."""
        return cast("tuple[Field, ...]", kind_named("fields").items(self.state))

    @cached_property
    def _fields(self) -> Mapping[str, Field]:
        found: dict[str, Field] = {}
        for field in self.fields:
            found.setdefault(field.field_name.lower(), field)
        return found

    def field(self, name: str) -> Field | None:
        """Return the field of a name, None when there is none; status fields are none."""
        return self._fields.get(name.lower())

    @cached_property
    def record_id(self) -> Field | None:
        """The field that holds the record's name: the first."""
        return self.fields[0] if self.fields else None

    @cached_property
    def instruments(self) -> tuple[str, ...]:
        """The unique names of all instruments, in order."""
        named = [one.name for one in self.instrument_items]
        return tuple(dict.fromkeys((*named, *(field.form_name for field in self.fields))))

    @cached_property
    def instrument_items(self) -> tuple[Instrument, ...]:
        """The instruments as items: labels and places."""
        return cast("tuple[Instrument, ...]", kind_named("instruments").items(self.state))

    @cached_property
    def by_instrument(self) -> Mapping[str, tuple[Field, ...]]:
        """The fields of every instrument, in order."""
        found: dict[str, list[Field]] = {name: [] for name in self.instruments}
        for field in self.fields:
            found[field.form_name].append(field)
        return {name: tuple(fields) for name, fields in found.items()}

    def status_of(self, name: str) -> str | None:
        """Return the instrument whose status a name is: `vitals_complete` → `vitals`."""
        instrument = name.lower().removesuffix("_complete")
        known = instrument != name.lower() and instrument in self.by_instrument
        return instrument if known else None

    def instrument_of(self, name: str) -> str | None:
        """Return the instrument a field, or a status, is on; None for an unknown name."""
        field = self.field(name)
        return self.status_of(name) if field is None else field.form_name

    def choices(self, name: str) -> choices.Pairs | None:
        """Return the (code, label) pairs of a field or status, None where there are none."""
        field = self.field(name)
        if field is None:
            return STATUS if self.status_of(name) else None
        if field.field_type in CHOICE_TYPES:
            return choices.parsed(lines(getattr(field, CHOICES)))
        return _IMPLICIT.get(field.field_type)

    def validation(self, name: str) -> str:
        """Return the validation of a text field in today's spelling, "" for none."""
        field = self.field(name)
        if field is None or field.field_type != "text":
            return ""
        word: str = getattr(field, VALIDATION)
        return ALIASES.get(word, word)

    # the schedule

    @cached_property
    def is_longitudinal(self) -> bool:
        """Whether the state has events of its own."""
        return bool(self.visits)

    @property
    def knows_designations(self) -> bool:
        """Whether the state says which instruments stand on which events."""
        return "designations" in self.state

    @cached_property
    def arms(self) -> tuple[Arm, ...]:
        """The arms in order of their number."""
        return cast("tuple[Arm, ...]", kind_named("arms").items(self.state))

    @cached_property
    def repeats(self) -> tuple[Repeat, ...]:
        """The repeating setup as declared or read."""
        return cast("tuple[Repeat, ...]", kind_named("repeating").items(self.state))

    @cached_property
    def visits(self) -> tuple[Visit, ...]:
        """The events in order, each with its instruments; none in a classic project."""
        events = cast("tuple[Event, ...]", kind_named("events").items(self.state))
        on: dict[Key, list[str]] = {}
        for item in kind_named("designations").items(self.state):
            on.setdefault(item.event, []).append(item.instrument)
        taken: set[str] = {str(one.unique_name) for one in events if _is_known(one)}
        taken |= {one.declared_name for one in events if one.declared_name}
        found = []
        for event in events:
            name = _known_name(event) or predicted_name(event.name, event.arm, taken)
            taken.add(name)
            repeating = {
                r.instrument: r.label for r in self.repeats if r.event == event.unique_name
            }
            whole = repeating.pop("", None) is not None
            found.append(
                Visit(
                    name, event.name, event.arm, event.unique_name,
                    tuple(on.get(event.unique_name, ())), repeating, whole,
                    not _known_name(event), event,
                )
            )  # fmt: skip
        return tuple(found)

    @cached_property
    def _visits(self) -> Mapping[str, Visit]:
        return {visit.unique_name.lower(): visit for visit in self.visits}

    def visit(self, unique_name: str) -> Visit | None:
        """Return the event of a unique name, None when there is none."""
        return self._visits.get(unique_name.lower())

    def visits_of(self, instrument: str) -> tuple[Visit, ...]:
        """Return the events an instrument stands on, in order."""
        return tuple(visit for visit in self.visits if instrument in visit.instruments)

    def repeats_somewhere(self, instrument: str) -> bool:
        """Tell whether an instrument may have several instances anywhere."""
        if not self.is_longitudinal:
            return any(one.instrument == instrument for one in self.repeats)
        return any(visit.repeats(instrument) for visit in self.visits_of(instrument))

    # access and settings

    @cached_property
    def dags(self) -> tuple[Dag, ...]:
        """The Data Access Groups."""
        return cast("tuple[Dag, ...]", kind_named("dags").items(self.state))

    @cached_property
    def roles(self) -> tuple[Role, ...]:
        """The user roles."""
        return cast("tuple[Role, ...]", kind_named("roles").items(self.state))

    @cached_property
    def users(self) -> tuple[User, ...]:
        """The users."""
        return cast("tuple[User, ...]", kind_named("users").items(self.state))

    def setting(self, name: str) -> str | None:
        """Return a project setting in REDCap's words (`purpose` → `2`), None when not said."""
        for item in cast("tuple[Setting, ...]", kind_named("project").items(self.state)):
            if item.name == name:
                return item.value
        return None

    def setting_place(self, name: str) -> Position | None:
        """Return where a project setting stands."""
        for item in cast("tuple[Setting, ...]", kind_named("project").items(self.state)):
            if item.name == name:
                return item.at
        return None

    # what refers to what

    @cached_property
    def sites(self) -> tuple[Site, ...]:
        """Every expression of the design with the place it stands at, in order."""
        return tuple(sites(self.state))


def _is_known(event: Event) -> bool:
    return isinstance(event.unique_name, str)


def _known_name(event: Event) -> str:
    return str(event.unique_name) if _is_known(event) else event.declared_name
