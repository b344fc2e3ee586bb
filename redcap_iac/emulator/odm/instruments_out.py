"""Instruments written as FormDef, ItemGroupDef, their items, and CodeList."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Sequence

from redcap_iac.emulator import design
from redcap_iac.emulator.odm import items_out
from redcap_iac.emulator.odm.groups import Form, Row, item_oids
from redcap_iac.emulator.odm.text import attributes, escaped

_TICKED = (("1", "Checked"), ("0", "Unchecked"))


def read(
    db: sqlite3.Connection, project_id: int, leading: Sequence[str], surveys: Collection[str]
) -> tuple[Form, ...]:
    """Return the forms of a project with their rows.

    `leading` are the items after the record id; each of `surveys` gets its time stamp.
    """
    rows: dict[str, list[Row]] = {}
    for row in db.execute(
        "SELECT * FROM fields WHERE project_id = ? ORDER BY position", (project_id,)
    ):
        cells = {name: row[name] for name in (*design.COLUMNS, "extras")}
        rows.setdefault(cells["form_name"], []).append(cells)
    return tuple(
        Form(
            name,
            label,
            tuple(rows.get(name, ())),
            (
                *(leading if place == 0 else ()),
                *((f"{name}_timestamp",) if name in surveys else ()),
            ),
            is_first=place == 0,
        )
        for place, (name, label) in enumerate(design.forms(db, project_id))
    )


def written(db: sqlite3.Connection, forms: Sequence[Form]) -> Iterator[str]:
    """Yield the definitions of forms, groups, items and code lists, in that order (recorded)."""
    for form in forms:
        yield from _form(form)
    for form in forms:
        yield from _groups(form)
    for form in forms:
        yield from items_out.written(db, form)
    for form in forms:
        yield from _lists(form)


def _form(form: Form) -> Iterator[str]:
    pairs = [("OID", f"Form.{form.name}"), ("Name", form.label), ("Repeating", "No")]
    yield f"\t<FormDef{attributes([*pairs, ('redcap:FormName', form.name)])}>\n"
    for group in form.groups():
        yield f'\t\t<ItemGroupRef{attributes([("ItemGroupOID", group.oid)])} Mandatory="No"/>\n'
    yield "\t</FormDef>\n"


def _groups(form: Form) -> Iterator[str]:
    required = {row["field_name"] for row in form.rows if row["required_field"]}
    for group in form.groups():
        pairs = [("OID", group.oid), ("Name", group.name), ("Repeating", "No")]
        yield f"\t<ItemGroupDef{attributes(pairs)}>\n"
        for oid, variable in group.items:
            mandatory = "Yes" if variable in required else "No"
            item = [("ItemOID", oid), ("Mandatory", mandatory), ("redcap:Variable", variable)]
            yield f"\t\t<ItemRef{attributes(item)}/>\n"
        yield "\t</ItemGroupDef>\n"


def _lists(form: Form) -> Iterator[str]:
    for row in form.rows:
        if not items_out.has_list(row):
            continue
        name, kind = row["field_name"], row["field_type"]
        choices = row["select_choices_or_calculations"]
        for oid in item_oids(row):
            if kind == "checkbox":
                yield _list(oid, name, "boolean", _TICKED, choices)
            elif kind in design.IMPLICIT_CHOICES:
                implicit = design.parse_choices(design.IMPLICIT_CHOICES[kind])
                yield _list(oid, name, "boolean", implicit)
            else:
                yield _list(oid, name, "text", design.parse_choices(choices))
    yield _list(form.status, form.status, "text", design.STATUS_CHOICES)


def _list(
    oid: str,
    variable: str,
    data_type: str,
    choices: Sequence[tuple[str, str]],
    boxes: str | None = None,
) -> str:
    pairs = [
        ("OID", f"{oid}.choices"), ("Name", oid), ("DataType", data_type),
        ("redcap:Variable", variable),
    ]  # fmt: skip
    if boxes is not None:
        pairs.append(("redcap:CheckboxChoices", boxes))
    items = "".join(
        f"\t\t<CodeListItem{attributes([('CodedValue', code)])}><Decode><TranslatedText>"
        f"{escaped(label)}</TranslatedText></Decode></CodeListItem>\n"
        for code, label in choices
    )
    return f"\t<CodeList{attributes(pairs)}>\n{items}\t</CodeList>\n"
