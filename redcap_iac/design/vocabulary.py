"""What the names of a design mean in logic: the sort of each field, its codes and limits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property

from redcap_iac.design.design import Design
from redcap_iac.kinds.dictionary.field import VALIDATION, Field
from redcap_iac.logic import Reference
from redcap_iac.logic.action_tags import every_tag
from redcap_iac.logic.types import UNKNOWN, Sort, Type
from redcap_iac.logic.values import number

_BY_TYPE: Mapping[str, Sort] = {
    "calc": Sort.NUMBER,
    "slider": Sort.NUMBER,
    "radio": Sort.CHOICE,
    "dropdown": Sort.CHOICE,
    "yesno": Sort.CHOICE,
    "truefalse": Sort.CHOICE,
    "checkbox": Sort.CHECKBOX,
    "file": Sort.FILE,
    "descriptive": Sort.NOTHING,
    "notes": Sort.TEXT,
}
_MOMENT = re.compile(r"(date|datetime|datetime_seconds)_(ymd|mdy|dmy)")
_NUMBER = re.compile(r"integer|number(_[1-4]dp)?(_comma_decimal)?")
#: The limits of a slider that sets none (documented).
_SLIDER = (0.0, 100.0)


class DesignVocabulary:
    """A `Vocabulary` of a design; types are worked out once for each field.

    `missing` are missing data codes beside those of the state: no call of the API can set them,
    so that a manifest may not say them.
    """

    def __init__(self, design: Design, missing: Iterable[str] = ()) -> None:
        self._design = design
        self._missing = frozenset(missing)
        self._types: dict[str, Type] = {}

    @cached_property
    def missing_codes(self) -> frozenset[str]:
        """The codes of the project setting, `-99, Unknown | -98, Refused` (documented)."""
        setting = self._design.setting("missing_data_codes") or ""
        parts = (part.partition(",")[0].strip() for part in setting.split("|"))
        return self._missing | {part for part in parts if part}

    def type_of(self, reference: Reference) -> Type:
        """Return the type of what is stored for a reference; UNKNOWN for an unknown name."""
        name = reference.field.lower()
        kind = self._types.get(name)
        if kind is None:
            kind = self._types[name] = self._type(name)
        if kind.sort is Sort.CHECKBOX and reference.code is not None:
            return Type(Sort.CHECKED, kind.codes)
        return kind

    def _type(self, name: str) -> Type:
        field = self._design.field(name)
        codes = self._design.choices(name) or ()
        if field is None:
            return Type(Sort.CHOICE, codes) if codes else UNKNOWN
        if field.field_type == "text":
            return _text(field, self._design.validation(name))
        sort = _BY_TYPE.get(field.field_type, Sort.UNKNOWN)
        if field.field_type == "slider":
            least, most = _limits(field)
            low = _SLIDER[0] if least is None else least
            high = _SLIDER[1] if most is None else most
            return Type(sort, minimum=low, maximum=high, is_whole=True, are_hard=True)
        return Type(sort, codes, is_free=sort is Sort.TEXT)


def _text(field: Field, validation: str) -> Type:
    tags = {tag.name for tag in every_tag(field.field_annotation)}
    if "CALCTEXT" in tags and not validation:
        return UNKNOWN
    if moment := _MOMENT.fullmatch(validation):
        sort = Sort.DATE if moment[1] == "date" else Sort.DATETIME
        return Type(sort, order=moment[2])
    if validation.startswith("time"):
        return Type(Sort.TIME)
    if _NUMBER.fullmatch(validation):
        least, most = _limits(field)
        return Type(
            Sort.NUMBER,
            is_whole=validation == "integer",
            minimum=least,
            maximum=most,
            are_hard="FORCE-MINMAX" in tags,
        )
    written: str = getattr(field, VALIDATION)
    # a validation of the site's own may let through anything
    return Type(Sort.UNKNOWN) if validation and written else Type(Sort.TEXT, is_free=True)


def _limits(field: Field) -> tuple[float | None, float | None]:
    found = (number(field.text_validation_min), number(field.text_validation_max))
    least, most = (None if one is None else float(one) for one in found)
    return least, most
