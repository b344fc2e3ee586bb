"""Values that may be imported, and how they are stored."""

from __future__ import annotations

import pytest

from redcap_iac.emulator.server import Emulator
from tests.emulator.served import Project
from tests.emulator.studies import classic, field, refused, send

NOT_THE_FORMAT = (
    "The value you provided could not be validated because it does not follow the expected format."
)


def holding(emulator: Emulator, validation: str) -> Project:
    """Return a study whose field `x` has a validation."""
    return classic(emulator, field("x", form="vitals", validation=validation))


@pytest.mark.parametrize(
    ("validation", "value", "stored"),
    [
        ("integer", "-7", "-7"),
        ("int", "7", "7"),
        ("number", ".5", ".5"),
        ("float", "1e3", "1e3"),
        ("number_2dp", "1.25", "1.25"),
        ("number_comma_decimal", "1,5", "1,5"),
        ("number_1dp_comma_decimal", "1,5", "1,5"),
        ("time", "9:05", "09:05"),
        ("time_hh_mm_ss", "23:59:59", "23:59:59"),
        ("time_mm_ss", "59:59", "59:59"),
        ("email", "jo@example.org", "jo@example.org"),
        ("phone", "(615) 322-2222", "(615) 322-2222"),
        ("phone_uk", "020 7946 0000", "020 7946 0000"),
        ("zipcode", "37203-0001", "37203-0001"),
        ("postalcode_canada", "K1A 0B1", "K1A 0B1"),
        ("ssn", "123-45-6789", "123-45-6789"),
        ("alpha_only", "abc", "abc"),
        ("mrn_10d", "0123456789", "0123456789"),
        ("date_ymd", "2026-02-28", "2026-02-28"),
        ("date_dmy", "2026-2-8", "2026-02-08"),
        ("date", "2026/02/28", "2026-02-28"),
        ("datetime_ymd", "2026-02-28 9:30", "2026-02-28 09:30"),
        ("datetime_mdy", "2026-02-28T09:30:15", "2026-02-28 09:30"),
        ("datetime_seconds_dmy", "2026-02-28 09:30", "2026-02-28 09:30:00"),
        ("a_site_of_its_own", "anything", "anything"),
    ],
)
def test_accepted_value_is_stored(
    emulator: Emulator, validation: str, value: str, stored: str
) -> None:
    study = holding(emulator, validation)
    send(study, {"record_id": "1", "x": value})

    assert study.rows("record", fields=["x"]) == [{"x": stored}]


@pytest.mark.parametrize(
    ("validation", "value"),
    [
        ("integer", "1.5"),
        ("number", "1,5"),
        ("number", "abc"),
        ("number_2dp", "1.2"),
        ("number_comma_decimal", "1.5"),
        ("time", "24:00"),
        ("time_mm_ss", "60:00"),
        ("email", "jo@example"),
        ("phone", "12345"),
        ("zipcode", "3720"),
        ("date_ymd", "2026-02-30"),
        ("date_ymd", "28-02-2026"),
        ("date_ymd", "2026-02-28 10:00"),
        ("date_dmy", "28-02-2026"),
        ("date_mdy", "soon"),
        ("datetime_ymd", "2026-02-28"),
        ("datetime_ymd", "2026-02-28 25:00"),
    ],
)
def test_refused_value_has_the_recorded_text(
    emulator: Emulator, validation: str, value: str
) -> None:
    study = holding(emulator, validation)

    assert refused(study, {"record_id": "1", "x": value}) == f'"1","x","{value}","{NOT_THE_FORMAT}"'


@pytest.mark.parametrize(
    ("order", "sent"),
    [("YMD", "2026-12-31"), ("MDY", "12/31/2026"), ("DMY", "31/12/2026"), ("DMY", "31-12-2026")],
)
def test_order_of_dates(emulator: Emulator, order: str, sent: str) -> None:
    study = holding(emulator, "date_ymd")
    send(study, {"record_id": "1", "x": sent}, dateFormat=order)

    assert study.rows("record", fields=["x"]) == [{"x": "2026-12-31"}]


def test_order_of_dates_holds_for_all_of_them(emulator: Emulator) -> None:
    study = holding(emulator, "date_ymd")

    assert NOT_THE_FORMAT in refused(study, {"record_id": "1", "x": "2026-12-31"}, dateFormat="MDY")


@pytest.mark.parametrize(
    ("name", "value"),
    [("sex", "2"), ("sex", "Male"), ("race___1", "2"), ("vitals_complete", "3")],
)
def test_value_outside_the_list_is_no_category(emulator: Emulator, name: str, value: str) -> None:
    text = refused(classic(emulator), {"record_id": "1", name: value})

    assert text == f'"1","{name}","{value}","The value is not a valid category for {name}"'


def test_faults_of_all_rows_come_together(emulator: Emulator) -> None:
    text = refused(
        classic(emulator), {"record_id": "1", "sex": "01234"}, {"record_id": "2", "sex": "56789"}
    )

    assert text.splitlines() == [
        '"1","sex","01234","The value is not a valid category for sex"',
        '"2","sex","56789","The value is not a valid category for sex"',
    ]


def test_quotes_in_a_refused_value_are_doubled(emulator: Emulator) -> None:
    assert '"1","sex","a ""b""",' in refused(classic(emulator), {"record_id": "1", "sex": 'a "b"'})


@pytest.mark.parametrize(("kind", "good", "bad"), [("yesno", "0", "y"), ("truefalse", "1", "2")])
def test_implicit_choices(emulator: Emulator, kind: str, good: str, bad: str) -> None:
    study = classic(emulator, field("x", kind, form="vitals"))

    assert send(study, {"record_id": "1", "x": good}) == {"count": 1}
    assert "not a valid category for x" in refused(study, {"record_id": "1", "x": bad})


def test_slider_takes_whole_numbers(emulator: Emulator) -> None:
    study = classic(emulator, field("x", "slider", form="vitals"))

    assert send(study, {"record_id": "1", "x": "50"}) == {"count": 1}
    assert NOT_THE_FORMAT in refused(study, {"record_id": "1", "x": "half"})


def test_file_field_cannot_be_imported_but_may_be_blank(emulator: Emulator) -> None:
    study = classic(emulator)

    assert '"1","photo","me.jpg"' in refused(study, {"record_id": "1", "photo": "me.jpg"})
    assert send(study, {"record_id": "1", "photo": ""}) == {"count": 1}


def test_range_of_a_field_is_soft(emulator: Emulator) -> None:
    study = classic(
        emulator,
        field("x", form="vitals", validation="integer", text_validation_min="1",
              text_validation_max="9"),
    )  # fmt: skip

    assert send(study, {"record_id": "1", "x": "10"}) == {"count": 1}


def test_missing_data_code_is_welcome_in_any_field(emulator: Emulator) -> None:
    study = classic(emulator)
    with study.emulator.store.transaction() as db:
        db.execute(
            "UPDATE projects SET settings = json_set(settings, '$.missing_data_codes', ?)"
            " WHERE project_id = ?",
            ("-99, Unknown | NA, Not asked", study.project_id),
        )
    send(study, {"record_id": "1", "sex": "-99", "height": "NA"})

    row = study.rows("record")[0]
    assert (row["sex"], row["height"], row["bmi"]) == ("-99", "NA", "")
