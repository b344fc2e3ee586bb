"""The File Repository: folders, lists, files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from redcap_iac.emulator.server import Emulator
from tests.emulator.conftest import MakeEmulator
from tests.emulator.served import Project, new_project
from tests.emulator.studies import add_dag, grant, member

RECORDED = (
    Path(__file__).parents[3]
    / "shared/corpus/responses/OuhscBbmc__redcapr-file-repo-list-oneshot-default.R"
)
FILE = ("plan.txt", b"the plan", "text/plain")
MISSING = (
    "The File Repository folder folder_id=99 does not exist or else you do not have permission to"
    " that folder because it is DAG-restricted or Role-restricted."
)


@pytest.fixture
def study(emulator: Emulator) -> Project:
    """A project whose user may use the repository."""
    project = new_project(emulator)
    grant(project, file_repository=1)
    return project


def folder(project: Project, **parameters: object) -> int:
    """Make a folder and return its id."""
    response = project.post("fileRepository", "createFolder", **parameters)
    assert response.status_code == 200, response.text
    return int(response.json()[0]["folder_id"])


def upload(project: Project, **parameters: object) -> None:
    """Upload the file."""
    response = project.post("fileRepository", "import", format=None, file=FILE, **parameters)
    assert (response.status_code, response.text) == (200, "")


def test_new_folder_is_listed(study: Project) -> None:
    folder_id = folder(study, name="the-state")

    assert study.rows("fileRepository", action="list") == [
        {"folder_id": folder_id, "doc_id": "", "name": "the-state", "role": "", "dag": "",
         "uploaded": ""}
    ]  # fmt: skip


def test_list_had_five_columns_before_16_0_8(make_emulator: MakeEmulator) -> None:
    project = new_project(make_emulator("16.0.7"))
    grant(project, file_repository=1)

    response = project.post("fileRepository", "list", format="csv")
    assert response.text == "folder_id,doc_id,name,role,dag\n"


@pytest.mark.corpus
@pytest.mark.skipif(not RECORDED.exists(), reason="the corpus of recorded answers is not there")
def test_five_columns_are_those_of_the_recorded_list(study: Project) -> None:
    recorded = re.findall(r"(\w+) = c\(", RECORDED.read_text().split("class =", 1)[0])
    folder(study, name="the-state")

    assert list(study.rows("fileRepository", action="list")[0])[:5] == recorded


def test_file_is_in_its_folder_alone(study: Project) -> None:
    folder_id = folder(study, name="plans")
    upload(study, folder_id=folder_id)

    names = [row["name"] for row in study.rows("fileRepository", action="list")]
    assert names == ["plans"]
    inside = study.rows("fileRepository", action="list", folder_id=folder_id)
    assert [row["name"] for row in inside] == ["plan.txt"]
    assert inside[0]["folder_id"] == ""


def test_folders_nest_and_come_before_files(study: Project) -> None:
    outer = folder(study, name="outer")
    folder(study, name="inner", folder_id=outer)
    upload(study, folder_id=outer)

    inside = study.rows("fileRepository", action="list", folder_id=outer)
    assert [row["name"] for row in inside] == ["inner", "plan.txt"]


def test_file_comes_back_as_it_went_and_can_be_deleted(study: Project) -> None:
    upload(study)
    doc_id = study.rows("fileRepository", action="list")[0]["doc_id"]

    response = study.post("fileRepository", "export", format=None, doc_id=doc_id)
    assert response.content == FILE[1]
    assert response.headers["Content-Type"] == 'text/plain; name="plan.txt";charset=UTF-8'
    study.post("fileRepository", "delete", format=None, doc_id=doc_id).raise_for_status()
    assert study.rows("fileRepository", action="list") == []


@pytest.mark.parametrize("action", ["list", "createFolder", "import"])
def test_missing_folder_is_refused(study: Project, action: str) -> None:
    response = study.post("fileRepository", action, folder_id="99", name="x", file=FILE)

    assert (response.status_code, response.json()["error"]) == (400, MISSING)


@pytest.mark.parametrize("action", ["export", "delete"])
def test_missing_file_is_refused(study: Project, action: str) -> None:
    response = study.post("fileRepository", action, doc_id="99")

    assert (response.status_code, response.json()["error"]) == (
        400,
        'The value of the parameter "doc_id" is not valid',
    )


@pytest.mark.parametrize("name", ["", "x" * 151])
def test_name_of_a_folder_has_1_to_150_characters(study: Project, name: str) -> None:
    response = study.post("fileRepository", "createFolder", name=name)

    assert response.status_code == 400


@pytest.mark.parametrize("owner", ["dag_id", "role_id"])
def test_unknown_owner_of_a_folder_is_refused(study: Project, owner: str) -> None:
    response = study.post("fileRepository", "createFolder", name="x", **{owner: "99"})

    assert response.json()["error"] == f'The value of the parameter "{owner}" is not valid'


def test_folder_of_a_group_is_closed_to_other_groups(study: Project) -> None:
    north, south = add_dag(study, "north"), add_dag(study, "south")
    folder_id = folder(study, name="theirs", dag_id=north)
    upload(study, folder_id=folder_id)
    doc_id = study.rows("fileRepository", action="list", folder_id=folder_id)[0]["doc_id"]
    insider = member(study, "akim", north)
    outsider = member(study, "mlee", south)

    assert insider.rows("fileRepository", action="list")[0]["dag"] == "North"
    assert outsider.rows("fileRepository", action="list") == []
    assert outsider.post("fileRepository", "list", folder_id=folder_id).status_code == 400
    assert outsider.post("fileRepository", "export", doc_id=doc_id).status_code == 400


def test_file_of_a_record_is_not_in_the_repository(study: Project) -> None:
    with study.emulator.store.transaction() as db:
        db.execute(
            "INSERT INTO files (project_id, name, mime_type, content) VALUES (?, 'a', 'b', x'00')",
            (study.project_id,),
        )

    assert study.rows("fileRepository", action="list") == []
    assert study.post("fileRepository", "export", doc_id="1").status_code == 400


def test_upload_needs_a_file(study: Project) -> None:
    assert study.post("fileRepository", "import").json()["error"] == "No file was uploaded"


def test_repository_asks_for_its_right(study: Project) -> None:
    grant(study, file_repository=0)
    response = study.post("fileRepository", "list")

    assert response.status_code == 400
    assert "'File Repository' privileges" in response.json()["error"]
