"""Dates and times of REDCap: reading them, and the functions on them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from redcap_iac.logic.values import BLANK, Value, as_text, is_true, number

_MOMENT = re.compile(
    r"(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?", re.ASCII
)
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?", re.ASCII)
_SECOND = timedelta(seconds=1)
_DAY = timedelta(days=1)

# Months and years are REDCap's documented averages, not calendar months and years (D).
_UNITS = {
    "y": _DAY * 365.2425,
    "M": _DAY * 30.44,
    "d": _DAY,
    "h": _SECOND * 3600,
    "m": _SECOND * 60,
    "s": _SECOND,
}
_FORMATS = ("ymd", "mdy", "dmy")


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """A time without a date, as time since midnight (``H:M`` or ``H:M:S``)."""

    since_midnight: timedelta


def read_moment(value: Value, clock: datetime, order: str = "ymd") -> datetime | TimeOfDay | None:
    """The moment a value spells, or None.

    ``today`` is midnight, ``now`` the clock. A date is midnight too. ``order`` says how a text that
    does not begin with a four-digit year is written; stored values always do (D).
    """
    text = as_text(value).strip()
    if text.lower() in ("today", "now"):
        midnight = clock.replace(hour=0, minute=0, second=0, microsecond=0)
        return midnight if text.lower() == "today" else clock.replace(microsecond=0)
    if match := _TIME.fullmatch(text):
        return _time_of_day(match)
    if match := _MOMENT.fullmatch(text):
        return _moment(match, order)
    return None


def read_date(value: Value, clock: datetime) -> date | None:
    """The date part of a date or datetime, or None."""
    moment = read_moment(value, clock)
    return moment.date() if isinstance(moment, datetime) else None


def _time_of_day(match: re.Match[str]) -> TimeOfDay | None:
    hour, minute, second = (int(part or 0) for part in match.groups())
    if hour > 23 or minute > 59 or second > 59:
        return None
    return TimeOfDay(timedelta(hours=hour, minutes=minute, seconds=second))


def _moment(match: re.Match[str], order: str) -> datetime | None:
    parts = match.groups()[:3]
    named = dict(zip("ymd" if len(parts[0]) == 4 else order, parts, strict=True))
    if len(named["y"]) != 4:
        return None
    hour, minute, second = (int(part or 0) for part in match.groups()[3:])
    try:
        day = date(int(named["y"]), int(named["m"]), int(named["d"]))
        return datetime.combine(day, time(hour, minute, second))
    except ValueError:
        return None


def datediff(arguments: tuple[Value, ...], clock: datetime) -> Value:
    """``datediff(from, to, units[, format][, signed])``; blank if a part cannot be read.

    Units ``y M d h m s``, of which only ``M`` and ``m`` differ by case. Without ``signed`` the
    distance has no sign. Two times of day are of one day; a time and a date cannot be compared.
    """
    start_value, end_value, unit, *options = arguments
    order = "ymd"
    if options and as_text(options[0]).lower() in _FORMATS:
        order = as_text(options.pop(0)).lower()
    signed = bool(options) and _flag(options[-1])
    start = read_moment(start_value, clock, order)
    end = read_moment(end_value, clock, order)
    length = _UNITS.get(as_text(unit)) or _UNITS.get(as_text(unit).lower())
    distance = _distance(start, end)
    if length is None or distance is None:
        return BLANK
    return (distance if signed else abs(distance)) / length


def _distance(
    start: datetime | TimeOfDay | None, end: datetime | TimeOfDay | None
) -> timedelta | None:
    if isinstance(start, datetime) and isinstance(end, datetime):
        return end - start
    if isinstance(start, TimeOfDay) and isinstance(end, TimeOfDay):
        return end.since_midnight - start.since_midnight
    return None


def moved(arguments: tuple[Value, ...], clock: datetime) -> datetime | None:
    """Return the moment ``@CALCDATE(source, amount, unit)`` means; None if a part cannot be read.

    Units and their lengths are those of ``datediff`` (K RC-AT-09); a part of a second is cut off
    (I).
    """
    start = read_moment(arguments[0], clock)
    amount = number(arguments[1])
    length = _UNITS.get(as_text(arguments[2])) or _UNITS.get(as_text(arguments[2]).lower())
    if not isinstance(start, datetime) or amount is None or length is None:
        return None
    try:
        return (start + amount * length).replace(microsecond=0)
    except OverflowError:
        return None


def _flag(value: Value) -> bool:
    return as_text(value).lower() != "false" and is_true(value)


def age_at_date(arguments: tuple[Value, ...], clock: datetime) -> Value:
    """``age_at_date(birth, date[, decimals])``: whole years by the calendar, or with a fraction.

    The fraction counts the days since the last birthday in years of 365.2425 days (I), the constant
    of ``datediff``. Blank before birth (I).
    """
    born, day = (read_date(value, clock) for value in arguments[:2])
    if born is None or day is None or day < born:
        return BLANK
    years = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    if len(arguments) < 3 or not _flag(arguments[2]):
        return years
    return years + (day - _birthday(born, born.year + years)) / _UNITS["y"]


def _birthday(born: date, year: int) -> date:
    # Who is born on 29 February turns older on 1 March of a common year.
    try:
        return born.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def dayoftheweek(arguments: tuple[Value, ...], clock: datetime) -> Value:
    """1 for Monday to 7 for Sunday (K RC-CALC-01)."""
    day = read_date(arguments[0], clock)
    return BLANK if day is None else day.isoweekday()


def year(arguments: tuple[Value, ...], clock: datetime) -> Value:
    """The year of a date."""
    day = read_date(arguments[0], clock)
    return BLANK if day is None else day.year


def month(arguments: tuple[Value, ...], clock: datetime) -> Value:
    """The month of a date, 1 to 12."""
    day = read_date(arguments[0], clock)
    return BLANK if day is None else day.month


def day_of_month(arguments: tuple[Value, ...], clock: datetime) -> Value:
    """The day of a date, 1 to 31."""
    day = read_date(arguments[0], clock)
    return BLANK if day is None else day.day
