"""DD: names of fields that make trouble outside the form they are typed on."""

from __future__ import annotations

import re
from collections.abc import Iterator

from redcap_iac.design import Design
from redcap_iac.findings import Severity
from redcap_iac.lint.rule import Found, rule
from redcap_iac.lint.rules.wording import BEFORE_PRODUCTION, at_field
from redcap_iac.lint.settings import Settings

#: Longer names are taken, with a warning on REDCap's page (documented).
_RECOMMENDED = 26
_GENERIC = re.compile(
    r"(q|question|text|field|variable|var|item|new|untitled|test|xx+|abc|asdf)_?[0-9]*[a-z]?"
)
#: Names that R, SAS, SPSS, SQL or Stata keep for themselves.
_RESERVED = (
    "all", "and", "array", "break", "by", "byte", "case", "class", "double", "else", "eq",
    "false", "float", "for", "function", "ge", "group", "gt", "if", "in", "int", "le", "long",
    "lt", "ne", "next", "not", "null", "or", "order", "repeat", "select", "table", "then", "to",
    "true", "using", "while", "with",
)  # fmt: skip
_RENAME = "Choose another name; where records hold values, say the old one with `renamed_from`."


@rule("DD003", Severity.NOTE, profiles=BEFORE_PRODUCTION)
def long_name(design: Design, settings: Settings) -> Iterator[Found]:
    """A field's name is longer than REDCap recommends.

    The setting `longest_name` is 26: REDCap's page warns above it (documented).

    Why: Long names are cut or refused by other programs, and make logic hard to read. Once there
    are records, a name is only changed by a rename that copies every value.

    Bad:
        fields:
          date_of_first_admission_to_hospital: {type: text, label: "First admission"}
    Good:
        fields:
          admission_date: {type: text, label: "First admission"}
    Instead: Shorten the name and let the label say the rest.
    """
    most = settings.number("longest_name", _RECOMMENDED)
    for field in design.fields:
        if len(field.field_name) > most:
            yield at_field(
                field,
                "field_name",
                f"has a name of {len(field.field_name)} characters, more than {most}",
                "Shorten the name and let the label say the rest.",
            )


@rule("DD005", Severity.WARNING)
def underscores(design: Design, _settings: Settings) -> Iterator[Found]:
    """A field's name ends with an underscore, or has two of them together.

    REDCap's own page does not make such names (documented); an import was seen to take them.

    Why: Three underscores are how an export writes the choices of a checkbox, so that programs
    that read exports take the name apart in the wrong place.

    Bad:
        fields:
          weight__kg: {type: text, label: "Weight"}
    Good:
        fields:
          weight_kg: {type: text, label: "Weight"}
    Instead: Use single underscores between words, and none at the end.
    """
    for field in design.fields:
        name = field.field_name
        if "__" in name or name.endswith("_"):
            what = "has two underscores together" if "__" in name else "ends with an underscore"
            yield at_field(field, "field_name", what, _RENAME)


@rule("DD008", Severity.WARNING)
def name_of_an_event(design: Design, _settings: Settings) -> Iterator[Found]:
    """A field has the unique name of an event.

    Why: In logic `[baseline_arm_1]` before another bracket is the event, and alone it is the
    field: a missing bracket makes another expression, and no error.

    Bad:
        instruments:
          - instrument: form
            fields:
              record_id: {type: text, label: "Record ID"}
              baseline_arm_1: {type: text, label: "At baseline"}
        arms:
          - number: 1
            name: Arm
            events: [{name: Baseline}, {name: Week 4}]
    Good:
        instruments:
          - instrument: form
            fields:
              record_id: {type: text, label: "Record ID"}
              baseline_remarks: {type: text, label: "At baseline"}
        arms:
          - number: 1
            name: Arm
            events: [{name: Baseline}, {name: Week 4}]
    Instead: Choose another name for the field.
    """
    for field in design.fields:
        if design.visits and design.visit(field.field_name) is not None:
            yield at_field(field, "field_name", "has the unique name of an event", _RENAME)


@rule("DD009", Severity.NOTE, profiles=BEFORE_PRODUCTION)
def generic_name(design: Design, _settings: Settings) -> Iterator[Found]:
    """A field's name says nothing about what it holds.

    Why: Logic, reports and analyses show names. Nobody knows a year later what `q7` was.

    Bad:
        fields:
          q7: {type: text, label: "Cups of coffee a day"}
    Good:
        fields:
          coffee_cups: {type: text, label: "Cups of coffee a day"}
    Instead: Name what is asked: `coffee_cups`, or the questionnaire and its number: `phq9_7`.
    """
    for field in design.fields:
        if _GENERIC.fullmatch(field.field_name):
            yield at_field(
                field,
                "field_name",
                "has a name that says nothing about it",
                "Name what is asked, or the questionnaire and its number.",
            )


@rule("DD042", Severity.NOTE, profiles=BEFORE_PRODUCTION)
def confusable_names(design: Design, _settings: Settings) -> Iterator[Found]:
    """Two fields have names that differ in an underscore only.

    Why: Whoever writes logic or an analysis takes the wrong one sooner or later, and nothing is
    reported.

    Bad:
        fields:
          visit_date: {type: text, label: "Date of visit"}
          visitdate: {type: text, label: "Date of the visit, entered by the site"}
    Good:
        fields:
          visit_date: {type: text, label: "Date of visit"}
          site_visit_date: {type: text, label: "Date of the visit, entered by the site"}
    Instead: Give one of them a name that says how it differs.
    """
    first: dict[str, str] = {}
    for field in design.fields:
        # between two digits an underscore is a mark of its own: item 1_12 is not item 11_2
        key = re.sub(r"(?<![0-9])_|_(?![0-9])", "", field.field_name)
        other = first.setdefault(key, field.field_name)
        if other != field.field_name:
            yield at_field(
                field,
                "field_name",
                f"is easily taken for {other}",
                "Give one of them a name that says how it differs.",
            )


@rule("DD043", Severity.NOTE, profiles=BEFORE_PRODUCTION)
def reserved_in_analysis(design: Design, settings: Settings) -> Iterator[Found]:
    """A field's name is a word that statistics programs keep for themselves.

    The list is the setting `reserved_words`: words of R, SAS, SPSS, SQL and Stata.

    Why: The export has to be changed by hand before it can be read.

    Bad:
        fields:
          repeat: {type: yesno, label: "Measured again?"}
    Good:
        fields:
          measured_again: {type: yesno, label: "Measured again?"}
    Instead: Add a word: `repeat_test`, not `repeat`.
    """
    words = frozenset(settings.list("reserved_words", _RESERVED))
    for field in design.fields:
        if field.field_name in words:
            yield at_field(
                field, "field_name", "has a name that statistics programs do not take", _RENAME
            )


@rule("DD049", Severity.NOTE, profiles=BEFORE_PRODUCTION)
def looks_like_a_status(design: Design, _settings: Settings) -> Iterator[Found]:
    """A field's name ends as the status of an instrument does.

    Every instrument has a status `INSTRUMENT_complete` (documented).

    Why: Programs that read exports take the field for a status, and an instrument of that name
    can never be added.

    Bad:
        fields:
          dosing_complete: {type: yesno, label: "All doses taken?"}
    Good:
        fields:
          all_doses_taken: {type: yesno, label: "All doses taken?"}
    Instead: Choose a name that does not end with `_complete`.
    """
    for field in design.fields:
        name = field.field_name
        if name.endswith("_complete") and design.status_of(name) is None:
            yield at_field(
                field, "field_name", "has a name that looks like the status of an instrument",
                _RENAME,
            )  # fmt: skip
