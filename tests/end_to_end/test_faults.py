"""Whatever goes wrong at whichever call: a truthful account, nothing lost, the next run goes on."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from redcap_iac import workflow
from redcap_iac.calls import Call
from redcap_iac.emulator.server import Emulator
from redcap_iac.errors import (
    PartlyAppliedError,
    RefusedError,
    RightsError,
    ServerError,
    UnreachableError,
)
from redcap_iac.plan import Phase, Plan, Step
from redcap_iac.workflow import Applied
from tests.emulator.conftest import MakeEmulator
from tests.emulator.served import Project, new_project
from tests.end_to_end.study import Silent, Study, everything, said
from tests.end_to_end.watching import Watched, grant, kept, session
from tests.end_to_end.whole import AFTER, BEFORE

RECORDS = (
    '[{"record_id":"1","redcap_event_name":"baseline_arm_1","start":"then","doomed":"x"},'
    '{"record_id":"1","redcap_event_name":"week_4_arm_1","redcap_repeat_instrument":"visit",'
    '"redcap_repeat_instance":2,"mood":"fine"},'
    '{"record_id":"2","redcap_event_name":"baseline_arm_1","start":"now"}]'
)
VALUES = {("1", "then"), ("1", "fine"), ("2", "now")}
#: Every phase that going from the first design to the second has, in the order of writes.
PHASES = (
    "FLAGS", "ARMS", "RENAME_EVENTS", "CREATE_EVENTS", "DICTIONARY", "DESIGNATIONS", "REPEATING",
    "DELETE_EVENTS", "DELETE_ARMS", "SETTINGS", "DAGS", "ROLES", "LEAVE_ROLES", "USERS",
    "ASSIGN_ROLES", "ASSIGN_DAGS", "DELETE_USERS", "WIDEN_ROLES", "DELETE_DAGS", "DELETE_ROLES",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stored:
    """A database that holds the first design with records, to start each test from."""

    file: Path
    project_id: int
    token: str


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Stored:
    folder = tmp_path_factory.mktemp("before")
    with Emulator(folder / "emulator.db") as emulator:
        project = new_project(emulator)
        Study(project, folder).converge(BEFORE)
        project.post("record", action="import", data=RECORDS).raise_for_status()
        copy = folder / "copy.db"
        with (
            closing(sqlite3.connect(folder / "emulator.db")) as source,
            closing(sqlite3.connect(copy)) as target,
        ):
            source.backup(target)
        return Stored(copy, project.project_id, project.token)


@pytest.fixture
def study(stored: Stored, tmp_path: Path, make_emulator: MakeEmulator) -> Study:
    """The first design, live, and the second one declared."""
    file = tmp_path / "emulator.db"
    file.write_bytes(stored.file.read_bytes())
    project = Project(make_emulator(path=file), stored.project_id, stored.token)
    found = Study(project, tmp_path)
    found.declare(AFTER)
    return found


def values(study: Study) -> set[tuple[str, str]]:
    rows = study.project.rows("record", type="eav", fields=["record_id", "start", "mood"])
    return {(row["record"], row["value"]) for row in rows if row["field_name"] != "record_id"}


def nth(plan: Plan, step: Step) -> str:
    """Return a step's call as faults name it: content, action, and how many-th of its kind."""
    earlier = plan.steps[: plan.steps.index(step) + 1]
    same = [s for s in earlier if (s.call.content, s.call.action) == _kind(step.call)]
    return f"{step.call.content}/{step.call.action}#{len(same)}"


def _kind(call: Call) -> tuple[str, str]:
    return call.content, call.action


def apply_with(study: Study, phase: str, fault: str) -> tuple[Plan, Step, Applied]:
    """Plan, order a fault for the call of a phase, apply."""
    goal = study.goal()
    planned = study.plan(goal)
    (step,) = (step for step in planned.plan.steps if step.phase is Phase[phase])
    study.project.emulator.faults.order(f"{fault}@{nth(planned.plan, step)}")
    applied = workflow.apply(study.session, goal, planned, Silent(), answers=everything())
    return planned.plan, step, applied


def converge_again(study: Study) -> None:
    """Run once more, without faults, and look that the design is there and no value is gone."""
    study.project.emulator.faults.clear()
    applied = study.apply(study.goal())
    assert applied.is_complete, (applied.outcomes[-1].error, applied.trouble)
    assert study.plan(study.goal()).plan.is_empty
    assert values(study) == VALUES


def test_the_plan_has_every_phase_in_the_order_of_writes(study: Study) -> None:
    plan = study.plan(study.goal()).plan
    assert tuple(step.phase.name for step in plan.steps) == PHASES, said(plan)


def test_without_a_fault_nothing_is_left_to_do_and_no_value_is_gone(study: Study) -> None:
    applied = study.apply(study.goal())
    assert applied.is_complete
    assert [outcome.remarks for outcome in applied.outcomes] == [()]
    assert values(study) == VALUES


#: Calls that are sent a second time once two reads show that nothing changed: imports but those
#: for which the server makes names.
REPEATED = tuple(
    phase
    for phase in PHASES
    if "DELETE" not in phase and phase not in ("CREATE_EVENTS", "DAGS", "ROLES", "RENAME_EVENTS")
)


@pytest.mark.parametrize("phase", sorted(set(PHASES) - set(REPEATED) - {"RENAME_EVENTS"}))
@pytest.mark.parametrize("fault", ["error=500", "cut-before"])
def test_a_call_that_might_be_there_twice_or_deletes_is_left_open(
    study: Study, phase: str, fault: str
) -> None:
    plan, step, applied = apply_with(study, phase, fault)
    outcome = applied.outcomes[-1]
    place = plan.steps.index(step)
    assert outcome.done == plan.steps[:place]
    assert outcome.failed == step
    assert outcome.not_tried == plan.steps[place + 1 :]
    assert outcome.uncertain
    assert isinstance(outcome.error, ServerError | UnreachableError)
    assert not applied.is_complete
    assert applied.proof is None
    converge_again(study)


@pytest.mark.parametrize("phase", REPEATED)
@pytest.mark.parametrize("fault", ["error=500", "cut-before"])
def test_an_import_that_changed_nothing_is_sent_once_more(
    study: Study, phase: str, fault: str
) -> None:
    _, step, applied = apply_with(study, phase, fault)
    assert applied.is_complete, applied.outcomes[-1].error
    again = f"{step.title}: no answer, and nothing had changed; sent once more."
    assert again in applied.outcomes[-1].remarks
    assert values(study) == VALUES


@pytest.mark.parametrize("phase", ["DELETE_EVENTS", "DELETE_USERS", "DELETE_DAGS"])
def test_a_deletion_whose_answer_is_lost_is_left_open(study: Study, phase: str) -> None:
    plan, step, applied = apply_with(study, phase, "cut-after")
    outcome = applied.outcomes[-1]
    assert outcome.done == plan.steps[: plan.steps.index(step)]
    assert outcome.failed == step
    assert outcome.uncertain
    converge_again(study)


@pytest.mark.parametrize(
    "phase", ["FLAGS", "ARMS", "CREATE_EVENTS", "DESIGNATIONS", "REPEATING", "DAGS", "SETTINGS"]
)
def test_an_import_that_reading_shows_to_be_written_is_not_sent_again(
    study: Study, phase: str
) -> None:
    _, step, applied = apply_with(study, phase, "cut-after")
    assert applied.is_complete, applied.outcomes[-1].error
    found = f"{step.title}: no answer, but read again, it was written."
    assert found in applied.outcomes[-1].remarks
    assert values(study) == VALUES


@pytest.mark.parametrize("phase", PHASES)
def test_a_lost_answer_never_loses_or_doubles_anything(study: Study, phase: str) -> None:
    apply_with(study, phase, "cut-after")
    converge_again(study)
    for content, name in (("event", "unique_event_name"), ("dag", "unique_group_name")):
        names = [row[name] for row in study.project.rows(content)]
        assert len(names) == len(set(names))
    roles = [row["role_label"] for row in study.project.rows("userRole")]
    assert sorted(roles) == ["Data entry", "Monitor"]


@pytest.mark.parametrize("phase", ["FLAGS", "DICTIONARY", "USERS", "DELETE_DAGS"])
def test_a_right_lost_on_the_way_is_a_refusal_and_nothing_is_open(study: Study, phase: str) -> None:
    states: list[object] = []
    goal = study.goal()
    planned = study.plan(goal)
    (step,) = (step for step in planned.plan.steps if step.phase is Phase[phase])

    def before(call: Call) -> None:
        if call.writes and len(client.writes) == planned.plan.steps.index(step) + 1:
            grant(study.project, "jdoe", api_import=0)
            states.append(kept(study.project))

    client = Watched(study.project, before)
    applied = workflow.apply(session(study, client), goal, planned, Silent(), answers=everything())
    outcome = applied.outcomes[-1]
    assert isinstance(outcome.error, RightsError)
    assert outcome.failed == step
    assert not outcome.uncertain
    assert [kept(study.project)] == states
    grant(study.project, "jdoe", api_import=1)
    converge_again(study)


def test_a_payload_that_is_refused_wrote_nothing(study: Study) -> None:
    def after(call: Call, answer: Any) -> Any:  # noqa: ANN401 - an answer, changed
        if _kind(call) == ("dag", "import"):
            raise RefusedError("dag import: no", status=400, text="no")
        return answer

    goal = study.goal()
    planned = study.plan(goal)
    watched = session(study, Watched(study.project, after=after))
    applied = workflow.apply(watched, goal, planned, Silent(), answers=everything())
    assert not applied.outcomes[-1].uncertain
    converge_again(study)


def test_a_web_page_in_place_of_an_answer_is_no_success(study: Study) -> None:
    _, step, applied = apply_with(study, "DELETE_ARMS", "html")
    assert applied.outcomes[-1].failed == step
    assert applied.outcomes[-1].uncertain
    converge_again(study)


def test_a_redirect_of_a_write_wrote_nothing(study: Study) -> None:
    _, step, applied = apply_with(study, "ARMS", "redirect=https://elsewhere.example.org/api/")
    assert applied.outcomes[-1].failed == step
    assert not applied.outcomes[-1].uncertain
    converge_again(study)


def test_a_call_that_was_answered_is_done_though_its_effect_could_not_be_read(
    study: Study,
) -> None:
    cut: list[Call] = []

    def before(call: Call) -> None:
        if cut and not call.writes:
            raise UnreachableError("the line is dead")
        if _kind(call) == ("metadata", "import"):
            cut.append(call)

    goal = study.goal()
    planned = study.plan(goal)
    watched = session(study, Watched(study.project, before))
    applied = workflow.apply(watched, goal, planned, Silent(), answers=everything())
    outcome = applied.outcomes[-1]
    assert [step.phase for step in outcome.done][-1] is Phase.DICTIONARY
    assert outcome.failed is None
    assert not outcome.uncertain
    assert outcome.not_tried == planned.plan.steps[len(outcome.done) :]
    assert not applied.is_complete
    converge_again(study)


def test_an_interrupt_lets_the_call_in_flight_finish(study: Study) -> None:
    goal = study.goal()
    planned = study.plan(goal)
    client = Watched(study.project)
    applied = workflow.apply(
        session(study, client), goal, planned, Silent(), answers=everything(),
        should_stop=lambda: len(client.writes) == 3,
    )  # fmt: skip
    outcome = applied.outcomes[-1]
    assert outcome.interrupted
    assert (outcome.done, outcome.not_tried) == (planned.plan.steps[:3], planned.plan.steps[3:])
    assert (outcome.failed, outcome.error) == (None, None)
    assert not applied.is_complete
    converge_again(study)


def test_a_stop_before_the_first_call_writes_nothing(study: Study) -> None:
    before = kept(study.project)
    goal = study.goal()
    planned = study.plan(goal)
    applied = workflow.apply(
        study.session, goal, planned, Silent(), answers=everything(), should_stop=lambda: True
    )
    assert applied.outcomes[-1].done == ()
    assert kept(study.project) == before


def test_every_step_is_told_before_it_is_made(study: Study) -> None:
    told: list[tuple[int, int, Step]] = []

    class Watching:
        def step(self, number: int, total: int, step: Step) -> None:
            told.append((number, total, step))

    goal = study.goal()
    planned = study.plan(goal)
    workflow.apply(study.session, goal, planned, Watching(), answers=everything())
    steps = planned.plan.steps
    assert told == [(n, len(steps), step) for n, step in enumerate(steps, 1)]


def test_a_count_that_is_not_what_was_sent_is_told(study: Study) -> None:
    def after(call: Call, answer: Any) -> Any:  # noqa: ANN401 - an answer, changed
        return type(answer)((), "3", 3) if _kind(call) == ("arm", "import") else answer

    goal = study.goal()
    planned = study.plan(goal)
    watched = session(study, Watched(study.project, after=after))
    applied = workflow.apply(watched, goal, planned, Silent(), answers=everything())
    assert applied.is_complete
    assert applied.outcomes[-1].remarks == ("write arm 1: REDCap counted 3 where 1 were sent.",)


def test_unique_names_of_new_roles_are_waited_for(study: Study) -> None:
    hidden: list[Call] = []

    def after(call: Call, answer: Any) -> Any:  # noqa: ANN401 - an answer, changed
        """Hide the new role's name in the first exports after the import (recorded: a cache)."""
        if _kind(call) == ("userRole", "import") and not hidden:
            hidden.append(call)
        if _kind(call) != ("userRole", "export") or not 0 < len(hidden) < 4:
            return answer
        hidden.append(call)
        rows = [dict(row) for row in answer.rows]
        for row in rows:
            row["unique_role_name"] *= row["role_label"] != "Monitor"
        return type(answer)(tuple(rows))

    goal = study.goal()
    planned = study.plan(goal)
    watched = session(study, Watched(study.project, after=after))
    applied = workflow.apply(watched, goal, planned, Silent(), answers=everything())
    assert applied.is_complete, applied.outcomes[-1].error
    assert len(hidden) == 4


def test_a_name_that_never_shows_stops_before_the_call_that_needs_it(study: Study) -> None:
    imported: list[Call] = []

    def after(call: Call, answer: Any) -> Any:  # noqa: ANN401 - an answer, changed
        if _kind(call) == ("userRole", "import"):
            imported.append(call)
        if _kind(call) != ("userRole", "export") or not imported:
            return answer
        rows = [dict(row) for row in answer.rows]
        for row in rows:
            row["unique_role_name"] *= row["role_label"] != "Monitor"
        return type(answer)(tuple(rows))

    goal = study.goal()
    planned = study.plan(goal)
    watched = session(study, Watched(study.project, after=after))
    applied = workflow.apply(watched, goal, planned, Silent(), answers=everything())
    outcome = applied.outcomes[-1]
    assert isinstance(outcome.error, PartlyAppliedError)
    assert "role/Monitor" in outcome.error.message
    assert outcome.failed is not None
    assert outcome.failed.phase is Phase.ASSIGN_ROLES
    assert not outcome.uncertain
    converge_again(study)
