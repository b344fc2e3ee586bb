"""What the manifest may say about instruments and fields, as JSON Schema."""

from __future__ import annotations

from collections.abc import Mapping

from redcap_iac.kinds.dictionary.validations import VALIDATIONS

Schema = dict[str, object]

_TEXT: Schema = {"$ref": "#/$defs/text"}


def _text(description: str, *examples: object) -> Schema:
    return {**_TEXT, "description": description, "examples": list(examples)}


def _flag(description: str) -> Schema:
    return {"$ref": "#/$defs/column_flag", "description": description, "examples": [True]}


_CHOICES: Schema = {
    "description": "Codes and labels in order, or REDCap's own notation as text.",
    "examples": [{"1": "Female", "2": "Male"}, "1, Left | 2, Right"],
    "anyOf": [{"$ref": "#/$defs/choice_map"}, _TEXT],
}
_CHOICES_FROM = _text("The name of a list under `choice_lists`.", "yes_no_unknown")
#: The types of fields and what each is, as an editor tells it (documented).
_TYPES: Mapping[str, str] = {
    "text": "One line of text; dates, numbers and the like by `validation`.",
    "notes": "Text of several lines.",
    "radio": "One of several choices, all shown.",
    "dropdown": "One of several choices from a list that opens.",
    "checkbox": "Any number of choices; in logic [name(code)] is 1 or 0.",
    "yesno": "Yes (1) or No (0); the choices are REDCap's own.",
    "truefalse": "True (1) or False (0); the choices are REDCap's own.",
    "calc": "A number REDCap calculates from `calculation`.",
    "slider": "A visual analogue scale, 0 to 100 unless min and max say otherwise.",
    "file": "A file to upload, or a signature to draw (`signature: true`).",
    "descriptive": "Text between the fields; holds no value.",
    "sql": "Choices from a query on REDCap's database (administrators only).",
}
_TYPE: Schema = {
    "description": "The type of the field, in the dictionary's words.",
    "enum": list(_TYPES),
    "enumDescriptions": list(_TYPES.values()),
    "x-message": "must be one of REDCap's field types",
}
_VALIDATION: Schema = {
    "description": "Validation of a text field; column H as it stands. A site may have others.",
    "anyOf": [{"enum": list(VALIDATIONS), "enumDescriptions": list(VALIDATIONS.values())}, _TEXT],
    "examples": ["date_ymd", "integer", "email"],
}
_ALIGNMENT: Schema = {
    "description": "Where the field stands beside its label; RV without.",
    "anyOf": [
        {
            "enum": ["RV", "RH", "LV", "LH"],
            "enumDescriptions": [
                "Right, vertical",
                "Right, horizontal",
                "Left, vertical",
                "Left, horizontal",
            ],
        },
        _TEXT,
    ],
    "examples": ["RH"],
}

_SLIDER: Schema = {
    "type": "object",
    "additionalProperties": False,
    "description": "The labels of a slider and whether it shows its number.",
    "properties": {
        "left": _text("Label at the left end.", "none"),
        "middle": _text("Label in the middle.", "some"),
        "right": _text("Label at the right end.", "worst"),
        "show_number": {"$ref": "#/$defs/flag", "description": "Show the number chosen."},
    },
}

_FIELD: Schema = {
    "type": "object",
    "additionalProperties": False,
    "description": "One field; its name is the key it stands under.",
    "properties": {
        "type": _TYPE,
        "label": _text("What people read.", "Date of birth"),
        "choices": _CHOICES,
        "choices_from": _CHOICES_FROM,
        "calculation": _text(
            "The expression of a calc field.", "round([weight]/([height]/100)^2, 1)"
        ),
        "slider": _SLIDER,
        "sql": _text("The query of an sql field (administrators only).", "select value from list"),
        "ontology": _text("The ontology a text field is completed from.", "BIOPORTAL:ICD10"),
        "validation": _VALIDATION,
        "autocomplete": {"$ref": "#/$defs/flag", "description": "Type to find a choice."},
        "signature": {"$ref": "#/$defs/flag", "description": "A drawn signature, not a file."},
        "min": _text("Smallest value; dates as YYYY-MM-DD.", "1900-01-01"),
        "max": _text("Largest value; dates as YYYY-MM-DD.", "today"),
        "identifier": _flag("Whether it can identify a person."),
        "required": _flag("Whether people are asked to fill it in."),
        "section": _text("Section header above the field.", "About you"),
        "note": _text("Small text below the field.", "as in the passport"),
        "branching": _text(
            "When the field is shown: logic over other fields; empty is always.",
            "[sex] = '1'",
            "[baseline_arm_1][consent(2)] = '1' and [age] >= 18",
        ),
        "annotation": _text(
            "Field annotation: remarks and action tags.",
            "@HIDDEN-SURVEY",
            "@READONLY @DEFAULT='[first_name]'",
            "@CALCTEXT(if([bmi] >= 30, 'obese', ''))",
        ),
        "matrix": _text("The matrix the field is a row of, from `matrices`.", "phq"),
        "ranking": _flag("Whether the matrix ranks; belongs into `matrices`."),
        "alignment": _ALIGNMENT,
        "question_number": _text("Number on a survey.", "1a"),
        "renamed_from": _text("The name the field has had.", "postal"),
        "recode": {
            "type": "object",
            "additionalProperties": _TEXT,
            "description": "Stored codes to rewrite: old code to new code.",
            "examples": [{"3": "2"}],
        },
    },
}

_MATRIX: Schema = {
    "type": "object",
    "additionalProperties": False,
    "description": "What the rows of a matrix share.",
    "properties": {
        "type": _TYPE,
        "choices": _CHOICES,
        "choices_from": _CHOICES_FROM,
        "section": _text("Header above the matrix.", "Over the last two weeks"),
        "ranking": _flag("Whether each choice may be given once."),
    },
}

_INSTRUMENT: Schema = {
    "type": "object",
    "additionalProperties": False,
    "required": ["instrument", "fields"],
    "description": "One instrument.",
    "properties": {
        "instrument": _text("Its unique name.", "demographics"),
        "label": _text("What people read; compared, never set (there is no API).", "Demographics"),
        "renamed_from": _text("The unique name the instrument has had.", "demography"),
        "matrices": {
            "type": "object",
            "additionalProperties": {"$ref": "#/$defs/matrix"},
            "description": "Matrices of fields, by group name.",
            "examples": [{"phq": {"type": "radio", "choices_from": "how_often"}}],
        },
        "fields": {
            "type": "object",
            "additionalProperties": {"$ref": "#/$defs/field"},
            "description": "The fields by name, in order.",
            "examples": [{"dob": {"type": "text", "label": "Date of birth"}}],
        },
    },
}

_RENAMES: Schema = {"type": "object", "additionalProperties": _TEXT}

#: Top-level keys.
PROPERTIES: Mapping[str, object] = {
    "choice_lists": {
        "type": "object",
        "additionalProperties": _CHOICES,
        "description": "Lists of choices several fields share, named by `choices_from`.",
        "examples": [{"yes_no_unknown": {"1": "Yes", "0": "No", "99": "Unknown"}}],
    },
    "renamed": {
        "type": "object",
        "additionalProperties": False,
        "description": "New name to old name, for dictionaries kept as CSV.",
        "properties": {
            "fields": {
                **_RENAMES,
                "description": "New variable name to old one.",
                "examples": [{"zip_code": "postal"}],
            },
            "instruments": {
                **_RENAMES,
                "description": "New unique name of an instrument to its old one.",
                "examples": [{"demographics": "demography"}],
            },
        },
    },
}

DEFINITIONS: Mapping[str, object] = {
    "column_flag": {"type": ["boolean", "string", "number"]},
    "choice_map": {"type": "object", "additionalProperties": _TEXT},
    "field": _FIELD,
    "matrix": _MATRIX,
    "instrument": _INSTRUMENT,
}
