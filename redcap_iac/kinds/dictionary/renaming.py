"""The dictionaries a rename goes through: nothing goes before its values are somewhere else.

From the live dictionary to the final one by two others, each a whole design that REDCap takes:

- `first`: everything that comes is there, everything that goes still is, as it is live. Fields of
  a renamed instrument are still on the old one; the new one is held open by a placeholder, so that
  it can be put on its events and set to repeat before values depend on it.
- `both`: the fields are on their new instrument, whose old name is held open for its status. Old
  and new names stand side by side: now values are copied.

A choice that is recoded stays beside the new one until its values are rewritten. Values are kept
by record, event, field and instance: a field that moves keeps them (knowledge base), instances
above the first are in sight where the new instrument repeats too (inferred).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from redcap_iac.kinds.dictionary import choices
from redcap_iac.kinds.dictionary.field import CHOICE_TYPES, CHOICES, Field
from redcap_iac.kinds.dictionary.hints import Followed, codes_of, copies, followed
from redcap_iac.kinds.dictionary.placeholders import is_placeholder, placeholder
from redcap_iac.plan import Copy
from redcap_iac.state import State

Fields = tuple[Field, ...]

#: Of so many copies a plan's title says each by name.
_MOST_SAID = 4


@dataclass(frozen=True, slots=True)
class Stages:
    """The dictionaries of a plan in order, and what is copied before the last one."""

    first: Fields
    both: Fields
    final: Fields
    copies: tuple[Copy, ...]

    def is_ready(self, live: Sequence[Field]) -> bool:
        """Tell whether a live project has everything the copy needs, both names of all."""
        there = {one.field_name: one for one in live}
        return all(
            one.field_name in there
            and one.form_name == there[one.field_name].form_name
            and _codes(one) <= _codes(there[one.field_name])
            for one in self.both
            if {one.field_name, f"{one.form_name}_complete"} & _named(self.copies)
        )


def stages(desired: State, live: State, final: Fields) -> Stages:
    """Return the dictionaries from a live one to the final one, and the copies between.

    Where nothing has to be copied all three are the final one.
    """
    hints = followed(desired, live)
    carried = copies(hints, desired, live)
    if not carried:
        return Stages(final, final, final, ())
    before = tuple(one for one in live.kinds.get("fields", ()) if isinstance(one, Field))
    mixed = _mixed(final, before, hints)
    old_of = {new: old for old, new in hints.instruments.items()}
    was_on = {one.field_name: one.form_name for one in before}
    waiting = tuple(
        replace(one, form_name=old_of[one.form_name])
        if one.form_name in old_of and was_on.get(one.field_name) == old_of[one.form_name]
        else one
        for one in mixed
    )
    held = frozenset({*old_of, *hints.instruments})
    return Stages(
        _held_open(waiting, held),
        _held_open(mixed, held),
        final,
        carried,
    )


def both_names(desired: State, live: State, final: Fields) -> Fields | None:
    """Return the dictionary with old and new names and codes side by side; None without hints.

    In production it is uploaded first; once it is approved values are copied, then the final one
    is uploaded.
    """
    found = stages(desired, live, final)
    return found.both if found.copies else None


def _mixed(final: Fields, before: Fields, hints: Followed) -> Fields:
    """Return what comes and, behind it on each instrument, what goes, as it is live."""
    live = {one.field_name: one for one in before}
    declared = {one.field_name for one in final}
    interim = _one_list_a_matrix(
        tuple(_interim(one, live.get(one.field_name), hints) for one in final)
    )
    matrices = {one.matrix_group_name for one in interim if one.matrix_group_name}
    going = (
        # the rows of a matrix stand together with one list of choices: one that goes leaves it
        replace(one, matrix_group_name="", matrix_ranking="")
        if one.matrix_group_name in matrices
        else one
        for one in before
        if one.field_name not in declared
    )
    return (*interim, *going)


def _interim(one: Field, live: Field | None, hints: Followed) -> Field:
    """Return a field with the choices it loses beside those it gains, while values are recoded.

    Under a type that cannot list them both, it stays as it is live until they are.
    """
    codes = hints.recodes.get(one.field_name, ())
    known = None if live is None else codes_of(live)
    if not codes or live is None or live.field_name in hints.fields.values():
        return one
    if known is None:
        return replace(live, form_name=one.form_name)
    if one.field_type in CHOICE_TYPES:
        wanted = choices.parsed(getattr(one, CHOICES))
        extra = tuple(pair for pair in known if pair[0] in dict(codes))
        return _listing(one, (*wanted, *_lacking(wanted, extra)))
    extra = tuple(pair for pair in codes_of(one) or () if pair[0] in dict(codes).values())
    return replace(_listing(live, (*known, *_lacking(known, extra))), form_name=one.form_name)


def _lacking(there: choices.Pairs, extra: Iterable[tuple[str, str]]) -> choices.Pairs:
    return tuple(pair for pair in extra if pair[0] not in dict(there))


def _listing(one: Field, pairs: choices.Pairs) -> Field:
    return replace(one, select_choices_or_calculations=choices.written(pairs))


def _one_list_a_matrix(fields: Fields) -> Fields:
    """Give all rows of a matrix the choices that any of them has for a while."""
    lists: dict[str, dict[str, str]] = {}
    for one in fields:
        if one.matrix_group_name:
            pairs = choices.parsed(getattr(one, CHOICES))
            lists.setdefault(one.matrix_group_name, {}).update(pairs)
    return tuple(
        _listing(one, tuple(lists[one.matrix_group_name].items()))
        if one.matrix_group_name and len(lists[one.matrix_group_name]) > len(_codes(one))
        else one
        for one in fields
    )


def _held_open(fields: Fields, held: frozenset[str]) -> Fields:
    """Return the fields by instrument, with placeholders where an instrument would have none.

    `held` are the instruments that have to be there. Placeholders no longer needed go.
    """
    forms: dict[str, list[Field]] = {}
    for one in fields:
        forms.setdefault(one.form_name, []).append(one)
    taken = {one.field_name for one in fields}
    for form, on_it in forms.items():
        real = [one for one in on_it if not is_placeholder(one)]
        forms[form] = real or (on_it[:1] if form in held else [])
    for form in sorted(held):
        if not forms.get(form):
            forms[form] = [placeholder(form, taken)]
    return tuple(one for on_it in forms.values() for one in on_it)


def _codes(one: Field) -> frozenset[str]:
    return frozenset(code for code, _ in codes_of(one) or ())


def _named(found: Iterable[Copy]) -> frozenset[str]:
    return frozenset(name for copy in found for name in (copy.source, copy.target))


def said_first(stages: Stages) -> str:
    """Return what the first import is called in a plan."""
    return f"import the dictionary with old and new names ({len(stages.first):,} fields)"


def said_moved(stages: Stages) -> str:
    """Return what the second import is called in a plan."""
    return f"import the dictionary with fields on renamed instruments ({len(stages.both):,} fields)"


def said_last(stages: Stages) -> str:
    """Return what the last import is called in a plan."""
    return f"import the dictionary without the old names ({len(stages.final):,} fields)"


def said_copies(found: Sequence[Copy]) -> str:
    """Return what copying is called in a plan: `copy postal to zip_code, recode severity`."""
    said = []
    for copy in found:
        codes = ", ".join(f"{old} to {new}" for old, new in copy.codes)
        if copy.source == copy.target:
            said.append(f"recode {copy.target} ({codes})")
        else:
            said.append(f"copy {copy.source} to {copy.target}" + (f" ({codes})" if codes else ""))
    more = f" and {len(said) - _MOST_SAID} more" if len(said) > _MOST_SAID else ""
    return ", ".join(said[:_MOST_SAID]) + more
