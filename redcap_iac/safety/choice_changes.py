"""What happens to the choices of fields that stay: which go, which get another label or code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from redcap_iac.kinds.dictionary.field import CHOICE_TYPES, IMPLICIT_TYPES
from redcap_iac.kinds.kind import encoded
from redcap_iac.safety.field_changes import Altered, altered_or_renamed, carried
from redcap_iac.safety.holding import choices_of
from redcap_iac.safety.scene import Scene

#: Types of which a record holds one code.
SINGLE = (CHOICE_TYPES | IMPLICIT_TYPES) - {"checkbox"}
_SYNONYMS = {"true": "yes", "false": "no"}


@dataclass(frozen=True, slots=True)
class Choice:
    """A live choice that will not be as it is.

    `new_label` is None when its code goes; `new_code` is where its label then stands, "" nowhere.
    """

    field: Altered
    code: str
    label: str
    new_label: str | None = None
    new_code: str = ""

    @property
    def address(self) -> str:
        """Return `choice/<field>/<code>`."""
        return f"choice/{encoded(self.field.after.field_name)}/{encoded(self.code)}"

    @property
    def is_checkbox(self) -> bool:
        """Tell whether it is ticked rather than chosen."""
        return self.field.before.field_type == "checkbox"


def changed_choices(scene: Scene) -> Iterator[Choice]:
    """Yield the live choices that go or get another label, field by field, as they are live.

    Left out are codes that a `recode` hint carries to another and codes that a renamed field does
    not have (H151 tells them), and fields that change between one answer and ticks (H108 does).
    """
    hints = carried(scene)
    for field in altered_or_renamed(scene):
        if _both(field, SINGLE) or _both(field, frozenset({"checkbox"})):
            for choice in _changed(field):
                goes = choice.new_label is None
                if not goes or not (
                    field.is_renamed or hints.carries_choice(field.name, choice.code)
                ):
                    yield choice


def _both(field: Altered, types: frozenset[str]) -> bool:
    return field.before.field_type in types and field.after.field_type in types


def _changed(field: Altered) -> Iterator[Choice]:
    before, after = dict(choices_of(field.before)), dict(choices_of(field.after))
    new_codes: dict[str, str] = {}
    for code, label in after.items():
        if code not in before:
            new_codes.setdefault(_folded(label), code)
    for code, label in before.items():
        if code not in after:
            yield Choice(field, code, label, new_code=new_codes.get(_folded(label), ""))
        elif label != after[code] and not _is_implied(field, label, after[code]):
            yield Choice(field, code, label, after[code])


def _is_implied(field: Altered, before: str, after: str) -> bool:
    """Tell whether REDCap's own `Yes` and `True` stand for each other."""
    types = {field.before.field_type, field.after.field_type}
    one, two = _folded(before), _folded(after)
    return bool(types & IMPLICIT_TYPES) and _SYNONYMS.get(one, one) == _SYNONYMS.get(two, two)


def _folded(label: str) -> str:
    return " ".join(label.casefold().split())
