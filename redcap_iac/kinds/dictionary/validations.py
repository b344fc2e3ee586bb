"""The validations REDCap brings along, each with what it takes.

Names and meaning are documented (part 1 §13.3); a site may have switched some off and others on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

_ORDERS = {"ymd": "year-month-day", "mdy": "month-day-year", "dmy": "day-month-year"}
_DATES = {
    "date": "Date, shown as {}",
    "datetime": "Date and time (HH:MM), date shown as {}",
    "datetime_seconds": "Date and time (HH:MM:SS), date shown as {}",
}
_PLACES = {1: "one decimal place", 2: "two decimal places", 3: "three decimal places",
           4: "four decimal places"}  # fmt: skip
_OTHERS = {
    "time": "Time of day, HH:MM",
    "time_hh_mm_ss": "Time of day, HH:MM:SS",
    "time_mm_ss": "Duration, MM:SS",
    "email": "E-mail address",
    "phone": "Phone number (North America)",
    "phone_australia": "Phone number (Australia)",
    "phone_uk": "Phone number (United Kingdom)",
    "zipcode": "ZIP code (United States)",
    "postalcode_australia": "Postal code (Australia)",
    "postalcode_canada": "Postal code (Canada)",
    "postalcode_french": "Postal code (France)",
    "postalcode_germany": "Postal code (Germany)",
    "ssn": "Social Security number (United States)",
    "alpha_only": "Letters only",
    "mrn_10d": "Medical record number, 10 digits",
    "mrn_generic": "Medical record number",
    "vmrn": "Medical record number (Vanderbilt)",
}


def _numbers() -> Iterator[tuple[str, str]]:
    yield "integer", "Whole number"
    for suffix, sort in (("", "Number"), ("_comma_decimal", "Number with decimal comma")):
        yield f"number{suffix}", sort
        for count, words in _PLACES.items():
            yield f"number_{count}dp{suffix}", f"{sort}, {words}"


def _dates() -> Iterator[tuple[str, str]]:
    for stem, words in _DATES.items():
        for order, said in _ORDERS.items():
            yield f"{stem}_{order}", words.format(said)


#: Every validation by its name in column H, with what it takes.
VALIDATIONS: Mapping[str, str] = {**dict(_dates()), **dict(_numbers()), **_OTHERS}
