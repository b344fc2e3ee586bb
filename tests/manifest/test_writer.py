"""What is written reads back as the same document, in one layout."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from redcap_iac.document import Map
from redcap_iac.findings import Findings
from redcap_iac.manifest.events import Parser, parse_fast, parse_portable
from redcap_iac.manifest.nodes import read_yaml
from redcap_iac.manifest.quoting import double_quoted
from redcap_iac.manifest.shape import plain
from redcap_iac.manifest.writer import to_yaml, write

NASTY = [
    "", " ", "no", "Yes", "null", "~", "01", "1", "-5", "1e3", "0x1F", ".5", "1_000", "2026-01-01",
    "12:30", "a: b", "a:", ": a", "a # b", "#a", "- a", "-", "? a", "*a", "&a", "!a", "@a", "%a",
    "`a`", "|", ">", "{a}", "[a]", "a, b", "'", '"', "it's", 'say "x"', "\\", "C:\\dir\\new",
    " lead", "trail ", "\ttab", "a\tb", "\n", "a\nb", "a\nb\n", "a\n\n\nb\n\n", "\na", " a\nb",
    "a\n  b\nc", "a \nb", "a\r\nb", "a\rb", "é", "\U0001f600", "\x85", "a\u2028b", "\ufeffa",
    "\x00", "\x1b[31m", "\x7f", "\u202ea", "\ufffe", "${x}", "$${x}", "$$", "---", "...", "<<",
    "=", "true", "# a\nb", "- a\n- b", "a: |\n  b", "%YAML 1.1\n---", "x" * 5000, "word " * 400,
    "x-a", "...\n---\n", "a\n\x85b", "\n\n",
]  # fmt: skip
TEXTS = (
    st.sampled_from(NASTY)
    | st.text(max_size=12)
    | st.lists(st.sampled_from(NASTY), min_size=2, max_size=3).map("".join)
)
VALUES = st.recursive(
    TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


def texts(value: object) -> object:
    """Return a value as the reader shows it: keys and scalars as text."""
    if isinstance(value, dict):
        return {str(key): texts(part) for key, part in value.items()}
    return [texts(part) for part in value] if isinstance(value, list) else str(value)


def read_back(text: str, parser: Parser = parse_fast) -> object:
    findings = Findings()
    node = read_yaml(text.encode(), "a.yaml", findings, parser)
    assert findings.all() == ()
    assert isinstance(node, Map)
    return texts(plain(node))


@pytest.mark.parametrize("text", NASTY)
def test_any_text_reads_back_as_value_key_and_item(text: str) -> None:
    value = {"label": text, "list": [text, "a"], "choices": {text: text, "z": "z"}}
    written = to_yaml(value)
    assert read_back(written) == value
    assert read_back(written, parse_portable) == value


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(TEXTS, VALUES, min_size=1, max_size=4))
def test_any_document_reads_back(value: dict[str, object]) -> None:
    assert read_back(to_yaml(value)) == value


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(TEXTS.filter(lambda text: "${" not in text), TEXTS.filter(
    lambda text: "${" not in text), min_size=1, max_size=4))  # fmt: skip
def test_other_readers_of_yaml_read_the_same_text(value: dict[str, str]) -> None:
    loaded = YAML(typ="safe", pure=True).load(io.StringIO(to_yaml(value)))
    assert {str(key): str(part) for key, part in loaded.items()} == value


def test_null_and_flags_are_themselves() -> None:
    written = to_yaml({"a": None, "b": True, "c": False, "d": 3, "e": "null", "f": "true"})
    assert written == 'a: null\nb: true\nc: false\nd: 3\ne: "null"\nf: "true"\n'


def test_long_lines_are_not_folded() -> None:
    written = to_yaml({"label": "word " * 1000})
    assert written.count("\n") == 1


def test_several_lines_are_a_literal_block() -> None:
    assert to_yaml({"a": {"note": "one\n  two\n\nthree"}}) == (
        "a:\n  note: |-\n    one\n      two\n\n    three\n"
    )


def test_a_very_long_key_reads_back() -> None:
    value = {"k" * 3000: {"a": "b"}, "x": "y"}
    assert read_back(to_yaml(value)) == value


def test_fields_stand_in_blocks_and_short_lists_on_a_line() -> None:
    value = {"fields": {"age": {"type": "text", "label": "Age, years"}}, "events": [
        {"name": "Week 4", "instruments": ["vitals", "labs"], "repeat": True}]}  # fmt: skip
    assert to_yaml(value) == (
        'fields:\n  age:\n    type: text\n    label: "Age, years"\n'
        'events:\n  - name: "Week 4"\n    instruments: [vitals, labs]\n    repeat: true\n'
    )


def test_instruments_go_into_files_of_their_own_and_sections_have_an_order() -> None:
    files = write(
        {
            "users": {},
            "instruments": [{"instrument": "b", "fields": {}}, {"instrument": "a", "fields": {}}],
            "project": {"title": "Study"},
        }
    )
    assert files == {
        "redcap.yaml": "version: 1\n\nproject:\n  title: Study\n\ninstruments:\n"
        "  - instruments/b.yaml\n  - instruments/a.yaml\n\nusers: {}\n",
        "instruments/b.yaml": "instrument: b\nfields: {}\n",
        "instruments/a.yaml": "instrument: a\nfields: {}\n",
    }


def test_file_names_are_ones_every_system_can_hold() -> None:
    names = ["con", "Über/../x", "uber", "a b", "a/b"]
    files = write({"instruments": [{"instrument": name} for name in names]})
    paths = sorted(files.keys() - {"redcap.yaml"})
    assert paths == [
        "instruments/_ber_x.yaml", "instruments/a_b-2.yaml", "instruments/a_b.yaml",
        "instruments/con_.yaml", "instruments/uber.yaml",
    ]  # fmt: skip


def test_a_dictionary_takes_the_place_of_instruments() -> None:
    files = write({"instruments": [{"instrument": "a"}]}, dictionary="field_name\n")
    assert files == {
        "redcap.yaml": "version: 1\n\ndictionary: dictionary.csv\n",
        "dictionary.csv": "field_name\n",
    }


def test_an_instrument_without_fields_stands_beside_the_dictionary() -> None:
    bare = {"instrument": "b", "label": "B", "fields": {}}
    drafted = {"instruments": [{"instrument": "a", "fields": {"x": {"type": "text"}}}, bare]}
    files = write(drafted, dictionary="field_name\n")
    assert files["redcap.yaml"] == (
        "version: 1\n\ninstruments:\n  - dictionary.csv\n"
        "  - instrument: b\n    label: B\n    fields: {}\n"
    )


def test_writing_twice_gives_the_same_bytes() -> None:
    draft: dict[str, object] = {"zebra": "1", "apple": "2", "dags": ["B", "A"]}
    assert write(draft) == write(dict(reversed(list(draft.items()))))


def test_quotes_hold_what_would_turn_text_around() -> None:
    assert double_quoted("a\u202eb\ufeff\x1b") == '"a\\u202eb\\ufeff\\e"'
