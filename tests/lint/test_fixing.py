"""Fixes in the files: nothing else changes, what conflicts takes turns, what cannot be is told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from redcap_iac.design import Design
from redcap_iac.edits import SetCell
from redcap_iac.errors import EditError
from redcap_iac.findings import Severity
from redcap_iac.lint.judging import Report, judge
from redcap_iac.lint.rule import Found, Rule
from redcap_iac.lint.settings import Settings
from redcap_iac.manifest import fixing
from redcap_iac.manifest.fixing import Fixed, fixed, replacements
from redcap_iac.manifest.loader import load
from tests.lint.invented import RULES
from tests.lint.judging import Texts

STUDY = """\
version: 1
# the study's own words
instruments:
  - instrument: form
    fields:
      record_id: {type: text, label: "ID"}   # never change
      age: {type: text, label: " Age "}
      sex:
        type: text
        label: "Sex "  # asked at baseline

  - table.csv
"""
TABLE = "field_name;form_name;field_type;field_label\nweight;vitals;text; Weight\n"


def files_of(text: str = STUDY) -> Texts:
    return Texts({"redcap.yaml": text, "table.csv": TABLE})


def report_of(files: Texts, rules: tuple[Rule, ...] = RULES) -> Report:
    return judge(Design(load(Path(), files=files).desired.state), Settings(), rules)


def fix(files: Texts, rules: tuple[Rule, ...] = RULES) -> Fixed:
    return fixed(files, report_of(files, rules), Settings())


def lower(column: str, code: str, word: str) -> Rule:
    """Return a rule that wants a cell of every field to hold a word and fixes it."""

    def found(design: Design, settings: Settings) -> Iterator[Found]:
        del settings
        for field in design.fields:
            text: str = getattr(field, column)
            if word not in text:
                wish = SetCell(field.field_name, column, f"{text}{word}")
                yield Found(f"field/{field.field_name}", f"no {word}", field.at, fix=(wish,))

    return Rule(code, Severity.NOTE, found, fixable=True)


def test_only_the_cells_that_are_fixed_change() -> None:
    after = fix(files_of())
    lines = zip(STUDY.splitlines(), after.files["redcap.yaml"].decode().splitlines(), strict=True)
    changed = [(old.strip(), new.strip()) for old, new in lines if old != new]
    assert [old for old, _ in changed] == [
        'age: {type: text, label: " Age "}', 'label: "Sex "  # asked at baseline',
    ]  # fmt: skip
    assert changed[1][1].endswith("  # asked at baseline")
    assert after.files["table.csv"].decode() == TABLE.replace("; Weight", ";Weight")
    assert [one.finding.address for one in after.done] == [
        "field/age", "field/sex", "field/weight",
    ]  # fmt: skip
    assert after.left == ()


def test_what_is_fixed_is_not_found_any_more() -> None:
    assert "ZZ002" not in {finding.code for finding in fix(files_of()).report.findings}


def test_a_design_without_fixes_changes_no_file() -> None:
    clean = files_of(STUDY.replace('" Age "', '"Age"').replace('"Sex "', '"Sex"'))
    after = fix(clean, (RULES[0],))
    assert (dict(after.files), after.done) == ({}, ())


def test_fixes_of_one_cell_take_turns() -> None:
    rules = (lower("field_note", "ZZ010", "a"), lower("field_note", "ZZ011", "b"))
    after = fix(files_of(), rules)
    fields = Design(load(Path(), files=_with(after)).desired.state).by_instrument["form"]
    assert {field.field_note for field in fields} == {"ab"}
    assert len(after.done) == 8


def test_a_column_a_table_lacks_is_added_behind_the_others() -> None:
    after = fix(files_of(), (lower("field_note", "ZZ010", "a"),))
    header, row = TABLE.splitlines()
    assert after.files["table.csv"].decode() == f"{header};field_note\n{row};a\n"
    assert after.left == ()


def _with(after: Fixed) -> Texts:
    changed = {path: data.decode() for path, data in after.files.items()}
    return Texts({"redcap.yaml": STUDY, "table.csv": TABLE, **changed})


def test_a_rule_whose_fix_settles_nothing_is_not_tried_for_ever() -> None:
    def never(design: Design, settings: Settings) -> Iterator[Found]:
        del settings
        note = design.fields[0].field_note
        wish = SetCell("record_id", "field_note", f"{note}x")
        yield Found("field/record_id", "never content", fix=(wish,))

    after = fix(files_of(), (Rule("ZZ012", Severity.NOTE, never, fixable=True),))
    assert 1 <= len(after.done) <= 10


def test_a_fix_the_files_cannot_say_is_left_and_the_others_are_made() -> None:
    def wrong(design: Design, settings: Settings) -> Iterator[Found]:
        del design, settings
        yield Found("field/age", "wrong", fix=(SetCell("nobody", "field_label", "x"),))

    after = fix(files_of(), (*RULES, Rule("ZZ013", Severity.NOTE, wrong, fixable=True)))
    assert [remark.finding.code for remark, _ in after.left] == ["ZZ013"]
    assert all(reason for _, reason in after.left)
    assert len(after.done) == 3


def test_a_change_beyond_the_fix_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def too_much(files: Texts, edits: list[SetCell], environment: str) -> dict[str, bytes]:
        del files, edits, environment
        return {"redcap.yaml": STUDY.replace('" Age "', '"Age"').replace('"ID"', '"Id"').encode()}

    monkeypatch.setattr(fixing, "rewritten", too_much)
    after = fix(files_of())
    assert dict(after.files) == {}
    assert {reason for _, reason in after.left} == {"The files would say more than the fix does."}


def test_a_changed_environment_or_word_is_beyond_the_fix(monkeypatch: pytest.MonkeyPatch) -> None:
    text = STUDY + "environments: {a: {url: 'https://a.example.org/api/', token: 'env:A'}}\n"

    def elsewhere(files: Texts, edits: list[SetCell], environment: str) -> dict[str, bytes]:
        del files, edits, environment
        changed = text.replace('" Age "', '"Age"').replace("a.example", "b.example")
        return {"redcap.yaml": changed.encode()}

    monkeypatch.setattr(fixing, "rewritten", elsewhere)
    assert dict(fix(files_of(text)).files) == {}


def test_what_a_fix_replaces_is_told_by_lines() -> None:
    (one,) = replacements(files_of(), (SetCell("age", "field_label", "Age"),))
    assert (one.file, one.line, one.end) == ("redcap.yaml", 7, 8)
    assert one.text.count("\n") == 1
    assert " Age " not in one.text


def test_a_fix_that_cannot_be_said_replaces_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(files: Texts, edits: list[SetCell], environment: str) -> dict[str, bytes]:
        raise EditError("no")

    monkeypatch.setattr(fixing, "rewritten", refused)
    assert replacements(files_of(), (SetCell("age", "field_label", "Age"),)) == ()
