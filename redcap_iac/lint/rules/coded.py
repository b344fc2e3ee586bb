"""Choices as pairs of code and label, and the columns a checkbox is exported in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from redcap_iac.design import Design
from redcap_iac.kinds.dictionary import choices
from redcap_iac.kinds.dictionary.field import CHOICE_TYPES, CHOICES, Field
from redcap_iac.kinds.dictionary.normal import lines

#: The choices of `yesno`, which stand in no cell (documented).
YES_NO = (("1", "Yes"), ("0", "No"))


@lru_cache(maxsize=65_536)
def _parsed(text: str) -> choices.Pairs:
    return choices.parsed(lines(text))


def pairs(field: Field) -> choices.Pairs:
    """Return the choices of a radio, dropdown or checkbox, nothing for other types."""
    if field.field_type not in CHOICE_TYPES:
        return ()
    return _parsed(getattr(field, CHOICES))


def coded_fields(design: Design, *types: str) -> Iterator[tuple[Field, choices.Pairs]]:
    """Yield the fields with choices, of all types or of some; rows of a matrix but the first not.

    What is wrong with the choices of a matrix is wrong once: its rows share them (documented).
    """
    seen: set[str] = set()
    for field in design.fields:
        found = pairs(field)
        if not found or (types and field.field_type not in types):
            continue
        matrix = field.matrix_group_name.strip()
        if matrix in seen:
            continue
        if matrix:
            seen.add(matrix)
        yield field, found


def columns(field: Field) -> Mapping[str, tuple[str, ...]]:
    """Return the export columns of a checkbox with the codes each is for.

    `name___code`, the code in lower case and everything but letters and digits as `_` (recorded).
    """
    found: dict[str, list[str]] = {}
    if field.field_type == "checkbox":
        for code, _ in pairs(field):
            suffix = re.sub(r"[^a-z0-9]", "_", code.lower())
            found.setdefault(f"{field.field_name}___{suffix}", []).append(code)
    return {column: tuple(codes) for column, codes in found.items()}
