"""What was expected against what came out, with the reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from redcap_iac.findings import Finding, Severity
from redcap_iac.logic.values import number
from redcap_iac.scenarios.binding import Bound
from redcap_iac.scenarios.claims import Wanted
from redcap_iac.scenarios.expressions import Expressions
from redcap_iac.scenarios.outcome import FieldSeen, Played
from redcap_iac.scenarios.reasons import reasons
from redcap_iac.scenarios.scenario import Claim
from redcap_iac.suggestions import in_words


def verdicts(bound: Bound, played: Played, expressions: Expressions) -> Iterator[Finding]:
    """Yield a finding for each expectation that does not hold, in the order of the file."""
    judge = _Judge(bound, played, expressions)
    for wanted in bound.wanted:
        yield from judge.one(wanted)
    for at, pages in bound.nothing_missing:
        for seen in played.seen.values():
            if seen.page in pages and seen.is_missing:
                name = seen.field.field_name
                yield Finding(
                    "T110", Severity.ERROR,
                    f"Nothing required should be missing, and {name} is.", at, _address(name),
                    f"It is required, shown and blank on {seen.page}.",
                )  # fmt: skip


def _address(name: str) -> str:
    return f"field/{name}"


class _Judge:
    """Holds the claims of one scenario against what came out."""

    def __init__(self, bound: Bound, played: Played, expressions: Expressions) -> None:
        self._bound = bound
        self._played = played
        self._expressions = expressions

    def one(self, wanted: Wanted) -> Iterator[Finding]:
        """Yield what is wrong about one claim."""
        if wanted.field is None:
            yield from self._status(wanted)
            return
        seen = self._played.seen[wanted.page, wanted.name]
        message = _CLAIMS[wanted.expectation.claim](self, wanted, seen)
        if message:
            yield self._finding(wanted, *message)

    def _finding(self, wanted: Wanted, message: str, why: str) -> Finding:
        expectation = wanted.expectation
        at = expectation.expected[0].at if expectation.expected else expectation.at
        if self._has_places:
            message = f"{message[:-1]} on {wanted.page}."
        return Finding("T110", Severity.ERROR, message, at, _address(wanted.name), why)

    @property
    def _has_places(self) -> bool:
        return len({page.place for page in self._bound.opened}) > 1

    def _status(self, wanted: Wanted) -> Iterator[Finding]:
        value = self._played.rows.get(wanted.page.place, {}).get(wanted.name, "")
        expectation = wanted.expectation
        expected = expectation.expected[0].text if expectation.expected else ""
        if expectation.claim is Claim.BLANK:
            expected = ""
        if value != expected:
            why = "A page is saved as 0 (Incomplete) unless the scenario gives its status."
            message = f"{wanted.name} is {_said(value)}, expected {_said(expected)}."
            yield self._finding(wanted, message, why)

    # claims

    def shown(self, wanted: Wanted, seen: FieldSeen) -> tuple[str, str] | None:
        if not seen.hidden_by:
            return None
        return f"{wanted.name} is hidden, expected shown.", self._why_hidden(seen)

    def hidden(self, wanted: Wanted, seen: FieldSeen) -> tuple[str, str] | None:
        if seen.hidden_by:
            return None
        return f"{wanted.name} is shown, expected hidden.", self._branching(seen) or (
            "It has no branching logic, and no @HIDDEN acts on it here."
        )

    def blank(self, wanted: Wanted, seen: FieldSeen) -> tuple[str, str] | None:
        if seen.is_blank:
            return None
        return f"{wanted.name} is {_shown(seen)}, expected blank.", self._why_value(seen)

    def missing(self, wanted: Wanted, seen: FieldSeen) -> tuple[str, str] | None:
        if seen.is_missing:
            return None
        if seen.hidden_by:
            return f"{wanted.name} is hidden, so that it is not missing.", self._why_hidden(seen)
        message = f"{wanted.name} is not missing: it is {_shown(seen)}."
        return message, self._why_value(seen)

    def readonly(self, wanted: Wanted, seen: FieldSeen) -> tuple[str, str] | None:
        if seen.closed_by:
            return None
        return f"{wanted.name} can be edited, expected read-only.", "No @READONLY acts on it here."

    def values(self, wanted: Wanted, seen: FieldSeen) -> tuple[str, str] | None:
        expected = tuple(word.text for word in wanted.expectation.expected if word.text)
        is_set = seen.field.field_type == "checkbox"
        same = set(expected) == set(seen.values) if is_set else self._equal(expected, seen)
        if same:
            return None
        said = ", ".join(expected) if expected else "blank"
        return f"{wanted.name} is {_shown(seen)}, expected {said}.", self._why_value(seen)

    def _equal(self, expected: tuple[str, ...], seen: FieldSeen) -> bool:
        """Tell whether two texts are the same; of what holds a number, the same number: 25, 25.0.

        Codes and free text are texts: 01 is not 1, and 007 not 7.
        """
        left, right = "".join(expected), "".join(seen.values)
        validation = self._bound.around.design.validation(seen.field.field_name)
        if left == right:
            return True
        counts = seen.formula is not None or seen.field.field_type == "slider"
        if not counts and not validation.startswith(_NUMBERS):
            return False
        numbers = number(left), number(right)
        return None not in numbers and numbers[0] == numbers[1]

    def hidden_choices(self, wanted: Wanted, seen: FieldSeen) -> tuple[str, str] | None:
        expected = {word.text for word in wanted.expectation.expected if word.text}
        if expected == seen.hidden_codes:
            return None
        found = ", ".join(sorted(seen.hidden_codes)) or "no choice"
        said = ", ".join(sorted(expected)) or "no choice"
        message = f"{wanted.name} hides {found}, expected {said}."
        tags = [f"@{name}" for name in ("HIDECHOICE", "SHOWCHOICE")
                if f"@{name}" in seen.field.field_annotation]  # fmt: skip
        if not tags:
            return message, "It has neither @HIDECHOICE nor @SHOWCHOICE."
        return message, f"Its annotation has {in_words(tags, 'and')}; {_AT_OPENING}"

    # reasons

    def _branching(self, seen: FieldSeen) -> str:
        site = self._expressions.branching(seen.field)
        if site is None:
            return ""
        if site.tree is None:
            return "Its branching logic cannot be read, so that it is always shown."
        scope = self._played.scope(seen.page)
        return f"branching logic {reasons(site.text, site.tree, scope, is_condition=True)}"

    def _why_hidden(self, seen: FieldSeen) -> str:
        if seen.hidden_by == "branching logic":
            return self._branching(seen)
        note = f"; {_AT_OPENING}" if "@IF" in seen.field.field_annotation else ""
        return f"{seen.hidden_by} hides it whatever its branching logic says{note}."

    def _why_value(self, seen: FieldSeen) -> str:
        if seen.hidden_by == "branching logic" and (seen.erased or seen.formula is not None):
            gone = f"{', '.join(seen.erased)} was given, and " if seen.erased else ""
            return f"{gone}a hidden field keeps no value: {self._branching(seen)}"
        if seen.formula is not None:
            if not seen.formula.is_readable:
                return f"{seen.formula.purpose} cannot be read, so that it has no result."
            scope = self._played.scope(seen.page)
            return "\n".join(
                f"{seen.formula.purpose} {reasons(s.text, s.tree, scope, is_condition=False)}"
                for s in seen.formula.sites
                if s.tree is not None
            )
        if seen.filled_by:
            return f"{seen.filled_by} filled it in."
        return "The scenario gives it." if seen.values else "The scenario gives it no value."


_AT_OPENING = (
    "tags look once, when the page opens, at what was saved (give the page's status to have it "
    "opened again)"
)
#: Validations of numbers, as they begin.
_NUMBERS = ("integer", "number")
_Claim = Callable[[_Judge, Wanted, FieldSeen], tuple[str, str] | None]
_CLAIMS: Mapping[Claim, _Claim] = {
    Claim.SHOWN: _Judge.shown,
    Claim.HIDDEN: _Judge.hidden,
    Claim.BLANK: _Judge.blank,
    Claim.MISSING: _Judge.missing,
    Claim.READONLY: _Judge.readonly,
    Claim.VALUES: _Judge.values,
    Claim.HIDDEN_CHOICES: _Judge.hidden_choices,
}


def _shown(seen: FieldSeen) -> str:
    return ", ".join(value for value in seen.values if value) or "blank"


def _said(value: str) -> str:
    return value or "blank"
