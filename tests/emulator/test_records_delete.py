"""Delete Records: whole ones, and parts."""

from __future__ import annotations

import pytest

from redcap_iac.emulator.server import Emulator
from tests.emulator.served import Project
from tests.emulator.studies import add_dag, classic, column, grant, member, repeating, send, trial

ABSENT = (
    "One or more of the records provided cannot be deleted because they do not exist in the"
    " project. The following records do not exist: "
)


@pytest.fixture
def study(emulator: Emulator) -> Project:
    """A classic study with records 1, 2 and 3, whose user may delete."""
    project = classic(emulator)
    grant(project, record_delete=1)
    send(
        project,
        {"record_id": "1", "sex": "1", "weight": "80"},
        {"record_id": "2"},
        {"record_id": "3"},
    )
    return project


@pytest.fixture
def visits(emulator: Emulator) -> Project:
    """A trial whose record 1 is in both arms, with two instances of week 4."""
    project = trial(emulator)
    grant(project, record_delete=1)
    send(
        project,
        {"record_id": "1", "redcap_event_name": "baseline_arm_1", "sex": "1", "weight": "80"},
        {"record_id": "1", "redcap_event_name": "week_4_arm_1", "weight": "81"},
        {"record_id": "1", "redcap_event_name": "week_4_arm_1", "redcap_repeat_instance": "2",
         "weight": "82"},
        {"record_id": "1", "redcap_event_name": "start_arm_2", "sex": "0"},
    )  # fmt: skip
    return project


@pytest.mark.parametrize("format_", ["json", "csv", "xml"])
def test_answer_is_a_bare_number(study: Project, format_: str) -> None:
    response = study.post("record", "delete", records=["1", "3"], returnFormat=format_)

    assert (response.status_code, response.text) == (200, "2")
    assert column(study.rows("record"), "record_id") == ["2"]


def test_records_that_are_not_there_are_named_and_nothing_goes(study: Project) -> None:
    response = study.post("record", "delete", records=["1", "8", "9"])

    assert (response.status_code, response.json()["error"]) == (400, ABSENT + "8, 9")
    assert len(study.rows("record")) == 3


def test_records_are_needed(study: Project) -> None:
    response = study.post("record", "delete")

    assert response.status_code == 400
    assert '"records"' in response.json()["error"]


def test_deleting_asks_for_the_delete_right(study: Project) -> None:
    grant(study, record_delete=0)
    response = study.post("record", "delete", records=["1"])

    assert (response.status_code, response.json()["error"]) == (
        403,
        "You do not have Delete Record privileges",
    )


def test_deletion_is_logged(study: Project) -> None:
    study.post("record", "delete", records=["1"])

    entries = study.rows("log", logtype="record_delete")
    assert [(entry["action"], entry["record"]) for entry in entries] == [
        ("Delete record (API) 1", "1")
    ]


def test_instrument_of_a_classic_project(study: Project) -> None:
    assert study.post("record", "delete", records=["1"], instrument="vitals").text == "1"

    row = study.rows("record", records=["1"], exportBlankForGrayFormStatus="true")[0]
    assert (row["sex"], row["weight"], row["vitals_complete"]) == ("1", "", "")


def test_first_instrument_goes_and_the_id_stays(study: Project) -> None:
    study.post("record", "delete", records=["1"], instrument="demographics")

    row = study.rows("record", records=["1"])[0]
    assert (row["record_id"], row["sex"], row["weight"]) == ("1", "", "80")


def test_one_instance_of_a_repeating_instrument(emulator: Emulator) -> None:
    project = repeating(emulator)
    grant(project, record_delete=1)
    row: dict[str, object] = {"record_id": "1", "redcap_repeat_instrument": "vitals"}
    send(
        project,
        {**row, "redcap_repeat_instance": "1", "weight": "70"},
        {**row, "redcap_repeat_instance": "2", "weight": "72"},
    )
    project.post("record", "delete", records=["1"], instrument="vitals", repeat_instance="2")

    assert column(project.rows("record", fields=["weight"]), "weight") == ["70"]


def events(project: Project) -> list[tuple[str, object]]:
    """Return event and instance of every row."""
    rows = project.rows("record")
    return [(row["redcap_event_name"], row["redcap_repeat_instance"]) for row in rows]


def test_event_leaves_the_rest_of_the_record(visits: Project) -> None:
    assert visits.post("record", "delete", records=["1"], event="week_4_arm_1").text == "1"
    assert events(visits) == [("baseline_arm_1", ""), ("start_arm_2", "")]


def test_instance_of_a_repeating_event(visits: Project) -> None:
    visits.post("record", "delete", records=["1"], event="week_4_arm_1", repeat_instance="2")

    assert events(visits) == [("baseline_arm_1", ""), ("week_4_arm_1", 1), ("start_arm_2", "")]


def test_instrument_at_an_event(visits: Project) -> None:
    visits.post("record", "delete", records=["1"], event="baseline_arm_1", instrument="vitals")

    row = visits.rows("record", events=["baseline_arm_1"])[0]
    assert (row["sex"], row["weight"]) == ("1", "")


def test_instrument_without_its_event_takes_the_whole_record(visits: Project) -> None:
    visits.post("record", "delete", records=["1"], instrument="vitals", repeat_instance="2")

    assert visits.rows("record") == []


def test_arm(visits: Project) -> None:
    assert visits.post("record", "delete", records=["1"], arm="1").text == "1"
    assert events(visits) == [("start_arm_2", "")]


def test_record_must_be_in_the_arm(visits: Project) -> None:
    visits.post("record", "delete", records=["1"], arm="1")
    response = visits.post("record", "delete", records=["1"], arm="1")

    assert response.json()["error"] == ABSENT + "1"


def test_last_event_takes_the_record_with_it(visits: Project) -> None:
    visits.post("record", "delete", records=["1"], arm="1")
    visits.post("record", "delete", records=["1"], event="start_arm_2")

    assert visits.post("record", "delete", records=["1"]).json()["error"] == ABSENT + "1"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("arm", "9"),
        ("event", "nowhere_arm_1"),
        ("instrument", "nothing"),
        ("repeat_instance", "two"),
    ],
)
def test_unknown_part_is_refused(visits: Project, name: str, value: str) -> None:
    response = visits.post("record", "delete", records=["1"], **{name: value})

    assert response.status_code == 400
    assert response.json()["error"] == f'The value of the parameter "{name}" is not valid'
    assert len(visits.rows("record")) == 4


def test_records_of_other_groups_are_not_there(study: Project) -> None:
    akim = member(study, "akim", add_dag(study, "north"))
    response = akim.post("record", "delete", records=["1"])

    assert response.json()["error"] == ABSENT + "1"


def test_data_of_hidden_events_go_with_the_record(visits: Project) -> None:
    with visits.emulator.store.transaction() as db:
        db.execute(
            "UPDATE projects SET settings = json_set(settings, '$.is_longitudinal', 0)"
            " WHERE project_id = ?",
            (visits.project_id,),
        )
    visits.post("record", "delete", records=["1"]).raise_for_status()

    with visits.emulator.store.transaction() as db:
        assert db.execute("SELECT COUNT(*) FROM data").fetchone()[0] == 0


def test_files_go_with_their_record(study: Project) -> None:
    study.post(
        "file", "import", format=None, record="1", field="photo", file=("a.txt", b"a", "text/plain")
    ).raise_for_status()
    study.post("record", "delete", records=["1"])

    with study.emulator.store.transaction() as db:
        assert db.execute("SELECT COUNT(*) FROM files").fetchone()[0] == 0
