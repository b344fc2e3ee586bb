"""JUnit XML: what Jenkins and GitLab count, and texts that stay texts."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from redcap_iac.views.junit import Case, Ended, Suite, junit


def parsed(*cases: Case) -> ET.Element:
    text = junit([Suite("suite", cases)])
    assert text.startswith('<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ')
    return ET.fromstring(text)


def test_suites_are_counted_each_and_together() -> None:
    suites = [
        Suite("a", (Case("1", "x", seconds=0.5), Case("2", "x", Ended.FAILED, "no"))),
        Suite("b", (Case("3", "y", Ended.BROKEN), Case("4", "y", Ended.SKIPPED))),
    ]
    root = ET.fromstring(junit(suites))
    counts = ("tests", "failures", "errors", "skipped")
    assert [root.get(one) for one in counts] == ["4", "1", "1", "1"]
    assert [root[0].get(one) for one in counts] == ["2", "1", "0", "0"]
    assert root.get("time") == "0.500"


@pytest.mark.parametrize("ended", [Ended.FAILED, Ended.BROKEN, Ended.SKIPPED])
def test_how_a_case_ended_is_an_element_with_its_message(ended: Ended) -> None:
    case = parsed(Case("age", "lint", ended, "not so", "warning", "the whole\nstory"))[0][0]
    assert [(one.tag, one.get("message"), one.text) for one in case] == [
        (str(ended), "not so", "the whole\nstory")
    ]


def test_a_case_that_passed_has_its_text_as_output() -> None:
    assert parsed(Case("age", "lint", text="told"))[0][0][0].tag == "system-out"
    assert len(parsed(Case("age", "lint"))[0][0]) == 0


def test_a_place_is_told_where_there_is_one() -> None:
    case = parsed(Case("age", "lint", file="redcap.yaml", line=7))[0][0]
    assert (case.get("file"), case.get("line")) == ("redcap.yaml", "7")
    assert parsed(Case("age", "lint"))[0][0].get("file") is None


@hypothesis_settings(max_examples=50)
@given(st.text(), st.text(), st.text())
def test_any_text_makes_a_document_that_can_be_read(name: str, message: str, text: str) -> None:
    root = parsed(Case(name, "lint", Ended.FAILED, message, text=text))
    assert len(root) == len(root[0]) == len(root[0][0]) == 1
