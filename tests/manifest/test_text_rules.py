"""What YAML would swallow is an error that shows the corrected line."""

from __future__ import annotations

import pytest

from redcap_iac.findings import Findings
from redcap_iac.manifest.nodes import read_yaml


def found(text: str) -> list[tuple[str, str]]:
    findings = Findings()
    read_yaml(text.encode(), "a.yaml", findings)
    return [(f"{one.position} {one.code} {one.message}", one.advice) for one in findings.all()]


@pytest.mark.parametrize(
    ("text", "place", "corrected"),
    [
        ("label: Weight # kg\n", "1:8", 'label: "Weight # kg"'),
        ("- Boston # north\n", "1:3", '"Boston # north"'),
        ("choices:\n  1: Item #1 # of 3\n", "2:6", '1: "Item #1 # of 3"'),
        ('label: He said "a" # b\n', "1:8", 'label: "He said \\"a\\" # b"'),
        ("label: # of visits\n", "1:1", 'label: "# of visits"'),
        ("c: {1: Yes, definitely, 2: No}\n", "1:8", '1: "Yes, definitely"'),
        ("c: {1: Yes, or so, or not, 2: No}\n", "1:8", '1: "Yes, or so, or not"'),
        ("f: {label: Height, cm}\n", "1:12", 'label: "Height, cm"'),
    ],
)
def test_swallowed_text_is_shown_with_the_line_that_would_be_right(
    text: str, place: str, corrected: str
) -> None:
    ((message, advice),) = found(text)
    assert message.startswith(f"a.yaml:{place} M105")
    assert f"Write {corrected}" in advice


@pytest.mark.parametrize(
    "text",
    [
        "label: Demographics    # compared only\n",
        "unique_name: baseline_arm_1 # REDCap makes it\n",
        "surveys: true # yes\n",
        "label: 'Weight' # kg\n",
        "label: Weight#kg\n",
        "fields: # all of them\n  a: b\n",
        "a: {dag: null, role: }\n",
        "a: b\n# a comment\n",
    ],
)
def test_comments_that_are_comments_are_left_alone(text: str) -> None:
    assert found(text) == []


def test_a_flow_map_that_begins_with_half_a_text_is_refused() -> None:
    ((message, advice),) = found("c: {Yes, 2: No}\n")
    assert message == "a.yaml:1:5 M105 `Yes` has no value here."
    assert "comma" in advice


@pytest.mark.parametrize(
    ("text", "place", "words", "corrected"),
    [
        ("label: Height: cm\n", "1:14", "second `: `", 'Write label: "Height: cm".'),
        ("annotation: @HIDDEN\n", "1:13", "`@`", 'Write annotation: "@HIDDEN".'),
        ("branching: [sex] = '1'\n", "1:18", "does not fit", "Write branching: \"[sex] = '1'\"."),
        ("- %x\n", "1:3", "`%`", 'Write - "%x".'),
        ("a: 1\nlabel: 'open\nb: 2\n", "2:8", "never closed", ""),
        ('label: "open\n', "1:8", "never closed", ""),
        ("a:\n\tb: 1\n", "2:1", "indented with a tab", "Replace the tab by blanks."),
        ("a: b\tc\n", "1:5", "a tab here", "Replace the tab by blanks, or put"),
        ("a: {b: 1\n", "2:1", "is not closed", ""),
        ('a: "C:\\dir"\n', "1:8", "backslash", "Write \\\\ for a backslash"),
        ("a: 1\n b: 2\n", "2:3", "second `: `", ""),
        ("a:\n    b: 1\n  c: 2\n", "3:3", "does not fit", ""),
        ("a: |\n x\nfoo\n", "3:1", "neither `key: value` nor", ""),
        ("label: |# x\n", "1:8", "blank before its #", "Put a blank there."),
        ("label: |\n  \ttext\n", "1:8", "tab begins", "double quotes"),
        ("label: |\n \n   text\n", "1:8", "line of blanks", "Empty that line."),
        ("label:\n  |\n  text\n", "2:3", "line of its own", "behind its key"),
    ],
)
def test_what_is_no_yaml_is_explained_in_words(
    text: str, place: str, words: str, corrected: str
) -> None:
    ((message, advice),) = found(text)
    assert message.startswith(f"a.yaml:{place} M101")
    assert words in message
    assert corrected in advice


def test_tabs_in_quotes_blocks_and_comments_are_text() -> None:
    assert found("a: 'x\ty'\nb: |\n  x\ty\nc: z  # a\tb\n") == []
