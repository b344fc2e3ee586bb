"""What rows have to do with each other: logic that names fields, and matrices."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from redcap_iac.emulator.design import parse_choices
from redcap_iac.emulator.dictionary_checks.places import Row, named, numbered, said
from redcap_iac.logic import LogicError, parse
from redcap_iac.logic import references as references_in

_GROUP_NAME = re.compile(r"[a-z0-9_]+")
#: What may be a name, wherever it stands in brackets: of a field, an event, a smart variable.
_BRACKETED = re.compile(r"\[\s*([a-z][a-z0-9_]*)\s*[\](:]", re.IGNORECASE)


def references(rows: Sequence[Row]) -> Iterator[str]:
    """Fields that logic names but the payload lacks: recorded for branching, else inferred.

    An expression that does not parse is kept as it is; nobody recorded a refusal (inferred).
    """
    known = {row["field_name"] for row in rows} | {f"{row['form_name']}_complete" for row in rows}
    yield from said(
        "There are variables used in the branching logic that are not listed as real variables in"
        " column A. All variables used in branching logic must exist in column A. Below are the"
        " variables not found in column A.",
        _unknown(rows, "branching_logic", known),
    )
    yield from said(
        "There are variables used in the calculations that are not listed as real variables in"
        " column A. All variables used in calculations must exist in column A. Below are the"
        " variables not found in column A.",
        _unknown(
            [row if row["field_type"] == "calc" else {} for row in rows],
            "select_choices_or_calculations",
            known,
        ),
    )


def _unknown(rows: Sequence[Row], column: str, known: set[str]) -> Iterator[str]:
    for number, row in numbered(rows):
        text = row.get(column, "")
        suspects = {name.lower() for name in _BRACKETED.findall(text)} - known
        if suspects:  # parsing is slow; most expressions name known fields only
            for name in _fields_of(text):
                if name in suspects:
                    yield named(column, number, name)


def _fields_of(text: str) -> list[str]:
    try:
        return [reference.field.lower() for reference in references_in(parse(text))]
    except LogicError:
        return []


def matrices(rows: Sequence[Row]) -> Iterator[str]:
    """Matrices: type, name, adjacency, choices, ranking (rules documented, texts inferred)."""
    column = "matrix_group_name"
    grouped = [(number, row) for number, row in numbered(rows) if row[column]]
    yield from said(
        "Only radio and checkbox fields can be in a matrix. The following are of another type:",
        (
            named(column, number, row["field_name"])
            for number, row in grouped
            if row["field_type"] not in ("radio", "checkbox")
        ),
    )
    yield from said(
        "The following matrix group names are not allowed. A name holds letters, digits and"
        " underscores.",
        (
            named(column, number, row[column])
            for number, row in grouped
            if not _GROUP_NAME.fullmatch(row[column])
        ),
    )
    yield from said(
        "The fields of a matrix must be adjacent, on one form, of one type, with the same choices"
        " and ranking. The following break this:",
        (named(column, number, row["field_name"]) for number, row in _odd_members(rows)),
    )
    yield from said(
        "Only matrices of radio fields can be ranked. The following are not:",
        (
            named("matrix_ranking", number, row["field_name"])
            for number, row in numbered(rows)
            if row["matrix_ranking"] == "y" and (row["field_type"] != "radio" or not row[column])
        ),
    )


def _odd_members(rows: Sequence[Row]) -> Iterator[tuple[int, Row]]:
    """Yield the rows that do not fit the first row of their matrix."""
    first: dict[str, object] = {}
    previous = ""
    for number, row in numbered(rows):
        group = row["matrix_group_name"]
        alike = (
            row["form_name"],
            row["field_type"],
            parse_choices(row["select_choices_or_calculations"]),
            row["matrix_ranking"],
        )
        if group and group in first and (group != previous or first[group] != alike):
            yield number, row
        elif group:
            first[group] = alike
        previous = group
