"""What an editor shows while somebody types: a text and an example for every key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from redcap_iac.kinds.dictionary.field import TYPES
from redcap_iac.kinds.dictionary.validations import VALIDATIONS
from redcap_iac.manifest.schema import NAMES, inlined

_SAYS_BY_ITSELF = ("enum", "const", "properties")


def field_key(name: str) -> Mapping[str, Any]:
    """Return the schema of one key of a field."""
    return dict(keys(inlined("instrument"), ""))[f".fields.<additionalProperties>.{name}"]


def keys(value: object, path: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield every key a person can type, and what stands for keys and items of their own."""
    if not isinstance(value, Mapping):
        return
    for name, part in value.get("properties", {}).items():
        yield f"{path}.{name}", part
        yield from keys(part, f"{path}.{name}")
    for word in ("additionalProperties", "items"):
        if isinstance(value.get(word), Mapping):
            yield f"{path}.<{word}>", value[word]
            yield from keys(value[word], f"{path}.<{word}>")
    for word in ("anyOf", "oneOf"):
        for part in value.get(word, ()):
            yield from keys(part, path)


@pytest.mark.parametrize("name", NAMES)
def test_every_key_has_a_text_to_show(name: str) -> None:
    found = list(keys(inlined(name), name))
    assert found
    assert [path for path, part in found if not part.get("description")] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_key_has_an_example_or_says_what_there_is(name: str) -> None:
    bare = [
        path
        for path, part in keys(inlined(name), name)
        if not path.endswith(">")
        and not part.get("examples")
        and part.get("type") != "boolean"
        and not any(word in part for word in _SAYS_BY_ITSELF)
    ]
    assert bare == []


@pytest.mark.parametrize("name", NAMES)
def test_every_example_is_valid_where_it_stands(name: str) -> None:
    wrong = [
        (path, example)
        for path, part in keys(inlined(name), name)
        for example in part.get("examples", ())
        if not Draft202012Validator(part).is_valid(example)
    ]
    assert wrong == []


def test_types_and_validations_are_completed_with_what_each_is() -> None:
    type_, validation = field_key("type"), field_key("validation")
    assert set(type_["enum"]) == TYPES
    assert len(type_["enumDescriptions"]) == len(TYPES)
    assert validation["anyOf"][0]["enum"] == list(VALIDATIONS)
    assert len(validation["anyOf"][0]["enumDescriptions"]) == len(VALIDATIONS)


def test_a_validation_of_the_site_is_no_error() -> None:
    assert Draft202012Validator(field_key("validation")).is_valid("nhs_number")
