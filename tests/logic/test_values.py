import math

import pytest

from redcap_iac.logic import Value, as_text
from redcap_iac.logic.values import compare, is_true, number


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("5", 5),
        (" -5 ", -5),
        ("+.5", 0.5),
        ("1e3", 1000.0),
        ("007", 7),
        (2.5, 2.5),
        ("", None),
        ("abc", None),
        ("1,5", None),
        ("5 mg", None),
        ("2026-03-10", None),
        ("nan", None),
        ("inf", None),
        ("1e999", None),
        ("٣", None),
        (math.inf, None),
    ],
)
def test_only_plain_decimal_spellings_are_numbers(value: Value, found: float | None) -> None:
    assert number(value) == found


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("", ""),
        ("007", "007"),
        (1, "1"),
        (5.0, "5"),
        (-0.0, "0"),
        (2.5, "2.5"),
        (0.1 + 0.2, "0.3"),
        (1 / 3, "0.33333333333333"),
        (9007199254740991.0, "9007199254740991"),
        (1e21, "1000000000000000000000"),
        (1.5e-7, "0.00000015"),
        (-1e-300 * 1e-300, "0"),
        (math.nan, ""),
        (math.inf, ""),
    ],
)
def test_a_value_is_stored_without_exponent_or_needless_decimals(value: Value, text: str) -> None:
    assert as_text(value) == text


@pytest.mark.parametrize(
    ("value", "expected"),
    [("", False), ("0", False), (0.0, False), ("1", True), (-2, True), ("abc", True)],
)
def test_blank_and_zero_are_false(value: Value, expected: bool) -> None:
    assert is_true(value) is expected


@pytest.mark.parametrize(
    ("left", "operator", "right"),
    [
        ("10", ">", "9"),
        ("1.0", "=", "1"),
        ("007", "=", 7),
        ("123456789012345678", "<>", "123456789012345679"),
        ("b", ">", "a"),
        ("Enrolled", "<>", "enrolled"),
        ("2025-12-31", "<", "2026-01-01"),
        ("10a", "<", "9a"),
        ("", "=", ""),
        ("", "<>", "0"),
        ("", "<>", 0),
        ("", "=", "NaN"),
        ("5", "<>", "NaN"),
        ("5", "<=", 5.0),
        ("5", ">=", "5"),
    ],
)
def test_comparison_holds(left: Value, operator: str, right: Value) -> None:
    assert compare(left, operator, right)


@pytest.mark.parametrize("operator", [">", ">=", "<", "<="])
@pytest.mark.parametrize(("left", "right"), [("", "5"), ("5", ""), ("", ""), ("", "-1")])
def test_blank_is_neither_more_nor_less_than_anything(left: str, operator: str, right: str) -> None:
    assert not compare(left, operator, right)
