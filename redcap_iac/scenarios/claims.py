"""What a scenario expects, held against the design: fields, pages and codes that are there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from redcap_iac.findings import Findings
from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.position import Position
from redcap_iac.scenarios.outcome import required
from redcap_iac.scenarios.place import Page
from redcap_iac.scenarios.scenario import Claim, Expectation, Word
from redcap_iac.scenarios.scope import Circumstances
from redcap_iac.scenarios.validity import problem_of, status_problem
from redcap_iac.suggestions import nearest_or_all

#: A choice of a checkbox as logic and as exports name it.
_TICK = re.compile(r"(?P<field>\w+?)(?:\((?P<code>[^()]+)\)|___(?P<same>\w+))")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A claim about one field on one page; `field` is None for the status of an instrument."""

    expectation: Expectation
    name: str
    page: Page
    field: Field | None


class Claims:
    """Finds what the claims of one scenario are about; what is wrong goes to `findings`."""

    def __init__(self, around: Circumstances, findings: Findings) -> None:
        self._around = around
        self._design = around.design
        self._findings = findings

    def wanted(
        self, expectation: Expectation, word: Word, pages: tuple[Page, ...]
    ) -> Iterator[Wanted]:
        """Yield the claims on each field a word means and each page it is on."""
        names = self._names(word)
        if not names:
            self.unknown(word)
        is_pattern = word.text.lower() not in names
        found = False
        for name in names:
            instrument = self._design.instrument_of(name)
            field = self._design.field(name)
            for page in pages:
                if page.instrument == instrument:
                    found = True
                    if is_pattern and expectation.claim is Claim.MISSING and not required(field):
                        continue
                    if self._fits(expectation, name, field):
                        yield Wanted(expectation, name, page, field)
        if names and pages and not found:
            message = f"`{word.text}` is on none of the pages looked at here."
            self._error("T105", message, word.at, "Name its place with `at:`.")

    def _names(self, word: Word) -> tuple[str, ...]:
        """Return the fields a word means: a name, a pattern, or `instrument/*`."""
        text = word.text.lower()
        instrument, slash, rest = text.partition("/")
        if slash:
            fields = self._design.by_instrument.get(instrument, ())
            return tuple(
                field.field_name.lower()
                for field in fields
                if fnmatchcase(field.field_name.lower(), rest)
            )
        if "*" in text or "?" in text:
            return tuple(
                field.field_name.lower()
                for field in self._design.fields
                if fnmatchcase(field.field_name.lower(), text)
            )
        return (text,) if self._design.instrument_of(text) is not None else ()

    def _fits(self, expectation: Expectation, name: str, field: Field | None) -> bool:
        """Tell whether a claim can be true at all; the error is found when it cannot."""
        pairs = self._design.choices(name)
        claim = expectation.claim
        if claim is Claim.HIDDEN_CHOICES and pairs is None:
            self._error("T109", f"`{name}` has no choices.", expectation.at)
            return False
        if claim is Claim.MISSING and not required(field):
            message = f"`{name}` is not required, so that it is never missing."
            self._error("T109", message, expectation.at, "`blank` says that it has no value.")
            return False
        if field is None and claim not in (Claim.VALUES, Claim.BLANK):
            self._error("T109", f"`{name}` is a status, which is always shown.", expectation.at)
            return False
        if claim in (Claim.VALUES, Claim.BLANK) and field and field.field_type == "descriptive":
            message = f"`{name}` is text for people and holds no value."
            self._error("T109", message, expectation.at, "`shown` and `hidden` can be expected.")
            return False
        if claim is Claim.VALUES and not self._is_single(expectation, name, field):
            return False
        if claim in (Claim.VALUES, Claim.HIDDEN_CHOICES):
            return self._can_be(expectation, name, field)
        return True

    def _is_single(self, expectation: Expectation, name: str, field: Field | None) -> bool:
        count = len(expectation.expected)
        if count < 2 or (field is not None and field.field_type == "checkbox"):
            return True
        message = f"`{name}` holds one value, and {count} are expected."
        self._error("T109", message, expectation.at, "Expect one; a checkbox holds several.")
        return False

    def _can_be(self, expectation: Expectation, name: str, field: Field | None) -> bool:
        """Tell whether a field can hold what is expected: its codes, what its validation takes."""
        whole = True
        for word in expectation.expected:
            if not word.text:
                continue
            problem = (
                status_problem(name, word.text, self._design)
                if field is None
                else problem_of(field, word.text, self._around)
            )
            if problem is not None and problem.code != "T104":
                whole = False
                self._error(problem.code, problem.message, word.at, problem.advice)
        return whole

    def unknown(self, word: Word) -> None:
        """Find that a name is no field and no status."""
        names = [field.field_name for field in self._design.fields]
        names += [f"{instrument}_complete" for instrument in self._design.instruments]
        instrument, slash, _ = word.text.lower().partition("/")
        if slash and instrument not in self._design.by_instrument:
            message = f"There is no instrument `{instrument}`."
            advice = nearest_or_all(instrument, self._design.instruments)
        else:
            message = f"There is no field `{word.text}`."
            advice = self._ticks(word.text) or nearest_or_all(word.text, names)
        self._error("T101", message, word.at, advice)

    def _ticks(self, text: str) -> str:
        """Return what to write for `race(1)` and `race___1`, "" for any other name."""
        split = _TICK.fullmatch(text)
        field = None if split is None else self._design.field(split["field"])
        if split is None or field is None or field.field_type != "checkbox":
            return ""
        code = split["code"] or split["same"]
        return f"The ticked codes of a checkbox stand in a list: `{field.field_name}: [{code}]`."

    def _error(self, code: str, message: str, at: Position, advice: str = "") -> None:
        self._findings.error(code, message, at, advice=advice)
