"""One layout, found in one turn, that changes nothing a file says and loses no comment."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from redcap_iac.errors import EditError
from redcap_iac.findings import Findings
from redcap_iac.manifest.editing.composing import compose
from redcap_iac.manifest.editing.extents import comments
from redcap_iac.manifest.editing.spans import Data, data_of
from redcap_iac.manifest.formatting import formatted, to_format
from redcap_iac.manifest.nodes import read_yaml
from redcap_iac.manifest.writer import write
from tests.manifest.editing.documents import documents
from tests.manifest.editing.projects import InMemory

EXAMPLES = Path(__file__).parent.parent.parent / "examples"


def laid_out(text: str, file: str = "a.yaml") -> str:
    return formatted(text.encode(), file).decode()


def notes(text: str) -> list[str]:
    whole = text if text.endswith("\n") else f"{text}\n"
    return sorted(words for _, words in comments(whole, compose(whole, "a.yaml")))


def sorted_keys(value: Data) -> object:
    """Return a value in which the order of keys does not count."""
    if isinstance(value, dict):
        return sorted((key, sorted_keys(part)) for key, part in value.items())
    return [sorted_keys(one) for one in value] if isinstance(value, list) else repr(value)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(documents(), st.sampled_from(["redcap.yaml", "a.yaml"]))
def test_any_document_says_the_same_and_stays_as_it_is_the_second_time(
    text: str, file: str
) -> None:
    findings = Findings()
    assume(read_yaml(text.encode(), "a.yaml", findings) is not None and not findings.errors())
    once = laid_out(text, file)
    assert laid_out(once, file) == once
    whole = text if text.endswith("\n") else f"{text}\n"
    before, after = data_of(compose(whole, file)), data_of(compose(once, file))
    assert sorted_keys(before) == sorted_keys(after)
    assert notes(text) == notes(once)
    assert not any(line.endswith("\t") for line in once.splitlines())


def test_what_pull_writes_is_in_the_layout() -> None:
    fields = {"a": {"type": "text", "label": "A: b", "choices": {"1": "x", "2": "two words"}}}
    instrument = {"instrument": "one", "label": "One", "fields": fields}
    arms = [{"number": 1, "name": "A", "events": [{"name": "Day 1", "instruments": ["one"]}]}]
    text = {"project": {"title": "T", "notes": "a\nb\n"}, "instruments": [instrument], "arms": arms}
    for file, written in write(text).items():
        assert laid_out(written, file) == written


def test_the_examples_are_in_the_layout_but_for_lines_too_long() -> None:
    for path in sorted(EXAMPLES.rglob("*.yaml")):
        lines = path.read_text(encoding="utf-8").splitlines()
        new = laid_out("\n".join(lines) + "\n", path.name).splitlines()
        gone = [line for line in lines if line not in new]
        assert all(len(line) > 100 for line in gone), f"{path}: {gone}"


LAYOUTS = [
    ("a:\n    b: 1\n    c:\n    - x\n", "a:\n  b: 1\n  c:\n    - x\n"),
    ("a: 'one two'\nb: 'say \"x\"'\n", "a: \"one two\"\nb: 'say \"x\"'\n"),
    ("a:   1   # why\n", "a: 1     # why\n"),
    ("version: 1 # why\n", "version: 1  # why\n"),
    ("a: {b: 1,c:   2 , }\n", "a: {b: 1, c: 2}\n"),
    ("a: {\n  b: 1,  # one\n  c: 2\n}  # all\n", "a:  # all\n  b: 1  # one\n  c: 2\n"),
    ("a: {\n  b: 1,\n  c: 2\n}\n", "a: {b: 1, c: 2}\n"),
    ("a: 1\n\n\n\nb: 2   \n\n\n", "a: 1\n\nb: 2\n"),
    ("a: Yes\nb: true\n", 'a: "Yes"\nb: true\n'),
    ("---\na: 1\n...\n", "a: 1\n"),
    ("? a\n: 1\n", "a: 1\n"),
    ("a:\n  # in\n  b: 1\n\n  # end of a\n# of c\nc: 2\n",
     "a:\n  # in\n  b: 1\n\n  # end of a\n# of c\nc: 2\n"),
    ("a:\n  b:\n    - 1  # said\n    # of the list\n  # of a\nc: 2\n",
     "a:\n  b:\n    - 1  # said\n    # of the list\n  # of a\nc: 2\n"),
    ("a: |2-\n    two in\n   one\n", "a: |2-\n    two in\n   one\n"),
    ("a:\n      - >-\n          more\n          text\n      -   k: v\n          l: w\n",
     "a:\n  - >-\n    more\n    text\n  - k: v\n    l: w\n"),
    ("a: &x {b: 1}\nc: *x\nd:\n  <<: *x\n", "a: &x {b: 1}\nc: *x\nd:\n  <<: *x\n"),
    ("a: more\n       than one\n", "a: more\n  than one\n"),
    ("\ufeffa: 1", "a: 1\n"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), LAYOUTS)
def test_the_layout_of(text: str, expected: str) -> None:
    assert laid_out(text) == expected


def test_keys_of_a_field_and_an_instrument_get_their_order_with_their_comments() -> None:
    text = """\
fields:
  b:
    x-two: 2
    label: "B"
    # radio it is
    type: radio
    x-one: 1
  a: {label: "A", type: text}
# its name
instrument: one
"""
    expected = """\
# its name
instrument: one
fields:
  b:
    x-two: 2
    # radio it is
    type: radio
    x-one: 1
    label: "B"
  a: {type: text, label: "A"}
"""
    assert laid_out(text) == expected


def test_sections_of_the_manifest_get_their_order_and_stand_apart() -> None:
    text = "# the study\n\nroles: {}\ninstruments:\n  - b.yaml\n  - a.yaml\nversion: 1\n"
    assert laid_out(text, "redcap.yaml") == (
        "# the study\n\nversion: 1\n\ninstruments:\n  - b.yaml\n  - a.yaml\n\nroles: {}\n"
    )


def test_what_the_author_orders_keeps_its_order() -> None:
    text = (
        "instrument: one\nfields:\n  z:\n    type: radio\n    label: Z\n    choices: {2: B, 1: A}\n"
    )
    assert laid_out(text) == text


def test_a_list_of_other_things_than_instruments_keeps_its_keys() -> None:
    assert laid_out("- label: a\n  fields: b\n") == "- label: a\n  fields: b\n"
    text = "- fields: {}\n  instrument: one\n- more.yaml\n"
    assert laid_out(text) == "- instrument: one\n  fields: {}\n- more.yaml\n"


def test_an_alias_keeps_its_anchor_before_it() -> None:
    text = "users: {}\n\nroles: &r {}\n\nproject: *r\n"
    assert laid_out(text, "redcap.yaml") == text


BYTES = [
    (b"a: 1\r\nb: 2\r\n", b"a: 1\r\nb: 2\r\n"),
    (b"a: 1\r\nb: 2\n", b"a: 1\nb: 2\n"),
    (b"a: 1\r", b"a: 1\n"),
    ("\ufeffa: ü\n".encode("utf-16-be"), "a: ü\n".encode()),
    (b"a: \xe9\n", "a: é\n".encode()),
]


@pytest.mark.parametrize(("before", "after"), BYTES)
def test_files_become_utf_8_with_line_feeds_but_keep_crlf_throughout(
    before: bytes, after: bytes
) -> None:
    assert formatted(before, "a.yaml") == after


@pytest.mark.parametrize("data", [b"a: [1\n", b"a: 1\na: 2\n", b"\n", b"\xff\x00\xff"])
def test_what_cannot_be_read_is_not_laid_out(data: bytes) -> None:
    with pytest.raises(EditError, match=r"a\.yaml cannot be read"):
        formatted(data, "a.yaml")


def test_the_files_of_a_project_are_what_it_includes_its_policy_and_its_scenarios() -> None:
    files = InMemory({
        "redcap.yaml": "instruments: [forms/*.yaml, list.yaml, t.csv, ../o.yaml, {instrument: x}]",
        "forms/b.yaml": "instrument: b", "forms/a.yaml": "a: [", "list.yaml": "- more/c.yaml",
        "more/c.yaml": "", "t.csv": "", "policy.yaml": "", "tests/one.test.yaml": "",
        "other.yaml": "",
    })  # fmt: skip
    assert to_format(files) == (
        "redcap.yaml", "forms/a.yaml", "forms/b.yaml", "list.yaml", "more/c.yaml", "policy.yaml",
        "tests/one.test.yaml",
    )  # fmt: skip
