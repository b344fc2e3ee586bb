from __future__ import annotations

import pytest

from redcap_iac.design import Design
from tests.scenarios.forms import codes, form, holds, messages, one, trial

SEX = "sex: {type: radio, label: Sex, choices: {1: Female, 2: Male}}"
PREGNANT = "pregnant: {type: yesno, label: Pregnant, required: true, branching: \"[sex] = '1'\"}"
WEEKS = "weeks: {type: text, label: Weeks, validation: integer, branching: \"[pregnant] = '1'\"}"
AGE = "age: {type: text, label: Age, validation: integer}"


@pytest.fixture(scope="module")
def pregnancy() -> Design:
    return form(SEX, PREGNANT, WEEKS)


# branching


def test_a_field_is_shown_while_its_branching_logic_holds(pregnancy: Design) -> None:
    assert holds(pregnancy, "given: {sex: 1}\nexpect: {shown: [pregnant], hidden: [weeks]}")
    assert holds(pregnancy, "given: {sex: 2}\nexpect: {hidden: [pregnant]}")


def test_a_hidden_field_loses_its_value_and_what_waits_for_it_goes_too(pregnancy: Design) -> None:
    given = "given: {sex: 2, pregnant: 1, weeks: 20}"
    assert holds(pregnancy, f"{given}\nexpect: {{hidden: [pregnant, weeks], blank: [weeks]}}")


def test_hidden_values_stay_where_that_switch_is_turned(pregnancy: Design) -> None:
    story = "given: {sex: 2, pregnant: 1, weeks: 20}\nexpect: {hidden: [pregnant], shown: [weeks]}"
    assert holds(pregnancy, story, head="semantics: {hidden_values_stay: true}\n")


def test_a_condition_on_what_stands_below_settles_all_the_same() -> None:
    backwards = form(
        "third: {type: text, label: C, branching: \"[second] <> ''\"}",
        "second: {type: text, label: B, branching: \"[first] <> ''\"}",
        "first: {type: text, label: A}",
    )
    assert holds(backwards, "given: {first: x, second: y, third: z}\nexpect: {values: {third: z}}")
    assert holds(backwards, "given: {second: y, third: z}\nexpect: {hidden: [third]}")


def test_two_fields_that_exclude_each_other_settle() -> None:
    rivals = form(
        "one: {type: text, label: One, branching: \"[two] = ''\"}",
        "two: {type: text, label: Two, branching: \"[one] = ''\"}",
    )
    assert holds(rivals, "given: {one: x}\nexpect: {shown: [one], hidden: [two]}")


def test_a_field_that_hides_itself_is_named() -> None:
    restless = form("odd: {type: text, label: Odd, branching: \"[odd] = ''\"}")
    result = one(restless, "given: {odd: x}\nexpect: {shown: [odd]}")
    assert codes(result) == ["T111"]
    assert "odd" in messages(result)[0]


def test_logic_that_cannot_be_read_hides_nothing() -> None:
    design = form('broken: {type: text, label: Broken, branching: "[record_id"}')
    assert holds(design, "expect: {shown: [broken]}")


# calculations


def test_calculations_follow_each_other_in_whatever_order() -> None:
    chain = form(
        'total: {type: calc, label: Total, calculation: "[twice] + 1"}',
        'twice: {type: calc, label: Twice, calculation: "[age] * 2"}',
        AGE,
    )
    assert holds(chain, "given: {age: 4}\nexpect: {values: {twice: 8, total: 9}}")


def test_a_circle_of_calculations_is_named() -> None:
    circle = form(
        "up: {type: calc, label: Up, calculation: \"if([down] = '', 1, [down] + 1)\"}",
        'down: {type: calc, label: Down, calculation: "[up]"}',
    )
    result = one(circle, "expect: {shown: [up]}")
    assert codes(result) == ["T111"]
    assert "up, down" in messages(result)[0]


def test_a_calculation_that_is_hidden_is_blank_for_all_who_read_it() -> None:
    design = form(
        AGE,
        'half: {type: calc, label: Half, calculation: "[age] / 2", branching: "[age] > 10"}',
        'copy: {type: calc, label: Copy, calculation: "[half]"}',
    )
    assert holds(design, "given: {age: 8}\nexpect: {blank: [half, copy]}")
    assert holds(design, "given: {age: 12}\nexpect: {values: {copy: 6}}")


def test_a_calculated_field_holds_numbers_only() -> None:
    design = form(AGE, "word: {type: calc, label: Word, calculation: \"if([age] > 1, 'old', 0)\"}")
    assert holds(design, "given: {age: 8}\nexpect: {blank: [word]}")


def test_calculated_text_and_dates() -> None:
    design = form(
        "seen: {type: text, label: Seen, validation: date_dmy}",
        "due: {type: text, label: Due, validation: date_dmy,"
        " annotation: \"@CALCDATE([seen], 1, 'M')\"}",
        "said: {type: text, label: Said,"
        " annotation: \"@CALCTEXT(if([due] > [seen], 'later', ''))\"}",
    )
    # a month is 30.44 days: the thirtieth day after, in the morning
    story = "given: {seen: 2026-01-15}\nexpect: {values: {due: 2026-02-14, said: later}}"
    assert holds(design, story)
    assert holds(design, "expect: {blank: [due, said], readonly: [due, said]}")


def test_calculated_text_has_to_fit_its_validation() -> None:
    design = form(
        "height: {type: text, label: Height}",
        "whole: {type: text, label: Whole, validation: integer,"
        ' annotation: "@CALCTEXT([height] * 2)"}',
    )
    assert holds(design, "given: {height: 4}\nexpect: {values: {whole: 8}}")
    assert holds(design, "given: {height: 4.1}\nexpect: {blank: [whole]}")


# what tags fill in


def test_a_default_fills_a_page_that_was_never_saved() -> None:
    design = form("site: {type: text, label: Site, annotation: \"@DEFAULT='Lyon'\"}")
    assert holds(design, "expect: {values: {site: Lyon}}")
    assert holds(design, "given: {site: Rome}\nexpect: {values: {site: Rome}}")
    assert holds(design, "given: {site: null}\nexpect: {blank: [site]}")
    assert holds(design, "given: {form_1_complete: 0}\nexpect: {blank: [site]}")


def test_setvalue_fills_over_what_was_saved() -> None:
    design = form("who: {type: text, label: Who, annotation: \"@SETVALUE='[user-name]'\"}")
    story = "given: {who: asmith, form_1_complete: 2}\nas: {user: jdoe}\n"
    assert holds(design, f"{story}expect: {{values: {{who: jdoe}}}}")
    typed = "given: {who: asmith}\nas: {user: jdoe}\nexpect: {values: {who: asmith}}"
    assert holds(design, typed)


def test_today_now_and_username_fill_what_is_blank() -> None:
    design = form(
        "day: {type: text, label: Day, validation: date_mdy, annotation: '@TODAY'}",
        "moment: {type: text, label: Moment, validation: datetime_ymd, annotation: '@NOW'}",
        "who: {type: text, label: Who, annotation: '@USERNAME'}",
    )
    head = "today: 2026-01-15 09:30:00\n"
    values = "values: {day: 2026-01-15, moment: 2026-01-15 09:30, who: jdoe}"
    assert holds(design, f"as: {{user: jdoe}}\nexpect: {{{values}}}", head=head)
    survey = "as: {survey: true, user: jdoe}\nexpect: {values: {who: survey-participant}}"
    assert holds(design, survey, head=head)


def test_a_default_of_choices_takes_codes_that_are_there() -> None:
    design = form(
        "race: {type: checkbox, label: Race, choices: {1: W, 2: B},"
        " annotation: \"@DEFAULT='1,2,9'\"}",
        "sex: {type: radio, label: Sex, choices: {1: F, 2: M}, annotation: \"@DEFAULT='Female'\"}",
    )
    assert holds(design, "expect: {values: {race: [1, 2]}, blank: [sex]}")


def test_a_default_waits_until_its_field_is_shown() -> None:
    design = form(
        SEX,
        "unit: {type: text, label: Unit, branching: \"[sex] = '1'\","
        " annotation: \"@DEFAULT='kg'\"}",
    )
    assert holds(design, "expect: {blank: [unit]}")
    assert holds(design, "given: {sex: 1}\nexpect: {values: {unit: kg}}")


def test_a_default_may_carry_a_value_of_another_event() -> None:
    assert holds(
        trial(),
        "given: {week_0_arm_1: {pain: 3}, week_4_arm_1: {pain: 4}}\nat: week_4_arm_1/visit\n"
        "expect: {shown: [worse]}",
    )


# tags that hide and close


def test_hidden_wins_over_branching_and_keeps_the_value() -> None:
    design = form("old: {type: text, label: Old, branching: \"1 = 1\", annotation: '@HIDDEN'}")
    assert holds(design, "given: {old: x}\nexpect: {hidden: [old], values: {old: x}}")


def test_hidden_and_readonly_by_where_the_page_is_open() -> None:
    design = form(
        "a: {type: text, label: A, required: true, annotation: '@HIDDEN-SURVEY'}",
        "b: {type: text, label: B, annotation: '@READONLY-FORM'}",
    )
    assert holds(design, "expect: {shown: [a], missing: [a], readonly: [b]}")
    assert holds(design, "as: {survey: true}\nexpect: {hidden: [a], missing: []}")
    assert not holds(design, "as: {survey: true}\nexpect: {readonly: [b]}")


def test_a_tag_in_lower_case_does_nothing() -> None:
    design = form("a: {type: text, label: A, annotation: '@hidden'}")
    assert holds(design, "expect: {shown: [a]}")


def test_if_chooses_once_by_what_was_saved_when_the_page_opened() -> None:
    design = form(SEX, "a: {type: text, label: A, annotation: \"@IF([sex]='1', @HIDDEN, '')\"}")
    assert holds(design, "given: {sex: 1}\nexpect: {shown: [a]}")
    assert holds(design, "given: {sex: 1, form_1_complete: 2}\nexpect: {hidden: [a]}")


def test_if_inside_if_and_the_group_of_the_user() -> None:
    annotation = "@IF([user-dag-name]='lyon', @READONLY, @IF([is-survey], @HIDDEN, ''))"
    design = form(f'a: {{type: text, label: A, annotation: "{annotation}"}}', more="dags: [Lyon]\n")
    assert holds(design, "as: {dag: Lyon}\nexpect: {readonly: [a]}")
    assert holds(design, "as: {survey: true}\nexpect: {hidden: [a]}")
    assert not holds(design, "expect: {readonly: [a]}")


DRUG = 'drug: {{type: dropdown, label: Drug, choices: {{a: A, b: B, c: C}}, annotation: "{}"}}'


@pytest.mark.parametrize(
    ("annotation", "hidden"),
    [
        ("@HIDECHOICE='b'", "[b]"),
        ("@HIDECHOICE='b, c'", "[b, c]"),
        ("@SHOWCHOICE='b'", "[a, c]"),
        ("@HIDECHOICE='a,b' @SHOWCHOICE='b'", "[a, c]"),
        ("@HIDECHOICE='Beta'", "[]"),
        ("@SHOWCHOICE='Beta'", "[]"),
    ],
)
def test_choices_are_taken_off_the_page(annotation: str, hidden: str) -> None:
    design = form(DRUG.format(annotation))
    assert holds(design, f"expect: {{hidden_choices: {{drug: {hidden}}}}}")


def test_a_choice_that_was_saved_stays_on_the_page() -> None:
    design = form(DRUG.format("@HIDECHOICE='b'"))
    story = "given: {drug: b, form_1_complete: 2}\nexpect: {hidden_choices: {drug: []}}"
    assert holds(design, story)


# other places, statuses


def test_values_of_other_events_and_instances_are_read() -> None:
    design = trial()
    story = (
        "given:\n  week_0_arm_1: {dob: 1990-04-01}\n"
        "  week_4_arm_1/event/1: {term: Rash}\n  week_4_arm_1/event/2: {term: Rash}\n"
        "  extra_arm_1/2: {seen: 2026-04-01}\n"
        "expect:\n  - {at: week_4_arm_1/event/2, shown: [again]}\n"
        "  - {at: week_4_arm_1/event/1, hidden: [again], missing: []}\n"
        "  - {at: extra_arm_1/2, values: {age: 36}}\n"
    )
    assert holds(design, story)


def test_beside_an_instance_the_rest_of_its_event_is_computed_too() -> None:
    study = form(
        "limit: {type: calc, label: Limit, calculation: 2 * 3}",
        more="  - instrument: pill\n    fields:\n      many: {type: text, label: Many}\n"
        "      over: {type: calc, label: Over, calculation: '[many] - [limit]'}\n"
        "repeat: {pill: ''}\n",
    )
    assert holds(study, "given: {pill/2: {many: 9}}\nat: pill/2\nexpect: {values: {over: 3}}")


def test_a_page_is_saved_as_incomplete_unless_its_status_is_given() -> None:
    design = form(AGE)
    assert holds(design, "given: {age: 3}\nexpect: {values: {form_1_complete: 0}}")
    assert holds(design, "given: {form_1_complete: 2}\nexpect: {values: {form_1_complete: 2}}")
    assert holds(design, "expect: {blank: [form_1_complete]}")


def test_the_record_has_its_name() -> None:
    design = form('name: {type: text, label: Name, annotation: "@CALCTEXT([record-name])"}')
    assert holds(design, "record: A-7\nexpect: {values: {name: A-7, record_id: A-7}}")
    assert holds(design, "given: {record_id: B-1}\nexpect: {values: {name: B-1}}")
