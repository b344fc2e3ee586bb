"""Names of the ODM and `redcap:` vocabulary, and what they are called in the API."""

from __future__ import annotations

import xml.etree.ElementTree as ET

ODM_URI = "http://www.cdisc.org/ns/odm/v1.3"
REDCAP_URI = "https://projectredcap.org"

#: Field types whose project-file name differs from the dictionary's (recorded).
_TYPES = {"select": "dropdown", "textarea": "notes"}
#: Validation types whose project-file name differs, and the legacy names (recorded, documented).
_VALIDATIONS = {"int": "integer", "float": "number"}
_LEGACY_VALIDATIONS = {
    "date": "date_ymd",
    "datetime": "datetime_ymd",
    "datetime_seconds": "datetime_seconds_ymd",
}
FIELD_TYPES = frozenset(
    (
        "text", "notes", "radio", "dropdown", "calc", "file", "checkbox", "yesno", "truefalse",
        "descriptive", "slider", "sql",
    )
)  # fmt: skip

#: ODM data types a validation type is written with; the rest are `text` (recorded).
_DATA_TYPES = {
    "integer": "integer",
    "number": "float",
    "number_1dp": "float",
    "number_2dp": "float",
    "number_3dp": "float",
    "number_4dp": "float",
    "date_dmy": "date",
    "date_mdy": "date",
    "date_ymd": "date",
    "datetime_dmy": "partialDatetime",
    "datetime_mdy": "partialDatetime",
    "datetime_ymd": "partialDatetime",
    "datetime_seconds_dmy": "datetime",
    "datetime_seconds_mdy": "datetime",
    "datetime_seconds_ymd": "datetime",
    "time": "partialTime",
}
#: The same of field types (recorded).
_TYPE_DATA_TYPES = {
    "calc": "float",
    "slider": "integer",
    "checkbox": "boolean",
    "yesno": "boolean",
    "truefalse": "boolean",
}
#: Validation of a text field in a file without `redcap:` attributes, by data type (inferred).
_DATA_TYPE_VALIDATIONS = {
    "integer": "integer",
    "float": "number",
    "date": "date_ymd",
    "partialDatetime": "datetime_ymd",
    "datetime": "datetime_seconds_ymd",
    "partialTime": "time",
    "time": "time_hh_mm_ss",
}

STATUS_LABEL = "Form Status"
DAG_ITEM = "redcap_data_access_group"
SURVEY_IDENTIFIER_ITEM = "redcap_survey_identifier"


def odm(name: str) -> str:
    """Return the qualified name of an ODM element."""
    return f"{{{ODM_URI}}}{name}"


def redcap(name: str) -> str:
    """Return the qualified name of a REDCap element or attribute."""
    return f"{{{REDCAP_URI}}}{name}"


def extension(element: ET.Element, name: str) -> str:
    """Return a `redcap:` attribute, or the text of the child element hand-written files use."""
    value = element.get(redcap(name))
    if value is not None:
        return value
    child = element.find(redcap(name))
    return (child.text or "") if child is not None else ""


def local_name(element: ET.Element) -> str:
    """Return an element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def dictionary_type(name: str) -> str:
    """Return the dictionary's name of a project-file field type."""
    return _TYPES.get(name, name)


def file_type(name: str) -> str:
    """Return the project-file name of a dictionary field type."""
    return next((key for key, value in _TYPES.items() if value == name), name)


def dictionary_validation(name: str) -> str:
    """Return the dictionary's name of a project-file validation type."""
    return _VALIDATIONS.get(name) or _LEGACY_VALIDATIONS.get(name, name)


def file_validation(name: str) -> str:
    """Return the project-file name of a dictionary validation type."""
    return next((key for key, value in _VALIDATIONS.items() if value == name), name)


def data_type(field_type: str, validation: str) -> str:
    """Return the ODM data type a field is written with."""
    if field_type == "text":
        return _DATA_TYPES.get(validation, "text")
    return _TYPE_DATA_TYPES.get(field_type, "text")


def validation_of(odm_data_type: str) -> str:
    """Return the validation that a bare ODM data type stands for, blank for text."""
    return _DATA_TYPE_VALIDATIONS.get(odm_data_type, "")
