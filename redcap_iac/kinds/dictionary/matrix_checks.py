"""Matrices: rows stand together and share type and choices (documented)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from redcap_iac.findings import Findings
from redcap_iac.kinds.dictionary import choices
from redcap_iac.kinds.dictionary.field import CHOICES, Field
from redcap_iac.kinds.kind import encoded


def check(fields: Sequence[Field], findings: Findings) -> None:
    """Find rows of a matrix that are apart, or do not fit its first row."""
    seen: set[str] = set()
    for (name, _), rows in groupby(
        fields, lambda field: (field.matrix_group_name, field.form_name)
    ):
        if not name:
            continue
        first, *others = rows
        if name in seen:
            _error(
                first, f"stands apart from the other rows of matrix {name}", findings,
                "Rows of a matrix follow each other on one instrument; another block needs a name "
                "of its own.",
            )  # fmt: skip
        seen.add(name)
        _first(first, findings)
        for row in others:
            _row(first, row, findings)


def _first(row: Field, findings: Findings) -> None:
    if row.field_type not in ("radio", "checkbox"):
        _error(
            row, f"is a row of matrix {row.matrix_group_name} and of type {row.field_type}",
            findings, "A matrix has rows of type radio or checkbox.", "field_type",
        )  # fmt: skip
    elif row.matrix_ranking.strip() and row.field_type != "radio":
        _error(
            row, f"cannot be ranked: matrix {row.matrix_group_name} is not of type radio", findings,
            column="matrix_ranking",
        )  # fmt: skip


def _row(first: Field, row: Field, findings: Findings) -> None:
    if row.field_type != first.field_type:
        _error(
            row, f"is of type {row.field_type}, unlike {first.field_name} in the same matrix",
            findings, "All rows of a matrix have one type.", "field_type",
        )  # fmt: skip
    elif _pairs(row) != _pairs(first):
        _error(
            row, f"has other choices than {first.field_name} in the same matrix", findings,
            "All rows of a matrix have the same choices, in the same order.", CHOICES,
        )  # fmt: skip


def _pairs(field: Field) -> choices.Pairs:
    return choices.parsed(getattr(field, CHOICES))


def _error(
    field: Field, message: str, findings: Findings, advice: str = "",
    column: str = "matrix_group_name",
) -> None:  # fmt: skip
    findings.error(
        "M209", f"Field {field.field_name} {message}.", field.place(column),
        address=f"field/{encoded(field.field_name)}", advice=advice,
    )  # fmt: skip
