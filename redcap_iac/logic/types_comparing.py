"""Comparisons: both sides must be of a sort, or one is a constant the other can be.

Blank may be compared with anything but a choice of a checkbox, which is 1 or 0 and never blank
(documented). Two texts are compared as numbers where both are numbers (`01` = `1`, inferred).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from redcap_iac.logic.tree import Expression, Reference, SmartVariable
from redcap_iac.logic.types import MOMENTS, Sort, Type, Vocabulary, literal, typed
from redcap_iac.logic.types_mistakes import Mistake, Remark, shown
from redcap_iac.logic.values import compare, number
from redcap_iac.suggestions import first_in_words

_DAY = r"\d{4}-\d{1,2}-\d{1,2}"
_CLOCK = r"\d{1,2}:\d{2}(:\d{2})?"
#: What a stored date, datetime or time looks like: year first, whatever is shown (documented).
_MOMENT = {
    Sort.DATE: re.compile(rf"({_DAY})([ T]{_CLOCK})?|today|now", re.IGNORECASE),
    Sort.DATETIME: re.compile(rf"({_DAY})([ T]{_CLOCK})?|today|now", re.IGNORECASE),
    Sort.TIME: re.compile(rf"{_CLOCK}|\d{{1,2}}|now", re.IGNORECASE),
}
_OTHER_ORDER = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}")
_CONSTANT_TRUTHS = ("0", "1", "true", "false", "")


def compared(
    left: Expression, operator: str, right: Expression, vocabulary: Vocabulary
) -> Iterator[Remark]:
    """Yield what is wrong with one comparison."""
    first, second = literal(left), literal(right)
    if second is not None and first is None:
        yield from _with_constant(left, typed(left, vocabulary), operator, right, vocabulary)
    elif first is not None and second is None:
        yield from _with_constant(right, typed(right, vocabulary), operator, left, vocabulary)
    elif first is None:
        yield from _of_values(left, typed(left, vocabulary), right, typed(right, vocabulary))


def _with_constant(
    subject: Expression, kind: Type, operator: str, constant: Expression, vocabulary: Vocabulary
) -> Iterator[Remark]:
    text = literal(constant) or ""
    offset = subject.offset
    if kind.sort is Sort.CHECKED and number(text) not in (0, 1):
        yield Remark(
            Mistake.CHECKED_AGAINST_OTHER,
            f'compares {shown(subject)} with "{text}", but a choice of a checkbox is 1 or 0',
            "Write `= '1'` for ticked and `= '0'` for not ticked.",
            offset,
        )
    elif text == "" or text in vocabulary.missing_codes:
        return
    elif kind.sort is Sort.CHOICE and operator in ("=", "<>"):
        yield from _with_code(subject, kind, text)
    elif kind.sort in MOMENTS:
        yield from _with_moment(subject, kind, text)
    elif kind.sort is Sort.NUMBER and _is_word(subject, text):
        yield Remark(
            Mistake.NUMBER_AGAINST_WORD,
            f'compares {shown(subject)}, which is a number, with "{text}"',
            "Compare it with a number.",
            offset,
        )
    elif kind.sort is Sort.TRUTH and text.lower() not in _CONSTANT_TRUTHS:
        yield Remark(
            Mistake.TRUTH_AGAINST_OTHER,
            f'compares {shown(subject)}, which is true (1) or false (0), with "{text}"',
            "Write each comparison on its own and join them with and / or.",
            offset,
        )


def _is_word(subject: Expression, text: str) -> bool:
    # `1,5` is how a field with a decimal comma is compared; a smart variable may hold a word; "NaN"
    # is how calculations without a result were once asked for.
    known = text == "NaN" or number(text.replace(",", ".")) is not None
    return not known and not isinstance(subject, SmartVariable)


def _with_code(subject: Expression, kind: Type, text: str) -> Iterator[Remark]:
    if not kind.codes or any(compare(code, "=", text) for code, _ in kind.codes):
        return
    message = f'compares {shown(subject)} with "{text}", which is none of its codes'
    meant = [code for code, label in kind.codes if label.strip().lower() == text.strip().lower()]
    if meant:
        message = f'compares {shown(subject)} with "{text}", which is the label of code {meant[0]}'
        advice = f"Compare it with the code: '{meant[0]}'."
    else:
        advice = f"Its codes are {first_in_words(code for code, _ in kind.codes)}."
    yield Remark(Mistake.IMPOSSIBLE_CODE, message, advice, subject.offset)


def _with_moment(subject: Expression, kind: Type, text: str) -> Iterator[Remark]:
    if _MOMENT[kind.sort].fullmatch(text.strip()):
        return
    message = f'compares {shown(subject)}, which is {kind.sort}, with "{text}"'
    advice = "Write the time as HH:MM." if kind.sort is Sort.TIME else "Write dates as YYYY-MM-DD."
    if _OTHER_ORDER.fullmatch(text.strip()):
        advice = "Write the date as YYYY-MM-DD: that is how REDCap stores it, whatever it shows."
    elif number(text) is not None and kind.sort is not Sort.TIME:
        advice = "To count days or years use datediff(); a date is compared with YYYY-MM-DD."
    yield Remark(Mistake.MOMENT_AGAINST_OTHER, message, advice, subject.offset)


def _of_values(left: Expression, first: Type, right: Expression, second: Type) -> Iterator[Remark]:
    for one, kind, other, facing in ((left, first, right, second), (right, second, left, first)):
        if kind.sort in MOMENTS and _never_moment(facing, kind):
            yield Remark(
                Mistake.MOMENT_AGAINST_OTHER,
                f"compares {shown(one)}, which is {kind.sort}, with {shown(other)}, which is"
                f" {facing.sort}",
                "Compare a date with a date; to count days or years use datediff().",
                one.offset,
            )


def _never_moment(kind: Type, facing: Type) -> bool:
    if kind.sort is Sort.TIME:
        return facing.sort is not Sort.TIME
    return kind.sort in (Sort.NUMBER, Sort.CHOICE, Sort.CHECKED, Sort.TRUTH)


def of_reference(reference: Reference, kind: Type) -> Iterator[Remark]:
    """Yield what is wrong with a reference itself, wherever it stands: its code in parentheses."""
    code = reference.code
    if code is None:
        return
    if kind.sort is Sort.CHECKED:
        codes = {known.lower() for known, _ in kind.codes}
        if code.lower() not in codes:
            listed = first_in_words(known for known, _ in kind.codes)
            yield Remark(
                Mistake.UNKNOWN_CHECKBOX_CODE,
                f"asks for the choice {code} of {reference.field}, which it does not have",
                f"Its codes are {listed}.",
                reference.offset,
            )
    elif kind.sort is not Sort.UNKNOWN:
        yield Remark(
            Mistake.CODE_ON_OTHER_FIELD,
            f"asks for the choice {code} of {reference.field}, which is no checkbox",
            f"Write [{reference.field}] = '{code}': only a checkbox has codes in parentheses.",
            reference.offset,
        )
