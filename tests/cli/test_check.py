"""`check`: validate, lint and test in one, with one summary and one exit code."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from tests.cli.tool import Tool
from tests.lint.invented import install

STUDY = """\
version: 1
instruments:
  - instrument: form
    fields:
      record_id: {type: text, label: "ID"}
      age: {type: text, label: "Age", validation: integer}
      adult: {type: text, label: "Adult", branching: "[age] >= 18"}
"""
SCENARIO = """\
scenarios:
  - name: An adult
    given: {age: 30}
    expect: {shown: [adult]}
"""
SUM = "validate passed, lint passed, test passed"


@pytest.fixture(autouse=True)
def invented_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch)


@pytest.fixture
def study(bare: Tool) -> Tool:
    bare.write(STUDY)
    bare.write(SCENARIO, "tests/adult.test.yaml")
    return bare


def test_what_is_good_passes_with_one_summary(study: Tool) -> None:
    said = study.run("check")
    assert said.code == 0
    assert said.out.splitlines()[-1] == f"{SUM} (1 scenario)."


def test_a_study_without_scenarios_passes_and_says_so(study: Tool) -> None:
    (study.folder / "tests" / "adult.test.yaml").unlink()
    said = study.run("check")
    assert said.code == 0
    assert "There are no scenarios: tests/*.test.yaml holds them." in said.out
    assert said.out.splitlines()[-1] == f"{SUM} (no scenarios)."


def test_an_error_of_lint_fails_and_the_scenarios_are_played_all_the_same(study: Tool) -> None:
    study.edit('label: "Age"', 'label: "bad"')
    said = study.run("check")
    assert said.code == 1
    assert "ZZ001 This label is bad." in said.out
    assert "validate passed, lint failed (1 error), test passed (1 scenario)." in said.out


def test_a_scenario_that_fails_fails_the_whole(study: Tool) -> None:
    study.edit("age: 30", "age: 3", "tests/adult.test.yaml")
    said = study.run("check")
    assert said.code == 1
    assert "lint passed, test failed (1 scenario, 1 failed)." in said.out


def test_a_scenario_file_that_cannot_be_read_fails_the_whole(study: Tool) -> None:
    study.write("scenarios: 7\n", "tests/adult.test.yaml")
    said = study.run("check")
    assert said.code == 1
    assert "tests/adult.test.yaml:1:" in said.out
    assert "test failed (its files cannot be read)." in said.out


def test_files_that_are_not_valid_are_neither_judged_nor_tested(study: Tool) -> None:
    study.edit('type: text, label: "ID"', 'type: texxt, label: "ID"')
    said = study.run("check")
    assert said.code == 1
    assert "Not valid; the design was neither judged nor tested." in said.out
    assert "Lint" not in said.out


def test_warnings_fail_where_warnings_count(study: Tool) -> None:
    study.edit('label: "Age"', 'label: "Age "')
    assert study.run("check").code == 0
    said = study.run("check", "--strict")
    assert said.code == 1
    assert "lint failed (1 warning)" in said.out


def test_a_warning_of_validate_is_shown_and_fails_where_warnings_count(study: Tool) -> None:
    study.edit("[age] >= 18", "[age >= 18")
    said = study.run("check", "--strict")
    assert said.code == 1
    assert "warning M214" in said.out
    assert "validate failed (1 warning)" in said.out


def test_a_profile_is_handed_on(study: Tool) -> None:
    assert "ZZ003" in study.run("check", "--profile", "go-live").out
    assert "ZZ003" not in study.run("check").out


def test_json_has_all_three(study: Tool) -> None:
    body = study.run("check", "--format", "json").json
    assert list(body) == ["validate", "lint", "test", "exit"]
    assert [body[part]["passed"] for part in ("validate", "lint", "test")] == [True] * 3
    assert body["test"]["suites"][0]["scenarios"][0]["name"] == "An adult"
    assert body["exit"] == {"code": 0, "name": "done"}


def test_json_of_files_that_are_not_valid(study: Tool) -> None:
    study.write("version: 2\n")
    said = study.run("check", "--format", "json")
    assert said.code == 1
    assert said.json["validate"]["findings"][0]["code"] == "M113"
    assert (said.json["lint"], said.json["test"]) == (None, None)


def test_junit_has_the_suites_of_all_three(study: Tool) -> None:
    study.edit('label: "Age"', 'label: "bad"')
    root = ET.fromstring(study.run("check", "--format", "junit").out)
    names = [suite.get("name") for suite in root]
    assert names[0] == "validate"
    assert "lint redcap.yaml" in names
    assert any("adult.test.yaml" in str(name) for name in names)
    assert root.get("failures") == "1"
