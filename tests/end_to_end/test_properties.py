"""What must hold for any two designs."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from redcap_iac import workflow
from redcap_iac.emulator.server import Emulator
from redcap_iac.plan_json import to_json
from redcap_iac.plan_reading import from_json
from redcap_iac.workflow import Planned
from tests.emulator.conftest import MakeEmulator
from tests.emulator.served import new_project
from tests.end_to_end.designs import Design, designs
from tests.end_to_end.explaining import Explanation
from tests.end_to_end.observing import Exports, exports, order
from tests.end_to_end.study import Silent, Study, everything, said

SLOWLY = settings(
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # shrinking whole designs takes minutes
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow,
                           HealthCheck.data_too_large, HealthCheck.filter_too_much],
)  # fmt: skip

SIDES = st.sampled_from(
    [
        {},
        {"event_rename": "keep", "one_event_longitudinal": "longitudinal"},
        {"user_import_without_dag": "keep", "mapping_without_dag": "keep"},
        {"role_delete_with_members": "detach", "dag_delete_with_records": "unassign"},
        {"instrument_label_on_reimport": "reset", "delete_users_needs_record_delete": "off"},
    ]
)
#: Exports no apply may change when none of these kinds is managed.
UNTOUCHED = {
    ("fields",): ("metadata", "instrument"),
    ("dags",): ("dag",),
    ("roles", "fields"): ("userRole",),
    ("arms", "project"): ("arm", "event"),
    ("users", "roles", "dags", "fields"): ("user", "userRoleMapping", "userDagMapping"),
}


def study_on(emulator: Emulator, folder: str) -> Study:
    """Return a study whose token may also delete users."""
    study = Study(new_project(emulator), Path(folder))
    rights = [{"username": "jdoe", "record_delete": 1, "data_access_group": ""}]
    study.project.post("user", data=json.dumps(rights)).raise_for_status()
    return study


def settled(study: Study, design: Design) -> None:
    """Converge; what a classic project hid comes to light in one run and goes in the next."""
    goal = study.declare(design)
    applied = study.apply(goal)
    assert applied.is_complete, applied.outcomes[-1].error
    study.converge(design)


@SLOWLY
@given(first=designs(), second=designs(), side=SIDES)
def test_any_design_can_follow_any_other(
    make_emulator: MakeEmulator, first: Design, second: Design, side: dict[str, str]
) -> None:
    emulator = make_emulator(**side)
    try:
        with tempfile.TemporaryDirectory() as folder:
            study = study_on(emulator, folder)
            settled(study, first)
            settled(study, second)
            again = study.plan(study.goal()).plan
            assert again.changes == (), said(again)
            assert again.steps == ()
    finally:
        emulator.stop()


@SLOWLY
@given(
    first=designs(sql=True),
    second=designs(partial=True, sql=True),
    side=SIDES,
    version=st.sampled_from(["14.1.0", "15.5.0", "16.1.3"]),
)
def test_a_plan_tells_all_that_an_apply_does_and_nothing_else(
    make_emulator: MakeEmulator, first: Design, second: Design, side: dict[str, str], version: str
) -> None:
    emulator = make_emulator(version, sql_rows="accept", **side)
    try:
        with tempfile.TemporaryDirectory() as folder:
            study = study_on(emulator, folder)
            settled(study, first)
            goal = study.declare(second)
            planned = study.plan(goal)
            assert_plan_is_stable(planned, study.plan(goal))
            if planned.plan.stopped:
                return
            before = exports(study.project)
            applied = workflow.apply(study.session, goal, planned, Silent(), answers=everything())
            assert applied.is_complete, applied.outcomes[-1].error or said(
                applied.proof or planned.plan
            )
            assert_told(planned, before, exports(study.project))
    finally:
        emulator.stop()


def assert_plan_is_stable(planned: Planned, again: Planned) -> None:
    """Two plans are equal to the byte, and a saved one reads back the same."""
    saved = json.dumps(to_json(planned.plan))
    assert json.dumps(to_json(again.plan)) == saved
    assert json.dumps(to_json(from_json(saved))) == saved
    if planned.plan.stopped:
        return  # no step may ever be made of it
    served = {address for step in planned.plan.steps for address in step.serves}
    assert served >= {change.address for change in planned.plan.changes}
    assert planned.plan.changes or not planned.plan.steps


def assert_told(planned: Planned, before: Exports, after: Exports) -> None:
    """Changes and exports agree, and what is not managed is as it was, to the byte."""
    desired = planned.difference.desired.state
    for kinds, contents in UNTOUCHED.items():
        if not any(kind in desired for kind in kinds):
            assert after.text(*contents) == before.text(*contents), contents
    if after.project["is_longitudinal"] != before.project["is_longitudinal"]:
        return  # a classic project does not show its schedule
    explanation = Explanation(planned.difference.changes, before, after)
    assert explanation.untold() == []
    assert explanation.unseen() == []
    if not any(change.kind == "fields" for change in planned.difference.changes):
        assert order(after) == order(before)
