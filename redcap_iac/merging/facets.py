"""An item as the parts that are decided about one by one.

A field has its columns, the choices of a list one by one; a role or user its rights and the
levels of each instrument; anything else the aspects in which it is compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from redcap_iac.changes import Value
from redcap_iac.kinds.dictionary.field import CHOICES, COLUMNS, VALIDATION, Field
from redcap_iac.kinds.dictionary.normal import aspects
from redcap_iac.kinds.kind import Kind
from redcap_iac.state import Item

#: A place in an item: the column or aspect, and the code, right or instrument within it.
Place = tuple[str, str]

_COLUMNS = {
    "instrument": "form_name",
    "type": "field_type",
    "label": "field_label",
    "min": "text_validation_min",
    "max": "text_validation_max",
    "section": "section_header",
    "note": "field_note",
    "identifier": "identifier",
    "required": "required_field",
    "branching": "branching_logic",
    "annotation": "field_annotation",
    "alignment": "custom_alignment",
    "question number": "question_number",
    "matrix": "matrix_group_name",
    "ranking": "matrix_ranking",
    "validation": VALIDATION,
    "show number": VALIDATION,
    "signature": VALIDATION,
    "autocomplete": VALIDATION,
}


@dataclass(frozen=True, slots=True)
class Facet:
    """One part: what people call it, and its value."""

    name: str
    value: Value


def facets(kind: Kind[Any], item: Item) -> Mapping[Place, Facet]:
    """Return the parts of an item that hold something."""
    if isinstance(item, Field):
        found = {
            (_COLUMNS.get(name, CHOICES), ""): Facet(name, value) for name, value in aspects(item)
        }
        return dict(sorted(found.items(), key=lambda pair: COLUMNS.index(pair[0][0])))
    made: dict[Place, Facet] = {}
    for name, value in kind.normal(item):
        if isinstance(value, str):
            if value:
                made[name, ""] = Facet(name, value)
        else:
            for part, level in value:
                made[name, part] = Facet(_said(name, part), level)
    return made


def _said(name: str, part: str) -> str:
    """Return `design`, `vitals`, `export of vitals`."""
    return f"export of {part}" if name == "export" else part
