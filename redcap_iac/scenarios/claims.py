"""What a scenario expects, held against the design: fields, pages and codes that are there."""

from __future__ import annotations

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
        if claim in (Claim.VALUES, Claim.HIDDEN_CHOICES) and pairs is not None:
            return self._are_codes(expectation, name, field)
        return True

    def _are_codes(self, expectation: Expectation, name: str, field: Field | None) -> bool:
        """Tell whether every expected code is one of the field's."""
        whole = True
        for word in expectation.expected:
            if not word.text:
                continue
            problem = (
                status_problem(name, word.text, self._design)
                if field is None
                else problem_of(field, word.text, self._around)
            )
            if problem is not None:
                whole = False
                self._error(problem.code, problem.message, word.at, problem.advice)
        return whole

    def unknown(self, word: Word) -> None:
        """Find that a name is no field and no status."""
        names = [field.field_name for field in self._design.fields]
        names += [f"{instrument}_complete" for instrument in self._design.instruments]
        message = f"There is no field `{word.text}`."
        self._error("T101", message, word.at, nearest_or_all(word.text, names))

    def _error(self, code: str, message: str, at: Position, advice: str = "") -> None:
        self._findings.error(code, message, at, advice=advice)
