"""Files in records: export, import, delete."""

from __future__ import annotations

import json

import pytest

from redcap_iac.emulator.server import Emulator
from tests.emulator.served import Project
from tests.emulator.studies import (
    add_dag,
    classic,
    field,
    grant,
    grant_export,
    member,
    send,
    trial,
)

FILE = ("scan 1.txt", b"\x00first\r\n\xff", "text/plain")


@pytest.fixture
def study(emulator: Emulator) -> Project:
    """A classic study with record 1 and a signature field."""
    project = classic(emulator, field("signed", "file", form="vitals", validation="signature"))
    send(project, {"record_id": "1"})
    return project


def upload(project: Project, **more: object) -> None:
    """Upload the file into the photo of record 1."""
    parameters: dict[str, object] = {"record": "1", "field": "photo", "file": FILE, **more}
    response = project.post("file", "import", format=None, **parameters)
    assert (response.status_code, response.text) == (200, "")


def error(project: Project, action: str, **more: object) -> str:
    """Ask for what must be refused, and return the body."""
    parameters: dict[str, object] = {"record": "1", "field": "photo", **more}
    response = project.post("file", action, format=None, returnFormat="csv", **parameters)
    assert response.status_code == 400
    return response.text


def test_file_comes_back_as_it_went(study: Project) -> None:
    upload(study)
    response = study.post("file", "export", format=None, record="1", field="photo")

    assert response.content == FILE[1]
    assert response.headers["Content-Type"] == 'text/plain; name="scan 1.txt";charset=UTF-8'


def test_record_shows_the_name_of_the_file(study: Project) -> None:
    upload(study)

    assert study.rows("record", fields=["photo"]) == [{"photo": "scan 1.txt"}]


def test_blank_cell_of_an_overwriting_import_leaves_the_file(study: Project) -> None:
    upload(study)
    send(study, {"record_id": "1", "photo": ""}, overwriteBehavior="overwrite")

    assert study.rows("record", fields=["photo"]) == [{"photo": "scan 1.txt"}]


def test_second_file_replaces_the_first(study: Project) -> None:
    upload(study)
    upload(study, file=("b.txt", b"b", "text/plain"))

    response = study.post("file", "export", format=None, record="1", field="photo")
    assert response.content == b"b"
    with study.emulator.store.transaction() as db:
        assert db.execute("SELECT COUNT(*) FROM files").fetchone()[0] == 1


def test_deleted_file_is_gone(study: Project) -> None:
    upload(study)
    response = study.post("file", "delete", format=None, record="1", field="photo")

    assert (response.status_code, response.text) == (200, "")
    assert study.rows("record", fields=["photo"]) == [{"photo": ""}]
    for action in ("export", "delete"):
        assert error(study, action) == "ERROR: The record has no file in this field"


@pytest.mark.parametrize("action", ["export", "import", "delete"])
@pytest.mark.parametrize("name", ["mugshotttttt", "sex"])
def test_field_that_is_no_file_field_is_refused(study: Project, action: str, name: str) -> None:
    assert error(study, action, field=name, file=FILE) == (
        f"ERROR: The field '{name}' does not exist or is not a 'file' field"
    )


def test_record_must_be_there(study: Project) -> None:
    assert error(study, "import", record="9", file=FILE) == 'ERROR: The record "9" does not exist'


def test_upload_needs_a_file(study: Project) -> None:
    assert error(study, "import") == "ERROR: No file was uploaded"


def test_signature_cannot_be_imported(study: Project) -> None:
    assert "is a signature" in error(study, "import", field="signed", file=FILE)


def test_file_of_a_hidden_instrument_is_not_shown(study: Project) -> None:
    upload(study)
    grant_export(study, demographics=0)

    assert "is not a 'file' field" in error(study, "export")


def test_upload_asks_for_the_import_right(study: Project) -> None:
    grant(study, api_import=0)
    response = study.post("file", "import", format=None, record="1", field="photo", file=FILE)

    assert response.status_code == 403


def test_records_of_other_groups_are_not_there(study: Project) -> None:
    akim = member(study, "akim", add_dag(study, "north"))

    assert error(akim, "export") == 'ERROR: The record "1" does not exist'


def test_event_is_needed_in_a_trial(emulator: Emulator) -> None:
    project = trial(emulator)
    send(project, {"record_id": "1", "redcap_event_name": "baseline_arm_1"})

    assert error(project, "export") == 'ERROR: The value of the parameter "event" is not valid'
    upload(project, event="baseline_arm_1")
    assert project.rows("record", fields=["photo"]) == [{"photo": "scan 1.txt"}]


def test_instrument_must_be_designated(emulator: Emulator) -> None:
    project = trial(emulator)
    send(project, {"record_id": "1", "redcap_event_name": "week_4_arm_1", "weight": "70"})

    assert "designated" in error(project, "import", event="week_4_arm_1", file=FILE)


def test_instances_have_files_of_their_own(emulator: Emulator) -> None:
    project = classic(emulator)
    project.post(
        "repeatingFormsEvents",
        format="csv",
        data="form_name,custom_form_label\ndemographics,\n",
    ).raise_for_status()
    send(project, {"record_id": "1"})
    upload(project, repeat_instance="1")
    upload(project, repeat_instance="2", file=("b.txt", b"b", "text/plain"))

    response = project.post(
        "file", "export", format=None, record="1", field="photo", repeat_instance="2"
    )
    assert response.content == b"b"
    assert "repeat_instance" in error(project, "export", repeat_instance="x")


def test_files_are_logged_with_their_field(study: Project) -> None:
    upload(study)

    newest = study.rows("log", logtype="record")[0]
    assert (newest["action"], newest["details"]) == ("Update record (API) 1", "photo")


def kept_files(project: Project) -> list[str]:
    """Return the names of all files that are kept for records."""
    with project.emulator.store.transaction() as db:
        return [row["name"] for row in db.execute("SELECT name FROM files ORDER BY doc_id")]


def import_dictionary(project: Project, rows: list[dict[str, str]]) -> None:
    """Replace the dictionary."""
    assert project.post("metadata", data=json.dumps(rows)).status_code == 200


def test_name_goes_out_as_utf_8(study: Project) -> None:
    upload(study, file=("R\u00f6ntgen \u4e2d.txt", b"x", "text/plain"))
    response = study.post("file", "export", format=None, record="1", field="photo")

    announced = response.headers["Content-Type"].encode("latin-1").decode()
    assert (response.status_code, announced) == (
        200,
        'text/plain; name="R\u00f6ntgen \u4e2d.txt";charset=UTF-8',
    )


def test_instance_beyond_any_number_is_refused(study: Project) -> None:
    rows = json.dumps([{"form_name": "demographics", "custom_form_label": ""}])
    assert study.post("repeatingFormsEvents", data=rows).text == "1"

    assert "repeat_instance" in error(study, "export", repeat_instance="9" * 30)


def test_file_goes_with_its_field(study: Project) -> None:
    upload(study)
    rows = study.rows("metadata")
    import_dictionary(study, [row for row in rows if row["field_name"] != "photo"])

    assert kept_files(study) == []


def test_file_of_a_field_that_stays_stays(study: Project) -> None:
    upload(study)
    rows = study.rows("metadata")
    import_dictionary(study, [row for row in rows if row["field_name"] != "comments"])

    assert kept_files(study) == ["scan 1.txt"]


def test_file_goes_when_its_field_takes_text(study: Project) -> None:
    upload(study)
    rows = study.rows("metadata")
    retyped = [
        row | {"field_type": "text"} if row["field_name"] == "photo" else row for row in rows
    ]
    import_dictionary(study, retyped)

    assert kept_files(study) == []
    assert study.rows("record", fields=["photo"]) == [{"photo": ""}]


def test_text_is_no_file_when_its_field_takes_files(study: Project) -> None:
    upload(study)
    send(study, {"record_id": "1", "comments": "1"})
    rows = study.rows("metadata")
    retyped = [
        row | {"field_type": "file"} if row["field_name"] == "comments" else row for row in rows
    ]
    import_dictionary(study, retyped)

    assert study.rows("record", fields=["comments", "photo"]) == [
        {"photo": "scan 1.txt", "comments": ""}
    ]


def test_file_goes_with_its_event(emulator: Emulator) -> None:
    project = trial(emulator)
    send(project, {"record_id": "1", "redcap_event_name": "baseline_arm_1"})
    upload(project, event="baseline_arm_1")
    assert project.post("event", "delete", events=["baseline_arm_1"]).text == "1"

    assert kept_files(project) == []
