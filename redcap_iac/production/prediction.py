"""What REDCap's own review of drafted changes will say, and whether it approves them by itself.

Flags have REDCap's words (recorded); a field counts as critical once, however many flags it has
(inferred from a recorded total of one where two flags apply). REDCap compares choices by code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from redcap_iac.kinds.dictionary import choices
from redcap_iac.kinds.dictionary.field import CHOICE_TYPES, CHOICES, Field
from redcap_iac.kinds.dictionary.normal import aspects

LABEL_MISMATCH = "Possible label mismatch because of label changes"
MIGHT_BE_LOST = "Data MIGHT be lost due to deleted choice(s)"
WILL_BE_LOST = "Data WILL be lost"
DELETED = "field will be deleted"


class Setting(StrEnum):
    """When a server approves drafted changes by itself, from strict to loose (documented)."""

    NEVER = "never"
    UNMODIFIED = "unmodified"
    NORECORDS_OR_UNMODIFIED = "norecords_or_unmodified"
    NOCRITICAL = "nocritical"
    NORECORDS_OR_NOCRITICAL = "norecords_or_nocritical"


#: The settings in the words of REDCap's Control Center (documented).
SETTING_WORDS: Mapping[Setting, str] = {
    Setting.NEVER: "Never",
    Setting.UNMODIFIED: "Yes, if no existing fields were modified",
    Setting.NORECORDS_OR_UNMODIFIED: "Yes, if no records OR no existing fields modified",
    Setting.NOCRITICAL: "Yes, if no critical issues exist",
    Setting.NORECORDS_OR_NOCRITICAL: "Yes, if no records OR no critical issues",
}


class Approval(StrEnum):
    """How drafted changes are approved once they are submitted."""

    AUTOMATIC = "automatic"
    REVIEW = "review"
    UNKNOWN = "unknown"  # it depends on records, and nobody could tell whether there are any


@dataclass(frozen=True, slots=True)
class Outlook:
    """One field in REDCap's review: `added`, `modified` or `deleted`, its flags, the codes.

    `removed` are codes that go; `altered` codes whose label is another one, or that take the label
    of a code that goes. `is_critical` is true for everything flagged, and for another field type.
    """

    field: str
    instrument: str
    action: str
    flags: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    altered: tuple[str, ...] = ()
    is_critical: bool = False


@dataclass(frozen=True, slots=True)
class Prediction:
    """The fields that differ, in the order of the draft, deleted ones last."""

    fields: tuple[Outlook, ...]

    @property
    def critical(self) -> int:
        """How many fields are critical."""
        return sum(one.is_critical for one in self.fields)

    @property
    def modified(self) -> int:
        """How many existing fields are modified or deleted."""
        return sum(one.action != "added" for one in self.fields)

    @property
    def added(self) -> int:
        """How many fields are new."""
        return sum(one.action == "added" for one in self.fields)

    def approval(self, setting: Setting, records: int | None) -> Approval:
        """Return how a server with this setting approves; `records` is None when not known."""
        if setting is Setting.NEVER:
            return Approval.REVIEW
        by_modified = setting in (Setting.UNMODIFIED, Setting.NORECORDS_OR_UNMODIFIED)
        if not (self.modified if by_modified else self.critical):
            return Approval.AUTOMATIC
        if setting in (Setting.UNMODIFIED, Setting.NOCRITICAL):
            return Approval.REVIEW
        if records is None:
            return Approval.UNKNOWN
        return Approval.AUTOMATIC if records == 0 else Approval.REVIEW


def predict(live: Sequence[Field], draft: Sequence[Field]) -> Prediction:
    """Compare a draft with the live dictionary as REDCap's review does.

    The order of fields is no difference (documented), but for another record-id field, which is
    treated as critical; every other column is.
    """
    before = {field.field_name: field for field in live}
    after = {field.field_name for field in draft}
    found = [
        outlook
        for field in draft
        if (outlook := _of(before.get(field.field_name), field)) is not None
    ]
    if live and draft and live[0].field_name != draft[0].field_name:
        first = draft[0].field_name
        found = [o if o.field != first else replace(o, is_critical=True) for o in found]
    found += [
        Outlook(field.field_name, field.form_name, "deleted", (DELETED,), is_critical=True)
        for field in live
        if field.field_name not in after
    ]
    return Prediction(tuple(found))


def _of(before: Field | None, after: Field) -> Outlook | None:
    if before is None:
        return Outlook(after.field_name, after.form_name, "added")
    if aspects(before) == aspects(after):
        return None
    removed, altered = _codes(before, after)
    flags = []
    if removed:
        flags.append(WILL_BE_LOST if before.field_type == "checkbox" else MIGHT_BE_LOST)
    if altered:
        flags.append(LABEL_MISMATCH)
    retyped = before.field_type != after.field_type
    return Outlook(
        after.field_name,
        after.form_name,
        "modified",
        tuple(flags),
        removed,
        altered,
        bool(flags) or retyped,
    )


def _codes(before: Field, after: Field) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the codes that go and the codes that mean something else afterwards."""
    if not {before.field_type, after.field_type} <= CHOICE_TYPES:
        return (), ()
    old = dict(choices.parsed(getattr(before, CHOICES)))
    new = dict(choices.parsed(getattr(after, CHOICES)))
    removed = tuple(code for code in old if code not in new)
    given_up = {label for code, label in old.items() if new.get(code) != label}
    altered = tuple(
        code
        for code, label in new.items()
        if (label != old[code] if code in old else label in given_up)
    )
    return removed, altered


#: Words that servers commonly take for identifiers (knowledge base; each server has its own list).
_IDENTIFYING = (
    "name", "street", "address", "city", "county", "precinct", "zip", "postal", "phone", "fax",
    "mail", "ssn", "social security", "mrn", "dob", "dod", "date", "medical", "record", "id",
    "age", "birth",
)  # fmt: skip


def perhaps_identifying(live: Sequence[Field], draft: Sequence[Field]) -> tuple[str, ...]:
    """Return new fields whose name or label holds a word that may stop an automatic approval.

    A server may refuse to approve by itself when a new field looks like an identifier; the words
    are its own (documented as a setting, the list is not).
    """
    known = {field.field_name for field in live}
    return tuple(
        field.field_name
        for field in draft
        if field.field_name not in known and _looks_identifying(field)
    )


def _looks_identifying(field: Field) -> bool:
    said = f"{field.field_name.replace('_', ' ')} {field.field_label}".casefold()
    words = "".join(letter if letter.isalnum() else " " for letter in said).split()
    return any(word in words or (" " in word and word in said) for word in _IDENTIFYING)
