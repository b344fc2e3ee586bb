"""What can be wrong with an expression although it can be read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from redcap_iac.logic.rendering import render
from redcap_iac.logic.tree import Expression


class Mistake(StrEnum):
    """The kinds of mistake; lint has a rule for each."""

    IMPOSSIBLE_CODE = "a code that is no choice"
    CHECKBOX_WITHOUT_CODE = "a checkbox without a code"
    UNKNOWN_CHECKBOX_CODE = "a code in parentheses that is no choice"
    CODE_ON_OTHER_FIELD = "a code in parentheses behind a field that is no checkbox"
    CHECKED_AGAINST_OTHER = "a choice of a checkbox against something other than 0 and 1"
    MOMENT_AGAINST_OTHER = "a date or time against something else"
    NUMBER_AGAINST_WORD = "a number against a word"
    NO_VALUE = "a file or descriptive field used as a value"
    TRUTH_AGAINST_OTHER = "true or false against something else"
    LONELY_CONSTANT = "a constant that stands alone as a condition"
    MOMENT_IN_ARITHMETIC = "a date or time in arithmetic"
    TEXT_IN_ARITHMETIC = "text in arithmetic"
    FREE_TEXT_IN_ARITHMETIC = "text nobody validates in arithmetic"
    UNKNOWN_FUNCTION = "an unknown function"
    ARGUMENT_COUNT = "a wrong number of arguments"
    NO_DATE = "something other than a date where a date belongs"
    FREE_TEXT_AS_DATE = "text nobody validates where a date belongs"
    UNIT = "an unknown unit"
    UNIT_FINER_THAN_DATES = "a unit finer than the dates it counts between"
    DATE_FORMAT = "an unknown or contradicted date format"
    DATE_AND_TIME = "a time of day and a date in one difference"


@dataclass(frozen=True, slots=True)
class Remark:
    """One mistake: `message` is a clause (`compares sex with "Female", …`), `advice` a sentence.

    `offset` is where it stands in the expression.
    """

    mistake: Mistake
    message: str
    advice: str
    offset: int


def shown(tree: Expression) -> str:
    """Return an expression for a message, cut where it is long."""
    text = render(tree)
    return text if len(text) <= 60 else text[:59] + "…"
