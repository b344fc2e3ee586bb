from __future__ import annotations

from datetime import datetime

import pytest

from redcap_iac.design import Design
from redcap_iac.logic.dialect import SWITCHES
from redcap_iac.scenarios.running import NEWEST_VERSION, Difference
from tests.scenarios.forms import NOW, form, holds, one, run_of

AGE = "age: {type: text, label: Age, validation: integer}"


def differences(study: Design, story: str) -> list[tuple[str, tuple[str, ...], bool]]:
    result = one(study, story, dialects=True)
    return [(found.switch.name, found.what, found.passes) for found in result.differences]


#: For every switch a form, what is given, and what holds on the usual side only.
CASES = {
    "blank_is_below": ('minor: {type: yesno, label: Minor, branching: "[age] < 18"}',
                       "expect: {hidden: [minor]}"),
    "blank_equals_zero": ('none: {type: yesno, label: None, branching: "[age] = 0"}',
                          "expect: {hidden: [none]}"),
    "empty_sum_is_zero": ('total: {type: calc, label: Total, calculation: "sum([age])"}',
                          "expect: {blank: [total]}"),
    "halves_go_up": ('half: {type: calc, label: Half, calculation: "round([age] / 2)"}',
                     "given: {age: -5}\nexpect: {values: {half: -3}}"),
    "bare_power_fails": ('square: {type: calc, label: Square, calculation: "[age]^2"}',
                         "given: {age: 3}\nexpect: {values: {square: 9}}"),
    "hidden_values_stay": ('more: {type: text, label: More, branching: "[age] > 5"}',
                           "given: {age: 3, more: x}\nexpect: {blank: [more]}"),
}  # fmt: skip


@pytest.mark.parametrize("switch", [switch.name for switch in SWITCHES])
def test_every_switch_is_found_by_a_scenario_that_depends_on_it(switch: str) -> None:
    field, story = CASES[switch]
    name = field.partition(":")[0]
    study = form(AGE, field)
    assert holds(study, story)
    assert differences(study, story) == [(switch, (name,), False)]
    assert not holds(study, story, head=f"semantics: {{{switch}: true}}\n")


def test_a_scenario_that_depends_on_no_switch_differs_nowhere() -> None:
    study = form(AGE, 'adult: {type: yesno, label: Adult, branching: "[age] >= 18"}')
    assert differences(study, "given: {age: 20}\nexpect: {shown: [adult]}") == []


def test_only_fields_the_scenario_speaks_of_count_as_different() -> None:
    study = form(AGE, CASES["blank_is_below"][0])
    assert differences(study, "expect: {shown: [age]}") == []


def test_a_difference_may_pass_there_too() -> None:
    study = form(AGE, CASES["blank_is_below"][0])
    result = one(study, "expect: {blank: [minor]}", dialects=True)
    (found,) = result.differences
    assert isinstance(found, Difference)
    assert found.passes


def test_today_is_what_the_file_says_else_the_clock() -> None:
    study = form('said: {type: text, label: Said, annotation: "@CALCTEXT(today)"}')
    assert holds(study, "expect: {values: {said: 2026-03-14}}")
    story = "  - {name: a, expect: {values: {said: 2020-02-29}}}\n"
    run = run_of(study, story, head="today: 2020-02-29\n")
    assert run.passed
    assert run.suites[0].clock == datetime(2020, 2, 29)
    assert run_of(study, story).suites[0].clock == NOW


def test_the_version_is_the_newest_unless_the_file_says_another() -> None:
    story = "  - {name: a, expect: {shown: [age]}}\n"
    assert run_of(form(AGE), story).suites[0].suite.version == NEWEST_VERSION
    older = run_of(form(AGE), story, head="redcap_version: 13.7.0\n")
    assert older.suites[0].suite.version == "13.7.0"


def test_scenarios_are_played_each_by_itself() -> None:
    run = run_of(form(AGE), "  - {name: a, given: {age: 3}, expect: {values: {age: 3}}}\n"
                            "  - {name: b, expect: {blank: [age]}}\n")  # fmt: skip
    assert [result.passed for result in run.results] == [True, True]


def test_what_no_scenario_knows_is_named() -> None:
    study = form(
        AGE,
        'a: {type: radio, label: A, choices: {1: A}, annotation: "@MAXCHOICE(1=5)"}',
        "b: {type: text, label: B, branching: \"[survey-duration] > 5 and [user-name] <> ''\"}",
    )
    assert run_of(study, "  - {name: a, expect: {shown: [age]}}\n").not_played == (
        "@MAXCHOICE",
        "[survey-duration]",
    )
