from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from redcap_iac.logic.dialect import SETTLED, SWITCHES
from tests.cli.tool import Tool

STUDY = """\
version: 1
instruments:
  - instrument: form_1
    fields:
      record_id: {type: text, label: Study ID}
      age: {type: text, label: Age, validation: integer, required: true}
      minor: {type: yesno, label: Minor, branching: "[age] < 18"}
      half: {type: calc, label: Half, calculation: "[age] / 2"}
"""
GOOD = """\
today: 2026-01-15
scenarios:
  - name: A child
    given: {age: 4}
    expect: {shown: [minor], values: {half: 2}}
  - name: Nobody yet
    expect: {hidden: [minor], missing: [age]}
"""
BAD = """\
today: 2026-01-15
scenarios:
  - name: An adult
    given: {age: 40}
    expect: {shown: [minor]}
  - name: A slip
    given: {aeg: 40}
    expect: {shown: [minor]}
"""


@pytest.fixture
def study(bare: Tool) -> Tool:
    """The tool in the folder of a study with scenarios that pass."""
    bare.write(STUDY)
    bare.write(GOOD, "tests/good.test.yaml")
    return bare


def test_scenarios_that_pass(study: Tool) -> None:
    said = study.run("test")
    assert said.code == 0
    assert said.out == (
        "tests/good.test.yaml\n"
        "  passed  A child\n"
        "  passed  Nobody yet\n"
        "\n"
        "2 scenarios: 2 passed. Today is 2026-01-15, as REDCap 16.1.3 reads logic.\n"
        "branching logic: 1 expression seen true and false.\n"
        "calculations: 1 formula had a value.\n"
        "Coverage: 100.0 % (3 of 3 outcomes).\n"
    )
    assert said.err == ""


def test_scenarios_that_fail(study: Tool) -> None:
    study.write(BAD, "tests/bad.test.yaml")
    said = study.run("test", "tests/bad.test.yaml")
    assert said.code == 1
    assert said.out == (
        "tests/bad.test.yaml\n"
        "  FAILED  An adult\n"
        "      tests/bad.test.yaml:5:22: error T110 minor is hidden, expected shown.\n"
        "        → branching logic `[age] < 18` with [age] = 40\n"
        "  FAILED  A slip\n"
        "      tests/bad.test.yaml:7:13: error T101 There is no field `aeg`.\n"
        "        → Did you mean `age`?\n"
        "\n"
        "2 scenarios: 0 passed, 2 failed. Today is 2026-01-15, as REDCap 16.1.3 reads logic.\n"
        "branching logic: 1 of 1 expression was never seen true.\n"
        "calculations: 1 formula had a value.\n"
        "Coverage: 66.7 % (2 of 3 outcomes).\n"
        "--coverage lists what was never seen.\n"
    )


def test_one_scenario_of_all(study: Tool) -> None:
    said = study.run("test", "--only", "*child")
    assert said.code == 0
    assert "  passed  A child\n" in said.out
    assert "Nobody yet" not in said.out
    assert "1 scenario: 1 passed." in said.out


def test_a_scenario_nobody_wrote(study: Tool) -> None:
    said = study.run("test", "--only", "a chlid")
    assert said.code == 1
    assert 'error T116 There is no scenario "a chlid".' in said.err
    assert "Did you mean `A child`?" in said.err


def test_a_file_that_cannot_be_read_is_told_with_its_place(study: Tool) -> None:
    study.write("scenarios: 3\n", "tests/odd.test.yaml")
    said = study.run("test")
    assert said.code == 1
    assert "tests/odd.test.yaml:1:12: error M110 `scenarios` must be a list" in said.err


def test_a_manifest_that_cannot_be_loaded_is_told_first(study: Tool) -> None:
    study.edit("type: calc", "type: calk")
    said = study.run("test")
    assert said.code == 1
    assert "error M" in said.err
    assert said.out == ""


def test_no_scenarios_is_no_failure(bare: Tool) -> None:
    bare.write(STUDY)
    said = bare.run("test")
    assert said.code == 0
    assert said.out.startswith("There are no scenarios: tests/*.test.yaml holds them")


def test_what_was_never_seen_is_listed(study: Tool) -> None:
    said = study.run("test", "--only", "Nobody yet", "--coverage")
    assert "redcap.yaml:7:53: field/minor branching logic never true: [age] < 18\n" in said.out
    assert "field/half calculation never a value: [age] / 2\n" in said.out


def test_too_little_coverage_fails(study: Tool) -> None:
    words = ("test", "--only", "Nobody yet", "--fail-under")
    said = study.run(*words, "50")
    assert said.code == 1
    assert "error T114 33.3 % of the outcomes of logic were seen, and 50 % are asked." in said.err
    assert study.run(*words, "33").code == 0


def test_a_share_over_a_hundred_is_a_usage_error(study: Tool) -> None:
    assert study.run("test", "--fail-under", "101").code == 64


def test_scenarios_that_differ_elsewhere_are_named(study: Tool) -> None:
    said = study.run("test", "--dialects")
    assert said.code == 0
    assert 'differs: minor where the answer to "Is a blank field less than a number?"' in said.out
    assert "1 scenario ends otherwise where logic is read otherwise" in said.out


def test_machines_read_everything(study: Tool) -> None:
    study.write(BAD, "tests/bad.test.yaml")
    said = study.run("test", "--format", "json", "--dialects")
    assert said.code == 1
    bad, good = said.json["suites"]
    assert (bad["file"], bad["today"]) == ("tests/bad.test.yaml", "2026-01-15 00:00:00")
    assert [one["passed"] for one in bad["scenarios"]] == [False, False]
    finding = bad["scenarios"][0]["findings"][0]
    assert (finding["code"], finding["address"]) == ("T110", "field/minor")
    assert good["scenarios"][1]["differences"] == [
        {"switch": "blank_is_below", "fields": ["minor"], "passes": False}
    ]
    assert said.json["coverage"] == {"outcomes": 3, "seen": 3, "percent": 100.0, "gaps": []}
    assert said.json["exit"] == {"code": 1, "name": "error"}


def test_gaps_have_their_place_for_machines(study: Tool) -> None:
    said = study.run("test", "--format", "json", "--only", "Nobody yet")
    gap = said.json["coverage"]["gaps"][0]
    assert (gap["address"], gap["never"], gap["file"], gap["line"]) == (
        "field/minor", ["true"], "redcap.yaml", 7,
    )  # fmt: skip


def test_a_test_report(study: Tool) -> None:
    study.write(BAD, "tests/bad.test.yaml")
    said = study.run("test", "--format", "junit")
    assert said.code == 1
    root = ET.fromstring(said.out)
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("4", "1", "1")
    failure = root.find(".//testcase[@name='An adult']/failure")
    assert failure is not None
    assert failure.get("message") == "minor is hidden, expected shown."
    assert "branching logic `[age] < 18` with [age] = 40" in (failure.text or "")


def test_what_logic_means_is_printed(bare: Tool) -> None:
    said = bare.run("test", "--semantics")
    assert said.code == 0
    questions = [one.question for one in SWITCHES] + [one.question for one in SETTLED]
    for question in questions:
        assert question in said.out.replace("\n      ", " ")
    found = bare.run("test", "--semantics", "--format", "json").json
    assert [one["name"] for one in found["switches"]] == [one.name for one in SWITCHES]


def test_a_draft_is_a_file_that_passes(study: Tool) -> None:
    said = study.run("test", "--draft")
    assert said.code == 0
    assert said.err == "Looking for values that show and hide 1 field …\n"
    study.write(said.out, "tests/draft.test.yaml")
    again = study.run("test", "tests/draft.test.yaml")
    assert again.code == 0
    assert "2 scenarios: 2 passed." in again.out


def test_a_draft_of_a_field_nobody_knows(study: Tool) -> None:
    said = study.run("test", "--draft", "mynor")
    assert said.code == 1
    assert "There is no field mynor." in said.err
    assert "Did you mean `minor`?" in said.err


EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.mark.parametrize("name", ["classic", "trial"])
def test_the_examples_pass_and_see_all_of_their_logic(name: str, tmp_path: Path) -> None:
    said = Tool(EXAMPLES / name, tmp_path).run("test", "--fail-under", "100")
    assert said.code == 0, said.all
