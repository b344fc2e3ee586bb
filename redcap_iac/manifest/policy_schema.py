"""What a policy file may say, as JSON Schema."""

from __future__ import annotations

from redcap_iac.safety.policy import RULES, Strength
from redcap_iac.state import Unit

Schema = dict[str, object]

_DAYS: Schema = {"type": "integer", "minimum": 1}

_RULE: Schema = {
    "type": "object",
    "additionalProperties": False,
    "required": ["rule"],
    "description": "One rule; it holds everywhere unless it says where.",
    "properties": {
        "rule": {"enum": list(RULES), "description": "What has to hold."},
        "strength": {
            "enum": [str(strength) for strength in Strength],
            "description": "block (it may not be applied) unless it says advise.",
        },
        "allow": {
            "$ref": "#/$defs/names",
            "description": "Whom it does not bind: usernames, or role/LABEL.",
            "examples": [["svc_redcap_iac", "role/Data manager"]],
        },
        "days": {
            **_DAYS,
            "description": "users_expire_within: for how many days at most.",
            "examples": [365],
        },
        "hours": {
            **_DAYS,
            "description": "plans_apply_within: for how many hours at most.",
            "examples": [24],
        },
        "units": {
            "type": "array",
            "items": {"enum": [str(unit) for unit in Unit], "description": "A unit of management."},
            "minItems": 1,
            "description": "no_deletion_of: what may not be deleted.",
            "examples": [["fields", "events"]],
        },
        "codes": {
            "type": "array",
            "items": {
                "type": "string",
                "pattern": "^H[0-9]{3}$",
                "x-message": "must be the code of a hazard, as in H101",
                "description": "The code of a hazard.",
                "examples": ["H101"],
            },
            "minItems": 1,
            "description": "no_acceptance_of: hazards nobody may accept.",
            "examples": [["H101", "H104"]],
        },
        "environments": {
            "$ref": "#/$defs/names",
            "description": "Only in these environments.",
            "examples": [["prod"]],
        },
        "hosts": {
            "$ref": "#/$defs/names",
            "description": "Only on these servers; no manifest can talk that away.",
            "examples": [["redcap.example.org"]],
        },
        "status": {
            "type": "array",
            "items": {
                "enum": ["development", "production", "unknown"],
                "description": "A status of the project.",
            },
            "minItems": 1,
            "description": "Only in projects of this status.",
            "examples": [["production"]],
        },
        "data": {
            "enum": ["test", "real"],
            "description": "Only where the environment declares this; real also holds where"
            " nothing is declared, and in production.",
        },
        "why": {
            "$ref": "#/$defs/text",
            "description": "Shown to whoever breaks it.",
            "examples": ["SOP 12: access ends with the contract"],
        },
    },
}

_WAIVER: Schema = {
    "type": "object",
    "additionalProperties": False,
    "required": ["rule", "who", "why", "until"],
    "description": "An excuse from one rule. In a project it excuses from the project's own rules.",
    "properties": {
        "rule": {"enum": [*RULES, *RULES.values()], "description": "The rule, or its code."},
        "names": {
            "$ref": "#/$defs/names",
            "description": "Whom or what it excuses: usernames, addresses; all of it without.",
            "examples": [["svc_redcap_iac"]],
        },
        "who": {
            "$ref": "#/$defs/text",
            "description": "Who excuses.",
            "examples": ["the data protection office"],
        },
        "why": {
            "$ref": "#/$defs/text",
            "description": "For what reason.",
            "examples": ["the account of the pipeline never expires"],
        },
        "until": {
            "type": "string",
            "description": "The last day it excuses, YYYY-MM-DD.",
            "examples": ["2027-01-31"],
        },
    },
}

BODY: Schema = {
    "type": "object",
    "required": ["version", "rules"],
    "additionalProperties": False,
    "description": "What has to hold in projects; rules only tighten.",
    "properties": {
        "version": {
            "const": 1,
            "x-message": "must be 1, the only version of a policy there is",
            "description": "The version of the policy's language.",
        },
        "rules": {
            "type": "array",
            "items": _RULE,
            "description": "What has to hold.",
            "examples": [[{"rule": "users_expire_within", "days": 365}]],
        },
        "waivers": {
            "type": "array",
            "items": _WAIVER,
            "description": "Excuses from a rule, each with a reason and a last day.",
            "examples": [
                [
                    {
                        "rule": "users_expire_within",
                        "names": ["svc_redcap_iac"],
                        "who": "the data protection office",
                        "why": "the account of the pipeline never expires",
                        "until": "2027-01-31",
                    }
                ]
            ],
        },
    },
}
