"""`lint:` and `ignore:` as the manifest says them, and what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from redcap_iac.errors import ManifestError
from redcap_iac.findings import Finding, Severity
from redcap_iac.lint.settings import Profile
from redcap_iac.manifest import lint_settings
from redcap_iac.manifest.loader import Manifest, load
from tests.lint.judging import Texts

FORM = """\
instruments:
  - instrument: form
    fields:
      record_id: {type: text, label: "ID"}
      age: {type: text, label: "Age"%s}
"""


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lint_settings, "_codes", lambda: ("LG011", "LG012", "DD003", "LI001"))
    settings = {"fields_most": "number", "tags": "list"}
    monkeypatch.setattr(lint_settings, "_settings", lambda: settings)


def read(text: str) -> Manifest:
    return load(Path(), files=Texts({"redcap.yaml": f"version: 1\n{text}"}))


def refused(text: str) -> Finding:
    with pytest.raises(ManifestError) as caught:
        read(text)
    (finding,) = caught.value.findings
    assert finding.severity is Severity.ERROR
    return finding


def test_a_manifest_that_says_nothing_has_the_default() -> None:
    assert read(FORM % "").lint.profile is Profile.DEFAULT
    assert read(FORM % "").lint.suppressions == ()


def test_everything_that_can_be_said() -> None:
    lint = read(
        "lint:\n"
        "  profile: go-live\n"
        "  select: [LG, DD003]\n"
        '  ignore: {LG011: "not here"}\n'
        "  severities: {LG012: error}\n"
        "  settings: {fields_most: 150, tags: ['@LOCAL']}\n"
        '  at: {"field/q_*": {DD003: "published"}}\n'
    ).lint
    assert lint.profile is Profile.GO_LIVE
    assert lint.select == {"LG", "DD003"}
    assert lint.severities == {"LG012": Severity.ERROR}
    assert lint.number("fields_most", 100) == 150
    assert lint.list("tags", ()) == ("@LOCAL",)
    assert [(one.code, one.where, one.reason) for one in lint.suppressions] == [
        ("LG011", "", "not here"),
        ("DD003", "field/q_*", "published"),
    ]


def test_a_word_in_place_knows_where_it_stands() -> None:
    (word,) = read(FORM % ', ignore: {LG011: "meant"}').lint.suppressions
    assert (word.code, word.where, word.reason) == ("LG011", "field/age", "meant")
    assert str(word.at) == "redcap.yaml:6:48"


@pytest.mark.parametrize("reason", ["", '""', '"  "', "null", "~"])
def test_a_word_without_a_reason_is_refused_with_the_line_to_write(reason: str) -> None:
    finding = refused(FORM % f", ignore: {{LG011: {reason}}}")
    assert finding.code == "M151"
    assert 'LG011: "the reason"' in finding.advice


@pytest.mark.parametrize(
    "text",
    [
        FORM % ', ignore: {LG111: "x"}',
        'lint: {ignore: {LG111: "x"}}\n',
        "lint: {select: [LG111]}\n",
        "lint: {severities: {LG111: note}}\n",
        'lint: {at: {field/age: {LG111: "x"}}}\n',
    ],
)
def test_an_unknown_code_is_refused_with_a_suggestion(text: str) -> None:
    finding = refused(text)
    assert finding.code == "M150"
    assert finding.message == "There is no rule LG111."
    assert "Did you mean `LG011`?" in finding.advice


def test_a_code_that_resembles_none_is_answered_with_where_all_are() -> None:
    assert "lint --rules" in refused("lint: {select: [nonsense]}\n").advice


def test_a_severity_is_for_a_whole_code() -> None:
    assert refused("lint: {severities: {LG: note}}\n").code == "M150"


@pytest.mark.parametrize(
    ("settings", "part"),
    [
        ("field_most: 3", "Did you mean `fields_most`?"),
        ("fields_most: [a]", "must be a whole number"),
        ("tags: 3", "must be a list of words"),
    ],
)
def test_a_setting_nobody_asks_for_or_of_another_kind_is_refused(settings: str, part: str) -> None:
    finding = refused(f"lint: {{settings: {{{settings}}}}}\n")
    assert finding.code == "M152"
    assert part in finding.message + finding.advice


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("lint: {profile: golive}\n", "M113"),
        ("lint: {profil: go-live}\n", "M111"),
        ("lint: {severities: {LG011: fatal}}\n", "M113"),
        (FORM % ", ignore: [LG011]", "M110"),
        (FORM % ", ignore: {}", "M113"),
    ],
)
def test_another_shape_is_refused(text: str, code: str) -> None:
    assert refused(text).code == code


def test_keys_of_others_are_let_through() -> None:
    assert read("lint: {x-owner: somebody}\n").lint.profile is Profile.DEFAULT


def test_a_plan_sees_nothing_of_it() -> None:
    plain = read(FORM % "")
    words = read("lint: {profile: part11}\n" + FORM % ', ignore: {LG011: "meant"}')
    assert plain.desired == words.desired
