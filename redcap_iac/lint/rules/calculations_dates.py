"""What calculations are given: units, dates, texts."""

from __future__ import annotations

from collections.abc import Iterator

from redcap_iac.design import Design, Purpose
from redcap_iac.findings import Severity
from redcap_iac.lint.rule import Found, rule
from redcap_iac.lint.rules.calculations import formulas
from redcap_iac.lint.rules.logic_remarks import at_site, mistaken
from redcap_iac.lint.settings import Settings
from redcap_iac.logic import Expression
from redcap_iac.logic.tree import Call, Group
from redcap_iac.logic.types import literal
from redcap_iac.logic.types_mistakes import Mistake
from redcap_iac.logic.values import number

_FORMULA = frozenset({Purpose.CALCULATION})


@rule("CA004", Severity.ERROR)
def unknown_unit(design: Design, settings: Settings) -> Iterator[Found]:
    """The unit of datediff() is missing or none it knows.

    Why: Without a unit there is no result: the field stays blank for good.

    Bad:
        fields:
          first: {type: text, validation: date_ymd, label: First}
          last: {type: text, validation: date_ymd, label: Last}
          weeks: {type: calc, label: Weeks, calculation: "datediff([first], [last], 'weeks')"}

    Good:
        fields:
          first: {type: text, validation: date_ymd, label: First}
          last: {type: text, validation: date_ymd, label: Last}
          weeks: {type: calc, label: Weeks, calculation: "datediff([first], [last], 'd') / 7"}

    Instead: Use y, M (months), d, h, m (minutes) or s.
    """
    yield from mistaken(design, settings, Mistake.UNIT)


@rule("CA009", Severity.WARNING)
def text_in_arithmetic(design: Design, settings: Settings) -> Iterator[Found]:
    """Arithmetic works with text, or with a text field that takes any text.

    Why: As soon as somebody types `5 kg` the result is blank, and nobody is told.

    Bad:
        fields:
          kg: {type: text, label: Weight}
          double: {type: calc, label: Double, calculation: "[kg] * 2"}

    Good:
        fields:
          kg: {type: text, validation: number, label: Weight}
          double: {type: calc, label: Double, calculation: "[kg] * 2"}

    Instead: Give the field the validation `number` or `integer`.
    """
    yield from mistaken(
        design, settings, Mistake.FREE_TEXT_IN_ARITHMETIC, Mistake.TEXT_IN_ARITHMETIC
    )


@rule("CA011", Severity.WARNING)
def minutes_between_dates(design: Design, settings: Settings) -> Iterator[Found]:
    """Minutes, hours or seconds are counted between two dates without a time.

    Why: `m` is minutes and `M` is months. Between dates alone a number of minutes is hardly meant.

    Bad:
        fields:
          first: {type: text, validation: date_ymd, label: First}
          last: {type: text, validation: date_ymd, label: Last}
          months: {type: calc, label: Months, calculation: "datediff([first], [last], 'm')"}

    Good:
        fields:
          first: {type: text, validation: date_ymd, label: First}
          last: {type: text, validation: date_ymd, label: Last}
          months: {type: calc, label: Months, calculation: "datediff([first], [last], 'M')"}

    Instead: Write `M` for months, `d` for days, `y` for years.
    """
    yield from mistaken(design, settings, Mistake.UNIT_FINER_THAN_DATES)


@rule("CA012", Severity.WARNING)
def date_format(design: Design, settings: Settings) -> Iterator[Found]:
    """A date format told to datediff() is none it knows, or another than its fields have.

    Why: Older versions read the dates in that order, on the page at least: day and month change
    places. Newer versions need no format.

    Bad:
        fields:
          first: {type: text, validation: date_mdy, label: First}
          last: {type: text, validation: date_mdy, label: Last}
          days: {type: calc, label: Days, calculation: "datediff([first], [last], 'd', 'dmy')"}

    Good:
        fields:
          first: {type: text, validation: date_mdy, label: First}
          last: {type: text, validation: date_mdy, label: Last}
          days: {type: calc, label: Days, calculation: "datediff([first], [last], 'd', 'mdy')"}

    Instead: Leave the format out, or write the order of the fields' validation.
    """
    yield from mistaken(design, settings, Mistake.DATE_FORMAT)


@rule("CA013", Severity.WARNING)
def no_date(design: Design, settings: Settings) -> Iterator[Found]:
    """A function of dates is given something that is no date.

    Why: The result is always blank.

    Bad:
        fields:
          age: {type: text, validation: integer, label: Age}
          days: {type: calc, label: Days, calculation: "datediff([age], 'today', 'd')"}

    Bad:
        fields:
          at: {type: text, validation: time, label: Woke at}
          seen: {type: text, validation: date_ymd, label: Seen}
          hours: {type: calc, label: Hours, calculation: "datediff([at], [seen], 'h')"}

    Good:
        fields:
          born: {type: text, validation: date_ymd, label: Born}
          seen: {type: text, validation: date_ymd, label: Seen}
          days: {type: calc, label: Days, calculation: "datediff([born], [seen], 'd')"}

    Instead: Give it fields validated as dates, or both times of day.
    """
    yield from mistaken(design, settings, Mistake.NO_DATE, Mistake.DATE_AND_TIME)


@rule("CA014", Severity.WARNING)
def unvalidated_date(design: Design, settings: Settings) -> Iterator[Found]:
    """A function of dates is given a text field that takes any text.

    Why: What is typed in another order than YYYY-MM-DD gives a blank result, or a wrong one.

    Bad:
        fields:
          born: {type: text, label: Born}
          days: {type: calc, label: Days, calculation: "datediff([born], '2026-01-01', 'd')"}

    Good:
        fields:
          born: {type: text, validation: date_ymd, label: Born}
          days: {type: calc, label: Days, calculation: "datediff([born], '2026-01-01', 'd')"}

    Instead: Give the field a date validation.
    """
    yield from mistaken(design, settings, Mistake.FREE_TEXT_AS_DATE)


@rule("CA015", Severity.WARNING)
def text_as_result(design: Design, _: Settings) -> Iterator[Found]:
    """A calculated field is given a text as its value.

    Why: A calculated field holds a number: a word is not stored.

    Bad:
        fields:
          pain: {type: text, validation: integer, label: Pain}
          level: {type: calc, label: Level, calculation: "if([pain] > 5, 'high', 'low')"}

    Good:
        fields:
          pain: {type: text, validation: integer, label: Pain}
          level: {type: text, label: Level, annotation: "@CALCTEXT(if([pain] > 5, 'high', 'low'))"}

    Instead: Use a text field with `@CALCTEXT`, or give numbers and show labels elsewhere.
    """
    for site, tree in formulas(design, _FORMULA):
        words = [text for one in _values(tree) if (text := literal(one)) and _is_word(text)]
        if words:
            clause = f'gives the text "{words[0]}", and a calculated field holds numbers'
            yield at_site(site, clause, "Use a text field with @CALCTEXT.")


def _values(tree: Expression) -> Iterator[Expression]:
    match tree:
        case Group(inner):
            yield from _values(inner)
        case Call(name, (_, *branches)) if name.lower() == "if":
            for branch in branches:
                yield from _values(branch)
        case _:
            yield tree


def _is_word(text: str) -> bool:
    return number(text) is None and text.strip().lower() not in ("", "nan", "null")
