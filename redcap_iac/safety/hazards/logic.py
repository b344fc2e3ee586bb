"""H112: branching logic that hides stored values, a calculation that is another."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from redcap_iac.findings import Finding, Position
from redcap_iac.hazard import Answer, Count, Undoable, Voice
from redcap_iac.kinds.dictionary.field import CHOICES, Field
from redcap_iac.kinds.dictionary.normal import collapsed
from redcap_iac.safety.field_changes import Altered, altered_or_renamed, counted
from redcap_iac.safety.hazards import Counts
from redcap_iac.safety.holding import all_of, asking, held, holds_value, negated
from redcap_iac.safety.scene import Question, Scene, digest
from redcap_iac.safety.visibility import Surroundings, fields_in, same

#: Action tags whose argument REDCap computes into the field (knowledge base).
_COMPUTING = re.compile(r"@(CALCTEXT|CALCDATE)\s*\(", re.IGNORECASE)


def questions(scene: Scene) -> Iterator[Question]:
    """Ask how many records hold a value that the new logic hides, or that is computed anew."""
    surroundings = Surroundings(scene)
    for field in altered_or_renamed(scene):
        if _hides_more(field):
            yield from _known(_hidden(field, surroundings))
        if _computes_anew(field):
            yield from _known(held(field.before))


def found(scene: Scene, counts: Counts) -> Iterator[Finding]:
    """Tell what would be hidden and erased (documented: branching can erase on saving again).

    A field of which both change is told once: an address is answered once.
    """
    surroundings = Surroundings(scene)
    for field in altered_or_renamed(scene):
        told = []
        if _hides_more(field):
            question = _hidden(field, surroundings)
            told.append(_hiding(field, counted(counts, question), question))
        if _computes_anew(field):
            computing = _renaming if field.is_renamed else _computing
            told.append(computing(field, counted(counts, held(field.before))))
        told = [one for one in told if not one.count.is_zero]
        if told:
            yield _hazard(scene, field, told)


@dataclass(frozen=True, slots=True)
class _Told:
    """One thing that happens to a field: what, to how many records, what is said of both."""

    what: str
    count: Count
    sentence: Callable[[Voice], str]
    advice: str
    at: Position | None


def _hazard(scene: Scene, field: Altered, told: Sequence[_Told]) -> Finding:
    return scene.hazard(
        "H112",
        " ".join((*(one.what for one in told), digest(field.change))),
        lambda voice: " ".join(one.sentence(voice) for one in told),
        Answer.ACCEPTANCE,
        Undoable.PARTLY,
        address=field.change.address,
        count=_most([one.count for one in told]),
        advice=" ".join(one.advice for one in told),
        at=told[0].at,
    )


def _most(counts: Sequence[Count]) -> Count:
    """Return the largest count: computed are all values, and some of these are hidden as well."""
    return max(counts, key=lambda count: (count.number is None, count.number or 0, count.at_least))


def _known(question: Question | None) -> Iterator[Question]:
    if question is not None:
        yield question


def _hides_more(field: Altered) -> bool:
    """Tell whether there is logic that was not there before, on a field that can hold a value."""
    before, after = field.before.branching_logic, field.after.branching_logic
    return (
        field.before.field_type != "descriptive"
        and bool(after.strip())
        and field.differs("branching")
        and not same(before, after)
    )


def _hidden(field: Altered, surroundings: Surroundings) -> Question | None:
    hiding = surroundings.as_filter(field.after.branching_logic, field.before)
    value = holds_value(field.before)
    if hiding is None or value is None:
        return None
    return asking(all_of(value, negated(hiding)), field.name, *fields_in(hiding))


def _hiding(field: Altered, count: Count, question: Question | None) -> _Told:
    look = f" A report with this filter shows them: {question.logic}" if question else ""
    return _Told(
        "branching",
        count,
        lambda voice: (
            f"The branching logic of {field.name} would change: it hides values in"
            f" {voice.records(count)}, and REDCap erases a hidden value when its page is saved"
            " again."
        ),
        "To put the field out of sight and keep what is stored, use `annotation: '@HIDDEN'`"
        f" instead of branching.{look}",
        field.after.place("branching_logic"),
    )


def _computes_anew(field: Altered) -> bool:
    """Tell whether what is stored was computed otherwise, or is computed over from now on.

    Of a renamed calculation nothing is carried: REDCap takes no values of one (documented).
    """
    if field.before.field_type == field.after.field_type == "calc":
        if field.is_renamed:
            return True
        before, after = getattr(field.before, CHOICES), getattr(field.after, CHOICES)
        return field.differs("calculation") and not same(before, after)
    added = set(_computed(field.after)) - set(_computed(field.before))
    return field.before.field_type == field.after.field_type and bool(added)


def _computed(field: Field) -> Iterator[str]:
    """Yield the computing tags of a field with their arguments, white space apart."""
    for tag in _COMPUTING.finditer(field.field_annotation):
        depth, end = 1, tag.end()
        while end < len(field.field_annotation) and depth:
            depth += {"(": 1, ")": -1}.get(field.field_annotation[end], 0)
            end += 1
        yield f"{tag[1].upper()}({collapsed(field.field_annotation[tag.end() : end])}"


def _computing(field: Altered, count: Count) -> _Told:
    return _Told(
        "calculation",
        count,
        lambda voice: (
            f"The calculation of {field.name} would change: values in {voice.records(count)} are of"
            " before, and REDCap replaces each when its record is saved again, one by one."
        ),
        "If results were used already, put the new calculation into a new field and keep this"
        " one. Else update all records at once afterwards: Data Quality, rule H.",
        field.after.at,
    )


def _renaming(field: Altered, count: Count) -> _Told:
    new = field.after.field_name
    return _Told(
        "renamed calculation",
        count,
        lambda voice: (
            f"Calculated values are not carried: those of {field.name}, in {voice.records(count)},"
            f" go, and {new} is blank until REDCap calculates it, as each record is saved again."
        ),
        f"If results were used already, keep {field.name} beside it, hidden by @HIDDEN, without"
        " `renamed_from`. Else update all records at once afterwards: Data Quality, rule H.",
        field.after.at,
    )
