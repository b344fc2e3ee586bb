"""Reading values written as R source."""

from __future__ import annotations

import pytest

from tests.emulator.proof import r_source
from tests.emulator.proof.r_binary import RVector

FRAME = """structure(list(a = c(1L, NA), b = c("x \\"y\\"", "z")), class = "data.frame",
row.names = c(NA, -2L))"""


def test_a_data_frame_is_its_columns() -> None:
    assert list(r_source.tables(FRAME)) == [{"a": [1, None], "b": ['x "y"', "z"]}]


def test_a_single_value_is_a_column_of_one_cell() -> None:
    source = 'structure(list(a = TRUE, b = -1.5), class = "data.frame", row.names = c(NA, -1L))'
    assert list(r_source.tables(source)) == [{"a": [True], "b": [-1.5]}]


def test_a_tribble_is_read_row_by_row() -> None:
    source = 'tibble::tribble(~a, ~b,\n  "1", "2",\n  "3", "4"\n)'
    assert list(r_source.tables(source)) == [{"a": ["1", "3"], "b": ["2", "4"]}]


def test_a_list_keeps_its_names_and_is_no_table() -> None:
    value = r_source.read("list(a = NULL, b = integer(0))")
    assert isinstance(value, RVector)
    assert value.names == ("a", "b")
    assert list(r_source.tables("list(a = 1)")) == []


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("c(1", "a value expected"),
        ("system(1)", "a call of system"),
        ("1 2", "more after the value"),
        ("@", "not R source"),
    ],
)
def test_what_is_no_value_is_refused(source: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        r_source.read(source)
