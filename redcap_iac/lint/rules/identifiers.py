"""ID: what identifies people and is not marked, by what it is and by what it is called."""

from __future__ import annotations

import re
from collections.abc import Iterator

from redcap_iac.design import Design
from redcap_iac.findings import Severity
from redcap_iac.kinds.dictionary.field import VALIDATION, Field
from redcap_iac.kinds.kind import encoded
from redcap_iac.lint.rule import Found, rule
from redcap_iac.lint.rules.wording import (
    BEFORE_PRODUCTION,
    at_field,
    count_of,
    ends_with,
    name_words,
    named,
    said,
)
from redcap_iac.lint.settings import Settings

_TYPED = ("text", "notes")
#: Words of names that stand for nothing else, wherever in the name.
_NAMES = (
    "firstname", "first name", "lastname", "last name", "surname", "full name", "middle name",
    "maiden name", "patient name", "participant name", "dob", "date of birth", "birthdate",
    "birth date", "ssn", "social security", "mrn", "medical record", "email address",
    "phone number", "home address", "mailing address", "street address", "zipcode", "zip code",
    "postcode", "postal code", "passport", "ip address",
)  # fmt: skip
#: Words that do so at the end of a name: `patient_email`, but not `email_body`.
_LAST = ("email", "e mail", "phone", "telephone", "fax", "street", "zip", "address")
_BIRTH = re.compile(r"dob|birth")
_NUMERIC = ("integer", "number")
#: The same in labels, where single words mean more than one thing.
_PHRASES = (
    "first name", "last name", "surname", "middle name", "maiden name", "your full name",
    "patient name", "patient's name", "participant name", "participant's name", "your name",
    "date of birth", "dob", "birth date", "birthdate", "social security number", "ssn",
    "medical record number", "mrn", "hospital number", "phone number", "telephone number",
    "telephone", "mobile number", "cell phone number", "fax number", "email address",
    "e-mail address", "street address", "home address", "mailing address", "postal address",
    "zip code", "postal code", "postcode", "passport number", "ip address", "geocode",
)  # fmt: skip
#: What REDCap's own check looks for: a server's default (knowledge base RC-CC-02).
_KEYWORDS = (
    "name", "street", "address", "city", "zip", "postal", "date", "phone", "fax", "mail", "ssn",
    "social security", "mrn", "dob", "medical", "record", "id", "age",
)  # fmt: skip
_RESTRICTED = (
    "ssn", "social security", "social security number", "passport", "passport number",
    "driver license", "driver's license", "drivers license", "license number", "credit card",
    "bank account", "account number", "iban", "national id", "national identification number",
)  # fmt: skip
#: About how many fields a sentence names them.
_MOST_NAMED = 5
_VALIDATIONS = ("email", "phone", "zipcode", "postalcode", "ssn", "mrn", "vmrn")


@rule("ID001", Severity.WARNING)
def unmarked_identifier(design: Design, settings: Settings) -> Iterator[Found]:
    """A field asks for what identifies a person and is not marked as an identifier.

    Found are texts and notes by the words of the setting `identifier_names` in the name, and by
    those of `identifier_phrases` in the label.

    Why: Exports without identifiers leave out what is marked, and nothing else.

    Bad:
        fields:
          surname: {type: text, label: "Surname"}
    Good:
        fields:
          surname: {type: text, label: "Surname", identifier: true}
    Instead: Add `identifier: true`; where nobody is identified by it, let the finding pass.
    """
    for field in design.fields[1:]:
        found = _personal(field, settings)
        if found and not _by_validation(design, field):
            yield at_field(
                field,
                "identifier",
                f'asks for what identifies a person ("{found}") and is not marked',
                "Add `identifier: true`.",
            )


def _personal(field: Field, settings: Settings) -> str:
    if field.field_type not in _TYPED or field.identifier.strip():
        return ""
    found = (
        named(field.field_name, settings.list("identifier_names", _NAMES))
        or ends_with(" ".join(name_words(field.field_name)), _LAST)
        or said(field.field_label, settings.list("identifier_phrases", _PHRASES))
    )
    # a number of days since birth is no date of birth
    is_number = getattr(field, VALIDATION).startswith(_NUMERIC)
    return "" if is_number and _BIRTH.search(found) else found


def _by_validation(design: Design, field: Field) -> bool:
    return design.validation(field.field_name).startswith(_VALIDATIONS)


@rule("ID002", Severity.WARNING)
def unmarked_by_validation(design: Design, _settings: Settings) -> Iterator[Found]:
    """A field takes e-mail addresses, phone numbers, post codes or hospital numbers, unmarked.

    A signature counts as well.

    Why: Exports without identifiers leave out what is marked, and nothing else.

    Bad:
        fields:
          contact: {type: text, label: "How to reach you", validation: email}
    Good:
        fields:
          contact: {type: text, label: "How to reach you", validation: email, identifier: true}
    Instead: Add `identifier: true`.
    """
    for field in design.fields[1:]:
        if field.identifier.strip():
            continue
        name = design.validation(field.field_name)
        is_signature = field.field_type == "file" and getattr(field, VALIDATION).endswith(
            "signature"
        )
        if is_signature or name.startswith(_VALIDATIONS):
            what = "is a signature" if is_signature else f"is validated as {name}"
            yield at_field(
                field,
                "identifier",
                f"{what} and is not marked as an identifier",
                "Add `identifier: true`.",
            )


@rule("ID003", Severity.NOTE, profiles=BEFORE_PRODUCTION)
def no_identifier_at_all(design: Design, _settings: Settings) -> Iterator[Found]:
    """No field of the project is marked as an identifier.

    Why: An export without identifiers is then the same as a full one. That is right only where
    nothing in the project identifies anybody.

    Bad:
        fields:
          weight: {type: text, label: "Weight"}
    Good:
        fields:
          weight: {type: text, label: "Weight"}
          surname: {type: text, label: "Surname", identifier: true}
    Instead: Go through names, dates, contacts and free texts, and mark what identifies somebody.
    """
    held = [field for field in design.fields[1:] if field.field_type != "descriptive"]
    if held and not any(field.identifier.strip() for field in design.fields):
        yield Found(
            "project/fields",
            f"None of the {len(held):,} fields is marked as an identifier.",
            advice="Mark what identifies somebody, or let this pass with the reason.",
        )


@rule("ID006", Severity.NOTE)
def restricted_number(design: Design, settings: Settings) -> Iterator[Found]:
    """A field asks for a number that many institutions forbid to keep.

    The words are the setting `restricted_words`: social security, passport, bank account.

    Why: Whoever has such a number can act in the person's name, and the person cannot change it.
    Marked as an identifier it is still there.

    Bad:
        fields:
          ssn: {type: text, label: "Social security number", validation: ssn, identifier: true}
    Good:
        fields:
          study_no: {type: text, label: "Number on the study card", validation: integer}
    Instead: Leave it out; where it is needed for payments, keep it outside of REDCap.
    """
    words = settings.list("restricted_words", _RESTRICTED)
    for field in design.fields:
        if field.field_type not in (*_TYPED, "file"):
            continue
        found = named(field.field_name, words) or said(field.field_label, words)
        if found:
            yield at_field(
                field,
                "field_name",
                f'asks for what many institutions forbid to keep ("{found}")',
                "Leave it out, or let this pass with the permission as reason.",
            )


@rule("ID008", Severity.NOTE, profiles=BEFORE_PRODUCTION)
def keywords_of_identifiers(design: Design, settings: Settings) -> Iterator[Found]:
    """Fields of an instrument have words of REDCap's own check for identifiers, unmarked.

    The words are the setting `identifier_keywords`, looked for as whole words; the default is what
    a server looks for before a project moves to production (knowledge base). Choices, and what
    ID001 and ID002 find, are left out.

    Why: Whoever moves the project to production gets this list on the page and has to answer it.

    Bad:
        fields:
          visit_date: {type: text, label: "Date of visit", validation: date_ymd}
    Good:
        fields:
          visit_date: {type: text, label: "Date of visit", validation: date_ymd, identifier: true}
    Instead: Mark them, or know why not and let it pass for the instrument with the reason.
    """
    words = settings.list("identifier_keywords", _KEYWORDS)
    suspect: dict[str, list[Field]] = {}
    for field in design.fields[1:]:
        if (
            field.field_type in (*_TYPED, "file", "calc")
            and not field.identifier.strip()
            and not _personal(field, settings)
            and not _by_validation(design, field)
            and (named(field.field_name, words) or said(field.field_label, words))
        ):
            suspect.setdefault(field.form_name, []).append(field)
    for instrument, fields in suspect.items():
        names = ", ".join(field.field_name for field in fields[:_MOST_NAMED])
        more = len(fields) - _MOST_NAMED
        yield Found(
            f"instrument/{encoded(instrument)}",
            f"Instrument {instrument} has {count_of(len(fields), 'field')} that may identify people"
            f" and {'is' if len(fields) == 1 else 'are'} not marked: {names}"
            f"{f' and {more:,} more' if more > 0 else ''}.",
            fields[0].at,
            "Mark them, or know why not.",
        )


@rule("ID009", Severity.NOTE, profiles=BEFORE_PRODUCTION)
def unmarked_file(design: Design, _settings: Settings) -> Iterator[Found]:
    """A file is uploaded and not marked as an identifier.

    Signatures are found by another rule.

    Why: Scans, photographs and letters name the person somewhere, and file names often do.

    Bad:
        fields:
          scan: {type: file, label: "Consent form, signed"}
    Good:
        fields:
          scan: {type: file, label: "Consent form, signed", identifier: true}
    Instead: Add `identifier: true`.
    """
    for field in design.fields:
        if (
            field.field_type == "file"
            and not getattr(field, VALIDATION).strip()
            and not field.identifier.strip()
        ):
            yield at_field(
                field,
                "identifier",
                "is a file and not marked as an identifier",
                "Add `identifier: true`, or know why not.",
            )
