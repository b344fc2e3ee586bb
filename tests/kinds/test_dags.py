from pathlib import Path

import pytest

from redcap_iac.calls import Call, Made
from redcap_iac.errors import SuspiciousReadError
from redcap_iac.findings import Findings
from redcap_iac.kinds.dags import KIND, Dag, likely_unique_name
from redcap_iac.kinds.kind import Reading
from redcap_iac.plan import Phase
from redcap_iac.state import State
from tests.emulator.access import add_record, make_dags, user
from tests.emulator.conftest import MakeEmulator
from tests.emulator.served import Project, new_project
from tests.end_to_end.study import Study
from tests.kinds.access import (
    access,
    actions,
    codes,
    found,
    live_of,
    planned,
    problems,
    step,
    target,
)


@pytest.fixture
def study(project: Project, tmp_path: Path) -> Study:
    return Study(project, tmp_path)


@pytest.fixture
def older(make_emulator: MakeEmulator, tmp_path: Path) -> Study:
    """A project on a server that does not export the ids of groups."""
    return Study(new_project(make_emulator("13.0.0")), tmp_path)


def dag(name: str, unique: str, group_id: str = "") -> Dag:
    return Dag(name, unique, group_id)


def new(name: str, renamed_from: str = "") -> Dag:
    return Dag(name, Made(f"dag/{name}"), renamed_from=renamed_from)


def bound(desired: list[Dag], live: list[Dag]) -> tuple[dict[str, str], list[str]]:
    findings = Findings()
    names = KIND.bind(desired, live, findings)
    return {made.address: name for made, name in names.items()}, [f.code for f in findings.all()]


def names(study: Study) -> dict[str, str]:
    rows = study.project.rows("dag")
    return {row["data_access_group_name"]: row["unique_group_name"] for row in rows}


@pytest.mark.parametrize(
    ("name", "unique"),
    [
        ("New DAG", "new_dag"), ("dag-a", "daga"), ("TestGroup1", "testgroup1"),
        ("Integration Test DAG", "integration_test_d"), ("Testing DAG 1", "testing_dag_1"),
    ],
)  # fmt: skip
def test_unique_names_are_foreseen_as_recorded(name: str, unique: str) -> None:
    assert likely_unique_name(name) == unique


def test_without_a_section_groups_are_not_managed(study: Study) -> None:
    make_dags(study.project, "Boston")
    study.converge({})
    assert names(study) == {"Boston": "boston"}


def test_an_empty_list_means_none(study: Study) -> None:
    make_dags(study.project, "Boston")
    study.converge({"dags": []})
    assert names(study) == {}


def test_new_groups_come_in_one_call_without_a_unique_name(study: Study) -> None:
    call = step(planned(study, {"dags": ["Boston", "Lyon"]}), "dags").call
    assert call.rows == (
        {"data_access_group_name": "Boston", "unique_group_name": ""},
        {"data_access_group_name": "Lyon", "unique_group_name": ""},
    )


def test_a_rename_keeps_the_group_and_its_people(study: Study) -> None:
    study.converge(access({"akim": {"rights": {}, "dag": "Lyons"}}, dags=["Lyons"]))
    before = study.project.rows("dag")[0]["data_access_group_id"]
    dags = [{"name": "Lyon Sud", "renamed_from": "Lyons"}]
    manifest = access({"akim": {"rights": {}, "dag": "Lyon Sud"}}, dags=dags)
    assert actions(planned(study, manifest)) == {"dag/Lyon Sud": "rename"}
    study.converge(manifest)
    assert names(study) == {"Lyon Sud": "lyon_sud"}
    assert study.project.rows("dag")[0]["data_access_group_id"] == before
    assert user(study.project, "akim")["data_access_group"] == "lyon_sud"


def test_renames_and_new_groups_converge_without_ids(older: Study) -> None:
    older.converge(access({"akim": {"rights": {}, "dag": "Lyon"}}, dags=["Lyon"]))
    dags = ["Lyon", {"name": "Lyon Sud", "renamed_from": "Lyons"}, "Nice"]
    older.converge(access({"akim": {"rights": {}, "dag": "Nice"}}, dags=dags))
    swapped = [{"name": "Nizza", "renamed_from": "Nice"}, "Lyon Sud"]
    older.converge(access({"akim": {"rights": {}, "dag": "Nizza"}}, dags=swapped))
    assert names(older) == {"Lyon Sud": "lyon_sud", "Nizza": "nizza"}
    assert user(older.project, "akim")["data_access_group"] == "nizza"


def test_a_name_freed_by_a_rename_can_be_given_again(study: Study) -> None:
    study.converge(access({"akim": {"rights": {}, "dag": "Lyon"}}, dags=["Lyon"]))
    dags = [{"name": "Lyon Sud", "renamed_from": "Lyon Nord"}, "Lyon"]
    assert actions(planned(study, access(dags=dags)))["dag/Lyon Sud"] == "create"
    study.converge(access({"akim": {"rights": {}, "dag": "Lyon Sud"}}, dags=dags))
    assert user(study.project, "akim")["data_access_group"] == "lyon_sud"


def test_groups_go_after_everybody_was_moved(study: Study) -> None:
    study.converge(access({"akim": {"rights": {}, "dag": "Boston"}}, dags=["Boston", "Lyon"]))
    plan = planned(study, access({"akim": {"rights": {}, "dag": "Lyon"}}, dags=["Lyon"]))
    assert [one.phase for one in plan.steps] == [Phase.ASSIGN_DAGS, Phase.DELETE_DAGS]
    assert step(plan, "dags", "delete").call.params == {"dags": ("boston",)}


def test_people_nobody_declared_are_taken_out_before_their_group_goes(study: Study) -> None:
    study.converge(access({"akim": {"rights": {}, "dag": "Boston"}}, dags=["Boston"]))
    plan = planned(study, {"dags": []})
    assert step(plan, "dag_assignments").call.rows == (
        {"username": "akim", "redcap_data_access_group": ""},
    )
    assert codes(plan) == [("H121", "user/akim/dag")]
    study.converge({"dags": []})


def test_a_group_with_records_is_refused_in_redcaps_words(study: Study) -> None:
    make_dags(study.project, "Boston")
    add_record(study.project, "boston")
    applied = study.apply(study.declare({"dags": []}))
    assert "boston" in str(applied.outcomes[-1].error)
    assert names(study) == {"Boston": "boston"}


def test_names_redcap_cannot_tell_apart_are_refused(tmp_path: Path) -> None:
    assert found(tmp_path, {"dags": ["dag-a", "DAG A", "daga"]}) == [("M412", "dag/daga")]
    long = ["Integration Test DAG North", "Integration Test DAG South"]
    (finding,) = problems(tmp_path, {"dags": long})
    assert finding.code == "M412"
    assert "integration_test_d" in finding.message


def test_a_group_is_declared_once(tmp_path: Path) -> None:
    assert found(tmp_path, {"dags": ["Lyon", "Lyon"]}) == [("M412", "dag/Lyon")]


@pytest.mark.parametrize("name", ["", "  ", "東京", "---", "x" * 101])
def test_names_redcap_can_make_nothing_of_are_refused(tmp_path: Path, name: str) -> None:
    assert [code for code, _ in found(tmp_path, {"dags": [name]})] == ["M413"]


def test_a_hint_whose_old_name_is_declared_too_is_refused(tmp_path: Path) -> None:
    dags = [{"name": "Lyon", "renamed_from": "Lyons"}, "Lyons"]
    assert found(tmp_path, {"dags": dags}) == [("M415", "dag/Lyon")]


def test_a_hint_is_done_when_the_old_name_is_gone() -> None:
    assert bound([new("Lyon", "Lyons")], [dag("Lyon", "lyon")]) == ({"dag/Lyon": "lyon"}, [])


def test_a_hint_to_nothing_is_a_plain_create() -> None:
    assert bound([new("Lyon", "Lyons")], []) == ({}, [])


def test_a_hint_with_both_names_live_is_refused() -> None:
    live = [dag("Lyon", "lyon"), dag("Lyons", "lyons")]
    assert bound([new("Lyon", "Lyons")], live)[1] == ["M415"]


def test_a_name_that_is_live_twice_is_refused() -> None:
    assert bound([new("Lyon")], [dag("Lyon", "lyon"), dag("Lyon", "lyon2")])[1] == ["M419"]


def test_a_new_name_that_looks_like_one_that_goes_is_a_warning() -> None:
    assert bound([new("LYON")], [dag("Lyon", "lyon")]) == ({}, ["M412"])


def test_a_new_group_is_found_by_name_among_those_not_there_before() -> None:
    call = Call("dag", "import", ({"data_access_group_name": "Lyon", "unique_group_name": ""},))
    before, after = (
        [dag("Lyons", "lyon", "1")],
        [dag("Lyons", "lyon", "1"), dag("Lyon", "lyon2", "2")],
    )
    assert KIND.resolve(call, (("dag/Lyon", 0),), before, after) == {"dag/Lyon": "lyon2"}


def test_a_group_that_does_not_show_stays_unresolved() -> None:
    call = Call("dag", "import", ({"data_access_group_name": "Lyon", "unique_group_name": ""},))
    assert KIND.resolve(call, (("dag/Lyon", 0),), [], []) == {}


def test_an_answer_without_names_is_suspicious() -> None:
    with pytest.raises(SuspiciousReadError, match="unique_group_name"):
        KIND.read([{"data_access_group_name": "Lyon"}], Reading(target(), State()))


def test_a_project_is_described_by_names(study: Study) -> None:
    make_dags(study.project, "Boston", "Lyon Sud")
    draft: dict[str, object] = {}
    KIND.describe(live_of(study).state, draft)
    assert draft == {"dags": ["Boston", "Lyon Sud"]}


def test_blanks_around_a_live_name_are_no_difference() -> None:
    live, desired = dag(" Lyon ", "lyon"), dag("Lyon", "lyon")
    assert bound([new("Lyon")], [live])[0] == {"dag/Lyon": "lyon"}
    assert KIND.normal(live) == KIND.normal(desired)
