"""Every rule says what it is about in its docstring, with examples that are true."""

from __future__ import annotations

import re

import pytest

from redcap_iac.lint.docstrings import explanation, parts
from redcap_iac.lint.registry import all_rules
from redcap_iac.lint.rule import Rule
from tests.lint.judging import found_by

RULES = all_rules()
each = pytest.mark.parametrize("rule", RULES, ids=[rule.code for rule in RULES])


@each
def test_a_docstring_is_whole(rule: Rule) -> None:
    read = parts(rule.docstring)
    assert re.fullmatch(r"[A-Z]{2}[0-9]{3}", rule.code)
    assert read.title
    assert read.why
    assert read.bad
    assert read.good
    assert read.instead


@each
def test_an_explanation_is_made_of_sentences(rule: Rule) -> None:
    explained = explanation(rule)
    assert not explained.title.endswith(".")
    for text in (explained.meaning, explained.why, *explained.instead):
        assert text.endswith((".", "`")), text
        assert not text[0].islower(), text


@each
def test_every_bad_example_has_the_finding(rule: Rule) -> None:
    for example in parts(rule.docstring).bad:
        assert found_by(rule.code, example), example


@each
def test_no_good_example_has_the_finding(rule: Rule) -> None:
    for example in parts(rule.docstring).good:
        assert found_by(rule.code, example) == (), example
