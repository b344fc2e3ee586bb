"""A call that works for every method, on a project that has a little of everything."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from redcap_iac.emulator import admin
from redcap_iac.emulator.server import Emulator
from tests.emulator import access
from tests.emulator.served import Project, post
from tests.emulator.studies import send, trial

#: Content and action, as the table of methods has them.
Pair = tuple[str, str]
Parameters = Mapping[str, object]

SURVEYS = '<redcap:SurveysGroup><redcap:Surveys form_name="vitals"/></redcap:SurveysGroup>'
#: What no log and no message may show.
SECRET = "Zaphod-4711"
FILE = ("scan.txt", SECRET.encode(), "text/plain")


@dataclass(frozen=True, slots=True)
class Furnished:
    """A two-arm trial with records, files, groups, a role, users, a report and surveys."""

    project: Project
    role: str
    report_id: int
    folder_id: int
    doc_id: int

    def send(self, pair: Pair, parameters: Parameters, format_: str = "json") -> tuple[int, str]:
        """Call a method over HTTP; return status and body."""
        content, action = pair
        token = self.project.token
        if action == "create":
            token, action = self.project.emulator.super_token, ""
        form = {"token": token, "content": content, "format": format_, "returnFormat": format_}
        if action not in ("", "export"):
            form["action"] = action
        response = post(self.project.emulator, {**form, **parameters})
        return response.status_code, response.text


def furnished(emulator: Emulator) -> Furnished:
    """Build the trial through the API, but for what only an administrator can do."""
    project = trial(emulator)
    access.accept(
        project,
        "user",
        {"username": "jdoe", "record_delete": 1, "record_rename": 1, "file_repository": 1},
        {"username": "akim"},
    )
    access.make_dags(project, "Lyon", "Paris", "Oslo")
    role = access.make_role(project, "Nurse", design=1)
    access.make_role(project, "Leaving")
    admin.dags(emulator.store, project.project_id, "jdoe", ["lyon", "paris"])
    report_id = admin.report(emulator.store, project.project_id, "Weights", ["record_id", "weight"])
    send(
        project,
        {"record_id": "1", "redcap_event_name": "baseline_arm_1", "name": SECRET, "weight": "61"},
        {"record_id": "2", "redcap_event_name": "start_arm_2", "name": "Trillian"},
    )
    at = {"record": "1", "field": "photo", "event": "baseline_arm_1"}
    assert project.post("file", "import", format=None, file=FILE, **at).status_code == 200
    folder_id = project.post("fileRepository", "createFolder", name="Plans").json()[0]["folder_id"]
    uploaded = project.post("fileRepository", "import", format=None, file=FILE)
    assert uploaded.status_code == 200
    doc_id = max(row["doc_id"] or 0 for row in project.rows("fileRepository", action="list"))
    _make_surveys(project)
    return Furnished(project, role, report_id, folder_id, doc_id)


def _make_surveys(project: Project) -> None:
    """Turn vitals into a survey, which no API method does."""
    extras = json.dumps({"project_xml": {"variables": [["SurveysGroup", SURVEYS]]}})
    with project.emulator.store.transaction() as db:
        db.execute(
            "UPDATE projects SET extras = ?, settings = json_set(settings, '$.surveys_enabled', 1)"
            " WHERE project_id = ?",
            (extras, project.project_id),
        )


def working_calls(study: Furnished) -> dict[Pair, Parameters]:
    """Return parameters with which each method answers 200; `data` is json.

    Writes change something, and each may be made after any of the others that is not a delete.
    """
    return {**_exports(study), **_design_writes(study), **_access_writes(study), **_data(study)}


def _exports(study: Furnished) -> dict[Pair, Parameters]:
    participant = {"record": "1", "instrument": "vitals", "event": "baseline_arm_1"}
    listed = (
        "arm", "event", "formEventMapping", "repeatingFormsEvents", "metadata", "instrument",
        "exportFieldNames", "project", "project_xml", "user", "userRole", "userRoleMapping",
        "userDagMapping", "dag", "record", "log", "version", "generateNextRecordName", "pdf",
    )  # fmt: skip
    return {
        **{(content, "export"): {} for content in listed},
        ("report", "export"): {"report_id": study.report_id},
        ("surveyLink", "export"): participant,
        ("surveyReturnCode", "export"): participant,
        ("surveyAccessCode", "export"): participant,
        ("surveyQueueLink", "export"): {"record": "1"},
        ("participantList", "export"): participant,
        ("file", "export"): {"record": "1", "field": "photo", "event": "baseline_arm_1"},
        ("fileRepository", "list"): {},
        ("fileRepository", "export"): {"doc_id": study.doc_id},
    }


def _design_writes(study: Furnished) -> dict[Pair, Parameters]:
    dictionary = study.project.rows("metadata")
    dictionary[-1]["field_label"] = "Changed"
    mappings = study.project.rows("formEventMapping")
    return {
        ("project", "create"): {"data": _data_of({"project_title": "New", "purpose": "0"})},
        ("project_settings", "import"): {"data": _data_of({"project_notes": SECRET})},
        ("metadata", "import"): {"data": _data_of(*dictionary)},
        ("arm", "import"): {"data": _data_of({"arm_num": "3", "name": "Drug C"})},
        ("event", "import"): {"data": _data_of({"event_name": "Week 8", "arm_num": "1"})},
        ("formEventMapping", "import"): {"data": _data_of(*mappings[:-1])},
        ("repeatingFormsEvents", "import"): {"data": "[]"},
        ("arm", "delete"): {"arms": ["2"]},
        ("event", "delete"): {"events": ["week_4_arm_1"]},
    }


def _access_writes(study: Furnished) -> dict[Pair, Parameters]:
    role = {"username": "akim", "unique_role_name": study.role}
    leaving = access.role(study.project, "Leaving")["unique_role_name"]
    return {
        ("dag", "import"): {"data": _data_of({"data_access_group_name": "Bergen"})},
        ("dag", "delete"): {"dags": ["oslo"]},
        ("dag", "switch"): {"dag": "lyon"},
        ("user", "import"): {"data": _data_of({"username": "twu", "design": 1})},
        ("user", "delete"): {"users": ["akim"]},
        ("userRole", "import"): {"data": _data_of({"role_label": "Doctor"})},
        ("userRole", "delete"): {"roles": [leaving]},
        ("userRoleMapping", "import"): {"data": _data_of(role)},
        ("userDagMapping", "import"): {
            "data": _data_of({"username": "akim", "redcap_data_access_group": "paris"})
        },
    }


def _data(study: Furnished) -> dict[Pair, Parameters]:
    row = {"record_id": "3", "redcap_event_name": "baseline_arm_1", "name": SECRET}
    at = {"record": "1", "field": "photo", "event": "baseline_arm_1"}
    return {
        ("record", "import"): {"data": _data_of(row)},
        ("record", "rename"): {"record": "1", "new_record_name": "9"},
        ("record", "delete"): {"records": ["1"]},
        ("file", "import"): {**at, "file": FILE},
        ("file", "delete"): at,
        ("fileRepository", "createFolder"): {"name": "Letters"},
        ("fileRepository", "import"): {"folder_id": study.folder_id, "file": FILE},
        ("fileRepository", "delete"): {"doc_id": study.doc_id},
    }


def _data_of(*rows: Mapping[str, object]) -> str:
    return json.dumps(rows)
