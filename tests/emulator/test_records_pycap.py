"""The published client PyCap drives every method on data it has."""

from __future__ import annotations

import io
from typing import Any

import pytest
from redcap.project import Project
from redcap.request import RedcapError

from redcap_iac.emulator import admin
from redcap_iac.emulator.server import Emulator
from tests.emulator.studies import classic, grant, send, trial


@pytest.fixture
def client(emulator: Emulator) -> Any:  # noqa: ANN401 - PyCap is not typed
    """PyCap on a classic study with records 1 and 2."""
    study = classic(emulator)
    grant(study, record_delete=1, record_rename=1, file_repository=1)
    send(study, {"record_id": "1", "sex": "1"}, {"record_id": "2", "sex": "0"})
    return Project(emulator.url, study.token)


def test_exports(client: Any) -> None:  # noqa: ANN401 - PyCap is not typed
    assert [row["record_id"] for row in client.export_records()] == ["1", "2"]
    assert len(client.export_records(record_type="eav")) == 6
    assert client.export_records(format_type="csv", fields=["sex"]) == "record_id,sex\n1,1\n2,0\n"
    assert "sex" not in client.export_records(forms=["vitals"])[0]
    assert len(client.export_records(filter_logic="[sex] = 1")) == 1


def test_imports_and_deletions(client: Any) -> None:  # noqa: ANN401 - PyCap is not typed
    new = [{"record_id": number} for number in (4, 5, 6)]

    assert client.import_records(new) == {"count": 3}
    assert client.import_records(new, return_content="ids") == ["4", "5", "6"]
    assert client.import_records(new, return_content="nothing") == [{}]
    assert client.delete_records([4, 5]) == 2
    assert client.import_records(
        "record_id\n4\n", import_format="csv", return_format_type="xml"
    ) == ('<?xml version="1.0" encoding="UTF-8" ?><count>1</count>')
    assert client.delete_records(["4"], return_format_type="xml") == "1"
    assert client.generate_next_record_name() == "7"


def test_refusals_are_errors(client: Any) -> None:  # noqa: ANN401 - PyCap is not typed
    with pytest.raises(RedcapError, match="real data fields: nothing"):
        client.import_records([{"record_id": "1", "nothing": "1"}])
    with pytest.raises(RedcapError, match="do not exist: 99"):
        client.delete_records(["99"])
    with pytest.raises(RedcapError, match="is not valid"):
        client.export_report(report_id="99")


def test_files(client: Any) -> None:  # noqa: ANN401 - PyCap is not typed
    client.import_file("1", "photo", "a.txt", io.BytesIO(b"bytes"))

    assert client.export_file("1", "photo") == (b"bytes", {"name": "a.txt", "charset": "UTF-8"})
    client.delete_file("1", "photo")
    with pytest.raises(RedcapError):
        client.export_file("1", "photo")


def test_file_repository(client: Any) -> None:  # noqa: ANN401 - PyCap is not typed
    folder_id = client.create_folder_in_repository("plans")[0]["folder_id"]
    client.import_file_into_repository("a.txt", io.BytesIO(b"bytes"), folder_id)
    (listed,) = client.export_file_repository(folder_id)

    content, headers = client.export_file_from_repository(listed["doc_id"])
    assert (content, headers["name"]) == (b"bytes", "a.txt")
    client.delete_file_from_repository(listed["doc_id"])
    assert client.export_file_repository(folder_id) == []


def test_report(client: Any, emulator: Emulator) -> None:  # noqa: ANN401 - PyCap is not typed
    project_id = client.export_project_info()["project_id"]
    report_id = admin.report(emulator.store, project_id, "A report", ["record_id", "sex"])

    assert client.export_report(report_id=str(report_id)) == [
        {"record_id": "1", "sex": "1"},
        {"record_id": "2", "sex": "0"},
    ]


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("export_survey_link", ("1", "vitals")),
        ("export_survey_queue_link", ("1",)),
        ("export_survey_access_code", ("1", "vitals")),
        ("export_survey_return_code", ("1", "vitals")),
        ("export_survey_participant_list", ("vitals",)),
    ],
)
def test_surveys_are_refused_without_surveys(
    client: Any,  # noqa: ANN401 - PyCap is not typed
    method: str,
    arguments: tuple[str, ...],
) -> None:
    with pytest.raises(RedcapError, match="Surveys are not enabled"):
        getattr(client, method)(*arguments)


def test_pdf(client: Any) -> None:  # noqa: ANN401 - PyCap is not typed
    content, _ = client.export_pdf()

    assert content.startswith(b"%PDF-")


def test_instances_of_a_repeating_event(emulator: Emulator) -> None:
    project = trial(emulator)
    grant(project, record_delete=1)
    client = Project(emulator.url, project.token)
    row = {"record_id": 3, "redcap_event_name": "week_4_arm_1"}

    assert client.import_records(
        [
            {**row, "redcap_repeat_instance": 1, "weight": 70},
            {**row, "redcap_repeat_instance": 2, "weight": 72},
        ]
    ) == {"count": 1}
    assert client.delete_records(["3"], event="week_4_arm_1", repeat_instance=2) == 1
    (left,) = client.export_records(records=["3"])
    assert (left["redcap_repeat_instance"], left["weight"]) == (1, "70")
