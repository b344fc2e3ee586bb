"""Recorded answers about projects as a whole: information, instruments, records, log, files."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from redcap_iac.emulator.server import Emulator
from tests.emulator.conftest import MakeEmulator
from tests.emulator.odm import building
from tests.emulator.odm.creating import created
from tests.emulator.proof import r_source, recorded
from tests.emulator.proof.r_binary import RVector
from tests.emulator.proof.recorded import Table
from tests.emulator.served import Project, new_project

pytestmark = recorded.NEEDS_CORPUS
#: What no API method sets, or what differs from server to server.
GIVEN = ("project_id", "creation_time", "production_time", "in_production", "external_modules")
DERIVED = ("is_longitudinal", "has_repeating_instruments_or_events")
SIMPLE = "thecodingdocs__redcapsync-simple.rds"
TRIAL = "thecodingdocs__redcapsync-clin-trial.rds"
VISITS = "IUREDCap__etl-visits.json"
REPEATING = "vubiostat__redcapapi-project-repeatinginstrument.Rdata"
DUMPS = ("IUREDCap__etl-non-repeating", "IUREDCap__etl-visits")


def from_xml(emulator: Emulator, file: str) -> Project:
    return created(emulator, (recorded.XML / file).read_text(encoding="utf-8"))


def joined(choices: str) -> str:
    """A project made from a file answers choices joined by a bare bar (recorded)."""
    return choices.replace(" | ", "|")


def with_bare_bars(rows: Table) -> Table:
    column = "select_choices_or_calculations"
    return [{**row, column: joined(row[column])} for row in rows]


def settled(project: Project, info: Mapping[str, str]) -> dict[str, str]:
    """Send the information back as Import Project Information takes it; return the export."""
    answer = project.post("project_settings", "import", data=json.dumps([info]))
    assert answer.status_code == 200
    return recorded.as_text([project.rows("project")])[0]


def set_by_api(info: Mapping[str, str]) -> dict[str, str]:
    return {name: cell for name, cell in info.items() if name not in (*GIVEN, *DERIVED)}


@pytest.mark.parametrize(
    ("version", "table"),
    [
        ("16.1.3", ("OuhscBbmc__redcapr-project-info-read-simple.R",)),
        ("16.1.3", ("OuhscBbmc__redcapr-project-info-read-all-test-projects.R",)),
        ("17.0.3", (SIMPLE, "project_info")),
        ("17.0.3", (TRIAL, "project_info")),
        ("13.0.0", ("vubiostat__redcapapi-project-emptyproject.Rdata", "project_information")),
        ("13.0.0", (REPEATING, "project_information")),
    ],
)
def test_project_information_has_the_recorded_columns_and_values(
    make_emulator: MakeEmulator, version: str, table: tuple[str, ...]
) -> None:
    file, *path = table
    rows = recorded.source(file) if file.endswith(".R") else recorded.member(file, *path)
    project = new_project(make_emulator(version))
    for row in rows:
        answered = settled(project, row)
        assert list(answered) == list(row)
        assert set_by_api(answered) == set_by_api(row)


def test_project_information_of_an_old_server_is_part_of_todays(project: Project) -> None:
    """The server was of version 7; later attributes stand between its own, in the same order."""
    content = recorded.raw("IUREDCap__phpcap-longitudinal-project-info.csv")
    (row,) = recorded.from_csv(content)
    answered = settled(project, row)
    assert [name for name in answered if name in row] == list(row)
    assert {name: answered[name] for name in set_by_api(row)} == set_by_api(row)


@pytest.mark.parametrize("name", DUMPS)
def test_a_project_made_from_its_file_answers_as_the_dump_says(
    emulator: Emulator, name: str
) -> None:
    dump = recorded.loaded(f"{name}.json")
    project = from_xml(emulator, f"{name}.xml")
    assert project.rows("metadata") == with_bare_bars(dump["metadata"])
    labels = {row["instrument_name"]: row["instrument_label"] for row in project.rows("instrument")}
    assert labels == dump["instruments"]
    info = project.rows("project")
    assert {key: info[key] for key in dump["projectInfo"] if key not in (*GIVEN, "project_title")} \
        == {key: cell for key, cell in dump["projectInfo"].items()
            if key not in (*GIVEN, "project_title")}  # fmt: skip


def test_field_names_designations_and_records_of_a_dump(emulator: Emulator) -> None:
    dump = recorded.loaded(VISITS)
    project = from_xml(emulator, "IUREDCap__etl-visits.xml")
    assert project.rows("exportFieldNames") == dump["fieldNames"]
    assert project.rows("formEventMapping") == dump["instrumentEventMappings"]
    answer = project.post("record", "import", data=json.dumps(dump["records"]))
    assert answer.json() == {"count": len({row["record_id"] for row in dump["records"]})}
    assert project.rows("record") == dump["records"]


def test_the_columns_of_records_are_those_a_client_saw(emulator: Emulator) -> None:
    """The client kept the columns of its first export, with a type for each."""
    file = "OuhscBbmc__redcapr-metadata-coltypes-validation-types.R"
    specification = r_source.read(recorded.raw(file))
    assert isinstance(specification, RVector)
    columns = specification.member("cols")
    assert isinstance(columns, RVector)
    project = from_xml(emulator, "OuhscBbmc__redcapr-validation-types-1.xml")
    header = recorded.csv_of(project, "record").splitlines()[0]
    assert header.split(",") == list(columns.names)


@pytest.mark.parametrize(
    ("file", "recording"),
    [
        ("OuhscBbmc__redcapr-instruments-default.R", ()),
        (SIMPLE, ("forms",)),
        (TRIAL, ("forms",)),
    ],
)
def test_instruments_labelled_by_their_names(
    emulator: Emulator, file: str, recording: tuple[str, ...]
) -> None:
    rows = recorded.member(file, *recording) if recording else recorded.source(file)
    first, *others = (row["instrument_name"] for row in rows)
    forms = building.form(first, "record_id", label=first)
    forms += "".join(building.form(name, f"in_{name}", label=name) for name in others)
    items = building.RECORD_ID + "".join(building.item(f"in_{name}") for name in others)
    project = created(emulator, building.document(forms + items))
    assert project.rows("instrument") == rows


@pytest.mark.parametrize("file", [SIMPLE, TRIAL])
def test_records_kept_by_a_client_are_answered_value_by_value(
    make_emulator: MakeEmulator, file: str
) -> None:
    project = new_project(make_emulator("17.0.3"))
    recorded.take(project, "metadata", recorded.member(file, "fields"))
    rows = recorded.member(file, "data")
    kinds = {row["field_name"]: row["field_type"] for row in recorded.member(file, "fields")}
    stored = [
        {name: cell for name, cell in row.items() if kinds.get(name) not in ("calc", "file")}
        for row in rows
    ]
    answer = project.post("record", "import", data=json.dumps(stored))
    assert answer.json() == {"count": len(rows)}
    for row in rows:
        upload_files(project, row, kinds)
    assert project.rows("record") == rows


def upload_files(project: Project, row: dict[str, str], kinds: Mapping[str, str]) -> None:
    for name, cell in row.items():
        if kinds.get(name) == "file" and cell:
            file = (cell, b"content", "image/jpeg")
            answer = project.post("file", "import", record=row["record_id"], field=name, file=file)
            assert answer.status_code == 200


@pytest.mark.parametrize("file", [SIMPLE, TRIAL])
def test_what_a_classic_project_refuses_a_client_keeps_as_empty_tables(
    make_emulator: MakeEmulator, file: str
) -> None:
    project = new_project(make_emulator("17.0.3"))
    asked = {"arms": "arm", "events": "event", "mapping": "formEventMapping"}
    asked |= {"repeating": "repeatingFormsEvents"}
    for name, content in asked.items():
        assert recorded.member(file, name) == []
        assert project.post(content).status_code == 400


def test_the_entries_of_a_log_read_through_the_api(make_emulator: MakeEmulator) -> None:
    """Every sort of entry that exports of this recording left is left here by the same exports."""
    project = new_project(make_emulator("17.0.3"))
    for content in (
        "metadata", "project", "instrument", "dag", "exportFieldNames", "log", "userDagMapping",
        "userRoleMapping", "userRole", "user", "version",
    ):  # fmt: skip
        assert project.post(content).status_code == 200
    recording = recorded.member(SIMPLE, "logging")
    expected = {
        (row["action"], row["details"]) for row in recording if row["action"] == "Manage/Design "
    }
    answered = project.rows("log")
    assert list(answered[0]) == list(recording[0])
    assert expected == {(row["action"], row["details"]) for row in answered}


def test_exports_of_records_are_logged_with_their_options(make_emulator: MakeEmulator) -> None:
    project = new_project(make_emulator("17.0.3"))
    expected = {
        (row["action"], row["details"])
        for row in recorded.member(SIMPLE, "logging")
        if row["action"] != "Manage/Design "
    }
    for shown in ("raw", "label"):
        recorded.csv_of(project, "record", rawOrLabel=shown)
    assert {(row["action"], row["details"]) for row in project.rows("log")} == expected


def test_the_entries_of_a_log_in_csv(project: Project) -> None:
    """The reader has cut the trailing blank of the action off."""
    recording = recorded.source("OuhscBbmc__redcapr-log-read-2024-10-11.R")
    expected = {row["details"] for row in recording if row["details"].endswith("(API)")}
    for content in ("project", "dag", "instrument", "log"):
        project.rows(content)
    answered = recorded.from_csv(recorded.csv_of(project, "log"))
    assert list(answered[0]) == list(recording[0])
    assert {row["details"] for row in answered} == expected
    assert {row["action"].strip() for row in answered} == {"Manage/Design"}
    role = {"role_label": "api"}
    project.post("userRole", "import", data=json.dumps([role]))
    named = {**role, "unique_role_name": project.rows("userRole")[0]["unique_role_name"]}
    project.post("userRole", "import", data=json.dumps([named]))
    edits = {(row["action"], row["details"]) for row in project.rows("log", logtype="user")}
    assert ("Edit user role", "role = 'api'") in edits
    assert ("Edit user role", "role = 'api'") in {(r["action"], r["details"]) for r in recording}


def test_the_list_of_the_file_repository(make_emulator: MakeEmulator) -> None:
    """Five columns before 16.0.8; folders come first, then files by their number."""
    recording = recorded.source("OuhscBbmc__redcapr-file-repo-list-oneshot-default.R")
    project = new_project(make_emulator("16.0.7"))
    folder, *files = (row["name"] for row in recording)
    project.post("fileRepository", "createFolder", name=folder)
    for name in files:
        project.post("fileRepository", "import", file=(name, b"content", "image/jpeg"))
    answer = project.post("fileRepository", "list", format="csv")
    answered = recorded.from_csv(answer.text)
    assert list(answered[0]) == list(recording[0])
    assert numberless(answered) == numberless(recording)


def numberless(rows: Table) -> Table:
    """Ids differ between servers; whether there is one does not."""
    return [
        {name: "id" if cell and name.endswith("_id") else cell for name, cell in row.items()}
        for row in rows
    ]


def test_records_of_a_repeating_event_kept_by_a_client(emulator: Emulator) -> None:
    project = new_project(emulator)
    recorded.take(project, "metadata", recorded.member(REPEATING, "meta_data"))
    recorded.take(project, "arm", recorded.member(REPEATING, "arms"), override=1)
    events = recorded.only(recorded.member(REPEATING, "events"), "event_name", "arm_num")
    recorded.take(project, "event", events, override=1)
    recorded.take(project, "project_settings", [{"is_longitudinal": "1"}])
    recorded.take(project, "formEventMapping", recorded.member(REPEATING, "mappings"))
    recorded.take(
        project, "repeatingFormsEvents", recorded.member(REPEATING, "repeating_instruments")
    )
    rows = recorded.member(REPEATING, "records")
    answer = project.post("record", "import", data=json.dumps(rows))
    assert answer.json() == {"count": 1}
    assert recorded.from_csv(recorded.csv_of(project, "record")) == rows
