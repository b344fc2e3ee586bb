"""What must hold for any two designs."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from redcap_iac.emulator.server import Emulator
from tests.emulator.conftest import MakeEmulator
from tests.emulator.served import new_project
from tests.end_to_end.designs import Design, designs
from tests.end_to_end.study import Study, said

SLOWLY = settings(
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # shrinking whole designs takes minutes
    max_examples=25,
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
AUTHORITATIVE = {"manage": {"users": "additive"}}


def study_on(emulator: Emulator, folder: str) -> Study:
    return Study(new_project(emulator), Path(folder))


@SLOWLY
@given(first=designs(), second=designs(), side=SIDES)
def test_any_design_can_follow_any_other(
    make_emulator: MakeEmulator, first: Design, second: Design, side: dict[str, str]
) -> None:
    emulator = make_emulator(**side)
    try:
        with tempfile.TemporaryDirectory() as folder:
            study = study_on(emulator, folder)
            study.converge({**first, **AUTHORITATIVE})
            study.converge({**second, **AUTHORITATIVE})
            again = study.plan(study.goal()).plan
            assert again.changes == (), said(again)
            assert again.steps == ()
    finally:
        emulator.stop()
