"""Labels, headings and the other looks of an export."""

from __future__ import annotations

import pytest

from redcap_iac.emulator.server import Emulator
from tests.emulator.served import Project
from tests.emulator.studies import (
    classic,
    send,
)

ONE = {"record_id": "1", "name": "Ada L", "race___2": "1", "sex": "1", "dob": "1990-12-31"}
FLAT = [
    "record_id", "name", "dob", "race___1", "race___2", "race___a_1", "sex", "photo", "comments",
    "demographics_complete", "height", "weight", "bmi", "vitals_complete",
]  # fmt: skip


@pytest.fixture
def study(emulator: Emulator) -> Project:
    """A classic study with one record."""
    project = classic(emulator)
    send(project, ONE)
    return project


def test_untouched_status_is_0_or_blank_on_request(study: Project) -> None:
    assert study.rows("record")[0]["vitals_complete"] == "0"
    row = study.rows("record", exportBlankForGrayFormStatus="true")[0]
    assert (row["vitals_complete"], row["demographics_complete"]) == ("", "0")


def test_csv_delimiters(study: Project) -> None:
    for sent, sign in ((",", ","), ("tab", "\t"), (";", ";"), ("|", "|"), ("^", "^")):
        response = study.post(
            "record", format="csv", fields=["record_id", "sex"], csvDelimiter=sent
        )
        assert response.text == f"record_id{sign}sex\n1{sign}1\n"


def test_unknown_delimiter_is_refused(study: Project) -> None:
    response = study.post("record", format="csv", csvDelimiter="!")

    assert response.status_code == 400
    assert response.text == 'ERROR: The value of the parameter "csvDelimiter" is not valid'


def test_labels_of_choices_statuses_and_checkboxes(study: Project) -> None:
    row = study.rows("record", rawOrLabel="label")[0]

    assert (row["sex"], row["demographics_complete"]) == ("Male", "Incomplete")
    assert (row["race___1"], row["race___2"]) == ("Unchecked", "Checked")


def test_checkbox_labels_on_request(study: Project) -> None:
    row = study.rows("record", rawOrLabel="label", exportCheckboxLabel="true")[0]

    assert (row["race___1"], row["race___2"]) == ("", "Black")


def test_eav_labels(study: Project) -> None:
    lines = study.rows("record", type="eav", rawOrLabel="label")

    found = {line["field_name"]: line["value"] for line in lines}
    assert (found["race"], found["sex"], found["demographics_complete"]) == (
        "Black",
        "Male",
        "Incomplete",
    )


def test_headings_of_csv_are_labels_without_markup(study: Project) -> None:
    response = study.post("record", format="csv", rawOrLabelHeaders="label", forms=["demographics"])

    assert response.text.splitlines()[0] == (
        'Record_Id,"Full name",Dob,"Race (choice=White)","Race (choice=Black)",'
        '"Race (choice=Other)",Sex,Photo,Comments,Complete?'
    )


def test_headings_leave_json_alone(study: Project) -> None:
    assert list(study.rows("record", rawOrLabelHeaders="label")[0]) == FLAT


def test_checkbox_choices_combined_in_one_column(study: Project) -> None:
    send(study, {"record_id": "1", "race___a_1": "1"})

    assert study.rows("record", fields=["race"], combineCheckboxOptions="true") == [
        {"race": "2,A-1"}
    ]


def test_decimal_character_of_numbers(study: Project) -> None:
    send(study, {"record_id": "1", "height": "1.8", "weight": "80.5", "comments": "1.5"})

    row = study.rows("record", decimalCharacter=",")[0]
    assert (row["height"], row["bmi"], row["comments"]) == ("1,8", "24,8", "1.5")
