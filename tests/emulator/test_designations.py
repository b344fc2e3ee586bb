import pytest

from tests.emulator.conftest import MakeEmulator
from tests.emulator.designing import (
    RECORD_ID,
    Row,
    field,
    grant,
    last_log,
    put,
    refusal,
    send,
    sent,
    stored,
)
from tests.emulator.served import Project, new_longitudinal, new_project

CONTENT = "formEventMapping"


def designation(form: str, event: str = "event_1_arm_1", arm: int = 1) -> Row:
    return {"arm_num": arm, "unique_event_name": event, "form": form}


BOTH: list[Row] = [
    designation("form_1"),
    designation("vitals"),
    designation("vitals", "event_2_arm_1"),
]


def with_vitals(project: Project) -> Project:
    sent(project, "metadata", [RECORD_ID, field("height", "vitals")])
    return project


@pytest.fixture
def study(longitudinal: Project) -> Project:
    """Return two events and the forms form_1 and vitals, the first on event 1."""
    return with_vitals(longitudinal)


def test_export_gives_the_arm_as_an_integer(study: Project) -> None:
    assert study.rows(CONTENT) == [designation("form_1")]


def test_export_of_a_classic_project_is_refused(project: Project) -> None:
    text = "You cannot export form/event mappings for classic projects"
    assert refusal(project.post(CONTENT)) == text


def test_without_designations_csv_is_a_header_alone(study: Project) -> None:
    study.post("event", "delete", events=["event_1_arm_1"])
    sent(study, "event", [{"event_name": "Event 3", "arm_num": 1}])
    answer = study.post(CONTENT, format="csv")
    assert (answer.status_code, answer.text) == (200, "arm_num,unique_event_name,form\n")


def test_the_order_is_arm_then_event_then_dictionary(study: Project) -> None:
    sent(study, "arm", [{"arm_num": 2, "name": "B"}])
    sent(study, "event", [{"event_name": "Visit", "arm_num": 2}])
    rows = [designation("vitals", "visit_arm_2", 2), *reversed(BOTH)]
    assert sent(study, CONTENT, rows) == 4
    assert study.rows(CONTENT) == [*BOTH, designation("vitals", "visit_arm_2", 2)]


def test_export_can_be_limited_to_arms_and_an_unknown_arm_is_empty(study: Project) -> None:
    assert study.rows(CONTENT, arms=["1"]) == [designation("form_1")]
    assert study.rows(CONTENT, arms=["7"]) == []


def test_import_replaces_those_of_every_arm(study: Project) -> None:
    sent(study, "arm", [{"arm_num": 2, "name": "B"}])
    sent(study, "event", [{"event_name": "Visit", "arm_num": 2}])
    sent(study, CONTENT, [*BOTH, designation("form_1", "visit_arm_2", 2)])
    assert sent(study, CONTENT, [designation("vitals")]) == 1
    assert study.rows(CONTENT) == [designation("vitals")]


def test_data_alone_selects_the_import(study: Project) -> None:
    answer = study.post(
        CONTENT, format="csv", data="unique_event_name,form\nevent_2_arm_1,vitals\n"
    )
    assert answer.text == "1"
    assert study.rows(CONTENT) == [designation("vitals", "event_2_arm_1")]


def test_a_designation_sent_twice_is_counted_twice_and_kept_once(study: Project) -> None:
    assert sent(study, CONTENT, [designation("vitals")] * 2) == 2
    assert study.rows(CONTENT) == [designation("vitals")]


def test_unknown_events_and_forms_are_all_told_and_nothing_changes(study: Project) -> None:
    rows = [designation("vitals"), designation("none"), designation("form_1", "none_arm_1")]
    assert refusal(send(study, CONTENT, rows)).split("\n") == [
        "The form 'none' is not available in project",
        "The event 'none_arm_1' is not available in project",
    ]
    assert study.rows(CONTENT) == [designation("form_1")]


def test_an_empty_list_is_refused(study: Project) -> None:
    assert refusal(send(study, CONTENT, [])) == "No data were provided."


def test_a_classic_project_takes_none(project: Project) -> None:
    text = "You cannot import form/event mappings for classic projects"
    assert refusal(send(project, CONTENT, [designation("form_1")])) == text


def test_events_imported_ahead_of_the_flag_take_designations(project: Project) -> None:
    sent(project, "event", [{"event_name": "Event 2", "arm_num": 1}])
    assert sent(project, CONTENT, [designation("form_1", "event_2_arm_1")]) == 1
    sent(project, "project_settings", [{"is_longitudinal": 1}])
    assert project.rows(CONTENT) == [designation("form_1", "event_2_arm_1")]


def test_one_event_takes_designations_where_it_reads_as_longitudinal(
    make_emulator: MakeEmulator,
) -> None:
    emulator = make_emulator(one_event_longitudinal="longitudinal")
    study = with_vitals(new_project(emulator, is_longitudinal=1))
    sent(study, CONTENT, [designation("vitals")])
    assert study.rows(CONTENT) == [designation("vitals")]


def test_a_dropped_designation_keeps_data_and_stops_repeating(study: Project) -> None:
    sent(study, CONTENT, BOTH)
    sent(study, "repeatingFormsEvents", [{"event_name": "event_1_arm_1", "form_name": "vitals"}])
    put(study, "1", "height", "180", form="vitals")
    sent(study, CONTENT, [designation("form_1")])
    assert stored(study, "height") == ["180"]
    assert "cannot export repeating" in refusal(study.post("repeatingFormsEvents"))


def test_what_stays_designated_goes_on_repeating(study: Project) -> None:
    sent(study, CONTENT, BOTH)
    sent(study, "repeatingFormsEvents", [{"event_name": "event_1_arm_1", "form_name": "vitals"}])
    sent(study, CONTENT, BOTH[:2])
    assert [row["form_name"] for row in study.rows("repeatingFormsEvents")] == ["vitals"]


def test_import_is_refused_in_production(study: Project) -> None:
    study.status("production")
    assert "production" in refusal(send(study, CONTENT, BOTH))


def test_in_production_designations_are_added_by_switch_and_none_dropped(
    make_emulator: MakeEmulator,
) -> None:
    emulator = make_emulator(production_additive_writes="allow")
    study = with_vitals(new_longitudinal(emulator))
    study.status("production")
    assert sent(study, CONTENT, BOTH) == 3
    assert refusal(send(study, CONTENT, BOTH[1:])) == (
        "Since the project is in production, you are not permitted to un-designate an instrument"
    )
    assert study.rows(CONTENT) == BOTH


def test_import_needs_the_design_right(study: Project) -> None:
    seen = grant(study, "akim", api_import=1)
    assert "'Project Design and Setup'" in refusal(send(seen, CONTENT, BOTH))


def test_the_import_is_logged(study: Project) -> None:
    sent(study, CONTENT, BOTH)
    details = "Import instrument-event mappings (API)"
    assert last_log(study) == ("Manage/Design ", details)
