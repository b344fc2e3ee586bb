"""A small vocabulary for tests: one field of each sort."""

from __future__ import annotations

from collections.abc import Mapping

from redcap_iac.logic import Reference
from redcap_iac.logic.types import UNKNOWN, Sort, Type

SEX = (("1", "Male"), ("2", "Female"))
TYPES: Mapping[str, Type] = {
    "sex": Type(Sort.CHOICE, SEX),
    "group": Type(Sort.CHOICE, (("a", "North"), ("b", "South"))),
    "age": Type(Sort.NUMBER, minimum=0, maximum=120),
    "pain": Type(Sort.NUMBER, is_whole=True, minimum=0, maximum=10, are_hard=True),
    "free": Type(Sort.TEXT, is_free=True),
    "seen": Type(Sort.DATE, order="mdy"),
    "born": Type(Sort.DATE, order="ymd"),
    "at": Type(Sort.TIME),
    "came": Type(Sort.DATETIME, order="ymd"),
    "drugs": Type(Sort.CHECKBOX, SEX),
    "scan": Type(Sort.FILE),
    "hint": Type(Sort.NOTHING),
}


class SmallVocabulary:
    """Knows the fields of `TYPES`, and the missing data codes it is given."""

    def __init__(self, *missing_codes: str) -> None:
        self.missing_codes = frozenset(missing_codes)

    def type_of(self, reference: Reference) -> Type:
        kind = TYPES.get(reference.field.lower(), UNKNOWN)
        if kind.sort is Sort.CHECKBOX and reference.code is not None:
            return Type(Sort.CHECKED, kind.codes)
        return kind
