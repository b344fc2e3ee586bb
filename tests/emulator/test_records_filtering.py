"""filterLogic: decided per row, with references across events and instances."""

from __future__ import annotations

import pytest

from redcap_iac.emulator.server import Emulator
from tests.emulator.served import Project
from tests.emulator.studies import add_dag, classic, column, member, repeating, send, trial


@pytest.fixture
def study(emulator: Emulator) -> Project:
    """A classic study with two records that differ."""
    project = classic(emulator)
    send(
        project,
        {"record_id": "1", "sex": "0", "race___2": "1", "height": "1.6"},
        {"record_id": "2", "sex": "1", "height": "1.9"},
    )
    return project


def ids(project: Project, logic: str, **parameters: object) -> list[str]:
    """Return the ids of the rows that a filter lets through."""
    rows = project.rows("record", filterLogic=logic, **parameters)
    return [str(row["record_id"]) for row in rows]


def test_comparison_of_a_field(study: Project) -> None:
    assert ids(study, "[sex] = '1'") == ["2"]


def test_numbers_are_compared_as_numbers(study: Project) -> None:
    assert ids(study, "[height] > 1.70") == ["2"]


def test_checkbox_choice(study: Project) -> None:
    assert ids(study, "[race(2)] = '1'") == ["1"]
    assert ids(study, "[race(1)] = '0'") == ["1", "2"]


def test_record_id_and_status_can_be_asked(study: Project) -> None:
    assert ids(study, "[record_id] = '2' and [vitals_complete] = '0'") == ["2"]


def test_field_of_the_filter_need_not_be_exported(study: Project) -> None:
    assert study.rows("record", filterLogic="[sex] = '1'", fields=["height"]) == [{"height": "1.9"}]


def test_eav_is_filtered_too(study: Project) -> None:
    lines = study.rows("record", filterLogic="[sex] = '1'", type="eav")

    assert {line["record"] for line in lines} == {"2"}


def test_label_modifier(study: Project) -> None:
    assert ids(study, "[sex:label] = 'Male'") == ["2"]


def test_smart_variables_of_record_and_user(study: Project) -> None:
    assert ids(study, "[record-name] = '1' and [user-name] = 'jdoe'") == ["1"]


def test_smart_variables_of_groups(study: Project) -> None:
    north = add_dag(study, "north")
    send(study, {"record_id": "1", "redcap_data_access_group": "north"})
    akim = member(study, "akim", north)

    assert ids(study, "[record-dag-name] = 'north' and [record-dag-label] = 'North'") == ["1"]
    assert ids(study, f"[record-dag-id] = '{north}'") == ["1"]
    assert ids(akim, "[user-dag-name] = 'north' and [user-dag-label] = 'North'") == ["1"]
    assert ids(akim, f"[user-dag-id] = '{north}'") == ["1"]
    assert ids(study, "[user-dag-name] <> ''") == []


def test_smart_variables_of_the_place(study: Project) -> None:
    logic = f"[project-id] = '{study.project_id}' and [arm-number] = '1' and [event-id] > 0"

    assert ids(study, logic) == ["1", "2"]
    assert ids(study, "[event-label] = 'Event 1' and [current-instance] = '1'") == ["1", "2"]
    assert ids(study, "[survey-link] = ''") == ["1", "2"]


@pytest.mark.parametrize("logic", ["[sex] = ", "[nothing] = '1'", "invent([sex])", "left('a')"])
def test_unreadable_filter_is_refused(study: Project, logic: str) -> None:
    response = study.post("record", filterLogic=logic)

    assert response.status_code == 400
    assert response.json()["error"] == 'The value of the parameter "filterLogic" is not valid'


@pytest.fixture
def visits(emulator: Emulator) -> Project:
    """A trial without repeats: weights 80 at Baseline and 70 at Week 4 for 1, only 60 for 2."""
    project = trial(emulator, with_repeats=False)
    send(
        project,
        {"record_id": "1", "redcap_event_name": "baseline_arm_1", "weight": "80"},
        {"record_id": "1", "redcap_event_name": "week_4_arm_1", "weight": "70"},
        {"record_id": "2", "redcap_event_name": "baseline_arm_1", "weight": "60"},
    )
    return project


def events(project: Project, logic: str) -> list[tuple[str, str]]:
    """Return record and event of the rows that a filter lets through."""
    rows = project.rows("record", filterLogic=logic)
    return [(row["record_id"], row["redcap_event_name"]) for row in rows]


def test_filter_is_decided_per_event(visits: Project) -> None:
    assert events(visits, "[weight] = '70'") == [("1", "week_4_arm_1")]


def test_named_event_is_read_from_every_row(visits: Project) -> None:
    assert events(visits, "[week_4_arm_1][weight] < [baseline_arm_1][weight]") == [
        ("1", "baseline_arm_1"),
        ("1", "week_4_arm_1"),
    ]


@pytest.mark.parametrize(
    ("logic", "event"),
    [
        ("[previous-event-name][weight] = '80'", "week_4_arm_1"),
        ("[next-event-name][weight] = '70'", "baseline_arm_1"),
        ("[event-name][weight] = '70'", "week_4_arm_1"),
        ("[event-name] = 'week_4_arm_1'", "week_4_arm_1"),
        ("[last-event-name][weight] = [weight]", "week_4_arm_1"),
        ("[first-event-name][weight] = '80' and [weight] = '80'", "baseline_arm_1"),
    ],
)
def test_relative_events(visits: Project, logic: str, event: str) -> None:
    assert events(visits, logic) == [("1", event)]


def test_relative_events_of_a_field_skip_those_without_its_instrument(emulator: Emulator) -> None:
    # dob is on Baseline alone: from there the last event that has it is Baseline itself
    project = trial(emulator, with_repeats=False)
    row = {"record_id": "1", "redcap_event_name": "baseline_arm_1", "dob": "1990-01-01"}
    send(project, row)
    assert events(project, "[last-event-name][dob] = '1990-01-01'") == [("1", "baseline_arm_1")]


@pytest.fixture
def instances(emulator: Emulator) -> Project:
    """A classic project, vitals repeating: weights 70, 75, 80 in instances 1, 2, 4."""
    project = repeating(emulator)
    send(project, {"record_id": "1", "sex": "1"})
    send(
        project,
        *(
            {"record_id": "1", "redcap_repeat_instrument": "vitals",
             "redcap_repeat_instance": number, "weight": weight}
            for number, weight in (("1", "70"), ("2", "75"), ("4", "80"))
        ),
    )  # fmt: skip
    return project


def numbers(project: Project, logic: str) -> list[object]:
    """Return the instances that a filter lets through."""
    return column(project.rows("record", filterLogic=logic), "redcap_repeat_instance")


def test_filter_is_decided_per_instance(instances: Project) -> None:
    assert numbers(instances, "[weight] >= 75") == [2, 4]


def test_instance_reads_what_does_not_repeat(instances: Project) -> None:
    assert numbers(instances, "[sex] = '1' and [weight] = '70'") == [1]


@pytest.mark.parametrize(
    ("logic", "found"),
    [
        ("[weight][2] = '75'", ["", 1, 2, 4]),
        ("[weight][first-instance] = '70'", ["", 1, 2, 4]),
        ("[weight][last-instance] = '80'", ["", 1, 2, 4]),
        ("[weight][previous-instance] = '70'", [2]),
        ("[weight][next-instance] = '75'", [1]),
        ("[weight][current-instance] = '80'", [4]),
        ("[weight][new-instance] = '80'", []),
    ],
)
def test_references_to_instances(instances: Project, logic: str, found: list[object]) -> None:
    assert numbers(instances, logic) == found
