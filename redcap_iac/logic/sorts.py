"""The sorts of value that functions, smart variables and modifiers take and give."""

from __future__ import annotations

from enum import StrEnum


class ValueSort(StrEnum):
    """What a value is, as far as a table can say it without knowing the project.

    `MOMENT` is a date, a datetime or a time, whichever it is given; `UNIT` and `FORMAT` are the
    words `datediff` knows (`DATEDIFF_UNITS`, `DATE_FORMATS`); `HTML` is text for a page, such as a
    link or a chart, and no value to compare with.
    """

    ANY = "any"
    NUMBER = "number"
    TEXT = "text"
    MOMENT = "moment"
    DATE = "date"
    DATETIME = "datetime"
    TRUTH = "truth"
    UNIT = "unit"
    FORMAT = "format"
    HTML = "html"
