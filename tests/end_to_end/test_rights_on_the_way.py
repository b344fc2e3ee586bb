"""Nobody has more access on the way than before or after, but those a plan names."""

from __future__ import annotations

import tempfile
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from redcap_iac import workflow
from redcap_iac.answers import Answer
from redcap_iac.calls import Call
from redcap_iac.safety.access import Access, excess
from redcap_iac.workflow import Planned
from tests.emulator.conftest import MakeEmulator
from tests.end_to_end.people import access
from tests.end_to_end.study import Silent, Study, everything
from tests.end_to_end.test_properties import study_on
from tests.end_to_end.watching import Watched, present_access, session
from tests.kinds.access import INSTRUMENTS

#: Who is named here may hold more for a moment: the plan says so.
NAMING = ("H126", "H127")
SLOWLY = settings(
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
MODES = st.sampled_from(["authoritative", "additive"])


def manifest(people: dict[str, Any], mode: str) -> dict[str, Any]:
    return {"instruments": INSTRUMENTS, "manage": {"users": mode}, **people}


def too_much(study: Study, planned: Planned) -> list[tuple[str, str, object]]:
    """Apply a plan, and return who could do what for a moment, after which call."""
    seen: list[tuple[str, dict[str, Access]]] = []

    def after(call: Call, answer: Answer) -> Answer:
        if call.writes:
            seen.append((f"{call.content} {call.action}", present_access(study.project)))
        return answer

    before = present_access(study.project)
    watched = session(study, Watched(study.project, after=after))
    goal = study.goal()
    applied = workflow.apply(watched, goal, planned, Silent(), answers=everything())
    assert applied.is_complete, applied.outcomes[-1].error
    last = present_access(study.project)
    found: list[tuple[str, str, object]] = []
    for call, people in seen:
        for name, now in people.items():
            more = excess(now, before.get(name), last.get(name))
            if more:
                found.append((name, call, sorted(more)))
    return found


def named(planned: Planned) -> set[str]:
    return {
        name
        for one in planned.plan.findings
        if one.code in NAMING and one.stake is not None
        for name in one.stake.names
    }


@SLOWLY
@given(
    first=access(["intake", "visit"]),
    second=access(["intake", "visit"]),
    mode=MODES,
    version=st.sampled_from(["12.5.2", "14.1.0", "16.1.3"]),
)
def test_nobody_has_more_on_the_way_but_those_named(
    make_emulator: MakeEmulator, first: dict[str, Any], second: dict[str, Any], mode: str,
    version: str,
) -> None:  # fmt: skip
    emulator = make_emulator(version)
    try:
        with tempfile.TemporaryDirectory() as folder:
            study = study_on(emulator, folder)
            study.declare(manifest(first, mode))
            if study.plan(study.goal()).plan.stopped:
                return
            study.apply(study.goal())
            study.declare(manifest(second, mode))
            planned = study.plan(study.goal())
            if planned.plan.stopped:
                return
            found = [one for one in too_much(study, planned) if one[0] not in named(planned)]
            assert found == []
    finally:
        emulator.stop()


ROLE = {"instruments": {"*": "edit"}, "export": {"*": "deidentified"}}
WIDE = {"instruments": {"*": "edit"}, "export": {"*": "full"}}
#: What somebody in a role that widens may not have for a moment, though the role has it.
UNSETTLED: dict[str, dict[str, Any]] = {
    "moved to another role": {"role": "Monitor"},
    "put into a group": {"role": "Entry", "dag": "Lyon"},
}


@pytest.mark.parametrize("later", UNSETTLED.values(), ids=UNSETTLED)
def test_a_role_is_widened_when_those_it_is_not_for_have_gone(
    study: Study, later: dict[str, Any]
) -> None:
    narrow = {"Entry": ROLE, "Monitor": ROLE}
    people = {"dags": ["Lyon"], "users": {"amy": {"role": "Entry"}, "bob": {"role": "Entry"}}}
    study.converge(manifest({**people, "roles": narrow}, "additive"))
    wide = {"Entry": WIDE, "Monitor": ROLE}
    moved = {"dags": ["Lyon"], "roles": wide, "users": {"amy": later, "bob": {"role": "Entry"}}}
    study.declare(manifest(moved, "additive"))
    planned = study.plan(study.goal())
    assert named(planned) == set()
    assert too_much(study, planned) == []


def test_a_role_is_widened_when_those_who_go_have_gone(study: Study) -> None:
    study.converge(
        manifest({"roles": {"Entry": ROLE}, "users": {"amy": {"role": "Entry"}}}, "authoritative")
    )
    study.project.post("user", data='[{"username": "jdoe", "record_delete": 1}]')
    study.declare(manifest({"roles": {"Entry": WIDE}, "users": {}}, "authoritative"))
    planned = study.plan(study.goal())
    assert named(planned) == set()
    assert too_much(study, planned) == []


def test_a_role_that_gives_and_takes_is_written_twice(study: Study) -> None:
    before = {**ROLE, "rights": {"reports": True}}
    people = {"users": {"amy": {"role": "Entry"}, "bob": {"role": "Entry"}}}
    study.converge(manifest({**people, "roles": {"Entry": before, "Monitor": ROLE}}, "additive"))
    after = {"users": {"amy": {"role": "Monitor"}, "bob": {"role": "Entry"},
                       "eve": {"role": "Entry"}},
             "roles": {"Entry": WIDE, "Monitor": ROLE}}  # fmt: skip
    study.declare(manifest(after, "additive"))
    planned = study.plan(study.goal())
    written = [step.phase.name for step in planned.plan.steps if step.kind == "roles"]
    assert written == ["ROLES", "WIDEN_ROLES"]
    assert too_much(study, planned) == []


def test_a_group_is_kept_until_the_rights_are_known(study: Study) -> None:
    own = {"rights": {"reports": True}, "instruments": {"*": "edit"}, "export": {"*": "full"}}
    first = {"dags": ["Lyon"], "roles": {"Entry": ROLE}, "users": {"amy": {"role": "Entry",
             "dag": "Lyon"}}}  # fmt: skip
    study.converge(manifest(first, "additive"))
    study.declare(manifest({**first, "users": {"amy": {**own, "dag": None}}}, "additive"))
    planned = study.plan(study.goal())
    (left,) = [step for step in planned.plan.steps if step.phase.name == "LEAVE_ROLES"]
    assert left.call.rows[0]["data_access_group"] == "lyon"
    assert named(planned) == {"amy"}
    too_much(study, planned)
    assert study.plan(study.goal()).plan.changes == ()
