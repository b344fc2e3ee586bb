from __future__ import annotations

import dataclasses

import pytest

from redcap_iac.emulator import method_table, registry
from redcap_iac.emulator.switches import SWITCHES


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_the_markdown_table_has_a_row_per_method() -> None:
    header, rule, *rows = method_table.methods_markdown().splitlines()
    assert cells(header) == ["content", "action", "method", "needs", "answer", "remark"]
    assert set(cells(rule)) == {"---"}
    assert [cells(row)[:2] for row in rows] == [
        [f"`{method.content}`", f"`{method.action}`"] for method in registry.methods()
    ]


def test_rows_say_what_a_method_needs() -> None:
    rows = [cells(line) for line in method_table.methods_markdown().splitlines()]
    needs = {(row[0], row[1]): row[3] for row in rows}
    assert needs["`log`", "`export`"] == "API Export + Logging"
    assert needs["`project`", "`create`"] == "super token"
    assert needs["`arm`", "`import`"] == "API Import/Update + Project Design and Setup"


def test_a_method_that_is_refused_on_purpose_is_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    key = ("version", "export")
    refused = dataclasses.replace(registry._METHODS[key], answered=False, remark="not | here")
    monkeypatch.setitem(registry._METHODS, key, refused)
    row = next(line for line in method_table.methods_markdown().splitlines() if "version" in line)
    assert row.endswith(r"| refused | not \| here |")


def test_the_text_table_stands_in_columns() -> None:
    lines = method_table.methods_text().splitlines()
    start = lines[0].index("needs")
    assert {line[start - 2 : start] for line in lines} == {"  "}
    assert "" not in {line[start].strip() for line in lines}


def test_every_switch_is_listed_with_its_default_and_its_other_values() -> None:
    lines = [line.split() for line in method_table.switches_text().splitlines()[1:]]
    assert [line[0] for line in lines] == sorted(switch.name for switch in SWITCHES)
    assert {line[0]: line[1] for line in lines} == {
        switch.name: switch.default for switch in SWITCHES
    }
