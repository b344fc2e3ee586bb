import pytest

from redcap_iac.logic import miscounted_arguments, parse, unknown_functions
from redcap_iac.logic.checks import (
    miscounted_parameters,
    misplaced_new_instances,
    unknown_events,
    unknown_smart_variables,
)


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


def test_unknown_smart_variables_are_listed_with_their_place() -> None:
    found = unknown_smart_variables(parse("[user-name] = '' or [user-dagname] = 'x'"))

    assert [(one.name, one.offset) for one in found] == [("user-dagname", 20)]


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("[user-name]", False),
        ("[user-name:hideunderscore]", False),
        ("[user-name:full]", True),
        ("[survey-url]", False),
        ("[survey-url:diary:Go]", True),
        ("[survey-link:diary:Go: now]", False),
        ("[survey-duration]", True),
        ("[survey-duration:hideunderscore]", True),
        ("[survey-duration:diary:h]", False),
        ("[rand-time:value]", False),
        ("[aggregate-mean:age:site_a:x]", False),
        ("[unknown-thing:a:b]", False),
    ],
)
def test_parameters_are_counted(text: str, is_found: bool) -> None:
    assert (miscounted_parameters(parse(text)) != ()) is is_found


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("[last-event-name][age]", False),
        ("[Previous-Event-Name][survey-url:diary]", False),
        ("[last-event][age]", True),
        ("[last-instance][age]", True),
        ("[v1_arm_1][age]", False),
        ("[age]", False),
    ],
)
def test_a_hyphenated_event_is_one_of_five(text: str, is_found: bool) -> None:
    assert (unknown_events(parse(text)) != ()) is is_found


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("[survey-link:diary][new-instance]", False),
        ("[Form-URL:diary][New-Instance]", False),
        ("[new-instance]", False),
        ("[dose][new-instance]", True),
        ("[survey-title:diary][new-instance]", True),
        ("[dose][last-instance]", False),
        ("[dose][2]", False),
    ],
)
def test_only_links_lead_to_an_instance_that_is_not_there_yet(text: str, is_found: bool) -> None:
    assert (misplaced_new_instances(parse(text)) != ()) is is_found
