"""What PyCap gets as csv, json and xml is the same, for every method that exports a list."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from redcap.project import Project as PyCap

from tests.emulator.proof import recorded
from tests.emulator.proof.recorded import Table

EXPORTS = (
    "export_arms",
    "export_dags",
    "export_events",
    "export_field_names",
    "export_instrument_event_mappings",
    "export_instruments",
    "export_metadata",
    "export_records",
    "export_repeating_instruments_events",
    "export_user_dag_assignment",
    "export_user_role_assignment",
    "export_user_roles",
    "export_users",
)
every_export = pytest.mark.parametrize("method", EXPORTS)


@pytest.fixture
def filled(pycap: PyCap) -> PyCap:
    """The study with something of everything that is listed."""
    pycap.create_folder_in_repository(name="A folder & more")
    pycap.import_users([{"username": "new_user", "data_access_group": "test_dag"}])
    return pycap


def from_xml(text: str) -> Table:
    """Read the items of an answer, maps of instruments as csv writes them."""
    return [
        {
            cell.tag: ",".join(f"{part.tag}:{part.text}" for part in cell) or cell.text or ""
            for cell in item
        }
        for item in ET.fromstring(text)
    ]


@every_export
def test_csv_says_what_json_says(filled: PyCap, method: str) -> None:
    in_json = getattr(filled, method)()
    in_csv = getattr(filled, method)(format_type="csv")
    assert in_json
    assert recorded.from_csv(in_csv) == recorded.as_text(in_json)
    assert list(recorded.from_csv(in_csv)[0]) == list(in_json[0])


@every_export
def test_xml_says_what_json_says(filled: PyCap, method: str) -> None:
    in_json = getattr(filled, method)()
    in_xml = getattr(filled, method)(format_type="xml")
    assert in_xml.startswith('<?xml version="1.0" encoding="UTF-8" ?>')
    assert from_xml(in_xml) == recorded.as_text(in_json)


def test_the_log_says_the_same_in_csv_and_xml(filled: PyCap) -> None:
    """Each export adds an entry, so only what was there before is compared."""
    before = filled.export_logging()
    assert recorded.from_csv(filled.export_logging(format_type="csv"))[1:] == before
    assert from_xml(filled.export_logging(format_type="xml"))[2:] == before


def test_the_file_repository_is_the_same_in_every_format(filled: PyCap) -> None:
    """PyCap reads these answers by the format of errors, so that is sent along."""
    in_json = recorded.as_text(filled.export_file_repository())
    in_csv = filled.export_file_repository(format_type="csv", return_format_type="csv")
    in_xml = filled.export_file_repository(format_type="xml", return_format_type="xml")
    assert recorded.from_csv(in_csv) == from_xml(in_xml) == in_json


def test_participants_are_the_same_in_every_format(filled: PyCap) -> None:
    event = "event_1_arm_1"
    in_json = recorded.as_text(filled.export_survey_participant_list("form_1", event=event))
    in_csv = filled.export_survey_participant_list("form_1", "csv", event)
    in_xml = filled.export_survey_participant_list("form_1", "xml", event)
    assert recorded.from_csv(in_csv) == from_xml(in_xml) == in_json
