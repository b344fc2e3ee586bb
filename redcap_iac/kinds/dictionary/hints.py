"""`renamed_from` and `recode` against a live project: what is carried, so that nothing is lost.

REDCap has no call that renames a field or an instrument: an import with the new name alone deletes
the old one (inferred from the full replacement, which is recorded), and a code that goes leaves
the values stored under it behind. A hint is followed by copying: both names are there for a while,
values go over, only then the old name goes. A hint whose old name is no longer live is done.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import cast

from redcap_iac.kinds.dictionary import choices
from redcap_iac.kinds.dictionary.field import CHOICE_TYPES, CHOICES, IMPLICIT_TYPES, Field
from redcap_iac.kinds.dictionary.placeholders import is_placeholder
from redcap_iac.plan import Copy
from redcap_iac.state import State

_IMPLICIT = {
    "yesno": (("1", "Yes"), ("0", "No")),
    "truefalse": (("1", "True"), ("0", "False")),
}
#: Types that take no value: REDCap calculates it, or there is none (documented).
WITHOUT_VALUES = frozenset({"calc", "descriptive"})


@dataclass(frozen=True, slots=True)
class Followed:
    """Hints that are live and not done: by old name the new one, by field the codes to recode.

    `placeholders` are fields that hold an instrument open while another is renamed; `emptied`
    are live instruments that hold nothing else.
    """

    fields: Mapping[str, str] = field(default_factory=dict)
    recodes: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    instruments: Mapping[str, str] = field(default_factory=dict)
    placeholders: frozenset[str] = frozenset()
    emptied: frozenset[str] = frozenset()

    def carries_field(self, name: str) -> bool:
        """Tell whether a field that goes loses nothing: carried under another name, or no field."""
        return name in self.fields or name in self.placeholders

    def carries_choice(self, name: str, code: str) -> bool:
        """Tell whether a choice that goes from a field loses nothing: its values are recoded."""
        return code in dict(self.recodes.get(name, ()))

    def carries_instrument(self, name: str) -> bool:
        """Tell whether an instrument that goes is renamed, or held nothing but a placeholder."""
        return name in self.instruments or name in self.emptied

    def __bool__(self) -> bool:
        return bool(self.fields or self.recodes or self.instruments)


def followed(desired: State, live: State) -> Followed:
    """Return the hints of a design that a live project still needs followed; pure."""
    wanted, there = _fields(desired), _fields(live)
    by_name = {one.field_name: one for one in there}
    declared = {one.field_name for one in wanted}
    placeholders = frozenset(
        one.field_name for one in there if is_placeholder(one) and one.field_name not in declared
    )
    return Followed(
        {
            one.renamed_from: one.field_name
            for one in wanted
            if one.renamed_from in by_name and one.renamed_from not in declared
        },
        {
            one.field_name: codes
            for one in wanted
            if one.recode and (codes := _to_recode(one, by_name))
        },
        _instruments(desired, live),
        placeholders,
        _emptied(there, placeholders),
    )


def copies(followed: Followed, desired: State, live: State) -> tuple[Copy, ...]:
    """Return what has to be copied to follow the hints, fields in the order of the design.

    Statuses of renamed instruments come last. What REDCap calculates or only shows holds nothing
    to copy; the record id is no value of a field but the record's name.
    """
    there = {one.field_name: one for one in _fields(live)}
    identifier = next(iter(there), "")
    sources = {new: old for old, new in followed.fields.items()}
    found: list[Copy] = []
    for one in _fields(desired):
        source = sources.get(one.field_name, one.field_name)
        codes = followed.recodes.get(one.field_name, ())
        if source == one.field_name and not codes:
            continue
        if holds_values(there[source], one) and source != identifier:
            found.append(Copy(source, one.field_name, codes))
    statuses = followed.instruments.items()
    return (*found, *(Copy(f"{old}_complete", f"{new}_complete") for old, new in statuses))


def holds_values(old: Field, new: Field) -> bool:
    """Tell whether there is anything to copy from one field to another, and a place for it."""
    return old.field_type != "descriptive" and new.field_type not in WITHOUT_VALUES


def codes_of(one: Field) -> tuple[tuple[str, str], ...] | None:
    """Return the choices a field knows, as (code, label); None when its values are no codes."""
    if one.field_type in CHOICE_TYPES:
        return choices.parsed(getattr(one, CHOICES))
    return _IMPLICIT[one.field_type] if one.field_type in IMPLICIT_TYPES else None


def _to_recode(one: Field, live: Mapping[str, Field]) -> tuple[tuple[str, str], ...]:
    """Return the codes that the live field still has, or may hold."""
    before = live.get(one.renamed_from) or live.get(one.field_name)
    if before is None:
        return ()  # a field that is not there holds nothing
    known = codes_of(before)
    if known is None:
        # free values: once the field has become the declared one, nothing tells what they were
        return one.recode
    held = {code for code, _ in known}
    return tuple((old, new) for old, new in one.recode if old in held)


def _instruments(desired: State, live: State) -> Mapping[str, str]:
    there = set(_names(live))
    declared = set(_names(desired))
    return {
        old: str(getattr(item, "name", ""))
        for item in desired.kinds.get("instruments", ())
        if (old := str(getattr(item, "renamed_from", ""))) in there and old not in declared
    }


def _names(state: State) -> Iterable[str]:
    for item in state.kinds.get("instruments", ()):
        yield str(getattr(item, "name", ""))
    for one in _fields(state):
        yield one.form_name


def _emptied(there: Iterable[Field], placeholders: frozenset[str]) -> frozenset[str]:
    held: dict[str, list[bool]] = {}
    for one in there:
        held.setdefault(one.form_name, []).append(one.field_name in placeholders)
    return frozenset(form for form, only in held.items() if all(only))


def _fields(state: State) -> tuple[Field, ...]:
    return cast("tuple[Field, ...]", state.kinds.get("fields", ()))
