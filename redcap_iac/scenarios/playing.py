"""REDCap's page, played: what is shown, computed, filled in and erased, until nothing changes.

Fields go through their branching logic in the order of the dictionary. A field that branching
logic hides loses its value (knowledge base RC-BL-01), a calculated one too (RC-CALC-02), and what
reads it reads a blank; a value given for a field that is shown in the end is there in the end. A
calculation on a page nobody opened is computed too, as the server does on saving; beside an
instance of a repeating instrument also those of its event.
"""

from __future__ import annotations

from redcap_iac.design import Purpose
from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.logic import Expression, LogicError, Value, as_text, evaluate, truth
from redcap_iac.logic.action_tags import Tag
from redcap_iac.logic.dates import moved
from redcap_iac.logic.values import BLANK, number
from redcap_iac.scenarios import tags as tagging
from redcap_iac.scenarios.coverage import Outcome, Seen
from redcap_iac.scenarios.expressions import Expressions, Formula, written
from redcap_iac.scenarios.outcome import FieldSeen, GivenValues, Key, Played
from redcap_iac.scenarios.place import Page, Place, pages_at
from redcap_iac.scenarios.reach import Fields
from redcap_iac.scenarios.scope import Circumstances, PlaceScope, tick
from redcap_iac.scenarios.validity import stored

#: A chain of conditions that stands backwards settles one link a pass; a circle never does.
MOST_PASSES = 100


def play(
    around: Circumstances, expressions: Expressions, given: GivenValues, opened: tuple[Page, ...],
    seen: Seen, fields: Fields | None = None,
) -> Played:  # fmt: skip
    """Play a record: `given` was entered, the pages of `opened` are looked at.

    Where only some fields matter, `fields` are those and all they depend on (see Reach).
    """
    held = around.design.by_instrument if fields is None else fields
    return _Play(around, expressions, given, opened, seen, held).played()


class _Play:
    """One record while it settles."""

    def __init__(
        self, around: Circumstances, expressions: Expressions, given: GivenValues,
        opened: tuple[Page, ...], seen: Seen, fields: Fields,
    ) -> None:  # fmt: skip
        self._around = around
        self._expressions = expressions
        self._given = given
        self._opened = frozenset(opened)
        self._seen = seen
        design = around.design
        places = dict.fromkeys(
            one
            for place in (*given, *(page.place for page in opened))
            for one in (place, Place(place.event) if place.instrument else place)
        )
        behind = (page for place in places for page in pages_at(place, design))
        self._pages = tuple(dict.fromkeys((*opened, *behind)))
        self._rows: dict[Place, dict[str, str]] = {place: {} for place in places}
        self._fields = {
            (page, field.field_name.lower()): field
            for page in self._pages
            for field in fields.get(page.instrument, ())
        }
        self._tags: dict[Key, tuple[Tag, ...]] = {}
        self._entered: dict[Key, tuple[str, ...]] = {}
        self._filled_by: dict[Key, str] = {}
        self._hidden: set[Key] = set()
        self._openings: dict[Page, PlaceScope] = {}
        self._scopes = {page: PlaceScope(around, self._rows, page.place, page.instrument)
                        for page in self._pages}  # fmt: skip
        self._put_last: dict[Key, tuple[str, ...]] = {}
        self._branching = [
            (key, field, site)
            for key, field in self._fields.items()
            if key[0] in self._opened and (site := expressions.branching(field)) is not None
        ]
        self._computed: list[tuple[Key, Field, Formula]] = []

    def played(self) -> Played:
        for key, field in self._fields.items():
            self._open(key, field)
            self._put(key, self._entered[key])
        self._computed = [
            (key, field, formula)
            for key, field in self._fields.items()
            if (formula := self._expressions.formula(field, self._tags[key])) is not None
        ]
        for page in self._pages:
            status = self._status(page)
            if status:
                self._rows[page.place][f"{page.instrument}_complete"] = status
        restless = self._settle()
        self._observe()
        states = {key: self._state(key, field) for key, field in self._fields.items()}
        return Played(self._around, states, self._rows, restless)

    # opening

    def _open(self, key: Key, field: Field) -> None:
        """Choose the tags of a field and what its value is as its page has been filled in."""
        page, name = key
        given = self._given.get(page.place, {}).get(name)
        self._tags[key] = written(field) if field.field_annotation else ()
        self._entered[key] = given or ()
        if page not in self._opened or not self._tags[key]:
            return
        scope = self._at_opening(page)
        self._tags[key] = tagging.acting(
            field,
            lambda tree: self._holds(tree, scope),
            lambda offset, outcome: self._chosen(field, offset, outcome=outcome),
        )
        filling = tagging.filling(self._tags[key], field, scope)
        if filling is None or not any(filling.values) or self._expressions.is_computed(field):
            return
        saved = self._was_saved(page)
        if filling.overwrites and (saved or given is None):
            pass
        elif given is not None or (saved and filling.tag == "DEFAULT"):
            return
        self._entered[key] = filling.values
        self._filled_by[key] = f"@{filling.tag}"

    def _chosen(self, field: Field, offset: int, *, outcome: bool) -> None:
        site = self._expressions.condition(field, offset)
        if site is not None:
            self._seen.decided(site, outcome)

    def _was_saved(self, page: Page) -> bool:
        """Tell whether a page had been saved before: its status is given."""
        status = self._given.get(page.place, {}).get(f"{page.instrument}_complete", ())
        return any(status)

    def _at_opening(self, page: Page) -> PlaceScope:
        """Return what logic sees as a page opens: what is on others, and what was saved on it."""
        if page not in self._openings:
            self._openings[page] = self._opening(page)
        return self._openings[page]

    def _opening(self, page: Page) -> PlaceScope:
        rows: dict[Place, dict[str, str]] = {}
        design = self._around.design
        for place, values in self._given.items():
            row = rows.setdefault(place, {})
            for name, given in values.items():
                typed = place == page.place and design.instrument_of(name) == page.instrument
                if not typed or self._was_saved(page):
                    row.update(_cells(name, given, is_ticks=self._is_checkbox(name)))
        return PlaceScope(self._around, rows, page.place, page.instrument)

    def _is_checkbox(self, name: str) -> bool:
        field = self._around.design.field(name)
        return field is not None and field.field_type == "checkbox"

    def _status(self, page: Page) -> str:
        """Return the status a page is saved with: as given, else Incomplete once it is filled."""
        values = self._given.get(page.place, {})
        given = values.get(f"{page.instrument}_complete", ())
        if any(given):
            return given[0]
        touched = any(self._around.design.instrument_of(name) == page.instrument for name in values)
        return "0" if touched else ""

    # settling

    def _settle(self) -> tuple[str, ...]:
        restless: tuple[str, ...] = ()
        for _ in range(min(2 * len(self._fields) + 2, MOST_PASSES)):
            restless = self._compute()
            if restless:
                return restless
            restless = self._branch()
            if not restless:
                return ()
        return restless

    def _compute(self) -> tuple[str, ...]:
        """Compute the formulas in order until none changes; return those that keep changing."""
        changed: list[str] = []
        for _ in range(len(self._computed) + 1):
            changed = []
            for key, field, formula in self._computed:
                value = self._result(key, field, formula)
                if value != self._rows[key[0].place].get(key[1], ""):
                    self._put(key, (value,))
                    changed.append(field.field_name)
            if not changed:
                break
        return tuple(dict.fromkeys(changed))

    def _result(self, key: Key, field: Field, formula: Formula) -> str:
        if key in self._hidden and not self._around.dialect.hidden_values_stay:
            return ""
        if not formula.is_readable:
            return ""
        scope = self._scope(key[0])
        values = [self._value(site.tree, scope) for site in formula.sites if site.tree is not None]
        if formula.purpose is Purpose.CALCDATE:
            return self._date(field, values)
        if formula.purpose is Purpose.CALCULATION:
            return as_text(values[0]) if number(values[0]) is not None else ""
        return stored(field, as_text(values[0]), self._around)

    def _date(self, field: Field, values: list[Value]) -> str:
        moment = moved(tuple(values), self._around.clock)
        if moment is None:
            return ""
        validation = self._around.design.validation(field.field_name)
        if not validation.startswith("datetime"):
            return moment.date().isoformat()
        return moment.isoformat(" ", "seconds" if "seconds" in validation else "minutes")

    def _branch(self) -> tuple[str, ...]:
        """Show and hide in order; return the fields that changed."""
        changed = []
        for key, field, site in self._branching:
            if site.tree is None:
                continue
            shows = self._holds(site.tree, self._scope(key[0]))
            if shows != (key not in self._hidden):
                self._turn(key, shows=shows)
                changed.append(field.field_name)
        return tuple(changed)

    def _turn(self, key: Key, *, shows: bool) -> None:
        if shows:
            self._hidden.discard(key)
        else:
            self._hidden.add(key)
        if self._around.dialect.hidden_values_stay:
            return
        self._put(key, self._entered[key] if shows else ())

    # values

    def _put(self, key: Key, values: tuple[str, ...]) -> None:
        page, name = key
        row = self._rows[page.place]
        is_ticks = self._fields[key].field_type == "checkbox"
        for cell in _cells(name, self._put_last.get(key, ()), is_ticks=is_ticks):
            row.pop(cell, None)
        self._put_last[key] = values
        row.update(_cells(name, values, is_ticks=is_ticks))

    def _values(self, key: Key, field: Field) -> tuple[str, ...]:
        if field is self._around.design.record_id:
            return (self._around.record,)
        row = self._rows[key[0].place]
        if field.field_type != "checkbox":
            value = row.get(key[1], "")
            return (value,) if value else ()
        codes = [code for code, _ in self._around.design.choices(field.field_name) or ()]
        codes += sorted(self._around.missing_codes)
        return tuple(code for code in codes if row.get(tick(key[1], code)) == "1")

    def _scope(self, page: Page) -> PlaceScope:
        return self._scopes[page]

    def _value(self, tree: Expression, scope: PlaceScope) -> Value:
        try:
            return evaluate(tree, scope, self._around.clock, self._around.dialect)
        except LogicError:
            return BLANK

    def _holds(self, tree: Expression, scope: PlaceScope) -> bool:
        try:
            return truth(tree, scope, self._around.clock, self._around.dialect)
        except LogicError:
            return False

    # looking

    def _observe(self) -> None:
        for key, _, site in self._branching:
            if site.tree is not None:
                self._seen.decided(site, key not in self._hidden)
                self._seen.arms(site, self._scope(key[0]))
        for key, _, formula in self._computed:
            has_value = bool(self._rows[key[0].place].get(key[1], ""))
            for part in formula.sites:
                self._seen.add(self._seen.spots(part)[0], Outcome.VALUE if has_value else None)
                self._seen.arms(part, self._scope(key[0]))

    def _state(self, key: Key, field: Field) -> FieldSeen:
        values = self._values(key, field)
        hides = tagging.hiding(self._tags[key], survey=self._around.person.survey)
        gone = key in self._hidden and not self._around.dialect.hidden_values_stay
        formula = self._expressions.formula(field, self._tags[key])
        closed = tagging.closing(self._tags[key], survey=self._around.person.survey)
        if formula is not None:
            closed = "its calculation"
        return FieldSeen(
            key[0], field, values,
            hides or ("branching logic" if key in self._hidden else ""),
            closed,
            self._entered[key] if gone and formula is None else (),
            self._filled_by.get(key, "") if not gone else "",
            self._codes_off(key, field, values),
            formula,
        )  # fmt: skip

    def _codes_off(self, key: Key, field: Field, values: tuple[str, ...]) -> frozenset[str]:
        """Return the choices that are not offered; one that was saved stays (knowledge base)."""
        if key[0] not in self._opened or not tagging.chooses(self._tags[key]):
            return frozenset()
        codes = tuple(code for code, _ in self._around.design.choices(field.field_name) or ())
        off = tagging.hidden_codes(self._tags[key], field, codes, self._at_opening(key[0]))
        return off - set(values) if self._was_saved(key[0]) else off


def _cells(name: str, values: tuple[str, ...], *, is_ticks: bool) -> dict[str, str]:
    if is_ticks:
        return {tick(name, value): "1" for value in values if value}
    return {name: values[0]} if any(values) else {}
