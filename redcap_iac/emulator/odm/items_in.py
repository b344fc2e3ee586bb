"""One ItemDef with its CodeList read as a row of the data dictionary."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass

from redcap_iac.emulator import design
from redcap_iac.emulator.odm import vocabulary
from redcap_iac.emulator.odm.vocabulary import extension, odm, redcap

Lists = Mapping[str, ET.Element]

#: Columns whose attribute is the whole story.
_PLAIN = {
    "section_header": "SectionHeader",
    "field_note": "FieldNote",
    "identifier": "Identifier",
    "branching_logic": "BranchingLogic",
    "required_field": "RequiredField",
    "custom_alignment": "CustomAlignment",
    "question_number": "QuestionNumber",
    "matrix_group_name": "MatrixGroupName",
    "matrix_ranking": "MatrixRanking",
    "field_annotation": "FieldAnnotation",
}
#: Attributes beyond the dictionary, carried as they are.
_BEYOND = ("InlineImage", "VideoUrl", "VideoDisplayInline")
_YES_NO = (("1", "Yes"), ("0", "No"))
_TICKS = frozenset(("0", "1"))


@dataclass(frozen=True, slots=True)
class Attachment:
    """The file of a descriptive field, its content in base64."""

    name: str
    mime_type: str
    content: str


def row(item: ET.Element, lists: Lists) -> dict[str, str]:
    """Return the 18 columns of an item; the names are the caller's to fill.

    Not in a project file, and so blank: SQL of sql fields, choices of text fields, and the
    limits of a slider that does not show its number (recorded).
    """
    columns = dict.fromkeys(design.COLUMNS, "")
    columns.update({column: extension(item, name) for column, name in _PLAIN.items()})
    codes = _code_list(item, lists)
    columns["field_type"] = _field_type(item, codes)
    columns["field_label"] = _label(item)
    columns["text_validation_type_or_show_slider_number"] = _validation(item, columns["field_type"])
    columns["select_choices_or_calculations"] = _choices(item, columns["field_type"], codes)
    columns["text_validation_min"] = _limit(item, "GE")
    columns["text_validation_max"] = _limit(item, "LE")
    return columns


def extras(item: ET.Element) -> dict[str, str]:
    """Return what an item says beyond the dictionary, by attribute."""
    return {name: item.get(redcap(name), "") for name in _BEYOND if item.get(redcap(name))}


def attachment(item: ET.Element) -> Attachment | None:
    """Return the file attached to a descriptive field."""
    found = item.find(redcap("Attachment"))
    if found is None:
        return None
    return Attachment(found.get("DocName", ""), found.get("MimeType", ""), found.text or "")


def _code_list(item: ET.Element, lists: Lists) -> ET.Element | None:
    reference = item.find(odm("CodeListRef"))
    return None if reference is None else lists.get(reference.get("CodeListOID", ""))


def _pairs(codes: ET.Element) -> tuple[tuple[str, str], ...]:
    path = f"{odm('Decode')}/{odm('TranslatedText')}"
    return tuple(
        (entry.get("CodedValue", ""), entry.findtext(path) or "")
        for entry in codes.iterfind(odm("CodeListItem"))
    )


def _field_type(item: ET.Element, codes: ET.Element | None) -> str:
    """Return the dictionary's type; a file without types is judged by its lists (inferred)."""
    named = extension(item, "FieldType")
    if named:
        return vocabulary.dictionary_type(named)
    if extension(item, "Calculation"):
        return "calc"
    if codes is None:
        return "text"
    if _pairs(codes) == _YES_NO:
        return "yesno"
    several = item.get("DataType") == "boolean" and {code for code, _ in _pairs(codes)} != _TICKS
    return "checkbox" if several else "radio"


def _label(item: ET.Element) -> str:
    """Return the label, the formatted one where there is one (recorded: it holds the HTML)."""
    question = item.find(odm("Question"))
    if question is None:
        return ""
    formatted = question.findtext(redcap("FormattedTranslatedText"))
    plain = question.findtext(odm("TranslatedText"))
    return formatted if formatted is not None else plain or ""


def _validation(item: ET.Element, field_type: str) -> str:
    named = extension(item, "TextValidationType")
    if named:
        return vocabulary.dictionary_validation(named)
    if field_type != "text" or extension(item, "FieldType"):
        return ""
    return vocabulary.validation_of(item.get("DataType", ""))


def _choices(item: ET.Element, field_type: str, codes: ET.Element | None) -> str:
    """Return column F: choices joined by a bare bar (recorded), a calculation, slider labels."""
    if field_type == "calc":
        return extension(item, "Calculation")
    if field_type == "slider":
        return extension(item, "SliderLabels")
    if field_type == "text":
        return extension(item, "OntologySearch")
    if codes is None or field_type in design.IMPLICIT_CHOICES:
        return ""
    boxes = codes.get(redcap("CheckboxChoices"))
    if boxes is not None:
        return boxes
    return "|".join(f"{code}, {label}" for code, label in _pairs(codes))


def _limit(item: ET.Element, comparator: str) -> str:
    for check in item.iterfind(odm("RangeCheck")):
        if check.get("Comparator") == comparator:
            return check.findtext(odm("CheckValue")) or ""
    return ""
