"""The codebook: every field as REDCap's own shows it, with what it reads and what reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from redcap_iac.design import Design
from redcap_iac.design.dependencies import Dependency
from redcap_iac.kinds.dictionary.field import CHOICES, VALIDATION, Field
from redcap_iac.logic.action_tags import every_tag
from redcap_iac.suggestions import in_words
from redcap_iac.views.docs.attributes import attributes, type_of, validation_of
from redcap_iac.views.docs.links import anchor, anchor_of_form, linked, said, titles_of_forms
from redcap_iac.views.docs.rich_labels import plain, rich

#: Names of more letters than this may be broken after an underscore.
_LONG = 20
#: Events, and choices, that are told one by one; more are only counted, or folded away.
_EVENTS, _CHOICES = 8, 30


@dataclass(frozen=True, slots=True)
class Use:
    """A field that reads this one, and for what."""

    name: str
    anchor: str
    purposes: str


@dataclass(frozen=True, slots=True)
class Choices:
    """Codes and labels; `are_long` codes may be broken, `are_many` choices are folded away."""

    pairs: tuple[tuple[str, Markup], ...]
    are_long: bool
    are_many: bool


@dataclass(frozen=True, slots=True)
class Formula:
    """A calculation or a query, with the word for it."""

    name: str
    text: Markup


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
    validation: str
    attributes: tuple[str, ...]
    flags: tuple[str, ...]
    choices: Choices | None
    formula: Formula | None
    branching: Markup
    annotation: Markup
    tags: tuple[str, ...]
    used_by: tuple[Use, ...]
    search: str

    @property
    def shown(self) -> Markup:
        """The name, to be broken after an underscore where it is long."""
        if len(self.name) <= _LONG:
            return escape(self.name)
        return Markup("_<wbr>").join(self.name.split("_"))


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
    titles = titles_of_forms(design)
    readers = _readers(edges)
    numbers = {field.field_name: number for number, field in enumerate(design.fields, 1)}
    forms = []
    for name, fields in design.by_instrument.items():
        entries = tuple(
            _entry(design, field, numbers[field.field_name], readers) for field in fields
        )
        where = _where(design, name)
        forms.append(Form(said(name), titles[name], anchor_of_form(name), entries, where))
    return tuple(forms)


def _readers(edges: Sequence[Dependency]) -> Mapping[str, tuple[Use, ...]]:
    found: dict[str, dict[str, dict[str, None]]] = {}
    for edge in edges:
        purposes = found.setdefault(edge.source, {}).setdefault(edge.target, {})
        purposes[str(edge.purpose)] = None
    return {
        source: tuple(
            Use(said(target), anchor(target), ", ".join(purposes))
            for target, purposes in targets.items()
        )
        for source, targets in found.items()
    }


def _entry(
    design: Design, field: Field, number: int, readers: Mapping[str, tuple[Use, ...]]
) -> Entry:
    name = field.field_name
    pairs = design.choices(name) or ()
    tags = tuple(dict.fromkeys(f"@{tag.name}" for tag in every_tag(field.field_annotation)))
    is_bare = field.field_annotation.split() == list(tags)
    return Entry(
        number,
        said(name),
        anchor(name),
        rich(field.section_header),
        rich(field.field_label),
        rich(field.field_note),
        type_of(field),
        validation_of(field),
        attributes(field),
        tuple(_flags(design, field)),
        _choices(pairs),
        _formula(design, field),
        linked(design, field.branching_logic),
        Markup() if is_bare else linked(design, field.field_annotation),
        tags,
        readers.get(name, ()),
        _search(field, pairs),
    )


def _choices(pairs: Sequence[tuple[str, str]]) -> Choices | None:
    if not pairs:
        return None
    shown = tuple((said(code), rich(label)) for code, label in pairs)
    longest = max(len(code) for code, _ in shown)
    return Choices(shown, longest > _LONG, len(shown) > _CHOICES)


def _formula(design: Design, field: Field) -> Formula | None:
    word = {"calc": "Calculation", "sql": "Query"}.get(field.field_type)
    cell: str = getattr(field, CHOICES)
    return Formula(word, linked(design, cell)) if word and cell.strip() else None


def _search(field: Field, pairs: Sequence[tuple[str, str]]) -> str:
    """Return what a search looks through, in lower case."""
    words = (
        field.field_name, plain(field.field_label), plain(field.field_note),
        plain(field.section_header), field.field_type, getattr(field, VALIDATION),
        *(f"{code} {plain(label)}" for code, label in pairs), field.field_annotation,
    )  # fmt: skip
    return said(" ".join(word for word in words if word).lower())


def _flags(design: Design, field: Field) -> list[str]:
    found = []
    if design.record_id is not None and field.field_name == design.record_id.field_name:
        found.append("record id")
    if field.required_field.lower() == "y":
        found.append("required")
    if field.identifier.lower() == "y":
        found.append("identifier")
    return found


def _where(design: Design, instrument: str) -> str:
    """Say where an instrument is filled in, "" where the design does not tell."""
    if not design.is_longitudinal:
        return "repeats" if design.repeats_somewhere(instrument) else ""
    if not design.knows_designations:
        return ""
    visits = design.visits_of(instrument)
    if not visits:
        return "on no event"
    arms: dict[tuple[str, bool], list[int]] = {}
    for visit in visits:
        arms.setdefault((visit.name, visit.repeats(instrument)), []).append(visit.arm)
    if len(arms) > _EVENTS:
        return f"on {len(visits)} of {len(design.visits)} events"
    all_arms = {visit.arm for visit in design.visits}
    return ", ".join(
        f"{said(name)}{_details(repeats, found if set(found) != all_arms else [])}"
        for (name, repeats), found in arms.items()
    )


def _details(repeats: bool, arms: Sequence[int]) -> str:
    """Return ` (repeating, arms 1 and 2)`, "" for neither."""
    numbers = in_words(map(str, arms), "and")
    told = f"arm{'s' if len(arms) > 1 else ''} {numbers}" if arms else ""
    words = ", ".join(filter(None, ("repeating" if repeats else "", told)))
    return f" ({words})" if words else ""
