"""One field of the dictionary: REDCap's 18 columns as text, exactly as typed or received."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType

from redcap_iac.findings import Position

Places = Mapping[str, Position | int]
_NOWHERE: Places = MappingProxyType({})


def _nowhere() -> Places:
    return _NOWHERE


@dataclass(frozen=True, slots=True)
class Field:
    """A row of the data dictionary; the attributes before `renamed_from` are the API's columns.

    `renamed_from` and `recode` (old code → new code) are hints of the manifest and no part of
    what the field is. `places` tells where a column stands: a position, or the number of its
    cell in the row at `at`.
    """

    field_name: str
    form_name: str
    section_header: str = ""
    field_type: str = ""
    field_label: str = ""
    select_choices_or_calculations: str = ""
    field_note: str = ""
    text_validation_type_or_show_slider_number: str = ""
    text_validation_min: str = ""
    text_validation_max: str = ""
    identifier: str = ""
    branching_logic: str = ""
    required_field: str = ""
    custom_alignment: str = ""
    question_number: str = ""
    matrix_group_name: str = ""
    matrix_ranking: str = ""
    field_annotation: str = ""
    renamed_from: str = field(default="", compare=False, kw_only=True)
    recode: tuple[tuple[str, str], ...] = field(default=(), compare=False, kw_only=True)
    at: Position | None = field(default=None, compare=False, kw_only=True)
    places: Places = field(default_factory=_nowhere, compare=False, repr=False, kw_only=True)

    @classmethod
    def of(
        cls, row: Mapping[str, str], at: Position | None = None, places: Places = _NOWHERE
    ) -> Field:
        """Return the field of a row; columns it lacks are empty."""
        return cls(*(row.get(column, "") for column in COLUMNS), at=at, places=places)

    def place(self, column: str) -> Position | None:
        """Return where a column stands, or where the field does when that is not known."""
        place = self.places.get(column)
        if isinstance(place, int):
            return None if self.at is None else Position(self.at.file, self.at.line, place)
        return self.at if place is None else place

    def row(self) -> dict[str, str]:
        """Return the 18 columns in REDCap's order, as an import wants them."""
        return {column: getattr(self, column) for column in COLUMNS}


#: The columns of Export and Import Metadata, in the order of the API help (documented).
COLUMNS: tuple[str, ...] = tuple(one.name for one in fields(Field) if not one.kw_only)

#: The same columns as the headers of the CSV file of REDCap's page (recorded).
HEADERS: tuple[str, ...] = (
    "Variable / Field Name",
    "Form Name",
    "Section Header",
    "Field Type",
    "Field Label",
    "Choices, Calculations, OR Slider Labels",
    "Field Note",
    "Text Validation Type OR Show Slider Number",
    "Text Validation Min",
    "Text Validation Max",
    "Identifier?",
    "Branching Logic (Show field only if...)",
    "Required Field?",
    "Custom Alignment",
    "Question Number (surveys only)",
    "Matrix Group Name",
    "Matrix Ranking?",
    "Field Annotation",
)

CHOICES = "select_choices_or_calculations"
VALIDATION = "text_validation_type_or_show_slider_number"

#: The field types of the dictionary (documented; `sql` only for administrators).
TYPES = frozenset(
    [
        "text", "notes", "radio", "dropdown", "checkbox", "yesno", "truefalse", "calc", "slider",
        "file", "descriptive", "sql",
    ]
)  # fmt: skip
#: The types whose column F holds choices.
CHOICE_TYPES = frozenset({"radio", "dropdown", "checkbox"})
#: The types whose choices REDCap knows by itself: its export leaves column F empty (documented).
IMPLICIT_TYPES = frozenset({"yesno", "truefalse"})
