"""Values put past the API, as a project file does."""

from __future__ import annotations

from redcap_iac.emulator import design
from redcap_iac.emulator.resources.records import store
from redcap_iac.emulator.server import Emulator
from tests.emulator.served import Project
from tests.emulator.studies import add_dag, classic, column, repeating


def put(
    project: Project,
    field: str,
    value: str,
    *,
    repeat_form: str = "",
    instance: int = 1,
    dag_id: int | None = None,
) -> None:
    """Put a value of record 1 into the first event."""
    with project.emulator.store.transaction() as db:
        event = design.events(db, project.project_id)[0]
        store.put(db, project.project_id, "1", event, repeat_form, instance, field, value, dag_id)


def test_first_value_creates_the_record(emulator: Emulator) -> None:
    study = classic(emulator)
    put(study, "sex", "1")

    assert study.rows("record", type="eav") == [
        {"record": "1", "field_name": "record_id", "value": "1"},
        {"record": "1", "field_name": "sex", "value": "1"},
    ]


def test_blank_value_creates_the_record_alone(emulator: Emulator) -> None:
    study = classic(emulator)
    put(study, "sex", "")
    put(study, "record_id", "1")

    assert column(study.rows("record", type="eav"), "field_name") == ["record_id"]


def test_value_is_replaced_and_ticks_add_up(emulator: Emulator) -> None:
    study = classic(emulator)
    for field, value in (("sex", "1"), ("sex", "0"), ("race", "1"), ("race", "A-1")):
        put(study, field, value)

    row = study.rows("record")[0]
    assert [row[name] for name in ("sex", "race___1", "race___2", "race___a_1")] == [
        "0",
        "1",
        "0",
        "1",
    ]


def test_calculated_value_is_kept_as_given(emulator: Emulator) -> None:
    study = classic(emulator)
    put(study, "bmi", "17")

    assert study.rows("record", fields=["bmi"]) == [{"bmi": "17"}]


def test_instance_of_a_repeating_instrument(emulator: Emulator) -> None:
    study = repeating(emulator)
    put(study, "weight", "80", repeat_form="vitals", instance=3)

    rows = study.rows("record", fields=["record_id", "weight"])
    assert [(row["redcap_repeat_instance"], row["weight"]) for row in rows] == [("", ""), (3, "80")]


def test_new_record_goes_into_the_group(emulator: Emulator) -> None:
    study = classic(emulator)
    put(study, "sex", "1", dag_id=add_dag(study, "north"))

    rows = study.rows("record", exportDataAccessGroups="true")
    assert column(rows, "redcap_data_access_group") == ["north"]


def test_values_of_fields_since_removed_are_not_shown(emulator: Emulator) -> None:
    study = classic(emulator)
    put(study, "gone", "1")

    assert column(study.rows("record", type="eav"), "field_name") == ["record_id"]
