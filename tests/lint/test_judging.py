"""Judging: what is asked, in which order it is told, what happens when a rule breaks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from redcap_iac.design import Design
from redcap_iac.edits import SetCell
from redcap_iac.findings import Position, Severity
from redcap_iac.lint.judging import Report, judge
from redcap_iac.lint.rule import Found, Rule
from redcap_iac.lint.settings import Profile, Settings, Suppression
from redcap_iac.manifest.loader import load
from tests.lint.judging import Texts, manifest_of

FIELDS = """\
fields:
  age: {type: text, label: "Age"}
  sex: {type: text, label: "Sex"}
"""


@pytest.fixture(scope="module")
def design() -> Design:
    files = Texts({"redcap.yaml": manifest_of(FIELDS)})
    return Design(load(Path(), files=files).desired.state)


def every_field(code: str, severity: Severity = Severity.WARNING) -> Rule:
    """Return a rule that finds something at every field."""

    def found(design: Design, settings: Settings) -> Iterator[Found]:
        del settings
        for field in design.fields:
            yield Found(f"field/{field.field_name}", f"{code} at {field.field_name}", field.at)

    return Rule(code, severity, found)


def one_finding(found: Found, code: str = "ZZ001") -> Rule:
    return Rule(code, Severity.WARNING, lambda _, __: iter([found]))


def broken(code: str) -> Rule:
    def found(design: Design, settings: Settings) -> Iterator[Found]:
        del settings
        yield Found("field/age", "before it broke", design.fields[1].at)
        raise KeyError("age")

    return Rule(code, Severity.WARNING, found)


def codes(report: Report) -> list[str]:
    return [finding.code for finding in report.findings]


def test_findings_are_in_the_order_of_their_places_then_codes(design: Design) -> None:
    report = judge(design, Settings(), [every_field("ZZ002"), every_field("ZZ001")])
    lines = [finding.position.line for finding in report.findings if finding.position]
    assert lines == sorted(lines)
    assert codes(report) == ["ZZ001", "ZZ002"] * 3


def test_what_has_no_place_comes_last(design: Design) -> None:
    rules = [one_finding(Found("project", "no title")), every_field("ZZ002")]
    assert codes(judge(design, Settings(), rules)) == ["ZZ002", "ZZ002", "ZZ002", "ZZ001"]


def test_a_finding_without_a_place_gets_that_of_its_address(design: Design) -> None:
    report = judge(design, Settings(), [one_finding(Found("field/sex", "said"))])
    field = design.field("sex")
    assert field is not None
    assert report.findings[0].position == field.at


def test_the_same_is_told_once(design: Design) -> None:
    twice = Rule("ZZ001", Severity.NOTE, lambda _, __: iter([Found("project", "x")] * 2))
    assert len(judge(design, Settings(), [twice]).findings) == 1


def test_a_fix_stays_with_its_finding(design: Design) -> None:
    fix = (SetCell("age", "field_label", "Age"),)
    report = judge(design, Settings(), [one_finding(Found("field/age", "said", fix=fix))])
    assert report.remarks[0].fix == fix


def test_a_rule_that_breaks_is_a_fault_and_the_others_go_on(design: Design) -> None:
    report = judge(design, Settings(), [broken("ZZ001"), every_field("ZZ002")])
    (fault,) = report.faults
    assert fault.rule.code == "ZZ001"
    assert isinstance(fault.error, KeyError)
    assert sorted(codes(report)) == ["ZZ001", "ZZ002", "ZZ002", "ZZ002"]


def test_a_word_about_a_rule_that_broke_is_not_judged_unused(design: Design) -> None:
    word = Suppression("ZZ001", "field/nobody", "why", Position("redcap.yaml", 1))
    assert judge(design, Settings(suppressions=(word,)), [broken("ZZ001")]).unused == ()


@pytest.mark.parametrize(
    ("settings", "asked"),
    [
        (Settings(), ["AA001", "AA002", "BB001"]),
        (Settings(select=frozenset({"AA"})), ["AA001", "AA002"]),
        (Settings(select=frozenset({"AA001", "BB"})), ["AA001", "BB001"]),
        (Settings(ignore=frozenset({"AA"})), ["BB001"]),
        (Settings(select=frozenset({"AA"}), ignore=frozenset({"AA002"})), ["AA001"]),
        (Settings(select=frozenset({"AA001"}), ignore=frozenset({"AA001"})), []),
        (Settings(profile=Profile.GO_LIVE), ["AA001", "AA002", "BB001", "CC001"]),
        (Settings(select=frozenset({"CC001"})), ["CC001"]),
        (Settings(select=frozenset({"CC"})), []),
    ],
)
def test_which_rules_are_asked(design: Design, settings: Settings, asked: list[str]) -> None:
    late = replace(every_field("CC001"), profiles=frozenset({Profile.GO_LIVE}))
    rules = [every_field("AA001"), every_field("AA002"), every_field("BB001"), late]
    assert [rule.code for rule in judge(design, settings, rules).rules] == asked


def test_a_severity_of_the_manifest_takes_the_place_of_the_rules_own(design: Design) -> None:
    settings = Settings(severities={"ZZ001": Severity.NOTE})
    report = judge(design, settings, [every_field("ZZ001"), every_field("ZZ002")])
    assert report.count(Severity.NOTE) == 3
    assert report.count(Severity.WARNING) == 3


def test_settings_reach_the_rule(design: Design) -> None:
    rule = Rule(
        "ZZ001",
        Severity.NOTE,
        lambda _, settings: iter(
            [Found("project", f"{settings.number('most', 5)} {settings.list('words', ('a',))}")]
        ),
    )
    said: Callable[[Settings], str] = lambda settings: (  # noqa: E731 - two settings, one judge
        judge(design, settings, [rule]).findings[0].message
    )
    assert said(Settings()) == "5 ('a',)"
    assert said(Settings(numbers={"most": 7}, words={"words": ("b", "c")})) == "7 ('b', 'c')"


def test_all_rules_together_find_nothing_in_an_empty_design() -> None:
    files = Texts({"redcap.yaml": "version: 1\n"})
    report = judge(Design(load(Path(), files=files).desired.state))
    assert report.faults == ()
    assert report.count(Severity.ERROR) == 0
