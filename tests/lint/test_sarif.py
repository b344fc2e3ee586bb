"""SARIF 2.1.0: what its schema asks for, and what code scanning shows."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from redcap_iac.design import Design
from redcap_iac.edits import SetCell
from redcap_iac.lint.judging import Report, judge
from redcap_iac.lint.settings import Settings, Suppression
from redcap_iac.manifest.fixing import Replacement
from redcap_iac.manifest.loader import load
from redcap_iac.position import Position
from redcap_iac.views.sarif import MARK, Fixes, sarif
from tests.lint.invented import RULES
from tests.lint.judging import Texts, manifest_of

#: The part of the published schema that is used here: every map closed, what it requires.
TEXT = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string"}}}
LEVEL = {"enum": ["none", "note", "warning", "error"]}


def a(properties: Mapping[str, object], *required: str) -> dict[str, object]:
    return {
        "type": "object", "additionalProperties": False, "properties": properties,
        "required": list(required),
    }  # fmt: skip


def some(items: object) -> dict[str, object]:
    return {"type": "array", "items": items}


NUMBER = {"type": "integer", "minimum": 1}
REGION = a(
    {"startLine": NUMBER, "startColumn": NUMBER, "endLine": NUMBER, "endColumn": NUMBER},
    "startLine",
)
ARTIFACT = a(
    {"uri": {"type": "string", "format": "uri-reference"}, "uriBaseId": {"type": "string"}}
)
LOCATION = a(
    {
        "physicalLocation": a({"artifactLocation": ARTIFACT, "region": REGION}, "artifactLocation"),
        "logicalLocations": some(a({"fullyQualifiedName": {"type": "string"}})),
    }
)
FIX = a(
    {
        "description": TEXT,
        "artifactChanges": some(
            a(
                {
                    "artifactLocation": ARTIFACT,
                    "replacements": some(
                        a({"deletedRegion": REGION, "insertedContent": TEXT}, "deletedRegion")
                    ),
                },
                "artifactLocation",
                "replacements",
            )
        ),
    },
    "artifactChanges",
)
RULE = a(
    {
        "id": {"type": "string"},
        "shortDescription": TEXT,
        "fullDescription": TEXT,
        "help": TEXT,
        "defaultConfiguration": a({"level": LEVEL}),
        "properties": a({"tags": {**some({"type": "string"}), "uniqueItems": True}}),
    },
    "id",
)
RESULT = a(
    {
        "ruleId": {"type": "string"},
        "ruleIndex": {"type": "integer", "minimum": -1},
        "level": LEVEL,
        "message": TEXT,
        "locations": some(LOCATION),
        "partialFingerprints": {"type": "object", "additionalProperties": {"type": "string"}},
        "fixes": {**some(FIX), "uniqueItems": True},
        "suppressions": some(
            a(
                {
                    "kind": {"enum": ["inSource", "external"]},
                    "status": {"enum": ["accepted", "underReview", "rejected"]},
                    "justification": {"type": "string"},
                },
                "kind",
            )
        ),
    },
    "message",
)
LOG = a(
    {
        "$schema": {"type": "string"},
        "version": {"const": "2.1.0"},
        "runs": some(
            a(
                {
                    "tool": a(
                        {
                            "driver": a(
                                {
                                    "name": {"type": "string"},
                                    "semanticVersion": {"type": "string"},
                                    "rules": {**some(RULE), "uniqueItems": True},
                                },
                                "name",
                            )
                        },
                        "driver",
                    ),
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "invocations": some(
                        a(
                            {
                                "executionSuccessful": {"type": "boolean"},
                                "toolExecutionNotifications": some({"type": "object"}),
                            },
                            "executionSuccessful",
                        )
                    ),
                    "results": some(RESULT),
                },
                "tool",
            )
        ),
    },
    "version",
    "runs",
)

FIELDS = """\
fields:
  age: {type: text, label: "bad"}
  sex: {type: text, label: "Sex "}
  eye: {type: text, label: "bad"}
"""


def report(*suppressions: Suppression, fields: str = FIELDS) -> Report:
    files = Texts({"redcap.yaml": manifest_of(fields)})
    design = Design(load(Path(), files=files).desired.state)
    return judge(design, Settings(suppressions=suppressions), RULES)


def run_of(text: str) -> Any:  # noqa: ANN401 - whatever json holds
    log = json.loads(text)
    assert list(Draft202012Validator(LOG).iter_errors(log)) == []
    return log["runs"][0]


def levels(results: Sequence[Mapping[str, Any]]) -> list[str]:
    return [str(result["level"]) for result in results]


def test_a_log_has_the_shape_the_standard_asks_for() -> None:
    run = run_of(sarif(report(), "1.2.3"))
    assert run["tool"]["driver"]["semanticVersion"] == "1.2.3"
    assert levels(run["results"]) == ["error", "warning", "error"]


def test_a_result_refers_to_its_rule_by_code_and_number() -> None:
    run = run_of(sarif(report(), "1"))
    rules = run["tool"]["driver"]["rules"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]


def test_a_rule_brings_its_help_and_examples() -> None:
    rules = run_of(sarif(report(), "1"))["tool"]["driver"]["rules"]
    assert rules[0]["shortDescription"] == {"text": "A field is labelled as bad."}
    assert "Nobody likes to fill in what is bad." in rules[0]["help"]["text"]
    assert "```yaml\nfields:\n  x:" in rules[0]["help"]["markdown"]
    assert rules[1]["defaultConfiguration"] == {"level": "warning"}


def test_places_lead_from_the_top_of_the_repository() -> None:
    result = run_of(sarif(report(), "1", "my study/"))["results"][0]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "my%20study/redcap.yaml"
    assert place["region"] == {"startLine": 6, "startColumn": 32}
    assert result["locations"][0]["logicalLocations"] == [{"fullyQualifiedName": "field/age"}]


def test_a_finding_keeps_its_mark_when_it_moves_to_another_line() -> None:
    def marks(fields: str) -> list[str]:
        results = run_of(sarif(report(fields=fields), "1"))["results"]
        return [result["partialFingerprints"][MARK] for result in results]

    first = marks(FIELDS)
    assert len(set(first)) == 3
    moved = FIELDS.replace("  age", '  first: {type: text, label: "First"}\n  age')
    assert marks(moved) == first


def test_what_is_let_pass_is_there_with_its_reason() -> None:
    at = Position("redcap.yaml", 1)
    word = Suppression("ZZ001", "field/age", "known <since> 2024", at)
    results = run_of(sarif(report(word), "1"))["results"]
    (passed,) = (result for result in results if "suppressions" in result)
    assert passed["suppressions"] == [
        {"kind": "external", "status": "accepted", "justification": "known <since> 2024"}
    ]


def test_an_unused_word_is_a_result_with_a_rule_of_its_own() -> None:
    word = Suppression("ZZ001", "field/gone", "why", Position("redcap.yaml", 1))
    run = run_of(sarif(report(word), "1"))
    assert run["results"][0]["ruleId"] == "LI001"
    assert run["tool"]["driver"]["rules"][run["results"][0]["ruleIndex"]]["id"] == "LI001"


def test_a_fix_says_which_lines_it_replaces() -> None:
    fix = (SetCell("sex", "field_label", "Sex"),)
    line = '      sex: {type: text, label: "Sex"}\n'
    fixes: Fixes = {fix: (Replacement("redcap.yaml", 7, 8, line),)}
    results = run_of(sarif(report(), "1", fixes=fixes))["results"]
    (change,) = results[1]["fixes"][0]["artifactChanges"]
    assert change["replacements"] == [
        {
            "deletedRegion": {"startLine": 7, "startColumn": 1, "endLine": 8, "endColumn": 1},
            "insertedContent": {"text": line},
        }
    ]
    assert "fixes" not in results[0]


@pytest.mark.parametrize("clean", ['fields:\n  age: {type: text, label: "Age"}\n'])
def test_a_clean_design_has_an_empty_list(clean: str) -> None:
    assert run_of(sarif(report(fields=clean), "1"))["results"] == []
