"""The JSON Schema of environments: where a project is, what guards it, what somebody accepts."""

from __future__ import annotations

from collections.abc import Mapping

from redcap_iac.state import Unit

#: What may be protected, with a name as one would write it.
_PROTECTED = {
    "fields": "record_id",
    "instruments": "consent",
    "events": "baseline_arm_1",
    "dags": "Lyon",
}
_ACCEPTED = {
    "hazard": "H101:field/postal",
    "change": "3f9a1c07be52",
    "at_most": 412,
    "who": "the study's data manager",
    "why": "exported before, kept in the archive",
    "until": "2027-01-31",
}
#: Definitions by name; what they refer to besides each other `schema` gives.
DEFINITIONS: Mapping[str, dict[str, object]] = {
    "token_source": {
        "type": "string",
        "pattern": "^(env:.+|file:.+|keyring:[^/]+/.+|command:.+)$",
        "x-message": "must be env:NAME, file:PATH, keyring:SERVICE/NAME or command:CMD, "
        "never a token itself",
        "description": "Where the token is found; a token itself never stands in a file.",
        "examples": ["env:REDCAP_TOKEN_CARDIAC_DEV", "keyring:redcap/cardiac"],
    },
    "environment": {
        "type": "object",
        "additionalProperties": False,
        "required": ["url", "token"],
        "description": "One REDCap project this manifest is applied to.",
        "properties": {
            "url": {
                "type": "string",
                "pattern": "^https?://",
                "x-message": "must be the address of the API, starting with https://",
                "description": "The API's address, ending in /api/.",
                "examples": ["https://redcap-dev.example.org/api/"],
            },
            "token": {
                "$ref": "#/$defs/token_source",
                "description": "Where the API token is found; never the token itself.",
            },
            "user": {
                "$ref": "#/$defs/text",
                "description": "Whose token it is.",
                "examples": ["svc_redcap_iac"],
            },
            "project_id": {
                "type": "integer",
                "minimum": 1,
                "description": "A guard: another project behind the token is an error.",
                "examples": [17],
            },
            "data": {
                "enum": ["test", "real"],
                "description": "Whether the project holds test data or a study's own.",
            },
            "default": {"$ref": "#/$defs/flag", "description": "Taken when none is named."},
            "overlay": {
                "type": "string",
                "description": "A file that changes the manifest for this environment.",
                "examples": ["environments/prod.yaml"],
            },
            "auto_approval": {
                "type": "string",
                "description": "The server's draft-mode setting, for prediction.",
                "examples": ["nocritical"],
            },
            "variables": {
                "$ref": "#/$defs/variables",
                "description": "Texts for ${name} that differ here, or are known here only.",
            },
            "ca_bundle": {
                "type": "string",
                "description": "A file of certificates to trust.",
                "examples": ["certificates/hospital.pem"],
            },
            "client_cert": {
                "type": "string",
                "description": "A client certificate with its key.",
                "examples": ["/etc/ssl/private/redcap-client.pem"],
            },
            "timeout": {
                "type": "number",
                "exclusiveMinimum": 0,
                "description": "Seconds for connecting and for each read.",
                "examples": [60],
            },
            "requests_per_minute": {
                "type": "integer",
                "minimum": 1,
                "maximum": 599,
                "description": "The ceiling; the server bans an address at 600.",
                "examples": [120],
            },
            "protect": {
                "type": "object",
                "additionalProperties": False,
                "description": "What no plan may remove or change here.",
                "properties": {
                    unit: {
                        "$ref": "#/$defs/names",
                        "description": f"Names of {unit} that must stay as they are.",
                        "examples": [[example]],
                    }
                    for unit, example in _PROTECTED.items()
                },
            },
            "accept": {
                "type": "array",
                "description": "Hazards somebody answers for here, each bound to its change.",
                "examples": [[_ACCEPTED]],
                "items": {"$ref": "#/$defs/acceptance"},
            },
            "limits": {
                "type": "object",
                "additionalProperties": False,
                "description": "How much of a unit one plan may delete or change here.",
                "properties": {
                    str(unit): {
                        "$ref": "#/$defs/limit",
                        "description": f"How much of {unit} one plan may delete or change.",
                    }
                    for unit in Unit
                },
            },
            "mask_small": {
                "$ref": "#/$defs/flag",
                "description": "Say `fewer than 5` instead of smaller numbers of records.",
            },
            "state_dir": {
                "type": "string",
                "description": "Where backups, journals and evidence go; .redcap-iac here without.",
                "examples": ["/var/lib/redcap-iac/cardiac"],
            },
            "plan_max_age": {
                "type": "integer",
                "minimum": 1,
                "description": "For how many hours a saved plan may be applied; 24 without.",
                "examples": [48],
            },
        },
    },
    "acceptance": {
        "type": "object",
        "additionalProperties": False,
        "required": ["hazard", "change", "who", "why", "until"],
        "description": "Who answers for a hazard, why, and until when.",
        "properties": {
            "hazard": {
                "type": "string",
                "pattern": "^H[0-9]{3}:.+$",
                "x-message": "must be the hazard's code and address, as in H101:field/postal",
                "description": "Code and address as the plan prints them.",
                "examples": ["H101:field/postal"],
            },
            "change": {
                "type": "string",
                "pattern": "^[0-9a-f]{12}$",
                "x-message": "must be the 12 digits that the plan prints beside the hazard",
                "description": "What is accepted: the digits the plan prints beside the hazard.",
                "examples": [_ACCEPTED["change"]],
            },
            "at_most": {
                "type": ["integer", "string"],
                "minimum": 0,
                "pattern": "^any$",
                "x-message": "must be a number of records, or any (an unknown number too)",
                "description": "How many records it may concern; none without. `any` is whatever "
                "number, one that nobody can tell too.",
                "examples": [412],
            },
            "names": {
                "$ref": "#/$defs/names",
                "description": "Which people or sites it may concern; none without.",
                "examples": [["Lyon"]],
            },
            "who": {
                "$ref": "#/$defs/text",
                "description": "Who answers for it.",
                "examples": [_ACCEPTED["who"]],
            },
            "why": {
                "$ref": "#/$defs/text",
                "description": "Why it may be done.",
                "examples": [_ACCEPTED["why"]],
            },
            "until": {
                "type": "string",
                "description": "The last day it holds, YYYY-MM-DD.",
                "examples": ["2027-01-31"],
            },
        },
    },
    "limit": {
        "type": "object",
        "additionalProperties": False,
        "description": "How much of a unit one plan may delete or change.",
        "properties": {
            "delete_percent": {
                "type": "number",
                "minimum": 0,
                "maximum": 100,
                "description": "Deleted at most, of what is live; 30 without.",
                "examples": [10],
            },
            "delete_number": {
                "type": "integer",
                "minimum": 0,
                "description": "Deleted at most; 25 without.",
                "examples": [5],
            },
            "change_percent": {
                "type": "number",
                "minimum": 0,
                "maximum": 100,
                "description": "Changed at most, of what is live; 50 without.",
                "examples": [20],
            },
        },
    },
}
