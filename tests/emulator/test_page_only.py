"""Alerts, rules and the like: made on pages, seen in project XMLs, carried from file to file."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET

import pytest

from redcap_iac.emulator import admin, page_only
from redcap_iac.emulator.admin import AdminError
from tests.emulator.served import Project, post

REDCAP = "{https://projectredcap.org}"
ALERT = 'Weight of [record_id] is "high" & <b>rising</b>: it\'s [weight]'


def note(project: Project, kind: str, name: str, text: str) -> None:
    admin.note(project.emulator.store, project.project_id, kind, name, text)


def elements(project: Project, element: str) -> list[dict[str, str]]:
    """Return the attributes of elements in the project XML without data."""
    response = project.post("project_xml", returnMetadataOnly="true")
    found = ET.fromstring(response.content).iter(f"{REDCAP}{element}")
    return [dict(one.attrib) for one in found]


@pytest.mark.parametrize(
    ("kind", "element", "name", "text"),
    [
        ("alert", "Alerts", "alert_title", "alert_message"),
        ("quality-rule", "DataQualityRules", "rule_name", "rule_logic"),
        ("invitation", "SurveysScheduler", "survey_id", "condition_logic"),
        ("queue", "SurveysQueue", "survey_id", "condition_logic"),
        ("display-logic", "FormDisplayLogicConditions", "forms_events", "control_condition"),
        ("survey", "Surveys", "form_name", "instructions"),
        ("report", "Reports", "title", "redcap_reports_fields"),
    ],
)
def test_a_kind_shows_in_the_project_xml_as_recorded_files_spell_it(
    project: Project, kind: str, element: str, name: str, text: str
) -> None:
    note(project, kind, "form_1", ALERT)
    (found,) = elements(project, element)
    assert (found[name], found[text]) == ("form_1", ALERT)


def test_every_kind_is_shown_by_a_test() -> None:
    assert set(page_only.KINDS) == {
        "alert", "quality-rule", "invitation", "queue", "display-logic", "survey", "report",
    }  # fmt: skip


def test_several_of_a_kind_stand_in_one_group_in_order(project: Project) -> None:
    for name in ("First", "Second"):
        note(project, "quality-rule", name, "[weight] > 9")
    found = elements(project, "DataQualityRules")
    assert [(one["rule_name"], one["rule_order"]) for one in found] == [
        ("First", "1"),
        ("Second", "2"),
    ]
    assert len(elements(project, "DataQualityRulesGroup")) == 1


def test_they_show_with_the_data_too(project: Project) -> None:
    note(project, "alert", "High", ALERT)
    text = project.post("project_xml").text
    assert text.count("<redcap:AlertsGroup>") == 1


def test_without_any_there_is_no_group(project: Project) -> None:
    assert elements(project, "AlertsGroup") == []


def test_a_report_made_by_command_shows(project: Project) -> None:
    admin.report(project.emulator.store, project.project_id, "All", ["record_id"])
    (found,) = elements(project, "Reports")
    assert (found["title"], found["redcap_reports_fields"]) == ("All", "record_id")


def test_a_project_made_from_the_xml_has_them_and_takes_more(project: Project) -> None:
    note(project, "alert", "High", ALERT)
    xml = project.post("project_xml", returnMetadataOnly="true").text
    emulator = project.emulator
    data = json.dumps([{"project_title": "Copy", "purpose": "0"}])
    form = {
        "token": emulator.super_token,
        "content": "project",
        "format": "json",
        "data": data,
        "odm": xml,
    }
    token = post(emulator, form).text
    copy = Project(emulator, 2, token)
    note(copy, "alert", "Low", "[weight]")
    assert [(one["alert_title"], one["alert_order"]) for one in elements(copy, "Alerts")] == [
        ("High", "1"),
        ("Low", "2"),
    ]


def test_a_kind_that_does_not_exist_names_those_that_do(project: Project) -> None:
    with pytest.raises(AdminError, match="quality-rule"):
        note(project, "bookmark", "a", "b")


def test_a_project_that_does_not_exist_is_an_error(project: Project) -> None:
    with pytest.raises(AdminError, match="no project 9"):
        admin.note(project.emulator.store, 9, "alert", "a", "b")
