"""What a codebook says of the answers a field takes, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from redcap_iac.kinds.dictionary import choices as choice_text
from redcap_iac.kinds.dictionary.field import CHOICES, VALIDATION, Field
from redcap_iac.kinds.dictionary.normal import ALIASES, lines
from redcap_iac.kinds.dictionary.validations import VALIDATIONS
from redcap_iac.views.docs.links import said
from redcap_iac.views.docs.rich_labels import plain

#: What a field type is called on REDCap's pages (documented).
_TYPES: Mapping[str, str] = {
    "text": "text",
    "notes": "notes box",
    "radio": "radio buttons",
    "dropdown": "drop-down list",
    "checkbox": "checkboxes",
    "yesno": "yes/no",
    "truefalse": "true/false",
    "calc": "calculated field",
    "slider": "slider",
    "file": "file upload",
    "descriptive": "descriptive text",
    "sql": "dynamic query (SQL)",
}
#: Where a field stands beside its label, as the Online Designer words it (knowledge base); RV is
#: what every field has that says nothing.
_ALIGNED: Mapping[str, str] = {
    "RH": "right / horizontal",
    "LV": "left / vertical",
    "LH": "left / horizontal",
}


def type_of(field: Field) -> str:
    """Return the type of a field, and what its validation takes: `text: whole number`."""
    sort = _TYPES.get(field.field_type, said(field.field_type))
    meaning = VALIDATIONS.get(ALIASES.get(validation_of(field), validation_of(field)), "")
    return f"{sort}: {meaning[0].lower()}{meaning[1:]}" if meaning else sort


def validation_of(field: Field) -> str:
    """Return the validation of a text field as it is written, "" for none."""
    word: str = getattr(field, VALIDATION)
    return said(word) if field.field_type == "text" else ""


def attributes(field: Field) -> tuple[str, ...]:
    """Return what else is set about the answers a field takes."""
    return tuple(map(said, _attributes(field)))


def _attributes(field: Field) -> Iterator[str]:
    word: str = getattr(field, VALIDATION)
    if field.field_type != "text" and word:
        yield {"number": "shows its number"}.get(word, word)
    low, high = field.text_validation_min, field.text_validation_max
    if low or high:
        yield f"{low} to {high}" if low and high else f"from {low}" if low else f"up to {high}"
    cell: str = getattr(field, CHOICES)
    if field.field_type == "slider" and cell.strip():
        labels = choice_text.slider_labels(cell)
        yield from (f"{place}: {plain(text)}" for place, text in labels or ())
    elif field.field_type == "text" and cell.strip():
        yield lines(cell)
    if field.matrix_group_name:
        ranking = ", ranking" if field.matrix_ranking.lower() == "y" else ""
        yield f"row of matrix {field.matrix_group_name}{ranking}"
    alignment = field.custom_alignment.strip().upper()
    if alignment not in ("", "RV"):
        yield f"alignment {_ALIGNED.get(alignment, alignment)}"
    if field.question_number:
        yield f"question {field.question_number}"
