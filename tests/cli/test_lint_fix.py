"""`lint --fix`: the difference first, then a yes, then the files; and what is found after."""

from __future__ import annotations

import pytest

from tests.cli.tool import Tool, files_of
from tests.lint.invented import install

STUDY = """\
version: 1
# our study
instruments:
  - instrument: form
    fields:
      record_id: {type: text, label: "ID"}
      age:
        type: text
        label: " Age "   # in years
      sex: {type: text, label: "bad"}
  - weight.csv
"""
TABLE = "field_name,form_name,field_type,field_label\r\nweight,vitals,text, Weight \r\n"


@pytest.fixture(autouse=True)
def invented_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch)


@pytest.fixture
def study(bare: Tool) -> Tool:
    bare.write(STUDY)
    (bare.folder / "weight.csv").write_bytes(TABLE.encode())
    return bare


def test_the_difference_is_shown_then_made_after_a_yes(study: Tool) -> None:
    said = study.asking().run("lint", "--fix", answers="yes\n")
    assert said.code == 1  # the bad label is still there, and nothing mends it
    assert "--- redcap.yaml" in said.out
    assert '-        label: " Age "   # in years' in said.out
    assert "Fix 2 findings in 2 files?" in said.err
    assert "Fixed 2 findings in 2 files." in said.err
    assert "ZZ001 This label is bad." in said.out
    assert "ZZ002" not in said.out
    kept = (study.folder / "redcap.yaml").read_text()
    assert kept.startswith("version: 1\n# our study\n")
    assert "# in years" in kept
    assert (study.folder / "weight.csv").read_bytes() == TABLE.replace(
        " Weight ", "Weight"
    ).encode()


def test_a_no_changes_nothing(study: Tool) -> None:
    before = files_of(study.folder)
    said = study.asking().run("lint", "--fix", answers="no\n")
    assert said.code == 3
    assert files_of(study.folder) == before


def test_where_nobody_can_be_asked_nothing_is_changed_without_a_word(study: Tool) -> None:
    before = files_of(study.folder)
    said = study.run("lint", "--fix")
    assert said.code == 3
    assert "Add --auto-approve" in said.err
    assert files_of(study.folder) == before


def test_auto_approve_is_that_word(study: Tool) -> None:
    study.run("lint", "--fix", "--auto-approve")
    assert "ZZ002" not in study.run("lint").out


@pytest.mark.parametrize("word", ["--diff", "--dry-run"])
def test_the_difference_alone_changes_nothing(study: Tool, word: str) -> None:
    before = files_of(study.folder)
    said = study.run("lint", word)
    assert said.code == 1
    assert "+++ weight.csv" in said.out
    assert "ZZ001" not in said.out
    assert files_of(study.folder) == before


def test_only_what_is_selected_is_fixed(study: Tool) -> None:
    said = study.run("lint", "--fix", "--auto-approve", "--select", "ZZ001")
    assert said.code == 1
    assert "There is nothing to fix." in said.err


def test_what_is_let_pass_is_not_fixed(study: Tool) -> None:
    study.edit(
        'label: " Age "   # in years', 'label: " Age "\n        ignore: {ZZ002: "as printed"}'
    )
    study.run("lint", "--fix", "--auto-approve")
    assert '" Age "' in (study.folder / "redcap.yaml").read_text()


def test_files_with_errors_are_never_changed(study: Tool) -> None:
    study.edit("version: 1", "version: 2")
    before = files_of(study.folder)
    said = study.run("lint", "--fix", "--auto-approve")
    assert said.code == 1
    assert "M113" in said.err
    assert files_of(study.folder) == before


def test_fixing_and_a_form_for_machines_exclude_each_other(study: Tool) -> None:
    assert study.run("lint", "--fix", "--format", "json").code == 64


def test_a_second_time_there_is_nothing_to_fix(study: Tool) -> None:
    study.run("lint", "--fix", "--auto-approve")
    once = files_of(study.folder)
    assert "There is nothing to fix." in study.run("lint", "--fix", "--auto-approve").err
    assert files_of(study.folder) == once


def test_sarif_brings_the_fixes(study: Tool) -> None:
    results = study.run("lint", "--format", "sarif").json["runs"][0]["results"]
    (fixed,) = (one for one in results if one["message"]["text"].startswith("age has blanks"))
    (change,) = fixed["fixes"][0]["artifactChanges"]
    assert change["artifactLocation"]["uri"] == "redcap.yaml"
    assert change["replacements"][0]["deletedRegion"]["startLine"] == 9
    assert "# in years\n" in change["replacements"][0]["insertedContent"]["text"]
