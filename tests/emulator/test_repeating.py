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
from tests.emulator.served import Project, new_longitudinal

CONTENT = "repeatingFormsEvents"
NOTHING = (
    "You cannot export repeating instruments and events because the project does not contain any"
    " repeating instruments and events"
)
WEIGHT: Row = {"form_name": "weight", "custom_form_label": "[weight_date] [weight_time]"}


def repeat(form: str, event: str = "event_1_arm_1", label: str = "") -> Row:
    return {"event_name": event, "form_name": form, "custom_form_label": label}


def with_weight(project: Project) -> Project:
    sent(project, "metadata", [RECORD_ID, field("kilograms", "weight")])
    return project


@pytest.fixture
def classic(project: Project) -> Project:
    return with_weight(project)


@pytest.fixture
def study(longitudinal: Project) -> Project:
    """Return two events, the forms form_1 and weight both on the first, form_1 on the second."""
    with_weight(longitudinal)
    pairs = [("event_1_arm_1", "form_1"), ("event_1_arm_1", "weight"), ("event_2_arm_1", "form_1")]
    rows: list[Row] = [{"unique_event_name": event, "form": form} for event, form in pairs]
    sent(longitudinal, "formEventMapping", rows)
    return longitudinal


def test_export_of_nothing_is_an_error(project: Project) -> None:
    assert refusal(project.post(CONTENT)) == NOTHING


def test_classic_csv_is_as_recorded_without_quotes(classic: Project) -> None:
    assert sent(classic, CONTENT, [WEIGHT]) == 1
    text = "form_name,custom_form_label\nweight,[weight_date] [weight_time]\n"
    assert classic.post(CONTENT, format="csv").text == text


def test_classic_json_has_two_columns(classic: Project) -> None:
    sent(classic, CONTENT, [WEIGHT])
    assert classic.rows(CONTENT) == [WEIGHT]


def test_longitudinal_rows_name_the_event_and_are_in_its_order(study: Project) -> None:
    rows = [repeat("", "event_2_arm_1"), repeat("weight", label="[kilograms]"), repeat("form_1")]
    assert sent(study, CONTENT, rows) == 3
    assert study.rows(CONTENT) == [rows[2], rows[1], rows[0]]


def test_the_label_may_be_left_out(study: Project) -> None:
    rows: list[Row] = [{"event_name": "event_1_arm_1", "form_name": "weight"}]
    sent(study, CONTENT, rows)
    assert study.rows(CONTENT) == [repeat("weight")]


def test_import_replaces_everything(study: Project) -> None:
    sent(study, CONTENT, [repeat("weight")])
    sent(study, CONTENT, [repeat("form_1", "event_2_arm_1")])
    assert study.rows(CONTENT) == [repeat("form_1", "event_2_arm_1")]


@pytest.mark.parametrize(
    ("format_", "data"),
    [
        ("csv", "event_name,form_name,custom_form_label\n"),
        ("json", "[]"),
        ("xml", "<items></items>"),
    ],
)
def test_an_empty_list_clears_and_answers_0(study: Project, format_: str, data: str) -> None:
    sent(study, CONTENT, [repeat("weight")])
    assert study.post(CONTENT, "import", format=format_, data=data).text == "0"
    assert refusal(study.post(CONTENT)) == NOTHING


def test_the_project_information_follows(classic: Project) -> None:
    sent(classic, CONTENT, [WEIGHT])
    assert classic.rows("project")["has_repeating_instruments_or_events"] == 1
    sent(classic, CONTENT, [])
    assert classic.rows("project")["has_repeating_instruments_or_events"] == 0


def test_an_unknown_event_is_refused_in_the_recorded_words(study: Project) -> None:
    text = refusal(send(study, CONTENT, [repeat("weight", "none_arm_1")]))
    assert "event 'none_arm_1' is not available in project" in text


def test_a_classic_project_has_no_event_to_name(classic: Project) -> None:
    text = refusal(send(classic, CONTENT, [repeat("weight")]))
    assert "event 'event_1_arm_1' is not available in project" in text


def test_a_longitudinal_row_must_name_its_event(study: Project) -> None:
    text = refusal(send(study, CONTENT, [WEIGHT]))
    assert "event '' is not available in project" in text


def test_unknown_forms_are_refused_and_nothing_changes(study: Project) -> None:
    sent(study, CONTENT, [repeat("weight")])
    text = refusal(send(study, CONTENT, [repeat("form_1"), repeat("none")]))
    assert text == "The form 'none' is not available in project"
    assert study.rows(CONTENT) == [repeat("weight")]


def test_a_classic_row_must_name_a_form(classic: Project) -> None:
    text = refusal(send(classic, CONTENT, [{"form_name": "", "custom_form_label": "x"}]))
    assert text == "The form '' is not available in project"


def test_a_form_that_is_not_designated_to_the_event_cannot_repeat_there(study: Project) -> None:
    text = refusal(send(study, CONTENT, [repeat("weight", "event_2_arm_1")]))
    assert text == "The form 'weight' is not designated for the event 'event_2_arm_1'"


def test_an_event_repeats_as_a_whole_or_by_instrument_never_both(study: Project) -> None:
    text = refusal(send(study, CONTENT, [repeat(""), repeat("weight")]))
    assert "'event_1_arm_1'" in text
    assert refusal(study.post(CONTENT)) == NOTHING


def test_events_imported_ahead_of_the_flag_take_repeats(project: Project) -> None:
    sent(project, "event", [{"event_name": "Event 2", "arm_num": 1}])
    sent(project, CONTENT, [repeat("", "event_2_arm_1")])
    sent(project, "project_settings", [{"is_longitudinal": 1}])
    assert project.rows(CONTENT) == [repeat("", "event_2_arm_1")]


def test_what_a_classic_project_repeats_does_so_on_its_event_once_longitudinal(
    classic: Project,
) -> None:
    sent(classic, CONTENT, [WEIGHT])
    sent(classic, "event", [{"event_name": "Event 2", "arm_num": 1}])
    sent(classic, "project_settings", [{"is_longitudinal": 1}])
    assert classic.rows(CONTENT) == [{"event_name": "event_1_arm_1", **WEIGHT}]


def test_clearing_keeps_the_values_of_further_instances(classic: Project) -> None:
    sent(classic, CONTENT, [WEIGHT])
    put(classic, "1", "kilograms", "80", form="weight", instance=2)
    sent(classic, CONTENT, [])
    assert stored(classic, "kilograms") == ["80"]


def test_without_any_event_a_project_cannot_repeat(study: Project) -> None:
    study.post("event", "delete", events=["event_1_arm_1", "event_2_arm_1"])
    assert "is not available in project" in refusal(send(study, CONTENT, [WEIGHT]))


def test_import_needs_the_design_right_and_export_does_not(classic: Project) -> None:
    sent(classic, CONTENT, [WEIGHT])
    seen = grant(classic, "akim", api_import=1, api_export=1)
    assert "'Project Design and Setup'" in refusal(send(seen, CONTENT, [WEIGHT]))
    assert seen.rows(CONTENT) == [WEIGHT]


def test_import_is_refused_in_production(study: Project) -> None:
    study.status("production")
    assert "production" in refusal(send(study, CONTENT, [repeat("weight")]))


def test_import_is_taken_in_production_by_switch(make_emulator: MakeEmulator) -> None:
    longitudinal = new_longitudinal(make_emulator(production_additive_writes="allow"))
    longitudinal.status("production")
    assert sent(longitudinal, CONTENT, [repeat("form_1")]) == 1
    longitudinal.status("analysis")
    assert "analysis" in refusal(send(longitudinal, CONTENT, []))


def test_the_import_is_logged(classic: Project) -> None:
    sent(classic, CONTENT, [WEIGHT])
    details = "Import repeating instruments and events (API)"
    assert last_log(classic) == ("Manage/Design ", details)


def test_a_classic_project_repeats_on_the_event_that_comes_first(project: Project) -> None:
    earlier: Row = {"event_name": "Screening", "arm_num": 1, "day_offset": 0}
    sent(project, "event", [earlier])
    row: Row = {"form_name": "form_1", "custom_form_label": ""}
    assert sent(project, CONTENT, [row]) == 1
    assert project.rows(CONTENT) == [row]
