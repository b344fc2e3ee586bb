"""Rows of CSV as spreadsheets write them."""

from __future__ import annotations

import pytest

from redcap_iac.formats.csv_table import (
    BrokenQuotesError,
    first_row,
    folded,
    table_rows,
    written,
)


def is_arm_column(header: str) -> bool:
    return folded(header) in ("armnum", "name")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_every_delimiter_and_line_ending_is_read(delimiter: str, ending: str) -> None:
    text = ending.join(delimiter.join(cells) for cells in (["arm_num", "name"], ["1", "A"]))

    rows = list(table_rows(text, is_arm_column))

    assert [row.cells for row in rows] == [["arm_num", "name"], ["1", "A"]]


def test_a_row_knows_the_line_it_begins_on() -> None:
    rows = list(table_rows('arm_num,name\n\n1,"a\nb"\n2,c\n', is_arm_column))

    assert [row.line for row in rows] == [1, 3, 5]


def test_a_line_that_names_the_delimiter_is_skipped() -> None:
    rows = list(table_rows("sep=;\narm_num;name\n1;A\n", is_arm_column))

    assert [(row.line, row.cells) for row in rows] == [(2, ["arm_num", "name"]), (3, ["1", "A"])]


def test_a_quotation_mark_that_is_never_closed_is_told_with_its_line() -> None:
    with pytest.raises(BrokenQuotesError, match="never closed") as broken:
        list(table_rows('arm_num,name\n1,"A\n2,B\n', is_arm_column))

    assert broken.value.line == 2


def test_the_first_row_of_a_broken_file_is_empty() -> None:
    assert first_row('"arm_num,name', is_arm_column) == []


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_what_is_written_is_read_the_same(delimiter: str) -> None:
    rows = [["arm_num", "name"], ["1", 'a "b", c; d\te\nf'], ["2", "=1+1"]]

    read = table_rows(written(rows, delimiter), is_arm_column)

    assert [row.cells for row in read] == rows


def test_a_cell_that_a_spreadsheet_takes_for_a_formula_stays_as_it_is() -> None:
    assert written([["=1+1", "+2", "@x"]]) == "=1+1,+2,@x\n"


@pytest.mark.parametrize("hint", ["sep=;", "sep=;;;;", '"sep=;"', "SEP=;"])
def test_the_line_by_which_excel_names_the_delimiter_is_skipped(hint: str) -> None:
    rows = list(table_rows(f"{hint}\na;b\n1;2\n", lambda _: True))

    assert [(row.line, row.cells) for row in rows] == [(2, ["a", "b"]), (3, ["1", "2"])]
