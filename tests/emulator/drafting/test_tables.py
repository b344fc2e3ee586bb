from __future__ import annotations

from collections.abc import Callable

import pytest

from redcap_iac.emulator.draft import DraftError
from redcap_iac.emulator.drafting import tables
from redcap_iac.emulator.drafting.tables import PAGE_HEADER
from tests.emulator.designing import RECORD_ID, field
from tests.emulator.drafting.production import FIELDS, file_of

ROWS = [RECORD_ID, {**field("weight"), "field_label": 'Weight, "net"\nof today; morning'}]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_dictionary_is_read_with_any_usual_delimiter(delimiter: str, mark: str) -> None:
    found = tables.dictionary_rows(mark + file_of(ROWS, delimiter))
    assert [row["field_name"] for row in found] == ["record_id", "weight"]
    assert found[1]["field_label"] == 'Weight, "net"\nof today; morning'


def test_a_dictionary_is_read_by_the_headers_of_the_page() -> None:
    written = tables.dictionary_text([{"field_name": "a", "identifier": "y"}])
    (row,) = tables.dictionary_rows(written)
    assert (row["field_name"], row["identifier"], len(row)) == ("a", "y", 18)


def test_the_page_has_the_recorded_headers() -> None:
    assert len(PAGE_HEADER) == 18
    assert (PAGE_HEADER[0], PAGE_HEADER[5], PAGE_HEADER[17]) == (
        "Variable / Field Name",
        "Choices, Calculations, OR Slider Labels",
        "Field Annotation",
    )


def test_short_rows_are_filled_up() -> None:
    header, first, *_ = file_of(FIELDS).splitlines()
    short = ",".join(first.split(",")[:5])
    assert tables.dictionary_rows(f"{header}\n{short}\n")[0]["field_annotation"] == ""


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda _: "", "empty"),
        (lambda text: text.partition("\n")[0] + "\n", "no rows"),
        (lambda text: text.replace("field_note", "remark"), "'remark'"),
        (lambda text: text.replace("field_note", "field_label"), "twice"),
        (lambda text: text.replace("field_name,", "", 1), "more cells|'Variable / Field Name'"),
        (lambda text: text + "," * 20 + "x\n", "row 6"),
        (lambda text: text + '"open', "not CSV"),
    ],
)
def test_a_file_that_is_no_dictionary_is_refused(change: Callable[[str], str], told: str) -> None:
    with pytest.raises(DraftError, match=told):
        tables.dictionary_rows(change(file_of(FIELDS)))


def test_another_table_lacks_no_column_it_needs() -> None:
    assert tables.rows_of("arm_num;name\n1;Drug\n", ("arm_num", "name")) == [
        {"arm_num": "1", "name": "Drug"}
    ]
    with pytest.raises(DraftError, match="'name'"):
        tables.rows_of("arm_num\n1\n", ("arm_num", "name"))
