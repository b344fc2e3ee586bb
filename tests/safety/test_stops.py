"""Everything that stands in the way of a plan, at once."""

from __future__ import annotations

from datetime import date

import pytest

from redcap_iac.errors import GuardError
from redcap_iac.hazard import Acceptance, Answer, Count
from redcap_iac.plan import Plan
from redcap_iac.safety.acceptance import Answers, spoken
from redcap_iac.safety.stops import require_spoken_of, stop_for
from redcap_iac.state import Unit
from tests.views.plans import change, hazard, plan

TODAY = date(2026, 3, 14)
OTHER = hazard("H106", "choice/sex/3", "3 changes its meaning.")


def stop(made: Plan, answers: Answers | None = None) -> GuardError:
    error = stop_for(made, answers or Answers(), TODAY)
    assert error is not None
    assert error.exit_code == 3
    assert "Nothing was written." in error.advice
    return error


def test_a_plan_without_hazards_and_deletions_may_be_applied() -> None:
    assert stop_for(plan(change("field/age", "create")), Answers(), TODAY) is None


def test_every_open_hazard_is_told_with_what_to_type() -> None:
    error = stop(plan(findings=(hazard(), OTHER)))
    assert error.message.startswith("The plan waits for 2 answers: H101 postal goes")
    assert error.advice.splitlines() == [
        "Also: H106 3 changes its meaning.",
        'If it is meant: --accept "H101:field/postal" --accept "H106:choice/sex/3"',
        "Nothing was written.",
    ]


def test_of_many_hazards_the_first_are_told_and_what_to_type_for_all() -> None:
    many = tuple(hazard(address=f"field/f{number}") for number in range(5))
    told = stop(plan(findings=many)).advice.splitlines()
    assert [line.partition(" ")[0] for line in told] == ["Also:", "Also:", "And", "If", "Nothing"]
    assert told[2] == "And 2 more; the plan tells each."
    assert told[3].count("--accept") == 5


def test_deletions_are_asked_for_in_the_same_breath() -> None:
    error = stop(plan(change("field/postal", "delete"), findings=(hazard(),)))
    assert '--accept "H101:field/postal" --allow-delete fields' in error.advice


def test_deletions_alone_are_told_by_unit() -> None:
    gone = plan(change("field/a", "delete"), change("dag/Lyon", "delete", unit="dags"))
    error = stop(gone)
    assert error.message == "The plan deletes 1 field and 1 DAG; deletions are off unless allowed."
    assert "--allow-delete fields --allow-delete dags" in error.advice
    assert stop_for(gone, Answers(), TODAY, born_with=frozenset(Unit)) is None


def test_every_reason_of_a_stopped_plan_is_told() -> None:
    error = stop(plan(stopped=("H109 no.", "H123 neither.")))
    assert error.message == "The plan is stopped: H109 no."
    assert "Also: H123 neither." in error.advice


def test_an_acceptance_that_was_outgrown_is_told_with_both_numbers() -> None:
    given = Acceptance("H101", "field/postal", typed=True, change="0a1b2c3d4e5f", at_most=412)
    error = stop(plan(findings=(hazard(count=Count(430)),)), Answers(accept=(given,)))
    assert (
        "H101:field/postal was accepted, but it was given for 412 records, and now it is 430"
        " records." in error.advice
    )


def test_neither_number_of_an_outgrown_acceptance_is_told_when_small_ones_are_masked() -> None:
    given = Acceptance("H101", "field/postal", typed=True, change="0a1b2c3d4e5f", at_most=1)
    made = plan(findings=(hazard(count=Count(3)),), mask_small=True)
    assert (
        "it was given for fewer than 5 records, and now it is fewer than 5 records."
        in stop(made, Answers(accept=(given,))).advice
    )


def test_a_word_for_no_hazard_has_a_suggestion() -> None:
    with pytest.raises(GuardError, match="H101:field/postl is no hazard of this plan") as raised:
        require_spoken_of((spoken("H101:field/postl"),), (hazard(), OTHER))
    assert raised.value.advice == "Did you mean `H101:field/postal`?"


def test_a_word_that_is_near_nothing_is_told_what_there_is() -> None:
    with pytest.raises(GuardError) as raised:
        require_spoken_of((spoken("H144:xyz"),), (OTHER,))
    assert raised.value.advice == "There are: H106:choice/sex/3"
    with pytest.raises(GuardError) as raised:
        require_spoken_of((spoken("H144:xyz"),), ())
    assert raised.value.advice == "No hazard of it waits for an acceptance."


def test_a_word_for_what_nothing_opens_is_refused() -> None:
    refused = hazard(answer=Answer.REFUSED, advice="Keep it.")
    with pytest.raises(GuardError, match="cannot be accepted: nothing opens it") as raised:
        require_spoken_of((spoken("H101:field/postal"),), (refused,))
    assert raised.value.advice == "Keep it."
