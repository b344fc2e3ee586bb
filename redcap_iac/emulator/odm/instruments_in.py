"""FormDef, ItemGroupDef, ItemDef and CodeList read as instruments and dictionary rows."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from redcap_iac.emulator import design
from redcap_iac.emulator.errors import ApiFault
from redcap_iac.emulator.odm import items_in
from redcap_iac.emulator.odm.document import form_name, refused
from redcap_iac.emulator.odm.items_in import Attachment, Lists
from redcap_iac.emulator.odm.vocabulary import FIELD_TYPES, STATUS_LABEL, extension, odm, redcap

_NAME = re.compile(r"^[a-z][a-z0-9_]*$")


@dataclass(frozen=True, slots=True)
class Item:
    """What an ItemDef stands for in data: a field, and the choice when it is a ticked box."""

    variable: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """A field as the file describes it: its 18 columns, what is beyond them, its attachment."""

    row: Mapping[str, str]
    extras: Mapping[str, str]
    attachment: Attachment | None


@dataclass(slots=True)
class Instruments:
    """The instruments of a file in order, their fields, and the meaning of every item OID."""

    labels: dict[str, str] = field(default_factory=dict)
    fields: dict[str, Field] = field(default_factory=dict)
    items: dict[str, Item] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def read(version: ET.Element) -> Instruments:
    """Read the instruments of a MetaDataVersion.

    Items that describe data columns rather than fields (DAG, survey identifier, time stamps)
    carry no field type in a REDCap file and are no fields (recorded). Raises ApiFault 400 with
    every fault found.
    """
    groups = {group.get("OID"): group for group in version.iterfind(odm("ItemGroupDef"))}
    definitions = {item.get("OID", ""): item for item in version.iterfind(odm("ItemDef"))}
    lists: Lists = {code.get("OID", ""): code for code in version.iterfind(odm("CodeList"))}
    found = Instruments()
    for form in version.iterfind(odm("FormDef")):
        name = form_name(form)
        if name in found.labels or not _NAME.match(name):
            found.faults.append(f"the form name {name!r} is used twice or is not valid")
        found.labels[name] = form.get("Name") or name
        found.items[f"{name}_complete"] = Item(f"{name}_complete")
        for item in _items_of(form, groups, definitions, found):
            _add(found, name, item, lists)
    if not found.fields:
        found.faults.append("it defines no field")
    if found.faults:
        raise ApiFault("\n".join(refused(fault).text for fault in dict.fromkeys(found.faults)))
    return found


def _items_of(
    form: ET.Element,
    groups: Mapping[str | None, ET.Element],
    definitions: Mapping[str, ET.Element],
    found: Instruments,
) -> Iterator[ET.Element]:
    """Yield the items of a form in order, with what their group adds put on them."""
    for group_ref in form.iterfind(odm("ItemGroupRef")):
        group = groups.get(group_ref.get("ItemGroupOID"))
        if group is None:
            found.faults.append(f"the item group {group_ref.get('ItemGroupOID')!r} is not defined")
            continue
        for position, item_ref in enumerate(group.iterfind(odm("ItemRef"))):
            item = definitions.get(item_ref.get("ItemOID", ""))
            if item is None:
                found.faults.append(f"the item {item_ref.get('ItemOID')!r} is not defined")
                continue
            if item.get(redcap("FieldType")) is None and item.get(redcap("Variable")) is None:
                _complete(item, form, group if position == 0 else None, item_ref)
            yield item


def _complete(
    item: ET.Element,
    form: ET.Element,
    group: ET.Element | None,
    item_ref: ET.Element,
) -> None:
    """Fill in what a file without `redcap:` attributes says elsewhere (inferred).

    `Mandatory` is a required field; a group named unlike its form is a section.
    """
    if item_ref.get("Mandatory") == "Yes" and not extension(item, "RequiredField"):
        item.set(redcap("RequiredField"), "y")
    if group is not None and not extension(item, "SectionHeader"):
        name = group.get("Name", "")
        if name not in (form.get("Name"), form_name(form), STATUS_LABEL):
            item.set(redcap("SectionHeader"), name)


def _add(found: Instruments, form: str, item: ET.Element, lists: Lists) -> None:
    oid = item.get("OID", "")
    variable = extension(item, "Variable") or item.get("Name", "")
    if item.get(redcap("Variable")) is not None and item.get(redcap("FieldType")) is None:
        return
    if variable == f"{form}_complete":
        found.items[oid] = Item(variable)
        return
    known = found.fields.get(variable)
    if known is None:
        known = _field(found, form, variable, item, lists)
    elif known.row["form_name"] != form or known.row["field_type"] != "checkbox":
        found.faults.append(f"the field {variable!r} is defined more than once")
    found.items[oid] = Item(variable, _code(known, oid))


def _field(found: Instruments, form: str, variable: str, item: ET.Element, lists: Lists) -> Field:
    row = {**items_in.row(item, lists), "field_name": variable, "form_name": form}
    if not _NAME.match(variable):
        found.faults.append(f"the field name {variable!r} is not valid")
    if row["field_type"] not in FIELD_TYPES:
        found.faults.append(f"the field {variable!r} has the unknown type {row['field_type']!r}")
    made = Field(row, items_in.extras(item), items_in.attachment(item))
    found.fields[variable] = made
    return made


def _code(known: Field, oid: str) -> str:
    """Return the choice that the item of a checkbox ticks, named by the end of its OID."""
    if known.row["field_type"] != "checkbox":
        return ""
    suffix = oid.removeprefix(f"{known.row['field_name']}___")
    codes = [code for code, _ in design.parse_choices(known.row["select_choices_or_calculations"])]
    return next((code for code in codes if design.export_code(code) == suffix), "")
