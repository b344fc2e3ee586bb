"""How a record ends up, field by field and page by page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.scenarios.expressions import Formula
from redcap_iac.scenarios.place import Page, Place
from redcap_iac.scenarios.scope import Circumstances, PlaceScope

#: Values somebody entered, by place and field in lower case; () or ("",) where left blank.
GivenValues = Mapping[Place, Mapping[str, tuple[str, ...]]]
#: A field in lower case on a page.
Key = tuple[Page, str]


def required(field: Field | None) -> bool:
    """Tell whether REDCap asks for a field on saving."""
    return field is not None and field.required_field.strip().lower() == "y"


@dataclass(frozen=True, slots=True)
class FieldSeen:
    """A field as its page ends up.

    `values` are the text, or the ticked codes; `hidden_by` and `closed_by` name what hides it or
    makes it read-only, "" for nothing. `erased` is what was entered and went with the field,
    `filled_by` the tag whose value it has, `hidden_codes` the choices that are not offered.
    """

    page: Page
    field: Field
    values: tuple[str, ...]
    hidden_by: str = ""
    closed_by: str = ""
    erased: tuple[str, ...] = ()
    filled_by: str = ""
    hidden_codes: frozenset[str] = frozenset()
    formula: Formula | None = None

    @property
    def is_blank(self) -> bool:
        """Tell whether it has no value."""
        return not any(self.values)

    @property
    def is_missing(self) -> bool:
        """Tell whether REDCap would ask for it on saving: required, shown, blank."""
        return required(self.field) and self.is_blank and not self.hidden_by


@dataclass(frozen=True, slots=True)
class Played:
    """How a record ends up; `restless` are the fields that keep changing, none where all settle."""

    around: Circumstances
    seen: Mapping[Key, FieldSeen]
    rows: Mapping[Place, Mapping[str, str]]
    restless: tuple[str, ...] = ()

    def scope(self, page: Page) -> PlaceScope:
        """Return what an expression on a page sees in the end."""
        return PlaceScope(self.around, self.rows, page.place, page.instrument)
