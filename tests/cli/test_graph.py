"""`graph`: what is drawn, in which language, where it goes."""

from __future__ import annotations

import pytest

from tests.cli.tool import Tool

TEXT = """\
version: 1
instruments:
  - instrument: intake
    fields:
      record_id: {type: text, label: "ID"}
      age: {type: text, label: "Age"}
      adult: {type: calc, label: "Adult", calculation: "if([age] >= 18, 1, 0)"}
      consent: {type: yesno, label: "Consent at [age]?", branching: "[adult] = '1'"}
  - instrument: diary
    fields:
      day: {type: text, label: "Day", branching: "[intake_complete] = '2'"}
      hint: {type: text, label: "Hint", annotation: "@IF([consent] = '1', @HIDDEN, '')"}
"""


@pytest.fixture
def study(bare: Tool) -> Tool:
    """The tool in a folder without environments; it has no server and no token."""
    bare.write(TEXT)
    return bare


def arrows(tool: Tool, *words: str) -> set[tuple[str, str]]:
    """Return what leads to what, read back from DOT."""
    said = tool.run("graph", "--format", "dot", *words)
    assert said.code == 0, said.err
    lines = (line.split('"') for line in said.out.splitlines() if " -> " in line)
    return {(parts[1], parts[3]) for parts in lines}


def test_everything_that_decides_or_computes_is_drawn(study: Tool) -> None:
    said = study.run("graph")
    assert said.code == 0
    assert said.out.startswith("flowchart LR\n")
    assert arrows(study) == {
        ("age", "adult"), ("adult", "consent"), ("intake_complete", "day"), ("consent", "hint"),
    }  # fmt: skip


def test_piping_is_drawn_when_asked_for(study: Tool) -> None:
    assert arrows(study, "--purpose", "piping") == {("age", "consent")}


def test_purposes_add_up(study: Tool) -> None:
    assert arrows(study, "--purpose", "if", "--purpose", "calculation") == {
        ("consent", "hint"), ("age", "adult"),
    }  # fmt: skip


def test_around_a_field_whatever_its_case(study: Tool) -> None:
    assert arrows(study, "--field", "[ADULT]") == {
        ("age", "adult"), ("adult", "consent"), ("consent", "hint"),
    }  # fmt: skip
    assert arrows(study, "--field", "adult", "--depth", "1") == {
        ("age", "adult"), ("adult", "consent"),
    }  # fmt: skip


def test_around_the_status_of_an_instrument(study: Tool) -> None:
    assert arrows(study, "--field", "intake_complete") == {("intake_complete", "day")}


def test_an_instrument_has_what_begins_or_ends_on_it(study: Tool) -> None:
    assert arrows(study, "--instrument", "Diary") == {
        ("intake_complete", "day"), ("consent", "hint"),
    }  # fmt: skip


def test_labels_are_shown_when_asked_for(study: Tool) -> None:
    assert "age<br/>Age" in study.run("graph", "--labels").out
    assert "age<br/>Age" not in study.run("graph").out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--field", "aeg"), "There is no field aeg."),
        (("--instrument", "dairy"), "There is no instrument dairy."),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest(
    study: Tool, words: tuple[str, ...], message: str
) -> None:
    said = study.run("graph", *words)
    assert (said.code, said.out) == (1, "")
    assert message in said.err
    assert "Did you mean" in said.err


def test_depth_without_a_field_is_refused(study: Tool) -> None:
    said = study.run("graph", "--depth", "2")
    assert said.code == 64
    assert "--depth counts steps from a --field" in said.err


def test_depth_is_at_least_one_step(study: Tool) -> None:
    assert study.run("graph", "--field", "age", "--depth", "0").code == 64


def test_no_arrows_are_told(study: Tool) -> None:
    said = study.run("graph", "--purpose", "embedding")
    assert (said.code, said.out) == (0, "flowchart LR\n")
    assert "no arrows" in said.err


def test_a_file_is_written_and_never_replaced_unasked(study: Tool) -> None:
    assert study.run("graph", "--out", "design.mmd").code == 0
    path = study.folder / "design.mmd"
    assert path.read_text(encoding="utf-8") == study.run("graph").out
    said = study.run("graph", "--format", "dot", "--out", "design.mmd")
    assert said.code == 3
    assert "--force" in said.err
    assert path.read_text(encoding="utf-8").startswith("flowchart")
    assert study.run("graph", "--format", "dot", "--out", "design.mmd", "--force").code == 0
    assert path.read_text(encoding="utf-8").startswith("digraph")


def test_more_arrows_than_mermaid_draws_are_told(bare: Tool) -> None:
    fields = "".join(
        f"      q{n}: {{type: text, label: Q, branching: \"[record_id] = '{n}'\"}}\n"
        for n in range(501)
    )
    first = "      record_id: {type: text, label: ID}\n"
    bare.write(f"version: 1\ninstruments:\n  - instrument: form\n    fields:\n{first}{fields}")
    said = bare.run("graph")
    assert said.out.count("-->") == 501
    assert "501 arrows: Mermaid draws at most 500" in said.err
    assert bare.run("graph", "--format", "dot").err == ""


def test_a_manifest_that_does_not_load_is_not_drawn(study: Tool) -> None:
    study.edit("type: calc", "type: clac")
    said = study.run("graph")
    assert (said.code, said.out) == (1, "")


def test_where_nothing_is_drawn_what_was_left_out_is_named(bare: Tool) -> None:
    bare.write(
        "version: 1\ninstruments:\n  - instrument: intake\n    fields:\n"
        '      record_id: {type: text, label: "ID"}\n'
        '      again: {type: text, label: "Again", annotation: "@DEFAULT=\'[record_id]\'"}\n'
    )
    said = bare.run("graph")
    assert "@DEFAULT" in said.err
    assert "--purpose piping" in said.err
    assert arrows(bare, "--purpose", "piping") == {("record_id", "again")}
    asked = bare.run("graph", "--purpose", "branching")
    assert "no arrows" in asked.err
    assert "--purpose" not in asked.err
