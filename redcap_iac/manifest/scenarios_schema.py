"""What a scenario file (`tests/*.test.yaml`) may say, as JSON Schema."""

from __future__ import annotations

from redcap_iac.logic.dialect import SWITCHES

Schema = dict[str, object]

_TEXT: Schema = {"$ref": "#/$defs/text"}
_PLACE = "`event`, `event/instrument`, `event/instrument/2`; without events `instrument/2`."

_CODES: Schema = {
    "anyOf": [
        _TEXT,
        {"type": "array", "items": _TEXT, "description": "Codes of choices."},
    ],
}

_GIVEN_VALUE: Schema = {
    "description": "A value as it is stored: a code, a number, a date as YYYY-MM-DD.",
    "anyOf": [
        {"$ref": "#/$defs/text_or_null"},
        {"type": "array", "items": _TEXT, "description": "The ticked codes of a checkbox."},
        {
            "type": "object",
            "description": f"The values of one place: {_PLACE}",
            "additionalProperties": {
                "description": "A value as it is stored.",
                "anyOf": [
                    {"$ref": "#/$defs/text_or_null"},
                    {"type": "array", "items": _TEXT, "description": "Ticked codes."},
                ],
            },
        },
    ],
}


def _fields(description: str, example: list[str]) -> Schema:
    return {
        "type": "array",
        "items": {**_TEXT, "description": "A field, a pattern (`ae_*`), or `instrument/*`."},
        "description": description,
        "examples": [example],
    }


_CLAIMS: dict[str, Schema] = {
    "at": {**_TEXT, "description": f"The page this is about: {_PLACE}",
           "examples": ["week_4_arm_1/vitals"]},
    "shown": _fields("Fields a person sees.", ["pregnant"]),
    "hidden": _fields("Fields branching logic or @HIDDEN hides.", ["prostate"]),
    "blank": _fields("Fields without a value.", ["risk"]),
    "missing": _fields(
        "Required fields that are shown and blank; an empty list: none is.", ["dob"]
    ),
    "readonly": _fields("Fields nobody can edit there.", ["bmi"]),
    "values": {
        "type": "object",
        "description": "Values as they are stored; null or an empty text for blank.",
        "additionalProperties": {
            "description": "A value as it is stored, or the ticked codes.",
            "anyOf": [
                {"$ref": "#/$defs/text_or_null"},
                {"type": "array", "items": _TEXT, "description": "The ticked codes."},
            ],
        },
        "examples": [{"bmi": 24.7, "race": [1, 3]}],
    },
    "hidden_choices": {
        "type": "object",
        "description": "By field, all the choices that are not offered; an empty list for none.",
        "additionalProperties": {**_CODES, "description": "Codes of choices."},
        "examples": [{"drug": ["b"]}],
    },
}  # fmt: skip

_EXPECT: Schema = {
    "type": "object",
    "additionalProperties": False,
    "minProperties": 1,
    "description": "What should come out on a page.",
    "properties": _CLAIMS,
}

_SCENARIO: Schema = {
    "type": "object",
    "additionalProperties": False,
    "required": ["name", "expect"],
    "description": "One story: what is entered, and what the page should do.",
    "properties": {
        "name": {**_TEXT, "description": "What the story is about.",
                 "examples": ["An adult's BMI"]},
        "record": {**_TEXT, "description": "The record's name; 1 without.", "examples": ["101"]},
        "given": {
            "type": "object",
            "description": "What was entered: fields, or places with their fields.",
            "additionalProperties": _GIVEN_VALUE,
            "examples": [{"height": 180, "race": [1, 3]}, {"baseline_arm_1": {"sex": 1}}],
        },
        "at": {**_TEXT, "description": f"Where the page is open: {_PLACE}",
               "examples": ["week_4_arm_1/adverse_events/2"]},
        "as": {
            "type": "object",
            "additionalProperties": False,
            "description": "Who looks: what @IF and smart variables ask about.",
            "properties": {
                "survey": {"$ref": "#/$defs/flag", "description": "It is open as a survey."},
                "user": {**_TEXT, "description": "The username.", "examples": ["jdoe"]},
                "role": {**_TEXT, "description": "Label or unique name of their role.",
                         "examples": ["Data entry"]},
                "dag": {**_TEXT, "description": "The Data Access Group of user and record.",
                        "examples": ["Lyon"]},
            },
            "examples": [{"survey": True}],
        },
        "expect": {
            "description": "What should come out; a list to speak of several pages.",
            "examples": [{"shown": ["pregnant"], "values": {"bmi": 24.7}}],
            "anyOf": [_EXPECT, {"type": "array", "items": _EXPECT, "minItems": 1}],
        },
    },
}  # fmt: skip

BODY: Schema = {
    "type": "object",
    "required": ["scenarios"],
    "additionalProperties": False,
    "description": "A file of scenarios: a form tested without a server.",
    "properties": {
        "today": {
            "type": "string",
            "description": "Today in all scenarios here: YYYY-MM-DD, or with HH:MM:SS.",
            "examples": ["2026-01-15"],
        },
        "redcap_version": {
            "type": ["string", "number"],
            "pattern": r"^[0-9]+(\.[0-9]+){0,2}$",
            "x-message": "must be a version, as in 16.1.3",
            "description": "The REDCap that is meant; the newest without.",
            "examples": ["16.1.3"],
        },
        "semantics": {
            "type": "object",
            "additionalProperties": False,
            "description": "What logic means where sources differ: `redcap-iac test --semantics`.",
            "properties": {
                switch.name: {
                    "$ref": "#/$defs/flag",
                    "description": f"{switch.question} {switch.otherwise}.",
                }
                for switch in SWITCHES
            },
            "examples": [{"blank_is_below": True}],
        },
        "scenarios": {
            "type": "array",
            "minItems": 1,
            "items": _SCENARIO,
            "description": "The stories, each played by itself.",
            "examples": [
                [
                    {
                        "name": "A woman is asked whether she is pregnant",
                        "given": {"sex": 1},
                        "expect": {"shown": ["pregnant"]},
                    }
                ]
            ],
        },
    },
}
