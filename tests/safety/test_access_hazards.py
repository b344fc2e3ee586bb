"""H121 to H127: who would see or do more, each named, with the way out first."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from redcap_iac import workflow
from redcap_iac.errors import GuardError
from redcap_iac.findings import Finding
from redcap_iac.hazard import Acceptance, Answer
from redcap_iac.plan import Plan
from redcap_iac.state import Unit
from redcap_iac.workflow import Answers, Base, Goal
from tests.emulator.access import accept, make_role
from tests.emulator.conftest import MakeEmulator
from tests.emulator.served import Project, new_project
from tests.end_to_end.study import NOW, Silent, Study
from tests.kinds.access import INSTRUMENTS, JDOE, access, planned

ENTRY: dict[str, Any] = {"instruments": {"*": "edit"}, "export": {"*": "deidentified"}}
FULL: dict[str, Any] = {**ENTRY, "export": {"*": "full"}}
OWN: dict[str, Any] = {"rights": {"reports": True}, "instruments": {"*": "read_only"}}
IDENTIFYING = [
    {"instrument": "intake", "fields": {"record_id": {"type": "text", "label": "ID"}}},
    {"instrument": "visit", "fields": {"mrn": {"type": "text", "label": "M", "identifier": True}}},
]


@pytest.fixture
def study(project: Project, tmp_path: Path) -> Study:
    return Study(project, tmp_path)


def hazards(plan: Plan, code: str) -> list[Finding]:
    return [one for one in plan.findings if one.code == code]


def the(plan: Plan, code: str) -> Finding:
    (one,) = hazards(plan, code)
    assert one.stake is not None
    return one


def answer(finding: Finding) -> Answer:
    assert finding.stake is not None
    return finding.stake.answer


def names(finding: Finding) -> tuple[str, ...]:
    assert finding.stake is not None
    return finding.stake.names


def members(*people: str) -> dict[str, Any]:
    return {name: {"role": "Entry"} for name in people}


def test_somebody_who_loses_their_group_is_named(study: Study) -> None:
    study.converge(access({"akim": {**OWN, "dag": "Lyon"}}, dags=["Lyon"]))
    plan = planned(study, access({"akim": {**OWN, "dag": None}}, dags=["Lyon"]))
    found = the(plan, "H121")
    assert (found.address, names(found)) == ("user/akim/dag", ("akim",))
    assert "akim would be in no group and see the records of every site" in found.message
    assert found.stake is not None
    assert "akim" not in found.stake.public
    assert answer(found) is Answer.ACCEPTANCE


def test_moving_to_another_group_loses_none(study: Study) -> None:
    study.converge(access({"akim": {**OWN, "dag": "Lyon"}}, dags=["Lyon", "Paris"]))
    plan = planned(study, access({"akim": {**OWN, "dag": "Paris"}}, dags=["Lyon", "Paris"]))
    assert hazards(plan, "H121") == []


def test_who_goes_altogether_sees_no_site(study: Study) -> None:
    study.converge(access({"akim": {**OWN, "dag": "Lyon"}}, dags=["Lyon"]))
    plan = planned(study, access({}, dags=[], manage={"users": "authoritative"}))
    assert hazards(plan, "H121") == []


def test_a_wider_role_names_everybody_in_it(study: Study) -> None:
    people = members("akim", "twu")
    study.converge(access(people, roles={"Entry": ENTRY}, instruments=INSTRUMENTS))
    found = the(planned(study, access(people, roles={"Entry": FULL})), "H122")
    assert (found.address, names(found)) == ("role/Entry", ("akim", "twu"))
    assert "export of intake, visit deidentified → full, for akim and twu" in found.message
    assert answer(found) is Answer.ACCEPTANCE


def renamed() -> list[dict[str, Any]]:
    first, second = IDENTIFYING
    return [first, {**second, "instrument": "checkup", "renamed_from": "visit"}]


def test_a_renamed_instrument_widens_nobody_who_saw_it_under_its_old_name(study: Study) -> None:
    people = members("akim")
    study.converge(access(people, roles={"Entry": ENTRY}, instruments=IDENTIFYING))
    plan = planned(study, access(people, roles={"Entry": ENTRY}, instruments=renamed()))
    assert hazards(plan, "H122") == []
    assert plan.access == ()


def test_more_rights_on_a_renamed_instrument_are_a_widening(study: Study) -> None:
    people = members("akim")
    study.converge(access(people, roles={"Entry": ENTRY}, instruments=IDENTIFYING))
    wider = {**ENTRY, "export": {"*": "deidentified", "checkup": "full"}}
    plan = planned(study, access(people, roles={"Entry": wider}, instruments=renamed()))
    assert "export of checkup deidentified → full, for akim" in the(plan, "H122").message


def test_a_wider_role_that_nobody_has_widens_nobody(study: Study) -> None:
    study.converge(access(roles={"Entry": ENTRY}))
    assert hazards(planned(study, access(roles={"Entry": FULL})), "H122") == []


def test_a_move_into_a_wider_role_is_a_widening_of_who_moves(study: Study) -> None:
    roles = {"Entry": ENTRY, "Lead": FULL}
    study.converge(access(members("akim", "twu"), roles=roles))
    moved = {**members("twu"), "akim": {"role": "Lead"}}
    found = the(planned(study, access(moved, roles=roles)), "H122")
    assert (found.address, names(found)) == ("role/Lead", ("akim",))


def test_an_ordinary_new_user_needs_no_word_and_a_powerful_one_does(study: Study) -> None:
    study.converge(access())
    assert hazards(planned(study, access({"akim": OWN})), "H122") == []
    api = {**OWN, "rights": {"api_export": True}}
    found = the(planned(study, access({"akim": api})), "H122")
    assert "API Export no → yes, for akim (new)" in found.message


def test_a_new_user_who_may_export_identifiers_needs_a_word(study: Study) -> None:
    study.converge(access(instruments=IDENTIFYING))
    found = the(planned(study, access({"akim": FULL}, instruments=IDENTIFYING)), "H122")
    assert "export of visit none → full" in found.message


@pytest.mark.parametrize(("how", "told"), [("*", True), ("visit", False)])
def test_a_new_instrument_widens_where_nobody_names_it(study: Study, how: str, told: bool) -> None:
    role = {"instruments": {"intake": "edit"}, "export": {"intake": "none"}}
    study.converge(access(members("akim"), roles={"Entry": role}, instruments=INSTRUMENTS[:1]))
    wider = {"instruments": {"intake": "edit", how: "edit"}, "export": {"*": "none"}}
    plan = planned(study, access(members("akim"), roles={"Entry": wider}))
    assert bool(hazards(plan, "H122")) is told


def test_other_people_than_those_accepted_stop_it_again(study: Study) -> None:
    study.converge(access(members("akim", "twu"), roles={"Entry": ENTRY}))
    wide = planned(study, access(members("akim", "twu"), roles={"Entry": FULL}))
    found = the(wide, "H122")
    for people, covers in ((("akim", "twu"), True), (("akim",), False)):
        word = Acceptance("H122", "role/Entry", names=people, until="2030-01-01")
        assert Answers(accept=(word,)).covers(found) is covers


def test_an_apply_waits_for_the_word(study: Study) -> None:
    study.converge(access(members("akim"), roles={"Entry": ENTRY}))
    goal = study.declare(access(members("akim"), roles={"Entry": FULL}))
    plan = study.plan(goal)
    with pytest.raises(GuardError, match="H122"):
        workflow.apply(study.session, goal, plan, Silent(), answers=Answers(frozenset(Unit)))


def test_a_project_just_created_widens_nothing(study: Study) -> None:
    goal = study.declare(access({"akim": {**FULL, "rights": {"design": True}}}))
    plan = study.plan(replace(goal, fresh=True)).plan
    assert hazards(plan, "H122") == []


def test_a_role_that_goes_is_emptied_first_and_says_so(study: Study) -> None:
    study.converge(access(members("akim", "twu"), roles={"Entry": ENTRY, "Lead": ENTRY}))
    plan = planned(study, access({n: {"role": "Lead"} for n in ("akim", "twu")},
                                 roles={"Lead": ENTRY}))  # fmt: skip
    found = the(plan, "H124")
    assert (found.address, answer(found)) == ("role/Entry", Answer.NOTE)
    assert "while akim and twu are in it" in found.message


def test_access_that_has_ended_is_not_given_back_silently(study: Study) -> None:
    accept(study.project, "user", {"username": "akim", "expiration": "2026-01-31"})
    found = the(planned(study, access({"akim": {**OWN, "expires": None}})), "H125")
    assert (found.address, names(found)) == ("user/akim", ("akim",))
    assert "ended on 2026-01-31 and would be given back" in found.message
    assert answer(found) is Answer.ACCEPTANCE


@pytest.mark.parametrize("expires", ["2026-02-28", "2025-01-01"])
def test_access_that_stays_ended_is_not_given_back(study: Study, expires: str) -> None:
    accept(study.project, "user", {"username": "akim", "expiration": "2026-01-31"})
    plan = planned(study, access({"akim": {**OWN, "expires": expires}}))
    assert hazards(plan, "H125") == []


def given_back(study: Study, base: dict[str, Any], now: dict[str, Any]) -> list[Finding]:
    """Return H125 of a plan with the manifest as it was at a commit."""
    before = study.declare(base).desired
    goal = study.declare(now)
    plan = study.plan(Goal(goal.desired, goal.digest, base=Base("main", "c0ffee", NOW, before)))
    return hazards(plan.plan, "H125")


def test_somebody_removed_outside_is_named_when_they_come_back(study: Study) -> None:
    people = access({"akim": OWN})
    study.converge(people)
    accept(study.project, "user", {"username": "jdoe", "record_delete": 1})
    study.project.post("user", "delete", users=["akim"]).raise_for_status()
    (found,) = given_back(study, people, people)
    assert "Access was taken outside the manifest from akim" in found.message


def test_somebody_new_since_the_base_is_not_given_back(study: Study) -> None:
    study.converge(access())
    assert given_back(study, access(), access({"akim": OWN})) == []


def test_rights_lowered_outside_are_named_when_they_come_back(study: Study) -> None:
    people = access({"akim": {**OWN, "rights": {"reports": True, "design": True}}})
    study.converge(people)
    accept(study.project, "user", {"username": "akim", "design": 0, "data_access_group": ""})
    (found,) = given_back(study, people, people)
    assert "Project Design and Setup was taken" in found.message


def test_a_group_given_outside_is_named_when_it_is_taken_back(study: Study) -> None:
    people = access({"akim": {**OWN, "dag": None}}, dags=["Lyon"])
    study.converge(people)
    rows = '[{"username": "akim", "redcap_data_access_group": "lyon"}]'
    study.project.post("userDagMapping", "import", data=rows).raise_for_status()
    (found,) = given_back(study, people, people)
    assert "The sight of every site was taken" in found.message


def test_an_end_set_outside_is_named_when_it_is_moved(study: Study) -> None:
    people = access({"akim": {**OWN, "expires": "2027-12-31"}})
    study.converge(people)
    accept(study.project, "user",
           {"username": "akim", "expiration": "2026-06-30", "data_access_group": ""})  # fmt: skip
    (found,) = given_back(study, people, people)
    assert "Time was taken" in found.message


def test_without_a_base_what_is_only_lower_cannot_be_told_from_your_own(study: Study) -> None:
    people = access({"akim": {**OWN, "rights": {"reports": True}}})
    study.converge(people)
    accept(study.project, "user", {"username": "akim", "reports": 0, "data_access_group": ""})
    assert hazards(planned(study, people), "H125") == []


def test_who_leaves_a_role_for_declared_rights_is_named_in_a_note(study: Study) -> None:
    study.converge(access(members("akim"), roles={"Entry": ENTRY}))
    found = the(planned(study, access({"akim": OWN}, roles={"Entry": ENTRY})), "H126")
    assert (answer(found), names(found)) == (Answer.NOTE, ("akim",))
    assert "until the declared ones are imported, at once" in found.message


def test_who_leaves_a_role_and_is_not_declared_needs_a_word(study: Study) -> None:
    study.converge(access(members("akim"), roles={"Entry": ENTRY}))
    found = the(planned(study, access(roles={})), "H126")
    assert (answer(found), found.address) == (Answer.ACCEPTANCE, "user/akim/role")
    assert "Declare their rights" in found.advice


def test_who_leaves_a_role_for_a_moment_is_named_in_a_note(study: Study) -> None:
    study.converge(access(members("akim"), roles={"Entry": ENTRY}))
    later = {"akim": {"role": "Entry", "expires": "2027-12-31"}}
    found = the(planned(study, access(later, roles={"Entry": ENTRY})), "H126")
    assert answer(found) is Answer.NOTE
    assert "in a role again" in found.message


def test_an_old_server_may_show_every_site_between_two_calls(
    make_emulator: MakeEmulator, tmp_path: Path
) -> None:
    study = Study(new_project(make_emulator("12.5.2")), tmp_path)
    roles, dags = {"Entry": ENTRY, "Lead": ENTRY}, ["Lyon"]
    study.converge(access({"akim": {"role": "Entry", "dag": "Lyon"}}, roles=roles, dags=dags))
    moved = access({"akim": {"role": "Lead", "dag": "Lyon"}}, roles=roles, dags=dags)
    found = the(planned(study, moved), "H127")
    assert (answer(found), names(found)) == (Answer.NOTE, ("akim",))
    assert "may see the records of every site" in found.message


def test_a_role_of_the_tokens_user_that_must_widen_first_names_who_has_it_meanwhile(
    study: Study,
) -> None:
    lead = {**JDOE, "rights": {**JDOE["rights"], "record_delete": False}}
    study.converge(access())
    unique = make_role(study.project, "Lead", design=1, user_rights=1, api_import=1, api_export=1,
                       data_access_groups=1, logging=1)  # fmt: skip
    rows = f'[{{"username": "jdoe", "unique_role_name": "{unique}"}}]'
    study.project.post("userRoleMapping", "import", data=rows).raise_for_status()
    people = {"jdoe": {"role": "Lead"}, "akim": {"role": "Lead"}, "twu": OWN}
    manifest = {"instruments": INSTRUMENTS, "manage": {"users": "authoritative"}}
    study.converge({**manifest, "roles": {"Lead": lead, "Entry": ENTRY}, "users": people})
    moved = {"jdoe": {"role": "Lead"}, "akim": {"role": "Entry"}}
    plan = planned(study, {**manifest, "roles": {"Lead": JDOE, "Entry": ENTRY}, "users": moved})
    found = the(plan, "H127")
    assert (answer(found), names(found)) == (Answer.ACCEPTANCE, ("akim",))
    assert "would hold more rights" in found.message
    study.converge({**manifest, "roles": {"Lead": JDOE, "Entry": ENTRY}, "users": moved})


def test_the_clock_decides_whether_access_has_ended(study: Study) -> None:
    accept(study.project, "user", {"username": "akim", "expiration": "2026-06-30"})
    goal = study.declare(access({"akim": {**OWN, "expires": None}}))
    later = replace(study.session, now=lambda: datetime(2026, 7, 1, 12))
    assert hazards(study.plan(goal).plan, "H125") == []
    assert hazards(workflow.plan(later, goal).plan, "H125") != []
