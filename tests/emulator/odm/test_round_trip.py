"""Any dictionary: what a project file holds of it comes back, and then stays."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redcap_iac.emulator.resources import dictionary
from redcap_iac.emulator.server import Emulator
from tests.emulator.conftest import fixed_clock
from tests.emulator.odm.creating import created, exported
from tests.emulator.served import new_project

Row = dict[str, str]

#: Anything XML can hold, but for carriage returns, which it reads as line breaks.
TEXT = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff")
    | st.sampled_from("<>&\"'\n\t[]|=/"),
    max_size=12,
)
LABEL = st.text(st.characters(categories=("L", "N")), min_size=1, max_size=8)
FLAG = st.sampled_from(("", "y"))
CODES = st.lists(st.from_regex(r"[0-9a-z]{1,3}", fullmatch=True), min_size=1, unique=True)


@st.composite
def rows(draw: st.DrawFn, name: str, form: str) -> Row:
    """Return a field of any type with cells that go with it."""
    kind = draw(
        st.sampled_from(
            ("text", "notes", "radio", "dropdown", "checkbox", "calc", "slider", "yesno", "file")
        )
    )
    column_f = ""
    if kind in ("radio", "dropdown", "checkbox"):
        column_f = "|".join(f"{code}, {draw(LABEL)}" for code in draw(CODES))
    elif kind in ("calc", "slider"):
        column_f = draw(TEXT)
    number = kind == "text" and draw(st.booleans())
    return {
        "field_name": name,
        "form_name": form,
        "field_type": kind,
        "field_label": draw(TEXT),
        "select_choices_or_calculations": column_f,
        "text_validation_type_or_show_slider_number": "number" if number else "",
        "text_validation_min": draw(st.sampled_from(("", "0", "1.5"))) if number else "",
        "text_validation_max": draw(st.sampled_from(("", "99"))) if number else "",
        "identifier": draw(FLAG),
        "required_field": draw(FLAG),
        "custom_alignment": draw(st.sampled_from(("", "LH", "RH"))),
        **{
            column: draw(TEXT)
            for column in ("section_header", "field_note", "branching_logic", "field_annotation")
        },
    }


@st.composite
def dictionaries(draw: st.DrawFn) -> list[Row]:
    """Return a dictionary of up to three forms whose first field is a plain record id."""
    first = {"field_name": "record_id", "form_name": "form_0", "field_type": "text"}
    count = draw(st.integers(0, 5))
    forms = sorted(draw(st.lists(st.integers(0, 2), min_size=count, max_size=count)))
    return [first] + [draw(rows(f"f_{n}", f"form_{form}")) for n, form in enumerate(forms)]


def held(row: Mapping[str, str]) -> Row:
    """Return a row as attributes hold it: their line breaks and tabs are blanks."""
    free = ("section_header", "field_note", "branching_logic", "field_annotation")
    logic = ("select_choices_or_calculations",) if row["field_type"] in ("calc", "slider") else ()
    blanks = str.maketrans("\n\t", "  ")
    return {
        name: cell.translate(blanks) if name in (*free, *logic) else cell
        for name, cell in row.items()
    }


@pytest.fixture(scope="module")
def served() -> Iterator[Emulator]:
    with Emulator(clock=fixed_clock, chance=random.Random(1)) as emulator:
        yield emulator


@settings(max_examples=60, deadline=None)
@given(written=dictionaries())
def test_what_a_file_holds_comes_back(served: Emulator, written: list[Row]) -> None:
    original = new_project(served)
    with served.store.transaction() as db:
        dictionary.store_fields(db, original.project_id, written, {"form_1": "A <b>label</b>"})

    file = exported(original, returnMetadataOnly="true")
    copy = created(served, file)

    assert copy.rows("metadata") == [held(row) for row in original.rows("metadata")]
    assert copy.rows("instrument") == original.rows("instrument")
    assert copy.rows("exportFieldNames") == original.rows("exportFieldNames")
    again = exported(copy)
    assert exported(created(served, again)) == again
