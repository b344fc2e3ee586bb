"""Names of fields and forms: there, allowed, told apart, forms in one piece."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from redcap_iac.emulator.dictionary_checks.places import Row, cell, named, numbered, said

_NAME = re.compile(r"[a-z](?:_?[a-z0-9])*")
_FORM_NAME = re.compile(r"[a-z][a-z0-9_]*")
_LONGEST_NAME = 100
#: Columns that REDCap adds to records (inferred, no list is published).
_RESERVED = (
    "redcap_event_name",
    "redcap_repeat_instrument",
    "redcap_repeat_instance",
    "redcap_data_access_group",
    "redcap_survey_identifier",
    "redcap_survey_timestamp",
)


def names(rows: Sequence[Row]) -> Iterator[str]:
    """Field names: missing (inferred), duplicated (recorded), not allowed (inferred)."""
    yield from said(
        "Each row MUST have a variable/field name, but the following cells have a field name"
        " missing:",
        (cell("field_name", number) for number, row in numbered(rows) if not row["field_name"]),
        " ",
    )
    seen: set[str] = set()
    doubled = []
    for number, row in numbered(rows):
        if row["field_name"] in seen and row["field_name"]:
            doubled.append(named("field_name", number, row["field_name"]))
        seen.add(row["field_name"])
    yield from said(
        "The following variable/field names were duplicated. Please rename these field names so"
        " that they only appear once.",
        doubled,
    )
    taken = {f"{row['form_name']}_complete" for row in rows} | set(_RESERVED)
    yield from said(
        "The following variable/field names are not allowed. A name starts with a letter, holds"
        f" letters, digits and single underscores, at most {_LONGEST_NAME}, and is not one that"
        " REDCap uses itself.",
        (
            named("field_name", number, row["field_name"])
            for number, row in numbered(rows)
            if row["field_name"]
            and (
                not _NAME.fullmatch(row["field_name"])
                or len(row["field_name"]) > _LONGEST_NAME
                or row["field_name"] in taken
            )
        ),
    )


def forms(rows: Sequence[Row]) -> Iterator[str]:
    """Form names: missing and not contiguous (recorded), not allowed (inferred)."""
    yield from said(
        "Each row MUST have a form name, but the following cells have a form name missing:",
        (cell("form_name", number) for number, row in numbered(rows) if not row["form_name"]),
        " ",
    )
    yield from said(
        "Form names must be sequential and cannot repeat again after being used for another form."
        " Rename the following form names in the dictionary, beginning with the values listed"
        " below:",
        (named("form_name", number, name) for number, name in _returning(rows)),
    )
    yield from said(
        "The following form names are not allowed. A name starts with a letter and holds letters,"
        f" digits and underscores, at most {_LONGEST_NAME}.",
        (
            named("form_name", number, row["form_name"])
            for number, row in numbered(rows)
            if row["form_name"]
            and (
                not _FORM_NAME.fullmatch(row["form_name"]) or len(row["form_name"]) > _LONGEST_NAME
            )
        ),
    )


def _returning(rows: Sequence[Row]) -> Iterator[tuple[int, str]]:
    """Yield where a form begins that had already ended."""
    ended: set[str] = set()
    current = ""
    for number, row in numbered(rows):
        name = row["form_name"]
        if name == current or not name:
            continue
        if name in ended:
            yield number, name
        ended.add(current)
        current = name
