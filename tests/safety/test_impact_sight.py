"""What the token's user surely sees, by export rights and groups."""

from __future__ import annotations

from dataclasses import replace

import pytest

from redcap_iac.kinds.assigning import Assignment
from redcap_iac.kinds.grants import Grants
from redcap_iac.kinds.repeating.repeat import Repeat
from redcap_iac.kinds.users import User
from redcap_iac.safety.impact.layout import layout_of
from redcap_iac.safety.impact.sight import Sight
from redcap_iac.safety.scene import Question
from redcap_iac.state import Item, Live
from tests.kinds.dictionary.drafting import a_field
from tests.kinds.scheduling import live

FIELDS = (
    a_field("record_id", "intake"),
    a_field("mrn", "intake", identifier="y"),
    a_field("mood", "visit"),
)
EVERY = Question()
MRN = Question("[mrn] <> ''", ("mrn",))
MOOD = Question("[mood] <> ''", ("mood",))
STATUS = Question("[visit_complete] <> ''", ("visit_complete",))


def user(name: str, intake: str, visit: str, *, in_role: bool = False) -> User:
    grants = Grants(export=(("intake", intake), ("visit", visit)))
    return User(name, None, None if in_role else grants, grants)


def project(*people: User, own: str = "jdoe", repeats: tuple[Item, ...] = ()) -> Live:
    there = live(fields=FIELDS, longitudinal=False)
    state = there.state.having("users", people).having("repeating", repeats)
    nobody = tuple(Assignment(person.username, "") for person in people)
    state = state.having("dag_assignments", nobody)
    return replace(there, state=state, target=replace(there.target, user=own))


def whole(of: Live, question: Question) -> bool:
    layout = layout_of(of)
    assert layout is not None
    return Sight(of, layout).is_whole(question)


@pytest.mark.parametrize(
    ("level", "seen"),
    [
        ("full", {EVERY, MRN, MOOD, STATUS}),
        ("no_identifiers", {EVERY, MOOD, STATUS}),
        ("deidentified", {EVERY, STATUS}),
        ("none", {EVERY}),
    ],
)
def test_by_export_level(level: str, seen: set[Question]) -> None:
    of = project(user("jdoe", level, level))
    assert {one for one in (EVERY, MRN, MOOD, STATUS) if whole(of, one)} == seen


def test_a_level_counts_for_its_own_instrument() -> None:
    of = project(user("jdoe", "none", "full"))
    assert (whole(of, MRN), whole(of, MOOD)) == (False, True)


def test_members_of_a_role_see_what_the_role_may() -> None:
    assert whole(project(user("JDoe", "full", "full", in_role=True)), MRN)


def test_where_it_is_not_known_who_asks_all_must_see_it() -> None:
    both = (user("amy", "full", "full"), user("bob", "full", "none"))
    of = project(*both, own="")
    assert (whole(of, MRN), whole(of, MOOD)) == (True, False)


def test_users_that_cannot_be_read_tell_nothing() -> None:
    of = project()
    kinds = {name: items for name, items in of.state.kinds.items() if name != "users"}
    hidden = replace(of, state=replace(of.state, kinds=kinds))
    assert not whole(hidden, MOOD)


def test_in_a_group_nothing_is_whole() -> None:
    of = project(user("jdoe", "full", "full"))
    state = of.state.having("dag_assignments", (Assignment("jdoe", "lyon"),))
    grouped = replace(of, state=state)
    assert not any(whole(grouped, one) for one in (EVERY, MRN, MOOD, Question(group="lyon")))


def test_where_the_record_id_repeats_even_records_need_a_right() -> None:
    repeats = (Repeat("", "intake"),)
    assert not whole(project(user("jdoe", "none", "full"), repeats=repeats), EVERY)
    assert whole(project(user("jdoe", "deidentified", "full"), repeats=repeats), EVERY)
