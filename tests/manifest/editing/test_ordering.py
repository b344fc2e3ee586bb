"""Instruments put in another order in the files, whatever brings them in."""

from __future__ import annotations

from itertools import permutations
from random import Random

import pytest

from redcap_iac.edits import AddInstrument, OrderInstruments, RemoveInstrument
from redcap_iac.errors import EditError
from redcap_iac.manifest.editing import rewritten
from tests.manifest.editing.projects import InMemory, fields_of


def one(name: str) -> str:
    return f"instrument: {name}\nfields:\n  {name}1: {{type: text, label: {name}}}   # {name}\n"


FILES = InMemory(
    {
        "redcap.yaml": (
            "version: 1\ninstruments:\n  # the first\n  - a.yaml\n  - more/*.yaml   # by name\n"
            "  # a list of its own\n  - list.yaml\n  - t.csv\n"
        ),
        "a.yaml": one("a"),
        "more/b.yaml": one("b"),
        "more/c.yaml": one("c"),
        "list.yaml": (
            "- d.yaml   # the d\n- instrument: e\n  fields:\n    e1: {type: text, label: E}\n"
        ),
        "d.yaml": one("d"),
        "t.csv": (
            "field_name,form_name,field_type,field_label\nf1,f,text,F\ng1,g,text,G\ng2,g,text,G\n"
        ),
    }
)


def order(names: str) -> tuple[list[str], str]:
    made = rewritten(FILES, [OrderInstruments(tuple(names))])
    forms = dict.fromkeys(field.form_name for field in fields_of(FILES, made))
    return list(forms), (made.get("redcap.yaml") or FILES.read("redcap.yaml")).decode()


def test_the_order_there_is_changes_nothing() -> None:
    assert rewritten(FILES, [OrderInstruments(tuple("abcdefg"))]) == {}


def test_entries_move_with_their_comments() -> None:
    forms, text = order("debcafg")
    assert forms == list("debcafg")
    assert text == (
        "version: 1\ninstruments:\n  # a list of its own\n  - list.yaml\n"
        "  - more/*.yaml   # by name\n  # the first\n  - a.yaml\n  - t.csv\n"
    )


def test_a_pattern_is_written_out_where_its_files_part() -> None:
    forms, text = order("bacdefg")
    assert forms == list("bacdefg")
    assert "  - more/b.yaml   # by name\n  # the first\n  - a.yaml\n  - more/c.yaml\n" in text


def test_within_a_list_and_a_csv_the_order_changes_there() -> None:
    made = rewritten(FILES, [OrderInstruments(tuple("abcedgf"))])
    assert set(made) == {"list.yaml", "t.csv"}
    assert (made["list.yaml"] or b"").endswith(b"- d.yaml   # the d\n")
    assert (made["t.csv"] or b"").endswith(b"g1,g,text,G\ng2,g,text,G\nf1,f,text,F\n")


def test_any_order_that_keeps_files_together_comes_out() -> None:
    chance = Random(7)
    blocks = [["a"], ["b"], ["c"], ["d", "e"], ["f", "g"]]
    for blocks_in_order in chance.sample(list(permutations(blocks)), 20):
        names = "".join(
            "".join(chance.sample(block, len(block))) for block in blocks_in_order
        )  # fmt: skip
        assert order(names)[0] == list(names)


@pytest.mark.parametrize("names", ["abcdfeg", "adbcefg"])
def test_what_shares_a_file_cannot_stand_apart(names: str) -> None:
    with pytest.raises(EditError, match="those of one CSV, or of one file, stand together"):
        rewritten(FILES, [OrderInstruments(tuple(names))])


def test_instruments_come_go_and_change_places_at_once() -> None:
    row = {"field_name": "h1", "form_name": "h", "field_type": "text", "field_label": "H"}
    made = rewritten(
        FILES,
        [
            AddInstrument("h", "", (row,), "a"),
            RemoveInstrument("d"),
            OrderInstruments(tuple("fghbcae")),
        ],
    )
    forms = dict.fromkeys(field.form_name for field in fields_of(FILES, made))
    assert list(forms) == list("fghbcae")


def test_rows_of_a_whole_dictionary_change_places() -> None:
    table = FILES.read("t.csv").decode()
    files = InMemory({"redcap.yaml": "version: 1\ndictionary: t.csv\n", "t.csv": table})
    made = rewritten(files, [OrderInstruments(("g", "f"))])
    head, *rows = table.splitlines(keepends=True)
    assert made == {"t.csv": (head + "".join([*rows[1:], rows[0]])).encode()}
