"""A hazard is answered for what it was: the change, the count, the names."""

from __future__ import annotations

from datetime import date

import pytest

from redcap_iac.findings import Finding
from redcap_iac.hazard import Acceptance, Answer, Count, Undoable
from redcap_iac.safety.acceptance import (
    Answers,
    bound,
    from_file,
    holding,
    open_hazards,
    options,
    spoken,
    typeable,
    unfit,
)
from tests.views.plans import change, hazard, plan

TODAY = date(2026, 3, 14)
WORD = Acceptance("H101", "field/postal", typed=True)
LOST = hazard(count=Count(412, of=430))


def entry(
    change: str = "0a1b2c3d4e5f", at_most: int | None = 412, until: str = "2026-12-31"
) -> Acceptance:
    return Acceptance(
        "H101", "field/postal", change=change, at_most=at_most, names=(), who="Data manager",
        why="never used", until=until,
    )  # fmt: skip


def covers(given: Acceptance, finding: Finding, *, migrate: bool = False) -> bool:
    return Answers(accept=(given,), migrate_data=migrate).covers(finding, TODAY)


def test_a_word_for_code_and_address_answers() -> None:
    assert covers(WORD, LOST)
    assert covers(entry(), LOST)


@pytest.mark.parametrize(
    "other",
    [Acceptance("H102", "field/postal", typed=True), Acceptance("H101", "field/post", typed=True)],
)
def test_another_code_or_address_does_not(other: Acceptance) -> None:
    assert not covers(other, LOST)


def test_an_entry_for_another_change_does_not() -> None:
    assert unfit(entry(change="ffffffffffff"), LOST, TODAY) == (
        "it was given for another change (ffffffffffff); this one is 0a1b2c3d4e5f"
    )


@pytest.mark.parametrize(
    ("at_most", "count", "said"),
    [
        (412, Count(412), ""),
        (412, Count(3), ""),
        (412, Count(413), "it was given for 412 records, and now it is 413 records"),
        (0, Count(0), ""),
        (0, Count(1), "it was given for 0 records, and now it is 1 record"),
        (412, Count(412, at_least=True), "412 records, and now it is at least 412 records"),
        (412, Count(None), "412 records, and now it is an unknown number of records"),
        (None, Count(None), ""),
        (None, Count(9, at_least=True), ""),
        (0, None, ""),
    ],
)
def test_an_entry_holds_for_at_most_so_many_records(
    at_most: int | None, count: Count | None, said: str
) -> None:
    assert unfit(entry(at_most=at_most), hazard(count=count), TODAY).endswith(said)
    assert covers(entry(at_most=at_most), hazard(count=count)) is (said == "")


def test_other_people_than_named_are_not_accepted() -> None:
    given = Acceptance("H101", "field/postal", names=("akim", "jdoe"))
    assert covers(given, hazard(names=("jdoe",)))
    assert not covers(given, hazard(names=("jdoe", "twu")))
    assert unfit(given, hazard(names=("jdoe", "twu"))) == "it does not speak of twu"


@pytest.mark.parametrize(("until", "holds"), [("2026-03-14", True), ("2026-03-13", False)])
def test_an_entry_holds_until_its_last_day(until: str, holds: bool) -> None:
    assert covers(entry(until=until), LOST) is holds


def test_what_only_the_command_line_opens_no_file_opens() -> None:
    real = hazard(answer=Answer.COMMAND_LINE)
    assert covers(WORD, real)
    assert not covers(entry(), real)
    assert not any(covers(word, real) for word in from_file(bound((WORD,), (real,))))


def test_nothing_opens_what_is_refused() -> None:
    refused = hazard(answer=Answer.REFUSED)
    assert not covers(WORD, refused)
    assert not Answers(accept=(WORD,), migrate_data=True).covers(refused)
    assert options(refused) == ()


def test_a_note_needs_no_answer() -> None:
    assert Answers().covers(hazard(answer=Answer.NOTE))
    assert options(hazard(answer=Answer.NOTE)) == ()


@pytest.mark.parametrize(
    ("undoable", "typed", "migrate", "answered"),
    [
        (Undoable.PARTLY, False, True, True),
        (Undoable.PARTLY, True, False, False),
        (Undoable.NO, False, True, False),
        (Undoable.NO, True, True, True),
    ],
)
def test_carrying_values_needs_leave_and_where_they_could_be_lost_acceptance(
    undoable: Undoable,
    typed: bool,
    migrate: bool,
    answered: bool,
) -> None:
    carried = hazard(answer=Answer.MIGRATION, undoable=undoable)
    answers = Answers(accept=(WORD,) if typed else (), migrate_data=migrate)
    assert answers.covers(carried) is answered


def test_what_to_type_is_told() -> None:
    assert options(LOST) == ('--accept "H101:field/postal"',)
    assert options(hazard(answer=Answer.MIGRATION, undoable=Undoable.PARTLY)) == ("--migrate-data",)
    assert options(hazard(answer=Answer.MIGRATION, undoable=Undoable.NO)) == (
        "--migrate-data",
        '--accept "H101:field/postal"',
    )


@pytest.mark.parametrize(
    ("address", "typed"),
    [
        ("event/1/Week 4", "event/1/Week 4"),
        ('role/The "big" one', "role/The %22big%22 one"),
        ("role/$HOME `ls` \\ !", "role/%24HOME %60ls%60 %5C %21"),
        ("dag/Zürich", "dag/Zürich"),
        ("dag/a\nb", "dag/a%0Ab"),
        ("role/“x”", "role/%E2%80%9Cx%E2%80%9D"),
    ],
)
def test_an_address_can_be_typed_in_any_shell_and_means_the_same(address: str, typed: str) -> None:
    assert typeable(address) == typed
    assert covers(spoken(f"H101:{typed}"), hazard(address=address))


@pytest.mark.parametrize(
    "text", ["", "H101", "H101:", "field/postal", "101:field/postal", "H1:field/postal"]
)
def test_what_is_no_code_and_address_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="is not CODE:ADDRESS"):
        spoken(text)


def test_a_typed_word_is_bound_to_what_was_shown() -> None:
    shown = hazard(count=Count(412), names=("akim",))
    (word,) = bound((WORD,), (shown,))
    assert (word.change, word.at_most, word.names) == ("0a1b2c3d4e5f", 412, ("akim",))
    assert covers(word, shown)
    assert not covers(word, hazard(count=Count(413), names=("akim",)))
    assert not covers(word, hazard(count=Count(412), names=("akim", "twu")))
    assert not covers(word, hazard(count=Count(412), names=("akim",), change="ffffffffffff"))


@pytest.mark.parametrize(
    ("shown", "now", "holds"),
    [
        (Count(3, at_least=True), Count(3, at_least=True), True),
        (Count(3, at_least=True), Count(4, at_least=True), False),
        (Count(3, at_least=True), Count(3), True),
        (Count(3), Count(3, at_least=True), False),
        (Count(None), Count(None), True),
        (Count(None), Count(9), True),
        (Count(9), Count(None), False),
    ],
)
def test_what_was_seen_at_least_or_unknown_stays_answered_as_such(
    shown: Count,
    now: Count,
    holds: bool,
) -> None:
    (word,) = bound((WORD,), (hazard(count=shown),))
    assert covers(word, hazard(count=now)) is holds


def test_two_hazards_of_one_code_and_address_are_bound_each() -> None:
    both = (hazard(), hazard(change="ffffffffffff"))
    words = bound((WORD,), both)
    assert [word.change for word in words] == ["0a1b2c3d4e5f", "ffffffffffff"]
    assert list(open_hazards(plan(findings=both), Answers(accept=words))) == []


def test_a_word_for_nothing_that_was_shown_is_bound_to_nothing() -> None:
    assert bound((WORD,), (hazard(address="field/other"),)) == ()


def test_an_entry_is_never_bound_anew() -> None:
    assert bound((entry(),), (hazard(count=Count(9_999)),)) == (entry(),)


def test_a_plan_keeps_the_words_that_answer_something() -> None:
    other = Acceptance("H999", "field/x")
    assert holding((WORD, entry(), other), (LOST,), TODAY) == (
        *bound((WORD,), (LOST,)),
        entry(),
    )
    assert holding((entry(until="2020-01-01"),), (LOST,), TODAY) == ()


def test_allowing_deletions_accepts_no_hazard_and_accepting_opens_no_deletion() -> None:
    from redcap_iac.safety.stops import stop_for
    from redcap_iac.state import Unit

    made = plan(change("field/postal", "delete"), findings=(LOST,))
    allowed = Answers(allow_delete=frozenset(Unit))
    accepted = Answers(accept=(WORD,))
    for answers in (allowed, accepted):
        assert stop_for(made, answers, TODAY) is not None
    both = Answers(frozenset(Unit), (WORD,))
    assert stop_for(made, both, TODAY) is None
