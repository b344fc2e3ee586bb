"""The published schemas are what the code says, and every kind keeps the convention."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from redcap_iac.kinds import all_kinds
from redcap_iac.manifest.schema import NAMES, inlined, schema, text

SCHEMAS = Path(__file__).parents[2] / "schemas"


def parts(value: object) -> Iterator[Mapping[str, object]]:
    if isinstance(value, Mapping):
        yield value
        for part in value.values():
            yield from parts(part)
    elif isinstance(value, list):
        for part in value:
            yield from parts(part)


@pytest.mark.parametrize("name", NAMES)
def test_the_committed_schema_is_the_one_the_code_makes(name: str) -> None:
    committed = (SCHEMAS / f"{name}.json").read_text(encoding="utf-8")
    assert committed == text(name), f"redcap-iac schema {name} > schemas/{name}.json"


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_is_valid_and_its_references_lead_somewhere(name: str) -> None:
    Draft202012Validator.check_schema(json.loads(text(name)))
    names = {str(part["$ref"]).removeprefix("#/$defs/") for part in parts(schema(name)) if
             isinstance(part.get("$ref"), str)}  # fmt: skip
    definitions = schema(name)["$defs"]
    assert isinstance(definitions, Mapping)
    assert names == set(definitions)


@pytest.mark.parametrize("name", NAMES)
def test_the_schema_to_validate_by_has_no_references(name: str) -> None:
    assert not any("$ref" in part for part in parts(inlined(name)))


def test_closed_maps_let_extensions_through() -> None:
    closed = [
        part
        for part in parts(schema("manifest"))
        if part.get("additionalProperties") is False and "properties" in part
    ]
    assert closed
    for part in closed:
        patterns = part["patternProperties"]
        assert isinstance(patterns, Mapping)
        assert patterns["^x-"] is True


def test_every_top_level_key_of_a_kind_is_in_the_schema() -> None:
    properties = schema("manifest")["properties"]
    assert isinstance(properties, Mapping)
    for kind in all_kinds():
        assert set(kind.properties) <= set(properties)


def test_an_unknown_schema_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        schema("nothing")
