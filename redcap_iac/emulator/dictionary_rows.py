"""One row of the dictionary as REDCap keeps it: what an import changes in the cells it gets."""

from __future__ import annotations

import re
from collections.abc import Mapping

from redcap_iac.emulator.design import COLUMNS

#: Older names of validation types and what exports call them (recorded in project files).
_ALIASES = {
    "int": "integer",
    "float": "number",
    "date": "date_ymd",
    "datetime": "datetime_ymd",
    "datetime_seconds": "datetime_seconds_ymd",
}
#: Columns whose cells are names: REDCap's pages lower-case them, the API is taken to (inferred).
_NAMES = ("field_name", "form_name", "matrix_group_name")
_FLAGS = ("identifier", "required_field", "matrix_ranking")
_TRIMMED = (
    "field_type",
    "text_validation_type_or_show_slider_number",
    "text_validation_min",
    "text_validation_max",
    "custom_alignment",
)
WITH_CHOICES = ("radio", "dropdown", "checkbox")
_IMPLICIT = ("yesno", "truefalse")
_LINE_ENDS = re.compile(r"[ \t]*\|?[ \t]*(?:\r\n|\r|\n)[ \t]*\|?[ \t]*")


def normal(row: Mapping[str, str]) -> dict[str, str]:
    """Return the 18 cells of a row as stored and exported; a column not sent is empty.

    Labels, notes, annotations, logic and the spaces within choices stay as they are (recorded).
    """
    cells = {column: row.get(column, "") for column in COLUMNS}
    for column in _NAMES:
        cells[column] = cells[column].strip().lower()
    for column in _FLAGS:
        cells[column] = cells[column].strip().lower()
    for column in _TRIMMED:
        cells[column] = cells[column].strip()
    if cells["field_type"] == "text":
        validation = cells["text_validation_type_or_show_slider_number"]
        cells["text_validation_type_or_show_slider_number"] = _ALIASES.get(validation, validation)
    cells["select_choices_or_calculations"] = _column_f(cells)
    return cells


def _column_f(cells: Mapping[str, str]) -> str:
    """Return choices with a pipe per line end, and none where they are implicit (documented)."""
    text = cells["select_choices_or_calculations"]
    if cells["field_type"] in _IMPLICIT:
        return ""
    if cells["field_type"] in WITH_CHOICES:
        return _LINE_ENDS.sub(" | ", text.strip("\r\n"))
    return text
