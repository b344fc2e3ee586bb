"""Cells of one field that REDCap refuses or does not take as they are meant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from redcap_iac.findings import Finding, Findings, Severity
from redcap_iac.kinds.dictionary import choices
from redcap_iac.kinds.dictionary.field import (
    CHOICE_TYPES,
    CHOICES,
    IMPLICIT_TYPES,
    VALIDATION,
    Field,
)
from redcap_iac.kinds.dictionary.normal import ALIASES, lines
from redcap_iac.kinds.dictionary.validations import VALIDATIONS
from redcap_iac.kinds.kind import encoded

#: Validations whose limits are dates, or numbers.
_DATES = ("date", "datetime", "datetime_seconds")
_NUMBERS = re.compile(r"integer|number(_[1-4]dp)?(_comma_decimal)?")
_DATE = re.compile(rf"({'|'.join(_DATES)})_(ymd|mdy|dmy)")
#: What column H may say for types that are not validated; `enhanced_signature` since 17.1
#: (knowledge base).
_WORDS = {
    "slider": ("number",),
    "dropdown": ("autocomplete",),
    "sql": ("autocomplete",),
    "file": ("signature", "enhanced_signature"),
}
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)")
_DAY = re.compile(r"\d{4}-\d{1,2}-\d{1,2}( \d{1,2}:\d{2}(:\d{2})?)?")
_MOVING = re.compile(r"today|now|.*\[.+\].*", re.IGNORECASE | re.DOTALL)


_FLAGS = (
    ("identifier", "identifier"),
    ("required_field", "required"),
    ("matrix_ranking", "ranking"),
)
_ALIGNMENTS = ("", "RV", "RH", "LV", "LH")


@dataclass(frozen=True, slots=True)
class _Problem:
    """What is wrong with a column; the message goes on after `Field NAME`."""

    code: str
    column: str
    message: str
    advice: str = ""
    severity: Severity = Severity.ERROR


def check(field: Field, findings: Findings) -> None:
    """Find what is wrong with the cells of one field."""
    for problem in _problems(field):
        findings.add(
            Finding(
                problem.code,
                problem.severity,
                f"Field {field.field_name} {problem.message}.",
                field.place(problem.column),
                f"field/{encoded(field.field_name)}",
                problem.advice,
            )
        )


def _problems(field: Field) -> Iterator[_Problem]:
    text: str = getattr(field, CHOICES)
    if field.field_type == "calc" and not text.strip():
        yield _Problem("M215", CHOICES, "has no calculation")
    elif field.field_type in CHOICE_TYPES:
        yield from _choices(field.field_type, choices.parsed(lines(text)))
    elif text.strip() and field.field_type in IMPLICIT_TYPES:
        message = f"has choices, which REDCap ignores for {field.field_type}"
        yield _unusual("M217", CHOICES, message, "Use radio for choices of your own.")
    if getattr(field, VALIDATION):
        yield from _validation(field)
    if field.text_validation_min or field.text_validation_max:
        yield from _limits(field)
    yield from _flags(field)
    if field.custom_alignment.strip().upper() not in _ALIGNMENTS:
        message = f"has the alignment {_short(field.custom_alignment)}"
        yield _unusual("M218", "custom_alignment", message, "REDCap knows RV, RH, LV and LH.")


def _unusual(code: str, column: str, message: str, advice: str = "") -> _Problem:
    return _Problem(code, column, message, advice, Severity.WARNING)


def _choices(type_name: str, pairs: choices.Pairs) -> Iterator[_Problem]:
    if not pairs:
        advice = f"A field of type {type_name} needs at least one."
        yield _Problem("M207", CHOICES, "has no choices", advice)
    seen: dict[str, str] = {}
    for code, label in pairs:
        if not code:
            yield _unusual("M217", CHOICES, f'has a choice without a code, "{_short(label)}"')
        elif code in seen:
            twice = f'"{_short(seen[code])}" and "{_short(label)}"'
            advice = "Give every choice its own code."
            yield _Problem("M208", CHOICES, f"has the code {code} twice: {twice}", advice)
        seen.setdefault(code, label)


def _validation(field: Field) -> Iterator[_Problem]:
    word: str = getattr(field, VALIDATION)
    if word.strip() in _WORDS.get(field.field_type, ()):
        return
    if field.field_type != "text":
        message = f"has the validation {_short(word)}, which means nothing for {field.field_type}"
        yield _unusual("M216", VALIDATION, message)
        return
    name = ALIASES.get(word, word)
    if name not in VALIDATIONS:
        message = f"has a validation REDCap does not bring along, {_short(word)}"
        advice = "It works where the administrators have added it."
        yield _unusual("M216", VALIDATION, message, advice)


def _limits(field: Field) -> Iterator[_Problem]:
    name = ALIASES.get(getattr(field, VALIDATION), getattr(field, VALIDATION))
    for column, word in (("text_validation_min", "min"), ("text_validation_max", "max")):
        text = getattr(field, column).strip()
        if not text or _MOVING.fullmatch(text):
            continue
        if field.field_type == "text" and not name:
            message = f"has a {word} but no validation, so that it is not looked at"
            yield _unusual("M216", column, message)
        elif _DATE.fullmatch(name) and not _DAY.fullmatch(text):
            message = f"has the {word} {_short(text)}, which is not written as a date"
            advice = "Dates are written YYYY-MM-DD here, whatever the field shows."
            yield _unusual("M216", column, message, advice)
        elif _NUMBERS.fullmatch(name) and not _NUMBER.fullmatch(text):
            message = f"has the {word} {_short(text)}, which is no number"
            yield _unusual("M216", column, message)


def _flags(field: Field) -> Iterator[_Problem]:
    for column, word in _FLAGS:
        text: str = getattr(field, column)
        if text.strip().lower() not in ("y", ""):
            message = f"says {_short(text)} for {word}, where REDCap knows y and nothing else"
            yield _Problem("M219", column, message, "Write true or false.")


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
