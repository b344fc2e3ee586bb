"""What a scenario lets an expression know besides fields, seen through `@CALCTEXT`."""

from __future__ import annotations

import pytest

from redcap_iac.design import Design
from tests.scenarios.forms import ID, TRIAL, design, form, holds


def said(expression: str, kind: str = "visit") -> Design:
    """Return the trial with a text on the visit that shows an expression."""
    new = f'      said: {{type: text, label: Said, annotation: "@CALCTEXT({expression})"}}\n'
    head, mark, tail = TRIAL.partition(f"  - instrument: {kind}\n")
    first, fields, rest = tail.partition("    fields:\n")
    return design(f"{head}{mark}{first}{fields}{new}{rest}")


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("[event-name]", "week_4_arm_1"),
        ("[event-label]", "Week 4"),
        ("[event-number]", "2"),
        ("[arm-number]", "1"),
        ("[first-event-name]", "week_0_arm_1"),
        ("[previous-event-name]", "week_0_arm_1"),
        ("[next-event-name]", "extra_arm_1"),
        ("[first-event-label]", "Week 0"),
        ("[previous-event-label]", "Week 0"),
        ("[next-event-label]", "Extra"),
        ("[last-event-label]", "Extra"),
        ("[arm-label]", "Drug"),
        ("[last-event-name]", "extra_arm_1"),
        ("[instrument-name]", "visit"),
        ("[record-name]", "7"),
        ("[user-name]", "jdoe"),
        ("[user-role-label]", "Data entry"),
        ("[user-dag-name]", "lyon"),
        ("[user-dag-label]", "Lyon"),
        ("[record-dag-name]", "lyon"),
        ("[is-form]", "1"),
        ("[is-survey]", "0"),
        ("[project-title]", "Rehab"),
        ("[redcap-version]", "15.5.0"),
        ("[week_0_arm_1][sex:label]", "Female"),
        ("[week_0_arm_1][sex]", "1"),
        ("[first-event-name][pain]", "5"),
        ("[event][term][1]", ""),
    ],
)
def test_what_stands_in_brackets(expression: str, value: str) -> None:
    story = (
        "record: 7\nas: {user: jdoe, role: Data entry, dag: Lyon}\n"
        "given: {week_0_arm_1: {sex: 1, pain: 5}}\nat: week_4_arm_1/visit\n"
        f'expect: {{values: {{said: "{value}"}}}}'
    )
    assert holds(said(expression), story, head="redcap_version: 15.5.0\n")


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("[current-instance]", "2"),
        ("[term][previous-instance]", "first"),
        ("[term][next-instance]", "third"),
        ("[term][first-instance]", "first"),
        ("[term][last-instance]", "third"),
        ("[term][3]", "third"),
        ("[term][9]", ""),
    ],
)
def test_instances_are_told_apart(expression: str, value: str) -> None:
    given = ", ".join(
        f"week_4_arm_1/event/{number}: {{term: {word}}}"
        for number, word in ((1, "first"), (2, "second"), (3, "third"))
    )
    story = f"given: {{{given}}}\nat: week_4_arm_1/event/2\nexpect: {{values: {{said: '{value}'}}}}"
    assert holds(said(expression, "event"), story)


#: Weight is measured in weeks 0, 2 and 6 of the second arm, as in REDCap's own explanation.
GAPS = f"""\
instruments:
  - instrument: start
    fields:
      {ID}
  - instrument: scale
    fields:
      weight: {{type: text, label: Weight}}
  - instrument: talk
    fields:
      said: {{type: text, label: Said, annotation: "@CALCTEXT(WHAT)"}}
arms:
  - number: 1
    name: A
    events: [{{name: Start, instruments: [start, talk]}}]
  - number: 2
    name: B
    events:
      - {{name: Week 0, instruments: [scale]}}
      - {{name: Week 1, instruments: [talk]}}
      - {{name: Week 2, instruments: [scale]}}
      - {{name: Week 3, instruments: [talk]}}
      - {{name: Week 4, instruments: [talk]}}
      - {{name: Week 6, instruments: [scale]}}
      - {{name: Week 8, instruments: [talk]}}
"""


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("[previous-event-name][weight]", "72"),
        ("[next-event-name][weight]", "76"),
        ("[first-event-name][weight]", "70"),
        ("[last-event-name][weight]", "76"),
        ("[previous-event-name]", "week_3_arm_2"),
        ("[last-event-name]", "week_8_arm_2"),
        ("[event-number]", "5"),
        ("[arm-label]", "B"),
    ],
)
def test_an_event_named_by_its_place_is_the_nearest_that_has_the_field(
    expression: str, value: str
) -> None:
    story = (
        "given: {week_0_arm_2: {weight: 70}, week_2_arm_2: {weight: 72},"
        " week_6_arm_2: {weight: 76}}\n"
        f"at: week_4_arm_2\nexpect: {{values: {{said: '{value}'}}}}"
    )
    assert holds(design(GAPS.replace("WHAT", expression)), story)


def test_a_repeating_field_is_blank_from_elsewhere_unless_an_instance_is_named() -> None:
    given = "given: {week_4_arm_1/event/1: {term: Rash}}\nat: week_4_arm_1/visit\n"
    assert holds(said("[term]"), f"{given}expect: {{blank: [said]}}")
    assert holds(said("[term][1]"), f"{given}expect: {{values: {{said: Rash}}}}")


def test_a_choice_is_ticked_or_not_and_never_blank() -> None:
    study = form(
        "race: {type: checkbox, label: Race, choices: {1: White, b: Black}}",
        'sum: {type: calc, label: Sum, calculation: "[race(1)] + [race(b)] + [race(B)]"}',
    )
    assert holds(study, "expect: {values: {sum: 0}}")
    assert holds(study, "given: {race: [b]}\nexpect: {values: {sum: 1}}")
