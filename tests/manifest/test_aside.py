"""What a manifest says besides the design is counted, with the place of the first."""

from __future__ import annotations

import pytest

from redcap_iac.manifest.aside import asides


def told(text: str, file: str = "redcap.yaml") -> list[tuple[str, int, str]]:
    return [(one.what, one.count, str(one.at)) for one in asides([(file, text.encode())])]


def test_a_manifest_of_a_design_alone_has_none() -> None:
    assert told("version: 1\nproject:\n  title: A study\n") == []


def test_comments_are_counted_wherever_they_stand() -> None:
    text = "# one\nversion: 1  # two\nproject:\n  # three\n  title: A\n"

    assert told(text) == [("comments", 3, "redcap.yaml:1:1")]


@pytest.mark.parametrize(
    "text",
    [
        'title: "a # b"\n',
        "title: 'a # b'\n",
        "title: a#b\n",
        "title: |\n  # a heading\n  text\nother: x\n",
        "title: >-\n  a\n  # b\n",
        '"a # b": c\n',
    ],
)
def test_a_sign_in_a_text_is_no_comment(text: str) -> None:
    assert told(text) == []


def test_keys_of_ones_own_are_counted_at_any_depth() -> None:
    text = "x-a: 1\nproject: {x-b: {x-c: 1}}\nnot: x-d\n"

    assert told(text) == [("keys that begin with x-", 3, "redcap.yaml:1:1")]


def test_sections_of_the_tool_are_told_by_what_they_are() -> None:
    text = "environments: {a: {url: u}}\nproject: {environments: x}\n"

    assert told(text) == [("environments", 1, "redcap.yaml:1:1")]


def test_sections_are_those_of_the_manifest_itself() -> None:
    assert told("manage: x\n", "instruments/visit.yaml") == []


def test_aliases_are_counted() -> None:
    assert told("a: &x [1]\nb: *x\n") == [("aliases and anchors", 1, "redcap.yaml:2:4")]


def test_other_files_have_none() -> None:
    assert told("# a,b\n", "dictionary.csv") == []
