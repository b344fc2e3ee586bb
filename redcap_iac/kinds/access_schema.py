"""What the manifest may say about roles, users and their rights, as JSON Schema."""

from __future__ import annotations

from collections.abc import Mapping

from redcap_iac.kinds.rights import EDIT, EDIT_WITH, EXPORT_LEVELS, NONE, READ_ONLY, RIGHTS, Right

Schema = dict[str, object]

_TEXT: Schema = {"$ref": "#/$defs/text"}
_CLEARABLE: Schema = {"$ref": "#/$defs/text_or_null"}
_RAW: Schema = {
    "type": "object",
    "additionalProperties": False,
    "required": ["raw"],
    "description": "A code of the server's that has no word here, kept as it is.",
    "properties": {
        "raw": {
            "type": ["integer", "string"],
            "description": "The code, as the API exports it.",
            "examples": [137],
        }
    },
}


def _right(right: Right) -> Schema:
    since = f", since REDCap {right.since}" if right.since.major else ""
    feature = f", where {right.feature} is on" if right.feature else ""
    described = f"{right.label}{since}{feature}."
    if right.is_flag:
        return {"description": described, "anyOf": [{"type": "boolean"}, _RAW], "examples": [True]}
    levels: Schema = {"type": ["boolean", "string", "integer"]}
    return {"description": described, "anyOf": [levels, _RAW], "examples": list(right.levels)}


_GRANTED: Mapping[str, object] = {
    "rights": {
        "type": "object",
        "additionalProperties": False,
        "description": "Rights granted; what is not named is not granted.",
        "properties": {right.name: _right(right) for right in RIGHTS},
        "examples": [{"record_create": True, "user_rights": READ_ONLY, "lock_records": NONE}],
    },
    "instruments": {
        "type": "object",
        "description": 'Rights on instruments; "*" stands for every one not named.',
        "additionalProperties": {
            "description": "What may be done on the instrument: none, read_only, edit, or a list "
            "of edit with survey_responses (edit answers of surveys) and delete (from 15.6).",
            "anyOf": [
                {"type": "string", "examples": [NONE, READ_ONLY, EDIT]},
                {
                    "type": "array",
                    "minItems": 1,
                    "items": {"enum": [EDIT, *EDIT_WITH], "description": "What may be done."},
                },
                _RAW,
            ],
            "examples": [NONE, READ_ONLY, EDIT, [EDIT, *EDIT_WITH]],
        },
        "examples": [{"*": EDIT, "consent": [EDIT, *EDIT_WITH], "vitals": NONE}],
    },
    "export": {
        "type": "object",
        "description": 'Export rights by instrument; "*" stands for every one not named.',
        "additionalProperties": {
            "description": "What may be exported of the instrument: none, deidentified, "
            "no_identifiers (identifiers removed), full.",
            "anyOf": [{"type": "string"}, _RAW],
            "examples": list(EXPORT_LEVELS),
        },
        "examples": [{"*": "deidentified", "demographics": NONE}],
    },
}

_ROLE: Schema = {
    "type": "object",
    "additionalProperties": False,
    "description": "What people in this role may do.",
    "properties": {
        "label": {
            **_TEXT,
            "description": "Its label, where that is not the key.",
            "examples": ["Data entry"],
        },
        "unique_name": {
            "type": "string",
            "pattern": "^U-[0-9A-Z]+$",
            "x-message": "must be the unique name REDCap gave the role, U-…",
            "description": "Which role is meant, where labels are equal.",
            "examples": ["U-527D39JXAC"],
        },
        "renamed_from": {**_TEXT, "description": "The label it had.", "examples": ["Nurse"]},
        **_GRANTED,
    },
}

_USER: Schema = {
    "type": "object",
    "additionalProperties": False,
    "description": "A person's role, or rights of their own, and their group.",
    "properties": {
        "role": {
            **_CLEARABLE,
            "description": "The role, by its label; null takes it away.",
            "examples": ["Data entry"],
        },
        "dag": {
            **_CLEARABLE,
            "description": "The Data Access Group; null is none, absent leaves it.",
            "examples": ["Lyon"],
        },
        "expires": {
            **_CLEARABLE,
            "description": "Last day, YYYY-MM-DD; null is never, absent leaves it.",
            "examples": ["2027-12-31"],
        },
        **_GRANTED,
    },
}

DEFINITIONS: Mapping[str, object] = {"role": _ROLE, "user": _USER}

ROLES: Mapping[str, object] = {
    "roles": {
        "type": "object",
        "additionalProperties": {"$ref": "#/$defs/role"},
        "description": "User roles by label; an empty map means none.",
        "examples": [
            {"Data entry": {"rights": {"record_create": True}, "instruments": {"*": EDIT}}}
        ],
    }
}
USERS: Mapping[str, object] = {
    "users": {
        "type": "object",
        "additionalProperties": {"$ref": "#/$defs/user"},
        "description": "People by username: a role, or rights of their own, never both.",
        "examples": [{"jdoe": {"role": "Data entry", "dag": "Lyon", "expires": "2027-12-31"}}],
    }
}
