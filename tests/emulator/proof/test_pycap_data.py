"""PyCap on a served emulator: records, files, surveys, reports, the log, unchanged."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import pytest
from redcap.project import Project as PyCap
from redcap.request import RedcapError

from redcap_iac.emulator import admin
from tests.emulator.served import Project

FIRST = {
    "record_id": "1",
    "redcap_event_name": "event_1_arm_1",
    "redcap_repeat_instrument": "",
    "redcap_repeat_instance": 1,
    "field_1": "1",
    "checkbox_field___1": "0",
    "checkbox_field___2": "1",
    "upload_field": "",
    "form_1_complete": "2",
}
SECOND = {**FIRST, "record_id": "2", "field_1": "0", "checkbox_field___2": "0"}
SECOND["form_1_complete"] = "0"
PLACE = ("1", "form_1", "event_1_arm_1")
EVENT = "event_1_arm_1"


def numbers(rows: list[dict[str, str]]) -> list[str]:
    return [row["record_id"] for row in rows]


def test_records_are_flat_text_with_a_number_for_the_instance(pycap: PyCap) -> None:
    assert pycap.export_records() == [FIRST, SECOND]


def test_filter_logic_chooses_records(pycap: PyCap) -> None:
    assert pycap.export_records(filter_logic="[field_1] = 1") == [FIRST]


def test_labels_stand_for_codes_on_request(pycap: PyCap) -> None:
    answer = pycap.export_records(
        format_type="csv", fields=["field_1", "checkbox_field"], raw_or_label="label"
    )
    # this is, letter by letter, what PyCap documents of a real server
    assert answer == (
        "record_id,redcap_event_name,redcap_repeat_instrument,redcap_repeat_instance,field_1,"
        'checkbox_field___1,checkbox_field___2\n1,"Event 1",,1,Yes,Unchecked,Checked\n'
        '2,"Event 1",,1,No,Unchecked,Unchecked\n'
    )


def test_one_value_per_row_on_request(pycap: PyCap) -> None:
    rows = pycap.export_records(record_type="eav", records=["2"])
    assert [(row["field_name"], row["value"]) for row in rows] == [
        ("record_id", "2"),
        ("field_1", "0"),
        ("form_1_complete", "0"),
    ]


def test_forms_and_events_limit_an_export(pycap: PyCap) -> None:
    assert pycap.export_records(forms="form_1", events=["event_2_arm_1"]) == []
    assert len(pycap.export_records(forms="form_1", events=[EVENT])) == 2


def test_the_groups_of_records_are_shown_on_request(pycap: PyCap) -> None:
    moved = {"record_id": "1", "redcap_event_name": EVENT, "redcap_repeat_instance": 1}
    pycap.import_records([{**moved, "redcap_data_access_group": "test_dag"}])
    rows = pycap.export_records(export_data_access_groups=True)
    assert [row["redcap_data_access_group"] for row in rows] == ["test_dag", ""]


def test_survey_columns_are_shown_on_request(pycap: PyCap) -> None:
    (row, _) = pycap.export_records(export_survey_fields=True)
    assert row["redcap_survey_identifier"] == ""
    assert "form_1_timestamp" in row


def test_checkboxes_carry_their_label_on_request(pycap: PyCap) -> None:
    rows = pycap.export_records(raw_or_label="label", export_checkbox_labels=True)
    assert [row["checkbox_field___2"] for row in rows] == ["Choice 2", ""]


def test_an_untouched_status_is_blank_on_request(pycap: PyCap) -> None:
    extra = {"field_name": "other", "form_name": "form_2", "field_type": "text"}
    pycap.import_metadata([*pycap.export_metadata(), {**extra, "field_label": "Other"}])
    both = [{"arm_num": 1, "unique_event_name": EVENT, "form": f"form_{n}"} for n in (1, 2)]
    pycap.import_instrument_event_mappings(both)
    asked: dict[str, Any] = {
        "records": ["1"],
        "fields": ["record_id", "form_1_complete", "form_2_complete"],
    }
    shown = pycap.export_records(**asked)[0]
    blank = pycap.export_records(**asked, export_blank_for_gray_form_status=True)[0]
    assert (shown["form_1_complete"], shown["form_2_complete"]) == ("2", "0")
    assert (blank["form_1_complete"], blank["form_2_complete"]) == ("2", "")


def test_a_range_of_dates_limits_an_export(pycap: PyCap) -> None:
    """Nothing was made before the year 2000."""
    assert pycap.export_records(date_end=datetime(2000, 1, 1)) == []


def test_an_import_counts_records_and_an_overlong_delete_is_refused(
    pycap: PyCap,
) -> None:
    new = [{"record_id": 3, "redcap_repeat_instance": 1, "field_1": 1}]
    new.append({"record_id": 4, "redcap_repeat_instance": 1})
    assert pycap.import_records(new) == {"count": 2}
    assert pycap.delete_records(["3", "4"]) == 2
    with pytest.raises(RedcapError, match="The following records do not exist: 3"):
        pycap.delete_records(["3"])


def test_one_instance_of_a_repeating_event_is_deleted(pycap: PyCap) -> None:
    row = {"record_id": 3, "redcap_event_name": EVENT}
    first = {**row, "redcap_repeat_instance": 1, "field_1": 1}
    second = {**row, "redcap_repeat_instance": 2, "field_1": 0}
    assert pycap.import_records([first, second]) == {"count": 1}
    assert pycap.delete_records(records=["3"], event=EVENT, repeat_instance=2) == 1
    assert pycap.export_records(records=["3"]) == [
        {**FIRST, "record_id": "3", "checkbox_field___2": "0", "form_1_complete": "0"}
    ]


def test_the_instance_may_be_told_as_text(pycap: PyCap) -> None:
    row = {"record_id": "3", "redcap_event_name": EVENT, "redcap_repeat_instance": "2"}
    assert pycap.import_records([row], return_content="ids") == ["3"]


def test_automatic_numbers_are_told_with_the_numbers_sent(pycap: PyCap) -> None:
    row = {"record_id": "99", "redcap_event_name": EVENT, "redcap_repeat_instance": 1}
    sent = [{**row, "field_1": "1"}]
    answer = pycap.import_records(sent, return_content="auto_ids", force_auto_number=True)
    assert answer == ["3,99"]
    assert numbers(pycap.export_records()) == ["1", "2", "3"]


def test_an_import_may_ask_for_nothing(pycap: PyCap) -> None:
    row = {"record_id": "3", "redcap_event_name": EVENT, "redcap_repeat_instance": 1}
    assert pycap.import_records([row], return_content="nothing") == [{}]
    assert numbers(pycap.export_records()) == ["1", "2", "3"]


def test_records_go_round_in_csv(pycap: PyCap) -> None:
    table = pycap.export_records(format_type="csv", fields=["record_id", "field_1"])
    assert pycap.import_records(table, import_format="csv", return_format_type="csv") == "2"
    assert pycap.export_records() == [FIRST, SECOND]


def test_overwriting_erases_with_blanks(pycap: PyCap) -> None:
    row = {"record_id": "1", "redcap_event_name": EVENT, "redcap_repeat_instance": 1, "field_1": ""}
    pycap.import_records([row])
    assert pycap.export_records(records=["1"])[0]["field_1"] == "1"
    pycap.import_records([row], overwrite="overwrite")
    assert pycap.export_records(records=["1"])[0]["field_1"] == ""


def test_an_unknown_field_is_an_error_and_nothing_is_written(pycap: PyCap) -> None:
    row = {"record_id": "9", "redcap_event_name": EVENT, "no_such_field": "1"}
    with pytest.raises(RedcapError, match="no_such_field"):
        pycap.import_records([row])
    assert numbers(pycap.export_records()) == ["1", "2"]


def test_the_next_record_name_is_text(pycap: PyCap) -> None:
    assert pycap.generate_next_record_name() == "3"


def test_a_file_goes_in_and_comes_out_with_its_name(pycap: PyCap) -> None:
    upload = io.BytesIO(b"test upload\n")
    answer = pycap.import_file("1", "upload_field", "test_upload.txt", upload, event=EVENT)
    assert answer == [{}]
    content, about = pycap.export_file("1", "upload_field", event=EVENT)
    assert content == b"test upload\n"
    assert about == {"name": "test_upload.txt", "charset": "UTF-8"}
    assert pycap.export_records(records=["1"])[0]["upload_field"] == "test_upload.txt"


def test_a_file_of_another_instance_is_kept_apart(pycap: PyCap) -> None:
    upload = io.BytesIO(b"second")
    pycap.import_file("1", "upload_field", "two.txt", upload, event=EVENT, repeat_instance=2)
    content, about = pycap.export_file("1", "upload_field", event=EVENT, repeat_instance=2)
    assert (content, about["name"]) == (b"second", "two.txt")


def test_a_deleted_file_is_gone(pycap: PyCap) -> None:
    pycap.import_file("2", "upload_field", "a.txt", io.BytesIO(b"a"), event=EVENT)
    assert pycap.delete_file("2", "upload_field", event=EVENT) == [{}]
    assert pycap.export_records(records=["2"])[0]["upload_field"] == ""


def test_a_folder_shows_in_the_list(pycap: PyCap) -> None:
    (made,) = pycap.create_folder_in_repository(name="New Folder")
    (listed,) = pycap.export_file_repository()
    assert (listed["folder_id"], listed["name"]) == (made["folder_id"], "New Folder")


def test_a_file_of_the_repository_goes_in_and_out_and_away(pycap: PyCap) -> None:
    (folder,) = pycap.create_folder_in_repository(name="test")
    inside = folder["folder_id"]
    assert pycap.import_file_into_repository("in.txt", io.BytesIO(b"hello"), inside) == [{}]
    assert [row["name"] for row in pycap.export_file_repository()] == ["test"]
    (row,) = pycap.export_file_repository(folder_id=inside)
    content, about = pycap.export_file_from_repository(doc_id=row["doc_id"])
    assert content == b"hello"
    assert about == {"name": "in.txt", "charset": "UTF-8"}
    assert pycap.delete_file_from_repository(doc_id=row["doc_id"]) == [{}]
    assert pycap.export_file_repository(folder_id=inside) == []


def test_a_folder_that_is_not_there_is_an_error(pycap: PyCap) -> None:
    with pytest.raises(RedcapError, match="folder_id=99"):
        pycap.export_file_repository(folder_id=99)


def test_the_pdf_is_a_pdf(pycap: PyCap) -> None:
    content, about = pycap.export_pdf()
    assert content.startswith(b"%PDF-1.")
    assert about["charset"] == "UTF-8"


def test_the_log_is_newest_first_and_names_what_clients_did(pycap: PyCap) -> None:
    pycap.export_instruments()
    newest = pycap.export_logging()[0]
    assert list(newest) == ["timestamp", "username", "action", "details", "record"]
    assert newest["action"] == "Manage/Design "
    assert newest["details"] == "Export instruments (API)"
    assert newest["timestamp"] == "2026-03-14 15:09"


def test_the_log_can_be_limited(pycap: PyCap) -> None:
    pycap.import_records([{"record_id": "1", "redcap_event_name": EVENT, "field_1": "0"}])
    assert pycap.export_logging(user="nobody") == []
    rows = pycap.export_logging(log_type="record_edit", record="1", user="admin")
    assert {row["record"] for row in rows} == {"1"}
    late = datetime(2030, 1, 1)
    assert pycap.export_logging(begin_time=late) == []
    assert len(pycap.export_logging(end_time=late)) > 1


def test_a_report_shows_its_fields(pycap: PyCap, study: Project) -> None:
    """PyCap documents the columns of this very report, in an event that does not repeat."""
    fields = ["record_id", "checkbox_field"]
    emulator = study.emulator
    number = admin.report(emulator.store, study.project_id, "Example Report", fields)
    rows = pycap.export_report(report_id=str(number))
    shown = ("record_id", "redcap_event_name", "checkbox_field___1", "checkbox_field___2")
    assert [rows[0][name] for name in shown] == ["1", EVENT, "0", "1"]


def test_survey_links_are_addresses_of_the_survey_page(pycap: PyCap) -> None:
    assert "/surveys/?s=" in pycap.export_survey_link(*PLACE)
    assert "/surveys/?sq=" in pycap.export_survey_queue_link(record="1")


def test_the_link_of_a_record_that_is_not_there_is_an_error(pycap: PyCap) -> None:
    with pytest.raises(RedcapError, match='The record "-1" does not exist'):
        pycap.export_survey_link("-1", "form_1", EVENT)


def test_survey_codes_are_short_texts(pycap: PyCap) -> None:
    codes = [pycap.export_survey_access_code(*PLACE), pycap.export_survey_return_code(*PLACE)]
    assert [code.isalnum() for code in codes] == [True, True]


def test_the_participants_of_a_survey_are_listed(pycap: PyCap) -> None:
    rows = pycap.export_survey_participant_list(instrument="form_1", event=EVENT)
    assert len(rows) == 2
    assert rows[0]["email"] == ""
    assert next(iter(rows[0])) == "email"
    assert "survey_access_code" in rows[0]
