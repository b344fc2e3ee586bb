"""Every project file of ../shared/corpus: created with `odm`, pulled, applied to another project.

A manifest that was pulled finds nothing to do where it came from, and makes an empty project the
same design, but for what the server gives out itself and what no call of the API can set.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from redcap_iac.emulator.server import Emulator
from tests.corpus.exports import design
from tests.emulator.conftest import MakeEmulator
from tests.emulator.odm.creating import created
from tests.emulator.odm.reading import ABSENT, FILES
from tests.emulator.served import Project, new_project
from tests.end_to_end.pulling import pull
from tests.end_to_end.study import Study, said

pytestmark = [pytest.mark.corpus, pytest.mark.skipif(not FILES, reason=ABSENT)]
every_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


#: The one with an instrument that holds nothing but its status: no call of the API makes such one.
WITH_BARE = "biggeeves__regression-test"
BARE = "record_status_dashboard"


@pytest.fixture
def open_emulator(make_emulator: MakeEmulator) -> Emulator:
    """An emulator where sql fields may be imported by the owner of an ordinary token."""
    return make_emulator(sql_rows="accept")


def made(emulator: Emulator, path: Path) -> Project:
    return created(emulator, path.read_text(encoding="utf-8"))


@every_file
def test_a_pulled_project_has_nothing_to_change(
    path: Path, emulator: Emulator, tmp_path: Path
) -> None:
    study = Study(made(emulator, path), tmp_path)
    for csv in (False, True):
        copy = pull(study, tmp_path / f"csv {csv}", csv=csv)
        plan = copy.plan(copy.goal()).plan
        assert (plan.changes, plan.steps, plan.stopped) == ((), (), ()), said(plan)


@pytest.mark.parametrize(
    "path", [path for path in FILES if path.stem == WITH_BARE], ids=lambda path: path.stem
)
def test_an_instrument_without_fields_is_kept_and_cannot_be_made(
    path: Path, open_emulator: Emulator, tmp_path: Path
) -> None:
    pulled = pull(Study(made(open_emulator, path), tmp_path), tmp_path / "pulled")
    second = Study(new_project(open_emulator), pulled.folder)

    plan = second.plan(second.goal()).plan

    assert [
        (error.code, error.address) for error in plan.findings if error.severity == "error"
    ] == [("M226", f"instrument/{BARE}")]
    assert plan.stopped


@pytest.mark.parametrize(
    "path", [path for path in FILES if path.stem != WITH_BARE], ids=lambda path: path.stem
)
def test_a_pulled_manifest_makes_an_empty_project_the_same(
    path: Path, open_emulator: Emulator, tmp_path: Path
) -> None:
    first = made(open_emulator, path)
    pulled = pull(Study(first, tmp_path), tmp_path / "pulled")
    (owner, *_) = (user["username"] for user in first.rows("user"))
    second = Study(new_project(open_emulator, username=owner), pulled.folder)

    applied = second.apply(second.goal())

    assert applied.outcomes[-1].error is None
    assert applied.proof is not None
    assert (applied.proof.changes, applied.proof.stopped) == ((), ()), said(applied.proof)
    assert design(second.project) == design(first)
