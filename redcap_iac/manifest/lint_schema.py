"""The JSON Schema of `lint:` and of `ignore:` at a declaration."""

from __future__ import annotations

from collections.abc import Mapping

from redcap_iac.findings import Severity
from redcap_iac.lint.settings import Profile

_CODES: dict[str, object] = {
    "type": "array",
    "minItems": 1,
    "items": {
        "type": "string",
        "description": "A code, or the beginning of some.",
        "examples": ["LG", "CH007"],
    },
}
#: Definitions that may let findings pass in place, under the key `ignore`.
IGNORING = ("instrument", "field", "matrix", "project", "arm", "event", "role", "user")

DEFINITIONS: Mapping[str, dict[str, object]] = {
    "ignore": {
        "type": "object",
        "minProperties": 1,
        "additionalProperties": {"$ref": "#/$defs/text_or_null"},
        "description": "Findings of `lint` to let pass: the code, or the beginning of some, and "
        "the reason, which is required.",
        "examples": [{"LG011": "0 is what the device sends for blank"}],
    },
    "lint": {
        "type": "object",
        "additionalProperties": False,
        "description": "How `lint` judges this design; `plan` and `apply` do not look at it.",
        "properties": {
            "profile": {
                "enum": [str(profile) for profile in Profile],
                "description": "What the design is held to; `default` unless said.",
                "examples": ["go-live"],
            },
            "select": {
                **_CODES,
                "description": "Only these rules, by code or the beginning of codes; a whole code "
                "turns its rule on in every profile.",
                "examples": [["LG", "CH007"]],
            },
            "ignore": {
                "$ref": "#/$defs/ignore",
                "description": "Findings to let pass everywhere, each with a reason.",
            },
            "severities": {
                "type": "object",
                "minProperties": 1,
                "additionalProperties": {
                    "enum": [str(severity) for severity in Severity],
                    "description": "How much the findings of this rule matter.",
                    "examples": ["note"],
                },
                "description": "How much the findings of a rule matter here.",
                "examples": [{"CH007": "note"}],
            },
            "settings": {
                "type": "object",
                "minProperties": 1,
                "additionalProperties": {
                    "anyOf": [
                        {"type": "integer", "minimum": 0},
                        {"type": "array", "items": {"$ref": "#/$defs/text"}},
                    ],
                    "description": "A number, or a list of words.",
                    "examples": [150],
                },
                "description": "Numbers and lists of words that rules ask for; "
                "`redcap-iac lint --rules` names them.",
                "examples": [{"fields_most": 150}],
            },
            "at": {
                "type": "object",
                "minProperties": 1,
                "additionalProperties": {"$ref": "#/$defs/ignore"},
                "description": "Findings to let pass by address, where `*` stands for anything: "
                "for dictionaries kept as CSV.",
                "examples": [{"field/q_*": {"DD009": "names of the published questionnaire"}}],
            },
        },
        "examples": [{"profile": "go-live", "ignore": {"DD022": "one long interview"}}],
    },
}
