"""The JSON Schema of a saved plan, for whoever reads plans by machine."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from redcap_iac.findings import Severity
from redcap_iac.hazard import Answer, Undoable
from redcap_iac.plan import FORMAT_VERSION, Phase
from redcap_iac.state import Unit
from redcap_iac.views.json import EXIT_NAMES

NAME = "plan"

Schema = Mapping[str, Any]

_TEXT: Schema = {"type": "string"}
_FLAG: Schema = {"type": "boolean"}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_VALUE: Schema = {
    "description": "Text, or ordered pairs: code and label, right and level.",
    "oneOf": [
        _TEXT,
        {
            "type": "array",
            "items": {"type": "array", "items": _TEXT, "minItems": 2, "maxItems": 2},
        },
    ],
}
_MADE: Schema = {
    "type": "object",
    "description": "A name the server will make for this address; read back before it is used.",
    "required": ["$made"],
    "properties": {"$made": _TEXT},
}


def schema() -> dict[str, Any]:
    """Return the schema; keys it does not know are allowed, as readers are to ignore them."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "redcap-iac plan",
        "description": "What `redcap-iac plan --out FILE` writes and `--format json` prints.",
        **_object(
            {
                "format_version": {
                    "type": "string",
                    "pattern": r"^[0-9]+\.[0-9]+$",
                    "description": "A higher major number is refused.",
                    "examples": [FORMAT_VERSION],
                },
                "id": {"type": "string", "description": "A digest over all but exit."},
                "created": {"type": "string", "format": "date-time"},
                "tool": _TEXT,
                "environment": _TEXT,
                "data": {"enum": ["", "test", "real"]},
                "mask_small": {
                    **_FLAG,
                    "description": "Numbers of records below 5 are not told to people.",
                },
                "target": _target(),
                "manifest_digest": _TEXT,
                "base": {"type": ["string", "null"]},
                "publish": {
                    "enum": ["private", "public"],
                    "description": "A public plan has lost names, small numbers and calls; it can "
                    "be read, and not applied.",
                },
                "fingerprint": {
                    "type": "object",
                    "description": "A sha256 for every kind that was read.",
                    "additionalProperties": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
                },
                "changes": _list(_change()),
                "findings": _list(_finding()),
                "impact": _list(_object({"code": _TEXT, "address": _TEXT, **_count()})),
                "kept": {
                    "type": "object",
                    "description": "Live objects that are not declared and stay, by unit.",
                    "additionalProperties": _COUNT,
                },
                "steps": _list(_step()),
                "stages": _list(_stage()),
                "access": _list(_shift()),
                "acceptances": _list(_acceptance()),
                "todo": _list(_TEXT),
                "blind_spots": _list(_TEXT),
                "stopped": {
                    **_list(_TEXT),
                    "description": "Why it may not be applied as it is; empty when it may.",
                },
                "exit": _object(
                    {
                        "code": {"enum": [0, 2]},
                        "name": {"enum": [EXIT_NAMES[0], EXIT_NAMES[2]]},
                        "reason": _TEXT,
                    }
                ),
            }
        ),
    }


def text() -> str:
    """Return the schema as the text of its file."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def _target() -> Schema:
    return _object(
        {
            "url": _TEXT,
            "project_id": _TEXT,
            "title": _TEXT,
            "status": {"enum": ["development", "production", "unknown"]},
            "version": {"type": "string", "examples": ["16.1.3"]},
            "longitudinal": _FLAG,
            "form_rights_in_bits": _FLAG,
            "user": {"type": "string", "description": "Whose token it is; empty when unknown."},
        }
    )


def _change() -> Schema:
    whole = {
        "description": "Every aspect as a pair of name and value; null when there is none.",
        "oneOf": [
            {
                "type": "array",
                "items": {"type": "array", "prefixItems": [_TEXT, _VALUE], "minItems": 2},
            },
            {"type": "null"},
        ],
    }
    return _object(
        {
            "address": {"type": "string", "examples": ["field/zip_code"]},
            "action": {"enum": ["create", "update", "delete", "rename"]},
            "unit": {"enum": [str(unit) for unit in Unit]},
            "group": _TEXT,
            "label": _TEXT,
            "before": whole,
            "after": whole,
            "aspects": _list(_aspect()),
            "origin": _TEXT,
        }
    )


def _aspect() -> Schema:
    return _object({"name": _TEXT, "before": _VALUE, "after": _VALUE, "origin": _TEXT})


def _finding() -> Schema:
    place = _object({"file": _TEXT, "line": _COUNT, "column": _COUNT})
    return _object(
        {
            "code": {"type": "string", "examples": ["H109", "M301"]},
            "severity": {"enum": [str(severity) for severity in Severity]},
            "message": _TEXT,
            "address": _TEXT,
            "advice": _TEXT,
            "position": {"oneOf": [place, {"type": "null"}]},
            "stake": {"oneOf": [_stake(), {"type": "null"}]},
        }
    )


def _stake() -> Schema:
    return _object(
        {
            "answer": {"enum": [str(answer) for answer in Answer]},
            "undoable": {"enum": [str(undoable) for undoable in Undoable]},
            "change": {"type": "string", "description": "What an acceptance is bound to."},
            "count": {"oneOf": [_object(_count()), {"type": "null"}]},
            "names": _list(_TEXT),
            "public": {"type": "string", "description": "The message without names."},
        }
    )


def _count() -> dict[str, Schema]:
    number = {"type": ["integer", "null"], "minimum": 0}
    return {
        "number": {**number, "description": "Records concerned; null when unknown."},
        "at_least": {"type": "boolean", "description": "There may be more than were seen."},
        "of": {**number, "description": "How many records there are."},
    }


def _shift() -> Schema:
    return _object(
        {
            "username": _TEXT,
            "gained": {**_list(_aspect()), "description": "What they may do and may not now."},
            "lost": {**_list(_aspect()), "description": "What they may not do any more."},
        }
    )


def _stage() -> Schema:
    return _object(
        {
            "number": _COUNT,
            "who": {"enum": ["redcap-iac", "you", "administrator"]},
            "title": _TEXT,
            "lines": _list(_TEXT),
            "serves": {**_list(_TEXT), "description": "Addresses of changes."},
        }
    )


def _acceptance() -> Schema:
    return _object(
        {
            "code": _TEXT,
            "address": _TEXT,
            "typed": {"type": "boolean", "description": "At the command, not in a file."},
            "change": _TEXT,
            "at_most": {"type": ["integer", "null"]},
            "names": {"oneOf": [_list(_TEXT), {"type": "null"}]},
            "who": _TEXT,
            "why": _TEXT,
            "until": _TEXT,
            "at_least": {
                "type": "boolean",
                "description": "The number accepted was itself what was seen at least.",
            },
        }
    )


def _step() -> Schema:
    rights = _object({"$map": {"type": "object", "additionalProperties": {"type": "integer"}}})
    cell = {"oneOf": [_TEXT, _MADE, rights]}
    call = _object(
        {
            "content": {"type": "string", "examples": ["metadata"]},
            "action": {"enum": ["import", "delete", "create"]},
            "rows": _list({"type": "object", "additionalProperties": cell}),
            "params": {
                "type": "object",
                "additionalProperties": {"oneOf": [_TEXT, _list({"oneOf": [_TEXT, _MADE]})]},
            },
            "header": _list(_TEXT),
        }
    )
    return _object(
        {
            "phase": {"enum": [phase.name.lower() for phase in Phase]},
            "kind": _TEXT,
            "title": _TEXT,
            "call": call,
            "serves": {**_list(_TEXT), "description": "Addresses of the changes it is made for."},
            "touches": _list(_TEXT),
            "makes": _list({"type": "array", "prefixItems": [_TEXT, _COUNT], "minItems": 2}),
            "replaces": _FLAG,
            "copies": {
                **_list(_object({"source": _TEXT, "target": _TEXT, "codes": _list(_list(_TEXT))})),
                "description": "Stored values carried from one name or code to another.",
            },
        }
    )


def _object(properties: Mapping[str, Schema]) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": dict(properties)}


def _list(items: Schema) -> dict[str, Any]:
    return {"type": "array", "items": items}
