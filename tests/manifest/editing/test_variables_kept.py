"""Edits of texts with `${…}`: what is equal stays as typed, what changes keeps its variables."""

from __future__ import annotations

import pytest

from redcap_iac.edits import AddField, Edit, RenameSection, SetCell, SetSection
from redcap_iac.kinds.dictionary.field import CHOICES
from redcap_iac.manifest.editing import rewritten
from redcap_iac.manifest.formatting import formatted
from redcap_iac.manifest.loader import load
from tests.manifest.editing.projects import InMemory, lines_apart

TEXT = """\
version: 1
variables: {site: Boston, more: "A: b # c"}
roles:
  ${site} staff:   # all
    rights: {reports: true}
    instruments: {"*": edit}
    export: {"*": none}
dags: ["${site} A", B]
instruments:
  - instrument: a
    fields:
      id: {type: text, label: "ID"}
      f:
        type: radio
        label: Data of ${site}   # shown
        choices:
          1: At ${site}
          2: Elsewhere
      g: {type: text, label: "G ${more}", note: "$${site}"}
      h:
        type: notes
        label: |
          Long text
          of ${site}
environments:
  dev: {url: "https://a.example.org/api/", token: "env:T"}
  prod: {url: "https://b.example.org/api/", token: "env:T", variables: {site: Lyon}}
"""
FILES = InMemory({"redcap.yaml": TEXT})


def lines(edit: Edit, environment: str = "") -> list[str]:
    """Return the lines that come with an edit."""
    made = rewritten(FILES, [edit], environment)
    return lines_apart(TEXT.encode(), made["redcap.yaml"])[1] if made else []


@pytest.mark.parametrize(
    ("edit", "new"),
    [
        (SetCell("f", "field_label", "Data of Boston"), []),
        (SetCell("f", "field_label", "All data of Boston"),
         ['        label: "All data of ${site}"   # shown']),
        (SetCell("f", "field_label", "Boston or Boston"),
         ['        label: Boston or Boston   # shown']),
        (SetCell("f", "field_label", "${site}"), ['        label: "$${site}"   # shown']),
        (SetCell("f", CHOICES, "1, At Boston | 2, Else"), ['          2: Else']),
        (SetCell("f", CHOICES, "1, In Boston | 2, Elsewhere"), ['          1: "In ${site}"']),
        (SetCell("g", "field_label", "H A: b # c"),
         ['      g: {type: text, label: "H ${more}", note: "$${site}"}']),
        (SetCell("g", "field_note", "Boston"),
         ['      g: {type: text, label: "G ${more}", note: "Boston"}']),
        (SetCell("h", "field_label", "Long text\\nin Boston\\n".replace("\\n", "\n")),
         ["          in ${site}"]),
        (SetSection(("dags",), ["Boston A", "C"]), ['dags: ["${site} A", C]']),
        (SetSection(("dags",), ["Boston C", "B"]), ['dags: ["${site} C", B]']),
        (RenameSection(("roles", "Boston staff"), "Staff in Boston"),
         ['  "Staff in ${site}":   # all']),
        (RenameSection(("roles", "Boston staff"), "Staff"), ["  Staff:   # all"]),
    ],
)  # fmt: skip
def test_a_text_keeps_its_variable(edit: Edit, new: list[str]) -> None:
    assert [one.replace("'", '"') for one in lines(edit)] == new


def test_the_environment_says_what_is_equal() -> None:
    assert lines(SetCell("f", "field_label", "Data of Lyon"), "prod") == []
    assert lines(SetCell("f", "field_label", "Data of Lyon"), "dev") == [
        "        label: Data of Lyon   # shown"
    ]
    (line,) = lines(SetCell("f", "field_label", "Lyon"), "prod")
    assert "${site}" in line


def test_other_changes_leave_the_variables_alone() -> None:
    edit = AddField({"field_name": "new", "form_name": "a", "field_type": "text",
                     "field_label": "New in Boston ${x}"}, "g")  # fmt: skip
    made = rewritten(FILES, [edit])["redcap.yaml"]
    gone, new = lines_apart(TEXT.encode(), made)
    assert gone == []
    assert any("New in Boston $${x}" in line for line in new)


def test_one_layout_keeps_what_was_typed() -> None:
    made = formatted(TEXT.encode(), "redcap.yaml").decode()
    for typed in ("${site} staff", "Data of ${site}", '"$${site}"', "of ${site}\n", "${site} A"):
        assert typed in made
    for name in ("dev", "prod"):
        before = load_state(TEXT, name)
        assert load_state(made, name) == before


def load_state(text: str, environment: str) -> object:
    from pathlib import Path

    files = InMemory({"redcap.yaml": text})
    return load(Path(), files=files, environment=environment).desired.state
