"""Which fields an export shows: those asked for, less what the caller may not see."""

from __future__ import annotations

import pytest

from redcap_iac.emulator.server import Emulator
from tests.emulator.conftest import MakeEmulator
from tests.emulator.served import Project
from tests.emulator.studies import (
    classic,
    column,
    grant_export,
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


def test_requested_field_comes_alone_without_the_record_id(study: Project) -> None:
    assert study.rows("record", fields=["sex"]) == [{"sex": "1"}]


def test_requested_checkbox_brings_all_its_choices(study: Project) -> None:
    assert list(study.rows("record", fields=["race"])[0]) == ["race___1", "race___2", "race___a_1"]


def test_requested_form_brings_its_status_and_not_the_record_id(study: Project) -> None:
    assert list(study.rows("record", forms=["vitals"])[0]) == [
        "height",
        "weight",
        "bmi",
        "vitals_complete",
    ]


def test_fields_and_forms_are_a_union_in_project_order(study: Project) -> None:
    rows = study.rows("record", forms=["vitals"], fields=["sex", "record_id"])

    assert list(rows[0]) == ["record_id", "sex", "height", "weight", "bmi", "vitals_complete"]


def test_status_field_can_be_requested(study: Project) -> None:
    assert study.rows("record", fields=["vitals_complete"]) == [{"vitals_complete": "0"}]


def test_descriptive_field_in_a_request_is_passed_over(study: Project) -> None:
    assert study.rows("record", fields=["sex", "hint"]) == [{"sex": "1"}]


def test_empty_filters_are_no_filters(study: Project) -> None:
    parameters = {"fields[0]": "", "records[0]": "", "forms[0]": ""}

    assert list(study.rows("record", **parameters)[0]) == FLAT


def test_unknown_field_is_refused(study: Project) -> None:
    response = study.post("record", fields=["sex", "bad", "worse"])

    assert response.status_code == 400
    assert response.json() == {
        "error": "The following values in the parameter \"fields\" are not valid: 'bad', 'worse'"
    }


def test_unknown_form_is_refused(study: Project) -> None:
    response = study.post("record", forms=["nowhere"])

    assert response.status_code == 400
    assert "'nowhere'" in response.json()["error"]


def test_scalar_in_place_of_an_array_is_refused(study: Project) -> None:
    response = study.post("record", fields="sex")

    assert response.status_code == 400
    assert response.json()["error"].startswith('The "fields" parameter has been provided with')


def test_pseudo_field_is_refused_since_13_4_10(study: Project) -> None:
    response = study.post("record", fields=["redcap_event_name"])

    assert response.status_code == 400
    assert "'redcap_event_name'" in response.json()["error"]


def test_pseudo_field_was_passed_over_before_13_4_10(make_emulator: MakeEmulator) -> None:
    project = classic(make_emulator("13.4.9"))
    send(project, ONE)

    assert project.rows("record", fields=["redcap_event_name", "sex"]) == [{"sex": "1"}]


def test_no_access_to_an_instrument_hides_it(study: Project) -> None:
    grant_export(study, demographics=1, vitals=0)

    assert not {"height", "vitals_complete"} & set(study.rows("record")[0])


def test_identifiers_are_removed(study: Project) -> None:
    grant_export(study, demographics=3)

    row = study.rows("record")[0]
    assert "name" not in row
    assert {"record_id", "dob", "comments"} <= set(row)


def test_de_identified_loses_identifiers_dates_and_free_text(study: Project) -> None:
    grant_export(study, demographics=2, vitals=2)

    row = study.rows("record")[0]
    assert not {"name", "dob", "comments"} & set(row)
    assert {"record_id", "sex", "race___1", "height", "bmi"} <= set(row)


def test_hidden_field_is_missing_from_eav(study: Project) -> None:
    grant_export(study, demographics=3)

    assert "name" not in column(study.rows("record", type="eav"), "field_name")


def test_export_fails_without_any_data_export_right(study: Project) -> None:
    grant_export(study, demographics=0, vitals=0)

    response = study.post("record")
    assert response.status_code == 403
    assert "data export privileges" in response.json()["error"]
