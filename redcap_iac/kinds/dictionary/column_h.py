"""Column H, validation or slider number: from the manifest's keys and back.

`validation` is the cell verbatim for any type; `slider: {show_number: true}`, `autocomplete: true`
and `signature: true` say what the column means for a slider, a list and a file.
"""

from __future__ import annotations

from redcap_iac.document import Map, Text
from redcap_iac.findings import Position
from redcap_iac.kinds.dictionary.field import VALIDATION, Field
from redcap_iac.kinds.dictionary.place import Place

Cell = tuple[str, Position]

#: Flags by key: the types they belong to, and the word of the column.
_FLAGS = {
    "autocomplete": (("dropdown", "sql"), "autocomplete"),
    "signature": (("file",), "signature"),
}


def declared(place: Place, definition: Map, type_name: str) -> Cell | None:
    """Return the cell and where it stands, None when no key fills it."""
    cells = []
    for key, (types, word) in _FLAGS.items():
        value = definition.get(key)
        if isinstance(value, Text) and value.flag:
            if type_name and type_name not in types:
                place.error(
                    "M227", f"`{key}` belongs to fields of type {' or '.join(types)}, and "
                    f"{place.name.text} is of type {type_name}.", value.at,
                )  # fmt: skip
            cells.append((word, value.at))
    slider = definition.map("slider")
    number = slider.text("show_number") if slider is not None else None
    if number is not None and number.flag:
        cells.append(("number", number.at))
    verbatim = definition.text("validation")
    if verbatim is not None and not verbatim.is_null:
        cells.append((verbatim.text, verbatim.at))
    if len(cells) > 1:
        place.error(
            "M222", f"Field {place.name.text} fills column H twice: `validation`, `autocomplete`, "
            "`signature` and `show_number` exclude each other.", cells[1][1],
        )  # fmt: skip
    return cells[0] if cells else None


def described(field: Field) -> dict[str, object]:
    """Return the keys that stand for a field's cell; `slider` joins the labels of column F."""
    text: str = getattr(field, VALIDATION)
    if not text:
        return {}
    for key, (types, word) in _FLAGS.items():
        if text == word and field.field_type in types:
            return {key: True}
    if field.field_type == "slider" and text == "number":
        return {"slider": {"show_number": True}}
    return {"validation": text}
