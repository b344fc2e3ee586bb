"""Decisions about one field: choices one by one, what gives a type its meaning together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from redcap_iac.kinds.dictionary import choices
from redcap_iac.kinds.dictionary.field import CHOICE_TYPES, CHOICES, VALIDATION, Field
from redcap_iac.kinds.kind import encoded
from redcap_iac.merging.verdict import Decision, Verdict

#: What gives a type its meaning: who changes one and who changes another do not agree.
_TYPED = frozenset(
    {"field_type", CHOICES, VALIDATION, "text_validation_min", "text_validation_max"}
)


def field_decisions(
    found: Sequence[Decision], base: Field | None, mine: Field, theirs: Field
) -> list[Decision]:
    """Return the decisions about a field: choices one by one, what hangs together together."""
    sides = [one for one in (base, mine, theirs) if one is not None]
    same_type = len({one.field_type for one in sides}) == 1
    if same_type and mine.field_type in CHOICE_TYPES:
        return [
            part
            for one in found
            for part in (_choices(one, base, mine, theirs) if one.place == CHOICES else [one])
        ]
    verdicts = {one.verdict for one in found if one.place in _TYPED}
    if "field_type" in {one.place for one in found} and len(verdicts) > 1:
        why = "the type of the field is changed by one side, what belongs to it by the other"
        return [
            replace(one, verdict=Verdict.CONFLICT, why=one.why or why)
            if one.place in _TYPED
            else one
            for one in found
        ]
    return list(found)


def _choices(whole: Decision, base: Field | None, mine: Field, theirs: Field) -> Iterator[Decision]:
    """Yield what is decided about each choice; text that is no list of choices stays whole."""
    lists = [choices.parsed(getattr(one, CHOICES)) for one in (mine, theirs)]
    if not all(choices.holds(pairs) for pairs in lists):
        yield whole
        return
    before = None if base is None else dict(choices.parsed(getattr(base, CHOICES)))
    ours, live = (dict(pairs) for pairs in lists)
    name = encoded(mine.field_name)
    for code in {**ours, **live}:
        was = None if before is None else before.get(code)
        here, there = ours.get(code), live.get(code)
        if here == there:
            continue
        if before is None:
            verdict = whole.verdict
        elif there == was:
            verdict = Verdict.OWN
        else:
            verdict = Verdict.TAKE if here == was else Verdict.CONFLICT
        yield replace(
            whole, address=f"choice/{name}/{encoded(code)}", name=f"choice {code}",
            verdict=verdict, base=was, files=here, live=there, part=code,
        )  # fmt: skip
