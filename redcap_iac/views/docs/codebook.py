"""The codebook: every field as REDCap's own shows it, with what it reads and what reads it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from redcap_iac.design import Design
from redcap_iac.design.dependencies import Dependency
from redcap_iac.kinds.dictionary import choices as choice_text
from redcap_iac.kinds.dictionary.field import CHOICES, VALIDATION, Field
from redcap_iac.kinds.dictionary.normal import lines
from redcap_iac.kinds.dictionary.validations import VALIDATIONS
from redcap_iac.logic.action_tags import every_tag
from redcap_iac.secret import redact
from redcap_iac.views.docs.rich_labels import plain, rich
from redcap_iac.views.printable import printable

_NAME = re.compile(r"\[\s*([A-Za-z0-9_]+)(?=\s*[\](:])")
_LINK = Markup('<a href="#{}">{}</a>')
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


@dataclass(frozen=True, slots=True)
class Use:
    """A field that reads this one, and for what."""

    name: str
    anchor: str
    purposes: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the codebook; what has no content is empty."""

    number: int
    name: str
    anchor: str
    section: Markup
    label: Markup
    note: Markup
    type: str
    attributes: tuple[str, ...]
    flags: tuple[str, ...]
    choices: tuple[tuple[str, Markup], ...]
    calculation: Markup
    branching: Markup
    annotation: Markup
    tags: tuple[str, ...]
    used_by: tuple[Use, ...]
    search: str


@dataclass(frozen=True, slots=True)
class Form:
    """One instrument with its rows; `schedule` says in a sentence where it is filled in."""

    name: str
    label: str
    anchor: str
    entries: tuple[Entry, ...]
    schedule: str


def codebook(design: Design, edges: Sequence[Dependency]) -> tuple[Form, ...]:
    """Return the instruments in order with all their fields."""
    labels = {one.name: one.label for one in design.instrument_items}
    readers = _readers(edges)
    numbers = {field.field_name: number for number, field in enumerate(design.fields, 1)}
    forms = []
    for name, fields in design.by_instrument.items():
        entries = tuple(
            _entry(design, field, numbers[field.field_name], readers) for field in fields
        )
        label = plain(labels.get(name, "")) or name.replace("_", " ").capitalize()
        forms.append(Form(_said(name), label, anchor_of_form(name), entries, _where(design, name)))
    return tuple(forms)


def anchor(name: str) -> str:
    """Return the permalink of a field."""
    return f"field-{name}"


def anchor_of_form(name: str) -> str:
    """Return the permalink of an instrument."""
    return f"instrument-{name}"


def _readers(edges: Sequence[Dependency]) -> Mapping[str, tuple[Use, ...]]:
    found: dict[str, dict[str, dict[str, None]]] = {}
    for edge in edges:
        purposes = found.setdefault(edge.source, {}).setdefault(edge.target, {})
        purposes[str(edge.purpose)] = None
    return {
        source: tuple(
            Use(_said(target), anchor(target), ", ".join(purposes))
            for target, purposes in targets.items()
        )
        for source, targets in found.items()
    }


def _entry(
    design: Design, field: Field, number: int, readers: Mapping[str, tuple[Use, ...]]
) -> Entry:
    name = field.field_name
    pairs = design.choices(name) or ()
    shown = tuple((_said(code), rich(label)) for code, label in pairs)
    is_calc = field.field_type == "calc"
    label, note = rich(field.field_label), rich(field.field_note)
    return Entry(
        number,
        _said(name),
        anchor(name),
        rich(field.section_header),
        label,
        note,
        _TYPES.get(field.field_type, field.field_type),
        tuple(_attributes(field)),
        tuple(_flags(design, field)),
        shown,
        linked(design, getattr(field, CHOICES)) if is_calc else Markup(),
        linked(design, field.branching_logic),
        linked(design, field.field_annotation),
        tuple(dict.fromkeys(f"@{tag.name}" for tag in every_tag(field.field_annotation))),
        readers.get(name, ()),
        _search(field, pairs),
    )


def _search(field: Field, pairs: Sequence[tuple[str, str]]) -> str:
    """Return what a search looks through, in lower case."""
    words = (
        field.field_name, plain(field.field_label), plain(field.field_note),
        plain(field.section_header), field.field_type, getattr(field, VALIDATION),
        *(f"{code} {plain(label)}" for code, label in pairs), field.field_annotation,
    )  # fmt: skip
    return _said(" ".join(word for word in words if word).lower())


def _attributes(field: Field) -> list[str]:
    """Return what is set about the values a field takes, in words."""
    found = []
    word: str = getattr(field, VALIDATION)
    if field.field_type == "text" and word:
        meaning = VALIDATIONS.get(word)
        found.append(f"{word}: {meaning[0].lower()}{meaning[1:]}" if meaning else word)
    elif word:
        found.append({"number": "shows its number"}.get(word, word))
    low, high = field.text_validation_min, field.text_validation_max
    if low or high:
        found.append(
            f"from {low}" if not high else f"up to {high}" if not low else f"{low} to {high}"
        )
    cell: str = getattr(field, CHOICES)
    if field.field_type == "slider" and cell.strip():
        labels = choice_text.slider_labels(cell)
        found += [f"{place}: {plain(text)}" for place, text in labels or ()]
    elif field.field_type in ("text", "sql") and cell.strip():
        found.append(lines(cell))
    if field.matrix_group_name:
        ranking = ", ranking" if field.matrix_ranking.lower() == "y" else ""
        found.append(f"row of matrix {field.matrix_group_name}{ranking}")
    if field.custom_alignment:
        found.append(f"alignment {field.custom_alignment}")
    if field.question_number:
        found.append(f"question {field.question_number}")
    return [_said(text) for text in found]


def _flags(design: Design, field: Field) -> list[str]:
    found = []
    if design.record_id is not None and field.field_name == design.record_id.field_name:
        found.append("record id")
    if field.required_field.lower() == "y":
        found.append("required")
    if field.identifier.lower() == "y":
        found.append("identifier")
    return found


def linked(design: Design, text: str) -> Markup:
    """Return logic as HTML in which every field that is there leads to its row."""
    html, at = Markup(), 0
    for match in _NAME.finditer(text):
        field = design.field(match[1])
        if field is None:
            continue
        html += escape(_said(text[at : match.start(1)]))
        html += _LINK.format(anchor(field.field_name), _said(match[1]))
        at = match.end(1)
    return html + escape(_said(text[at:]))


def _where(design: Design, instrument: str) -> str:
    """Say where an instrument is filled in, "" where the design does not tell."""
    if not design.is_longitudinal:
        return "repeats" if design.repeats_somewhere(instrument) else ""
    if not design.knows_designations:
        return ""
    visits = design.visits_of(instrument)
    if not visits:
        return "on no event"
    several = len({visit.arm for visit in design.visits}) > 1
    return ", ".join(
        f"{_said(visit.name)}{f' (arm {visit.arm})' if several else ''}"
        f"{', repeating' if visit.repeats(instrument) else ''}"
        for visit in visits
    )


def _said(text: str) -> str:
    return printable(redact(text))
