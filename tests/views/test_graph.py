"""What reads what as Mermaid and DOT: quoted, in order, around what was asked for."""

from __future__ import annotations

import re

import pytest

from redcap_iac.design import Design, Purpose
from redcap_iac.design.dependencies import dependencies
from redcap_iac.views.graph import DECIDING, around, chart, dot, mermaid
from tests.views.docs.reading import design_of, design_with

CALC = "select_choices_or_calculations"
ROWS = (
    {"field_name": "a", "field_label": "First"},
    {"field_name": "b", "branching_logic": "[a] = '1' and [a] <> '2'"},
    {"field_name": "c", "form_name": "other", "field_type": "calc", CALC: "[b] + 1"},
    {"field_name": "d", "form_name": "other", "branching_logic": "[c] > 1 and [form_complete] = 2"},
    {"field_name": "e", "form_name": "other", "field_label": "Of [d]"},
)


def drawn(design: Design, language: str = "mermaid", *, labels: bool = False) -> str:
    edges = [edge for edge in dependencies(design) if edge.purpose in DECIDING]
    made = chart(design, edges, labels=labels)
    return mermaid(made) if language == "mermaid" else dot(made)


def test_mermaid_has_instruments_as_groups_and_arrows_that_say_what_for() -> None:
    assert (
        drawn(design_with(*ROWS))
        == """\
flowchart LR
  subgraph g0["Form"]
    n0["a"]
    n1["b"]
    n2["form_complete"]
  end
  subgraph g1["Other"]
    n3["c"]
    n4["d"]
  end
  n0 -->|"shows"| n1
  n1 ==>|"computes"| n3
  n3 -->|"shows"| n4
  n2 -->|"shows"| n4"""
    )


def test_dot_has_the_same() -> None:
    assert (
        drawn(design_with(*ROWS), "dot")
        == """\
digraph design {
  rankdir=LR;
  node [shape=box, style=rounded, fontname="monospace"];
  edge [fontname="sans-serif", fontsize=10];
  subgraph cluster_0 {
    label="Form";
    "a";
    "b";
    "form_complete";
  }
  subgraph cluster_1 {
    label="Other";
    "c";
    "d";
  }
  "a" -> "b" [label="shows", style=solid];
  "b" -> "c" [label="computes", style=bold];
  "c" -> "d" [label="shows", style=solid];
  "form_complete" -> "d" [label="shows", style=solid];
}"""
    )


def test_labels_stand_under_the_names_when_asked_for() -> None:
    assert 'n0["a<br/>First"]' in drawn(design_with(*ROWS), labels=True)
    assert '"a" [label="a\\nFirst"];' in drawn(design_with(*ROWS), "dot", labels=True)


def test_a_value_of_another_event_says_which() -> None:
    design = design_with({"field_name": "x", "branching_logic": "[start_arm_1][record_id] <> ''"})
    assert '-->|"shows, from start_arm_1"|' in drawn(design)


@pytest.mark.parametrize(
    ("purpose", "row", "arrow"),
    [
        (Purpose.CALCTEXT, {"field_annotation": "@CALCTEXT([a])"}, '==>|"computes"|'),
        (Purpose.IF, {"field_annotation": "@IF([a] = '1', @HIDDEN, '')"}, '-.->|"decides"|'),
        (Purpose.PIPING, {"field_label": "Of [a]"}, '-.->|"is piped"|'),
        (Purpose.EMBEDDING, {"field_label": "Here {a}"}, '-.->|"is embedded"|'),
    ],
)
def test_every_purpose_has_its_word(purpose: Purpose, row: dict[str, str], arrow: str) -> None:
    design = design_with({"field_name": "a"}, {"field_name": "x", **row})
    edges = [edge for edge in dependencies(design) if edge.purpose is purpose]
    assert f"n0 {arrow} n1" in mermaid(chart(design, edges))


# what has a meaning of its own in a language


HOSTILE = 'say "hi" <b>&amp; `x` #35; \\" ]|; end'


def test_a_label_cannot_end_its_quotes_in_mermaid() -> None:
    row = {"field_name": "a", "field_label": HOSTILE.replace("<b>", "")}
    text = drawn(design_with(row, {"field_name": "b", "branching_logic": "[a]=''"}), labels=True)
    (line,) = (line for line in text.splitlines() if "n0[" in line)
    assert line.count('"') == 2
    assert line == ('    n0["a<br/>say #34;hi#34; #38; #96;x#96; #35;35; #92;#34; ]#124;; end"]')


def test_a_label_cannot_end_its_quotes_in_dot() -> None:
    row = {"field_name": "a", "field_label": HOSTILE.replace("<b>", "")}
    design = design_with(row, {"field_name": "b", "branching_logic": "[a]=''"})
    text = drawn(design, "dot", labels=True)
    (line,) = (line for line in text.splitlines() if line.startswith('    "a" '))
    inner = re.fullmatch(r'    "a" \[label="((?:[^"\\]|\\.)*)"\];', line)
    assert inner is not None
    assert inner[1] == 'a\\nsay \\"hi\\" &amp; `x` #35; \\\\\\" ]|; end'


@pytest.mark.parametrize("label", ["1. Visit", "- Visit", "# Visit", "12) Visit"])
def test_a_label_is_no_list_and_no_heading_in_mermaid(label: str) -> None:
    design = design_of(
        f'instruments: [{{instrument: form, label: "{label}", fields: {{'
        "record_id: {type: text, label: ID},"
        " x: {type: text, label: X, branching: \"[record_id] <> ''\"}}}]\n"
    )
    (line,) = (line for line in drawn(design).splitlines() if "subgraph" in line)
    assert label.split()[1] in line
    assert not re.search(r'\["(\d+[.)]|[-#]|#35;) ', line)


def test_a_token_and_hidden_signs_are_not_shown() -> None:
    token = "0123456789ABCDEF0123456789ABCDEF"
    row = {"field_name": "a", "field_label": f"{token} \u202e"}
    design = design_with(row, {"field_name": "b", "branching_logic": "[a]=''"})
    for language in ("mermaid", "dot"):
        text = drawn(design, language, labels=True)
        assert token not in text
        assert "\u202e" not in text


def test_a_long_label_is_cut() -> None:
    row = {"field_name": "a", "field_label": "word " * 100}
    design = design_with(row, {"field_name": "b", "branching_logic": "[a]=''"})
    assert max(map(len, drawn(design, "dot", labels=True).splitlines())) < 130


# around some fields


def reached(names: set[str], depth: int | None = None) -> list[tuple[str, str]]:
    found = around(dependencies(design_with(*ROWS)), names, depth)
    return list(dict.fromkeys((edge.source, edge.target) for edge in found))


def test_around_a_field_is_what_it_reads_and_what_reads_it_all_the_way() -> None:
    assert reached({"c"}) == [("a", "b"), ("b", "c"), ("c", "d"), ("d", "e")]


def test_depth_counts_the_steps() -> None:
    assert reached({"c"}, 1) == [("b", "c"), ("c", "d")]
    assert reached({"a"}, 2) == [("a", "b"), ("b", "c")]


def test_what_else_a_reader_reads_is_not_around() -> None:
    assert ("form_complete", "d") not in reached({"c"})
    assert ("form_complete", "d") in reached({"d"})


def test_around_a_circle_is_the_circle() -> None:
    design = design_with(
        {"field_name": "a", "branching_logic": "[b] = 1"},
        {"field_name": "b", "branching_logic": "[a] = 1"},
    )
    found = around(dependencies(design), {"a"})
    assert {(edge.source, edge.target) for edge in found} == {("a", "b"), ("b", "a")}
