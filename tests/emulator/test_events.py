import pytest

from tests.emulator.conftest import MakeEmulator
from tests.emulator.designing import (
    Row,
    grant,
    last_log,
    put,
    records,
    refusal,
    send,
    sent,
    stored,
    unique_names,
)
from tests.emulator.served import Project, new_longitudinal, new_project

BARE = ["event_name", "arm_num", "unique_event_name", "custom_event_label", "event_id"]
SCHEDULED = [*BARE[:2], "day_offset", "offset_min", "offset_max", *BARE[2:]]


def event(name: str, arm: int = 1, **cells: str | int) -> Row:
    return {"event_name": name, "arm_num": arm, **cells}


def ids(project: Project) -> dict[str, int]:
    return {row["unique_event_name"]: row["event_id"] for row in project.rows("event")}


def test_export_has_the_recorded_columns_and_types(longitudinal: Project) -> None:
    row = longitudinal.rows("event")[0]
    assert list(row) == BARE
    assert (row["arm_num"], row["custom_event_label"]) == (1, "")
    assert isinstance(row["event_id"], int)


def test_the_event_id_came_with_12_5(make_emulator: MakeEmulator) -> None:
    assert list(new_longitudinal(make_emulator("12.4.9")).rows("event")[0]) == BARE[:-1]


def test_with_scheduling_whole_offsets_are_integers(longitudinal: Project) -> None:
    sent(longitudinal, "project_settings", [{"scheduling_enabled": 1}])
    sent(longitudinal, "event", [event("Week 4", day_offset=28, offset_min=-2, offset_max="1.5")])
    row = longitudinal.rows("event")[-1]
    assert list(row) == SCHEDULED
    assert [row[column] for column in SCHEDULED[2:5]] == [28, -2, 1.5]
    assert [type(row[column]) for column in SCHEDULED[2:5]] == [int, int, float]


def test_export_of_a_classic_project_is_refused(project: Project) -> None:
    assert refusal(project.post("event")) == "You cannot export events for classic projects"


def test_export_can_be_limited_to_arms_and_an_unknown_arm_has_none(longitudinal: Project) -> None:
    sent(longitudinal, "arm", [{"arm_num": 2, "name": "B"}])
    sent(longitudinal, "event", [event("Visit", 2)])
    names = [row["unique_event_name"] for row in longitudinal.rows("event", arms=["2", "9"])]
    assert names == ["visit_arm_2"]


def test_events_are_ordered_by_arm_then_day_then_name(longitudinal: Project) -> None:
    sent(longitudinal, "arm", [{"arm_num": 2, "name": "B"}])
    rows = [event("Z", 2, day_offset=5), event("M", day_offset=2), event("A", 2, day_offset=5)]
    sent(longitudinal, "event", rows)
    assert unique_names(longitudinal) == [
        "event_1_arm_1", "event_2_arm_1", "m_arm_1", "a_arm_2", "z_arm_2",
    ]  # fmt: skip


def test_without_offsets_events_keep_the_order_they_are_given_in(longitudinal: Project) -> None:
    sent(longitudinal, "event", [event("Zulu"), event("Alpha")])
    assert unique_names(longitudinal)[2:] == ["zulu_arm_1", "alpha_arm_1"]


@pytest.mark.parametrize(
    ("name", "unique_name"),
    [
        ("Final visit", "final_visit_arm_1"),
        ("Deadline to opt out of study", "deadline_to_opt_ou_arm_1"),
        ("Deadline to return feedback", "deadline_to_return_arm_1"),
        ("WRA Follow-Up Visit", "wra_followup_visit_arm_1"),
        ("Screening & Enrollment", "screening__enrollm_arm_1"),
        ("3 month", "3_month_arm_1"),
        ("Évaluation initiale", "valuation_initiale_arm_1"),
    ],
)
def test_unique_names_are_made_as_recorded(
    longitudinal: Project, name: str, unique_name: str
) -> None:
    sent(longitudinal, "event", [event(name)])
    assert unique_names(longitudinal)[-1] == unique_name


def test_equal_names_get_suffixes_from_b(longitudinal: Project) -> None:
    sent(longitudinal, "event", [event("Visit")] * 3)
    assert unique_names(longitudinal)[2:] == ["visit_arm_1", "visit_arm_1b", "visit_arm_1c"]


def test_a_known_unique_name_updates_the_event_in_place(longitudinal: Project) -> None:
    before = ids(longitudinal)["event_2_arm_1"]
    row = event("Event 2", unique_event_name="event_2_arm_1", custom_event_label="[visit_date]")
    assert sent(longitudinal, "event", [row]) == 1
    assert longitudinal.rows("event")[1] == {
        "event_name": "Event 2",
        "arm_num": 1,
        "unique_event_name": "event_2_arm_1",
        "custom_event_label": "[visit_date]",
        "event_id": before,
    }


def test_columns_that_are_not_sent_stay_as_they_are(longitudinal: Project) -> None:
    sent(longitudinal, "project_settings", [{"scheduling_enabled": 1}])
    sent(longitudinal, "event", [event("Week 4", day_offset=28, custom_event_label="[x]")])
    sent(longitudinal, "event", [event("Week 4", unique_event_name="week_4_arm_1")])
    row = longitudinal.rows("event")[-1]
    assert (row["day_offset"], row["custom_event_label"]) == (28, "[x]")


def test_offsets_move_an_event_and_blank_ones_do_not(longitudinal: Project) -> None:
    row = event("Event 1", unique_event_name="event_1_arm_1")
    sent(longitudinal, "event", [{**row, "day_offset": 9}])
    assert unique_names(longitudinal) == ["event_2_arm_1", "event_1_arm_1"]
    sent(longitudinal, "event", [{**row, "day_offset": ""}])
    assert unique_names(longitudinal) == ["event_2_arm_1", "event_1_arm_1"]


def test_a_blank_custom_label_clears_it(longitudinal: Project) -> None:
    row = event("Event 2", unique_event_name="event_2_arm_1")
    sent(longitudinal, "event", [{**row, "custom_event_label": "[x]"}])
    sent(longitudinal, "event", [{**row, "custom_event_label": ""}])
    assert longitudinal.rows("event")[1]["custom_event_label"] == ""


def test_an_unknown_unique_name_adds_an_event_under_a_name_of_its_own(
    longitudinal: Project,
) -> None:
    sent(longitudinal, "event", [event("Event 3", unique_event_name="event_2_arm_2")])
    assert unique_names(longitudinal) == ["event_1_arm_1", "event_2_arm_1", "event_3_arm_1"]


def test_without_its_unique_name_an_event_is_added_again(longitudinal: Project) -> None:
    sent(longitudinal, "event", [event("Event 1")])
    assert "event_1_arm_1b" in unique_names(longitudinal)


def test_what_is_exported_can_be_imported_as_it_is(longitudinal: Project) -> None:
    before = longitudinal.rows("event")
    assert sent(longitudinal, "event", before) == 2
    assert longitudinal.rows("event") == before


def test_the_count_includes_unchanged_rows(longitudinal: Project) -> None:
    row = event("Event 1", unique_event_name="event_1_arm_1")
    assert [sent(longitudinal, "event", [row]) for _ in range(2)] == [1, 1]


def test_a_renamed_event_gets_a_new_unique_name_and_keeps_id_and_data(
    longitudinal: Project,
) -> None:
    put(longitudinal, "1", "record_id", "1")
    before = ids(longitudinal)["event_1_arm_1"]
    sent(longitudinal, "event", [event("Baseline", unique_event_name="event_1_arm_1")])
    assert ids(longitudinal)["baseline_arm_1"] == before
    assert stored(longitudinal, "record_id") == ["1"]


def test_a_renamed_event_keeps_its_unique_name_by_switch(make_emulator: MakeEmulator) -> None:
    longitudinal = new_longitudinal(make_emulator(event_rename="keep"))
    sent(longitudinal, "event", [event("Baseline", unique_event_name="event_1_arm_1")])
    names = {row["unique_event_name"]: row["event_name"] for row in longitudinal.rows("event")}
    assert names["event_1_arm_1"] == "Baseline"


def test_two_events_may_swap_their_names_in_one_call(longitudinal: Project) -> None:
    before = ids(longitudinal)
    rows = [
        event("Event 2", unique_event_name="event_1_arm_1"),
        event("Event 1", unique_event_name="event_2_arm_1"),
    ]
    sent(longitudinal, "event", rows)
    named = {row["event_id"]: row["event_name"] for row in longitudinal.rows("event")}
    assert named[before["event_1_arm_1"]] == "Event 2"
    assert named[before["event_2_arm_1"]] == "Event 1"


def test_the_unique_name_of_a_rename_does_not_count_itself_as_taken(longitudinal: Project) -> None:
    sent(longitudinal, "event", [event("EVENT 2", unique_event_name="event_2_arm_1")])
    assert unique_names(longitudinal) == ["event_1_arm_1", "event_2_arm_1"]


def test_override_replaces_all_events_and_loses_data(longitudinal: Project) -> None:
    put(longitudinal, "1", "record_id", "1")
    rows = [event("Event 1"), event("Visit")]
    assert sent(longitudinal, "event", rows, override=1) == 2
    assert unique_names(longitudinal) == ["event_1_arm_1", "visit_arm_1"]
    assert longitudinal.rows("formEventMapping") == []
    assert (records(longitudinal), stored(longitudinal, "record_id")) == ([], [])


def test_events_imported_ahead_surface_with_the_flag(project: Project) -> None:
    sent(project, "arm", [{"arm_num": n, "name": f"Arm {n}"} for n in (1, 2)])
    assert sent(project, "event", [event("Visit", 2)]) == 1
    assert refusal(project.post("event")) == "You cannot export events for classic projects"
    sent(project, "project_settings", [{"is_longitudinal": 1}])
    assert unique_names(project) == ["event_1_arm_1", "visit_arm_2"]


def test_a_classic_projects_hidden_event_is_taken_over_by_its_unique_name(
    project: Project,
) -> None:
    rows = [event("Baseline", unique_event_name="event_1_arm_1"), event("Week 4")]
    sent(project, "event", rows)
    sent(project, "project_settings", [{"is_longitudinal": 1}])
    assert unique_names(project) == ["baseline_arm_1", "week_4_arm_1"]


def test_the_arm_may_be_left_out_when_there_is_one(longitudinal: Project) -> None:
    sent(longitudinal, "event", [{"event_name": "Week 4"}])
    assert unique_names(longitudinal)[-1] == "week_4_arm_1"


def test_the_arm_may_not_be_left_out_when_there_are_two(longitudinal: Project) -> None:
    sent(longitudinal, "arm", [{"arm_num": 2, "name": "B"}])
    text = refusal(send(longitudinal, "event", [{"event_name": "Week 4"}]))
    assert text == 'The arm_num "" of the event "Week 4" does not exist in the project'


def test_all_faults_are_told_at_once_and_nothing_is_written(longitudinal: Project) -> None:
    rows: list[Row] = [event("Good"), event("", 1), event("Week", 9), event("Day", day_offset="x")]
    text = refusal(send(longitudinal, "event", rows, override=1))
    assert text.split("\n") == [
        "Each event must have an event_name",
        'The arm_num "9" of the event "Week" does not exist in the project',
        'The day_offset "x" of the event "Day" is not a number',
    ]
    assert unique_names(longitudinal) == ["event_1_arm_1", "event_2_arm_1"]


def test_an_empty_list_is_refused(longitudinal: Project) -> None:
    assert refusal(send(longitudinal, "event", [], override=1)) == "No data were provided."


def test_deleting_an_event_takes_its_designations_repeats_and_data(longitudinal: Project) -> None:
    repeat: Row = {"event_name": "event_1_arm_1", "form_name": "form_1"}
    sent(longitudinal, "event", [event("Event 3")])
    sent(longitudinal, "repeatingFormsEvents", [repeat])
    put(longitudinal, "1", "record_id", "1")
    put(longitudinal, "1", "record_id", "1", event="event_2_arm_1")
    put(longitudinal, "2", "record_id", "2")
    assert longitudinal.post("event", "delete", events=["event_1_arm_1"]).text == "1"
    assert unique_names(longitudinal) == ["event_2_arm_1", "event_3_arm_1"]
    assert longitudinal.rows("formEventMapping") == []
    assert "cannot export repeating" in refusal(longitudinal.post("repeatingFormsEvents"))
    assert stored(longitudinal, "record_id") == ["1"]
    assert records(longitudinal) == ["1"]


def test_all_events_may_go_and_the_project_reads_as_classic(longitudinal: Project) -> None:
    names = ["event_1_arm_1", "event_2_arm_1"]
    assert longitudinal.post("event", "delete", events=names).text == "2"
    assert refusal(longitudinal.post("event")) == "You cannot export events for classic projects"


def test_the_hidden_event_of_a_classic_project_stays(project: Project) -> None:
    text = "You cannot delete events for classic projects"
    assert refusal(project.post("event", "delete", events=["event_1_arm_1"])) == text


def test_events_imported_ahead_of_the_flag_may_be_deleted(project: Project) -> None:
    sent(project, "event", [event("Event 2")])
    assert project.post("event", "delete", events=["event_2_arm_1"]).text == "1"


def test_the_last_event_may_go_after_the_others(longitudinal: Project) -> None:
    longitudinal.post("event", "delete", events=["event_1_arm_1"])
    assert longitudinal.post("event", "delete", events=["event_2_arm_1"]).text == "1"


def test_a_null_is_a_blank_and_a_map_is_no_cell(longitudinal: Project) -> None:
    row = '[{"event_name": "Visit", "arm_num": 1, "custom_event_label": %s}]'
    assert longitudinal.post("event", "import", data=row % "null").text == "1"
    assert longitudinal.post("event", "import", data=row % "[]").text == "1"
    text = refusal(longitudinal.post("event", "import", data=row % '{"a": 1}'))
    assert text == "The data is not in the specified format."


def test_an_unknown_event_is_not_deleted_and_nothing_else_is(longitudinal: Project) -> None:
    text = refusal(longitudinal.post("event", "delete", events=["event_2_arm_1", "none_arm_1"]))
    assert text == "The following values in the parameter \"events\" are not valid: 'none_arm_1'"
    assert len(unique_names(longitudinal)) == 2


def test_delete_asks_for_events(longitudinal: Project) -> None:
    assert '"events"' in refusal(longitudinal.post("event", "delete"))


def test_writing_needs_the_design_right(longitudinal: Project) -> None:
    seen = grant(longitudinal, "akim", api_import=1)
    words = "'Project Design and Setup'"
    assert words in refusal(send(seen, "event", [event("Visit")]))
    assert words in refusal(seen.post("event", "delete", events=["event_1_arm_1"]))


@pytest.mark.parametrize("switch", ["refuse", "allow"])
def test_override_and_delete_are_refused_in_production(
    make_emulator: MakeEmulator, switch: str
) -> None:
    longitudinal = new_longitudinal(make_emulator(production_additive_writes=switch))
    longitudinal.status("production")
    assert "production" in refusal(send(longitudinal, "event", [event("Visit")], override=1))
    assert "production" in refusal(longitudinal.post("event", "delete", events=["event_1_arm_1"]))


def test_additions_are_refused_in_production(longitudinal: Project) -> None:
    longitudinal.status("production")
    assert "production" in refusal(send(longitudinal, "event", [event("Visit")]))


def test_additions_are_taken_in_production_by_switch_but_renames_are_not(
    make_emulator: MakeEmulator,
) -> None:
    longitudinal = new_longitudinal(make_emulator(production_additive_writes="allow"))
    longitudinal.status("production")
    assert sent(longitudinal, "event", [event("Visit")]) == 1
    text = refusal(send(longitudinal, "event", [event("X", unique_event_name="event_1_arm_1")]))
    assert text == (
        "Sorry, but events can only be renamed by REDCap administrators"
        " when a project is in production status"
    )


def test_a_single_event_reads_as_longitudinal_by_switch(make_emulator: MakeEmulator) -> None:
    emulator = make_emulator(one_event_longitudinal="longitudinal")
    assert unique_names(new_project(emulator, is_longitudinal=1)) == ["event_1_arm_1"]


def test_xml_and_csv_are_read_alike(longitudinal: Project) -> None:
    xml = "<events><item><event_name>A &amp; B</event_name><arm_num>1</arm_num></item></events>"
    csv = 'event_name,arm_num\n"Week 1",1\n'
    assert longitudinal.post("event", "import", format="xml", data=xml).text == "1"
    assert longitudinal.post("event", "import", format="csv", data=csv).text == "1"
    assert unique_names(longitudinal)[2:] == ["a__b_arm_1", "week_1_arm_1"]


def test_every_write_is_logged(longitudinal: Project) -> None:
    sent(longitudinal, "event", [event("Visit")])
    assert last_log(longitudinal) == ("Manage/Design ", "Import events (API)")
    longitudinal.post("event", "delete", events=["visit_arm_1"])
    assert last_log(longitudinal) == ("Manage/Design ", "Delete events (API)")
