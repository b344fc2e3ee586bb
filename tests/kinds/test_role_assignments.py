from pathlib import Path
from typing import Any

import pytest

from redcap_iac.calls import Made
from redcap_iac.errors import SuspiciousReadError
from redcap_iac.kinds.kind import Reading
from redcap_iac.kinds.role_assignments import KIND
from redcap_iac.plan import Phase
from redcap_iac.state import State
from tests.emulator.access import accept, assignment, join, make_role, user
from tests.emulator.conftest import MakeEmulator
from tests.emulator.served import Project, new_project
from tests.end_to_end.study import Study
from tests.kinds.access import access, actions, codes, planned, problems, step, target, told

OWN: dict[str, Any] = {"rights": {"reports": True}}
ROLES = {"Entry": {"rights": {"record_create": True}}, "Monitor": {"rights": {"logging": True}}}


@pytest.fixture
def study(project: Project, tmp_path: Path) -> Study:
    return Study(project, tmp_path)


def test_everybody_is_in_the_role_declared(study: Study) -> None:
    study.converge(access({"akim": {"role": "Entry"}, "mlee": {"role": "Monitor"}}, roles=ROLES))
    assert user(study.project, "akim")["record_create"] == 1
    assert user(study.project, "mlee")["logging"] == 1


def test_a_role_still_to_be_made_is_named_once_it_is_known(study: Study) -> None:
    plan = planned(study, access({"akim": {"role": "Entry"}}, roles=ROLES))
    (row,) = step(plan, "role_assignments").call.rows
    assert row["unique_role_name"] == Made("role/Entry")


def test_the_group_is_in_the_row_where_the_server_has_the_column(study: Study) -> None:
    people = {"akim": {"role": "Entry", "dag": "Boston"}}
    plan = planned(study, access(people, roles=ROLES, dags=["Boston"]))
    (row,) = step(plan, "role_assignments").call.rows
    assert row["data_access_group"] == Made("dag/Boston")


def test_the_group_is_not_in_the_row_where_the_server_has_no_column(
    make_emulator: MakeEmulator, tmp_path: Path
) -> None:
    older = Study(new_project(make_emulator("12.5.2")), tmp_path)
    people = {"akim": {"role": "Entry", "dag": "Boston"}}
    plan = planned(older, access(people, roles=ROLES, dags=["Boston"]))
    (row,) = step(plan, "role_assignments").call.rows
    assert row.keys() == {"username", "unique_role_name"}


def test_moving_between_roles_is_one_row(study: Study) -> None:
    study.converge(access({"akim": {"role": "Entry"}}, roles=ROLES))
    moved = access({"akim": {"role": "Monitor"}}, roles=ROLES)
    plan = planned(study, moved)
    assert actions(plan) == {"user/akim/role": "update"}
    assert [one.phase for one in plan.steps] == [Phase.ASSIGN_ROLES]
    study.converge(moved)


def test_roles_that_are_not_managed_are_found_by_their_labels(study: Study) -> None:
    unique = make_role(study.project, "Entry")
    study.converge(access({"akim": {"role": "Entry"}}))
    assert assignment(study.project, "akim")["unique_role_name"] == unique


def test_a_role_renamed_with_people_in_it_moves_nobody(study: Study) -> None:
    study.converge(access({"akim": {"role": "Entry"}}, roles=ROLES))
    renamed = {"Keyer": {**ROLES["Entry"], "renamed_from": "Entry"}, "Monitor": ROLES["Monitor"]}
    manifest = access({"akim": {"role": "Keyer"}}, roles=renamed)
    assert actions(planned(study, manifest)) == {"role/Keyer": "rename"}
    study.converge(manifest)


def test_a_new_role_that_takes_the_label_of_a_renamed_one_is_another(study: Study) -> None:
    study.converge(access({"akim": {"role": "Entry"}}, roles=ROLES))
    before = assignment(study.project, "akim")["unique_role_name"]
    roles = {"Keyer": {"unique_name": before}, "Entry": {"rights": {"design": True}}}
    manifest = access({"akim": {"role": "Entry"}}, roles=roles)
    assert actions(planned(study, manifest))["user/akim/role"] == "update"
    study.converge(manifest)
    assert assignment(study.project, "akim")["unique_role_name"] != before


@pytest.mark.parametrize("on_delete", ["refuse", "detach"])
def test_a_role_is_emptied_before_it_goes(
    make_emulator: MakeEmulator, tmp_path: Path, on_delete: str
) -> None:
    study = Study(new_project(make_emulator(role_delete_with_members=on_delete)), tmp_path)
    study.converge(access({"akim": {"role": "Entry"}}, roles=ROLES))
    fewer = {"roles": {"Monitor": ROLES["Monitor"]}}
    plan = planned(study, fewer)
    assert [one.phase for one in plan.steps] == [Phase.LEAVE_ROLES, Phase.DELETE_ROLES]
    assert codes(plan) == [("H124", "role/Entry"), ("H126", "user/akim/role")]
    assert step(plan, "role_assignments").serves == ("role/Entry",)
    study.converge(fewer)
    assert user(study.project, "akim")["record_create"] == 0


def test_somebody_who_is_deleted_is_not_taken_out_of_a_role_first(study: Study) -> None:
    study.converge(access({"akim": {"role": "Entry"}}, roles=ROLES))
    none = access(roles={}, manage={"users": "authoritative"})
    plan = planned(study, none)
    assert [one.phase for one in plan.steps] == [Phase.DELETE_USERS, Phase.DELETE_ROLES]
    assert actions(plan) == {
        "role/Entry": "delete", "role/Monitor": "delete", "user/akim": "delete",
    }  # fmt: skip
    study.converge(none)


def test_members_nobody_declared_stay_in_their_role(study: Study) -> None:
    accept(study.project, "user", {"username": "akim"})
    unique = make_role(study.project, "Entry", record_create=1)
    join(study.project, "akim", unique)
    study.converge(access(roles={"Entry": ROLES["Entry"]}))
    assert assignment(study.project, "akim")["unique_role_name"] == unique


def test_a_role_nobody_declared_is_refused_with_the_near_one(tmp_path: Path) -> None:
    (finding,) = problems(tmp_path, access({"akim": {"role": "Entri"}}, roles=ROLES))
    assert (finding.code, finding.address) == ("M403", "user/akim/role")
    assert finding.advice == "Did you mean `Entry`?"


def test_a_role_that_the_project_does_not_have_stops_the_plan(study: Study) -> None:
    make_role(study.project, "Entry")
    plan = planned(study, access({"akim": {"role": "Entri"}}))
    (finding,) = told(plan, "M403")
    assert (finding.code, finding.advice) == ("M403", "Did you mean `Entry`?")
    assert plan.stopped


def test_a_role_where_there_is_none_stops_the_plan(study: Study) -> None:
    (finding,) = told(planned(study, access({"akim": {"role": "Entry"}})), "M403")
    assert finding.advice == "Declare it under `roles:`."


def test_an_answer_without_roles_is_suspicious() -> None:
    with pytest.raises(SuspiciousReadError, match="unique_role_name"):
        KIND.read([{"username": "akim"}], Reading(target(), State()))
