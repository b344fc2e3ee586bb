from datetime import date
from pathlib import Path
from typing import Any

import pytest

from redcap_iac.differ import compare
from redcap_iac.exporter import read_live
from redcap_iac.findings import Finding, Findings, Severity
from redcap_iac.hazard import Answer
from redcap_iac.safety.lockout import lock_outs
from redcap_iac.state import Unit
from tests.emulator.access import accept, join, make_role, with_rights
from tests.emulator.served import Project
from tests.end_to_end.study import Study
from tests.kinds.access import JDOE, codes, loaded, planned

TODAY = date(2026, 3, 14)
LEADING: dict[str, Any] = {
    "rights": {"design": True, "user_rights": "full", "api_import": True, "api_export": True}
}


@pytest.fixture
def study(project: Project, tmp_path: Path) -> Study:
    return Study(project, tmp_path)


def without(*rights: str, **more: object) -> dict[str, Any]:
    kept = {name: level for name, level in JDOE["rights"].items() if name not in rights}
    return {**JDOE, "rights": {**kept, **more}}


def refused(
    study: Study,
    users: dict[str, Any],
    *,
    user: str = "jdoe",
    today: date | None = TODAY,
    **sections: object,
) -> tuple[Finding, ...]:
    """Return what a manifest is refused for by a token that is said to be of `user`."""
    live = read_live(study.session.client, user)
    desired = loaded(study.folder, {"users": users, **sections})
    findings = tuple(lock_outs(compare(desired, live, Findings()), live, today))
    assert {(one.code, one.severity) for one in findings} <= {("H123", Severity.ERROR)}
    return findings


@pytest.mark.parametrize(
    ("right", "label"),
    [
        ("api_import", "API Import/Update"),
        ("api_export", "API Export"),
        ("design", "Project Design and Setup"),
        ("user_rights", "User Rights"),
    ],
)
def test_the_tokens_own_user_keeps_what_runs_the_project(
    study: Study, right: str, label: str
) -> None:
    (finding, *_) = refused(study, {"jdoe": without(right)})
    assert finding.address == "user/jdoe"
    assert f"jdoe, whose token this is, would lose {label}" in finding.message


def test_read_only_user_rights_are_not_enough(study: Study) -> None:
    (finding, *_) = refused(study, {"jdoe": without(user_rights="read_only")})
    assert "User Rights" in finding.message


def test_other_rights_may_go(study: Study) -> None:
    assert refused(study, {"jdoe": without("logging", "record_delete", "data_access_groups")}) == ()


def test_nothing_is_refused_where_nobody_changes(study: Study) -> None:
    assert refused(study, {}, dags=["Boston"]) == ()


def test_a_plan_that_locks_out_is_stopped_and_nothing_is_written(study: Study) -> None:
    plan = planned(study, {"users": {"jdoe": without("design")}})
    assert ("H123", "user/jdoe") in codes(plan)
    assert plan.stopped


@pytest.mark.parametrize(("day", "count"), [("2026-03-14", 2), ("2026-03-15", 0)])
def test_access_that_has_ended_is_a_loss(study: Study, day: str, count: int) -> None:
    findings = refused(study, {"jdoe": {**JDOE, "expires": day}})
    assert len(findings) == count
    assert all(day in one.message for one in findings[:1])


@pytest.mark.parametrize(("day", "count"), [("2030-01-01", 2), ("2031-01-01", 0)])
def test_without_a_clock_an_earlier_end_counts_as_passed(
    study: Study, day: str, count: int
) -> None:
    accept(study.project, "user", {"username": "jdoe", "expiration": "2031-01-01"})
    assert len(refused(study, {"jdoe": {**JDOE, "expires": day}}, today=None)) == count


def test_a_role_that_gives_less_locks_its_member_out(study: Study) -> None:
    unique = make_role(study.project, "Lead", design=1, user_rights=1, api_import=1, api_export=1)
    join(study.project, "jdoe", unique)
    less = {"Lead": {"rights": {**LEADING["rights"], "api_import": False}}}
    (finding,) = refused(study, {"jdoe": {"role": "Lead"}}, roles=less)
    assert "API Import/Update" in finding.message
    assert refused(study, {"jdoe": {"role": "Lead"}}, roles={"Lead": LEADING}) == ()


def test_a_role_that_gives_enough_may_be_taken_on(study: Study) -> None:
    assert refused(study, {"jdoe": {"role": "Lead"}}, roles={"Lead": LEADING}) == ()


def test_rights_that_come_back_after_a_role_are_not_known(study: Study) -> None:
    unique = make_role(study.project, "Lead", design=1, user_rights=1, api_import=1, api_export=1)
    join(study.project, "jdoe", unique)
    (finding, *_) = refused(study, {}, roles={})
    assert "would lose API Import/Update and API Export" in finding.message


def test_the_tokens_own_user_is_not_taken_out_of_a_role_on_the_way(study: Study) -> None:
    unique = make_role(study.project, "Lead", design=1, user_rights=1, api_import=1, api_export=1)
    join(study.project, "jdoe", unique)
    (finding,) = refused(study, {"jdoe": JDOE})
    assert "on the way" in finding.message
    expiring = {"jdoe": {"role": "Lead", "expires": "2027-12-31"}}
    (finding,) = refused(study, expiring)
    assert "on the way" in finding.message


def test_somebody_keeps_design_and_user_rights(study: Study) -> None:
    with_rights(study.project, "akim", design=1, user_rights=1)
    holder = with_rights(study.project, "svc", user_rights=1, api_import=1, api_export=1)
    own = Study(holder, study.folder)
    lowered = {"jdoe": without("design"), "akim": {"rights": {"user_rights": "full"}}}
    (finding,) = refused(own, lowered, user="svc")
    assert finding.address == "project/users"
    assert "jdoe, akim" in finding.message
    assert refused(own, {"jdoe": without("design")}, user="svc") == ()


def test_deleting_the_last_who_runs_the_project_is_refused(study: Study) -> None:
    holder = with_rights(study.project, "svc", user_rights=1, api_import=1, api_export=1)
    own = Study(holder, study.folder)
    findings = refused(
        own, {"svc": {"rights": {"user_rights": "full", "api_import": True, "api_export": True}}},
        user="svc", manage={str(Unit.USERS): "authoritative"},
    )  # fmt: skip
    assert [one.address for one in findings] == ["project/users"]


@pytest.mark.parametrize("user", ["", "nobody"])
def test_while_the_tokens_user_is_unknown_nobody_is_lowered(study: Study, user: str) -> None:
    accept(study.project, "user", {"username": "akim", "api_import": 1})
    findings = refused(study, {"akim": {"rights": {}}}, user=user)
    assert [one.address for one in findings] == ["user/akim"]
    assert "user: NAME" in findings[0].advice


def test_while_the_tokens_user_is_unknown_nobody_is_removed(study: Study) -> None:
    accept(study.project, "user", {"username": "akim", "api_import": 1}, {"username": "mlee"})
    manage = {str(Unit.USERS): "authoritative"}
    findings = refused(study, {"jdoe": JDOE}, user="", manage=manage)
    assert [one.address for one in findings] == ["user/akim"]
    assert "removed from the project" in findings[0].message


def test_a_known_user_may_lower_others(study: Study) -> None:
    accept(study.project, "user", {"username": "akim", "api_import": 1, "design": 1})
    assert refused(study, {"akim": {"rights": {}}}) == ()


def test_the_tokens_user_keeps_groups_where_the_manifest_manages_them(study: Study) -> None:
    (finding,) = refused(study, {"jdoe": without("data_access_groups")}, dags=["Lyon"])
    assert "would lose Data Access Groups" in finding.message


def test_what_a_later_call_needs_is_not_lost_on_the_way(study: Study) -> None:
    """The order takes it last, so that nothing is refused."""
    accept(study.project, "user", {"username": "jdoe", "record_delete": 1}, {"username": "mlee"})
    users = {"jdoe": without("record_delete")}
    assert refused(study, users, manage={str(Unit.USERS): "authoritative"}) == ()


def test_putting_the_tokens_user_into_a_group_needs_a_word(study: Study) -> None:
    grouped = {"users": {"jdoe": {**JDOE, "dag": "Lyon"}}, "dags": ["Lyon"]}
    plan = planned(study, grouped)
    (found,) = [one for one in plan.findings if one.code == "H123"]
    assert found.stake is not None
    assert (found.address, found.stake.answer) == ("user/jdoe/dag", Answer.ACCEPTANCE)
    assert "would be put into group Lyon and see its records alone" in found.message
    assert not plan.stopped
