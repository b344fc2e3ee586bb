from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.tool import Tool

SCHEMAS = Path(__file__).parent.parent.parent / "schemas"


@pytest.mark.parametrize("name", ["manifest", "instrument", "plan"])
def test_the_published_schema_is_what_the_command_prints(bare: Tool, name: str) -> None:
    said = bare.run("schema", name)
    assert said.code == 0
    assert said.out == (SCHEMAS / f"{name}.json").read_text(encoding="utf-8")


def test_the_schema_of_the_manifest_is_the_one_without_a_name(bare: Tool) -> None:
    assert bare.run("schema").out == bare.run("schema", "manifest").out


def test_a_schema_nobody_knows_is_a_usage_error(bare: Tool) -> None:
    said = bare.run("schema", "planet")
    assert said.code == 64
    assert "plan" in said.err


def test_schemas_are_json(bare: Tool) -> None:
    assert json.loads(bare.run("schema", "plan").out)["title"] == "redcap-iac plan"


def test_the_schemas_are_written_for_an_editor(bare: Tool) -> None:
    said = bare.run("schema", "--out", ".schemas")
    assert said.code == 0
    written = {
        file.name: file.read_text(encoding="utf-8") for file in (bare.folder / ".schemas").iterdir()
    }
    assert written == {file.name: file.read_text(encoding="utf-8") for file in SCHEMAS.iterdir()}
    assert "# yaml-language-server: $schema=.schemas/manifest.json" in said.err
    assert "# yaml-language-server: $schema=../.schemas/instrument.json" in said.err


def test_one_schema_is_written_when_it_is_named(bare: Tool) -> None:
    bare.run("schema", "policy", "--out", "s")
    assert [file.name for file in (bare.folder / "s").iterdir()] == ["policy.json"]
