"""From the manifest's keys to the 18 columns.

Every typed key fills one column; `choices` as text is column F verbatim for any type and
`validation` column H, so that nothing is beyond the manifest. The shape of the maps (unknown
keys, lists for maps) is the schema's business: here only what the keys mean together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast

from redcap_iac.document import Map, Node, Text
from redcap_iac.findings import Findings, Position
from redcap_iac.kinds.dictionary import column_f, column_h
from redcap_iac.kinds.dictionary.field import CHOICES, VALIDATION, Field
from redcap_iac.kinds.dictionary.place import Place
from redcap_iac.kinds.kind import encoded
from redcap_iac.state import Item
from redcap_iac.suggestions import did_you_mean

#: Manifest keys that are one column's text as it stands.
PLAIN_KEYS: Mapping[str, str] = {
    "type": "field_type",
    "label": "field_label",
    "section": "section_header",
    "note": "field_note",
    "min": "text_validation_min",
    "max": "text_validation_max",
    "branching": "branching_logic",
    "alignment": "custom_alignment",
    "question_number": "question_number",
    "matrix": "matrix_group_name",
    "annotation": "field_annotation",
}
#: Manifest keys that are `true`, `false`, or column text as it stands.
FLAG_KEYS: Mapping[str, str] = {
    "identifier": "identifier",
    "required": "required_field",
    "ranking": "matrix_ranking",
}


def declared(
    root: Map, instruments: Sequence[Map | tuple[Item, ...]], findings: Findings
) -> tuple[Field, ...]:
    """Return the fields of all instruments in order, with the hints of `renamed`."""
    lists = root.map("choice_lists")
    reported: set[tuple[str, Position | None]] = set()
    fields: list[Field] = []
    for part in instruments:
        if isinstance(part, Map):
            fields.extend(_instrument(part, lists, findings, reported))
        else:
            fields.extend(cast("tuple[Field, ...]", part))
    return _with_hints(root, tuple(fields), findings)


def _instrument(
    part: Map, lists: Map | None, findings: Findings, reported: set[tuple[str, Position | None]]
) -> list[Field]:
    instrument, definitions = part.text("instrument"), part.map("fields")
    if instrument is None or definitions is None:
        return []  # the schema says so
    matrices = part.map("matrices")
    fields: list[Field] = []
    begun: set[str] = set()
    for name, definition in definitions.entries:
        if isinstance(definition, Map):
            place = Place(instrument.text, name, matrices, lists, findings, reported)
            field = _field(place, definition, begun)
            if field.matrix_group_name:
                begun.add(field.matrix_group_name)
            fields.append(field)
    return fields


def _field(place: Place, definition: Map, begun: set[str]) -> Field:
    block = _matrix(place, definition)
    columns: dict[str, str] = {}
    places: dict[str, Position] = {}
    for key, column in PLAIN_KEYS.items():
        value = definition.get(key)
        if value is None and block is not None and _inherits(key, definition, begun):
            value = block.get(key)
        if isinstance(value, Text) and not value.is_null:
            columns[column] = value.text
            places[column] = value.at
    for key, column in FLAG_KEYS.items():
        value = definition.get(key)
        if value is None and block is not None and key == "ranking":
            value = block.get(key)
        if isinstance(value, Text):
            columns[column] = _flag(value)
            places[column] = value.at
    type_name = columns.get("field_type", "")
    for column, cell in (
        (CHOICES, column_f.declared(place, definition, block, type_name)),
        (VALIDATION, column_h.declared(place, definition, type_name)),
    ):
        if cell is not None:
            columns[column], places[column] = cell
    return Field(
        field_name=place.name.text,
        form_name=place.instrument,
        **columns,
        renamed_from=_hint(definition.get("renamed_from")),
        recode=_recode(definition.map("recode")),
        at=place.name.at,
        places=places,
    )


def _inherits(key: str, definition: Map, begun: set[str]) -> bool:
    """Tell whether a row takes a key of its matrix: the section stands above the first row."""
    if key == "type":
        return True
    group = definition.text("matrix")
    return key == "section" and group is not None and group.text not in begun


def _matrix(place: Place, definition: Map) -> Map | None:
    group = definition.text("matrix")
    if group is None or group.is_null or not group.text:
        return None
    block = place.matrices.map(group.text) if place.matrices is not None else None
    if block is None and (place.matrices is None or group.text not in place.matrices):
        names = [key.text for key, _ in place.matrices.entries] if place.matrices else []
        place.error(
            "M221", f"Matrix {group.text} is not defined under `matrices` of {place.instrument}.",
            group.at, did_you_mean(group.text, names),
        )  # fmt: skip
    return block


def _flag(value: Text) -> str:
    if value.is_null:
        return ""
    return value.text if value.flag is None else "y" * value.flag


def _hint(value: Node | None) -> str:
    return value.text if isinstance(value, Text) and not value.is_null else ""


def _recode(value: Map | None) -> tuple[tuple[str, str], ...]:
    if value is None:
        return ()
    return tuple((old.text, new.text) for old, new in value.entries if isinstance(new, Text))


def _with_hints(root: Map, fields: tuple[Field, ...], findings: Findings) -> tuple[Field, ...]:
    """Give the fields named under `renamed` their old names."""
    hints = root.map("renamed")
    renamed = hints.map("fields") if hints is not None else None
    if renamed is None:
        return fields
    names = {field.field_name for field in fields}
    old: dict[str, str] = {}
    for new, name in renamed.entries:
        if new.text not in names:
            findings.error(
                "M224", f"`renamed` names the field {new.text}, which is not declared.", new.at,
                address=f"field/{encoded(new.text)}",
                advice=did_you_mean(new.text, sorted(names))
                or "Write the new name first, then the old one: `new: old`.",
            )  # fmt: skip
        elif isinstance(name, Text) and not name.is_null:
            old[new.text] = name.text
    return tuple(
        replace(field, renamed_from=old[field.field_name]) if field.field_name in old else field
        for field in fields
    )
