"""What a project XML names: by attribute, by logic, in published files."""

from __future__ import annotations

from pathlib import Path

import pytest

from redcap_iac.safety.elsewhere import NOTHING_SEEN, SOUGHT, Place, read

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
FILES = sorted((CORPUS / "xml").glob("*.xml"))
needs_corpus = pytest.mark.skipif(not FILES, reason="no corpus at ../shared/corpus")


def xml(inside: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8" ?>\n<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3"'
        ' xmlns:redcap="https://projectredcap.org"><Study OID="Project.A"><GlobalVariables>'
        f"{inside}</GlobalVariables></Study></ODM>"
    )


def member(group: str, name: str, **attributes: str) -> str:
    said = " ".join(f'{key}="{value}"' for key, value in attributes.items())
    return f"<redcap:{group}><redcap:{name} {said}/></redcap:{group}>"


def place(group: str, name: str, **attributes: str) -> Place:
    (only,) = read(xml(member(group, name, **attributes))).places
    return only


def test_an_alert_names_fields_in_its_condition_and_its_text() -> None:
    alert = place(
        "AlertsGroup", "Alerts", alert_title="Reminder", alert_condition="[mood] = '2'",
        alert_message="Dear [base_arm_1][first_name], see [survey-link:visit]", form_name="intake",
        cron_send_email_on_field="next_date", cron_send_email_on_field_after="after",
    )  # fmt: skip
    assert str(alert) == 'alert "Reminder"'
    for name in ("mood", "first_name", "next_date"):
        assert alert.names_field(name)
    assert alert.names_event("base_arm_1")
    assert alert.names_instrument("intake")
    assert alert.names_instrument("visit")
    assert not alert.names_field("moo")
    assert not alert.names_field("after")


def test_a_name_counts_whole() -> None:
    rule = place("DataQualityRulesGroup", "DataQualityRules", rule_name="R", rule_logic="[age_2]>1")
    assert rule.names_field("age_2")
    assert not rule.names_field("age")


def test_a_report_names_fields_in_lists() -> None:
    report = place(
        "ReportsGroup", "Reports", title="Enrolled", redcap_reports_fields="record_id,age,sex",
        orderby_field1="town", dynamic_filter2="mood", redcap_reports_filter_events="base_arm_1",
        redcap_reports_filter_dags="lyon,paris", user_access="ALL", orderby_sort1="ASC",
        report_display_include_repeating_fields="1", output_survey_fields="0",
    )  # fmt: skip
    assert all(report.names_field(name) for name in ("age", "sex", "town", "mood"))
    assert report.names_event("base_arm_1")
    assert report.names_dag("lyon", "Lyon")
    assert not report.names_dag("nantes", "Nantes")


def test_form_display_logic_names_instruments_with_their_events() -> None:
    rule = place(
        "FormDisplayLogicConditionsGroup", "FormDisplayLogicConditions",
        control_condition="[consent] = '1'", forms_events="base_arm_1:intake,week_arm_1:visit",
    )  # fmt: skip
    assert rule.names_instrument("visit")
    assert rule.names_event("week_arm_1")
    assert rule.names_field("consent")


def test_invitations_and_queue_name_surveys_events_and_logic() -> None:
    invitation = place(
        "SurveysSchedulerGroup", "SurveysScheduler", email_subject="Please", survey_id="visit",
        event_id="week_arm_1", condition_logic="[mood] = 1", condition_send_time_lag_field="start",
    )  # fmt: skip
    queue = place("SurveysQueueGroup", "SurveysQueue", survey_id="visit", event_id="week_arm_1")
    for one in (invitation, queue):
        assert one.names_instrument("visit")
        assert one.names_event("week_arm_1")
    assert invitation.names_field("start")


def test_a_survey_goes_with_its_instrument_and_names_its_fields() -> None:
    survey = place(
        "SurveysGroup", "Surveys", form_name="intake", title="Welcome",
        email_participant_field="mail", pdf_econsent_dob_field="dob",
    )  # fmt: skip
    assert not survey.names_instrument("intake")
    assert survey.names_field("mail")
    assert survey.names_field("dob")


def test_the_status_of_an_instrument_names_it() -> None:
    rule = place(
        "DataQualityRulesGroup", "DataQualityRules", rule_name="R", rule_logic="[visit_complete]=2"
    )
    assert rule.names_instrument("visit")


@pytest.mark.parametrize(
    ("logic", "named"),
    [
        ("[race(2)] = '1'", True),
        ("[race] = '2'", True),
        ("'2' = [race] and [age] > 3", True),
        ("[race] = '3'", False),
        ("[age] = '2'", False),
        ("Dear [race], 2 days", False),
    ],
)
def test_a_choice_is_named_by_a_tick_or_a_comparison(logic: str, named: bool) -> None:
    rule = place("DataQualityRulesGroup", "DataQualityRules", rule_name="R", rule_logic=logic)
    assert rule.names_code("race", "2") is named


def test_groups_and_roles_are_named_where_somebody_is_compared_with_them() -> None:
    rule = place(
        "AlertsGroup", "Alerts", alert_title="A",
        alert_condition="[user-dag-name] = 'lyon' or [user-role-label] = 'Nurse'",
    )  # fmt: skip
    assert rule.names_dag("lyon", "Lyon")
    assert rule.names_role("U-1", "Nurse")
    assert not rule.names_role("U-1", "Doctor")


def test_settings_of_the_project_name_fields_and_events() -> None:
    text = xml(
        "<redcap:SurveyInvitationEmailField>mail</redcap:SurveyInvitationEmailField>"
        "<redcap:SurveyAuthField1>dob</redcap:SurveyAuthField1>"
        "<redcap:SurveyAuthEvent1>base_arm_1</redcap:SurveyAuthEvent1>"
        "<redcap:OrderRecordsByField></redcap:OrderRecordsByField>"
    )
    places = read(text).places
    assert [one for one in places if one.names_field("mail")]
    assert [one for one in places if one.names_field("dob")]
    assert [one for one in places if one.names_event("base_arm_1")]
    assert len(places) == 3


def test_what_is_not_in_the_file_is_not_seen() -> None:
    found = read(xml(member("AlertsGroup", "Alerts", alert_title="A")))
    assert set(found.unseen) == set(SOUGHT.values()) - {"alerts"}
    assert read(xml("")).unseen == tuple(SOUGHT.values())


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "no xml",
        "<ODM>",
        '<!DOCTYPE ODM [<!ENTITY a "b">]><ODM>&a;</ODM>',
        '<?xml version="1.0"?><!DOCTYPE ODM SYSTEM "file:///x"><ODM/>',
    ],
)
def test_a_file_that_cannot_be_read_safely_shows_nothing(text: str | None) -> None:
    assert read(text) == NOTHING_SEEN


@pytest.mark.corpus
@needs_corpus
def test_published_project_files_are_read_and_name_their_own_fields() -> None:
    named = 0
    for path in FILES:
        for one in read(path.read_text(encoding="utf-8", errors="replace")).places:
            named += one.names_field("record_id")
    assert named >= 5


@pytest.mark.corpus
@needs_corpus
@pytest.mark.parametrize(
    ("file", "said", "field"),
    [
        ("biggeeves__regression-test.xml", "data quality rule", "dq_custom"),
        ("biggeeves__regression-test.xml", "alert", "to_email"),
        ("biggeeves__regression-test.xml", "survey invitation", "asi_send_now"),
        ("eipm__bridge2ai-voice.xml", "alert", "ef_enrollment_origin"),
        ("eipm__bridge2ai-voice.xml", "report", "is_feasibility_participant"),
        ("KohlbacherLab__nse-mit-fallmanagement.xml", "form display logic", "psn"),
    ],
)
def test_a_published_file_names_a_field_where_it_was_seen_to(
    file: str, said: str, field: str
) -> None:
    text = (CORPUS / "xml" / file).read_text(encoding="utf-8", errors="replace")
    assert said in {one.noun for one in read(text).places if one.names_field(field)}
