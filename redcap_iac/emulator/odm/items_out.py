"""Fields written as ItemDef: type, label, limits, and what only REDCap knows of."""

from __future__ import annotations

import base64
import json
import sqlite3
from collections.abc import Iterator

from redcap_iac.emulator import design
from redcap_iac.emulator.odm import vocabulary
from redcap_iac.emulator.odm.groups import Form, Row, item_oids
from redcap_iac.emulator.odm.text import attributes, escaped, is_formatted, without_tags
from redcap_iac.emulator.odm.vocabulary import DAG_ITEM, STATUS_LABEL, SURVEY_IDENTIFIER_ITEM

_LISTED = ("radio", "dropdown")
#: Attributes in the order of the files, with their columns; blank marks a column F of a type.
_ATTRIBUTES: tuple[tuple[str, str], ...] = (
    ("FieldNote", "field_note"),
    ("SectionHeader", "section_header"),
    ("Identifier", "identifier"),
    ("RequiredField", "required_field"),
    ("OntologySearch", ""),
    ("Calculation", ""),
    ("BranchingLogic", "branching_logic"),
    ("CustomAlignment", "custom_alignment"),
    ("MatrixGroupName", "matrix_group_name"),
    # that ranking and question number are written is documented for the latter only
    ("MatrixRanking", "matrix_ranking"),
    ("QuestionNumber", "question_number"),
    ("FieldAnnotation", "field_annotation"),
)
_COLUMN_F = {"calc": "Calculation", "text": "OntologySearch"}
_PSEUDO_LABELS = {DAG_ITEM: "Data Access Group", SURVEY_IDENTIFIER_ITEM: "Survey Identifier"}


def written(db: sqlite3.Connection, form: Form) -> Iterator[str]:
    """Yield the items of a form: of each field, those that are no fields, the form status."""
    for item in () if form.is_first else form.pseudo:
        yield _pseudo(item)
    for place, row in enumerate(form.rows):
        inside = _inside(db, row)
        for oid in item_oids(row):
            listed = _reference(oid) if has_list(row) else ""
            body = _question(row) + listed + inside
            yield f"\t<ItemDef{_definition(row, oid)}>\n{body}\t</ItemDef>\n"
        for item in form.pseudo if form.is_first and place == 0 else ():
            yield _pseudo(item)
    pairs = [
        ("OID", form.status), ("Name", form.status), ("DataType", "text"), ("Length", "1"),
        ("redcap:Variable", form.status), ("redcap:FieldType", "select"),
        ("redcap:SectionHeader", STATUS_LABEL),
    ]  # fmt: skip
    question = "\t\t<Question><TranslatedText>Complete?</TranslatedText></Question>\n"
    yield f"\t<ItemDef{attributes(pairs)}>\n{question}{_reference(form.status)}\t</ItemDef>\n"


def _pseudo(name: str) -> str:
    """Return an item that is no field: it has no field type (recorded)."""
    data_type = "text" if name in _PSEUDO_LABELS else "datetime"
    label = _PSEUDO_LABELS.get(name, "Survey Timestamp")
    pairs = [
        ("OID", name), ("Name", name), ("DataType", data_type), ("Length", "999"),
        ("redcap:Variable", name),
    ]  # fmt: skip
    question = f"\t\t<Question><TranslatedText>{label}</TranslatedText></Question>\n"
    return f"\t<ItemDef{attributes(pairs)}>\n{question}\t</ItemDef>\n"


def _definition(row: Row, oid: str) -> str:
    kind = row["field_type"]
    validation = row["text_validation_type_or_show_slider_number"]
    data_type = vocabulary.data_type(kind, validation)
    pairs = [("OID", oid), ("Name", oid), ("DataType", data_type), ("Length", _length(row))]
    if validation == "number" and kind == "text":
        pairs.append(("SignificantDigits", "1"))
    pairs.append(("redcap:Variable", row["field_name"]))
    pairs.append(("redcap:FieldType", vocabulary.file_type(kind)))
    if validation:
        shown = vocabulary.file_validation(validation) if kind == "text" else validation
        pairs.append(("redcap:TextValidationType", shown))
    if kind == "slider":
        pairs.append(("redcap:SliderLabels", row["select_choices_or_calculations"]))
    for name, column in _ATTRIBUTES:
        value = row[column] if column else _column_f(row, name)
        if value:
            pairs.append((f"redcap:{name}", value))
    extras = json.loads(row["extras"])
    beyond = ("InlineImage", "VideoUrl", "VideoDisplayInline")
    pairs += [(f"redcap:{name}", str(extras[name])) for name in beyond if name in extras]
    return attributes(pairs)


def _column_f(row: Row, attribute: str) -> str:
    """Return a calculation or an ontology; other choices of a text field are lost (recorded)."""
    if _COLUMN_F.get(row["field_type"]) != attribute:
        return ""
    text = row["select_choices_or_calculations"]
    return text if attribute == "Calculation" or _is_ontology(text) else ""


def _is_ontology(text: str) -> bool:
    service, colon, name = text.partition(":")
    return bool(colon and name) and service.isascii() and service.isalnum() and service.isupper()


def _length(row: Row) -> str:
    kind = row["field_type"]
    if kind in _LISTED:
        codes = design.parse_choices(row["select_choices_or_calculations"])
        return str(max((len(code) for code, _ in codes), default=1))
    return "1" if kind in ("checkbox", "yesno", "truefalse", "sql") else "999"


def _question(row: Row) -> str:
    """Return the label, with tags a second time as the formatted one (recorded)."""
    label = row["field_label"]
    formatted = is_formatted(label)
    plain = escaped(without_tags(label) if formatted else label)
    second = (
        f"<redcap:FormattedTranslatedText>{escaped(label)}</redcap:FormattedTranslatedText>"
        if formatted
        else ""
    )
    return f"\t\t<Question><TranslatedText>{plain}</TranslatedText>{second}</Question>\n"


def _reference(oid: str) -> str:
    return f"\t\t<CodeListRef{attributes([('CodeListOID', f'{oid}.choices')])}/>\n"


def _inside(db: sqlite3.Connection, row: Row) -> str:
    """Return limits and attachment; limits are written with a validation only (recorded)."""
    low, high = row["text_validation_min"], row["text_validation_max"]
    text = ""
    if row["text_validation_type_or_show_slider_number"]:
        suggested = f"({low or 'no limit'} - {high or 'no limit'})"
        for comparator, value in (("GE", low), ("LE", high)):
            text += _range_check(comparator, value, suggested) if value else ""
    doc_id = json.loads(row["extras"]).get("attachment")
    found = db.execute("SELECT * FROM files WHERE doc_id = ?", (doc_id,)).fetchone()
    if found is None:
        return text
    pairs = [("DocName", found["name"]), ("MimeType", found["mime_type"])]
    content = base64.b64encode(found["content"]).decode()
    tag = f"<redcap:Attachment{attributes(pairs)}>"
    return f"{text}\t\t{tag}<![CDATA[{content}]]></redcap:Attachment>\n"


def _range_check(comparator: str, value: str, suggested: str) -> str:
    message = (
        f"The value you provided is outside the suggested range {suggested}."
        " This value is admissible, but you may wish to double check it."
    )
    return (
        f'\t\t<RangeCheck Comparator="{comparator}" SoftHard="Soft">\n'
        f"\t\t\t<CheckValue>{escaped(value)}</CheckValue>\n"
        f"\t\t\t<ErrorMessage><TranslatedText>{escaped(message)}</TranslatedText></ErrorMessage>\n"
        "\t\t</RangeCheck>\n"
    )


def has_list(row: Row) -> bool:
    """Tell whether a field has a code list."""
    return row["field_type"] in (*_LISTED, "checkbox", *design.IMPLICIT_CHOICES)
