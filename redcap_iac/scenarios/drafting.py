"""Scenarios proposed for a design: for each branching expression values that show, and that hide.

Values are tried out: codes of choices, texts and numbers the expression itself names with their
neighbours, blanks. What a calculation feeds into it is tried through what the calculation reads.
Nothing is proposed that the page, played with it, does not bear out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice, product

from redcap_iac.design import Design, Site
from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.logic import Expression, LogicError, Reference, truth
from redcap_iac.logic.tree import walk
from redcap_iac.scenarios.coverage import Seen
from redcap_iac.scenarios.expressions import Expressions, written
from redcap_iac.scenarios.outcome import GivenValues
from redcap_iac.scenarios.place import Page, Place, home_of, instruments_at, pages_at
from redcap_iac.scenarios.playing import MOST_PASSES, play
from redcap_iac.scenarios.reach import Reach
from redcap_iac.scenarios.scope import Circumstances, PlaceScope, missing_codes, tick
from redcap_iac.scenarios.trial_values import constants, neighbours, ordinary
from redcap_iac.scenarios.validity import problem_of

#: How many combinations of values are looked at, and how many of them are played.
_MOST_TRIED = 5_000
_MOST_PLAYED = 40
_Variable = tuple[Place, str]
_Assignment = dict[_Variable, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Draft:
    """A scenario for one field: `given` makes it shown, or hidden; None where nothing was found."""

    field: str
    page: Page
    shows: bool
    given: tuple[tuple[Place, str, tuple[str, ...]], ...] | None


def drafts(design: Design, clock: datetime, names: tuple[str, ...] = ()) -> Iterator[Draft]:
    """Yield two drafts for every field with branching logic, or for those of `names`."""
    expressions = Expressions(design)
    around = Circumstances(design, clock, missing_codes=missing_codes(design))
    drafter = _Drafter(around, expressions)
    wanted = {name.lower() for name in names}
    order = _Order(design)
    for field in design.fields:
        site = expressions.branching(field)
        if site is None or (wanted and field.field_name.lower() not in wanted):
            continue
        page = _page_of(field.form_name, design)
        if page is None:
            continue
        for shows in (True, False):
            found = None if site.tree is None else drafter.found(site, page, shows=shows)
            given = None if found is None else order.sorted(found)
            yield Draft(field.field_name, page, shows, given)


def _page_of(instrument: str, design: Design) -> Page | None:
    """Return the first page of an instrument; None where it stands on no event."""
    events = [visit.unique_name for visit in design.visits] or [""]
    for event in events:
        if instrument in instruments_at(event, design):
            home = home_of(instrument, Place(event), design)
            return None if home is None else Page(home, instrument)
    return None


class _Order:
    """Values in the order of events, and of the dictionary."""

    def __init__(self, design: Design) -> None:
        self._fields = {
            field.field_name.lower(): number for number, field in enumerate(design.fields)
        }
        self._events = {visit.unique_name: number for number, visit in enumerate(design.visits)}

    def sorted(self, found: _Assignment) -> tuple[tuple[Place, str, tuple[str, ...]], ...]:
        """Return what is entered; what is left blank is not said."""
        said = ((place, name, values) for (place, name), values in found.items() if any(values))
        return tuple(sorted(said, key=self._place))

    def _place(self, item: tuple[Place, str, tuple[str, ...]]) -> tuple[int, Place, int]:
        place, name, _ = item
        event = self._events.get(place.event, 0)
        return event, place, self._fields.get(name, len(self._fields))


class _Drafter:
    """Finds values for expressions of one design."""

    def __init__(self, around: Circumstances, expressions: Expressions) -> None:
        self._around = around
        self._design = around.design
        self._expressions = expressions
        self._reach = Reach(around.design, MOST_PASSES)
        self._tried: dict[
            tuple[Expression, Page, bool], tuple[list[_Assignment], Iterator[_Assignment]]
        ] = {}
        self._found: dict[tuple[str, Page, bool], _Assignment | None] = {}

    def found(self, site: Site, page: Page, *, shows: bool) -> _Assignment | None:
        """Return values under which the field of a site is shown, or hidden."""
        key = (site.address, page, shows)
        if key not in self._found:
            self._found[key] = None  # what waits for itself finds nothing
            self._found[key] = self._looked_for(site, page, shows=shows)
        return self._found[key]

    def _looked_for(self, site: Site, page: Page, *, shows: bool) -> _Assignment | None:
        tree, field = site.tree, site.field
        if tree is None or field is None:
            return None
        for tried in self._promising(tree, page, shows=shows):
            whole = self._borne_out(field, page, tried, shows=shows)
            if whole is not None:
                return whole
        return None

    def _promising(self, tree: Expression, page: Page, *, shows: bool) -> Iterator[_Assignment]:
        """Yield what is worth playing; looked for once where fields have the same expression."""
        key = (tree, page, shows)
        if key not in self._tried:
            some = islice(self._trying(tree, page, shows=shows), _MOST_PLAYED)
            self._tried[key] = ([], some)
        known, rest = self._tried[key]
        # by number: another field with this expression may look further meanwhile
        for number in range(_MOST_PLAYED):
            if number == len(known):
                known += islice(rest, 1)
            if number == len(known):
                return
            yield known[number]

    def _trying(self, tree: Expression, page: Page, *, shows: bool) -> Iterator[_Assignment]:
        variables = self._variables(tree, page)
        if variables is None:
            return
        computed = any(self._is_computed(name) for _, name in self._read(tree, page))
        for values in islice(product(*variables.values()), _MOST_TRIED):
            tried = dict(zip(variables, values, strict=True))
            if computed or self._holds(tree, page, tried) is shows:
                yield tried

    def _borne_out(
        self, field: Field, page: Page, tried: _Assignment, *, shows: bool
    ) -> _Assignment | None:
        """Return values the played page bears out, with what they need to be shown themselves."""
        whole = dict(tried)
        for (place, name), values in tried.items():
            own = self._design.field(name)
            site = None if own is None or not any(values) else self._expressions.branching(own)
            if own is None or site is None or site.tree is None:
                continue
            above = self.found(site, Page(place, own.form_name), shows=True)
            for key, needed in (above or {}).items():
                whole.setdefault(key, needed)
        given: dict[Place, dict[str, tuple[str, ...]]] = {}
        for (place, name), values in whole.items():
            given.setdefault(place, {})[name] = tuple(value for value in values if value)
        seen = self._played(given, page, field)
        return whole if seen is shows else None

    def _played(self, given: GivenValues, page: Page, field: Field) -> bool | None:
        """Tell whether a field ends up shown; None where a tag hides it, or nothing settles."""
        pages = [page]
        for place, values in given.items():
            touched = {self._design.instrument_of(name) for name in values}
            pages += [one for one in pages_at(place, self._design) if one.instrument in touched]
        named = {name for values in given.values() for name in values}
        fields = self._reach.of({field.field_name.lower(), *named})
        opened = tuple(dict.fromkeys(pages))
        outcome = play(self._around, self._expressions, given, opened, Seen(), fields)
        state = outcome.seen.get((page, field.field_name.lower()))
        if state is None or outcome.restless or state.hidden_by.startswith("@"):
            return None
        for place, row in given.items():
            for name, entered in row.items():
                home = Page(place, self._design.instrument_of(name) or "")
                kept = outcome.seen.get((home, name))
                if kept is not None and set(kept.values) != set(entered):
                    return None  # it was erased: nobody could have entered it
        return not state.hidden_by

    def _holds(self, tree: Expression, page: Page, tried: _Assignment) -> bool | None:
        rows: dict[Place, dict[str, str]] = {page.place: {}}
        for (place, name), values in tried.items():
            row = rows.setdefault(place, {})
            if self._is_checkbox(name):
                row.update({tick(name, code): "1" for code in values if code})
            elif any(values):
                row[name] = values[0]
        scope = PlaceScope(self._around, rows, page.place, page.instrument)
        try:
            return truth(tree, scope, self._around.clock)
        except LogicError:
            return None

    # variables

    def _read(self, tree: Expression, page: Page) -> Iterator[_Variable]:
        """Yield what an expression reads; a reference to no place is left out."""
        scope = PlaceScope(self._around, {}, page.place, page.instrument)
        for node in walk(tree):
            if isinstance(node, Reference):
                event = scope.event(node.event)
                name = node.field.lower()
                instrument = self._design.instrument_of(name)
                if event is None or instrument is None:
                    continue
                near = page.place if event == page.place.event else Place(event)
                home = home_of(instrument, near, self._design)
                if home is not None:
                    digits = (node.instance or "").isdigit()
                    instance = int(node.instance or 1) if digits else home.instance
                    yield Place(home.event, home.instrument, max(1, instance)), name

    def _variables(
        self, tree: Expression, page: Page
    ) -> dict[_Variable, tuple[tuple[str, ...], ...]] | None:
        """Return what can be entered to move an expression, each with the values to try."""
        found: dict[_Variable, tuple[tuple[str, ...], ...]] = {}
        waiting, seen = [(tree, page)], set[_Variable]()
        named: list[str] = []
        while waiting:
            part, at = waiting.pop()
            named += constants(part)
            for variable in self._read(part, at):
                if variable in seen:
                    continue
                seen.add(variable)
                field = self._design.field(variable[1])
                formula = None if field is None else self._formula(field)
                if formula is not None and field is not None:
                    home = Page(variable[0], field.form_name)
                    waiting += [(tree, home) for tree in formula]
                else:
                    found[variable] = ()
        for variable in found:
            found[variable] = self._candidates(variable[1], tuple(dict.fromkeys(named)), tree)
        return found or None

    def _formula(self, field: Field) -> list[Expression] | None:
        formula = self._expressions.formula(field, written(field))
        if formula is None:
            return None
        return [site.tree for site in formula.sites if site.tree is not None]

    def _is_computed(self, name: str) -> bool:
        field = self._design.field(name)
        return field is not None and self._expressions.is_computed(field)

    def _is_checkbox(self, name: str) -> bool:
        field = self._design.field(name)
        return field is not None and field.field_type == "checkbox"

    def _candidates(
        self, name: str, named: tuple[str, ...], tree: Expression
    ) -> tuple[tuple[str, ...], ...]:
        """Return the values to try for a field, the plainest first; blank is the last but one."""
        pairs = self._design.choices(name)
        field = self._design.field(name)
        if self._is_checkbox(name):
            codes = tuple(
                node.code
                for node in walk(tree)
                if isinstance(node, Reference) and node.field.lower() == name and node.code
            )
            one_each = tuple((code,) for code in dict.fromkeys(codes))
            return (*one_each, (), tuple(dict.fromkeys(codes)))
        if pairs is not None:
            return (*((code,) for code, _ in pairs), ())
        if field is None:
            return ((),)
        near = (text for one in named for text in neighbours(one))
        texts = dict.fromkeys((*near, *ordinary(self._design.validation(name), self._around)))
        fitting = (text for text in texts if text and not problem_of(field, text, self._around))
        return (*((text,) for text in fitting), ())
