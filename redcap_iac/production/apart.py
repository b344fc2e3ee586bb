"""A difference in production, taken apart: what the API takes now, what waits for a person.

Design waits: it goes into a package. Access and settings are written now, but for what names
something that only the package brings: rights on new instruments, settings that name new fields.
A rename or recode with values takes two packages: one that has old and new side by side, then the
API copies the values, then one without the old.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from redcap_iac.changes import Change, Delete
from redcap_iac.differ import Difference, compare
from redcap_iac.findings import Findings
from redcap_iac.kinds import kind_named
from redcap_iac.kinds.dictionary import renaming
from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.kinds.dictionary.hints import followed
from redcap_iac.kinds.grants import Grants, instruments_of
from redcap_iac.kinds.kind import Kind, encoded
from redcap_iac.kinds.project import Setting
from redcap_iac.safety.hazards.production import is_design
from redcap_iac.state import DESIGN_UNITS, Desired, Item, Live, State

#: Settings that name fields.
_NAMING_FIELDS = frozenset({"secondary_unique_field", "custom_record_label"})
_ON_INSTRUMENTS = ("designations", "repeating")
_WORD = re.compile(r"[a-z0-9_]+")


@dataclass(frozen=True, slots=True)
class Apart:
    """`now` is what differs with the design taken as it is live: the API takes all of it.

    `whole` is all that differs; of it `packaged` are the design changes this package brings,
    `held` those a second one brings once values were copied, `later` what the API can only take
    after approval. `final` is the design once this package is in; `copies` tells that values can
    be copied now, old and new names being there; `renamed` are new addresses by old ones.
    """

    whole: Difference
    now: Difference
    packaged: tuple[Change, ...]
    later: tuple[Change, ...]
    final: State
    held: tuple[Change, ...] = ()
    copies: bool = False
    renamed: Mapping[str, str] = field(default_factory=dict)

    def addresses(self, changes: Iterable[Change]) -> tuple[str, ...]:
        """Return the addresses changes have in the plan: a rename stands under its new name."""
        found = (self.renamed.get(change.address, change.address) for change in changes)
        return tuple(dict.fromkeys(found))

    @property
    def fields(self) -> tuple[Field, ...]:
        """The dictionary the draft is to be."""
        return fields_of(self.final)


def taken_apart(difference: Difference, live: Live) -> Apart | None:
    """Return the parts of a difference in production, None when the API takes all of it."""
    design = tuple(change for change in difference.changes if is_design(change))
    if live.target.status != "production" or not design:
        return None
    carrying = renaming.stages(
        difference.desired.state, live.state, fields_of(difference.final)
    )  # fmt: skip
    copies = bool(carrying.copies) and carrying.is_ready(fields_of(live.state))
    final, stays = difference.final, frozenset[str]()
    if carrying.copies and not copies:
        stays = frozenset(one.form_name for one in carrying.both)
        final = _side_by_side(difference.final, live.state, carrying.both, stays)
    held = tuple(change for change in design if _is_held(change, final, stays))
    first = compare(_now(difference, live), live, Findings())
    written = {(change.kind, change.key): change for change in first.changes}
    later = tuple(
        change
        for change in difference.changes
        if not is_design(change) and _waits(change, written.get((change.kind, change.key)))
    )
    packaged = tuple(change for change in design if change not in held)
    names = _renamed(difference, live)
    return Apart(difference, first, packaged, later, final, held, copies, names)


def _renamed(difference: Difference, live: Live) -> Mapping[str, str]:
    hints = followed(difference.desired.state, live.state)
    pairs = (("field", hints.fields), ("instrument", hints.instruments))
    return {
        f"{noun}/{encoded(old)}": f"{noun}/{encoded(new)}"
        for noun, names in pairs
        for old, new in names.items()
    }


def fields_of(state: State) -> tuple[Field, ...]:
    """Return the dictionary of a state."""
    kind: Kind[Any] = kind_named("fields")
    return kind.items(state)


def _side_by_side(
    final: State, live: State, fields: tuple[Field, ...], stays: frozenset[str]
) -> State:
    """Return the design with old and new names: what is on an instrument that stays stays too."""
    state = final.having("fields", fields)
    for name in _ON_INSTRUMENTS:
        kind: Kind[Any] = kind_named(name)
        there = {kind.key(item) for item in kind.items(final)}
        kept = tuple(
            item
            for item in kind.items(live)
            if kind.key(item) not in there and item.instrument in stays
        )
        state = state.having(name, (*kind.items(final), *kept))
    return state


def _is_held(change: Change, final: State, stays: frozenset[str]) -> bool:
    """Tell whether a removal waits for a second package: values are still to be copied."""
    if not stays or not isinstance(change, Delete):
        return False
    if change.kind == "instruments":
        return change.key in stays
    kind: Kind[Any] = kind_named(change.kind)
    there = {kind.key(item) for item in kind.items(final)}
    return change.kind in ("fields", *_ON_INSTRUMENTS) and change.key in there


def _now(difference: Difference, live: Live) -> Desired:
    """Return what the manifest wants of the things the API takes in production.

    Design kinds are left out, which leaves them as they are live; rights keep to the instruments
    there are, and those of instruments about to go stay until they are gone.
    """
    desired = difference.desired
    forms = frozenset(instruments_of(live.state))
    new = _new_fields(difference, live)
    kinds = {
        name: tuple(_within(item, forms) for item in items if not _is_for_later(item, new))
        for name, items in desired.state.kinds.items()
        if kind_named(name).unit not in DESIGN_UNITS
    }
    return replace(desired, state=State(kinds, desired.state.partial & kinds.keys()))


def _new_fields(difference: Difference, live: Live) -> frozenset[str]:
    there = {one.field_name for one in fields_of(live.state)}
    return frozenset(one.field_name for one in fields_of(difference.final)) - there


def _is_for_later(item: Item, new: frozenset[str]) -> bool:
    """Tell whether an item is a setting that the API takes only after approval, or not at all."""
    if not isinstance(item, Setting):
        return False
    if item.name == "is_longitudinal":
        return True
    return item.name in _NAMING_FIELDS and not new.isdisjoint(_WORD.findall(item.value))


def _within(item: Item, forms: frozenset[str]) -> Item:
    """Return an item whose rights name the instruments there are now, and no others."""
    grants = getattr(item, "grants", None)
    if not isinstance(grants, Grants):
        return item
    kept = replace(
        grants,
        instruments=tuple(pair for pair in grants.instruments if pair[0] in forms),
        export=tuple(pair for pair in grants.export if pair[0] in forms),
    )
    changed: Mapping[str, Any] = {"grants": kept}
    return replace(item, **changed)  # type: ignore[type-var]


def _waits(change: Change, written: Change | None) -> bool:
    """Tell whether something of a change is left once its part for now is written."""
    if written is None:
        return True
    if isinstance(change, Delete) or isinstance(written, Delete):
        return False
    kind: Kind[Any] = kind_named(change.kind)
    return kind.normal(change.after) != kind.normal(written.after)
