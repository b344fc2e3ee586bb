"""A field's wished cells → what is to be set and removed among its keys in the manifest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from redcap_iac.kinds.dictionary import choices, column_f, column_h
from redcap_iac.kinds.dictionary.field import CHOICE_TYPES, CHOICES, VALIDATION, Field
from redcap_iac.kinds.dictionary.typed import FLAG_KEYS, PLAIN_KEYS
from redcap_iac.kinds.dictionary.writing import drafted

#: The keys of a field in the order they are written in.
ORDER = (
    "matrix", "type", "label", "choices", "choices_from", "calculation", "slider", "sql",
    "ontology", "validation", "autocomplete", "signature", "min", "max", "identifier", "required",
    "ranking", "section", "note", "branching", "annotation", "alignment", "question_number",
    "renamed_from", "recode", "ignore",
)  # fmt: skip
#: The keys of which one fills column F, and of which one fills column H; `slider` is in both.
_F_KEYS = ("choices", "choices_from", "calculation", "slider", "sql", "ontology")
_H_KEYS = ("validation", "autocomplete", "signature")
_KEY_OF = {column: key for keys in (PLAIN_KEYS, FLAG_KEYS) for key, column in keys.items()}
#: What a row takes from its matrix where it says nothing itself.
INHERITED = ("type", "choices", "choices_from", "section", "ranking")

Keys = dict[str, object]


def definition_of(field: Field) -> Keys:
    """Return the keys of a field that stands alone, its matrix named but nothing left to it."""
    alone = replace(field, matrix_group_name="")
    (instrument,) = drafted([alone])
    assert isinstance(instrument, dict)
    keys: Keys = dict(instrument["fields"][field.field_name])
    return {"matrix": field.matrix_group_name, **keys} if field.matrix_group_name else keys


def changes(
    definition: Mapping[str, object], field: Field, columns: Iterable[str], inherits: frozenset[str]
) -> Keys:
    """Return the keys to set, those to remove with the value None.

    `field` is as it is to be, `definition` how it is written, `columns` what differs; `inherits`
    are the keys its matrix gives it.
    """
    found: Keys = {}
    wanted = set(columns)
    for column in sorted(wanted & _KEY_OF.keys()):
        key = _KEY_OF[column]
        text: str = getattr(field, column)
        if text or key in ("type", "label") or key in inherits:
            flag = key in FLAG_KEYS
            found[key] = True if flag and text == "y" else False if flag and not text else text
        else:
            found[key] = None
    if wanted & {CHOICES, "field_type"}:
        found |= _column_f(definition, field, inherits, forced=CHOICES in wanted)
    if wanted & {VALIDATION, "field_type"}:
        found |= _column_h(definition, field, forced=VALIDATION in wanted)
    found |= _slider(definition, field, wanted, found)
    return {key: value for key, value in found.items() if value is not None or key in definition}


def _column_f(
    definition: Mapping[str, object], field: Field, inherits: frozenset[str], *, forced: bool
) -> Keys:
    """Return what fills column F; text stays text, and a map a map where it says the same."""
    new = column_f.described(field)
    new.pop("slider", None)
    old = [key for key in _F_KEYS if key in definition and key != "slider"]
    cell: str = getattr(field, CHOICES)
    raw = definition.get("choices")
    if old == ["choices"] and isinstance(raw, str) and "choices" in new:
        new = {"choices": cell}
    is_alike = list(new) == old and isinstance(raw, str) == isinstance(new.get("choices"), str)
    if not forced and (is_alike or _still_fits(old, inherits, field)):
        return {}
    if not cell and inherits & {"choices", "choices_from"}:
        new = {"choices": ""}
    gone: Keys = {key: None for key in old if key not in new}
    return {**gone, **new}


def _still_fits(old: list[str], inherits: frozenset[str], field: Field) -> bool:
    """Tell whether choices shared with others are choices for the field's new type too."""
    shared = old == ["choices_from"] or (not old and inherits & {"choices", "choices_from"})
    return bool(shared) and field.field_type in CHOICE_TYPES


def _column_h(definition: Mapping[str, object], field: Field, *, forced: bool) -> Keys:
    new = column_h.described(field)
    new.pop("slider", None)
    old = [key for key in _H_KEYS if key in definition]
    if not forced and list(new) == old:
        return {}
    gone: Keys = {key: None for key in old if key not in new}
    return {**gone, **new}


def _slider(
    definition: Mapping[str, object], field: Field, wanted: set[str], found: Mapping[str, object]
) -> Keys:
    """Return the labels of a slider and whether it shows its number, which share a map."""
    if not wanted & {CHOICES, VALIDATION, "field_type"}:
        return {}
    new: Keys = {}
    for part in (column_f.described(field), column_h.described(field)):
        slider = part.get("slider")
        new |= slider if isinstance(slider, dict) else {}
    if isinstance(definition.get("choices"), str) and found.get("choices") is not None:
        new = {key: value for key, value in new.items() if key not in choices.SLIDER_KEYS}
    if new:
        return {"slider": new}
    return {"slider": None} if "slider" in definition else {}


def place_of(key: str, there: Iterable[str]) -> str | None:
    """Return the key of a definition a new one is to stand behind, None for the first place."""
    rank = {name: number for number, name in enumerate(ORDER)}
    before: str | None = None
    for name in there:
        if name in rank and rank[name] > rank[key]:
            break
        before = name
    return before
