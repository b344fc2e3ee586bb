"""`lint`: what is printed, in which form, and how it ends."""

from __future__ import annotations

import json
from collections.abc import Iterator
from xml.etree import ElementTree as ET

import pytest

from redcap_iac.design import Design
from redcap_iac.findings import Severity
from redcap_iac.lint.rule import Found, Rule
from redcap_iac.lint.settings import Settings
from tests.cli.tool import Tool
from tests.lint.invented import RULES, install

STUDY = """\
version: 1
instruments:
  - instrument: form
    fields:
      record_id: {type: text, label: "ID"}
      age: {type: text, label: "%s"}
      sex: {type: text, label: "%s"}
"""


@pytest.fixture(autouse=True)
def invented_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch)


def study(tool: Tool, age: str = "Age", sex: str = "Sex", head: str = "") -> Tool:
    tool.write(STUDY.replace("version: 1\n", f"version: 1\n{head}") % (age, sex))
    return tool


def many(tool: Tool, number: int, label: str = "x ") -> Tool:
    fields = "".join(f'      f{n}: {{type: text, label: "{label}"}}\n' for n in range(number))
    tool.write(STUDY % ("Age", "Sex") + fields)
    return tool


def test_a_clean_design_ends_with_0(bare: Tool) -> None:
    said = study(bare).run("lint")
    assert said.code == 0
    assert said.out == "Nothing found by 2 rules.\n"


def test_an_error_ends_with_1_and_is_told_with_its_place_and_advice(bare: Tool) -> None:
    said = study(bare, age="bad").run("lint")
    assert said.code == 1
    assert said.out == (
        "redcap.yaml\n"
        "  6:32    error   ZZ001 This label is bad.\n"
        "        → Call it good.\n"
        "\n"
        "1 error.\n"
        "More about a code: redcap-iac explain ZZ001\n"
    )


def test_a_warning_ends_with_0_and_with_1_where_warnings_count(bare: Tool) -> None:
    study(bare, age="Age ")
    assert bare.run("lint").code == 0
    assert bare.run("lint", "--strict").code == 1


def test_what_could_be_fixed_is_marked_and_counted(bare: Tool) -> None:
    said = study(bare, age="Age ", sex=" Sex").run("lint").out
    assert said.count("[fix]") == 2
    assert "2 warnings. 2 can be fixed: redcap-iac -C" in said


def test_the_same_advice_is_given_once(bare: Tool) -> None:
    assert study(bare, age="Age ", sex=" Sex").run("lint").out.count("Take them away.") == 1


def test_findings_that_repeat_are_counted(bare: Tool) -> None:
    said = many(bare, 20).run("lint").out
    assert said.count("has blanks around its label.") == 8
    assert "  and 12 × ZZ002\n" in said
    assert "--all shows them" in said
    assert "20 warnings." in said


def test_all_of_them_are_shown_when_asked_for(bare: Tool) -> None:
    said = many(bare, 20).run("lint", "--all").out
    assert said.count("has blanks around its label.") == 20
    assert "×" not in said


def test_errors_are_never_only_counted(bare: Tool) -> None:
    assert many(bare, 20, "bad").run("lint").out.count("This label is bad.") == 20


def test_statistics_count_each_code(bare: Tool) -> None:
    study(bare, age="bad", sex="Sex ")
    said = bare.run("lint", "--statistics", "--profile", "go-live")
    assert said.code == 1
    assert said.out.splitlines()[:3] == [
        "     3  note    ZZ003  There is a field",
        "     1  error   ZZ001  A field is labelled as bad",
        "     1  warning ZZ002  A label has blanks around it (1 with a fix)",
    ]


def test_a_profile_asks_more(bare: Tool) -> None:
    study(bare)
    assert "ZZ003" not in bare.run("lint").out
    assert bare.run("lint", "--profile", "part11").out.count("ZZ003") == 4
    assert study(bare, head="lint: {profile: go-live}\n").run("lint").out.count("ZZ003") == 4
    assert "ZZ003" not in bare.run("lint", "--profile", "default").out


def test_select_and_ignore_choose_rules(bare: Tool) -> None:
    study(bare, age="bad", sex="Sex ")
    assert bare.run("lint", "--select", "zz002").code == 0
    assert "ZZ001" not in bare.run("lint", "--ignore", "ZZ001,ZZ003").out
    assert bare.run("lint", "--ignore", "ZZ").out == "Nothing found by 0 rules.\n"


def test_an_unknown_code_is_a_usage_error_with_a_suggestion(bare: Tool) -> None:
    said = study(bare).run("lint", "--select", "ZZ01")
    assert said.code == 64
    assert "there is no rule ZZ01. Did you mean `ZZ001`?" in " ".join(said.err.split())


def test_a_threshold_hides_what_matters_less_and_changes_no_exit_code(bare: Tool) -> None:
    study(bare, age="Age ")
    said = bare.run("lint", "--severity", "error", "--strict")
    assert said.code == 1
    assert "ZZ002" not in said.out


def test_what_is_let_pass_is_counted(bare: Tool) -> None:
    bare.write((STUDY % ("bad", "Sex")).replace('"bad"', '"bad", ignore: {ZZ001: "meant"}'))
    said = bare.run("lint")
    assert said.code == 0
    assert "1 finding let pass" in said.out


def test_an_unused_word_is_a_warning(bare: Tool) -> None:
    said = study(bare, head='lint: {at: {field/gone: {ZZ001: "x"}}}\n').run("lint", "--strict")
    assert said.code == 1
    assert "LI001" in said.out


def test_a_manifest_that_cannot_be_loaded_is_told_as_by_validate(bare: Tool) -> None:
    bare.write("version: 2\n")
    said = bare.run("lint")
    assert said.code == 1
    assert "error M113" in said.err
    assert said.out == ""


def test_what_validate_finds_is_pointed_to_and_not_repeated(bare: Tool) -> None:
    bare.write((STUDY % ("Age", "Sex")).replace('"Sex"', '"Sex", branching: "[x"'))
    said = bare.run("lint")
    assert "1 finding of validate: redcap-iac -C" in said.err
    assert "M214" not in said.all


def test_rules_are_listed(bare: Tool) -> None:
    said = bare.run("lint", "--rules")
    assert said.code == 0
    lines = said.out.splitlines()
    assert lines[1] == "ZZ002  warning  A label has blanks around it (has fixes)"
    assert lines[2] == "ZZ003  note     There is a field (profile go-live, part11)"


def test_rules_are_listed_for_machines(bare: Tool) -> None:
    rules = bare.run("lint", "--rules", "--format", "json").json["rules"]
    assert rules[2] == {
        "code": "ZZ003",
        "name": "field_there",
        "title": "There is a field",
        "severity": "note",
        "profiles": ["go-live", "part11"],
        "fixable": False,
    }


def test_a_report_in_json(bare: Tool) -> None:
    text = (STUDY % ("bad", "Sex ")).replace('"bad"', '"bad", ignore: {ZZ001: "meant"}')
    bare.write(text)
    said = bare.run("lint", "--format", "json", "--strict")
    assert said.code == 1
    body = said.json
    assert body["profile"] == "default"
    assert body["summary"] == {
        "rules": 2, "errors": 0, "warnings": 1, "notes": 0, "suppressed": 1, "fixable": 1,
    }  # fmt: skip
    (finding,) = body["findings"]
    assert finding["code"] == "ZZ002"
    assert finding["position"] == {"file": "redcap.yaml", "line": 7, "column": 32}
    assert finding["fix"] == [
        {"kind": "SetCell", "field": "sex", "column": "field_label", "text": "Sex"}
    ]
    assert body["suppressed"][0]["suppression"]["reason"] == "meant"
    assert body["exit"] == {"code": 1, "name": "error"}


def test_annotations_for_github(bare: Tool) -> None:
    said = study(bare, age="Age ", sex="bad").run("lint", "--format", "github")
    assert said.code == 1
    place = "file=redcap.yaml,line"
    blanks = "age has blanks around its label.%0ATake them away."
    assert said.out.splitlines() == [
        f"::error {place}=7,col=32,title=ZZ001 field/sex::This label is bad.%0ACall it good.",
        f"::warning {place}=6,col=32,title=ZZ002 field/age::{blanks}",
    ]


def test_a_code_quality_report_for_gitlab(bare: Tool) -> None:
    (entry,) = study(bare, age="bad").run("lint", "--format", "gitlab").json
    assert entry["check_name"] == "ZZ001"
    assert entry["severity"] == "critical"
    assert entry["location"] == {"path": "redcap.yaml", "lines": {"begin": 6}}
    assert len(entry["fingerprint"]) == 64


def test_junit(bare: Tool) -> None:
    root = ET.fromstring(study(bare, age="bad", sex="Sex ").run("lint", "--format", "junit").out)
    assert (root.get("failures"), root.get("tests")) == ("1", "3")
    failed = root.find(".//testcase[failure]")
    assert failed is not None
    assert failed.get("name") == "ZZ001 field/age"
    assert (failed.get("file"), failed.get("line")) == ("redcap.yaml", "6")


def test_warnings_fail_in_junit_where_warnings_count(bare: Tool) -> None:
    said = study(bare, age="Age ").run("lint", "--format", "junit", "--strict")
    assert said.code == 1
    assert ET.fromstring(said.out).get("failures") == "1"


def test_sarif(bare: Tool) -> None:
    log = study(bare, age="bad").run("lint", "--format", "sarif").json
    (result,) = log["runs"][0]["results"]
    assert result["ruleId"] == "ZZ001"
    assert log["runs"][0]["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "ZZ001"


@pytest.mark.parametrize("format_", ["sarif", "gitlab", "github", "junit", "json"])
def test_why_a_manifest_cannot_be_judged_reaches_machines_too(bare: Tool, format_: str) -> None:
    bare.write("version: 2\n")
    said = bare.run("lint", "--format", format_)
    assert said.code == 1
    assert "M113" in said.out
    if format_ in ("sarif", "gitlab", "json"):
        json.loads(said.out)


def broken(design: Design, settings: Settings) -> Iterator[Found]:
    """A rule breaks."""
    del settings
    yield Found(f"field/{design.fields[7].field_name}", "There are many fields.")


def test_a_rule_that_breaks_is_told_as_a_fault_and_the_others_go_on(
    bare: Tool, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(monkeypatch, (*RULES, Rule("ZZ009", Severity.NOTE, broken)))
    said = study(bare, age="Age ").run("lint")
    assert said.code == 1
    assert "fault The rule ZZ009 (broken) of redcap-iac itself broke: IndexError." in said.out
    assert "ZZ002" in said.out
    assert "Traceback" not in said.all
    assert "Traceback" in bare.run("-v", "lint").err


def test_hostile_labels_steer_neither_terminal_nor_annotations_nor_xml(bare: Tool) -> None:
    label = "\\e[2J]]> <b>\\n::error ::pwned \\u202e"
    study(bare, age=label)
    for words in (("--profile", "go-live"), ("--profile", "go-live", "--format", "github")):
        said = bare.run("lint", *words).out
        assert "\x1b" not in said
        assert "\u202e" not in said
        assert not any(line.startswith("::error") for line in said.splitlines())
    root = ET.fromstring(bare.run("lint", "--profile", "go-live", "--format", "junit").out)
    assert any("]]> <b>" in (node.text or "") for node in root.iter("system-out"))


def test_files_are_named_from_where_the_tool_is_called(
    bare: Tool, monkeypatch: pytest.MonkeyPatch
) -> None:
    study(bare, age="bad")
    monkeypatch.chdir(bare.folder.parent)
    assert "file=study/redcap.yaml,line=6" in bare.run("lint", "--format", "github").out


def test_explain_tells_the_profiles_of_a_rule(bare: Tool) -> None:
    said = bare.run("explain", "ZZ003").out
    assert "Note, asked in the profiles go-live and part11.\n" in said


def test_explain_knows_rules(bare: Tool) -> None:
    said = bare.run("explain", "ZZ002").out
    assert said.startswith(
        "ZZ002  A label has blanks around it\n"
        "Warning, asked in every profile; `lint --fix` can fix it.\n"
    )
    assert '  x: {type: text, label: "x "}' in said
    assert "They are exported." in said
    assert 'ignore: {ZZ002: "the reason"}' in said
    (code,) = bare.run("explain", "ZZ002", "--format", "json").json["codes"]
    assert code["bad"] == 'fields:\n  x: {type: text, label: "x "}'
    assert code["good"] == 'fields:\n  x: {type: text, label: "x"}'
