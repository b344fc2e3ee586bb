"""The form in which two fields are compared, column by column.

What a server was seen to change or to leave open means nothing here (redcap-api design, §12.4):
spacing of choices, choices of yes/no fields, `''` and `RV`, the case of flags, legacy names of
validations, white space of logic outside quotes, CRLF. Everything else is compared exactly, blanks
at the ends of labels included: they have been exported back (recorded).
"""

from __future__ import annotations

import re
from functools import lru_cache

from redcap_iac.changes import Value
from redcap_iac.kinds.dictionary import choices
from redcap_iac.kinds.dictionary.field import (
    CHOICE_TYPES,
    CHOICES,
    IMPLICIT_TYPES,
    VALIDATION,
    Field,
)

#: Names servers store for validations and export under another (recorded).
ALIASES = {
    "int": "integer",
    "float": "number",
    "date": "date_ymd",
    "datetime": "datetime_ymd",
    "datetime_seconds": "datetime_seconds_ymd",
}

#: Columns in the order in which people expect them, with their names.
_ASPECTS: tuple[tuple[str, str], ...] = (
    ("form_name", "instrument"),
    ("field_type", "type"),
    ("field_label", "label"),
    (CHOICES, ""),
    (VALIDATION, ""),
    ("text_validation_min", "min"),
    ("text_validation_max", "max"),
    ("section_header", "section"),
    ("field_note", "note"),
    ("identifier", "identifier"),
    ("required_field", "required"),
    ("branching_logic", "branching"),
    ("field_annotation", "annotation"),
    ("custom_alignment", "alignment"),
    ("question_number", "question number"),
    ("matrix_group_name", "matrix"),
    ("matrix_ranking", "ranking"),
)
#: What column H is for types without validation: its name, and the word that says yes.
_WORDS = {
    "slider": ("show number", "number"),
    "file": ("signature", "signature"),
    "dropdown": ("autocomplete", "autocomplete"),
    "sql": ("autocomplete", "autocomplete"),
}
_TYPED = frozenset({CHOICES, VALIDATION})
_FLAGS = frozenset({"identifier", "required_field", "matrix_ranking"})

Part = tuple[str, Value]


def aspects(field: Field) -> tuple[Part, ...]:
    """Return what is set in a field as (name, value), in the order people expect."""
    found = []
    for column, name in _ASPECTS:
        if getattr(field, column):
            part = _part(field, column, name)
            if part[1]:
                found.append(part)
    return tuple(found)


def merged(live: Field, desired: Field) -> dict[str, str]:
    """Return the row to write: columns that mean the same keep the live text."""
    row = desired.row()
    for column, name in _ASPECTS:
        before = getattr(live, column)
        if column in _TYPED and live.field_type != desired.field_type:
            continue  # the same text means something else for another type
        if before != row[column] and _part(live, column, name) == _part(desired, column, name):
            row[column] = before
    return row


def _part(field: Field, column: str, name: str) -> Part:
    text: str = getattr(field, column)
    if column == CHOICES:
        return _choices(field.field_type, text)
    if column == VALIDATION:
        return _validation(field.field_type, text)
    if column == "section_header":
        return name, lines(text) if text.strip() else " " * bool(text)
    if column in _FLAGS:
        return name, _flag(text)
    if column == "custom_alignment":
        return name, _alignment(text)
    if column == "branching_logic":
        return name, collapsed(text)
    return name, lines(text)


def _choices(type_name: str, text: str) -> Part:
    if type_name in CHOICE_TYPES:
        return "choices", choices.parsed(lines(text)) or lines(text)
    if type_name in IMPLICIT_TYPES:
        return "choices", ""
    if type_name == "calc":
        return "calculation", collapsed(text)
    if type_name == "slider":
        labels = choices.slider_labels(lines(text))
        return "slider labels", lines(text) if labels is None else labels
    return {"sql": "sql", "text": "ontology"}.get(type_name, "choices"), lines(text)


def _validation(type_name: str, text: str) -> Part:
    name, word = _WORDS.get(type_name, ("validation", ""))
    if word and word == text.strip():
        return name, "yes"
    if type_name == "slider":
        return name, text.strip()
    return "validation", ALIASES.get(text, lines(text))


def _flag(text: str) -> str:
    word = text.strip().lower()
    return "yes" if word == "y" else word


def _alignment(text: str) -> str:
    return "" if text.strip().upper() in ("", "RV") else text


def lines(text: str) -> str:
    """Return a text with every line ending as LF."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


@lru_cache(maxsize=65_536)
def collapsed(text: str) -> str:
    """Return logic with white space outside quotes collapsed; an open quote leaves it as it is.

    A comment ends at its line, so text that may hold one keeps its lines.
    """
    text = lines(text).strip()
    if not _BLANKS.search(text):
        return text
    outside = r"[^\S\n]+" if _COMMENT.search(text) else r"\s+"
    return re.sub(
        rf"('[^']*'|\"[^\"]*\"|['\"].*\Z)|{outside}", lambda found: found[1] or " ", text,
        flags=re.DOTALL,
    )  # fmt: skip


_BLANKS = re.compile(r"[^\S ]|\s\s")
_COMMENT = re.compile(r"//|#")
