"""Export Reports."""

from __future__ import annotations

import pytest

from redcap_iac.emulator import admin
from redcap_iac.emulator.server import Emulator
from tests.emulator.served import Project
from tests.emulator.studies import classic, grant_export, send, trial


@pytest.fixture
def study(emulator: Emulator) -> Project:
    """A classic study with one record."""
    project = classic(emulator)
    send(project, {"record_id": "1", "sex": "1", "name": "Ada"})
    return project


def report(project: Project, *fields: str) -> int:
    """Add a report as an administrator does."""
    return admin.report(project.emulator.store, project.project_id, "A report", fields)


def test_report_shows_its_fields_in_its_order(study: Project) -> None:
    report_id = report(study, "record_id", "demographics_complete", "sex")

    rows = study.rows("report", report_id=report_id)
    assert rows == [{"record_id": "1", "demographics_complete": "0", "sex": "1"}]
    assert list(rows[0]) == ["record_id", "demographics_complete", "sex"]


def test_labels_headings_and_delimiter(study: Project) -> None:
    response = study.post(
        "report",
        format="csv",
        report_id=report(study, "record_id", "sex"),
        rawOrLabel="label",
        rawOrLabelHeaders="label",
        csvDelimiter="tab",
    )

    assert response.text == "Record_Id\tSex\n1\tMale\n"


def test_report_of_a_trial_has_an_event_column(emulator: Emulator) -> None:
    project = trial(emulator, with_repeats=False)
    send(project, {"record_id": "1", "redcap_event_name": "baseline_arm_1", "sex": "1"})

    rows = project.rows("report", report_id=report(project, "record_id", "sex"))
    assert rows == [{"record_id": "1", "redcap_event_name": "baseline_arm_1", "sex": "1"}]


def test_export_rights_hold_for_reports(study: Project) -> None:
    report_id = report(study, "record_id", "name")
    grant_export(study, demographics=3)

    assert study.rows("report", report_id=report_id) == [{"record_id": "1"}]


def test_type_is_ignored(study: Project) -> None:
    report_id = report(study, "record_id")

    assert study.rows("report", report_id=report_id, type="eav") == [{"record_id": "1"}]


@pytest.mark.parametrize("report_id", ["99", "", "x"])
def test_unknown_report_is_refused(study: Project, report_id: str) -> None:
    response = study.post("report", report_id=report_id)

    assert (response.status_code, response.json()["error"]) == (
        400,
        'The value of the parameter "report_id" is not valid',
    )


def test_report_of_another_project_is_not_there(study: Project, emulator: Emulator) -> None:
    other = report(classic(emulator), "record_id")

    assert study.post("report", report_id=other).status_code == 400
