"""DD: names of fields beside the names of an export's columns."""

from __future__ import annotations

from collections.abc import Iterator

from redcap_iac.design import Design
from redcap_iac.findings import Severity
from redcap_iac.lint.rule import Found, rule
from redcap_iac.lint.rules.coded import columns
from redcap_iac.lint.rules.wording import BEFORE_PRODUCTION, at_field, count_of
from redcap_iac.lint.settings import Settings

#: The longest variable name SAS and Stata take.
_LONGEST_COLUMN = 32
_RENAME = "Choose another name; where records hold values, say the old one with `renamed_from`."


@rule("DD004", Severity.NOTE, profiles=BEFORE_PRODUCTION)
def long_checkbox_column(design: Design, settings: Settings) -> Iterator[Found]:
    """A checkbox is exported in columns whose names are too long for SAS and Stata.

    A checkbox has one column a choice, `name___code` (recorded). The setting `longest_column` is
    32.

    Why: The statistics package cuts the names, and two choices can end in one column.

    Bad:
        fields:
          comorbidities_baseline:
            type: checkbox
            label: "Comorbidities"
            choices: {cardiovascular: "Heart", diabetes: "Diabetes"}
    Good:
        fields:
          comorb_bl: {type: checkbox, label: "Comorbidities", choices: {1: "Heart", 2: "Diabetes"}}
    Instead: Shorten the name, or use numbers as codes.
    """
    most = settings.number("longest_column", _LONGEST_COLUMN)
    for field in design.fields:
        long = [name for name in columns(field) if len(name) > most]
        if long:
            yield at_field(
                field,
                "field_name",
                f"is exported with {count_of(len(long), 'column name')} of more than {most} "
                f"characters, such as {long[0]}",
                "Shorten the name, or use numbers as codes.",
            )


@rule("DD006", Severity.WARNING)
def name_of_a_survey_column(design: Design, _settings: Settings) -> Iterator[Found]:
    """A field has the name of a column that REDCap adds for surveys.

    An instrument that is a survey is exported with `INSTRUMENT_timestamp` and has
    `INSTRUMENT_return_code` (inferred).

    Why: As soon as the instrument is a survey, two columns of an export have one name.

    Bad:
        fields:
          form_timestamp: {type: text, label: "Filled in at"}
    Good:
        fields:
          form_filled_at: {type: text, label: "Filled in at"}
    Instead: Choose another name.
    """
    taken = {
        f"{name}_{end}": name for name in design.instruments for end in ("timestamp", "return_code")
    }
    for field in design.fields:
        if field.field_name in taken:
            yield at_field(
                field,
                "field_name",
                "has the name REDCap gives a column of instrument "
                f"{taken[field.field_name]} when it is a survey",
                _RENAME,
            )


@rule("DD033", Severity.WARNING)
def name_of_a_checkbox_column(design: Design, _settings: Settings) -> Iterator[Found]:
    """A field has the name in which a choice of a checkbox is exported.

    Why: Two columns of an export have one name: one overwrites the other in whatever reads it.

    Bad:
        fields:
          race: {type: checkbox, label: "Race", choices: {1: "A", 2: "B"}}
          race___1: {type: text, label: "Race A, details"}
    Good:
        fields:
          race: {type: checkbox, label: "Race", choices: {1: "A", 2: "B"}}
          race_details: {type: text, label: "Race A, details"}
    Instead: Choose another name for the field.
    """
    taken = {name: field.field_name for field in design.fields for name in columns(field)}
    for field in design.fields:
        if field.field_name in taken:
            yield at_field(
                field,
                "field_name",
                f"has the name of an export column of checkbox {taken[field.field_name]}",
                _RENAME,
            )
