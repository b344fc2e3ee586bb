"""DD, ID: the field that holds the record's name."""

from __future__ import annotations

from collections.abc import Iterator

from redcap_iac.design import Design
from redcap_iac.findings import Severity
from redcap_iac.lint.rule import Found, rule
from redcap_iac.lint.rules.wording import at_field, named, said
from redcap_iac.lint.settings import Settings

#: What identifies a person and must not be the name of a record.
_PERSONAL = (
    "mrn", "ssn", "medical record", "medical record number", "hospital number", "social security",
    "initials", "dob", "birth", "birthdate", "date of birth", "surname", "last name", "lastname",
    "first name", "full name", "patient name", "email", "e-mail", "passport", "phone number",
)  # fmt: skip


@rule("DD011", Severity.WARNING)
def personal_record_id(design: Design, settings: Settings) -> Iterator[Found]:
    """The record's name is something that identifies a person.

    The words are the setting `personal_words`.

    Why: The name of a record stands in every link, file name, log and export, also in those
    without identifiers.

    Bad:
        instruments:
          - instrument: form
            fields:
              mrn: {type: text, label: "Medical record number"}
    Good:
        instruments:
          - instrument: form
            fields:
              record_id: {type: text, label: "Study ID"}
              mrn: {type: text, label: "Medical record number", identifier: true}
    Instead: Let records be numbered, and keep the number of the hospital in a field of its own.
    """
    field = design.record_id
    if field is None:
        return
    words = settings.list("personal_words", _PERSONAL)
    found = named(field.field_name, words) or said(field.field_label, words)
    if found:
        yield at_field(
            field,
            "field_name",
            f'names the record and asks for what identifies a person ("{found}")',
            "Let records be numbered, and keep this in a field of its own.",
        )


@rule("ID004", Severity.NOTE)
def record_id_is_identifier(design: Design, _settings: Settings) -> Iterator[Found]:
    """The record's name is marked as an identifier.

    Why: An export without identifiers leaves it out or replaces it, and its rows cannot be joined
    with anything else. Where it does identify somebody, the mark does not hide it: it stands in
    links and logs.

    Bad:
        instruments:
          - instrument: form
            fields:
              record_id: {type: text, label: "Record ID", identifier: true}
    Good:
        instruments:
          - instrument: form
            fields:
              record_id: {type: text, label: "Record ID"}
    Instead: Use a number that says nothing about the person, without the mark.
    """
    field = design.record_id
    if field is not None and field.identifier.strip():
        yield at_field(
            field,
            "identifier",
            "names the record and is marked as an identifier",
            "Use a number that says nothing about the person, without the mark.",
        )
