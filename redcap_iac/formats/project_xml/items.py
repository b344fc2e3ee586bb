"""Instruments as FormDef, ItemGroupDef, ItemDef and CodeList, in that order (recorded)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from redcap_iac.formats.project_xml.markup import block, leaf, tag
from redcap_iac.formats.project_xml.words import ATTRIBUTES, COLUMN_F, TYPES, VALIDATIONS
from redcap_iac.kinds.dictionary import choices
from redcap_iac.kinds.dictionary.field import CHOICES, VALIDATION, Field

_STATUS = (("0", "Incomplete"), ("1", "Unverified"), ("2", "Complete"))
_TICKED = (("1", "Checked"), ("0", "Unchecked"))
_IMPLICIT = {"yesno": (("1", "Yes"), ("0", "No")), "truefalse": (("1", "True"), ("0", "False"))}
_LISTED = frozenset({"radio", "dropdown", "checkbox", *_IMPLICIT})
_TYPES = {theirs: ours for ours, theirs in TYPES.items()}
_VALIDATIONS = {"integer": "int", "number": "float"}
_TAG = re.compile(r"</?[A-Za-z!][^>]*>")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)

#: One item of an instrument: its OID, the field it belongs to.
_Item = tuple[str, Field]


def written_forms(forms: Mapping[str, str], fields: Sequence[Field]) -> Iterator[str]:
    """Yield the definitions of all instruments; `forms` are their labels by name, in order."""
    members = {name: [one for one in fields if one.form_name == name] for name in forms}
    for name, label in forms.items():
        groups = (
            tag("ItemGroupRef", [("ItemGroupOID", oid), ("Mandatory", "No")], closed=True)
            for oid, *_ in _groups(name, label, members[name])
        )
        pairs = [("OID", f"Form.{name}"), ("Name", label), ("Repeating", "No")]
        yield from block("FormDef", groups, [*pairs, ("redcap:FormName", name)])
    for name, label in forms.items():
        for oid, said, refs in _groups(name, label, members[name]):
            pairs = [("OID", oid), ("Name", said), ("Repeating", "No")]
            yield from block("ItemGroupDef", refs, pairs)
    for name in forms:
        for item in _items(members[name]):
            yield from _definition(*item)
        yield from _status(name)
    for name in forms:
        for oid, field in _items(members[name]):
            yield from _codes(oid, field)
        yield from _code_list(f"{name}_complete", f"{name}_complete", "text", _STATUS)


def _items(fields: Sequence[Field]) -> Iterator[_Item]:
    """Yield every item: one a field, but one a box of checkboxes (recorded)."""
    for field in fields:
        codes = [code for code, _ in choices.parsed(field.select_choices_or_calculations)]
        if field.field_type == "checkbox" and codes:
            yield from ((f"{field.field_name}___{_suffix(code)}", field) for code in codes)
        else:
            yield field.field_name, field


def _suffix(code: str) -> str:
    """Return a code as names of data columns carry it: lower case, other signs `_` (recorded)."""
    return re.sub(r"[^a-z0-9_]", "_", code.lower())


def _groups(name: str, label: str, fields: Sequence[Field]) -> Iterator[tuple[str, str, list[str]]]:
    """Yield the groups of an instrument: a new one at every change of section (recorded)."""
    runs = groupby(_items(fields), key=lambda item: item[1].section_header)
    for header, items in runs:
        members = list(items)
        refs = [_reference(oid, field) for oid, field in members]
        yield f"{name}.{members[0][0]}", header or label, refs
    status = f"{name}_complete"
    pairs = [("ItemOID", status), ("Mandatory", "No"), ("redcap:Variable", status)]
    yield f"{name}.{status}", "Form Status", [tag("ItemRef", pairs, closed=True)]


def _reference(oid: str, field: Field) -> str:
    required = "Yes" if field.required_field.strip().lower() == "y" else "No"
    pairs = [("ItemOID", oid), ("Mandatory", required), ("redcap:Variable", field.field_name)]
    return tag("ItemRef", pairs, closed=True)


def _definition(oid: str, field: Field) -> Iterator[str]:
    kind = field.field_type
    pairs = [
        ("OID", oid),
        ("Name", oid),
        ("DataType", _data_type(field)),
        ("Length", "1" if kind in _LISTED - {"radio", "dropdown"} else "999"),
        ("redcap:Variable", field.field_name),
        ("redcap:FieldType", _TYPES.get(kind, kind)),
    ]
    validation = getattr(field, VALIDATION)
    if validation:
        told = _VALIDATIONS.get(validation, validation) if kind == "text" else validation
        pairs.append(("redcap:TextValidationType", told))
    if kind in COLUMN_F and getattr(field, CHOICES):
        pairs.append((f"redcap:{COLUMN_F[kind]}", getattr(field, CHOICES)))
    for column, attribute in ATTRIBUTES.items():
        if getattr(field, column):
            pairs.append((f"redcap:{attribute}", getattr(field, column)))
    yield from block("ItemDef", _inside(oid, field), pairs)


def _inside(oid: str, field: Field) -> Iterator[str]:
    label = field.field_label
    plain = _TAG.sub("", _BREAK.sub("\n", label)).strip() if _TAG.search(label) else label
    whole = leaf("redcap:FormattedTranslatedText", label) if plain != label else ""
    yield f"<Question>{leaf('TranslatedText', plain)}{whole}</Question>"
    if field.field_type in _LISTED:
        yield tag("CodeListRef", [("CodeListOID", f"{oid}.choices")], closed=True)
    limits = (("GE", field.text_validation_min), ("LE", field.text_validation_max))
    for comparator, value in limits:
        if value:
            pairs = [("Comparator", comparator), ("SoftHard", "Soft")]
            yield from block("RangeCheck", [leaf("CheckValue", value)], pairs)


def _data_type(field: Field) -> str:
    """Return ODM's type of a field's values (recorded)."""
    validation = getattr(field, VALIDATION)
    if field.field_type == "text":
        if validation == "integer":
            return "integer"
        for start, name in (
            ("number", "float"), ("datetime_seconds", "datetime"), ("datetime", "partialDatetime"),
            ("date", "date"), ("time", "partialTime"),
        ):  # fmt: skip
            if VALIDATIONS.get(validation, validation).startswith(start):
                return name
    boolean = dict.fromkeys(("checkbox", *_IMPLICIT), "boolean")
    return {"calc": "float", "slider": "integer", **boolean}.get(field.field_type, "text")


def _status(form: str) -> Iterator[str]:
    name = f"{form}_complete"
    pairs = [
        ("OID", name), ("Name", name), ("DataType", "text"), ("Length", "1"),
        ("redcap:Variable", name), ("redcap:FieldType", "select"),
        ("redcap:SectionHeader", "Form Status"),
    ]  # fmt: skip
    question = f"<Question>{leaf('TranslatedText', 'Complete?')}</Question>"
    codes = tag("CodeListRef", [("CodeListOID", f"{name}.choices")], closed=True)
    yield from block("ItemDef", [question, codes], pairs)


def _codes(oid: str, field: Field) -> Iterator[str]:
    kind, text = field.field_type, getattr(field, CHOICES)
    if kind == "checkbox":
        yield from _code_list(oid, field.field_name, "boolean", _TICKED, boxes=text)
    elif kind in _IMPLICIT:
        yield from _code_list(oid, field.field_name, "boolean", _IMPLICIT[kind])
    elif kind in _LISTED:
        yield from _code_list(oid, field.field_name, "text", choices.parsed(text))


def _code_list(
    oid: str, variable: str, data_type: str, pairs: Sequence[tuple[str, str]],
    boxes: str | None = None,
) -> Iterator[str]:  # fmt: skip
    told = [("OID", f"{oid}.choices"), ("Name", oid), ("DataType", data_type)]
    told.append(("redcap:Variable", variable))
    if boxes is not None:
        told.append(("redcap:CheckboxChoices", boxes))
    lines = (
        f"{tag('CodeListItem', [('CodedValue', code)])}<Decode>{leaf('TranslatedText', label)}"
        "</Decode></CodeListItem>"
        for code, label in pairs
    )
    yield from block("CodeList", lines, told)
