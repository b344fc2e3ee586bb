"""Survey methods, without surveys and with them."""

from __future__ import annotations

import json

import pytest

from redcap_iac.emulator.server import Emulator
from tests.emulator.served import Project
from tests.emulator.studies import add_dag, classic, member, send, trial

METHODS = ("surveyLink", "surveyQueueLink", "surveyReturnCode", "surveyAccessCode")
SURVEYS = '<redcap:SurveysGroup><redcap:Surveys form_name="vitals"/></redcap:SurveysGroup>'


@pytest.fixture
def study(emulator: Emulator) -> Project:
    """A classic study with one record and no survey."""
    project = classic(emulator)
    send(project, {"record_id": "1"})
    return project


def make_survey(project: Project) -> None:
    """Make vitals a survey, as a project file does."""
    extras = json.dumps({"project_xml": {"variables": [["SurveysGroup", SURVEYS]]}})
    with project.emulator.store.transaction() as db:
        db.execute(
            "UPDATE projects SET extras = ?, settings = json_set(settings, '$.surveys_enabled', 1)"
            " WHERE project_id = ?",
            (extras, project.project_id),
        )


def ask(project: Project, content: str, **more: object) -> str:
    """Ask for the survey vitals of record 1 and return the body."""
    parameters: dict[str, object] = {"record": "1", "instrument": "vitals", **more}
    return project.post(content, None, format=None, returnFormat="csv", **parameters).text


@pytest.mark.parametrize("content", METHODS)
def test_unknown_record_is_refused(study: Project, content: str) -> None:
    assert ask(study, content, record="-1") == 'ERROR: The record "-1" does not exist'


@pytest.mark.parametrize("content", [*METHODS, "participantList"])
def test_project_without_surveys_refuses(study: Project, content: str) -> None:
    assert ask(study, content) == "ERROR: Surveys are not enabled in the project"


@pytest.mark.parametrize("content", METHODS)
def test_answer_is_the_same_at_every_call(study: Project, content: str) -> None:
    make_survey(study)
    first = ask(study, content)

    assert not first.startswith("ERROR")
    assert ask(study, content) == first


def test_links_lead_to_the_survey_pages(study: Project) -> None:
    make_survey(study)

    assert "/surveys/?s=" in ask(study, "surveyLink")
    assert "/surveys/?sq=" in ask(study, "surveyQueueLink")


def test_instances_have_links_of_their_own(study: Project) -> None:
    make_survey(study)

    assert ask(study, "surveyLink", repeat_instance="2") != ask(study, "surveyLink")
    assert "repeat_instance" in ask(study, "surveyLink", repeat_instance="x")


def test_instrument_that_is_no_survey_is_refused(study: Project) -> None:
    make_survey(study)

    assert ask(study, "surveyLink", instrument="demographics") == (
        'ERROR: The instrument "demographics" is not enabled as a survey in the project'
    )


def test_participants_are_the_records(study: Project) -> None:
    make_survey(study)

    rows = study.rows("participantList", instrument="vitals")
    assert [(row["record"], row["email"], row["response_status"]) for row in rows] == [("1", "", 0)]
    assert rows[0]["survey_link"] == ask(study, "surveyLink")
    assert rows[0]["survey_access_code"] == ask(study, "surveyAccessCode")


def test_participants_of_a_group(study: Project) -> None:
    make_survey(study)
    akim = member(study, "akim", add_dag(study, "north"))

    assert akim.rows("participantList", instrument="vitals") == []
    assert ask(akim, "surveyLink") == 'ERROR: The record "1" does not exist'


def test_trial_needs_an_event(emulator: Emulator) -> None:
    project = trial(emulator)
    make_survey(project)
    send(project, {"record_id": "1", "redcap_event_name": "baseline_arm_1"})

    assert "event" in ask(project, "surveyLink")
    assert "/surveys/?s=" in ask(project, "surveyLink", event="baseline_arm_1")
    rows = project.rows("participantList", instrument="vitals", event="start_arm_2")
    assert rows == []


def test_survey_brings_its_columns_to_record_exports(study: Project) -> None:
    make_survey(study)

    row = study.rows("record", exportSurveyFields="true")[0]
    assert list(row)[:2] == ["record_id", "redcap_survey_identifier"]
    names = list(row)
    assert names[names.index("vitals_timestamp") + 1] == "height"
    assert "vitals_timestamp" not in study.rows("record")[0]
