"""What REDCap's logic means where sources, versions or the two places it runs in differ.

REDCap evaluates logic twice: in the browser while a page is open, and on the server when a record
is saved, imported or filtered. `NEWEST` is the server of a current version, which every caller
gets that asks for nothing else. A switch is turned for what a source says otherwise; no source
dates the change, so that a version alone turns none.
"""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass

from redcap_iac.logic.values import BLANK, Value, compare, number

_MOST_PLACES = 15
_ORDERING = frozenset(("<", "<=", ">", ">="))


@dataclass(frozen=True, slots=True)
class Dialect:
    """How logic is read; each attribute is a switch of `SWITCHES`, False its usual side."""

    blank_is_below: bool = False
    blank_equals_zero: bool = False
    empty_sum_is_zero: bool = False
    halves_go_up: bool = False
    bare_power_fails: bool = False
    hidden_values_stay: bool = False

    def compare(self, left: Value, operator: str, right: Value) -> bool:
        """Compare two values as `values.compare` does, but for what is switched."""
        if BLANK in (left, right) and left != right:
            if operator in _ORDERING and self.blank_is_below:
                return compare(_zero(left), operator, _zero(right))
            other = right if left == BLANK else left
            if self.blank_equals_zero and operator in ("=", "<>") and number(other) == 0:
                return operator == "="
        return compare(left, operator, right)

    def function(self, name: str, arguments: tuple[Value, ...]) -> Value | None:
        """Return what a function gives where a switch decides it, None where none does."""
        numbers = [number(argument) for argument in arguments]
        if name == "sum" and self.empty_sum_is_zero and not any(n is not None for n in numbers):
            return 0
        if name == "round" and self.halves_go_up and None not in numbers:
            return _half_up(*(found for found in numbers if found is not None))
        return None

    def turned(self, name: str) -> Dialect:
        """Return the same with one switch on its other side; AttributeError for an unknown name."""
        return dataclasses.replace(self, **{name: not getattr(self, name)})


NEWEST = Dialect()


@dataclass(frozen=True, slots=True)
class Switch:
    """A question sources answer differently: its usual side, the other, who says so.

    `confidence` is that of the other side; `where` names who would see it.
    """

    name: str
    question: str
    usual: str
    otherwise: str
    confidence: str
    where: str


@dataclass(frozen=True, slots=True)
class Settled:
    """A question of meaning on which no source differs, with the confidence of the answer."""

    question: str
    answer: str
    confidence: str


SWITCHES: tuple[Switch, ...] = (
    Switch(
        "blank_is_below", "Is a blank field less than a number?",
        "no: with a blank on either side < <= > >= are false",
        "yes: a blank counts as 0, so [age] < 18 holds before anybody has answered",
        "inferred", "pages in a browser, older versions",
    ),
    Switch(
        "blank_equals_zero", "Is a blank field equal to 0?",
        "no: [x] = 0 is false and [x] <> 0 is true while x is blank (knowledge base)",
        "yes: a blank equals 0",
        "inferred", "pages in a browser, older versions",
    ),
    Switch(
        "empty_sum_is_zero", "What is the sum of blanks?",
        "blank: a calculation without a value has no result",
        "0",
        "knowledge base", "a source that says sum() of blanks returns 0",
    ),
    Switch(
        "halves_go_up", "Where does round() take -2.5?",
        "away from zero: -3",
        "up: -2",
        "inferred", "pages in a browser",
    ),
    Switch(
        "bare_power_fails", "Does [x]^2 need parentheses?",
        "no: [x]^2 is computed",
        "yes: it has no result unless written ([x])^(2)",
        "knowledge base", "older versions",
    ),
    Switch(
        "hidden_values_stay", "What happens to the value of a field that branching logic hides?",
        "it is erased when the page is saved (knowledge base)",
        "it stays, and other logic goes on reading it",
        "inferred", "imported records, and pages where somebody declined to erase",
    ),
)  # fmt: skip

SETTLED: tuple[Settled, ...] = (
    Settled("Is text compared by case?", "yes: 'Yes' is not 'yes'", "knowledge base"),
    Settled("When are two values numbers?", "when both look like one: '2' = '2.0'", "inferred"),
    Settled("How are dates compared?", "as text in the order Y-M-D, as they are stored",
            "inferred"),
    Settled("What is an unticked choice?", "[race(1)] is 0, never blank", "documented"),
    Settled("What does + give with a blank?", "blank", "knowledge base"),
    Settled("What does datediff give with a blank?", "blank", "inferred"),
    Settled("What can a calculated field hold?", "a number; any other result is blank",
            "knowledge base"),
    Settled("When does @IF choose?", "once, when the page opens, by what is stored then",
            "knowledge base"),
    Settled("When does @DEFAULT fill?", "only on a page that was never saved", "knowledge base"),
    Settled("When does @SETVALUE fill?", "whenever the page opens, over what is there",
            "knowledge base"),
    Settled("Does @HIDDEN erase?", "no: the value stays, and branching logic cannot show the field",
            "knowledge base"),
    Settled("Which event is [previous-event-name] before a field?",
            "the nearest that has the field's instrument; alone, the one before", "knowledge base"),
    Settled("What does round() do without a number of decimals?", "it gives a whole number",
            "knowledge base"),
    Settled("What is a missing data code?",
            "a blank to arithmetic, and to all else a text, which is compared as one", "inferred"),
    Settled("How long are a month and a year?", "30.44 and 365.2425 days", "documented"),
)  # fmt: skip


def _half_up(value: float, places: float = 0) -> Value:
    scale = math.pow(10, max(-_MOST_PLACES, min(_MOST_PLACES, int(places))))
    scaled = value * scale + 0.5
    return math.floor(scaled) / scale if math.isfinite(scaled) else value


def _zero(value: Value) -> Value:
    return 0 if value == BLANK else value
