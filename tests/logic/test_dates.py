from collections.abc import Callable

import pytest

from redcap_iac.logic.dates import moved
from redcap_iac.logic.values import Value
from tests.logic.conftest import CLOCK

Text = Callable[..., str]


@pytest.mark.parametrize(
    ("arguments", "result"),
    [
        ("'2026-03-01', '2026-03-10', 'd'", "9"),
        ("'2026-03-10', '2026-03-01', 'd'", "9"),
        ("'2026-03-10', '2026-03-01', 'd', true", "-9"),
        ("'2026-03-10', '2026-03-01', 'd', 'ymd', true", "-9"),
        ("'2026-03-10', '2026-03-01', 'd', 'true'", "-9"),
        ("'2026-03-10', '2026-03-01', 'd', 'ymd', false", "9"),
        ("'2026-03-10 06:00', '2026-03-11 18:00', 'd'", "1.5"),
        ("'2026-03-10 06:00', '2026-03-10 07:30', 'h'", "1.5"),
        ("'2026-03-10 06:00:00', '2026-03-10 06:01:30', 'm'", "1.5"),
        ("'2026-03-10 06:00:00', '2026-03-10 06:01:30', 's'", "90"),
        ("'08:00', '09:15', 'm'", "75"),
        ("'09:15', '08:00', 'm', true", "-75"),
        ("'2026-03-10', '2026-03-10 12:00', 'h'", "12"),
        ("'03/01/2026', '03/10/2026', 'd', 'mdy'", "9"),
        ("'01-03-2026', '10-03-2026', 'd', 'dmy'", "9"),
        ("'2026-03-01', '2026-03-10', 'd', 'mdy'", "9"),
        ("'2026-03-01', today, 'd'", "9"),
        ("'2026-03-01', \"today\", 'd'", "9"),
        ("'2026-03-10 12:30:15', now, 'h'", "1"),
        ("'2026-03-10 12:30:15', 'NOW', 'h'", "1"),
    ],
)
def test_datediff(arguments: str, result: str, text: Text) -> None:
    assert text(f"datediff({arguments})") == result


def test_a_year_of_datediff_is_365_2425_days(text: Text) -> None:
    # 400 years of the Gregorian calendar are exactly 146,097 days.
    assert text("datediff('1626-03-10', '2026-03-10', 'y')") == "400"


def test_a_month_of_datediff_is_30_44_days(text: Text) -> None:
    # 761 days / 30.44 = 25.
    assert text("datediff('2024-01-01', '2026-01-31', 'M')") == "25"


def test_the_units_of_months_and_minutes_differ_by_case(text: Text) -> None:
    assert text("datediff('2026-03-09', '2026-03-10', 'm')") == "1440"


@pytest.mark.parametrize(
    "arguments",
    [
        "'', '2026-03-10', 'd'",
        "'2026-03-10', [none], 'd'",
        "'2026-02-30', '2026-03-10', 'd'",
        "'soon', '2026-03-10', 'd'",
        "'2026-03-10', '2026-03-11', 'weeks'",
        "'08:00', '2026-03-10', 'h'",
        "'25:00', '08:00', 'h'",
        "'2026-03-10 24:00', '2026-03-11', 'h'",
        "'03/10/2026', '2026-03-11', 'd', 'ymd'",
    ],
)
def test_datediff_of_what_is_no_date_is_blank(arguments: str, text: Text) -> None:
    assert text(f"datediff({arguments})") == ""


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        ("2000-03-11", "2026-03-10", "25"),
        ("2000-03-10", "2026-03-10", "26"),
        ("2000-03-10 23:59", "2026-03-10 00:00", "26"),
        ("2004-02-29", "2026-02-28", "21"),
        ("2004-02-29", "2026-03-01", "22"),
        ("2026-03-11", "2026-03-10", ""),
        ("", "2026-03-10", ""),
    ],
)
def test_age_at_date_counts_birthdays(born: str, on: str, age: str, text: Text) -> None:
    assert text("age_at_date([born], [on])", born=born, on=on) == age


def test_age_at_date_may_have_a_fraction(text: Text) -> None:
    # 88 days / 365.2425 = 0.2409..., REDCap's example of a newborn is 0.24.
    assert text("round(age_at_date('2025-12-12', today, true), 2)") == "0.24"


def test_who_is_born_on_29_february_turns_older_on_1_march(text: Text) -> None:
    assert text("age_at_date('2004-02-29', '2026-03-01', true)") == "22"


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("dayoftheweek('2026-03-09')", "1"),
        ("dayoftheweek('2026-03-15')", "7"),
        ("dayoftheweek('today')", "2"),
        ("year('1985-07-04 10:00')", "1985"),
        ("month('1985-07-04')", "7"),
        ("day('1985-07-04')", "4"),
        ("day(now)", "10"),
        ("year('')", ""),
        ("month('10:30')", ""),
        ("day('x')", ""),
        ("dayoftheweek('')", ""),
    ],
)
def test_parts_of_a_date(expression: str, result: str, text: Text) -> None:
    assert text(expression) == result


@pytest.mark.parametrize(
    "condition",
    ["[visit] > '2026-03-01'", "[visit] < today", "[visit] <> [other]", "[visit] = '2026-03-09'"],
)
def test_dates_compare_as_text(condition: str, holds: Callable[..., bool]) -> None:
    assert holds(condition, visit="2026-03-09", other="2026-03-08")


@pytest.mark.parametrize(
    ("source", "amount", "unit", "result"),
    [
        ("2026-01-15", 30, "d", "2026-02-14 00:00:00"),
        ("2026-01-15", "-1", "d", "2026-01-14 00:00:00"),
        ("2026-01-15", 1, "M", "2026-02-14 10:33:36"),  # 30.44 days
        ("2026-01-15", 1, "y", "2027-01-15 05:49:12"),  # 365.2425 days
        ("2026-01-15 10:00", 90, "m", "2026-01-15 11:30:00"),
        ("2026-01-15 10:00", 0.5, "s", "2026-01-15 10:00:00"),
        ("today", 1, "h", "2026-03-10 01:00:00"),
        ("now", 0, "d", "2026-03-10 13:30:15"),
    ],
)
def test_moved_by(source: str, amount: Value, unit: str, result: str) -> None:
    assert str(moved((source, amount, unit), CLOCK)) == result


@pytest.mark.parametrize(
    ("source", "amount", "unit"),
    [
        ("", 1, "d"),
        ("soon", 1, "d"),
        ("10:00", 1, "h"),
        ("2026-01-15", "", "d"),
        ("2026-01-15", 1, "w"),
        ("2026-01-15", 1e9, "y"),
    ],
)
def test_moved_from_or_by_nothing_is_nothing(source: str, amount: Value, unit: str) -> None:
    assert moved((source, amount, unit), CLOCK) is None
