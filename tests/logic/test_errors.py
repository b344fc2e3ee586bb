import pytest

from redcap_iac.logic import LogicError
from redcap_iac.logic.errors import position


@pytest.mark.parametrize(
    ("text", "offset", "place"),
    [
        ("abc", 0, (1, 1)),
        ("abc", 3, (1, 4)),
        ("a\nbc", 3, (2, 2)),
        ("a\r\nbc", 3, (2, 1)),
        ("a\rbc\n", 5, (3, 1)),
    ],
)
def test_lines_and_columns_count_from_one(text: str, offset: int, place: tuple[int, int]) -> None:
    assert position(text, offset) == place


def test_without_the_text_only_the_offset_is_known() -> None:
    error = LogicError("unknown function f", 4)

    assert str(error) == "unknown function f (at offset 4)"
    assert (error.line, error.column) == (None, None)
