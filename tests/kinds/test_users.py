from pathlib import Path
from typing import Any

import pytest

from redcap_iac.calls import Made
from redcap_iac.errors import SuspiciousReadError
from redcap_iac.findings import Severity
from redcap_iac.kinds.kind import Reading
from redcap_iac.kinds.users import KIND
from redcap_iac.plan import Phase
from redcap_iac.state import State
from tests.emulator.access import accept, assignment, make_dags, make_role, user
from tests.emulator.conftest import MakeEmulator
from tests.emulator.served import Project, new_project
from tests.end_to_end.study import Study
from tests.kinds.access import (
    JDOE,
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


ENTRY = {"Entry": {"rights": {"record_create": True}, "instruments": {"*": "edit"}}}
OWN: dict[str, Any] = {"rights": {"reports": True}, "instruments": {"*": "read_only"}}


def row(study: Study, manifest: dict[str, Any], username: str) -> dict[str, Any]:
    """Return the row of Import Users that a plan has for somebody."""
    rows = step(planned(study, manifest), "users").call.rows
    (one,) = [dict(found) for found in rows if found["username"] == username]
    return one


def test_without_a_section_users_are_not_managed(study: Study) -> None:
    accept(study.project, "user", {"username": "akim"})
    study.converge({})
    assert len(study.project.rows("user")) == 2


def test_users_nobody_declared_stay_by_default(study: Study) -> None:
    accept(study.project, "user", {"username": "akim"})
    plan = planned(study, access())
    assert "user/akim" not in actions(plan)
    assert plan.kept == {"users": 1}


def test_users_nobody_declared_go_when_the_manifest_is_authoritative(study: Study) -> None:
    study.converge(access({"akim": OWN}))
    alone = access(manage={"users": "authoritative"})
    plan = planned(study, alone)
    assert actions(plan) == {"user/akim": "delete"}
    deletion = step(plan, "users", "delete")
    assert (deletion.phase, deletion.call.params) == (Phase.DELETE_USERS, {"users": ("akim",)})
    study.converge(alone)
    assert [one["username"] for one in study.project.rows("user")] == ["jdoe"]


def test_the_tokens_own_user_is_kept_with_a_note(study: Study) -> None:
    study.converge(access({"akim": OWN}))
    alone = {"users": {"akim": OWN}, "manage": {"users": "authoritative"}}
    plan = planned(study, alone)
    assert plan.changes == ()
    assert codes(plan) == [("M418", "user/jdoe")]
    study.converge(alone)


def test_rights_of_their_own_are_sent_whole_with_the_group(study: Study) -> None:
    sent = row(study, access({"akim": OWN}), "akim")
    assert sent["forms"] == {"intake": 129, "visit": 129}
    assert sent["forms_export"] == {"intake": 0, "visit": 0}
    assert (sent["reports"], sent["design"], sent["data_access_group"]) == ("1", "0", "")
    study.converge(access({"akim": OWN}))
    assert user(study.project, "akim")["reports"] == 1


def test_no_rights_at_all_can_be_said(study: Study) -> None:
    study.converge(access({"akim": {"rights": {}}}))
    assert user(study.project, "akim")["forms"] == {"intake": 128, "visit": 128}


def test_a_new_member_of_a_role_is_added_bare_and_then_assigned(study: Study) -> None:
    manifest = access(
        {"akim": {"role": "Entry", "dag": "Boston", "expires": "2027-12-31"}},
        roles=ENTRY, dags=["Boston"],
    )  # fmt: skip
    assert row(study, manifest, "akim") == {
        "username": "akim",
        "expiration": "2027-12-31",
        "data_access_group": Made("dag/Boston"),
    }
    study.converge(manifest)
    seen = user(study.project, "akim")
    assert (seen["expiration"], seen["data_access_group"]) == ("2027-12-31", "boston")
    assert seen["record_create"] == 1


def test_what_is_absent_is_left_as_found(study: Study) -> None:
    study.converge(access({"akim": {**OWN, "dag": "Boston", "expires": "2027-12-31"}},
                          dags=["Boston"]))  # fmt: skip
    changed = {**OWN, "rights": {"calendar": True}}
    study.converge(access({"akim": changed}))
    seen = user(study.project, "akim")
    assert (seen["expiration"], seen["data_access_group"]) == ("2027-12-31", "boston")
    assert (seen["calendar"], seen["reports"]) == (1, 0)


def test_null_clears(study: Study) -> None:
    study.converge(access({"akim": {**OWN, "dag": "Boston", "expires": "2027-12-31"}},
                          dags=["Boston"]))  # fmt: skip
    study.converge(access({"akim": {**OWN, "dag": None, "expires": None}}))
    seen = user(study.project, "akim")
    assert (seen["expiration"], seen["data_access_group"]) == ("", "")


def test_case_does_not_tell_users_apart(study: Study) -> None:
    accept(study.project, "user", {"username": "AKim"})
    assert row(study, access({"akim": OWN}), "AKim")["reports"] == "1"
    study.converge(access({"akim": OWN}))
    assert len(study.project.rows("user")) == 2


def test_a_member_of_a_role_is_never_imported_while_in_it(study: Study) -> None:
    study.converge(access({"akim": {"role": "Entry"}}, roles=ENTRY))
    later = access({"akim": {"role": "Entry", "expires": "2028-01-31"}}, roles=ENTRY)
    plan = planned(study, later)
    assert [one.phase for one in plan.steps] == [
        Phase.LEAVE_ROLES, Phase.USERS, Phase.ASSIGN_ROLES,
    ]  # fmt: skip
    assert row(study, later, "akim").keys() == {"username", "expiration", "data_access_group"}
    study.converge(later)
    assert user(study.project, "akim")["expiration"] == "2028-01-31"
    assert assignment(study.project, "akim")["unique_role_name"].startswith("U-")


def test_leaving_a_role_for_rights_of_their_own_imports_these_at_once(study: Study) -> None:
    study.converge(access({"akim": {"role": "Entry"}}, roles=ENTRY))
    plan = planned(study, access({"akim": OWN}, roles=ENTRY))
    assert [one.phase for one in plan.steps] == [Phase.LEAVE_ROLES, Phase.USERS]
    (told,) = [one for one in plan.findings if one.code == "H126"]
    assert (told.severity, told.address) == (Severity.NOTE, "user/akim/role")
    study.converge(access({"akim": OWN}, roles=ENTRY))
    seen = user(study.project, "akim")
    assert (seen["record_create"], seen["reports"]) == (0, 1)


def test_a_role_given_leaves_the_rights_of_their_own_alone(study: Study) -> None:
    study.converge(access({"akim": OWN}, roles=ENTRY))
    plan = planned(study, access({"akim": {"role": "Entry"}}, roles=ENTRY))
    assert actions(plan) == {"user/akim/role": "update"}
    study.converge(access({"akim": {"role": "Entry"}}, roles=ENTRY))
    study.converge(access({"akim": OWN}, roles=ENTRY))


@pytest.mark.parametrize(
    "switches",
    [{}, {"user_import_without_dag": "keep", "mapping_without_dag": "keep"}],
    ids=["clears", "keeps"],
)
def test_a_group_survives_every_other_change(
    make_emulator: MakeEmulator, tmp_path: Path, switches: dict[str, str]
) -> None:
    study = Study(new_project(make_emulator(**switches)), tmp_path)
    dags = ["Boston"]
    for people in (
        {"role": "Entry", "dag": "Boston"},
        {"role": "Entry", "expires": "2028-01-31"},
        {**OWN, "expires": None},
        {"role": "Entry"},
        OWN,
    ):
        study.converge(access({"akim": people}, roles=ENTRY, dags=dags))
        assert user(study.project, "akim")["data_access_group"] == "boston"


def test_a_group_survives_on_a_server_that_does_not_name_it_with_roles(
    make_emulator: MakeEmulator, tmp_path: Path
) -> None:
    older = Study(new_project(make_emulator("12.5.2")), tmp_path)
    older.converge(
        access({"akim": {"role": "Entry", "dag": "Boston"}}, roles=ENTRY, dags=["Boston"])
    )
    older.converge(access({"akim": OWN}, roles=ENTRY))
    assert user(older.project, "akim")["data_access_group"] == "boston"


def test_a_role_and_rights_of_their_own_exclude_each_other(tmp_path: Path) -> None:
    both = access({"akim": {"role": "Entry", "export": {"*": "full"}}}, roles=ENTRY)
    assert found(tmp_path, both) == [("M402", "user/akim")]


@pytest.mark.parametrize("definition", [{}, {"role": None}, {"dag": None}])
def test_neither_role_nor_rights_is_refused(tmp_path: Path, definition: object) -> None:
    (finding,) = problems(tmp_path, access({"akim": definition}))
    assert (finding.code, finding.address) == ("M401", "user/akim")
    assert "rights: {}" in finding.advice


def test_names_that_differ_in_case_alone_are_refused(tmp_path: Path) -> None:
    assert found(tmp_path, access({"akim": OWN, "AKIM": OWN})) == [("M411", "user/AKIM")]


@pytest.mark.parametrize("name", ["", "x" * 192])
def test_usernames_that_cannot_be_are_refused(tmp_path: Path, name: str) -> None:
    assert [code for code, _ in found(tmp_path, access({name: OWN}))] == ["M420"]


@pytest.mark.parametrize("day", ["31.12.2027", "2027-02-30", "2027-1-1", "soon"])
def test_a_last_day_that_is_no_date_is_refused(tmp_path: Path, day: str) -> None:
    assert found(tmp_path, access({"akim": {**OWN, "expires": day}})) == [("M410", "user/akim")]


def test_a_right_on_an_instrument_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    people = {"akim": {"instruments": {"*": "edit", "visits": "none"}}}
    assert found(tmp_path, access(people)) == [("M407", "user/akim")]


def test_a_level_the_server_does_not_have_stops_the_plan(
    make_emulator: MakeEmulator, tmp_path: Path
) -> None:
    older = Study(new_project(make_emulator("15.5.0")), tmp_path)
    plan = planned(older, access({"akim": {"instruments": {"*": ["edit", "delete"]}}}))
    assert {found for found in codes(plan) if found[0] == "M416"} == {("M416", "user/akim")}
    assert plan.stopped


def test_deleting_without_the_right_it_takes_is_foretold(study: Study) -> None:
    lesser = {**JDOE, "rights": {**JDOE["rights"], "record_delete": False}}
    study.converge({"users": {"jdoe": lesser, "akim": OWN}})
    alone = {"users": {"jdoe": lesser}, "manage": {"users": "authoritative"}}
    assert ("M421", "user/jdoe") in codes(planned(study, alone))
    granting = {"users": {"jdoe": JDOE}, "manage": {"users": "authoritative"}}
    assert ("M421", "user/jdoe") not in codes(planned(study, granting))
    study.converge(granting)


def test_a_row_without_a_name_is_suspicious() -> None:
    with pytest.raises(SuspiciousReadError, match="without a username"):
        KIND.read([{"email": ""}], Reading(target(), State()))


def test_rights_of_members_are_not_taken_for_their_own(study: Study) -> None:
    study.converge(access({"akim": {"role": "Entry"}}, roles=ENTRY))
    (member,) = [one for one in KIND.items(live_of(study).state) if one.username == "akim"]
    assert member.grants is None
    assert member.effective is not None
    assert dict(member.effective.rights)["record_create"] == "true"


def test_people_are_described_by_role_or_rights(study: Study) -> None:
    make_dags(study.project, "Boston")
    unique = make_role(study.project, "Entry")
    accept(
        study.project, "user",
        {"username": "akim", "expiration": "2027-12-31", "data_access_group": "boston"},
        {"username": "mlee", "reports": 1, "forms": {"form_1": 2}},
    )  # fmt: skip
    accept(
        study.project, "userRoleMapping",
        {"username": "akim", "unique_role_name": unique, "data_access_group": "boston"},
    )  # fmt: skip
    draft: dict[str, Any] = {}
    KIND.describe(live_of(study).state, draft)
    assert draft["users"]["akim"] == {"role": "Entry", "dag": "Boston", "expires": "2027-12-31"}
    assert draft["users"]["mlee"] == {
        "rights": {"reports": True}, "instruments": {"form_1": "read_only"},
    }  # fmt: skip
