"""Files as the API answers them are read as the project, and its imports take ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from redcap_iac import workflow
from redcap_iac.emulator.server import Emulator
from redcap_iac.formats.losses import losses
from redcap_iac.formats.naming import Named, named
from redcap_iac.workflow.converted_files import Target
from redcap_iac.workflow.converting import convert
from tests.emulator.served import Project, new_project
from tests.end_to_end.pulling import pull
from tests.end_to_end.study import Study
from tests.formats.conversions import EXAMPLES

#: Content of the API → file of a folder of tables, in the order in which imports go.
ANSWERS = {
    "metadata": "dictionary",
    "instrument": "instruments",
    "arm": "arms",
    "event": "events",
    "formEventMapping": "designations",
    "repeatingFormsEvents": "repeating",
    "dag": "dags",
    "userRole": "roles",
    "user": "users",
    "userRoleMapping": "role_assignments",
    "userDagMapping": "dag_assignments",
    "project": "project",
}


@pytest.fixture
def study(emulator: Emulator) -> Study:
    """The example trial, applied to a project."""
    study = Study(new_project(emulator), EXAMPLES / "trial")
    study.apply(study.goal())
    return study


def state_of(study: Study) -> Named:
    return named(workflow.read(study.session).state)


def answers(project: Project, format_: str, folder: Path) -> list[Path]:
    """Save what the API answers to every export of the design."""
    paths = []
    for content, name in ANSWERS.items():
        answer = project.post(content, format=format_)
        assert answer.status_code == 200, answer.text
        path = folder / f"{name}.{format_}"
        path.write_bytes(answer.content)
        paths.append(path)
    return paths


@pytest.mark.parametrize("format_", ["csv", "json"])
def test_what_the_api_answers_is_read_as_the_project(
    format_: str, study: Study, tmp_path: Path
) -> None:
    paths = answers(study.project, format_, tmp_path)

    made = convert(paths, "", Target("tables", "csv-folder"))

    assert made.lost == ()
    (tmp_path / "ours").mkdir()
    for name, data in made.files.items():
        (tmp_path / "ours" / name).write_bytes(data)
    again = convert([tmp_path / "ours"], "", Target("study"))
    (tmp_path / "study").mkdir()
    for name, data in again.files.items():
        path = tmp_path / "study" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    plan = Study(study.project, tmp_path / "study").plan(study.goal()).plan
    assert plan.changes == ()


def test_the_manifest_is_the_one_that_pull_writes(study: Study, tmp_path: Path) -> None:
    paths = answers(study.project, "json", tmp_path)

    made = convert(paths, "", Target("study"))

    pulled = pull(study, tmp_path / "pulled").folder
    texts = {
        path.relative_to(pulled).as_posix(): path.read_bytes() for path in pulled.rglob("*.yaml")
    }
    assert dict(made.files) == texts


def test_the_api_takes_the_tables_that_are_written(
    study: Study, emulator: Emulator, tmp_path: Path
) -> None:
    source = pull(study, tmp_path / "pulled").folder
    made = convert([source], "", Target("tables", "csv-folder", page=False))
    second = new_project(emulator, title="Second", is_longitudinal=1)
    imports = {
        "metadata": {}, "arm": {"override": 1}, "event": {"override": 0}, "formEventMapping": {},
        "repeatingFormsEvents": {}, "dag": {}, "userRole": {},
    }  # fmt: skip

    for content, parameters in imports.items():
        text = made.files[f"{ANSWERS[content]}.csv"].decode()
        answer = second.post(content, "import", format="csv", data=text, **parameters)
        assert answer.status_code == 200, f"{content}: {answer.text}"

    before, after = state_of(study), state_of(Study(second, source))
    codes = {f"{one.code} {one.address}" for one in losses(before, after)}
    assert {code for code in codes if not code.startswith(("C112", "C116"))} == set()
