"""What an expression sees: the values of one record, from one of its places."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from redcap_iac.design import Design, Visit
from redcap_iac.kinds.dictionary import choices
from redcap_iac.logic import Reference
from redcap_iac.logic.dialect import NEWEST, Dialect
from redcap_iac.scenarios.place import Place, home_of, instruments_at

#: Values by the field's name in lower case; a ticked choice is `race(1)` → "1".
Values = Mapping[str, str]
Rows = Mapping[Place, Values]
#: How a survey's respondent is called by `[user-name]` and `@USERNAME` (knowledge base RC-AT-06).
RESPONDENT = "survey-participant"


@dataclass(frozen=True, slots=True)
class Person:
    """Who has the page open, as smart variables name them; "" where nobody said.

    `dag` and `role` are label and unique name.
    """

    survey: bool = False
    user: str = ""
    role: tuple[str, str] = ("", "")
    dag: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is the same for a whole scenario: the design, the clock, who looks, how logic reads."""

    design: Design
    clock: datetime
    person: Person = Person()
    record: str = "1"
    dialect: Dialect = NEWEST
    version: str = ""
    missing_codes: frozenset[str] = frozenset()


def missing_codes(design: Design) -> frozenset[str]:
    """Return the project's missing data codes: `code, label`, split by bars or lines."""
    text = design.setting("missing_data_codes") or ""
    return frozenset(code for code, _ in choices.parsed(text.replace("\n", "|")))


def tick(field: str, code: str) -> str:
    """Return the name of a checkbox choice among the values; codes keep their case."""
    return f"{field.lower()}({code})"


class PlaceScope:
    """The scope of one place and page; names without an event mean its own event (documented).

    A field of a repeating instrument read from elsewhere is blank unless an instance is named (I).
    Values may change under it, but not which rows there are.
    """

    def __init__(self, around: Circumstances, rows: Rows, place: Place, instrument: str) -> None:
        self._around = around
        self._design = around.design
        self._rows = rows
        self._found: dict[tuple[str, str | None, str | None], Values] = {}
        self.place = place
        self.instrument = instrument
        self.missing_codes = around.missing_codes

    def value(self, reference: Reference) -> str:
        """Return the stored text, "" when blank; "1" or "0" for a checkbox choice."""
        name = reference.field.lower()
        record_id = self._design.record_id
        if record_id is not None and name == record_id.field_name.lower():
            return self._around.record
        asked = name, reference.event, reference.instance
        if asked not in self._found:
            self._found[asked] = self._values(name, reference)
        found = self._found[asked]
        if reference.code is not None:
            return found.get(tick(name, reference.code), "0")
        text = found.get(name, "")
        if "label" in reference.modifiers:
            return dict(self._design.choices(name) or ()).get(text, text)
        return text

    def smart(self, name: str, arguments: tuple[str, ...]) -> str:  # noqa: ARG002 - the protocol's
        """Return the value of a smart variable, "" for those that only a server knows."""
        meaning = _SMART.get(name.lower())
        return meaning(self) if meaning else ""

    @property
    def around(self) -> Circumstances:
        """What is the same for the whole scenario."""
        return self._around

    @property
    def visit(self) -> Visit | None:
        """The event of the place, None in a classic project."""
        return self._design.visit(self.place.event)

    def event(self, name: str | None, instrument: str = "") -> str | None:
        """Return the unique name of the event a reference means; None when there is none.

        `instrument` is that of the field read there: `[previous-event-name][weight]` looks for the
        nearest event that has it (knowledge base RC-PIPE-09), the bare name for the nearest.
        """
        if name is None or name.lower() == "event-name":
            return self.place.event
        named = self._design.visit(name)
        if named is not None:
            return named.unique_name
        here = self.visit
        if here is None:
            return None
        arm = [one.unique_name for one in self._design.visits if one.arm == here.arm]
        own = arm.index(here.unique_name)
        asked = {
            "first-event-name": arm,
            "last-event-name": arm[::-1],
            "previous-event-name": arm[:own][::-1],
            "next-event-name": arm[own + 1 :],
        }.get(name.lower(), [])
        there = (one for one in asked if self._has(one, instrument))
        return next(there, None)

    def _has(self, event: str, instrument: str) -> bool:
        return not instrument or instrument in instruments_at(event, self._design)

    def _values(self, name: str, reference: Reference) -> Values:
        instrument = self._design.instrument_of(name)
        if instrument is None:
            return {}
        event = self.event(reference.event, instrument)
        if event is None:
            return {}
        near = self.place if event == self.place.event else Place(event)
        home = home_of(instrument, near, self._design)
        if home is None:
            return {}
        visit = self._design.visit(event)
        if home.instrument or (visit is not None and visit.repeats_whole):
            home = Place(event, home.instrument, self._instance(home, reference.instance))
        return self._rows.get(home, {})

    def _instance(self, home: Place, asked: str | None) -> int:
        """Return the number of an instance; 0, which no row has, when there is none."""
        alike = (home.event, home.instrument) == (self.place.event, self.place.instrument)
        own = self.place.instance if alike else 0
        word = (asked or "current-instance").lower()
        if word.isdecimal():
            return int(word)
        there = [
            place.instance
            for place in self._rows
            if (place.event, place.instrument) == (home.event, home.instrument)
        ]
        return {
            "current-instance": own,
            "first-instance": min(there, default=0),
            "last-instance": max(there, default=0),
            "previous-instance": own - 1,
            "next-instance": own + 1,
        }.get(word, 0)


def _numbered(scope: PlaceScope) -> str:
    """Return the place of the event in its arm, from 1 (knowledge base RC-PIPE-09)."""
    visits, here = scope.around.design.visits, scope.visit
    arm = [visit.unique_name for visit in visits if here is not None and visit.arm == here.arm]
    return str(arm.index(scope.place.event) + 1) if scope.place.event in arm else "1"


def _event_label(scope: PlaceScope, name: str) -> str:
    found = scope.around.design.visit(_event(scope, name))
    return found.name if found else ""


def _arm_label(scope: PlaceScope) -> str:
    here = scope.visit
    arms = scope.around.design.arms
    return next((arm.name for arm in arms if here is not None and arm.number == here.arm), "")


def _label(scope: PlaceScope) -> str:
    items = scope.around.design.instrument_items
    return next((one.label for one in items if one.name == scope.instrument), "")


def _user(scope: PlaceScope) -> str:
    person = scope.around.person
    return RESPONDENT if person.survey else person.user


def _event(scope: PlaceScope, name: str) -> str:
    return scope.event(name) or ""


_SMART: dict[str, Callable[[PlaceScope], str]] = {
    "record-name": lambda scope: scope.around.record,
    "record-dag-label": lambda scope: scope.around.person.dag[0],
    "record-dag-name": lambda scope: scope.around.person.dag[1],
    "user-name": _user,
    "user-role-label": lambda scope: scope.around.person.role[0],
    "user-role-name": lambda scope: scope.around.person.role[1],
    "user-dag-label": lambda scope: scope.around.person.dag[0],
    "user-dag-name": lambda scope: scope.around.person.dag[1],
    "event-name": lambda scope: scope.place.event,
    "event-label": lambda scope: scope.visit.name if scope.visit else "",
    "event-number": _numbered,
    "first-event-name": lambda scope: _event(scope, "first-event-name"),
    "last-event-name": lambda scope: _event(scope, "last-event-name"),
    "previous-event-name": lambda scope: _event(scope, "previous-event-name"),
    "next-event-name": lambda scope: _event(scope, "next-event-name"),
    "first-event-label": lambda scope: _event_label(scope, "first-event-name"),
    "last-event-label": lambda scope: _event_label(scope, "last-event-name"),
    "previous-event-label": lambda scope: _event_label(scope, "previous-event-name"),
    "next-event-label": lambda scope: _event_label(scope, "next-event-name"),
    "arm-label": _arm_label,
    "arm-number": lambda scope: str(scope.visit.arm) if scope.visit else "1",
    "instrument-name": lambda scope: scope.instrument,
    "instrument-label": _label,
    "current-instance": lambda scope: str(scope.place.instance),
    "is-form": lambda scope: str(int(not scope.around.person.survey)),
    "is-survey": lambda scope: str(int(scope.around.person.survey)),
    "project-title": lambda scope: scope.around.design.setting("project_title") or "",
    "redcap-version": lambda scope: scope.around.version,
}
#: Smart variables whose value a scenario knows; any other is blank in it.
KNOWN_SMART = frozenset(_SMART)
