from __future__ import annotations

from datetime import datetime

import pytest

from redcap_iac.kinds.dictionary.validations import VALIDATIONS
from redcap_iac.scenarios.scope import Circumstances
from redcap_iac.scenarios.validity import problem_of, today_of
from tests.scenarios.forms import NOW, design, form

TAKEN = {
    "integer": ("-3", "3.5"),
    "number": ("1.5e3", "1,5"),
    "number_1dp": ("80.0", "80"),
    "number_2dp": ("1.25", "1.2"),
    "number_comma_decimal": ("1,5", "1.5"),
    "number_2dp_comma_decimal": ("1,25", "1.25"),
    "date_mdy": ("2026-01-31", "01-31-2026"),
    "datetime_dmy": ("2026-01-31 23:59", "2026-01-31"),
    "datetime_seconds_ymd": ("2026-01-31 23:59:01", "2026-01-31 23:59"),
    "time": ("09:30", "9.30"),
    "time_hh_mm_ss": ("09:30:00", "09:30"),
    "time_mm_ss": ("59:59", "60:00"),
    "email": ("a@example.org", "a@example"),
    "zipcode": ("12345-6789", "1234"),
    "postalcode_germany": ("10115", "1011"),
    "ssn": ("123-45-6789", "123456789"),
    "alpha_only": ("Abc", "A1"),
    "mrn_10d": ("1234567890", "123"),
}


@pytest.mark.parametrize(("validation", "values"), TAKEN.items())
def test_a_validation_takes_what_it_means(validation: str, values: tuple[str, str]) -> None:
    assert validation in VALIDATIONS
    study = form(f"x: {{type: text, label: X, validation: {validation}}}")
    field = study.field("x")
    assert field is not None
    good, bad = values
    around = Circumstances(study, NOW)
    assert problem_of(field, good, around) is None
    problem = problem_of(field, bad, around)
    assert problem is not None
    assert problem.code == "T103"
    assert problem.advice.startswith("Write ")


def test_a_validation_of_the_site_takes_anything() -> None:
    study = form("x: {type: text, label: X, validation: nhs_number}")
    field = study.field("x")
    assert field is not None
    assert problem_of(field, "whatever", Circumstances(study, NOW)) is None


def test_a_limit_that_is_piped_is_not_looked_at() -> None:
    study = form(
        "low: {type: text, label: Low, validation: integer}",
        'x: {type: text, label: X, validation: integer, min: "[low]"}',
    )
    field = study.field("x")
    assert field is not None
    assert problem_of(field, "-5", Circumstances(study, NOW)) is None


def test_a_missing_data_code_is_welcome_anywhere() -> None:
    study = form("x: {type: text, label: X, validation: integer}")
    field = study.field("x")
    assert field is not None
    around = Circumstances(study, NOW, missing_codes=frozenset({"UNK"}))
    assert problem_of(field, "UNK", around) is None
    assert problem_of(field, "NA", around) is not None


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-01-15", datetime(2026, 1, 15)),
        ("2026-01-15 09:30", datetime(2026, 1, 15, 9, 30)),
        ("yesterday", None),
        ("2026-02-30", None),
    ],
)
def test_today_is_a_day_or_a_moment(text: str, moment: datetime | None) -> None:
    assert today_of(text) == moment


def test_a_design_without_instruments_has_nothing_to_refuse() -> None:
    assert design("project: {title: Empty}\n").fields == ()
