"""JSON Schemas of the files, put together from what the kinds say.

The convention, for whoever writes a kind:

- `Kind.properties` maps top-level keys of `redcap.yaml` to schemas; `Kind.definitions` maps names
  to schemas that go to `$defs`. A name may be given by several kinds only with equal content.
- Provided here: the top-level keys `version`, `manage`, `environments`, `variables`,
  `instruments` and `dictionary`, and the definitions

  - `text`: text wherever text stands (string, number or boolean; never null: a null where a label
    belongs is an error that shows the corrected line),
  - `text_or_null`: the same, or null where null clears,
  - `flag`: `true` or `false`,
  - `level`: a flag, or the name of a level (`read_only`).

- The dictionary gives the definition `instrument`: one instrument as a map, in a file of its own
  or inline (`instrument`, `label`, `matrices`, `fields`).
- Close every map whose keys are the tool's own words with `"additionalProperties": False`; keys
  starting with `x-` are let through by the assembly. In maps whose keys are the author's (choices,
  roles, users, fields) an `x-` key is a key like any other: iterate over `entries` there, and over
  `named()` elsewhere.
- Alternatives are `oneOf` or `anyOf`, best told apart by type (text, list, map): findings then
  speak about the alternative that was meant. `enum` of words gives "did you mean" by itself.
- `"x-message"` in a schema is the sentence a person reads instead of the general one when
  `pattern`, `enum`, `not`, `minimum`… of that schema does not hold: what it must be, lower case,
  without the key ("must be a whole number of days").
- Give `description` and `examples`: editors show them. Numbers only where the tool computes with
  them (`{"type": "integer"}`); what REDCap keeps as text is `text`.
- An unquoted scalar is a number, boolean or null for the schema as YAML 1.2's core schema says;
  the kinds always see the text as typed (`document.Text`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import cast

from redcap_iac.kinds import all_kinds
from redcap_iac.manifest import (
    environments_schema,
    lint_schema,
    policy_schema,
    scenarios_schema,
)
from redcap_iac.state import Mode, Unit

DIALECT = "https://json-schema.org/draft/2020-12/schema"
#: Names of the schemas this module makes.
NAMES = ("manifest", "instrument", "policy", "scenario")

Schema = dict[str, object]

_DEFINITIONS: Mapping[str, Schema] = {
    "text": {"type": ["string", "number", "boolean"], "description": "Text, exactly as typed."},
    "text_or_null": {
        "type": ["string", "number", "boolean", "null"],
        "description": "Text, exactly as typed; null clears it.",
    },
    "flag": {"type": "boolean", "description": "true or false."},
    "level": {
        "type": ["boolean", "string"],
        "description": "true, false, or the name of a level.",
        "examples": [True, "read_only"],
    },
    "names": {
        "type": "array",
        "items": {"$ref": "#/$defs/text"},
        "description": "A list of names.",
    },
    "variables": {
        "type": "object",
        "additionalProperties": {"$ref": "#/$defs/text"},
        "description": "Names and their text: ${name} in a text stands for it. Write $${ for both"
        " signs themselves.",
        "examples": [{"site": "Lyon"}],
    },
    **environments_schema.DEFINITIONS,
    **lint_schema.DEFINITIONS,
    # Stands in until a kind says what an instrument holds.
    "instrument": {"type": "object", "required": ["instrument"]},
}

_ENVIRONMENT: Schema = {
    "url": "https://redcap-dev.example.org/api/",
    "token": "env:REDCAP_TOKEN_CARDIAC_DEV",
    "project_id": 17,
    "data": "test",
}

_PROPERTIES: Mapping[str, Schema] = {
    "version": {
        "const": 1,
        "x-message": "must be 1, the only version of the manifest there is",
        "description": "The version of the manifest's language.",
    },
    "instruments": {
        "type": "array",
        "description": "Instruments in their order: a file, a pattern of files, or inline.",
        "items": {
            "description": "A file, a pattern of files, or an instrument inline.",
            "oneOf": [
                {"type": "string", "description": "A path or a pattern inside the folder."},
                {"$ref": "#/$defs/instrument"},
            ],
        },
        "examples": [["instruments/demographics.yaml", "instruments/vitals.csv"]],
    },
    "dictionary": {
        "type": "string",
        "description": "The whole data dictionary in one CSV file, as downloaded from REDCap.",
        "examples": ["CardiacRehab_DataDictionary_2026-11-20.csv"],
    },
    "manage": {
        "type": "object",
        "additionalProperties": False,
        "description": "What happens to live items that nobody declared, by unit.",
        "properties": {
            str(unit): {"enum": [str(mode) for mode in Mode], "description": f"Mode of {unit}."}
            for unit in Unit
        },
        "examples": [{"users": "additive", "dags": "authoritative"}],
    },
    "environments": {
        "type": "object",
        "minProperties": 1,
        "additionalProperties": {"$ref": "#/$defs/environment"},
        "description": "The projects this manifest is applied to, by name.",
        "examples": [{"dev": _ENVIRONMENT}],
    },
    "variables": {
        "$ref": "#/$defs/variables",
        "description": "Texts for ${name}, wherever text stands; an environment can say otherwise.",
    },
    "lint": {"$ref": "#/$defs/lint"},
}


@cache
def schema(name: str) -> Mapping[str, object]:
    """Return a published schema; KeyError for a name not in `NAMES`."""
    made = {
        "manifest": _manifest, "instrument": _instrument, "policy": _policy, "scenario": _scenario,
    }[name]()  # fmt: skip
    head: Schema = {"$schema": DIALECT, "title": f"redcap-iac {name}"}
    return cast("Schema", _open_to_extensions({**head, **made, "$defs": _needed(made)}))


def text(name: str) -> str:
    """Return a schema as the text of its file: two blanks of indentation, a final line break."""
    return json.dumps(schema(name), indent=2, ensure_ascii=False) + "\n"


@cache
def inlined(name: str) -> Mapping[str, object]:
    """Return a schema with every reference replaced by what it names: faster to validate by."""
    whole = schema(name)
    definitions = cast("Mapping[str, object]", whole["$defs"])
    body = {key: value for key, value in whole.items() if key != "$defs"}
    return cast("Schema", _inline(body, definitions, ()))


def _manifest() -> Schema:
    """Return the schema of `redcap.yaml`."""
    properties: dict[str, object] = {}
    for kind in all_kinds():
        _add(properties, kind.properties, kind.name)
    return {
        "description": "redcap.yaml: one REDCap project as code.",
        "type": "object",
        "required": ["version"],
        "additionalProperties": False,
        "properties": {"version": _PROPERTIES["version"], **properties, **_PROPERTIES},
    }


def _instrument() -> Schema:
    """Return the schema of an instrument's file: one instrument, or a list as in `instruments`."""
    return {
        "description": "A file named by `instruments:`: one instrument, or a list of them.",
        "oneOf": [{"$ref": "#/$defs/instrument"}, _PROPERTIES["instruments"]],
    }


def _policy() -> Schema:
    """Return the schema of a policy."""
    return policy_schema.BODY


def _scenario() -> Schema:
    """Return the schema of a scenario file."""
    return scenarios_schema.BODY


def _definitions() -> Schema:
    """Return every definition; what a kind gives takes the place of one given here."""
    given: dict[str, object] = {}
    for kind in all_kinds():
        _add(given, kind.definitions, kind.name)
    for name in lint_schema.IGNORING:
        given[name] = _ignoring(cast("Schema", given[name]))
    return {**_DEFINITIONS, **given}


def _ignoring(definition: Schema) -> Schema:
    """Return the schema of a declaration at which findings may be let pass."""
    properties = cast("Schema", definition["properties"])
    return {**definition, "properties": {**properties, "ignore": {"$ref": "#/$defs/ignore"}}}


def _add(into: dict[str, object], given: Mapping[str, object], kind: str) -> None:
    """Add what a kind gives; ValueError when another gave the same name another content."""
    for name, value in given.items():
        if into.setdefault(name, value) != value:
            raise ValueError(f"kind {kind} gives {name!r} another schema than a kind before it")


def _needed(body: object) -> Schema:
    """Return the definitions a schema refers to, directly or through others, by name."""
    definitions = _definitions()
    found: dict[str, object] = {}
    waiting = [body]
    while waiting:
        for name in sorted(_references(waiting.pop())):
            if name not in found:
                found[name] = definitions[name]
                waiting.append(definitions[name])
    return {name: found[name] for name in sorted(found)}


def _references(value: object) -> set[str]:
    """Return the names of the definitions that a schema refers to itself."""
    if isinstance(value, Mapping):
        own = {str(value["$ref"]).removeprefix("#/$defs/")} if "$ref" in value else set()
        return own.union(*(_references(part) for part in value.values()))
    if isinstance(value, list | tuple):
        return set[str]().union(*(_references(part) for part in value))
    return set()


def _open_to_extensions(value: object) -> object:
    """Return a schema in which every closed map lets keys starting with `x-` through."""
    if isinstance(value, Mapping):
        opened = {key: _open_to_extensions(part) for key, part in value.items()}
        if "properties" in value and value.get("additionalProperties") is False:
            patterns = cast("Schema", opened.get("patternProperties", {}))
            opened["patternProperties"] = {"^x-": True, **patterns}
        return opened
    if isinstance(value, list | tuple):
        return [_open_to_extensions(part) for part in value]
    return value


def _inline(value: object, definitions: Mapping[str, object], path: tuple[str, ...]) -> object:
    """Return a schema without references; ValueError when one leads back to itself."""
    if isinstance(value, Mapping):
        own = {k: _inline(v, definitions, path) for k, v in value.items() if k != "$ref"}
        if "$ref" not in value:
            return own
        name = str(value["$ref"]).removeprefix("#/$defs/")
        if name in path:
            raise ValueError(f"the definition {name!r} refers to itself")
        named = cast("Schema", _inline(definitions[name], definitions, (*path, name)))
        return {**named, **own}
    if isinstance(value, list | tuple):
        return [_inline(part, definitions, path) for part in value]
    return value
