"""Small project files put together by tests."""

from __future__ import annotations

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3" xmlns:redcap="https://projectredcap.org"'
    ' ODMVersion="1.3.1" FileOID="000-00-0000" FileType="Snapshot"'
    ' CreationDateTime="2026-03-14T15:09:26">'
)
RECORD_ID = '<ItemDef OID="record_id" Name="record_id" DataType="text" redcap:Variable="record_id"'
RECORD_ID += (
    ' redcap:FieldType="text"><Question><TranslatedText>Record ID</TranslatedText></Question>'
)
RECORD_ID += "</ItemDef>"


def item(
    name: str, attributes: str = 'redcap:FieldType="text"', inside: str = "", of: str = ""
) -> str:
    """Return an ItemDef as REDCap writes it, labelled with its name; `of` is its field's name."""
    question = f"<Question><TranslatedText>{name}</TranslatedText></Question>"
    variable = f'redcap:Variable="{of or name}"'
    oid = f'OID="{name}" Name="{name}" DataType="text" Length="999"'
    return f"<ItemDef {oid} {variable} {attributes}>{question}{inside}</ItemDef>"


def codes(name: str, *pairs: tuple[str, str], boxes: str = "") -> str:
    """Return the CodeList of an item."""
    ticks = f' redcap:CheckboxChoices="{boxes}"' if boxes else ""
    entries = "".join(
        f'<CodeListItem CodedValue="{code}"><Decode><TranslatedText>{label}</TranslatedText>'
        "</Decode></CodeListItem>"
        for code, label in pairs
    )
    return (
        f'<CodeList OID="{name}.choices" Name="{name}" DataType="text"{ticks}>{entries}</CodeList>'
    )


def form(name: str, *oids: str, label: str = "") -> str:
    """Return a FormDef with its one ItemGroupDef."""
    shown = label or name.title()
    references = "".join(f'<ItemRef ItemOID="{oid}" Mandatory="No"/>' for oid in oids)
    return (
        f'<FormDef OID="Form.{name}" Name="{shown}" Repeating="No" redcap:FormName="{name}">'
        f'<ItemGroupRef ItemGroupOID="{name}.group" Mandatory="No"/></FormDef>'
        f'<ItemGroupDef OID="{name}.group" Name="{shown}" Repeating="No">'
        f"{references}</ItemGroupDef>"
    )


def event(name: str, *forms: str, arm: str = "1", day: str = "1", unique: str = "") -> str:
    """Return a StudyEventDef; `unique` is the unique name the file gives."""
    own = unique or f"{name.lower().replace(' ', '_')}_arm_{arm}"
    references = "".join(
        f'<FormRef FormOID="Form.{one}" OrderNumber="1" Mandatory="No" redcap:FormName="{one}"/>'
        for one in forms
    )
    return (
        f'<StudyEventDef OID="Event.{own}" Name="{name}" Type="Common" Repeating="No"'
        f' redcap:EventName="{name}" redcap:CustomEventLabel="" redcap:UniqueEventName="{own}"'
        f' redcap:ArmNum="{arm}" redcap:ArmName="Arm {arm}" redcap:DayOffset="{day}"'
        f' redcap:OffsetMin="0" redcap:OffsetMax="0">{references}</StudyEventDef>'
    )


def subject(record: str, inside: str) -> str:
    """Return the SubjectData of a record."""
    return f'<SubjectData SubjectKey="{record}">{inside}</SubjectData>'


def visit(unique: str, inside: str, repeat: str = "1") -> str:
    """Return the StudyEventData of an event."""
    named = f'StudyEventOID="Event.{unique}" redcap:UniqueEventName="{unique}"'
    return f'<StudyEventData {named} StudyEventRepeatKey="{repeat}">{inside}</StudyEventData>'


def form_data(of: str, repeat: str = "1", inside: str = "", **values: str) -> str:
    """Return the FormData of an instrument with its values by item OID."""
    items = "".join(f'<ItemData ItemOID="{oid}" Value="{value}"/>' for oid, value in values.items())
    group = f'<ItemGroupData ItemGroupOID="{of}.group">{items}{inside}</ItemGroupData>'
    return f'<FormData FormOID="Form.{of}" FormRepeatKey="{repeat}">{group}</FormData>'


def document(version: str, variables: str = "", data: str = "", *, before: str = "") -> str:
    """Return a project file: `version` is what stands in MetaDataVersion."""
    clinical = f"<ClinicalData>{data}</ClinicalData>" if data else ""
    return (
        f"{before}{_HEAD}<Study><GlobalVariables><StudyName>A file</StudyName>{variables}"
        f'</GlobalVariables><MetaDataVersion OID="m" Name="m">{version}</MetaDataVersion></Study>'
        f"{clinical}</ODM>"
    )


def simple(*items: str, variables: str = "", data: str = "", lists: str = "") -> str:
    """Return a classic project of one form `main` with the record id and the items given."""
    oids = [one.partition('OID="')[2].partition('"')[0] for one in items]
    version = form("main", "record_id", *oids) + RECORD_ID + "".join(items) + lists
    return document(version, variables, data)
