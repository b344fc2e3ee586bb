"""From the 18 columns to the manifest's keys: typed where that loses nothing, raw elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from redcap_iac.kinds.dictionary import column_f, column_h
from redcap_iac.kinds.dictionary.field import Field

Definition = dict[str, object]

#: Keys behind which a flag's column stands; other text than `y` is written as it is.
_FLAGS = (
    ("identifier", "identifier"),
    ("required", "required_field"),
    ("ranking", "matrix_ranking"),
)
_BEFORE = (("type", "field_type"), ("label", "field_label"))
_MIDDLE = (("min", "text_validation_min"), ("max", "text_validation_max"))
_AFTER = (
    ("section", "section_header"),
    ("note", "field_note"),
    ("branching", "branching_logic"),
    ("annotation", "field_annotation"),
    ("alignment", "custom_alignment"),
    ("question_number", "question_number"),
)


def drafted(fields: Sequence[Field]) -> list[object]:
    """Return one map an instrument, in order: `instrument`, `matrices` when needed, `fields`."""
    return [
        _instrument(name, list(group))
        for name, group in groupby(fields, lambda field: field.form_name)
    ]


def _instrument(name: str, fields: list[Field]) -> Definition:
    definitions = {field.field_name: _definition(field) for field in fields}
    matrices: Definition = {}
    groups = dict.fromkeys(field.matrix_group_name for field in fields)
    for group in groups:
        if group:
            rows = [field.field_name for field in fields if field.matrix_group_name == group]
            matrices[group] = _shared([definitions[row] for row in rows])
    drafted: Definition = {"instrument": name}
    if matrices:
        drafted["matrices"] = matrices
    drafted["fields"] = definitions
    return drafted


def _definition(field: Field) -> Definition:
    definition: Definition = {}
    if field.matrix_group_name:
        definition["matrix"] = field.matrix_group_name
    _plain(field, definition, _BEFORE)
    definition.setdefault("type", "")
    definition.setdefault("label", "")
    column_h_keys = column_h.described(field)
    definition.update(column_f.described(field))
    if "slider" in definition and "slider" in column_h_keys:
        slider: dict[str, object] = {}
        for part in (definition["slider"], column_h_keys.pop("slider")):
            slider.update(part if isinstance(part, dict) else {})
        definition["slider"] = slider
    definition.update(column_h_keys)
    _plain(field, definition, _MIDDLE)
    for key, column in _FLAGS:
        text: str = getattr(field, column)
        if text:
            definition[key] = True if text == "y" else text
    _plain(field, definition, _AFTER)
    return definition


def _plain(field: Field, definition: Definition, keys: Sequence[tuple[str, str]]) -> None:
    for key, column in keys:
        text: str = getattr(field, column)
        if text:
            definition[key] = text


def _shared(rows: list[Definition]) -> Definition:
    """Move what all rows of a matrix say alike into its block; the section stands on the first."""
    block: Definition = {}
    for key in ("type", "choices", "ranking"):
        if all(key in row and _same(row[key], rows[0].get(key)) for row in rows):
            block[key] = rows[0][key]
            for row in rows:
                del row[key]
    if "section" in rows[0] and not any("section" in row for row in rows[1:]):
        block["section"] = rows[0].pop("section")
    return block


def _same(one: object, other: object) -> bool:
    """Tell whether two values are alike, order of choices included."""
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one.items()) == list(other.items())
    return one == other and type(one) is type(other)
