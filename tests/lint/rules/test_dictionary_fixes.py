"""Fixes of the rules about the dictionary: what they write, and what they leave alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from redcap_iac.design import Design
from redcap_iac.edits import SetCell
from redcap_iac.lint.judging import judge
from redcap_iac.lint.settings import Settings
from redcap_iac.manifest.loader import load
from tests.lint.judging import Texts, fields_of


def fixes_of(code: str, fields: str) -> tuple[SetCell, ...]:
    manifest = load(Path(), files=Texts({"redcap.yaml": fields_of(fields)}))
    report = judge(Design(manifest.desired.state), replace(Settings(), select=frozenset({code})))
    return tuple(edit for remark in report.remarks for edit in remark.fix)


def test_curly_quotation_marks_become_plain_ones() -> None:
    fields = """
        sex: {type: text, label: "Sex"}
        b: {type: text, label: "B", branching: "[sex] = ‘f’ or [sex] = 'O’Neil'"}
    """
    (edit,) = fixes_of("DD020", fields)
    assert edit == SetCell("b", "branching_logic", "[sex] = 'f' or [sex] = 'O’Neil'")


def test_a_byte_order_mark_goes_and_a_no_break_space_becomes_a_blank() -> None:
    fields = """
        a: {type: text, label: "A"}
        b: {type: calc, label: "B", calculation: "\\ufeff[a]\\u00a0+ 1"}
    """
    (edit,) = fixes_of("DD020", fields)
    assert edit == SetCell("b", "select_choices_or_calculations", "[a] + 1")


def test_logic_that_is_wrong_with_plain_marks_too_is_not_touched() -> None:
    fields = """
        sex: {type: text, label: "Sex"}
        b: {type: text, label: "B", branching: "[sex] = ‘f"}
    """
    assert fixes_of("DD020", fields) == ()


def test_every_text_with_outer_blanks_is_trimmed_and_a_line_of_blanks_stays() -> None:
    fields = """
        a: {type: text, label: " A b ", note: "kg\\n", section: " ", annotation: "@HIDDEN "}
    """
    assert fixes_of("DD021", fields) == (
        SetCell("a", "field_label", "A b"),
        SetCell("a", "field_note", "kg"),
        SetCell("a", "field_annotation", "@HIDDEN"),
    )


def test_an_alignment_is_written_in_capitals() -> None:
    edits = fixes_of("DD028", 'a: {type: text, label: "A", alignment: "lv "}')
    assert edits == (SetCell("a", "custom_alignment", "LV"),)


def test_the_marks_of_a_descriptive_text_are_taken_away() -> None:
    fields = 'a: {type: descriptive, label: "A", required: true, identifier: true}'
    assert fixes_of("DD038", fields) == (
        SetCell("a", "required_field", ""),
        SetCell("a", "identifier", ""),
    )
