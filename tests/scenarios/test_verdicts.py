"""What is not as expected is told with the reason."""

from __future__ import annotations

import pytest

from redcap_iac.design import Design
from tests.scenarios.forms import codes, form, holds, one, trial


@pytest.fixture(scope="module")
def study() -> Design:
    return form(
        "age: {type: text, label: Age, validation: integer, required: true}",
        "sex: {type: radio, label: Sex, choices: {1: Female, 2: Male}}",
        "race: {type: checkbox, label: Race, choices: {1: White, 2: Black, 3: Other}}",
        "pregnant: {type: yesno, label: Pregnant, required: true,"
        " branching: \"[sex] = '1' and ([age] > 14 and [age] < 50)\"}",
        "weeks: {type: text, label: Weeks, branching: \"[pregnant] = '1' or [sex] = '9'\"}",
        'half: {type: calc, label: Half, calculation: "[age] / 2"}',
        "site: {type: text, label: Site, annotation: \"@DEFAULT='Lyon'\"}",
        "old: {type: text, label: Old, annotation: '@HIDDEN'}",
    )


@pytest.mark.parametrize(
    ("story", "message", "why"),
    [
        (
            "given: {sex: 1, age: 12}\nexpect: {shown: [pregnant]}",
            "pregnant is hidden, expected shown.",
            (
                "branching logic `[sex] = '1' and ([age] > 14 and [age] < 50)`"
                " with [sex] = 1, [age] = 12\nfalse: `[age] > 14`"
            ),
        ),
        (
            "given: {sex: 1}\nexpect: {shown: [weeks]}",
            "weeks is hidden, expected shown.",
            (
                "branching logic `[pregnant] = '1' or [sex] = '9'`"
                " with [pregnant] = blank, [sex] = 1\n"
                'false: `[pregnant] = "1"`, `[sex] = "9"`'
            ),
        ),
        (
            "given: {sex: 1, age: 20}\nexpect: {hidden: [pregnant]}",
            "pregnant is shown, expected hidden.",
            (
                "branching logic `[sex] = '1' and ([age] > 14 and [age] < 50)`"
                ' with [sex] = 1, [age] = 20\ntrue: `[sex] = "1"`, `[age] > 14`, `[age] < 50`'
            ),
        ),
        (
            "expect: {hidden: [age]}",
            "age is shown, expected hidden.",
            "It has no branching logic, and no @HIDDEN acts on it here.",
        ),
        (
            "expect: {shown: [old]}",
            "old is hidden, expected shown.",
            "@HIDDEN hides it whatever its branching logic says.",
        ),
        (
            "given: {age: 30}\nexpect: {values: {half: 16}}",
            "half is 15, expected 16.",
            "calculation `[age] / 2` with [age] = 30",
        ),
        (
            "expect: {values: {half: 16}}",
            "half is blank, expected 16.",
            "calculation `[age] / 2` with [age] = blank",
        ),
        (
            "given: {race: [1, 3]}\nexpect: {values: {race: [1]}}",
            "race is 1, 3, expected 1.",
            "The scenario gives it.",
        ),
        (
            "expect: {blank: [site]}",
            "site is Lyon, expected blank.",
            "@DEFAULT filled it in.",
        ),
        (
            "given: {weeks: 20}\nexpect: {values: {weeks: 20}}",
            "weeks is blank, expected 20.",
            (
                "20 was given, and a hidden field keeps no value: branching logic `[pregnant] = '1'"
                " or [sex] = '9'` with [pregnant] = blank, [sex] = blank\n"
                'false: `[pregnant] = "1"`, `[sex] = "9"`'
            ),
        ),
        (
            "given: {age: 30}\nexpect: {missing: [age]}",
            "age is not missing: it is 30.",
            "The scenario gives it.",
        ),
        (
            "expect: {readonly: [age]}",
            "age can be edited, expected read-only.",
            "No @READONLY acts on it here.",
        ),
        (
            "expect: {hidden_choices: {sex: [2]}}",
            "sex hides no choice, expected 2.",
            "It has neither @HIDECHOICE nor @SHOWCHOICE.",
        ),
        (
            "expect: {missing: []}",
            "Nothing required should be missing, and age is.",
            "It is required, shown and blank on form_1.",
        ),
        (
            "given: {age: 30}\nexpect: {values: {form_1_complete: 2}}",
            "form_1_complete is 0, expected 2.",
            "A page is saved as 0 (Incomplete) unless the scenario gives its status.",
        ),
    ],
)
def test_what_came_out_and_why(study: Design, story: str, message: str, why: str) -> None:
    result = one(study, story)
    (finding,) = result.findings
    assert (finding.code, finding.message, finding.advice) == ("T110", message, why)
    assert not result.passed
    assert not result.is_broken


def test_a_hidden_field_is_not_missing(study: Design) -> None:
    result = one(study, "given: {age: 3}\nexpect: {missing: [pregnant]}")
    assert [one.message for one in result.findings] == [
        "pregnant is hidden, so that it is not missing."
    ]


def test_the_same_number_is_the_same_value(study: Design) -> None:
    assert holds(study, "given: {age: 31}\nexpect: {values: {half: 15.50}}")


def test_codes_and_free_text_are_the_same_only_letter_by_letter() -> None:
    study = form(
        "code: {type: radio, label: Code, choices: {'01': One, '1': Uno}}",
        "zip: {type: text, label: Zip}",
        "dose: {type: text, label: Dose, validation: number}",
    )
    assert not holds(study, "given: {code: '01'}\nexpect: {values: {code: '1'}}")
    assert not holds(study, "given: {zip: '007'}\nexpect: {values: {zip: '7'}}")
    assert holds(study, "given: {dose: '7.50'}\nexpect: {values: {dose: '7.5'}}")


def test_choices_are_compared_whatever_their_order(study: Design) -> None:
    assert holds(study, "given: {race: [1, 3]}\nexpect: {values: {race: [3, 1]}}")


def test_nothing_expected_is_blank(study: Design) -> None:
    assert holds(study, 'expect: {values: {age: "", sex: null, race: []}}')


def test_all_failures_are_told_in_the_order_of_the_file(study: Design) -> None:
    result = one(study, "expect:\n  values: {age: 3}\n  shown: [pregnant]\n  hidden: [age]")
    assert codes(result) == ["T110"] * 3
    assert [finding.position.line for finding in result.findings if finding.position] == [4, 5, 6]


def test_a_page_is_named_where_there_are_several() -> None:
    story = (
        "given: {week_0_arm_1: {pain: 3}, week_4_arm_1: {pain: 2}}\n"
        "expect: {at: week_4_arm_1/visit, shown: [worse]}"
    )
    (finding,) = one(trial(), story).findings
    assert finding.message == "worse is hidden, expected shown on week_4_arm_1/visit."
    assert "[previous-event-name][pain] = 3" in finding.advice
