"""PyCap on projects made from the very files its own tests make theirs from."""

from __future__ import annotations

import pytest
from redcap.project import Project as PyCap

from redcap_iac.emulator.server import Emulator
from tests.emulator.odm.creating import created
from tests.emulator.proof import recorded

pytestmark = recorded.NEEDS_CORPUS
DOCTESTS = "redcap-tools__pycap-doctest-project.xml"
LONG = "redcap-tools__pycap-test-long-project.xml"


def on(emulator: Emulator, file: str) -> PyCap:
    project = created(emulator, (recorded.XML / file).read_text(encoding="utf-8"))
    pycap = PyCap(emulator.url, project.token)
    pycap.import_users([{"username": "admin", "record_delete": 1, "record_rename": 1}])
    return pycap


@pytest.fixture
def pycap(emulator: Emulator) -> PyCap:
    """PyCap on the project that its documentation shows answers of."""
    return on(emulator, DOCTESTS)


@pytest.fixture
def pycap_long(emulator: Emulator) -> PyCap:
    """PyCap on the longitudinal project of its tests."""
    return on(emulator, LONG)


def test_the_design_is_as_documented(pycap: PyCap) -> None:
    assert pycap.field_names == ["record_id", "field_1", "checkbox_field", "upload_field"]
    assert pycap.export_arms() == [{"arm_num": 1, "name": "Arm 1"}]
    assert pycap.export_instruments() == [
        {"instrument_name": "form_1", "instrument_label": "Form 1"}
    ]
    assert pycap.export_instrument_event_mappings() == [
        {"arm_num": 1, "unique_event_name": "event_1_arm_1", "form": "form_1"}
    ]
    assert pycap.export_repeating_instruments_events() == [
        {"event_name": "event_1_arm_1", "form_name": "", "custom_form_label": ""}
    ]


def test_access_is_as_documented(pycap: PyCap) -> None:
    (role,) = pycap.export_user_roles()
    assert (role["role_label"], role["forms_export"]) == ("Test role", {"form_1": 0})
    (group,) = pycap.export_dags()
    assert (group["data_access_group_name"], group["unique_group_name"]) == ("Test DAG", "test_dag")


def test_the_first_records_are_as_documented(pycap: PyCap) -> None:
    first, second, _ = pycap.export_records(fields=["record_id", "field_1", "checkbox_field"])
    place: dict[str, str | int] = {"redcap_event_name": "event_1_arm_1"}
    place |= {"redcap_repeat_instrument": "", "redcap_repeat_instance": 1}
    ticks = {"checkbox_field___1": "0", "checkbox_field___2": "1"}
    assert first == {"record_id": "1", **place, "field_1": "1", **ticks}
    ticks["checkbox_field___2"] = "0"
    assert second == {"record_id": "2", **place, "field_1": "0", **ticks}


def test_a_file_of_the_project_comes_out_as_documented(pycap: PyCap) -> None:
    content, about = pycap.export_file(record="1", field="upload_field", event="event_1_arm_1")
    assert content == b"test upload\n"
    assert about == {"name": "test_upload.txt", "charset": "UTF-8"}


def test_dictionary_and_repeating_go_round_as_documented(pycap: PyCap) -> None:
    metadata = pycap.export_metadata(format_type="csv")
    assert pycap.import_metadata(metadata, import_format="csv") == 4
    repeating = pycap.export_repeating_instruments_events(format_type="csv")
    assert pycap.import_repeating_instruments_events(repeating, import_format="csv") == 1


def test_one_of_44_designations_replaces_them_all(pycap_long: PyCap) -> None:
    mappings = pycap_long.export_instrument_event_mappings()
    assert len(mappings) == 44
    assert pycap_long.import_instrument_event_mappings(mappings[:1]) == 1
    assert pycap_long.export_instrument_event_mappings() == mappings[:1]


def test_arms_and_events_of_an_arm_that_is_there_and_one_that_is_not(pycap_long: PyCap) -> None:
    numbers = [row["arm_num"] for row in pycap_long.export_arms()]
    assert [row["arm_num"] for row in pycap_long.export_arms(arms=["1"])] == [1]
    assert {row["arm_num"] for row in pycap_long.export_events()} == set(numbers)
    assert pycap_long.export_events(arms=["9"]) == []
    assert pycap_long.export_instrument_event_mappings(arms=["9"]) == []


def test_records_of_every_event_go_out_and_back(pycap_long: PyCap) -> None:
    before = pycap_long.export_records(fields=[pycap_long.def_field])
    assert len({row[pycap_long.def_field] for row in before}) == 2
    assert pycap_long.import_records(before) == {"count": 2}
    assert pycap_long.export_records(fields=[pycap_long.def_field]) == before
