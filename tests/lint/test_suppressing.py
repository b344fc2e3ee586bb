"""What is let pass: in place, by address, everywhere, and what is told when it is of no use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from redcap_iac.design import Design
from redcap_iac.findings import Severity
from redcap_iac.kinds import all_kinds
from redcap_iac.lint.judging import Report, judge
from redcap_iac.lint.rule import Found, Rule
from redcap_iac.lint.settings import Profile, Settings
from redcap_iac.manifest import lint_settings
from redcap_iac.manifest.loader import load
from tests.lint.judging import Texts

CODES = ("ZZ001", "ZZ002", "YY001", "LI001")


@pytest.fixture(autouse=True)
def known_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lint_settings, "_codes", lambda: CODES)


def everything(design: Design, settings: Settings) -> Iterator[Found]:
    """Find something at every item of every kind."""
    del settings
    for kind in all_kinds():
        for item in kind.items(design.state):
            yield Found(kind.address(item), f"here is {kind.address(item)}")


ZZ001 = Rule("ZZ001", Severity.WARNING, everything)
YY001 = Rule("YY001", Severity.WARNING, everything, frozenset({Profile.GO_LIVE}))


def judged(text: str, **files: str) -> Report:
    paths = {name.replace("__", "."): content for name, content in files.items()}
    manifest = load(Path(), files=Texts({"redcap.yaml": f"version: 1\n{text}", **paths}))
    return judge(Design(manifest.desired.state), manifest.lint, [ZZ001, YY001])


def passed(report: Report) -> set[str]:
    return {one.finding.address for one in report.suppressed}


def told(report: Report) -> set[str]:
    return {finding.address for finding in report.findings}


FORM = """\
instruments:
  - instrument: form
    {form}
    matrices:
      phq: {{type: radio, choices: {{1: "No", 2: "Yes"}}{matrix}}}
    fields:
      record_id: {{type: text, label: "ID"}}
      age: {{type: text, label: "Age"{age}}}
      low: {{matrix: phq, label: "Low"}}
      tired: {{matrix: phq, label: "Tired"}}
"""
WORD = ', ignore: {ZZ001: "meant"}'


def form(*, form: str = "", matrix: str = "", age: str = "") -> str:
    return FORM.format(form=form, matrix=matrix, age=age)


def test_a_field_lets_pass_what_is_found_at_it_alone() -> None:
    report = judged(form(age=WORD))
    assert passed(report) == {"field/age"}
    assert report.suppressed[0].suppression.reason == "meant"
    assert report.unused == ()


def test_an_instruments_word_holds_for_its_fields() -> None:
    report = judged(form(form='ignore: {ZZ001: "meant"}'))
    assert passed(report) == {
        "instrument/form", "field/record_id", "field/age", "field/low", "field/tired",
    }  # fmt: skip
    assert told(report) == set()


def test_a_matrixs_word_holds_for_its_rows() -> None:
    assert passed(judged(form(matrix=WORD))) == {"field/low", "field/tired"}


def test_an_events_word_holds_for_what_stands_on_it_and_for_its_copies() -> None:
    report = judged(
        "arms:\n"
        "  - number: 1\n"
        "    events:\n"
        f'      - {{name: "Base", instruments: [form]{WORD}}}\n'
        '      - {name: "Later", instruments: [form]}\n'
        "  - {number: 2, events_from: 1}\n" + form()
    )
    assert passed(report) == {
        "event/1/Base", "event/2/Base", "designation/1%2FBase/form", "designation/2%2FBase/form",
    }  # fmt: skip


def test_an_arms_word_holds_for_its_events() -> None:
    report = judged(
        f'arms:\n  - {{number: 1, events: [{{name: "Base"}}, {{name: "End"}}]{WORD}}}\n'
    )
    assert passed(report) == {"arm/1", "event/1/Base", "event/1/End"}


def test_words_at_a_role_a_user_and_the_project() -> None:
    report = judged(
        f'project: {{title: "Sleep"{WORD}}}\n'
        f"roles: {{Entry: {{rights: {{record_create: true}}{WORD}}}, Other: {{}}}}\n"
        f"users: {{jdoe: {{role: Entry{WORD}}}}}\n"
    )
    assert {"project/title", "role/Entry", "user/jdoe"} <= passed(report)
    assert told(report) == {"role/Other"}


@pytest.mark.parametrize(
    ("pattern", "fields"),
    [
        ("field/age", {"field/age"}),
        ("field/*i*e*", {"field/tired"}),
        (
            "instrument/form",
            {"instrument/form", "field/record_id", "field/age", "field/low", "field/tired"},
        ),
    ],
)
def test_a_pattern_at_the_top_lets_pass_by_address(pattern: str, fields: set[str]) -> None:
    lint = f'lint: {{at: {{"{pattern}": {{ZZ001: "meant"}}}}}}\n'
    assert passed(judged(lint + form())) == fields


def test_fields_of_a_table_are_let_pass_by_address() -> None:
    table = "field_name,form_name,field_type,field_label\nrecord_id,form,text,ID\nage,form,text,A\n"
    lint = 'lint: {at: {field/age: {ZZ001: "meant"}}}\ndictionary: form.csv\n'
    assert passed(judged(lint, form__csv=table)) == {"field/age"}


def test_words_in_a_file_of_its_own_hold_like_those_inline() -> None:
    file = (
        "instrument: form\n"
        "fields:\n"
        '  record_id: {type: text, label: "ID"}\n'
        '  age: {type: text, label: "Age", ignore: {ZZ001: "meant"}}\n'
    )
    report = judged("instruments: [form.yaml]\n", form__yaml=file)
    assert passed(report) == {"field/age"}
    assert str(report.suppressed[0].suppression.at) == "form.yaml:4:44"


def test_a_word_for_the_whole_manifest() -> None:
    report = judged('lint: {ignore: {ZZ001: "not our way"}}\n' + form())
    assert report.findings == ()
    assert len(report.suppressed) == 5


def test_a_family_is_let_pass_by_its_letters() -> None:
    assert passed(judged(form(age=', ignore: {ZZ: "meant"}'))) == {"field/age"}


def test_a_word_that_lets_nothing_pass_is_told_at_its_place() -> None:
    report = judged('lint:\n  at:\n    field/gone:\n      ZZ001: "long ago"\n' + form())
    (unused,) = report.unused
    assert unused.where == "field/gone"
    (finding,) = (one for one in report.findings if one.code == "LI001")
    assert finding.severity is Severity.WARNING
    assert str(finding.position) == "redcap.yaml:5:7"
    assert "ZZ001" in finding.message


def test_a_word_about_a_rule_that_was_not_asked_is_not_judged() -> None:
    where = 'at: {field/gone: {YY001: "later"}}'
    assert judged(f"lint: {{{where}}}\n" + form()).unused == ()
    assert len(judged(f"lint: {{profile: go-live, {where}}}\n" + form()).unused) == 1


def test_a_word_about_another_rule_lets_nothing_pass() -> None:
    report = judged(form(age=', ignore: {ZZ002: "meant"}'))
    assert passed(report) == set()


def test_that_a_word_is_unused_can_be_let_pass_too() -> None:
    lint = 'lint: {ignore: {LI001: "kept for the next wave"}, at: {field/gone: {ZZ001: "x"}}}\n'
    report = judged(lint + form())
    assert "LI001" not in {finding.code for finding in report.findings}
    assert [one.finding.code for one in report.suppressed] == ["LI001"]
