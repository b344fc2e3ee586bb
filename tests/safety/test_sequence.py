"""Calls are played through on paper as a server takes them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from redcap_iac import workflow
from redcap_iac.answers import Answer
from redcap_iac.calls import Call
from redcap_iac.plan import Phase, Step
from redcap_iac.safety.access import Access
from redcap_iac.safety.sequence import access_steps, moments
from tests.emulator.access import accept, join, make_dags, make_role
from tests.emulator.served import Project
from tests.end_to_end.study import NOW, Silent, Study, everything
from tests.end_to_end.watching import Watched, present_access, session
from tests.kinds.access import access, live_of

ENTRY: dict[str, Any] = {"instruments": {"*": "edit"}, "export": {"*": "deidentified"}}
FULL: dict[str, Any] = {**ENTRY, "export": {"*": "full"}, "rights": {"reports": True}}
OWN: dict[str, Any] = {"rights": {"calendar": True}, "instruments": {"*": "read_only"}}


@pytest.fixture
def study(project: Project, tmp_path: Path) -> Study:
    return Study(project, tmp_path)


def after(study: Study, *steps: Step) -> dict[str, Access]:
    *_, last = moments(steps, live_of(study), NOW.date())
    return dict(last.people)


def step(content: str, action: str, *rows: dict[str, Any], **params: tuple[str, ...]) -> Step:
    call = Call(content, action, tuple(rows), params)
    return Step(Phase.USERS, "users", content, call, (), ())


def test_rights_of_their_own_that_come_back_are_not_known(study: Study) -> None:
    accept(study.project, "user", {"username": "akim", "design": 1})
    join(study.project, "akim", make_role(study.project, "Entry"))
    left = step("userRoleMapping", "import", {"username": "akim", "unique_role_name": ""})
    assert not after(study, left)["akim"].is_known


def test_a_role_that_is_deleted_leaves_its_people_without(study: Study) -> None:
    unique = make_role(study.project, "Entry")
    accept(study.project, "user", {"username": "akim"})
    join(study.project, "akim", unique)
    assert after(study, step("userRole", "delete", roles=(unique,)))["akim"].role == ""


def test_a_group_that_is_deleted_leaves_its_people_without(study: Study) -> None:
    make_dags(study.project, "Lyon")
    accept(study.project, "user", {"username": "akim", "data_access_group": "lyon"})
    assert after(study)["akim"].site == "lyon"
    assert after(study, step("dag", "delete", dags=("lyon",)))["akim"].site == ""


def test_somebody_deleted_is_gone(study: Study) -> None:
    accept(study.project, "user", {"username": "AKim"})
    assert "akim" not in after(study, step("user", "delete", users=("akim",)))


def test_somebody_new_has_what_the_row_gives(study: Study) -> None:
    row = {"username": "akim", "design": "1", "forms": {"form_1": 1}, "forms_export": {},
           "data_access_group": "lyon", "expiration": "2020-01-01"}  # fmt: skip
    made = after(study, step("user", "import", row))["akim"]
    assert (made.site, made.ended) == ("lyon", True)
    assert made.grants is not None
    assert made.grants.holds("design")


def test_rights_a_row_does_not_name_stay(study: Study) -> None:
    row = {"username": "jdoe", "reports": "0", "forms": {"form_1": 1}, "forms_export": {}}
    kept = after(study, step("user", "import", row))["jdoe"].grants
    assert kept is not None
    assert (kept.holds("design"), kept.holds("reports")) == (True, False)


def test_a_call_about_something_else_changes_nobody(study: Study) -> None:
    assert after(study, step("metadata", "import")) == after(study)


def test_on_paper_it_goes_as_on_a_server(study: Study) -> None:
    """After each call of a plan about people the paper says what the server does."""
    roles, dags = {"Entry": ENTRY, "Lead": ENTRY}, ["Lyon", "Paris"]
    before = {"akim": {"role": "Entry", "dag": "Lyon"}, "twu": OWN, "mlee": {"role": "Lead"},
              "eva": {"role": "Entry"}}  # fmt: skip
    study.converge(access(before, roles=roles, dags=dags))
    accept(study.project, "userDagMapping", {"username": "twu", "redcap_data_access_group": ""})
    later = {"akim": {"role": "Lead", "dag": "Paris"}, "twu": {"role": "Entry"}, "mlee": OWN,
             "eva": {"role": "Entry", "expires": "2027-12-31"},
             "new": {"role": "Lead"}}  # fmt: skip
    goal = study.declare(access(later, roles={"Entry": FULL, "Lead": ENTRY}, dags=dags))
    plan = study.plan(goal)
    seen: list[dict[str, Access]] = []

    def watch(call: Call, answer: Answer) -> Answer:
        if call.writes:
            seen.append(present_access(study.project))
        return answer

    watched = session(study, Watched(study.project, after=watch))
    assert workflow.apply(watched, goal, plan, Silent(), answers=everything()).is_complete
    paper = [one.people for one in moments(plan.plan.steps, plan.live, NOW.date())][1:]
    assert len(paper) == len(seen) == len(access_steps(plan.difference, plan.live))
    for on_paper, there in zip(paper, seen, strict=True):
        assert on_paper.keys() == there.keys()
        for name, one in on_paper.items():
            assert bool(one.site) == bool(there[name].site)
            assert bool(one.role) == bool(there[name].role)
            if one.is_known and name != "jdoe":  # who holds rights that no export shows here
                assert one.powers() == there[name].powers(), name
