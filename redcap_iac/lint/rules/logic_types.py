"""Comparisons and operations whose sides are of sorts that never fit."""

from __future__ import annotations

from collections.abc import Iterator

from redcap_iac.design import Design
from redcap_iac.findings import Severity
from redcap_iac.lint.rule import Found, rule
from redcap_iac.lint.rules.logic_remarks import mistaken
from redcap_iac.lint.settings import Settings
from redcap_iac.logic.types_mistakes import Mistake


@rule("LG004", Severity.WARNING)
def impossible_code(design: Design, settings: Settings) -> Iterator[Found]:
    """Logic compares a choice with a code that is not among its choices.

    Why: No record can hold that code, so that the comparison is never true (with `<>`: always).
    Often a choice was renumbered, or the label was written in place of the code.

    Bad:
        fields:
          sex: {type: radio, label: Sex, choices: {1: Male, 2: Female}}
          pregnant: {type: yesno, label: Pregnant?, branching: "[sex] = 'Female'"}

    Good:
        fields:
          sex: {type: radio, label: Sex, choices: {1: Male, 2: Female}}
          pregnant: {type: yesno, label: Pregnant?, branching: "[sex] = '2'"}

    Instead: Compare with a code of the field. A missing data code of the project is no choice: list
    those in the setting `missing_data_codes`.
    """
    yield from mistaken(design, settings, Mistake.IMPOSSIBLE_CODE)


@rule("LG005", Severity.WARNING)
def checkbox_without_code(design: Design, settings: Settings) -> Iterator[Found]:
    """Logic uses a checkbox without saying which of its choices is meant.

    Why: A checkbox has one value for each choice and none of its own, so that the expression does
    not do what it says.

    Bad:
        fields:
          drugs: {type: checkbox, label: Drugs, choices: {1: Aspirin, 2: Other}}
          which: {type: text, label: Which?, branching: "[drugs] = '2'"}

    Good:
        fields:
          drugs: {type: checkbox, label: Drugs, choices: {1: Aspirin, 2: Other}}
          which: {type: text, label: Which?, branching: "[drugs(2)] = '1'"}

    Instead: Name the choice in parentheses and compare with 1 (ticked) or 0.
    """
    yield from mistaken(design, settings, Mistake.CHECKBOX_WITHOUT_CODE)


@rule("LG023", Severity.WARNING)
def date_against_other(design: Design, settings: Settings) -> Iterator[Found]:
    """Logic compares a date or time with something that is none.

    Why: REDCap stores dates as YYYY-MM-DD whatever the page shows, and compares them as such: a
    number, or a date in another order, gives a result by chance.

    Bad:
        fields:
          seen: {type: text, validation: date_mdy, label: Seen on}
          late: {type: text, label: Why so late?, branching: "[seen] > '12-31-2025'"}

    Good:
        fields:
          seen: {type: text, validation: date_mdy, label: Seen on}
          late: {type: text, label: Why so late?, branching: "[seen] > '2025-12-31'"}

    Instead: Write the date as YYYY-MM-DD; to count days or years use `datediff()`.
    """
    yield from mistaken(design, settings, Mistake.MOMENT_AGAINST_OTHER)


@rule("LG024", Severity.WARNING)
def number_against_word(design: Design, settings: Settings) -> Iterator[Found]:
    """Logic compares a number with a word.

    Why: A field validated as a number, a slider or a calculation never holds that word.

    Bad:
        fields:
          weeks: {type: text, validation: integer, label: Weeks}
          why: {type: text, label: Why?, branching: "[weeks] = 'unknown'"}

    Good:
        fields:
          weeks: {type: text, validation: integer, label: Weeks}
          why: {type: text, label: Why?, branching: "[weeks] = ''"}

    Instead: Compare with a number, or with a missing data code of the project.
    """
    yield from mistaken(design, settings, Mistake.NUMBER_AGAINST_WORD)


@rule("LG025", Severity.WARNING)
def ticked_against_other(design: Design, settings: Settings) -> Iterator[Found]:
    """Logic compares a choice of a checkbox with something other than 1 and 0.

    Why: `[field(code)]` is 1 when ticked and 0 when not; it is never blank and never the code.

    Bad:
        fields:
          drugs: {type: checkbox, label: Drugs, choices: {1: Aspirin, 2: Other}}
          which: {type: text, label: Which?, branching: "[drugs(2)] = '2'"}

    Good:
        fields:
          drugs: {type: checkbox, label: Drugs, choices: {1: Aspirin, 2: Other}}
          which: {type: text, label: Which?, branching: "[drugs(2)] = '1'"}

    Instead: Write `= '1'` for ticked and `= '0'` for not ticked.
    """
    yield from mistaken(design, settings, Mistake.CHECKED_AGAINST_OTHER)


@rule("LG026", Severity.WARNING)
def unknown_checkbox_code(design: Design, settings: Settings) -> Iterator[Found]:
    """Logic asks for a choice in parentheses that the field does not have.

    Why: What is not there is never ticked; only a checkbox has choices in parentheses.

    Bad:
        fields:
          drugs: {type: checkbox, label: Drugs, choices: {1: Aspirin, 2: Other}}
          which: {type: text, label: Which?, branching: "[drugs(3)] = '1'"}

    Bad:
        fields:
          sex: {type: radio, label: Sex, choices: {1: Male, 2: Female}}
          pregnant: {type: yesno, label: Pregnant?, branching: "[sex(2)] = '1'"}

    Good:
        fields:
          drugs: {type: checkbox, label: Drugs, choices: {1: Aspirin, 2: Other}}
          which: {type: text, label: Which?, branching: "[drugs(2)] = '1'"}

    Instead: Name a code of the checkbox; for other fields write `[field] = 'code'`.
    """
    yield from mistaken(
        design, settings, Mistake.UNKNOWN_CHECKBOX_CODE, Mistake.CODE_ON_OTHER_FIELD
    )


@rule("LG028", Severity.WARNING)
def arithmetic_on_dates(design: Design, settings: Settings) -> Iterator[Found]:
    """An expression adds, subtracts or averages dates.

    Why: Dates are text to REDCap: arithmetic with them gives a blank result.

    Bad:
        fields:
          first: {type: text, validation: date_ymd, label: First}
          last: {type: text, validation: date_ymd, label: Last}
          days: {type: calc, label: Days, calculation: "[last] - [first]"}

    Good:
        fields:
          first: {type: text, validation: date_ymd, label: First}
          last: {type: text, validation: date_ymd, label: Last}
          days: {type: calc, label: Days, calculation: "datediff([first], [last], 'd')"}

    Instead: Use `datediff()` for the time between two dates and `@CALCDATE` to add to one.
    """
    yield from mistaken(design, settings, Mistake.MOMENT_IN_ARITHMETIC)


@rule("LG034", Severity.WARNING)
def lonely_constant(design: Design, settings: Settings) -> Iterator[Found]:
    """A constant stands alone as a condition beside and, or, not.

    Why: `[x] = '1' or '2'` does not ask whether x is 1 or 2: the `'2'` counts as true on its own.

    Bad:
        fields:
          site: {type: radio, label: Site, choices: {1: North, 2: South, 3: West}}
          why: {type: text, label: Why?, branching: "[site] = '1' or '2'"}

    Good:
        fields:
          site: {type: radio, label: Site, choices: {1: North, 2: South, 3: West}}
          why: {type: text, label: Why?, branching: "[site] = '1' or [site] = '2'"}

    Instead: Write the whole comparison again for each value.
    """
    yield from mistaken(design, settings, Mistake.LONELY_CONSTANT)


@rule("LG035", Severity.WARNING)
def comparisons_in_a_row(design: Design, settings: Settings) -> Iterator[Found]:
    """Logic compares the result of a comparison.

    Why: `1 < [x] < 5` compares true or false (1 or 0) with 5, so that it holds for any x.

    Bad:
        fields:
          pain: {type: text, validation: integer, label: Pain}
          where: {type: text, label: Where?, branching: "1 < [pain] < 5"}

    Good:
        fields:
          pain: {type: text, validation: integer, label: Pain}
          where: {type: text, label: Where?, branching: "1 < [pain] and [pain] < 5"}

    Instead: Write each comparison on its own and join them with `and`.
    """
    yield from mistaken(design, settings, Mistake.TRUTH_AGAINST_OTHER)


@rule("LG037", Severity.WARNING)
def field_without_value(design: Design, settings: Settings) -> Iterator[Found]:
    """Logic uses a field that holds no answer: a descriptive text, or a file as a number.

    Why: A descriptive field has no value, and of a file logic can only ask whether there is one.

    Bad:
        fields:
          hint: {type: descriptive, label: Please read this.}
          more: {type: text, label: More, branching: "[hint] = '1'"}

    Good:
        fields:
          hint: {type: yesno, label: Have you read this?}
          more: {type: text, label: More, branching: "[hint] = '1'"}

    Instead: Ask a field that people fill in; for a file write `[field] <> ''`.
    """
    yield from mistaken(design, settings, Mistake.NO_VALUE)
