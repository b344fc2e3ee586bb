"""What is wrong with a scenario is told at its place, all at once."""

from __future__ import annotations

import pytest

from redcap_iac.design import Design
from redcap_iac.findings import Severity
from tests.scenarios.forms import codes, form, holds, messages, one, trial


@pytest.fixture(scope="module")
def study() -> Design:
    return form(
        "age: {type: text, label: Age, validation: integer, min: 18, max: 99}",
        "dose: {type: text, label: Dose, validation: number, min: 1, annotation: '@FORCE-MINMAX'}",
        "sex: {type: radio, label: Sex, choices: {1: Female, 2: Male}}",
        "smokes: {type: yesno, label: Smokes}",
        "race: {type: checkbox, label: Race, choices: {1: White, 2: Black}}",
        'twice: {type: calc, label: Twice, calculation: "[age] * 2"}',
        'said: {type: text, label: Said, annotation: "@CALCTEXT([age])"}',
        "intro: {type: descriptive, label: Welcome}",
        "born: {type: text, label: Born, validation: date_dmy, max: today}",
        "pain: {type: slider, label: Pain}",
        more="roles: {Monitor: {rights: {reports: true}, instruments: {'*': read_only}}}\n"
        "dags: [Lyon]\n",
    )


EXPECT = "expect: {shown: [age]}"


@pytest.mark.parametrize(
    ("given", "code", "message"),
    [
        ("{agee: 30}", "T101", "There is no field `agee`."),
        ("{sex: Female}", "T102", '`sex` takes a code, not a label: write 1 for "Female".'),
        ("{sex: 3}", "T102", "`sex` has no choice `3`."),
        ("{smokes: true}", "T102", '`smokes` takes a code, not a label: write 1 for "Yes".'),
        ("{smokes: no}", "T102", '`smokes` takes a code, not a label: write 0 for "No".'),
        ("{race: [1, black]}", "T102", '`race` takes a code, not a label: write 2 for "Black".'),
        (
            "{form_1_complete: Complete}",
            "T102",
            '`form_1_complete` takes a code, not a label: write 2 for "Complete".',
        ),
        ("{age: thirty}", "T103", "`age` (integer) does not take `thirty`."),
        ("{born: 31-12-1990}", "T103", "`born` (date_dmy) does not take `31-12-1990`."),
        ("{born: 1990-02-30}", "T103", "`born` (date_dmy) does not take `1990-02-30`."),
        ("{sex: [1, 2]}", "T103", "`sex` takes one value, and 2 are given."),
        ("{pain: much}", "T103", "`pain` is a slider and takes a whole number, not `much`."),
        ("{dose: 0.5}", "T104", "`dose` is 0.5, below its least, 1."),
        ("{twice: 60}", "T106", "`twice` is computed, so that nobody can enter a value."),
        ("{said: x}", "T106", "`said` is computed, so that nobody can enter a value."),
        ("{intro: x}", "T106", "`intro` is text for people and holds no value."),
        ("{AGE: 30, age: 31}", "T108", "`age` is given twice."),
        ("{race: [1, 1]}", "T103", "`race` has the choice 1 twice."),
        ("{race: {1: true, 2: true}}", "T103",
         "`race` is a field, and a map stands where its value belongs."),
        ("{age: {is: 30}}", "T103", "`age` is a field, and a map stands where its value belongs."),
        ("{record_id: [7, 8]}", "T103", "`record_id` takes one value, and 2 are given."),
        ("{record_id: 7, RECORD_ID: 8}", "T108",
         "The record is called 7 and 8 here; it has one name."),
    ],
)  # fmt: skip
def test_a_value_nobody_can_enter_is_refused(
    study: Design, given: str, code: str, message: str
) -> None:
    result = one(study, f"given: {given}\n{EXPECT}")
    assert result.is_broken
    assert (codes(result), messages(result)) == ([code], [message])


@pytest.mark.parametrize(
    ("given", "advice"),
    [
        ("{race(2): 1}", "The ticked codes of a checkbox stand in a list: `race: [2]`."),
        ("{race___2: 1}", "The ticked codes of a checkbox stand in a list: `race: [2]`."),
        ("{race: '1, 2'}", "Write a list: `race: [1, 2]`."),
        ("{race: {1: true}}", "List the ticked codes: `race: [1, 2]`."),
        ("{sex(1): 1}", "Did you mean `sex`?"),
    ],
)
def test_choices_of_a_checkbox_written_as_elsewhere_are_told_how_to_be_written(
    study: Design, given: str, advice: str
) -> None:
    (finding,) = one(study, f"given: {given}\n{EXPECT}").findings
    assert finding.advice == advice


def test_a_record_named_twice_over_is_refused(study: Design) -> None:
    result = one(study, f"record: 3\ngiven: {{record_id: 7}}\n{EXPECT}")
    assert messages(result) == ["The record is called 3 and 7 here; it has one name."]
    assert holds(study, f"record: 7\ngiven: {{record_id: 7}}\n{EXPECT}")


def test_what_is_wrong_stands_where_it_is_written(study: Design) -> None:
    (finding,) = one(study, f"given: {{age: 30, sex: Female}}\n{EXPECT}").findings
    assert str(finding.position) == "tests/a.test.yaml:3:27"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("{age: 17}", "`age` is 17, below its least, 18."),
        ("{born: 2026-03-15}", "`born` is 2026-03-15, above its greatest, 2026-03-14."),
    ],
)
def test_a_value_outside_the_range_is_a_warning_because_redcap_stores_it(
    study: Design, given: str, message: str
) -> None:
    result = one(study, f"given: {given}\n{EXPECT}")
    (finding,) = result.findings
    assert (finding.code, finding.severity, finding.message) == ("T104", Severity.WARNING, message)
    assert result.passed


def test_a_date_at_the_limit_is_inside(study: Design) -> None:
    assert one(study, f"given: {{born: 2026-03-14, age: 18}}\n{EXPECT}").findings == ()


@pytest.mark.parametrize(
    ("claims", "code", "message"),
    [
        ("{shown: [agee]}", "T101", "There is no field `agee`."),
        ("{shown: ['z_*']}", "T101", "There is no field `z_*`."),
        ("{values: {sex: Male}}", "T102", '`sex` takes a code, not a label: write 2 for "Male".'),
        ("{hidden_choices: {sex: [5]}}", "T102", "`sex` has no choice `5`."),
        ("{hidden_choices: {age: [1]}}", "T109", "`age` has no choices."),
        ("{missing: [age]}", "T109", "`age` is not required, so that it is never missing."),
        ("{hidden: [form_1_complete]}", "T109",
         "`form_1_complete` is a status, which is always shown."),
        ("{values: {age: [1, 2]}}", "T109", "`age` holds one value, and 2 are expected."),
        ("{values: {born: 31/12/1990}}", "T103", "`born` (date_dmy) does not take `31/12/1990`."),
        ("{values: {intro: x}}", "T109", "`intro` is text for people and holds no value."),
        ("{blank: [intro]}", "T109", "`intro` is text for people and holds no value."),
        ("{shown: ['form_2/*']}", "T101", "There is no instrument `form_2`."),
        ("{at: form_2, shown: [age]}", "T105", "There is no instrument `form_2`."),
        ("{at: form_1/2, shown: [age]}", "T105", "The instrument form_1 does not repeat."),
        ("{at: week_1/form_1, shown: [age]}", "T105",
         "`week_1/form_1` names an event, and this project has none."),
    ],
)  # fmt: skip
def test_an_expectation_that_cannot_be_is_refused(
    study: Design, claims: str, code: str, message: str
) -> None:
    result = one(study, f"expect: {claims}")
    assert result.is_broken
    assert (codes(result), messages(result)) == ([code], [message])


def test_a_design_without_roles_says_so() -> None:
    story = f"as: {{role: Monitor}}\n{EXPECT}"
    (finding,) = one(form("age: {type: text, label: Age}"), story).findings
    assert finding.advice == "The design has no role."


def test_an_expected_value_outside_the_range_is_one_a_field_can_hold(study: Design) -> None:
    assert holds(study, "given: {age: 17}\nexpect: {values: {age: 17}}")


def test_patterns_mean_every_field_they_match(study: Design) -> None:
    assert holds(study, "expect: {shown: ['s*', form_1/*], blank: [form_1/s*]}")
    assert not holds(study, "given: {sex: 1}\nexpect: {blank: ['s*']}")


@pytest.mark.parametrize(
    ("viewer", "message"),
    [
        ("{role: Monitr}", "There is no role `Monitr`."),
        ("{dag: Rome}", "There is no Data Access Group `Rome`."),
    ],
)
def test_somebody_who_is_not_there_is_refused(study: Design, viewer: str, message: str) -> None:
    result = one(study, f"as: {viewer}\n{EXPECT}")
    assert (codes(result), messages(result)) == (["T107"], [message])


# places of a longitudinal design


@pytest.fixture(scope="module")
def longitudinal() -> Design:
    return trial()


@pytest.mark.parametrize(
    ("story", "message"),
    [
        ("given: {pain: 1}\nexpect: {at: week_0_arm_1, shown: [pain]}",
         "`pain` is given on no event."),
        ("given: {week_5_arm_1: {pain: 1}}\nat: week_0_arm_1\nexpect: {shown: [pain]}",
         "There is no event `week_5_arm_1`."),
        ("given: {week_4_arm_1: {sex: 1}}\nat: week_0_arm_1\nexpect: {shown: [pain]}",
         "`sex` is not on the event week_4_arm_1."),
        ("given: {week_0_arm_1/2: {pain: 1}}\nat: week_0_arm_1\nexpect: {shown: [pain]}",
         "The event week_0_arm_1 does not repeat."),
        ("given: {week_4_arm_1/visit/2: {pain: 1}}\nat: week_0_arm_1\nexpect: {shown: [pain]}",
         "The instrument visit does not repeat on week_4_arm_1."),
        ("given: {week_4_arm_1/event/0: {term: x}}\nat: week_0_arm_1\nexpect: {shown: [pain]}",
         "`week_4_arm_1/event/0` has instance 0; instances count from 1 to 32767."),
        ("given: {week_4_arm_1: {term: x}}\nat: week_0_arm_1\nexpect: {shown: [pain]}",
         "`term` is on event, which does not belong to `week_4_arm_1`."),
        ("given: {week_4_arm_1/visit: {term: x}}\nat: week_0_arm_1\nexpect: {shown: [pain]}",
         "`term` is not on visit."),
        ("at: week_0_arm_1/event\nexpect: {shown: [pain]}",
         "The instrument `event` is not on the event week_0_arm_1."),
        ("given: {week_4_arm_1/event/-1: {term: x}}\nat: week_0_arm_1\nexpect: {shown: [pain]}",
         "`week_4_arm_1/event/-1` has instance -1; instances count from 1 to 32767."),
        (f"at: event/{'9' * 5000}\nexpect: {{shown: [pain]}}",
         f"`event/{'9' * 5000}` has instance {'9' * 20}; instances count from 1 to 32767."),
        ("given: {week_4_arm_1/event/²: {term: x}}\nat: week_0_arm_1\nexpect: {shown: [pain]}",
         "`week_4_arm_1/event/²` has too many parts."),
        ("at: week_0_arm_1/x/y\nexpect: {shown: [pain]}", "`week_0_arm_1/x/y` has too many parts."),
        ("at: week_0_arm_1/start\nexpect: {shown: [pain]}",
         "`pain` is on none of the pages looked at here."),
        ("expect: {shown: [pain]}", "This scenario does not say on which event its page is open."),
    ],
)  # fmt: skip
def test_a_place_that_is_not_there_is_refused(
    longitudinal: Design, story: str, message: str
) -> None:
    result = one(longitudinal, story)
    assert set(codes(result)) == {"T105"}
    assert message in messages(result)


def test_fields_without_a_place_belong_where_the_page_is_open(longitudinal: Design) -> None:
    assert holds(longitudinal, "given: {pain: 3}\nat: week_4_arm_1\nexpect: {values: {pain: 3}}")
    story = "given: {term: Rash}\nat: week_4_arm_1/event/2\nexpect: {values: {term: Rash}}"
    assert holds(longitudinal, story)


def test_the_only_event_that_is_given_is_meant(longitudinal: Design) -> None:
    assert holds(longitudinal, "given: {week_0_arm_1: {pain: 3}}\nexpect: {missing: [seen]}")
