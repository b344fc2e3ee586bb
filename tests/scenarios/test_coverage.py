from __future__ import annotations

import pytest

from redcap_iac.scenarios import Coverage, Outcome
from tests.scenarios.forms import form, run_of

STUDY = form(
    "age: {type: text, label: Age, validation: integer}",
    'adult: {type: yesno, label: Adult, branching: "[age] >= 18"}',
    "old: {type: yesno, label: Old, branching: \"[adult] = '1' and [age] > 60\"}",
    "group: {type: calc, label: Group, calculation: \"if([age] = '', '', if([age] < 18, 1, 2))\"}",
    "mark: {type: text, label: Mark, annotation: \"@IF([age] > 5, @READONLY, '')\"}",
)


def coverage(*given: str) -> Coverage:
    """Return what scenarios with these values see."""
    stories = "".join(
        f"  - {{name: '{number}', given: {one}, expect: {{shown: [age]}}}}\n"
        for number, one in enumerate(given)
    )
    return run_of(STUDY, stories).coverage


def gaps(found: Coverage) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(gap.spot.address, gap.spot.what, tuple(map(str, gap.never))) for gap in found.gaps]


def test_every_condition_has_two_outcomes_and_every_formula_one() -> None:
    # two branching expressions, two if(), one @IF, one calculation
    assert coverage("{age: 20}").total == 2 * 5 + 1


def test_what_was_never_seen_is_told_with_its_place() -> None:
    found = coverage("{age: 20}")
    assert gaps(found) == [
        ("field/adult", "branching logic", ("false",)),
        ("field/old", "branching logic", ("true",)),
        ("field/group", "if()", ("true",)),
        ("field/group", "if()", ("true",)),
        ("field/mark", "@IF", ("true",)),
    ]
    assert all(gap.spot.at is not None for gap in found.gaps)
    assert found.never("branching logic", Outcome.FALSE) == 1
    assert found.never("branching logic", Outcome.TRUE) == 1


def test_what_is_in_the_other_arm_was_not_evaluated() -> None:
    found = coverage("{}")
    inner = [gap for gap in found.gaps if gap.spot.text == "[age] < 18"]
    assert [(gap.is_unmet, gap.never) for gap in inner] == [(True, (Outcome.TRUE, Outcome.FALSE))]
    assert found.unmet("if()") == 1


def test_scenarios_add_up() -> None:
    whole = coverage(
        "{}", "{age: 17}", "{age: 70, adult: 1}", "{age: 20, form_1_complete: 0}",
    )  # fmt: skip
    assert gaps(whole) == []
    assert whole.percent == 100


@pytest.mark.parametrize(("given", "percent"), [("{age: 20}", 100 * 6 / 11), ("{}", 100 * 4 / 11)])
def test_the_share_is_of_outcomes(given: str, percent: float) -> None:
    assert coverage(given).percent == pytest.approx(percent)


def test_a_design_without_logic_is_covered() -> None:
    plain = form("age: {type: text, label: Age}")
    run = run_of(plain, "  - {name: a, expect: {shown: [age]}}\n")
    assert (run.coverage.total, run.coverage.percent) == (0, 100)


def test_an_expression_nobody_can_read_is_never_evaluated() -> None:
    broken = form('a: {type: text, label: A, branching: "[record_id"}')
    run = run_of(broken, "  - {name: a, expect: {shown: [a]}}\n")
    assert [gap.is_unmet for gap in run.coverage.gaps] == [True]
    assert run.unread == ("field/a",)


def test_the_sum_is_what_a_person_counts() -> None:
    study = form(
        "age: {type: text, label: Age, validation: integer}",
        "sex: {type: radio, label: Sex, choices: {1: Female, 2: Male}}",
        "preg: {type: yesno, label: Pregnant, branching: \"[sex] = '1' and [age] > 15\"}",
        "risk: {type: calc, label: Risk, calculation:"
        " \"if([age] > 50, if([sex] = '1', 1, 2), if([preg] = '1', 3, ''))\"}",
        "note: {type: notes, label: Note, annotation:"
        " \"@IF([sex] = '1', @IF([age] > 3, @READONLY, @HIDDEN), '')\"}",
        "deep: {type: text, label: Deep, branching: \"[preg] = '1'\"}",
    )
    story = "  - {name: a, given: {sex: 1, age: 60}, expect: {shown: [preg]}}\n"
    found = run_of(study, story).coverage
    # two branching expressions, two @IF, three if(), each true and false, and one calculation
    assert found.total == 2 * 7 + 1
    # preg shown, deep hidden, risk by two if() and with a value, and @IF on a page without answers
    assert found.seen == 6
    assert [gap.spot.text for gap in found.gaps if gap.is_unmet] == ['[preg] = "1"', "[age] > 3"]
