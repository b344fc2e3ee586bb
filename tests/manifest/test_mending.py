"""A part of the wrong shape is left out only where nothing else depends on it."""

from __future__ import annotations

import pytest

from redcap_iac.findings import Findings
from redcap_iac.manifest.mending import Path, mend
from redcap_iac.manifest.nodes import read_yaml
from redcap_iac.manifest.shape import plain

TEXT = """users: {a: {role: R, x: 1}, b: {role: S}}
arms: [{number: 1, events: [{name: B, day: 2}, {name: C, day: 3}]}]
project: {title: T, y: 1}
"""


def mended(*paths: Path) -> tuple[object, list[str]] | None:
    node = read_yaml(TEXT.encode(), "a", Findings())
    assert node is not None
    result = mend(node, paths)
    return None if result is None else (plain(result[0]), sorted(map(str, result[1])))


def test_nothing_to_leave_out_leaves_the_document_as_it_is() -> None:
    result = mended()
    assert result is not None
    assert result[1] == []


def test_a_part_is_left_out_and_its_item_not_spoken_about() -> None:
    result = mended(("users", "a", "x"), ("arms", 0, "events", 1, "day"), ("project", "y"))
    assert result is not None
    document, doubtful = result
    assert document == {
        "users": {"a": {"role": "R"}, "b": {"role": "S"}},
        "arms": [{"number": 1, "events": [{"name": "B", "day": 2}, {"name": "C"}]}],
        "project": {"title": "T"},
    }
    assert "a:1:9" in doubtful
    assert "a:1:19" in doubtful
    assert "a:1:29" not in doubtful


@pytest.mark.parametrize(
    "path",
    [(), ("users",), ("users", "a"), ("instruments", 0, "fields"), ("unknown",),
     ("arms", 0, "number"),
     ("arms", 0, "events", 0, "name"), ("matrices", "phq", "type")],
)  # fmt: skip
def test_what_others_may_depend_on_leaves_nothing(path: Path) -> None:
    assert mended(path) is None


def test_several_items_of_a_list_are_left_out_from_the_end() -> None:
    text = "instrument: a\nfields: {x: {choices: [a, b, c]}}\n"
    node = read_yaml(text.encode(), "a", Findings())
    assert node is not None
    result = mend(node, [("fields", "x", "choices", 0), ("fields", "x", "choices", 2)])
    assert result is not None
    assert plain(result[0]) == {"instrument": "a", "fields": {"x": {"choices": ["b"]}}}
