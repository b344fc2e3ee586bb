"""Whether a value may be imported into a field, and how it is stored."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection
from dataclasses import dataclass

from redcap_iac.emulator.design import STATUS_CHOICES, Field
from redcap_iac.emulator.resources.records import patterns
from redcap_iac.emulator.resources.records.incoming import Target

#: Recorded text for a value that does not fit the field's validation.
NOT_THE_FORMAT = (
    "The value you provided could not be validated because it does not follow the expected format."
)
_LONGEST_RECORD_NAME = 100


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a value may not be imported."""

    message: str


def checked(
    target: Target, value: str, order: str, missing_codes: Collection[str]
) -> str | Refused:
    """Return the value as it is stored, or why it is refused; blanks are not asked about.

    `order` is the order of dates sent. Ranges are soft, as on data entry pages: a value outside
    them is stored (inferred). A missing data code is welcome in any field but a status.
    """
    if target.field is None:
        return _listed(target.name, value, [code for code, _ in STATUS_CHOICES])
    if value in missing_codes:
        return value
    if target.code is not None:
        return _listed(target.column, value, ("0", "1"))
    return _of_field(target.field, value, order)


def _of_field(field: Field, value: str, order: str) -> str | Refused:
    if field.choices:
        return _listed(field.name, value, [code for code, _ in field.choices])
    if field.type == "slider":
        return value if value.isascii() and value.isdigit() else Refused(NOT_THE_FORMAT)
    if field.type == "file":
        return Refused(f"The field '{field.name}' is a file field, whose data cannot be imported")
    if field.type != "text":
        return value
    if patterns.is_date(field.validation):
        moment = patterns.read_moment(field.validation, value, order)
        return Refused(NOT_THE_FORMAT) if moment is None else moment
    stored = patterns.accepted(field.validation, value)
    return Refused(NOT_THE_FORMAT) if stored is None else stored


def _listed(name: str, value: str, codes: Collection[str]) -> str | Refused:
    """Accept a code of the list (recorded text otherwise)."""
    return value if value in codes else Refused(f"The value is not a valid category for {name}")


def checked_name(name: str) -> str | Refused:
    """Accept a record name that is neither blank nor over 100 characters (inferred)."""
    if not name:
        return Refused("The record name is blank")
    if len(name) > _LONGEST_RECORD_NAME:
        return Refused(f"Record names cannot be longer than {_LONGEST_RECORD_NAME} characters")
    return name


def line(record: str, field: str, value: str, message: str) -> str:
    """Return one fault as a line of csv with every cell quoted (recorded)."""
    buffer = io.StringIO()
    csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator="").writerow(
        (record, field, value, message)
    )
    return buffer.getvalue()
