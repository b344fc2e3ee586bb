"""Before the first write: may the token's user make every call when its turn comes?"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from redcap_iac import workflow
from redcap_iac.calls import Call, Row
from redcap_iac.errors import GuardError, RightsError
from redcap_iac.exporter import read_live
from redcap_iac.findings import Severity
from redcap_iac.plan import Phase, Step
from redcap_iac.safety.preflight import doubtful, needed, needed_for, obstacles, require
from redcap_iac.state import Unit, Version
from redcap_iac.workflow import Planned
from tests.emulator.access import accept, join, make_dags, make_role, with_rights
from tests.emulator.conftest import MakeEmulator
from tests.emulator.served import Project, new_project
from tests.end_to_end.study import Silent, Study, everything
from tests.end_to_end.watching import Watched, kept, session
from tests.kinds.access import INSTRUMENTS, JDOE, access, planned

PLAIN: dict[str, Any] = {"instruments": {"*": "edit"}, "export": {"*": "none"}}


@pytest.fixture
def study(project: Project, tmp_path: Path) -> Study:
    return Study(project, tmp_path)


def call(content: str, action: str = "import") -> Step:
    return Step(Phase.USERS, "users", f"{action} {content}", Call(content, action), (), ())


@pytest.mark.parametrize(
    ("content", "action", "rights"),
    [
        ("metadata", "import", {"design"}),
        ("event", "delete", {"design"}),
        ("project_settings", "import", {"design"}),
        ("dag", "import", {"data_access_groups"}),
        ("userDagMapping", "import", {"data_access_groups"}),
        ("user", "import", {"user_rights"}),
        ("user", "delete", {"user_rights", "record_delete"}),
        ("userRole", "delete", {"user_rights"}),
        ("userRoleMapping", "import", {"user_rights"}),
        ("record", "import", set()),
    ],
)
def test_a_method_asks_for_these_rights(content: str, action: str, rights: set[str]) -> None:
    assert set(needed(Call(content, action))) == {"api_import", *rights}


def test_every_section_asks_for_something() -> None:
    assert all("api_import" in needed_for(unit) for unit in Unit)


@pytest.mark.parametrize(
    "right", ["api_import", "design", "user_rights", "data_access_groups", "record_delete"]
)
@pytest.mark.parametrize(
    ("content", "action"),
    [("metadata", "import"), ("dag", "import"), ("user", "import"), ("user", "delete"),
     ("userRole", "import"), ("userRoleMapping", "import"), ("userDagMapping", "import")],
)  # fmt: skip
def test_the_table_agrees_with_what_a_server_refuses(
    study: Study, right: str, content: str, action: str
) -> None:
    """A call is refused for want of a right exactly when the table asks for it."""
    names = {"api_import", "api_export", "design", "user_rights", "data_access_groups",
             "record_delete"}  # fmt: skip
    all_but = dict.fromkeys(names - {right}, 1)
    holder = with_rights(study.project, "svc", **all_but)
    body = {"users": ["nobody"]} if action == "delete" else {"data": "[]"}
    answer = holder.post(content, action, **body)
    refused = "privileges" in answer.text
    assert refused is (right in needed(Call(content, action))), answer.text


@pytest.mark.parametrize(
    ("right", "label", "manifest"),
    [
        ("design", "Project Design and Setup", {"project": {"title": "New"}}),
        ("user_rights", "User Rights", {"users": {"akim": PLAIN}}),
    ],
)
def test_a_plan_says_what_the_token_may_not_and_an_apply_writes_nothing(
    study: Study, right: str, label: str, manifest: dict[str, Any]
) -> None:
    rights = {"api_import": 1, "api_export": 1, "design": 1, "user_rights": 1}
    rights[right] = 2 if right == "user_rights" else 0
    own = _of("svc", study, **rights)
    goal = own.declare(manifest)
    watched = replace(session(own, Watched(own.project)), user="svc")
    plan = workflow.plan(watched, goal)
    (told,) = [one for one in plan.plan.findings if one.code == "M421"]
    assert (told.severity, told.address) == (Severity.WARNING, "user/svc")
    assert told.message.endswith(f"svc does not hold {label}.")
    assert not plan.plan.stopped
    before = kept(study.project)
    with pytest.raises(RightsError, match=f"svc needs {label}, and does not hold it") as caught:
        workflow.apply(watched, goal, plan, Silent(), answers=everything())
    assert caught.value.exit_code == 6
    assert "User Rights page" in caught.value.advice
    assert kept(study.project) == before


def _of(username: str, study: Study, **rights: int) -> Study:
    return Study(with_rights(study.project, username, **rights), study.folder)


def steps_of(planned: Planned) -> list[str]:
    return [step.phase.name for step in planned.plan.steps]


def test_a_right_granted_on_the_way_is_there_when_it_is_needed(study: Study) -> None:
    lesser = {**JDOE, "rights": {**JDOE["rights"], "record_delete": False}}
    study.converge({"users": {"jdoe": lesser, "akim": PLAIN}})
    study.converge({"users": {"jdoe": JDOE}, "manage": {"users": "authoritative"}})


def test_a_right_taken_is_taken_when_nobody_needs_it_any_more(study: Study) -> None:
    study.converge(access({"akim": PLAIN}, dags=["Lyon"]))
    fewer = {**JDOE, "rights": {**JDOE["rights"], "record_delete": False}}
    goal = study.declare({"instruments": INSTRUMENTS, "dags": ["Lyon"], "users": {"jdoe": fewer},
                          "manage": {"users": "authoritative"}})  # fmt: skip
    plan = study.plan(goal)
    assert steps_of(plan)[-2:] == ["DELETE_USERS", "OWN_ACCESS"]
    assert not [one for one in plan.plan.findings if one.code in ("H123", "M421")]
    applied = study.apply(goal)
    assert applied.is_complete, applied.outcomes[-1].error
    assert study.plan(goal).plan.changes == ()


def lead(study: Study, **rights: int) -> None:
    """Put the token's own user into a role with what running a project takes."""
    given = {"design": 1, "user_rights": 1, "api_import": 1, "api_export": 1, "logging": 1}
    unique = make_role(study.project, "Lead", **{**given, **rights})
    join(study.project, "jdoe", unique)


LEAD = {name: level for name, level in JDOE["rights"].items() if name != "record_delete"}


def test_a_role_of_the_tokens_user_loses_last_what_calls_need(study: Study) -> None:
    study.converge(access({"akim": PLAIN}))
    lead(study, record_delete=1, data_access_groups=1)
    manifest = {"roles": {"Lead": {"rights": LEAD, **PLAIN}}, "users": {"jdoe": {"role": "Lead"}},
                "manage": {"users": "authoritative"}}  # fmt: skip
    goal = study.declare(manifest)
    plan = study.plan(goal)
    assert steps_of(plan)[-2:] == ["DELETE_USERS", "OWN_ACCESS"]
    assert study.apply(goal).is_complete
    assert study.plan(goal).plan.changes == ()


def test_the_tokens_user_joins_a_lesser_role_last(study: Study) -> None:
    study.converge(access({"akim": PLAIN}))
    manifest = {"roles": {"Lead": {"rights": LEAD, **PLAIN}}, "users": {"jdoe": {"role": "Lead"}},
                "manage": {"users": "authoritative"}}  # fmt: skip
    goal = study.declare(manifest)
    assert steps_of(study.plan(goal)) == ["ROLES", "DELETE_USERS", "OWN_ACCESS"]
    assert study.apply(goal).is_complete
    assert study.plan(goal).plan.changes == ()


def test_somebody_else_joins_in_the_ordinary_order(study: Study) -> None:
    study.converge(access({"akim": PLAIN, "twu": PLAIN}))
    manifest = {"roles": {"Lead": {"rights": LEAD, **PLAIN}},
                "users": {"jdoe": JDOE, "akim": {"role": "Lead"}},
                "manage": {"users": "authoritative"}}  # fmt: skip
    assert steps_of(study.plan(study.declare(manifest))) == [
        "ROLES", "ASSIGN_ROLES", "DELETE_USERS",
    ]  # fmt: skip


def test_what_an_earlier_call_takes_is_an_obstacle_to_a_later_one(study: Study) -> None:
    accept(study.project, "user", {"username": "jdoe", "record_delete": 1})
    live = read_live(study.session.client, "jdoe")
    row: Row = {"username": "jdoe", "expiration": "", "data_access_group": "", "record_delete": "0",
           "forms": {"form_1": 1}, "forms_export": {"form_1": 1}}  # fmt: skip
    own = replace(call("user"), call=Call("user", "import", (row,)))
    gone = replace(call("user", "delete"), call=Call("user", "delete", params={"users": ("a",)}))
    assert list(obstacles([gone, own], live)) == []
    (found,) = obstacles([own, gone], live)
    assert (found.step, found.lacking, found.taken) == (gone, ("record_delete",), True)
    with pytest.raises(RightsError, match="an earlier call of this plan would take it away"):
        require([own, gone], live)


@pytest.mark.parametrize("user", ["", "nobody"])
def test_nothing_is_said_while_it_is_not_known_whose_token_it_is(study: Study, user: str) -> None:
    accept(study.project, "user", {"username": "akim"})
    live = read_live(study.session.client, user)
    assert list(obstacles([call("user", "delete")], live)) == []
    require([call("user", "delete")], live)


@pytest.mark.parametrize("content", ["metadata", "arm", "event", "formEventMapping"])
def test_no_design_is_written_in_production(study: Study, content: str) -> None:
    live = read_live(study.session.client, "jdoe")
    require([call(content)], live)
    there = replace(live, target=replace(live.target, status="production"))
    with pytest.raises(GuardError, match="the project is in production"):
        require([call(content)], there)
    require([call("user")], there)


@pytest.mark.parametrize(("version", "count"), [("10.9.9", 1), ("11.0.0", 0), ("16.1.3", 0)])
def test_an_old_server_may_lack_a_method(version: str, count: int) -> None:
    found = doubtful([call("user", "delete"), call("metadata")], Version.parse(version))
    assert [since for _, since in found] == [Version(11, 0, 0)] * count


def test_a_plan_for_an_old_server_says_so(make_emulator: MakeEmulator, tmp_path: Path) -> None:
    study = Study(new_project(make_emulator("11.4.4")), tmp_path)
    make_dags(study.project, "Lyon")
    plan = planned(study, {"roles": {"Entry": PLAIN}})
    assert [one.address for one in plan.findings if one.code == "M422"] == ["project/version"]
