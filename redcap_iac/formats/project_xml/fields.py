"""Instruments and fields of a project file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from redcap_iac.findings import Findings, Position
from redcap_iac.formats.project_xml.elements import Element
from redcap_iac.formats.project_xml.words import (
    ATTRIBUTES,
    COLUMN_F,
    DATA_TYPES,
    TYPES,
    VALIDATIONS,
)
from redcap_iac.kinds.dictionary import choices
from redcap_iac.kinds.dictionary.field import CHOICES, IMPLICIT_TYPES, VALIDATION, Field
from redcap_iac.kinds.instruments import Instrument

_YES_NO = (("1", "Yes"), ("0", "No"))
_STATUS = "Form Status"
#: Settings of a field that the dictionary has no column for.
_BEYOND = {"VideoUrl": "video", "InlineImage": "inline image", "VideoDisplayInline": ""}


@dataclass(frozen=True, slots=True)
class _Definitions:
    """What a version of the metadata defines, by OID."""

    groups: Mapping[str, Element]
    items: Mapping[str, Element]
    lists: Mapping[str, Element]


def form_name(element: Element) -> str:
    """Return the name of a form's definition or reference: its own, else the end of its OID."""
    oid = element.get("OID") or element.get("FormOID")
    return element.own("FormName") or oid.removeprefix("Form.")


def read_fields(
    version: Element, file: str, findings: Findings
) -> tuple[tuple[Instrument, ...], tuple[Field, ...]]:
    """Return instruments with their labels, and all fields in order.

    Items that REDCap adds for data (groups, time stamps) have no field type and are no fields
    (recorded), nor is the status of a form. What no column holds is told, field by field.
    """
    there = _Definitions(
        {one.get("OID"): one for one in version.all("ItemGroupDef")},
        {one.get("OID"): one for one in version.all("ItemDef")},
        {one.get("OID"): one for one in version.all("CodeList")},
    )
    instruments: dict[str, Instrument] = {}
    fields: dict[str, Field] = {}
    for form in version.all("FormDef"):
        name, at = form_name(form), Position(file, form.line)
        if name in instruments:
            findings.error("C105", f"The form {name} is defined twice.", at)
        instruments[name] = Instrument(name, form.get("Name"), at=at)
        for item in _items(form, there, file, findings):
            _take(item, name, fields, there, file, findings)
    return tuple(instruments.values()), tuple(fields.values())


def _items(form: Element, there: _Definitions, file: str, findings: Findings) -> Iterator[Element]:
    for reference in form.all("ItemGroupRef"):
        group = there.groups.get(reference.get("ItemGroupOID"))
        if group is None:
            said = f"The group {reference.get('ItemGroupOID')} is not defined."
            findings.error("C105", said, Position(file, reference.line))
            continue
        for place, member in enumerate(group.all("ItemRef")):
            item = there.items.get(member.get("ItemOID"))
            if item is None:
                said = f"The item {member.get('ItemOID')} is not defined."
                findings.error("C105", said, Position(file, member.line))
                continue
            if not item.has_own("Variable") and not item.has_own("FieldType"):
                _complete(item, form, group, member, is_first=place == 0)
            yield item


def _complete(
    item: Element, form: Element, group: Element, member: Element, *, is_first: bool
) -> None:
    """Fill in what a file without REDCap's names says elsewhere (inferred).

    `Mandatory` is a required field, a group named unlike its form a section.
    """
    prefix = "https://projectredcap.org "
    if member.get("Mandatory") == "Yes" and not item.own("RequiredField"):
        item.attributes[f"{prefix}RequiredField"] = "y"
    heads = is_first and group.get("Name") not in (form.get("Name"), form_name(form), _STATUS)
    if heads and not item.own("SectionHeader"):
        item.attributes[f"{prefix}SectionHeader"] = group.get("Name")


def _take(
    item: Element, form: str, fields: dict[str, Field], there: _Definitions, file: str,
    findings: Findings,
) -> None:  # fmt: skip
    name = item.own("Variable") or item.get("Name")
    if name == f"{form}_complete" or (item.has_own("Variable") and not item.own("FieldType")):
        return
    known = fields.get(name)
    if known is None:
        at = Position(file, item.line)
        fields[name] = Field.of({"field_name": name, "form_name": form, **_row(item, there)}, at)
        _tell_beyond(item, name, at, findings)
    elif known.field_type != "checkbox" or known.form_name != form:
        findings.error("C105", f"The field {name} is defined twice.", Position(file, item.line))


def _row(item: Element, there: _Definitions) -> dict[str, str]:
    reference = item.first("CodeListRef")
    codes = there.lists.get(reference.get("CodeListOID")) if reference is not None else None
    kind = _type(item, codes)
    limits = {check.get("Comparator"): check for check in item.all("RangeCheck")}
    return {
        **{column: item.own(attribute) for column, attribute in ATTRIBUTES.items()},
        "field_type": kind,
        "field_label": _label(item),
        CHOICES: _column_f(item, kind, codes),
        VALIDATION: _validation(item, kind),
        "text_validation_min": _limit(limits.get("GE")),
        "text_validation_max": _limit(limits.get("LE")),
    }


def _type(item: Element, codes: Element | None) -> str:
    """Return the field type; a file that names none is judged by its lists (inferred)."""
    told = item.own("FieldType")
    if told:
        return TYPES.get(told, told)
    if item.own("Calculation"):
        return "calc"
    if codes is None:
        return "text"
    pairs = _pairs(codes)
    if pairs == _YES_NO:
        return "yesno"
    ticks = {code for code, _ in pairs} == {"0", "1"}
    return "checkbox" if item.get("DataType") == "boolean" and not ticks else "radio"


def _label(item: Element) -> str:
    """Return the label; where it has HTML it stands a second time, whole (recorded)."""
    question = item.first("Question")
    if question is None:
        return ""
    whole = next(
        (c for c in question.children if c.name.endswith(" FormattedTranslatedText")), None
    )
    plain = question.first("TranslatedText")
    found = whole or plain
    return found.text if found is not None else ""


def _pairs(codes: Element) -> tuple[tuple[str, str], ...]:
    return tuple((one.get("CodedValue"), _decode(one)) for one in codes.all("CodeListItem"))


def _decode(one: Element) -> str:
    decode = one.first("Decode")
    text = decode.first("TranslatedText") if decode is not None else None
    return text.text if text is not None else ""


def _column_f(item: Element, kind: str, codes: Element | None) -> str:
    if kind in COLUMN_F:
        return item.own(COLUMN_F[kind])
    if codes is None or kind in IMPLICIT_TYPES:
        return ""
    if codes.has_own("CheckboxChoices"):
        return codes.own("CheckboxChoices")
    return choices.written(_pairs(codes))


def _validation(item: Element, kind: str) -> str:
    told = item.own("TextValidationType")
    if told:
        return VALIDATIONS.get(told, told)
    if kind != "text" or item.own("FieldType"):
        return ""
    return DATA_TYPES.get(item.get("DataType"), "")


def _limit(check: Element | None) -> str:
    value = check.first("CheckValue") if check is not None else None
    return value.text if value is not None else ""


def _tell_beyond(item: Element, name: str, at: Position, findings: Findings) -> None:
    told = [said for attribute, said in _BEYOND.items() if said and item.own(attribute)]
    if any(child.name.endswith(" Attachment") for child in item.children):
        told.insert(0, "attached file")
    if told:
        findings.warning(
            "C121", f"The {' and '.join(told)} of {name} is not taken over.", at,
            address=f"field/{name}", advice="Set it again in the Online Designer.",
        )  # fmt: skip
