"""Scalars stay as typed, positions are right, hostile files end in one error."""

from __future__ import annotations

import pytest

from redcap_iac.document import Listing, Map, Node, Text
from redcap_iac.findings import Findings
from redcap_iac.manifest import nodes
from redcap_iac.manifest.events import Parser, parse_fast, parse_portable
from redcap_iac.manifest.nodes import read_yaml


@pytest.fixture(params=[parse_fast, parse_portable], ids=["fast", "portable"])
def parser(request: pytest.FixtureRequest) -> Parser:
    chosen: Parser = request.param
    return chosen


def plain(node: Node | None) -> object:
    if isinstance(node, Map):
        return {key.text: plain(value) for key, value in node.entries}
    if isinstance(node, Listing):
        return [plain(item) for item in node.items]
    return node.text if node else None


def read(text: str, parser: Parser) -> object:
    findings = Findings()
    node = read_yaml(text.encode(), "a.yaml", findings, parser)
    assert findings.all() == ()
    return plain(node)


def refused(text: str, parser: Parser) -> str:
    findings = Findings()
    read_yaml(text.encode(), "a.yaml", findings, parser)
    (found,) = findings.errors()
    return f"{found.position} {found.code} {found.message}"


@pytest.mark.parametrize(
    "typed", ["01", "1.0", "1e3", "0x1F", "no", "Yes", "1900-01-01", "12:30:45", "~x", "=", "1_000"]
)
def test_a_scalar_is_text_exactly_as_typed(typed: str, parser: Parser) -> None:
    assert read(f"a: {typed}\n{typed}: b", parser) == {"a": typed, typed: "b"}


def test_quoting_tells_the_words_true_and_null_from_what_they_stand_for(
    parser: Parser,
) -> None:
    node = read_yaml(b"a: null\nb: 'null'\nc: true\nd: \"true\"\ne:\n", "a", Findings(), parser)
    assert isinstance(node, Map)
    texts = [value for _, value in node.entries if isinstance(value, Text)]
    assert [text.is_null for text in texts] == [True, False, False, False, True]
    assert [text.flag for text in texts] == [None, None, True, None, None]


def test_every_node_knows_where_it_stands(parser: Parser) -> None:
    node = read_yaml("a: é😀\nb:\n  - c: d\n".encode(), "f.yaml", Findings(), parser)
    assert isinstance(node, Map)
    listing = node.listing("b")
    assert listing is not None
    inner = listing.items[0]
    assert isinstance(inner, Map)
    places = [node.at, node.entries[0][1].at, listing.at, inner.entries[0][1].at]
    assert [str(place) for place in places] == [
        "f.yaml:1:1", "f.yaml:1:4", "f.yaml:3:3", "f.yaml:3:8",
    ]  # fmt: skip


def test_order_of_keys_is_kept(parser: Parser) -> None:
    assert list(read("b: 1\na: 2\n3: 4\n", parser) or ()) == ["b", "a", "3"]  # type: ignore[call-overload]


@pytest.mark.parametrize("letter", ["\x85", "\u2028", "\u2029", "\ufeff"])
def test_line_breaks_of_old_yaml_are_letters(letter: str, parser: Parser) -> None:
    assert read(f'a: "x{letter} y"\nb: x{letter}y', parser) == {
        "a": f"x{letter} y",
        "b": f"x{letter}y",
    }


def test_merge_takes_in_what_is_not_said_otherwise_at_its_place(parser: Parser) -> None:
    text = "x-base: &base {type: text, label: L}\na:\n  <<: *base\n  label: own\n  note: n\n"
    value = read(text, parser)
    assert isinstance(value, dict)
    assert value["a"] == {"type": "text", "label": "own", "note": "n"}
    assert list(value["a"]) == ["type", "label", "note"]


def test_of_several_merged_maps_the_first_wins(parser: Parser) -> None:
    text = "p: &p {a: 1}\nq: &q {a: 2, b: 3}\nr: {<<: [*p, *q]}\n"
    value = read(text, parser)
    assert isinstance(value, dict)
    assert value["r"] == {"a": "1", "b": "3"}


def test_a_quoted_merge_key_is_a_key(parser: Parser) -> None:
    assert read("'<<': a\n", parser) == {"<<": "a"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\nb: 2\na: 3\n", "a.yaml:3:1 M104"),
        ("a: 1\n'a': 3\n", "a.yaml:2:1 M104"),
        ("", "a.yaml:1:1 M106"),
        ("# nothing\n", "a.yaml:1:1 M106"),
        ("a: 1\n---\nb: 2\n", "a.yaml:2:1 M106"),
        ("a: 1\n...\n...\n", "a.yaml:3:1 M106"),
        ("just text\n", "a.yaml:1:1 M110"),
        ("label: *foo\n", "a.yaml:1:8 M107 YAML takes `*foo`"),
        ("a: &a [*a]\n", "a.yaml:1:8 M107 YAML takes `*a` for an alias, and it refers to itself"),
        ("a: &x 1\nb: &x 2\nc: *x\n", "a.yaml:2:"),
        ("label: !important text\n", "a.yaml:1:8 M107"),
        ("a: !!str 1\n", "a.yaml:1:4 M107"),
        ("? [a, b]\n: c\n", "a.yaml:1:3 M107"),
        (": c\n", "a.yaml:1:1 M101"),
        ("%YAML 1.1\n---\na: no\n", "a.yaml:1:1 M101"),
        ("<<: text\n", "a.yaml:1:1 M110"),
        ("label: a${site}\n", "a.yaml:1:8 M109"),
        ("'${site}': a\n", "a.yaml:1:1 M109"),
    ],
)
def test_one_error_at_its_place(text: str, expected: str, parser: Parser) -> None:
    assert refused(text, parser).startswith(expected)


def test_two_dollars_write_one(parser: Parser) -> None:
    assert read("a: costs $5, $${x} and $$${y}\n", parser) == {"a": "costs $5, ${x} and $${y}"}


def test_an_anchor_nobody_uses_may_be_text(parser: Parser) -> None:
    findings = Findings()
    read_yaml(b"label: &amp and\n", "a.yaml", findings, parser)
    (found,) = findings.all()
    assert "`&amp`" in found.message
    assert "quotes" in found.advice


def test_a_bomb_of_aliases_is_refused(parser: Parser) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    assert " M103 Aliases" in refused("\n".join(lines), parser)


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_a_deep_nest_is_refused(opening: str, parser: Parser) -> None:
    assert " M103 Lists and maps stand more than 60 deep" in refused(opening * 5_000, parser)


def test_too_many_nodes_are_refused(parser: Parser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nodes, "MOST_NODES", 5)
    assert " M103 The file holds more" in refused("- a\n- b\n- c\n- d\n- e\n- f\n", parser)


def test_addresses_in_a_flow_map_are_read_although_libyaml_refuses_them() -> None:
    text = "{url: https://redcap.example.org/api/, token: env:TOKEN}"
    expected = {"url": "https://redcap.example.org/api/", "token": "env:TOKEN"}
    assert read(text, parse_fast) == expected
