"""What single cells may hold: types, choices, flags, alignment, validation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from redcap_iac.emulator.design import export_code, parse_choices
from redcap_iac.emulator.dictionary_checks.places import Row, named, numbered, said
from redcap_iac.emulator.dictionary_rows import WITH_CHOICES

FIELD_TYPES = (
    "text", "notes", "radio", "dropdown", "calc", "file", "checkbox", "yesno", "truefalse",
    "descriptive", "slider",
)  # fmt: skip

_VALIDATION = re.compile(r"[a-z0-9_]+")
_ALIGNMENTS = ("", "LH", "LV", "RH", "RV")


def types(rows: Sequence[Row], *, allow_sql: bool) -> Iterator[str]:
    """Field types: the beginning of the text is recorded, what follows `must all` is not.

    Rows of type sql are refused with the same words to those who may not send them (inferred).
    """
    allowed = {*FIELD_TYPES, "sql"} if allow_sql else set(FIELD_TYPES)
    yield from said(
        f"The only valid field types are {', '.join(FIELD_TYPES)} and must all be lower case. The"
        " following cells hold another type:",
        (
            named("field_type", number, row["field_type"])
            for number, row in numbered(rows)
            if row["field_type"] not in allowed
        ),
    )


def record_id(first: Row) -> Iterator[str]:
    """The first field names the records and must be text (documented; text inferred)."""
    if first["field_type"] in {*FIELD_TYPES, "sql"} - {"text"}:
        yield (
            "The first field is the record ID field and must be of type text:\n"
            + named("field_type", 2, first["field_name"])
        )


def choices(rows: Sequence[Row]) -> Iterator[str]:
    """Choices and equations missing, codes twice, columns of a checkbox alike (all inferred)."""
    column = "select_choices_or_calculations"
    listed = [(number, row) for number, row in numbered(rows) if row["field_type"] in WITH_CHOICES]
    yield from said(
        "The following multiple choice fields have no choices:",
        (
            named(column, number, row["field_name"])
            for number, row in listed
            if not parse_choices(row[column])
        ),
    )
    yield from said(
        "The following calculated fields have no equation:",
        (
            named(column, number, row["field_name"])
            for number, row in numbered(rows)
            if row["field_type"] == "calc" and not row[column].strip()
        ),
    )
    yield from said(
        "The following fields have choice codes that are empty or not unique:",
        (
            named(column, number, row["field_name"])
            for number, row in listed
            if _codes_clash(row["field_type"], row[column])
        ),
    )


def _codes_clash(field_type: str, text: str) -> bool:
    codes = [code for code, _ in parse_choices(text)]
    if field_type == "checkbox":
        # two codes of one export name could not be told apart in records
        codes = [export_code(code) if code else code for code in codes]
    return "" in codes or len(set(codes)) < len(codes)


def cells(rows: Sequence[Row]) -> Iterator[str]:
    """Cells with few values: flags, alignment, validation types (texts inferred).

    Validation types differ by server, so only what cannot be a name is refused.
    """
    for column in ("identifier", "required_field", "matrix_ranking"):
        yield from said(
            f'The cells of the column {column} must be "y" or blank. The following are not:',
            (
                named(column, number, row["field_name"])
                for number, row in numbered(rows)
                if row[column] not in ("", "y")
            ),
        )
    yield from said(
        'The custom alignment must be "LH", "LV", "RH", "RV" or blank. The following are not:',
        (
            named("custom_alignment", number, row["field_name"])
            for number, row in numbered(rows)
            if row["custom_alignment"] not in _ALIGNMENTS
        ),
    )
    column = "text_validation_type_or_show_slider_number"
    yield from said(
        "The following validation types do not exist:",
        (
            named(column, number, row[column])
            for number, row in numbered(rows)
            if row[column] and not _VALIDATION.fullmatch(row[column])
        ),
    )
