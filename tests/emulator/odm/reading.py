"""A small reading of project files for tests, written apart from the emulator's own."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ODM = "{http://www.cdisc.org/ns/odm/v1.3}"
REDCAP = "{https://projectredcap.org}"

CORPUS = Path(__file__).parents[4] / "shared" / "corpus"
FILES = tuple(sorted((CORPUS / "xml").glob("*.xml")))
ABSENT = f"the corpus of project files is not at ../shared/{CORPUS.name}"

TYPES = {"textarea": "notes", "select": "dropdown"}
VALIDATIONS = {"int": "integer", "float": "number"}
PLAIN = {
    "section_header": "SectionHeader",
    "field_note": "FieldNote",
    "identifier": "Identifier",
    "branching_logic": "BranchingLogic",
    "required_field": "RequiredField",
    "custom_alignment": "CustomAlignment",
    "question_number": "QuestionNumber",
    "matrix_group_name": "MatrixGroupName",
    "field_annotation": "FieldAnnotation",
}


@dataclass(slots=True)
class File:
    """What a REDCap project file says, in the words of the API."""

    root: ET.Element
    fields: list[dict[str, str]] = field(default_factory=list)
    forms: list[tuple[str, str]] = field(default_factory=list)
    events: list[dict[str, str]] = field(default_factory=list)
    designations: list[tuple[str, str]] = field(default_factory=list)
    repeats: list[tuple[str, str, str]] = field(default_factory=list)


def read(path: Path) -> File:
    """Read a file that REDCap itself wrote."""
    found = File(ET.parse(path).getroot())
    items = {item.attrib["OID"]: item for item in found.root.iter(f"{ODM}ItemDef")}
    groups = {group.attrib["OID"]: group for group in found.root.iter(f"{ODM}ItemGroupDef")}
    lists = {codes.attrib["OID"]: codes for codes in found.root.iter(f"{ODM}CodeList")}
    for form in found.root.iter(f"{ODM}FormDef"):
        name = form.attrib[f"{REDCAP}FormName"]
        found.forms.append((name, form.attrib["Name"]))
        seen = {f"{name}_complete"}
        for group in form:
            for reference in groups[group.attrib["ItemGroupOID"]]:
                item = items[reference.attrib["ItemOID"]]
                variable = item.attrib[f"{REDCAP}Variable"]
                if f"{REDCAP}FieldType" in item.attrib and variable not in seen:
                    seen.add(variable)
                    found.fields.append({**row(item, lists), "form_name": name})
    _events(found)
    return found


def row(item: ET.Element, lists: dict[str, ET.Element]) -> dict[str, str]:
    """Return the dictionary's cells of an item."""
    kind = item.attrib[f"{REDCAP}FieldType"]
    question = item[0]
    validation = item.get(f"{REDCAP}TextValidationType", "")
    limits = {
        check.attrib["Comparator"]: check[0].text or ""
        for check in item.findall(f"{ODM}RangeCheck")
    }
    return {
        "field_name": item.attrib[f"{REDCAP}Variable"],
        "field_type": TYPES.get(kind, kind),
        # a second text is the formatted one, which holds the HTML
        "field_label": question[-1].text or "",
        "select_choices_or_calculations": _column_f(item, kind, lists),
        "text_validation_type_or_show_slider_number": VALIDATIONS.get(validation, validation),
        "text_validation_min": limits.get("GE", ""),
        "text_validation_max": limits.get("LE", ""),
        "matrix_ranking": "",
        **{column: item.get(f"{REDCAP}{name}", "") for column, name in PLAIN.items()},
    }


def _column_f(item: ET.Element, kind: str, lists: dict[str, ET.Element]) -> str:
    named = {"calc": "Calculation", "slider": "SliderLabels", "text": "OntologySearch"}
    if kind in named:
        return item.get(f"{REDCAP}{named[kind]}", "")
    reference = item.find(f"{ODM}CodeListRef")
    if reference is None or kind in ("yesno", "truefalse"):
        return ""
    codes = lists[reference.attrib["CodeListOID"]]
    if kind == "checkbox":
        return codes.attrib[f"{REDCAP}CheckboxChoices"]
    return "|".join(f"{entry.attrib['CodedValue']}, {entry[0][0].text or ''}" for entry in codes)


def _events(found: File) -> None:
    for definition in found.root.iter(f"{ODM}StudyEventDef"):
        told = {
            key.removeprefix(REDCAP): value
            for key, value in definition.attrib.items()
            if key.startswith(REDCAP)
        }
        found.events.append(told)
        found.designations += [
            (told["UniqueEventName"], form.attrib[f"{REDCAP}FormName"]) for form in definition
        ]
    for element in found.root.iter():
        if element.tag in (f"{REDCAP}RepeatingEvent", f"{REDCAP}RepeatingInstrument"):
            found.repeats.append(
                (
                    element.attrib[f"{REDCAP}UniqueEventName"],
                    element.get(f"{REDCAP}RepeatInstrument", ""),
                    element.get(f"{REDCAP}CustomLabel", ""),
                )
            )


def variables(found: File, name: str) -> Iterator[ET.Element]:
    """Yield the elements of a name among the global variables."""
    yield from found.root.iter(f"{REDCAP}{name}")


def setting(found: File, name: str) -> str | None:
    """Return the text of a global variable, None when the file lacks it."""
    element = next(variables(found, name), None)
    return None if element is None else element.text or ""
