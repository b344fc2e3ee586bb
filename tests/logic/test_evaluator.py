from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from redcap_iac.logic import LogicError, Reference, Scope, evaluate, parse
from redcap_iac.logic.parser import MAXIMUM_DEPTH
from redcap_iac.logic.tree import Group, Number

Text = Callable[..., str]
Holds = Callable[..., bool]


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("10 - 4 - 3", "3"),
        ("12 / 2 / 3", "2"),
        ("2 ^ 3 ^ 2", "512"),
        ("-2 ^ 2", "-4"),
        ("(-2)^(2)", "4"),
        ("+5 - -5", "10"),
        ("1.1 + 2.12", "3.22"),
        ("(1 = 1) + (2 = 2)", "2"),
        ("true + false", "1"),
        ("1 < 2", "1"),
        ("1 > 2", "0"),
        ("not 5", "0"),
        ("not ''", "1"),
        ("1 and 'x'", "1"),
        ("0 or ''", "0"),
    ],
)
def test_an_expression_has_its_value(expression: str, result: str, text: Text) -> None:
    assert text(expression) == result


@pytest.mark.parametrize(
    "expression",
    ["[a] + 1", "1 - [a]", "[a] * 0", "[a] / 2", "[a] ^ 2", "-[a]", "1 + 2 + [a] + 3"],
)
def test_arithmetic_with_a_blank_is_blank(expression: str, text: Text) -> None:
    assert text(expression, a="") == ""


@pytest.mark.parametrize(
    "expression",
    ["1 / 0", "[a] + 1", "10 ^ 400", "(-8) ^ .5", "0 ^ -1", "1e308 * 10", "1e308 + 1e308"],
)
def test_arithmetic_without_a_result_is_blank(expression: str, text: Text) -> None:
    assert text(expression, a="2026-03-10") == ""


def test_a_field_has_its_stored_text(text: Text) -> None:
    assert text("[code]", code="007") == "007"


def test_a_checkbox_choice_is_asked_by_its_code(holds: Holds) -> None:
    assert holds("[race(2)] = '1'", race___2="1")
    assert not holds("[race(3)] = '1'", race___2="1")


def test_a_field_without_a_value_is_blank(holds: Holds) -> None:
    assert holds("[age] = '' and [age] <> 0 and not ([age] < 18) and not ([age] >= 18)")


def test_the_scope_is_given_the_whole_reference() -> None:
    asked: list[Reference] = []

    class Recorder:
        def value(self, reference: Reference) -> str:
            asked.append(reference)
            return "5"

        def smart(self, name: str, arguments: tuple[str, ...]) -> str:
            raise AssertionError((name, arguments))

    evaluate(parse("[v1_arm_1][dose:value][last-instance]"), Recorder(), datetime(2026, 1, 1))

    assert asked == [Reference("dose", "v1_arm_1", None, ("value",), "last-instance")]


def test_a_smart_variable_is_asked_by_name_and_arguments(text: Text) -> None:
    smart = {"user-dag-name": "north", "aggregate-mean:age": "41.5"}

    assert text("concat([user-dag-name], [aggregate-mean:age])", smart=smart) == "north41.5"


def test_the_clock_is_handed_in(text: Text) -> None:
    assert text("today") == "2026-03-10"
    assert text("now") == "2026-03-10 13:30:15"


def test_a_clock_with_a_time_zone_counts_as_local_time(text: Text) -> None:
    clock = datetime(2026, 3, 10, tzinfo=UTC)

    assert text("datediff([a], 'now', 'd')", clock=clock, a="2026-03-09") == "1"


@pytest.mark.parametrize(("age", "group"), [("9", "child"), ("30", "adult"), ("", "adult")])
def test_if_chooses_by_its_condition(age: str, group: str, text: Text) -> None:
    assert text("IF([age] < 18, 'child', 'adult')", age=age) == group


def test_if_may_give_a_blank(text: Text) -> None:
    assert text("if([a] = 1, '', 5)", a="1") == ""


def test_an_unknown_function_is_an_error_whatever_the_data(text: Text) -> None:
    with pytest.raises(LogicError, match="unknown function average") as caught:
        text("1 or if(1, 2, average(1))")

    assert caught.value.offset == 14


def test_a_wrong_number_of_arguments_is_an_error(text: Text) -> None:
    with pytest.raises(LogicError, match="left does not take 1 arguments"):
        text("left('abc')")


def test_a_missing_data_code_is_blank_to_arithmetic_and_statistics(text: Text) -> None:
    codes = frozenset({"-99", "UNK"})

    assert text("[a] + 1", codes, a="-99") == ""
    assert text("sum([a], [b], 2)", codes, a="-99", b="3") == "5"


def test_a_missing_data_code_can_be_compared(text: Text) -> None:
    assert text("[a] = 'UNK'", frozenset({"UNK"}), a="UNK") == "1"


def test_a_tree_nested_too_deeply_by_hand_is_an_error(empty_record: Scope) -> None:
    tree: Group | Number = Number("1")
    for _ in range(5_000):
        tree = Group(tree)

    with pytest.raises(LogicError, match="nested too deeply"):
        evaluate(tree, empty_record, datetime(2026, 1, 1))


def test_a_tree_nested_up_to_the_limit_is_evaluated(text: Text) -> None:
    depth = MAXIMUM_DEPTH - 1

    assert text("abs(" * depth + "7" + ")" * depth) == "7"
