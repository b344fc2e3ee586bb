from collections.abc import Callable

import pytest

from redcap_iac.logic.functions import (
    DATE_FORMATS,
    DATEDIFF_UNITS,
    FUNCTIONS,
    nearest_function,
)
from redcap_iac.logic.sorts import ValueSort

DOCUMENTED = """
    if datediff age_at_date dayoftheweek year month day round roundup rounddown sqrt abs exponential
    log mod min max mean median sum stdev isnumber isinteger isblankormissingcode
    isblanknotmissingcode ismissingcode hasmissingcode contains not_contain starts_with ends_with
    find left right mid length trim upper lower replace_text concat concat_ws
"""


def test_the_library_is_what_redcap_documents() -> None:
    assert set(FUNCTIONS) == set(DOCUMENTED.split())


# Most expected values are the examples of REDCap's own function list; the rest are worked by hand.
@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("round(14.384, 1)", "14.4"),
        ("round(2.5)", "3"),
        ("round(-2.5)", "-3"),
        ("round(1.005, 2)", "1.01"),
        ("round(1234, -2)", "1200"),
        ("round(1e300, 15)", "1" + "0" * 300),
        ("roundup(14.384, 1)", "14.4"),
        ("roundup(4.1234)", "5"),
        ("rounddown(14.384, 1)", "14.3"),
        ("rounddown(4.9)", "4"),
        ("sqrt(16)", "4"),
        ("abs(-7.1)", "7.1"),
        ("exponential(0)", "1"),
        ("round(exponential(1), 5)", "2.71828"),
        ("log(100, 10)", "2"),
        ("log(exponential(3))", "3"),
        ("mod(10, 4)", "2"),
        ("mod(-7, 3)", "-1"),
        ("min(3, 1, 2)", "1"),
        ("max(3, 1, 2)", "3"),
        ("mean(1, 2, 6)", "3"),
        ("median(5, 1, 3)", "3"),
        ("median(1, 2, 3, 10)", "2.5"),
        ("sum(.1, .2, .3)", "0.6"),
        ("stdev(2, 4, 4, 4, 5, 5, 7, 9) ^ 2 * 7", "32"),
    ],
)
def test_number_functions(expression: str, result: str, text: Callable[..., str]) -> None:
    assert text(expression) == result


@pytest.mark.parametrize("name", ["min", "max", "mean", "median", "sum"])
def test_statistics_pass_over_blanks(name: str, text: Callable[..., str]) -> None:
    assert text(f"{name}([none], 4, '', [none])") == "4"


@pytest.mark.parametrize("name", ["min", "max", "mean", "median", "sum", "stdev"])
def test_statistics_of_blanks_only_are_blank(name: str, text: Callable[..., str]) -> None:
    assert text(f"{name}([none], '')") == ""


@pytest.mark.parametrize(
    "expression",
    [
        "round('')",
        "round(1, '')",
        "sqrt(-1)",
        "sqrt('x')",
        "log(0)",
        "log(5, 1)",
        "log(5, -1)",
        "mod(5, 0)",
        "exponential(1000)",
        "stdev(5)",
    ],
)
def test_a_number_function_without_a_result_is_blank(
    expression: str, text: Callable[..., str]
) -> None:
    assert text(expression) == ""


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("isnumber('1.5')", "1"),
        ("isnumber('')", "0"),
        ("isnumber('x')", "0"),
        ("isinteger('-3')", "1"),
        ("isinteger(6 / 2)", "1"),
        ("isinteger('3.0')", "0"),
        ("isinteger('')", "0"),
    ],
)
def test_type_functions(expression: str, result: str, text: Callable[..., str]) -> None:
    assert text(expression) == result


@pytest.mark.parametrize(
    ("name", "blank", "code", "value"),
    [
        ("isblankormissingcode", "1", "1", "0"),
        ("isblanknotmissingcode", "1", "0", "0"),
        ("ismissingcode", "0", "1", "0"),
    ],
)
def test_missing_code_functions(
    name: str, blank: str, code: str, value: str, text: Callable[..., str]
) -> None:
    results = [text(f"{name}([a])", frozenset({"UNK", "-99"}), a=a) for a in ("", "UNK", "5")]

    assert results == [blank, code, value]


@pytest.mark.parametrize(
    ("stored", "result"), [("NI", "1"), ("UNK", "1"), ("NASK", "0"), ("5", "0"), ("", "0")]
)
def test_hasmissingcode_wants_one_of_the_listed_codes(
    stored: str, result: str, text: Callable[..., str]
) -> None:
    codes = frozenset({"NI", "UNK", "NASK"})

    assert text("hasmissingcode([a], 'NI, UNK,5')", codes, a=stored) == result


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("contains('Rob Taylor', 'TAYLOR')", "1"),
        ("contains('Rob', 'Bob')", "0"),
        ("not_contain('Rob Taylor', 'smith')", "1"),
        ("not_contain('Rob Taylor', 'taylor')", "0"),
        ("starts_with('Rob Taylor', 'rob')", "1"),
        ("starts_with('Rob Taylor', 'taylor')", "0"),
        ("ends_with('Rob Taylor', 'TAYLOR')", "1"),
        ("ends_with('Rob Taylor', 'rob')", "0"),
        ("find('y', 'Taylor')", "3"),
        ("find('z', 'Taylor')", "0"),
        ("left('Taylor', 3)", "Tay"),
        ("left('Taylor', 99)", "Taylor"),
        ("left('Taylor', -1)", ""),
        ("right('Taylor', 4)", "ylor"),
        ("right('Taylor', 0)", ""),
        ("right('Taylor', 99)", "Taylor"),
        ("mid('Taylor', 2, 3)", "ayl"),
        ("length('Taylor')", "6"),
        ("length('')", "0"),
        ("trim(' hello ')", "hello"),
        ("upper('John Doe')", "JOHN DOE"),
        ("lower('John Doe')", "john doe"),
        ("replace_text('Rob Taylor', 'Taylor', 'Harris')", "Rob Harris"),
        ("replace_text('aaa', 'a', 'b')", "bbb"),
        ("replace_text('aaa', '', 'b')", "aaa"),
        ("concat('Rob', ' ', 'Taylor')", "Rob Taylor"),
        ("concat('n', 1 + 1)", "n2"),
        ("concat_ws(' and ', 'Peas', '', 'Carrots', 'Tomatoes')", "Peas and Carrots and Tomatoes"),
        ("right(concat('00', 7), 3)", "007"),
        (
            "mid('4890-2318', find('-', '4890-2318') + 1, length('4890-2318'))",
            "2318",
        ),
    ],
)
def test_text_functions(expression: str, result: str, text: Callable[..., str]) -> None:
    assert text(expression) == result


NUMBER, TEXT, TRUTH, ANY = ValueSort.NUMBER, ValueSort.TEXT, ValueSort.TRUTH, ValueSort.ANY
MOMENT, DATE, UNIT, FORMAT = ValueSort.MOMENT, ValueSort.DATE, ValueSort.UNIT, ValueSort.FORMAT


@pytest.mark.parametrize(
    ("name", "takes", "gives"),
    [
        ("if", (TRUTH, ANY, ANY), ANY),
        ("datediff", (MOMENT, MOMENT, UNIT, FORMAT, TRUTH), NUMBER),
        ("age_at_date", (DATE, DATE, TRUTH), NUMBER),
        ("year", (DATE,), NUMBER),
        ("round", (NUMBER, NUMBER), NUMBER),
        ("sum", (NUMBER, NUMBER, NUMBER, NUMBER), NUMBER),
        ("isnumber", (ANY,), TRUTH),
        ("hasmissingcode", (ANY, TEXT, TEXT), TRUTH),
        ("contains", (TEXT, TEXT), TRUTH),
        ("find", (TEXT, TEXT), NUMBER),
        ("left", (TEXT, NUMBER), TEXT),
        ("mid", (TEXT, NUMBER, NUMBER), TEXT),
        ("length", (TEXT,), NUMBER),
        ("concat_ws", (TEXT, TEXT, TEXT), TEXT),
    ],
)
def test_a_function_takes_and_gives_sorts_of_value(
    name: str, takes: tuple[ValueSort, ...], gives: ValueSort
) -> None:
    function = FUNCTIONS[name]

    assert tuple(function.argument(index) for index in range(len(takes))) == takes
    assert function.gives is gives


def test_no_function_takes_more_sorts_than_arguments() -> None:
    crowded = [
        name
        for name, function in FUNCTIONS.items()
        if function.maximum is not None and len(function.takes) > function.maximum
    ]

    assert crowded == []


def test_every_unit_has_a_length(text: Callable[..., str]) -> None:
    lengths = {
        unit: float(text(f"datediff('2024-01-01', '2025-01-01', '{unit}')"))
        for unit in DATEDIFF_UNITS
    }

    assert sorted(lengths, key=lengths.__getitem__) == ["y", "M", "d", "h", "m", "s"]


@pytest.mark.parametrize("order", DATE_FORMATS)
def test_every_date_format_is_taken(order: str, text: Callable[..., str]) -> None:
    assert text(f"datediff('2024-01-01', '2024-01-03', 'd', '{order}')") == "2"


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("average", ""),
        ("DateDif", "Did you mean `datediff`?"),
        ("rounddwn", "Did you mean `rounddown`?"),
    ],
)
def test_a_misspelt_function_gets_the_nearest(name: str, advice: str) -> None:
    assert nearest_function(name) == advice
