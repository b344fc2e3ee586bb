from pathlib import Path
from typing import Any

import pytest

from redcap_iac.calls import Made
from redcap_iac.errors import SuspiciousReadError
from redcap_iac.kinds.dag_assignments import KIND
from redcap_iac.kinds.kind import Reading
from redcap_iac.plan import Phase
from redcap_iac.state import State
from tests.emulator.access import make_dags, user, with_rights
from tests.emulator.served import Project
from tests.end_to_end.study import Study
from tests.kinds.access import access, actions, codes, loaded, planned, problems, step, target, told

OWN: dict[str, Any] = {"rights": {"reports": True}}


@pytest.fixture
def study(project: Project, tmp_path: Path) -> Study:
    return Study(project, tmp_path)


def group(study: Study, username: str) -> str:
    return str(user(study.project, username)["data_access_group"])


def test_groups_of_people_are_managed_once_one_is_declared(tmp_path: Path) -> None:
    assert "dag_assignments" not in loaded(tmp_path, access({"akim": OWN})).state
    assert "dag_assignments" in loaded(tmp_path, access({"akim": {**OWN, "dag": None}})).state


def test_everybody_is_in_the_group_declared(study: Study) -> None:
    people = {"akim": {**OWN, "dag": "Boston"}, "mlee": {**OWN, "dag": "Lyon"}}
    study.converge(access(people, dags=["Boston", "Lyon"]))
    assert (group(study, "akim"), group(study, "mlee")) == ("boston", "lyon")


def test_a_move_touches_nothing_but_the_group(study: Study) -> None:
    dags = ["Boston", "Lyon"]
    study.converge(access({"akim": {**OWN, "dag": "Boston"}}, dags=dags))
    plan = planned(study, access({"akim": {**OWN, "dag": "Lyon"}}, dags=dags))
    assert actions(plan) == {"user/akim/dag": "update"}
    (one,) = plan.steps
    assert (one.phase, one.serves) == (Phase.ASSIGN_DAGS, ("user/akim/dag",))
    assert one.call.rows == ({"username": "akim", "redcap_data_access_group": "lyon"},)


def test_the_name_of_a_renamed_group_is_read_back_before_it_is_used(study: Study) -> None:
    study.converge(access({"akim": OWN}, dags=["Lyons"]))
    dags = [{"name": "Lyon Sud", "renamed_from": "Lyons"}]
    manifest = access({"akim": {**OWN, "dag": "Lyon Sud"}}, dags=dags)
    (row,) = step(planned(study, manifest), "dag_assignments").call.rows
    assert row["redcap_data_access_group"] == Made("dag/Lyon Sud")
    study.converge(manifest)
    assert group(study, "akim") == "lyon_sud"


def test_the_group_is_sent_again_after_every_other_row_about_somebody(study: Study) -> None:
    study.converge(access({"akim": {**OWN, "dag": "Boston"}}, dags=["Boston"]))
    plan = planned(study, access({"akim": {**OWN, "expires": "2028-01-31"}}, dags=["Boston"]))
    assert [one.phase for one in plan.steps] == [Phase.USERS, Phase.ASSIGN_DAGS]


def test_nobody_without_a_group_is_sent_again(study: Study) -> None:
    study.converge(access({"akim": OWN}, dags=["Boston"]))
    plan = planned(study, access({"akim": {**OWN, "expires": "2028-01-31"}}, dags=["Boston"]))
    assert [one.phase for one in plan.steps] == [Phase.USERS]


def test_groups_that_are_not_managed_are_found_by_their_names(study: Study) -> None:
    make_dags(study.project, "Boston")
    study.converge(access({"akim": {**OWN, "dag": "Boston"}}))
    assert group(study, "akim") == "boston"


def test_losing_a_group_is_told(study: Study) -> None:
    study.converge(access({"akim": {**OWN, "dag": "Boston"}}, dags=["Boston"]))
    plan = planned(study, access({"akim": {**OWN, "dag": None}}, dags=["Boston"]))
    assert codes(plan) == [("H121", "user/akim/dag")]


def test_a_token_without_the_right_on_groups_can_still_manage_users(study: Study) -> None:
    rights = dict.fromkeys(("user_rights", "design", "api_export", "api_import"), 1)
    other = Study(with_rights(study.project, "akim", **rights), study.folder)
    manifest = {"users": {"mlee": OWN}}
    other.converge(manifest)
    assert user(study.project, "mlee")["reports"] == 1


def test_a_group_nobody_declared_is_refused_with_the_near_one(tmp_path: Path) -> None:
    (finding,) = problems(tmp_path, access({"akim": {**OWN, "dag": "Bosten"}}, dags=["Boston"]))
    assert (finding.code, finding.address) == ("M404", "user/akim/dag")
    assert finding.advice == "Did you mean `Boston`?"


def test_a_group_that_the_project_does_not_have_stops_the_plan(study: Study) -> None:
    make_dags(study.project, "Boston")
    plan = planned(study, access({"akim": {**OWN, "dag": "Bosten"}}))
    (finding,) = told(plan, "M404")
    assert (finding.code, finding.advice) == ("M404", "Did you mean `Boston`?")
    assert plan.stopped


def test_a_group_where_there_is_none_stops_the_plan(study: Study) -> None:
    plan = planned(study, access({"akim": {**OWN, "dag": "Boston"}}))
    (finding,) = told(plan, "M404")
    assert finding.advice == "Declare it under `dags:`."


def test_an_answer_without_groups_is_suspicious() -> None:
    with pytest.raises(SuspiciousReadError, match="redcap_data_access_group"):
        KIND.read([{"username": "akim"}], Reading(target(), State()))
