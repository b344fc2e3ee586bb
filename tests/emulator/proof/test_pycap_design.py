"""PyCap on a served emulator: the methods about a project's design, unchanged and unpatched.

What is expected is what PyCap's documentation shows of a real server, or what its own tests
against that server expect.
"""

from __future__ import annotations

from typing import Literal

import pytest
from redcap.project import Project as PyCap
from redcap.request import RedcapError

from tests.emulator.served import Project, new_project

EVENT_COLUMNS = ["event_name", "arm_num", "unique_event_name", "custom_event_label", "event_id"]
METADATA_COLUMNS = 18


def test_a_project_knows_its_address_and_token(pycap: PyCap, study: Project) -> None:
    assert pycap.url == study.emulator.url
    assert pycap.token == study.token


def test_the_first_field_is_the_record_id(pycap: PyCap) -> None:
    assert pycap.def_field == "record_id"
    assert pycap.field_names == ["record_id", "field_1", "checkbox_field", "upload_field"]


def test_the_forms_come_from_the_metadata(pycap: PyCap) -> None:
    assert pycap.forms == ["form_1"]
    assert {row["form_name"] for row in pycap.metadata} == {"form_1"}


def test_a_project_with_two_events_is_longitudinal(pycap: PyCap) -> None:
    assert pycap.is_longitudinal


def test_a_fresh_project_is_classic(pycap_classic: PyCap) -> None:
    assert not pycap_classic.is_longitudinal


def test_the_version_is_a_semantic_version(pycap: PyCap) -> None:
    assert str(pycap.redcap_version) == "16.1.3"
    assert pycap.export_version() == pycap.redcap_version


def test_project_information_is_one_object_with_numbers(pycap: PyCap) -> None:
    info = pycap.export_project_info()
    assert isinstance(info["project_id"], int)
    assert info["project_title"] == "Test project"
    shown = ("in_production", "purpose", "is_longitudinal", "bypass_branching_erase_field_prompt")
    assert [info[name] for name in shown] == [0, 0, 1, 0]
    assert info["project_language"] == "English"
    assert info["purpose_other"] == ""


def test_project_information_is_one_line_of_csv(pycap: PyCap) -> None:
    header, values = pycap.export_project_info(format_type="csv").splitlines()
    assert header.startswith("project_id,project_title,creation_time,production_time,")
    assert '"Test project"' in values


def test_metadata_is_text_in_eighteen_columns(pycap: PyCap) -> None:
    rows = pycap.export_metadata()
    assert [len(row) for row in rows] == [METADATA_COLUMNS] * 4
    assert {type(value) for row in rows for value in row.values()} == {str}
    assert [row["field_type"] for row in rows] == ["text", "yesno", "checkbox", "file"]


@pytest.mark.parametrize("form", ["json", "csv", "xml"])
def test_metadata_goes_round_in_every_format(
    pycap: PyCap, form: Literal["json", "csv", "xml"]
) -> None:
    before = pycap.export_metadata(format_type=form)
    payload = before if form != "xml" else before.replace("records>", "items>")
    assert pycap.import_metadata(payload, import_format=form) == 4
    assert pycap.export_metadata(format_type=form) == before


def test_metadata_import_replaces_the_dictionary(pycap: PyCap) -> None:
    rows = pycap.export_metadata()
    assert pycap.import_metadata(rows[:-1]) == 3
    assert len(pycap.export_metadata()) == 3
    assert pycap.import_metadata(rows, return_format_type="csv") == "4"
    assert len(pycap.export_metadata()) == 4


def test_metadata_limited_to_fields_keeps_the_order_of_the_dictionary(
    pycap: PyCap,
) -> None:
    rows = pycap.export_metadata(fields=["upload_field", "field_1"])
    assert [row["field_name"] for row in rows] == ["field_1", "upload_field"]


def test_metadata_limited_to_forms(pycap: PyCap) -> None:
    assert len(pycap.export_metadata(forms=["form_1"])) == 4


def test_field_names_have_a_row_per_choice_and_none_for_files(pycap: PyCap) -> None:
    assert pycap.export_field_names() == [
        {"original_field_name": name, "choice_value": code, "export_field_name": exported}
        for name, code, exported in (
            ("record_id", "", "record_id"),
            ("field_1", "", "field_1"),
            ("checkbox_field", "1", "checkbox_field___1"),
            ("checkbox_field", "2", "checkbox_field___2"),
            ("form_1_complete", "", "form_1_complete"),
        )
    ]


def test_field_names_of_one_field(pycap: PyCap) -> None:
    assert len(pycap.export_field_names(field="checkbox_field")) == 2


def test_field_names_of_an_unknown_field_are_an_error(pycap: PyCap) -> None:
    with pytest.raises(RedcapError):
        pycap.export_field_names(field="no_such_field")


def test_instruments_have_names_and_labels(pycap: PyCap) -> None:
    expected = [{"instrument_name": "form_1", "instrument_label": "Form 1"}]
    assert pycap.export_instruments() == expected


def test_arms_have_numbers_and_names(pycap: PyCap) -> None:
    assert pycap.export_arms() == [{"arm_num": 1, "name": "Arm 1"}]
    assert pycap.export_arms(format_type="csv") == 'arm_num,name\n1,"Arm 1"\n'


def test_arms_of_a_classic_project_are_an_error(pycap_classic: PyCap) -> None:
    with pytest.raises(RedcapError, match="You cannot export arms for classic projects"):
        pycap_classic.export_arms()


def test_a_new_arm_shows_once_it_has_an_event(pycap: PyCap) -> None:
    assert pycap.import_arms([{"arm_num": 2, "name": "Arm 2"}]) == 1
    assert len(pycap.export_arms()) == 1
    assert pycap.import_events([{"event_name": "Event 1", "arm_num": "2"}]) == 1
    assert pycap.export_arms(arms=["2"]) == [{"arm_num": 2, "name": "Arm 2"}]


def test_an_existing_arm_is_renamed(pycap: PyCap) -> None:
    assert pycap.import_arms([{"arm_num": 1, "name": "Other"}], return_format_type="csv") == "1"
    assert pycap.export_arms()[0]["name"] == "Other"


def test_overriding_arms_takes_events_and_mappings_with_it(pycap: PyCap) -> None:
    assert pycap.import_arms([{"arm_num": 3, "name": "Arm 3"}], override=1) == 1
    assert pycap.export_project_info()["is_longitudinal"] == 0


def test_an_arm_is_deleted_with_its_events(pycap: PyCap) -> None:
    pycap.import_arms([{"arm_num": 2, "name": "Arm 2"}])
    pycap.import_events([{"event_name": "Event 1", "arm_num": "2"}])
    assert pycap.delete_arms(["2"]) == 1
    assert [row["arm_num"] for row in pycap.export_events()] == [1, 1]


def test_events_have_five_columns_and_numbers(pycap: PyCap) -> None:
    first, second = pycap.export_events()
    assert list(first) == EVENT_COLUMNS
    assert (first["event_name"], first["arm_num"]) == ("Event 1", 1)
    assert first["unique_event_name"] == "event_1_arm_1"
    assert isinstance(second["event_id"], int)


def test_events_of_an_arm_that_has_none_are_no_error(pycap: PyCap) -> None:
    assert pycap.export_events(arms=["3"]) == []


def test_an_event_is_made_and_deleted(pycap: PyCap) -> None:
    assert pycap.import_events([{"event_name": "Event 3", "arm_num": "1"}]) == 1
    assert [row["unique_event_name"] for row in pycap.export_events()][-1] == "event_3_arm_1"
    assert pycap.delete_events(["event_3_arm_1"], return_format_type="xml") == "1"
    assert len(pycap.export_events()) == 2


def test_an_unknown_unique_name_makes_a_new_event(pycap: PyCap) -> None:
    """The server's own name counts, whatever is sent (recorded)."""
    row = {"event_name": "Extra", "arm_num": "1", "unique_event_name": "event_9_arm_2"}
    assert pycap.import_events([row]) == 1
    assert pycap.export_events()[-1]["unique_event_name"] == "extra_arm_1"


def test_exported_events_can_be_imported_as_they_are(pycap: PyCap) -> None:
    before = pycap.export_events()
    assert pycap.import_events(before) == 2
    assert pycap.export_events() == before


def test_mappings_are_exported_and_replaced_as_a_whole(pycap: PyCap) -> None:
    one = {"arm_num": 1, "unique_event_name": "event_1_arm_1", "form": "form_1"}
    two = {"arm_num": 1, "unique_event_name": "event_2_arm_1", "form": "form_1"}
    assert pycap.export_instrument_event_mappings() == [one]
    assert pycap.import_instrument_event_mappings([one, two]) == 2
    assert pycap.export_instrument_event_mappings() == [one, two]
    assert pycap.import_instrument_event_mappings([two]) == 1
    assert pycap.export_instrument_event_mappings() == [two]


def test_mappings_of_an_arm_that_is_not_there_are_a_header_line(pycap: PyCap) -> None:
    answer = pycap.export_instrument_event_mappings(format_type="csv", arms=["9"])
    assert answer == "arm_num,unique_event_name,form\n"


def test_a_repeating_event_has_an_empty_form(pycap: PyCap) -> None:
    expected = [{"event_name": "event_1_arm_1", "form_name": "", "custom_form_label": ""}]
    assert pycap.export_repeating_instruments_events() == expected


def test_repeating_goes_round_in_csv(pycap: PyCap) -> None:
    before = pycap.export_repeating_instruments_events(format_type="csv")
    assert before == "event_name,form_name,custom_form_label\nevent_1_arm_1,,\n"
    assert pycap.import_repeating_instruments_events(before, import_format="csv") == 1
    assert pycap.export_repeating_instruments_events(format_type="csv") == before


def test_importing_the_header_alone_clears_repeating(pycap: PyCap) -> None:
    header = "event_name,form_name,custom_form_label\n"
    assert pycap.import_repeating_instruments_events(header, import_format="csv") == 0
    assert pycap.export_project_info()["has_repeating_instruments_or_events"] == 0
    with pytest.raises(RedcapError, match="does not contain any repeating"):
        pycap.export_repeating_instruments_events()


def test_a_wrong_token_is_an_error(study: Project) -> None:
    stranger = PyCap(study.emulator.url, "0" * 32)
    with pytest.raises(RedcapError, match="You do not have permissions to use the API"):
        stranger.export_metadata()


def test_a_version_asked_for_with_a_wrong_token_is_none(study: Project) -> None:
    stranger = PyCap(study.emulator.url, "0" * 32)
    with pytest.raises(RedcapError):
        stranger.export_version()


def test_two_projects_do_not_share_anything(pycap: PyCap, study: Project) -> None:
    other = new_project(study.emulator, "Other")
    seen = PyCap(study.emulator.url, other.token)
    assert seen.export_project_info()["project_title"] == "Other"
    assert pycap.export_project_info()["project_title"] == "Test project"
