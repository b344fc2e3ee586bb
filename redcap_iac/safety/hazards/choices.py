"""H104 to H107: a choice removed, relabelled or given another code."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from redcap_iac.findings import Finding
from redcap_iac.hazard import Answer, Count, Undoable, Voice
from redcap_iac.safety.choice_changes import Choice, changed_choices
from redcap_iac.safety.field_changes import counted, unless_none
from redcap_iac.safety.hazards import Counts
from redcap_iac.safety.holding import answered
from redcap_iac.safety.scene import Question, Scene, digest
from redcap_iac.safety.small_edits import is_small


@dataclass(frozen=True, slots=True)
class _Told:
    """How a change of a choice is told; `effect` stands before the number of records."""

    code: str
    event: str
    effect: str
    undoable: Undoable
    advice: str


def questions(scene: Scene) -> Iterator[Question]:
    """Ask how many records hold each choice that goes or changes."""
    for choice in changed_choices(scene):
        question = answered(choice.field.before, choice.code)
        if question is not None:
            yield question


def found(scene: Scene, counts: Counts) -> Iterator[Finding]:
    """Tell each choice once, by what weighs most.

    Codes removed from radio and dropdown fields stay stored without a label (recorded); ticks of
    removed checkbox choices are deleted (documented); REDCap flags another label under the same
    code and another code with the same label (recorded).
    """
    for choice in changed_choices(scene):
        count = counted(counts, answered(choice.field.before, choice.code))
        yield _hazard(scene, choice, _told(choice), count)


def _hazard(scene: Scene, choice: Choice, told: _Told, count: Count) -> Finding:
    is_corrected = choice.new_label is not None and is_small(choice.label, choice.new_label)

    def sentence(voice: Voice) -> str:
        if count.is_zero:
            return f"{told.event}; no record holds it."
        return f"{told.event}: {told.effect} {voice.records(count)}."

    return scene.hazard(
        told.code,
        f"{digest(choice.field.change)} {choice.code}",
        sentence,
        Answer.NOTE if is_corrected else unless_none(count),
        told.undoable,
        address=choice.address,
        count=count,
        advice=told.advice,
        at=choice.field.after.at,
    )


def _told(choice: Choice) -> _Told:
    if choice.new_label is not None:
        return _relabelled(choice, choice.new_label)
    if choice.is_checkbox:
        return _checkbox_choice_removed(choice)
    if choice.new_code:
        return _recoded(choice)
    return _removed(choice)


def _removed(choice: Choice) -> _Told:
    return _Told(
        "H104",
        f'Choice {choice.code} "{choice.label}" of {choice.field.name} would be removed',
        "it stays stored, without a label, in",
        Undoable.YES,
        f"{_keep(choice)} If its answers belong to another code: `recode: {{'{choice.code}':"
        " 'NEW CODE'}`.",
    )


def _checkbox_choice_removed(choice: Choice) -> _Told:
    moved = f"; its label would stand under {choice.new_code}" if choice.new_code else ""
    target = choice.new_code or "NEW CODE"
    return _Told(
        "H105",
        f'Choice {choice.code} "{choice.label}" of the checkboxes {choice.field.name} would be'
        f" removed{moved}",
        "REDCap deletes its ticks in",
        Undoable.NO,
        f"{_keep(choice)} If its ticks belong to another code: `recode: {{'{choice.code}':"
        f" '{target}'}}`.",
    )


def _relabelled(choice: Choice, label: str) -> _Told:
    return _Told(
        "H106",
        f'Choice {choice.code} of {choice.field.name} would change from "{choice.label}" to'
        f' "{label}"',
        "that changes what was answered in",
        Undoable.PARTLY,
        "If it means something else, give it a code that was never used and hide the old one:"
        f" `annotation: \"@HIDECHOICE='{choice.code}'\"`. If it means the same, accept it.",
    )


def _recoded(choice: Choice) -> _Told:
    return _Told(
        "H107",
        f'Choice "{choice.label}" of {choice.field.name} would change its code from'
        f" {choice.code} to {choice.new_code}",
        "the old code stays stored, without a label, in",
        Undoable.PARTLY,
        f"Keep the code, or carry the answers over: `recode: {{'{choice.code}':"
        f" '{choice.new_code}'}}`.",
    )


def _keep(choice: Choice) -> str:
    return (
        f"To offer it no more, keep it and hide it: `annotation: \"@HIDECHOICE='{choice.code}'\"`."
    )
