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

TWO: list[Row] = [{"arm_num": 1, "name": "Drug"}, {"arm_num": 2, "name": "Placebo"}]
WEEK_1: Row = {"event_name": "Week 1", "arm_num": 2}


def test_export_gives_numbers_as_json_integers(longitudinal: Project) -> None:
    assert longitudinal.rows("arm") == [{"arm_num": 1, "name": "Arm 1"}]


def test_csv_quotes_cells_with_blanks(longitudinal: Project) -> None:
    assert longitudinal.post("arm", format="csv").text == 'arm_num,name\n1,"Arm 1"\n'


def test_export_of_a_classic_project_is_refused(project: Project) -> None:
    assert refusal(project.post("arm")) == "You cannot export arms for classic projects"


def test_a_single_event_reads_as_classic(emulator_project: Project) -> None:
    assert refusal(emulator_project.post("arm")) == "You cannot export arms for classic projects"


@pytest.fixture
def emulator_project(make_emulator: MakeEmulator) -> Project:
    return new_project(make_emulator(), is_longitudinal=1)


def test_a_single_event_reads_as_longitudinal_by_switch(make_emulator: MakeEmulator) -> None:
    emulator = make_emulator(one_event_longitudinal="longitudinal")
    assert new_project(emulator, is_longitudinal=1).rows("arm") == [{"arm_num": 1, "name": "Arm 1"}]


def test_importing_a_known_number_renames_the_arm(longitudinal: Project) -> None:
    assert sent(longitudinal, "arm", [{"arm_num": 1, "name": "Drug"}]) == 1
    assert longitudinal.rows("arm") == [{"arm_num": 1, "name": "Drug"}]


def test_the_count_includes_unchanged_rows(longitudinal: Project) -> None:
    sent(longitudinal, "arm", TWO)
    assert sent(longitudinal, "arm", TWO) == 2


def test_an_arm_without_events_is_hidden_until_it_has_one(longitudinal: Project) -> None:
    sent(longitudinal, "arm", TWO)
    assert [row["arm_num"] for row in longitudinal.rows("arm")] == [1]
    sent(longitudinal, "event", [WEEK_1])
    assert [row["name"] for row in longitudinal.rows("arm")] == ["Drug", "Placebo"]


def test_arms_are_listed_by_number_and_may_have_gaps(longitudinal: Project) -> None:
    sent(longitudinal, "arm", [{"arm_num": 11, "name": "K"}, {"arm_num": 10, "name": "J"}])
    sent(longitudinal, "event", [{"event_name": "V", "arm_num": n} for n in (11, 10)])
    assert [row["arm_num"] for row in longitudinal.rows("arm")] == [1, 10, 11]


def test_export_can_be_limited_to_arms(longitudinal: Project) -> None:
    sent(longitudinal, "arm", TWO)
    sent(longitudinal, "event", [WEEK_1])
    assert longitudinal.rows("arm", arms=["2"]) == [{"arm_num": 2, "name": "Placebo"}]


def test_a_classic_project_takes_arms_and_its_hidden_arm_1_is_renamed(project: Project) -> None:
    assert sent(project, "arm", TWO) == 2
    sent(project, "event", [WEEK_1])
    sent(project, "project_settings", [{"is_longitudinal": 1}])
    assert [row["name"] for row in project.rows("arm")] == ["Drug", "Placebo"]


def test_override_removes_all_arms_events_designations_and_data(longitudinal: Project) -> None:
    put(longitudinal, "1", "record_id", "1")
    assert sent(longitudinal, "arm", TWO, override=1) == 2
    sent(longitudinal, "event", [WEEK_1, {"event_name": "Week 2", "arm_num": 2}])
    assert unique_names(longitudinal) == ["week_1_arm_2", "week_2_arm_2"]
    assert longitudinal.rows("formEventMapping") == []
    assert (records(longitudinal), stored(longitudinal, "record_id")) == ([], [])


def test_without_override_the_other_arms_stay(longitudinal: Project) -> None:
    sent(longitudinal, "arm", [{"arm_num": 2, "name": "Placebo"}], override=0)
    assert [row["arm_num"] for row in longitudinal.rows("arm")] == [1]


def test_deleting_an_arm_takes_its_records_and_leaves_the_others(longitudinal: Project) -> None:
    sent(longitudinal, "arm", TWO)
    sent(longitudinal, "event", [WEEK_1, {"event_name": "Week 2", "arm_num": 2}])
    put(longitudinal, "1", "record_id", "1")
    put(longitudinal, "2", "record_id", "2", event="week_1_arm_2")
    assert longitudinal.post("arm", "delete", arms=["1"]).text == "1"
    assert unique_names(longitudinal) == ["week_1_arm_2", "week_2_arm_2"]
    assert records(longitudinal) == ["2"]


def test_deleting_every_arm_makes_the_project_classic(longitudinal: Project) -> None:
    assert longitudinal.post("arm", "delete", arms=["1"], returnFormat="xml").text == "1"
    assert refusal(longitudinal.post("arm")) == "You cannot export arms for classic projects"
    sent(longitudinal, "arm", TWO)
    sent(longitudinal, "event", [WEEK_1, {"event_name": "Week 1", "arm_num": 1}])
    assert unique_names(longitudinal) == ["week_1_arm_1", "week_1_arm_2"]


def test_the_hidden_arm_of_a_classic_project_stays(project: Project) -> None:
    text = "You cannot delete arms for classic projects"
    assert refusal(project.post("arm", "delete", arms=["1"])) == text


def test_an_unknown_arm_is_not_deleted_and_nothing_else_is(longitudinal: Project) -> None:
    text = refusal(longitudinal.post("arm", "delete", arms=["1", "7"]))
    assert text == "The following values in the parameter \"arms\" are not valid: '7'"
    assert [row["arm_num"] for row in longitudinal.rows("arm")] == [1]


def test_delete_asks_for_arms(longitudinal: Project) -> None:
    assert '"arms"' in refusal(longitudinal.post("arm", "delete"))


def test_a_scalar_in_place_of_the_array_is_refused(longitudinal: Project) -> None:
    text = refusal(longitudinal.post("arm", "delete", arms="1"))
    assert text.startswith('The "arms" parameter has been provided with a value, but the value')


@pytest.mark.parametrize("number", ["", "one", "0", "-1", "1.5"])
def test_an_arm_number_is_a_whole_number_above_0(longitudinal: Project, number: str) -> None:
    rows: list[Row] = [{"arm_num": 3, "name": "C"}, {"arm_num": number, "name": "D"}]
    text = refusal(send(longitudinal, "arm", rows, override=1))
    assert text == f'The arm_num "{number}" is not a whole number above 0'
    assert longitudinal.rows("arm") == [{"arm_num": 1, "name": "Arm 1"}]


def test_an_arm_needs_a_name(longitudinal: Project) -> None:
    assert refusal(send(longitudinal, "arm", [{"arm_num": 1, "name": " "}])).endswith("have a name")


def test_an_empty_list_is_refused(longitudinal: Project) -> None:
    assert refusal(send(longitudinal, "arm", [], override=1)) == "No data were provided."


def test_csv_and_xml_are_read_alike(longitudinal: Project) -> None:
    csv = longitudinal.post("arm", "import", format="csv", data="arm_num,name\n2,Placebo\n")
    xml = longitudinal.post(
        "arm",
        "import",
        format="xml",
        data="<arms><item><arm_num>3</arm_num><name>Sham</name></item></arms>",
    )
    assert (csv.text, xml.text) == ("1", "1")
    sent(longitudinal, "event", [{"event_name": "V", "arm_num": n} for n in (2, 3)])
    assert [row["name"] for row in longitudinal.rows("arm")] == ["Arm 1", "Placebo", "Sham"]


def test_import_needs_the_design_right(longitudinal: Project) -> None:
    seen = grant(longitudinal, "akim", api_import=1, api_export=1)
    assert "'Project Design and Setup'" in refusal(send(seen, "arm", TWO))


def test_import_without_the_api_right_answers_403(longitudinal: Project) -> None:
    seen = grant(longitudinal, "akim", design=1, api_export=1)
    assert refusal(send(seen, "arm", TWO), 403) == "You do not have API Import/Update privileges"


@pytest.mark.parametrize("status", ["production", "analysis"])
def test_override_and_delete_are_refused_outside_development(
    make_emulator: MakeEmulator, status: str
) -> None:
    longitudinal = new_longitudinal(make_emulator(production_additive_writes="allow"))
    longitudinal.status(status)
    assert status in refusal(send(longitudinal, "arm", TWO, override=1))
    assert status in refusal(longitudinal.post("arm", "delete", arms=["1"]))


def test_additions_are_refused_in_production(longitudinal: Project) -> None:
    longitudinal.status("production")
    assert "production" in refusal(send(longitudinal, "arm", [{"arm_num": 2, "name": "Placebo"}]))


def test_additions_are_taken_in_production_by_switch(make_emulator: MakeEmulator) -> None:
    longitudinal = new_longitudinal(make_emulator(production_additive_writes="allow"))
    longitudinal.status("production")
    assert sent(longitudinal, "arm", [{"arm_num": 2, "name": "Placebo"}]) == 1
    longitudinal.status("analysis")
    assert "analysis" in refusal(send(longitudinal, "arm", [{"arm_num": 3, "name": "Sham"}]))


def test_in_production_only_administrators_rename(make_emulator: MakeEmulator) -> None:
    emulator = make_emulator(production_additive_writes="allow")
    longitudinal = new_longitudinal(emulator)
    longitudinal.status("production")
    text = "Sorry, but arms can only be renamed by REDCap administrators"
    assert refusal(send(longitudinal, "arm", [{"arm_num": 1, "name": "Drug"}])) == text
    admin = grant(longitudinal, "admin", api_import=1, design=1)
    assert sent(admin, "arm", [{"arm_num": 1, "name": "Drug"}]) == 1


def test_every_write_is_logged(longitudinal: Project) -> None:
    sent(longitudinal, "arm", TWO)
    assert last_log(longitudinal) == ("Manage/Design ", "Import arms (API)")
    longitudinal.post("arm", "delete", arms=["2"])
    assert last_log(longitudinal) == ("Manage/Design ", "Delete arms (API)")
