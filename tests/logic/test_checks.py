from redcap_iac.logic import miscounted_arguments, parse, unknown_functions


def test_unknown_functions_are_listed_with_their_place() -> None:
    calls = unknown_functions(parse("sum(1, average([a])) > CountIf([b])"))

    assert [(call.name, call.offset) for call in calls] == [("average", 7), ("CountIf", 23)]


def test_a_known_function_is_known_in_any_case() -> None:
    assert unknown_functions(parse("DateDiff([a], 'today', 'd')")) == ()


def test_miscounted_arguments_are_listed() -> None:
    calls = miscounted_arguments(parse("if([a], 1) + round(1.5) + left('x') + sum(1, 2, 3)"))

    assert [call.name for call in calls] == ["if", "left"]


def test_an_unknown_function_is_not_miscounted() -> None:
    assert miscounted_arguments(parse("average(1)")) == ()
