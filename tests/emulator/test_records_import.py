"""Import Records: what is written, what is answered, what is refused as a whole."""

from __future__ import annotations

import json

import pytest

from redcap_iac.emulator.server import Emulator
from tests.emulator.served import Project
from tests.emulator.studies import (
    classic,
    column,
    field,
    grant,
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


def test_json_answer_counts_records_not_rows(study: Project) -> None:
    assert send(study, {"record_id": "1", "sex": "1"}, {"record_id": "1", "height": "2"}) == {
        "count": 1
    }


@pytest.mark.parametrize(
    ("format_", "body"),
    [
        ("json", '{"count": 2}'),
        ("csv", "2"),
        ("xml", '<?xml version="1.0" encoding="UTF-8" ?><count>2</count>'),
    ],
)
def test_count_in_the_return_format(study: Project, format_: str, body: str) -> None:
    response = study.post(
        "record", "import", format="csv", data="record_id\n1\n2\n", returnFormat=format_
    )

    assert (response.status_code, response.text) == (200, body)


def test_data_alone_selects_the_import(study: Project) -> None:
    response = study.post("record", data='[{"record_id": "1"}]')

    assert response.json() == {"count": 1}


def test_returned_ids(study: Project) -> None:
    assert send(study, {"record_id": "7"}, {"record_id": "8"}, returnContent="ids") == ["7", "8"]


def test_returning_nothing(study: Project) -> None:
    response = study.post("record", "import", data='[{"record_id": "7"}]', returnContent="nothing")

    assert (response.status_code, response.text) == (200, "")
    assert column(study.rows("record"), "record_id") == ["7"]


def test_record_of_an_id_alone_exists(study: Project) -> None:
    send(study, {"record_id": "7"})

    assert study.rows("record", type="eav") == [
        {"record": "7", "field_name": "record_id", "value": "7"}
    ]


def test_first_value_of_an_instrument_makes_it_incomplete(study: Project) -> None:
    send(study, {"record_id": "1", "sex": "1"})

    row = study.rows("record", exportBlankForGrayFormStatus="true")[0]
    assert (row["demographics_complete"], row["vitals_complete"]) == ("0", "")


def test_status_can_be_imported_and_is_kept(study: Project) -> None:
    send(study, {"record_id": "1", "vitals_complete": "2"})
    send(study, {"record_id": "1", "height": "2"})

    assert stored(study, "vitals_complete") == "2"


def test_value_replaces_the_former_one(study: Project) -> None:
    send(study, {"record_id": "1", "comments": "one"})
    send(study, {"record_id": "1", "comments": "two"})

    assert stored(study, "comments") == "two"


def test_blank_leaves_the_value(study: Project) -> None:
    send(study, {"record_id": "1", "comments": "kept", "race___1": "1"})
    send(study, {"record_id": "1", "comments": "", "race___1": ""})

    assert (stored(study, "comments"), study.rows("record")[0]["race___1"]) == ("kept", "1")


def test_blank_erases_on_overwrite(study: Project) -> None:
    send(study, {"record_id": "1", "comments": "gone", "race___1": "1"})
    send(
        study,
        {"record_id": "1", "comments": "", "race___1": ""},
        overwriteBehavior="overwrite",
    )

    assert (stored(study, "comments"), study.rows("record")[0]["race___1"]) == ("", "0")


def test_overwrite_leaves_columns_that_are_not_sent(study: Project) -> None:
    send(study, {"record_id": "1", "comments": "kept"})
    send(study, {"record_id": "1", "sex": "1"}, overwriteBehavior="overwrite")

    assert stored(study, "comments") == "kept"


def test_zero_unticks_a_checkbox_choice(study: Project) -> None:
    send(study, {"record_id": "1", "race___1": "1", "race___2": "1"})
    send(study, {"record_id": "1", "race___1": "0"})

    row = study.rows("record")[0]
    assert (row["race___1"], row["race___2"]) == ("0", "1")


def test_whole_export_can_be_imported_again(study: Project) -> None:
    send(study, {"record_id": "1", "sex": "1", "race___a_1": "1", "height": "2", "weight": "80"})
    before = study.rows("record")

    assert send(study, *before) == {"count": 1}
    assert study.rows("record") == before


def test_calculated_column_is_passed_over(study: Project) -> None:
    send(study, {"record_id": "1", "bmi": "99"})

    assert stored(study, "bmi") == ""


@pytest.mark.parametrize("name", ["overwriteBehavior", "returnContent", "dateFormat", "type"])
def test_unknown_option_is_refused(study: Project, name: str) -> None:
    text = refused(study, {"record_id": "1"}, **{name: "other"})

    assert text == f'The value of the parameter "{name}" is not valid'


def test_import_asks_for_the_import_right(study: Project) -> None:
    grant(study, api_import=0)

    response = study.post("record", "import", data='[{"record_id": "1"}]')
    assert (response.status_code, response.json()["error"]) == (
        403,
        "You do not have API Import/Update privileges",
    )


def test_new_records_ask_for_the_create_right(study: Project) -> None:
    send(study, {"record_id": "1"})
    grant(study, record_create=0)

    assert refused(study, {"record_id": "2"}) == (
        "Your user privileges do NOT allow you to create new records."
    )
    assert send(study, {"record_id": "1", "sex": "1"}) == {"count": 1}


def test_log_tells_creation_and_update_with_names_but_no_values(study: Project) -> None:
    send(study, {"record_id": "1", "comments": "a secret"})
    send(study, {"record_id": "1", "race___2": "1"})
    send(study, {"record_id": "1", "race___2": "1"})

    entries = study.rows("log", logtype="record")
    assert [(entry["action"], entry["details"], entry["record"]) for entry in entries] == [
        ("Update record (API) 1", "race(2)", "1"),
        ("Create record (API) 1", "comments", "1"),
    ]


def test_background_import_answers_success_alone(study: Project) -> None:
    assert send(study, {"record_id": "1"}, backgroundProcess="true") == {"success": True}
    assert send(study, {"record_id": "2", "sex": "9"}, backgroundProcess="true") == {
        "success": False
    }
    assert column(study.rows("record"), "record_id") == ["1"]


@pytest.mark.parametrize(
    ("format_", "body"),
    [
        ("csv", "success\ntrue\n"),
        ("xml", '<?xml version="1.0" encoding="UTF-8" ?><hash><success>true</success></hash>'),
    ],
)
def test_background_answer_in_other_formats(study: Project, format_: str, body: str) -> None:
    response = study.post(
        "record",
        "import",
        data='[{"record_id": "1"}]',
        backgroundProcess="true",
        returnFormat=format_,
    )

    assert response.text == body


def test_secondary_unique_field_is_unique(emulator: Emulator) -> None:
    study = classic(emulator, field("mrn", form="vitals"))
    study.post(
        "project_settings", format="csv", data="secondary_unique_field\nmrn\n"
    ).raise_for_status()
    send(study, {"record_id": "1", "mrn": "A7"})

    assert '"2","mrn","A7"' in refused(study, {"record_id": "2", "mrn": "A7"})
    assert '"3","mrn","B8"' in refused(
        study, {"record_id": "2", "mrn": "B8"}, {"record_id": "3", "mrn": "B8"}
    )
    assert send(study, {"record_id": "1", "mrn": "A7"}) == {"count": 1}


def test_repeated_cell_in_one_import_keeps_the_last(study: Project) -> None:
    send(study, {"record_id": "1", "comments": "one"}, {"record_id": "1", "comments": "two"})

    assert stored(study, "comments") == "two"


def test_text_survives_as_it_is(study: Project) -> None:
    text = ' <b>"quoted"</b>, Ümläut\nsecond line '
    study.post("record", "import", data=json.dumps([{"record_id": "1", "comments": text}]))

    assert stored(study, "comments") == text


def test_analysis_status_refuses(study: Project) -> None:
    study.status("analysis")

    assert "analysis status" in refused(study, {"record_id": "1"})
