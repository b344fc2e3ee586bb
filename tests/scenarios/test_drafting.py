"""A draft is a scenario file that passes."""

from __future__ import annotations

import pytest

from redcap_iac.design import Design
from redcap_iac.manifest.scenario_drafts import draft_text
from redcap_iac.manifest.scenarios import read_suites
from redcap_iac.scenarios import run
from redcap_iac.scenarios.drafting import drafts
from tests.scenarios.forms import NOW, Memory, form, trial

FIELDS = {
    "a code": "x: {type: text, label: X, branching: \"[sex] = '2'\"}",
    "a text": "x: {type: text, label: X, branching: \"[city] = 'Lyon'\"}",
    "a number": 'x: {type: text, label: X, branching: "[age] > 17.5 and [age] <= 60"}',
    "a negative number": 'x: {type: text, label: X, branching: "[change] < -4"}',
    "a choice": "x: {type: text, label: X, branching: \"[race(3)] = '1' and [race(1)] = '0'\"}",
    "a date": "x: {type: text, label: X, branching: \"datediff([born], 'today', 'y') > 18\"}",
    "a blank": "x: {type: text, label: X, branching: \"[city] = ''\"}",
    "a calculation": 'x: {type: text, label: X, branching: "[double] > 70"}',
    "a field below a condition": "x: {type: text, label: X, branching: \"[pregnant] = '1'\"}",
    "a status": "x: {type: text, label: X, branching: \"[form_1_complete] = '2'\"}",
}


def study(field: str) -> Design:
    return form(
        "sex: {type: radio, label: Sex, choices: {1: Female, 2: Male}}",
        "city: {type: text, label: City}",
        "age: {type: text, label: Age, validation: integer, min: 0, max: 120}",
        "change: {type: text, label: Change, validation: number}",
        "race: {type: checkbox, label: Race, choices: {1: White, 2: Black, 3: Other}}",
        "born: {type: text, label: Born, validation: date_dmy}",
        'double: {type: calc, label: Double, calculation: "[age] * 2"}',
        "pregnant: {type: yesno, label: Pregnant, branching: \"[sex] = '1' and [age] > 14\"}",
        field,
    )


def passes(design: Design, names: tuple[str, ...]) -> int:
    """Play the drafts of some fields; return how many there are."""
    text = draft_text(drafts(design, NOW, names), NOW)
    suites = read_suites(Memory({"tests/draft.test.yaml": text}))
    outcome = run(design, suites, NOW)
    assert outcome.passed, text
    return len(outcome.results)


@pytest.mark.parametrize("field", FIELDS.values(), ids=FIELDS)
def test_values_are_found_that_show_and_that_hide(field: str) -> None:
    assert passes(study(field), ("x",)) == 2


def test_every_field_with_branching_logic_is_drafted() -> None:
    assert passes(study(FIELDS["a code"]), ()) == 4


def test_events_and_instances_are_found_too() -> None:
    assert passes(trial(), ()) == 3  # nothing to compare with comes before the first visit


def alike(number: int) -> str:
    fields = [f"x_{one}" for one in range(number)]
    design = form(
        "sex: {type: radio, label: Sex, choices: {1: Female, 2: Male}}",
        *(f"{name}: {{type: text, label: X, branching: \"[sex] = '2'\"}}" for name in fields),
    )
    assert passes(design, ()) == 2
    return draft_text(drafts(design, NOW), NOW)


def test_fields_that_the_same_values_show_are_one_scenario() -> None:
    text = alike(3)
    assert "  - name: x_0, x_1 and x_2 are shown\n    given:\n      sex: 2\n" in text
    assert "      shown: [x_0, x_1, x_2]\n" in text


def test_many_fields_are_named_by_the_first_and_listed_below_each_other() -> None:
    text = alike(30)
    assert "  - name: x_0, x_1 and 28 more are hidden\n" in text
    assert "      hidden:\n        - x_0\n        - x_1\n" in text


@pytest.mark.parametrize(
    ("branching", "comment"),
    [
        (
            "[sex] = '1' and [sex] = '2'",
            "no values were found under which its branching logic shows it",
        ),
        ("1 = 1", "no values were found under which its branching logic hides it"),
    ],
)
def test_what_is_not_found_is_a_comment(branching: str, comment: str) -> None:
    design = study(f'x: {{type: text, label: X, branching: "{branching}"}}')
    assert f"  # x: {comment}" in draft_text(drafts(design, NOW, ("x",)), NOW)


def test_a_design_without_branching_logic_has_no_drafts() -> None:
    design = form("age: {type: text, label: Age}")
    assert draft_text(drafts(design, NOW), NOW).endswith("# No field has branching logic.")
