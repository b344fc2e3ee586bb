"""Column F, choices, calculations or slider labels: from the manifest's keys and back.

Six keys fill it, one at a time: `choices` (a map, or the cell as text), `choices_from` (a shared
list), `calculation`, `slider` (its labels), `sql`, `ontology`.
"""

from __future__ import annotations

import re

from redcap_iac.document import Map, Text
from redcap_iac.findings import Position
from redcap_iac.kinds.dictionary import choices
from redcap_iac.kinds.dictionary.field import CHOICE_TYPES, CHOICES, Field
from redcap_iac.kinds.dictionary.place import Place
from redcap_iac.suggestions import did_you_mean

Cell = tuple[str, Position]

#: Keys that are the cell as text, with the one type each belongs to.
_TEXT_KEYS = {"calculation": "calc", "sql": "sql", "ontology": "text"}
_ONTOLOGY = re.compile(r"[A-Z_]+:\S+")


def declared(place: Place, definition: Map, block: Map | None, type_name: str) -> Cell | None:
    """Return the cell and where it stands, None when no key fills it."""
    cells = [cell for key in _TEXT_KEYS if (cell := _text(place, definition, key, type_name))]
    cells += [cell for cell in (_labels(place, definition, type_name),) if cell]
    own = "choices" in definition or "choices_from" in definition
    source = definition if own or block is None else block
    given = [cell for cell in (_choices(place, source, type_name), _listed(place, source)) if cell]
    if len(given) == 2:
        place.error(
            "M222", f"Field {place.name.text} has both `choices` and `choices_from`.", given[1][1],
            "Keep one of the two.",
        )  # fmt: skip
        given = given[:1]
    if cells and given:
        place.error(
            "M222", f"Field {place.name.text} fills column F twice: with choices, and with "
            "`calculation`, `slider`, `sql` or `ontology`.", given[0][1],
            "Keep the one that belongs to its type.",
        )  # fmt: skip
    found = cells + given
    return found[0] if found else None


def _text(place: Place, definition: Map, key: str, type_name: str) -> Cell | None:
    value = definition.get(key)
    if not isinstance(value, Text) or value.is_null:
        return None
    _expect(place, key, _TEXT_KEYS[key], type_name, value.at)
    return value.text, value.at


def _labels(place: Place, definition: Map, type_name: str) -> Cell | None:
    slider = definition.map("slider")
    if slider is None:
        return None
    _expect(place, "slider", "slider", type_name, slider.at)
    labels = []
    for key in choices.SLIDER_KEYS:
        value = slider.text(key)
        if value is None or value.is_null or not value.text:
            continue
        if "|" in value.text:
            place.error(
                "M225", f"The {key} label of slider {place.name.text} holds a `|`, which "
                "separates labels in REDCap.", value.at,
            )  # fmt: skip
        labels.append((key, value.text))
    return (choices.slider_text(tuple(labels)), slider.at) if labels else None


def _choices(place: Place, source: Map, type_name: str) -> Cell | None:
    value = source.get("choices")
    if isinstance(value, Map):
        if type_name and type_name not in CHOICE_TYPES:
            place.error(
                "M227", f"Field {place.name.text} of type {type_name} cannot have a map of "
                "choices.", value.at,
                "Choices are for radio, dropdown and checkbox; yesno and truefalse have their own.",
            )  # fmt: skip
        return _paired(place, value), value.at
    if isinstance(value, Text) and not value.is_null:
        return value.text, value.at
    return None


def _listed(place: Place, source: Map) -> Cell | None:
    name = source.text("choices_from")
    if name is None or name.is_null:
        return None
    value = place.lists.get(name.text) if place.lists is not None else None
    if isinstance(value, Map):
        return _paired(place, value), name.at
    if isinstance(value, Text):
        return value.text, name.at
    names = [key.text for key, _ in place.lists.entries] if place.lists is not None else []
    place.error(
        "M220", f"There is no choice list {name.text}.", name.at,
        did_you_mean(name.text, names) or "Add it under `choice_lists`.",
    )  # fmt: skip
    return None


def _paired(place: Place, value: Map) -> str:
    """Return a map of choices as text; what the notation cannot carry is an error."""
    pairs = tuple(
        (code.text, "" if label.is_null else label.text)
        for code, label in value.entries
        if isinstance(label, Text)
    )
    bad = set(choices.misfits(pairs))
    for code, label in value.entries:
        if code.text in bad and isinstance(label, Text):
            place.error(
                "M225", f"Choice {code.text} of field {place.name.text} cannot be written in "
                "REDCap's notation: a code holds no comma, and neither code nor label a `|` or "
                "a line break.", label.at,
            )  # fmt: skip
    return choices.written(pairs)


def _expect(place: Place, key: str, wanted: str, type_name: str, at: Position) -> None:
    if type_name and type_name != wanted:
        place.error(
            "M227", f"`{key}` belongs to fields of type {wanted}, and {place.name.text} is of "
            f"type {type_name}.", at,
            "Change the type, or write the text of column F as `choices`.",
        )  # fmt: skip


def described(field: Field) -> dict[str, object]:
    """Return the keys that stand for a field's cell.

    A map of choices when it means the same pairs (only spacing may differ, §12.4); every other
    key gives back the very text.
    """
    text: str = getattr(field, CHOICES)
    if not text:
        return {}
    if field.field_type in CHOICE_TYPES:
        pairs = choices.parsed(text)
        if choices.holds(pairs) and _says_all(text):
            return {"choices": dict(pairs)}
    if field.field_type == "slider":
        labels = choices.slider_labels(text)
        if labels and choices.slider_text(labels) == text:
            return {"slider": dict(labels)}
    if field.field_type in ("calc", "sql"):
        return {"calculation" if field.field_type == "calc" else "sql": text}
    if field.field_type == "text" and _ONTOLOGY.fullmatch(text):
        return {"ontology": text}
    return {"choices": text}


def _says_all(text: str) -> bool:
    """Tell whether a map keeps what the text says: each part a code, a comma and a label."""
    return all("," in part for part in choices.parts(text))
