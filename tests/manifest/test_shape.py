"""What departs from the schema is said in words, at its place, all at once."""

from __future__ import annotations

import pytest

from redcap_iac.findings import Findings
from redcap_iac.manifest.nodes import read_yaml
from redcap_iac.manifest.shape import check_shape, plain


def shape(text: str, name: str = "manifest") -> list[str]:
    findings = Findings()
    node = read_yaml(text.encode(), "a.yaml", findings)
    assert node is not None
    departures = check_shape(node, name, findings)
    assert bool(departures) == bool(findings.errors())
    return [
        f"{found.position.line}:{found.position.column} {found.code} {found.message} {found.advice}"
        for found in findings.errors()
        if found.position is not None
    ]


def instrument(fields: str) -> list[str]:
    return shape(f"instrument: a\nfields:\n{fields}", "instrument")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("version: 2\n", ["1:10 M113 `version` must be 1, the only version"]),
        ("project: {title: A}\n", ["1:1 M112 `version` is missing in this file."]),
        ("- version: 1\n", ["1:1 M110 This file must be a map"]),
        ("version: 1\nprojekt: {}\n", [("2:1 M111 `projekt` is not a key of this file. Did you mean"
                                       " `project`?")]),
        ("version: 1\nmanage: {users: all}\n", [("2:17 M113 `users` must be authoritative or "
                                               "additive, not `all`.")]),
        ("version: 1\nmanage: {user: additive}\n", [("2:10 M111 `user` is not a key of `manage`. "
                                                   "Did you mean `users`?")]),
        ("version: 1\ninstruments: a.yaml\n", ["2:14 M110 `instruments` must be a list"]),
        ("version: 1\ninstruments: [7]\n", ["2:15 M110 Item 1 of `instruments` must be text"]),
        ("version: 1\nenvironments: {}\n", ["2:15 M113 `environments` may not be empty."]),
        ("version: 1\nenvironments:\n  dev: {url: 'https://x/api/'}\n",
         ["3:8 M112 `token` is missing in `environments / dev`."]),
        ("version: 1\nenvironments:\n  dev: {url: 'https://x/api/', token: abc}\n",
         ["3:39 M113 `token` must be env:NAME"]),
        ("version: 1\nenvironments:\n  d: {url: 'https://x/', token: 'env:A', project_id: '1'}\n",
         ["3:54 M110 `project_id` must be a whole number, not \"1\". Write it without quotes."]),
        ("version: 1\nproject: {title: A, surveys: 'true'}\n",
         ["2:30 M110 `surveys` must be true or false, not \"true\". Write it without quotes."]),
        ("version: 1\nvariables: {site: }\n",
         ["2:13 M105 `site` is empty, and text belongs here. For an empty text write site: "]),
    ],
)  # fmt: skip
def test_a_manifest_of_another_shape_is_explained(text: str, expected: list[str]) -> None:
    found = shape(text)
    assert len(found) == len(expected)
    for one, start in zip(found, expected, strict=True):
        assert one.startswith(start)


def test_fields_as_a_list_are_named_in_plain_words() -> None:
    assert shape("instrument: a\nfields:\n  - name: x\n", "instrument") == [
        "3:3 M110 `fields` must be a map (`key: value` lines), not a list. "
    ]


@pytest.mark.parametrize(
    ("definition", "corrected"),
    [("label:", 'label: ""'), ("label: null", 'label: "null"'), ("label: ~", 'label: "~"')],
)
def test_a_null_where_a_label_belongs_shows_the_corrected_line(
    definition: str, corrected: str
) -> None:
    (found,) = instrument(f"  x:\n    type: text\n    {definition}\n")
    assert " M105 `label` " in found
    assert corrected in found


def test_a_null_label_of_a_choice_shows_the_corrected_line() -> None:
    (found,) = instrument("  x:\n    type: radio\n    choices:\n      1: null\n      2: No\n")
    assert found.startswith("6:10 M105 `1` is YAML's null")
    assert '1: "null"' in found


def test_brackets_that_make_a_list_of_text_ask_for_quotes() -> None:
    (found,) = instrument("  x: {type: text, label: [age]}\n")
    assert found.startswith("3:26 M110 `label` must be text, not a list.")
    assert "quotes" in found


def test_several_kinds_of_value_are_named_together() -> None:
    text = "version: 1\nroles:\n  R:\n    rights: {design: [true]}\n"
    (found,) = shape(text)
    assert found.startswith("4:22 M110 `design` must be true, false or a map (")


def test_a_wrong_word_has_a_suggestion() -> None:
    (found,) = instrument("  x: {type: dropdwon, label: a}\n")
    assert found.startswith("3:13 M113 `type` must be one of")
    assert "Did you mean `dropdown`?" in found


def test_all_is_found_at_once() -> None:
    found = instrument("  x: {typ: text}\n  y: {lable: b}\n  z: [c]\n")
    assert [one.split(" ")[1] for one in found] == ["M111", "M111", "M110"]


def test_text_may_look_like_a_number_or_a_flag() -> None:
    assert instrument("  x: {type: text, label: 12, note: 1.5, section: true}\n") == []


def test_extension_keys_are_let_through() -> None:
    assert shape("version: 1\nx-templates: {a: [1]}\n") == []


def test_plain_form_follows_the_core_schema_of_yaml() -> None:
    text = "[01, -3, 1.5, .5, 1e3, true, null, ~, no, 0x1F, 2026-01-01, '1', 9999999999999999999]"
    node = read_yaml(text.encode(), "a", Findings())
    assert node is not None
    assert plain(node) == [
        1, -3, 1.5, 0.5, 1000.0, True, None, None, "no", "0x1F", "2026-01-01", "1",
        "9999999999999999999",
    ]  # fmt: skip
