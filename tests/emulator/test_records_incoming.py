"""The payload of an import: formats, columns, what is no data field."""

from __future__ import annotations

import pytest

from redcap_iac.emulator.server import Emulator
from tests.emulator.served import Project
from tests.emulator.studies import (
    classic,
    column,
    refused,
    send,
)


@pytest.fixture
def study(emulator: Emulator) -> Project:
    """A classic study without records."""
    return classic(emulator)


def stored(project: Project, name: str, record: str = "1") -> object:
    """Return the value of one field of one record."""
    return project.rows("record", records=[record], fields=[name])[0][name]


def test_xml_payload(study: Project) -> None:
    data = "<records><item><record_id>1</record_id><race___2>1</race___2></item></records>"

    assert study.post("record", "import", format="xml", data=data).status_code == 200
    assert study.rows("record")[0]["race___2"] == "1"


def test_csv_payload_with_another_delimiter(study: Project) -> None:
    study.post("record", "import", format="csv", data="record_id;sex\n1;0\n", csvDelimiter=";")

    assert stored(study, "sex") == "0"


def test_numbers_and_words_of_json_become_text(study: Project) -> None:
    send(study, {"record_id": 1, "height": 1.8, "race___1": True, "comments": None, "name": []})

    row = study.rows("record")[0]
    assert (row["record_id"], row["height"], row["race___1"], row["comments"]) == (
        "1",
        "1.8",
        "1",
        "",
    )


def test_single_object_imports_nothing(study: Project) -> None:
    response = study.post("record", "import", data='{"record_id": "1"}')

    assert response.json() == {"count": 0}
    assert study.rows("record") == []


def test_eav_payload(study: Project) -> None:
    lines = [
        {"record": "1", "field_name": "record_id", "value": "1"},
        {"record": "1", "field_name": "sex", "value": "1"},
        {"record": "1", "field_name": "race___2", "value": "1"},
        {"record": "2", "field_name": "sex", "value": "0"},
    ]

    assert send(study, *lines, type="eav") == {"count": 2}
    assert (column(study.rows("record"), "sex"), column(study.rows("record"), "race___2")) == (
        ["1", "0"],
        ["1", "0"],
    )


def test_eav_without_its_columns_is_not_the_format(study: Project) -> None:
    assert refused(study, {"record_id": "1", "sex": "1"}, type="eav") == (
        "The data is not in the specified format."
    )


def test_unknown_fields_are_refused_together(study: Project) -> None:
    text = refused(study, {"record_id": "1", "foo": "bar"}, {"record_id": "2", "baz": "qux"})

    assert (
        text == "The following fields were not found in the project as real data fields: foo, baz"
    )


@pytest.mark.parametrize("name", ["race", "race___9", "hint"])
def test_checkbox_base_unknown_choice_and_descriptive_are_no_data_fields(
    study: Project, name: str
) -> None:
    assert refused(study, {"record_id": "1", name: "1"}).endswith(f"real data fields: {name}")


def test_record_id_column_is_needed(study: Project) -> None:
    assert "'record_id'" in refused(study, {"sex": "1"})


def test_blank_and_endless_record_names_are_refused(study: Project) -> None:
    assert refused(study, {"record_id": "", "sex": "1"}) == '"","","","The record name is blank"'
    assert "100 characters" in refused(study, {"record_id": "x" * 101})


@pytest.mark.parametrize("data", ["[", "[1]", '"text"', '[{"record_id": {"a": 1}}]'])
def test_unreadable_data_are_not_the_format(study: Project, data: str) -> None:
    response = study.post("record", "import", data=data)

    assert response.status_code == 400
    assert response.json()["error"] == "The data is not in the specified format."


def test_no_data_are_refused(study: Project) -> None:
    assert study.post("record", "import").json()["error"] == "No data were provided."


def test_timestamp_column_of_an_instrument_is_passed_over(study: Project) -> None:
    send(study, {"record_id": "1", "vitals_timestamp": "2026-01-01 10:00", "sex": "1"})

    assert stored(study, "sex") == "1"
