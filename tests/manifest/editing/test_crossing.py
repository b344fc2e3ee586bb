"""A field that goes to another instrument: what is written about it goes along."""

from __future__ import annotations

import pytest

from redcap_iac.edits import AddInstrument, Edit, MoveField, RemoveInstrument
from redcap_iac.errors import EditError
from redcap_iac.manifest.editing import rewritten
from tests.manifest.editing.projects import InMemory, fields_of

ROOT = """\
version: 1
instruments:
  - one.yaml
  - two.yaml
  - labs.csv
  - more.csv
  - instrument: inline
    fields:
        # a deep comment
        deep: {type: text, label: Deep}
"""
ONE = """\
instrument: one
matrices:
  phq: {type: radio, choices: {0: "No", 1: "Yes"}}
fields:
  record_id: {type: text, label: "ID"}
  # asked first
  # of everybody
  age:
    type: text   # free
    x-source: protocol
    label: |-
      Age

        in years
    ignore: {DD022: "asked so"}
    renamed_from: years
  q1: {matrix: phq, label: "Q 1"}
  q2: {matrix: phq, label: "Q 2"}
  plain: {type: text, label: "Plain", renamed_from: flat}   # plain one
  strange: {type: text, label: &shared "Strange"}
"""
TWO = "instrument: two\nfields:\n    pulse:\n        type: text\n        label: Pulse\n"
LABS = (
    "field_name,form_name,field_type,field_label\n"
    "hb,labs,text,Hb\ncrp,labs,text,CRP\nna,salts,text,Na\n"
)
MORE = "field_name,form_name,field_type,field_label\nfew,more,text,Few\n"
FILES = InMemory(
    {"redcap.yaml": ROOT, "one.yaml": ONE, "two.yaml": TWO, "labs.csv": LABS, "more.csv": MORE}
)


def made(*edits: Edit) -> dict[str, str | None]:
    changed = rewritten(FILES, edits)
    return {name: None if data is None else data.decode() for name, data in changed.items()}


def order(*edits: Edit) -> list[tuple[str, str]]:
    found = fields_of(FILES, rewritten(FILES, edits))
    return [(field.form_name, field.field_name) for field in found]


def test_lines_and_comments_go_along_at_the_new_indentation() -> None:
    files = made(MoveField("age", "pulse", "two"))
    assert files["two.yaml"] == TWO + (
        "    # asked first\n    # of everybody\n    age:\n      type: text   # free\n"
        "      x-source: protocol\n      label: |-\n        Age\n\n          in years\n"
        '      ignore: {DD022: "asked so"}\n      renamed_from: years\n'
    )
    start, end = ONE.index("  # asked first"), ONE.index("  q1:")
    assert files["one.yaml"] == ONE[:start] + ONE[end:]


def test_lines_go_further_out_as_well() -> None:
    files = made(MoveField("deep", "record_id", "one"))
    assert "  # a deep comment\n  deep: {type: text, label: Deep}\n  # asked" in str(
        files["one.yaml"]
    )
    assert "fields: {}" in str(files["redcap.yaml"])


def test_a_field_goes_first_where_nothing_is_before_it() -> None:
    assert order(MoveField("plain", None, "two"))[4:7] == [
        ("one", "strange"), ("two", "plain"), ("two", "pulse"),
    ]  # fmt: skip


def test_a_field_goes_into_an_instrument_that_is_new() -> None:
    edits = (AddInstrument("fresh", "", (), "one"), MoveField("age", None, "fresh"))
    files = made(*edits)
    assert files["instruments/fresh.yaml"] == (
        "instrument: fresh\nfields:\n  # asked first\n  # of everybody\n  age:\n"
        "    type: text   # free\n    x-source: protocol\n    label: |-\n      Age\n\n"
        '        in years\n    ignore: {DD022: "asked so"}\n    renamed_from: years\n'
    )
    assert order(*edits)[5] == ("fresh", "age")


def test_a_matrix_goes_with_its_rows() -> None:
    files = made(MoveField("q1", "pulse", "two"), MoveField("q2", "q1", "two"))
    assert "matrices" not in str(files["one.yaml"])
    assert '    phq: {type: radio, choices: {0: "No", 1: "Yes"}}\n' in str(files["two.yaml"])
    assert '    q1: {matrix: phq, label: "Q 1"}\n' in str(files["two.yaml"])


def test_what_an_anchor_names_goes_as_a_value() -> None:
    files = made(MoveField("strange", "pulse", "two"))
    assert "&shared" not in str(files["two.yaml"])
    assert "Strange" in str(files["two.yaml"])


def test_a_row_goes_to_another_form_of_its_file() -> None:
    files = made(MoveField("crp", None, "salts"))
    assert files == {"labs.csv": LABS.replace("crp,labs", "crp,salts")}
    assert order(MoveField("hb", "na", "salts"))[-4:-1] == [
        ("salts", "na"), ("salts", "hb"), ("more", "few"),
    ]  # fmt: skip


def test_a_row_goes_to_another_file() -> None:
    files = made(MoveField("crp", "few", "more"))
    assert files["more.csv"] == MORE + "crp,more,text,CRP\n"
    assert files["labs.csv"] == LABS.replace("crp,labs,text,CRP\n", "")


def test_a_row_becomes_lines_and_lines_a_row() -> None:
    files = made(MoveField("few", "pulse", "two"), MoveField("plain", "hb", "labs"))
    assert "few:" in str(files["two.yaml"])
    assert files["more.csv"] is None  # nothing was left in it
    assert "hb,labs,text,Hb\nplain,labs,text,Plain\n" in str(files["labs.csv"])
    assert "renamed:\n  fields:\n    plain: flat\n" in str(files["redcap.yaml"])


def test_the_last_fields_go_before_their_instrument() -> None:
    files = made(MoveField("pulse", "plain", "one"), RemoveInstrument("two"))
    assert files["two.yaml"] is None
    assert "  pulse:\n      type: text\n      label: Pulse\n" in str(files["one.yaml"])


@pytest.mark.parametrize(
    ("edit", "why"),
    [
        (MoveField("age", "hb", "labs"), "a CSV has no place for its x-source"),
        (MoveField("age", "hb", "two"), "hb is no field of two"),
        (MoveField("age", None, "nowhere"), "There is no instrument nowhere"),
    ],
)
def test_what_cannot_go_is_refused(edit: MoveField, why: str) -> None:
    with pytest.raises(EditError, match=why):
        rewritten(FILES, [edit])
