"""Every value knows where it stands, whichever parser read the file."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, assume, given, settings

from redcap_iac.errors import EditError
from redcap_iac.findings import Findings
from redcap_iac.manifest.editing.composing import compose
from redcap_iac.manifest.editing.spans import Collection, Node, Scalar, children, data_of
from redcap_iac.manifest.events import parse_fast, parse_portable
from redcap_iac.manifest.nodes import read_yaml
from redcap_iac.manifest.shape import plain
from tests.manifest.editing.documents import documents


def places(root: Node) -> list[tuple[str, int, int, int, int]]:
    return [
        (type(one).__name__, one.start, one.lead, one.body, one.end) for one in children(root)
    ]  # fmt: skip


def texts(value: object) -> object:
    """Return a value with its numbers as text, the order of keys kept."""
    if isinstance(value, dict):
        return [(key, texts(part)) for key, part in value.items()]
    if isinstance(value, list):
        return [texts(one) for one in value]
    return value if value is None or isinstance(value, bool) else str(value)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(documents())
def test_both_parsers_give_the_same_places_and_the_document_the_loader_reads(text: str) -> None:
    findings = Findings()
    node = read_yaml(text.encode(), "a.yaml", findings)
    assume(node is not None and not findings.errors())
    assert node is not None
    whole = text if text.endswith("\n") else f"{text}\n"
    fast, portable = (compose(whole, "a.yaml", one) for one in (parse_fast, parse_portable))
    assert places(fast) == places(portable)
    assert str(texts(data_of(fast))) == str(texts(data_of(portable)))
    if "01" not in text and "3" not in text:  # `plain` makes numbers of them
        assert texts(data_of(fast)) == texts(plain(node))


def test_a_value_covers_its_letters_and_its_anchor() -> None:
    text = 'a: &x "one"  # c\nb: {c: [1, two]}\nd: |\n  text\n\ne:\n'
    root = compose(text, "a.yaml")
    assert isinstance(root, Collection)
    written = {part.name: text[part.value.start : part.value.end] for part in root.parts}
    assert written == {"a": '&x "one"', "b": "{c: [1, two]}", "d": "|\n  text", "e": ""}


def test_a_block_that_keeps_its_blank_lines_covers_them() -> None:
    root = compose("a: |+\n  text\n\nb: 1\n", "a.yaml")
    assert isinstance(root, Collection)
    value = root.parts[0].value
    assert isinstance(value, Scalar)
    assert value.end == len("a: |+\n  text\n")


@pytest.mark.parametrize("text", ["a: [\n", "\n", "*x : 1\n", "? [a]\n: 1\n"])
def test_what_has_no_places_is_refused(text: str) -> None:
    with pytest.raises(EditError):
        compose(text, "a.yaml")
