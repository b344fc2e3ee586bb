"""Where a plan stands, and how much it affects."""

from __future__ import annotations

from dataclasses import replace

import pytest

from redcap_iac.hazard import Acceptance, Answer, Count
from redcap_iac.safety.acceptance import Answers
from redcap_iac.state import Unit
from redcap_iac.views.standing import affected, base_line, entry, sentence, standing, words_of
from tests.views.plans import change, hazard, plan

WORD = Acceptance("H101", "field/postal", typed=True)


def test_hazards_are_sorted_by_what_they_mean() -> None:
    refused, waiting = hazard("H109", answer=Answer.REFUSED), hazard("H106", "choice/x/1")
    accepted, note = hazard(), hazard("H143", answer=Answer.NOTE)
    made = plan(
        findings=(note, waiting, accepted, refused), acceptances=(WORD,), stopped=("H109 x",)
    )
    where = standing(made)
    assert where.refused == (refused,)
    assert where.waiting == (waiting,)
    assert where.accepted == ((accepted, WORD),)
    assert where.others == (note,)
    assert where.why == "1 finding below stands in the way, and 1 hazard needs an answer"


def test_it_is_ready_when_all_is_answered() -> None:
    assert not standing(plan(findings=(hazard(),), acceptances=(WORD,))).is_stopped


def test_answers_given_elsewhere_count_instead() -> None:
    made = plan(change("field/postal", "delete"), findings=(hazard(),))
    assert standing(made).needed == ('--accept "H101:field/postal"', "--allow-delete fields")
    given = Answers(frozenset({Unit.FIELDS}), (WORD,))
    assert standing(made, given).needed == ()


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ((), ""),
        ((Count(0),), ""),
        ((Count(1),), "1 record value affected"),
        ((Count(412), Count(1_000)), "1,412 record values affected"),
        ((Count(412), Count(None)), "at least 412 record values affected"),
        ((Count(412, at_least=True),), "at least 412 record values affected"),
        ((Count(None),), "an unknown number of record values affected"),
        ((None,), ""),
    ],
)
def test_what_is_affected_is_summed(counts: tuple[Count | None, ...], said: str) -> None:
    found = tuple(hazard(address=f"field/f{n}", count=count) for n, count in enumerate(counts))
    assert affected(plan(findings=found)) == said


def test_one_object_counts_once_and_the_whole_project_not_again() -> None:
    found = (
        hazard(count=Count(412)),
        hazard("H103", count=Count(410)),
        hazard("H150", "project/data", answer=Answer.COMMAND_LINE, count=Count(412)),
        hazard("H111", "field/x", answer=Answer.NOTE, count=Count(7)),
    )
    assert affected(plan(findings=found)) == "412 record values affected"


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ((Count(3),), "fewer than 5, or an unknown number of record values affected"),
        ((Count(412), Count(3)), "at least 412 record values affected"),
        ((Count(412), Count(5)), "417 record values affected"),
        ((Count(0),), ""),
    ],
)
def test_a_masked_sum_tells_no_small_part_of_it(counts: tuple[Count, ...], said: str) -> None:
    found = tuple(hazard(address=f"field/f{n}", count=count) for n, count in enumerate(counts))
    assert affected(plan(findings=found, mask_small=True)) == said


@pytest.mark.parametrize(("number", "shown"), [(1, 4), (3, 4), (4, 4), (0, 0), (5, 5), (412, 412)])
def test_an_entry_of_a_masked_plan_accepts_what_was_shown(number: int, shown: int) -> None:
    (waiting,) = standing(plan(findings=(hazard(count=Count(number)),), mask_small=True)).waiting
    assert f"at_most: {shown}," in entry(waiting)


def test_a_word_for_the_number_itself_still_holds_in_a_masked_plan() -> None:
    found = hazard(count=Count(3))
    word = replace(WORD, at_most=3)
    where = standing(plan(findings=(found,), acceptances=(word,), mask_small=True))
    assert [given for _, given in where.accepted] == [word]


def test_the_base_tells_whether_outside_work_is_undone() -> None:
    yours = replace(change("field/a"), origin="yours")
    outside = replace(change("field/b"), origin="outside")
    both = replace(change("field/c"), origin="both")
    assert base_line(plan(yours)) == ""
    assert base_line(plan(yours, base="main")) == (
        "Nothing here undoes an outside change (base: main)."
    )
    assert base_line(plan(yours, outside, both, base="main")) == (
        "2 changes undo what was done outside, marked below (base: main)."
    )


def test_an_entry_can_be_copied_into_the_manifest() -> None:
    found = hazard(count=Count(412), names=("akim",))
    assert entry(found) == (
        '- {hazard: "H101:field/postal", change: "0a1b2c3d4e5f", at_most: 412, names: ["akim"],'
        " who: …, why: …, until: …}"
    )
    assert "at_most: any" in entry(hazard(count=Count(None)))
    assert "at_most: any" in entry(hazard(count=Count(3, at_least=True)))
    assert entry(hazard(answer=Answer.COMMAND_LINE)) == ""
    assert entry(hazard(answer=Answer.REFUSED)) == ""


def test_whether_it_can_be_taken_back_ends_the_sentence() -> None:
    assert sentence(hazard(message="It goes")) == "It goes. Not undoable."
    assert sentence(hazard(answer=Answer.NOTE, message="It goes.")) == "It goes."


def test_who_accepted_is_told() -> None:
    given = Acceptance("H101", "x", who="Data manager", why="never used", until="2027-01-31")
    assert words_of(given) == "accepted by Data manager until 2027-01-31: never used"
    assert words_of(WORD) == "accepted at the command"
    assert words_of(None) == "answered at the command"
