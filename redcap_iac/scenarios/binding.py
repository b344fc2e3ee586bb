"""A scenario held against the design: names that are there, values that can be entered.

Everything that is wrong is found at once, each at its place in the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from redcap_iac.design import Design
from redcap_iac.design.event_names import predicted_name
from redcap_iac.findings import Finding, Findings, Severity
from redcap_iac.position import Position
from redcap_iac.scenarios.claims import Claims, Wanted
from redcap_iac.scenarios.expressions import Expressions
from redcap_iac.scenarios.place import (
    Misplaced,
    Page,
    Place,
    home_of,
    pages_at,
    read_place,
)
from redcap_iac.scenarios.scenario import Expectation, Given, Scenario, Suite, Viewer, Word
from redcap_iac.scenarios.scope import Circumstances, Person, missing_codes
from redcap_iac.scenarios.validity import problem_of, status_problem
from redcap_iac.suggestions import in_words, nearest_or_all


@dataclass(frozen=True, slots=True)
class Bound:
    """A scenario that can be played.

    `nothing_missing` are the places of which `missing: []` is said, with where it is said.
    """

    scenario: Scenario
    around: Circumstances
    given: dict[Place, dict[str, tuple[str, ...]]]
    opened: tuple[Page, ...]
    wanted: tuple[Wanted, ...]
    nothing_missing: tuple[tuple[Position, tuple[Page, ...]], ...]


def bind(
    scenario: Scenario, suite: Suite, expressions: Expressions, design: Design, clock: datetime,
    findings: Findings,
) -> Bound:  # fmt: skip
    """Return a scenario with its names found in a design; what is wrong goes to `findings`."""
    return _Binder(scenario, suite, expressions, design, clock, findings).bound()


class _Binder:
    """Binds one scenario."""

    def __init__(
        self, scenario: Scenario, suite: Suite, expressions: Expressions, design: Design,
        clock: datetime, findings: Findings,
    ) -> None:  # fmt: skip
        self._scenario = scenario
        self._expressions = expressions
        self._design = design
        self._findings = findings
        self._around = Circumstances(
            design, clock, self._person(scenario.viewer), self._record(), suite.dialect,
            suite.version, missing_codes(design),
        )  # fmt: skip
        self._claims = Claims(self._around, findings)
        self._fields_as_places: set[Position] = set()
        self._here = self._named(scenario.place)

    def bound(self) -> Bound:
        given: dict[Place, dict[str, tuple[str, ...]]] = {}
        for one in self._scenario.given:
            self._give(one, given)
        opened = dict.fromkeys(self._opened(given))
        wanted: list[Wanted] = []
        nothing: list[tuple[Position, tuple[Page, ...]]] = []
        for expectation in self._scenario.expectations:
            pages = self._pages_of(expectation, given)
            if expectation.place is not None:
                opened.update(dict.fromkeys(pages))
            if expectation.field is None:
                nothing.append((expectation.at, pages))
            else:
                wanted += self._claims.wanted(expectation, expectation.field, pages)
        opened.update(dict.fromkeys(one.page for one in wanted))
        return Bound(
            self._scenario, self._around, given, self._in_order(tuple(opened)), tuple(wanted),
            tuple(nothing),
        )  # fmt: skip

    # who looks

    def _person(self, viewer: Viewer) -> Person:
        return Person(
            viewer.survey,
            "" if viewer.user is None else viewer.user.text,
            self._known(viewer.role, "role", [(one.label, one.unique_name)
                                              for one in self._design.roles]),
            self._known(viewer.dag, "Data Access Group", [(one.name, one.unique_name)
                                                          for one in self._design.dags]),
        )  # fmt: skip

    def _known(
        self, word: Word | None, what: str, known: list[tuple[str, object]]
    ) -> tuple[str, str]:
        """Return label and unique name of a role or group; one not made yet is foreseen."""
        if word is None:
            return "", ""
        for label, unique in known:
            name = unique if isinstance(unique, str) else _foreseen(label)
            if word.text in (label, name):
                return label, name
        message = f"There is no {what} `{word.text}`."
        labels = [label for label, _ in known]
        advice = nearest_or_all(word.text, labels) if labels else f"The design has no {what}."
        self._error("T107", message, word.at, advice)
        return "", ""

    def _record(self) -> str:
        """Return the record's name: as it is given, once, or as `record` says."""
        said = [one for one in self._scenario.given if self._is_record_id(one.field.text)]
        for one in said:
            self._is_single(one, one.field.text, "text")
        names = dict.fromkeys(value.text for one in said for value in one.values[:1] if value.text)
        if self._scenario.names_record:
            names = {self._scenario.record: None, **names}
        if len(names) > 1:
            message = f"The record is called {in_words(names, 'and')} here; it has one name."
            self._error("T108", message, said[-1].field.at, "Leave one out.")
        return next(iter(names), self._scenario.record)

    def _is_record_id(self, name: str) -> bool:
        record_id = self._design.record_id
        return record_id is not None and name.lower() == record_id.field_name.lower()

    # places

    def _named(self, word: Word | None) -> tuple[Place, str] | None:
        if word is None:
            return None
        found = read_place(word.text, self._design)
        if isinstance(found, Misplaced):
            self._error("T105", found.message, word.at, found.advice)
            return None
        return found

    def _opened(self, given: dict[Place, dict[str, tuple[str, ...]]]) -> Iterator[Page]:
        """Yield the pages that are looked at: those of `at`, and those that were filled in."""
        for place, values in given.items():
            touched = {self._design.instrument_of(name) for name in values}
            yield from (
                page for page in pages_at(place, self._design) if page.instrument in touched
            )
        if self._here is not None:
            place, instrument = self._here
            pages = pages_at(place, self._design)
            yield from (page for page in pages if instrument in ("", page.instrument))
        else:
            everywhere = list(given) if self._design.is_longitudinal else [Place(), *given]
            for place in everywhere:
                yield from pages_at(place, self._design)

    def _pages_of(
        self, expectation: Expectation, given: dict[Place, dict[str, tuple[str, ...]]]
    ) -> tuple[Page, ...]:
        """Return the pages an expectation is about."""
        here = self._here if expectation.place is None else self._named(expectation.place)
        if here is not None:
            place, instrument = here
            pages = pages_at(place, self._design)
            return tuple(page for page in pages if instrument in ("", page.instrument))
        if not self._design.is_longitudinal:
            return tuple(page for place in dict.fromkeys([Place(), *given])
                         for page in pages_at(place, self._design))  # fmt: skip
        if len(given) == 1:
            return pages_at(next(iter(given)), self._design)
        if self._scenario.place is None and expectation.place is None:
            self._error(
                "T105", "This scenario does not say on which event its page is open.",
                expectation.at, "Add `at:`, as in `at: "
                f"{next((one.unique_name for one in self._design.visits), 'event')}`.",
            )  # fmt: skip
        return ()

    def _in_order(self, pages: tuple[Page, ...]) -> tuple[Page, ...]:
        events = {visit.unique_name: number for number, visit in enumerate(self._design.visits)}
        forms = {name: number for number, name in enumerate(self._design.instruments)}
        return tuple(
            sorted(
                pages,
                key=lambda page: (
                    events.get(page.place.event, 0),
                    forms[page.instrument],
                    page.place.instance,
                ),
            )
        )

    # given

    def _give(self, one: Given, given: dict[Place, dict[str, tuple[str, ...]]]) -> None:
        name = one.field.text.lower()
        instrument = self._design.instrument_of(name)
        if instrument is None:
            self._unknown(one)
            return
        if self._is_record_id(name):
            return
        place = self._place_of(one, name, instrument)
        if place is None:
            return
        self._check(one, name)
        codes = tuple(value.text for value in one.values if value.text != "")
        row = given.setdefault(place, {})
        if name in row:
            self._error("T108", f"`{one.field.text}` is given twice.", one.field.at)
        row[name] = codes

    def _unknown(self, one: Given) -> None:
        """Find that a name is no field; `race: {1: 1}` takes the field for a place."""
        around = None if one.place is None else self._design.field(one.place.text)
        if around is None or one.place is None:
            self._claims.unknown(one.field)
        elif one.place.at not in self._fields_as_places:
            self._fields_as_places.add(one.place.at)
            name, many = around.field_name, around.field_type == "checkbox"
            message = f"`{name}` is a field, and a map stands where its value belongs."
            advice = f"List the ticked codes: `{name}: [1, 2]`." if many else "Write its one value."
            self._error("T103", message, one.place.at, advice)

    def _place_of(self, one: Given, name: str, instrument: str) -> Place | None:
        here = self._here if one.place is None else self._named(one.place)
        if here is None:
            if one.place is not None or self._scenario.place is not None:
                return None  # what is wrong with it has been said
            if self._design.is_longitudinal:
                self._error(
                    "T105", f"`{one.field.text}` is given on no event.", one.field.at,
                    "Put it under its event, or add `at:`.",
                )  # fmt: skip
                return None
            here = (Place(), "")
        place, named = here
        if one.place is not None and named not in ("", instrument):
            self._error("T105", f"`{name}` is not on {named}.", one.field.at)
            return None
        home = home_of(instrument, place, self._design)
        if home is None:
            self._error("T105", f"`{name}` is not on the event {place.event}.", one.field.at)
        elif one.place is not None and home != place:
            self._error(
                "T105", f"`{name}` is on {instrument}, which does not belong to `{place or 'it'}`.",
                one.field.at, f"Write it under `{home or 'given'}`.",
            )  # fmt: skip
            return None
        elif home.instrument and one.place is None and (self._here or (None,))[0] != home:
            self._error(
                "T105", f"`{name}` is on the repeating instrument {instrument}.", one.field.at,
                f"Put it under `{home}:`.",
            )  # fmt: skip
            return None
        return home

    def _check(self, one: Given, name: str) -> None:
        field = self._design.field(name)
        if field is not None and self._expressions.is_computed(field):
            message = f"`{name}` is computed, so that nobody can enter a value."
            self._error("T106", message, one.field.at, "Expect it under `values`.")
            return
        if not self._is_single(one, name, "" if field is None else field.field_type):
            return
        for value in one.values:
            if not value.text:
                continue
            problem = (
                status_problem(name, value.text, self._design)
                if field is None
                else problem_of(field, value.text, self._around)
            )
            if problem is not None:
                severity = Severity.WARNING if problem.is_soft else Severity.ERROR
                self._findings.add(
                    Finding(problem.code, severity, problem.message, value.at,
                            advice=problem.advice)
                )  # fmt: skip

    def _is_single(self, one: Given, name: str, field_type: str) -> bool:
        """Tell whether no more values are given than a field takes."""
        texts = [value.text for value in one.values]
        if len(texts) > 1 and field_type != "checkbox":
            message = f"`{name}` takes one value, and {len(texts)} are given."
            self._error("T103", message, one.field.at)
            return False
        twice = sorted({text for text in texts if texts.count(text) > 1})
        for text in twice:
            self._error("T103", f"`{name}` has the choice {text} twice.", one.field.at)
        return not twice

    def _error(self, code: str, message: str, at: Position, advice: str = "") -> None:
        self._findings.error(code, message, at, advice=advice)


def _foreseen(label: str) -> str:
    """Return the unique name a group would get: as for events, without the arm (recorded)."""
    return predicted_name(label, 0).removesuffix("_arm_0")
