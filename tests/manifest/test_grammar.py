"""One grammar: what one way of reading accepts the others accept, as the same document."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from redcap_iac.document import Node
from redcap_iac.findings import Findings
from redcap_iac.manifest.events import Event, Parser, parse_fast, parse_portable
from redcap_iac.manifest.nodes import read_yaml

PIECES = [
    "a", "b: ", "c:", " ", "  ", "\n", "\n  ", "\n- ", "- ", "? ", ": ", ", ", "{", "}", "[", "]",
    "'", '"', "#", " # x", "  # y", "|", "|-\n  ", ">\n ", "&x ", "*x", "!t ", "!!str ", "\t",
    "\r\n", "%", "@", "`", "~", "null", "<<: ", "---\n", "...\n", "\\", "\\n", "é", "\u2028",
    "\x85", "\ufeff", "01", "a:b", "a#b", "key: value\n", "k: [a, b]\n", "k: {a: b}\n", "-", "?",
    ":", "\U0001f600", "${x}", "''", '""', "|2\n   x\n",
]  # fmt: skip


def parse_round_trip(text: str) -> Iterator[Event]:
    """Yield the events of the loader that keeps comments, without its marks for folds."""
    for event in cast("Iterator[Event]", YAML(typ="rt", pure=True).parse(io.StringIO(text))):
        if getattr(event, "style", None) == ">":
            event.value = event.value.replace("\a", "")
        yield event


def outcome(text: str, parser: Parser) -> Node | str | None:
    findings = Findings()
    node = read_yaml(text.encode(), "a.yaml", findings, parser)
    return "refused" if findings.errors() else node


@settings(max_examples=600, deadline=None)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=9).map("".join))
def test_fast_and_portable_parser_make_the_same_of_anything(text: str) -> None:
    for tried in (text, f"key: {text}"):
        assert outcome(tried, parse_fast) == outcome(tried, parse_portable)


@pytest.mark.parametrize(
    "text",
    [
        "a: 1\nb: [x, y]\nc: {d: e}\n",
        "a: |\n  one\n\n  two\nb: >-\n  folded\n  text\n",
        "x: &a {b: c}\ny: {<<: *a, d: e}\n",
        "# head\na: 1  # tail\n\n# foot\n",
        "a: 'it''s'\nb: \"\\u00e9\\n\"\n",
        "a:\n- b\n- - c\n  - d\n",
        "? a\n: b\n",
        "a: {url: https://x/, b: c:d}\n",
        "a: \u2028x\n",
        "a: b: c\n",
        "a: 'x\n",
        "a: \tb\n",
        "a: &x \t'b'\n",
        "a: |\t\n  b\n",
        "a: {b\n",
        "a: @b\n",
        "- a\nb: c\n",
        "a: >\n \n   b\n",
        "a: >\n \n  ",
        "a:  # c\n  |\n  text\n",
        "---\na: 1\n...\n",
        "a: 1\n...\n...\n",
        "--- a\n--- b\n",
    ],
)
def test_the_round_trip_loader_accepts_the_same(text: str) -> None:
    expected = outcome(text, parse_fast)
    assert outcome(text, parse_portable) == expected
    assert outcome(text, parse_round_trip) == expected
