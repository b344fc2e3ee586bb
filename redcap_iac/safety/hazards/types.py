"""H108: a field's type changed, judged pair by pair."""

from __future__ import annotations

from collections.abc import Iterator

from redcap_iac.findings import Finding
from redcap_iac.hazard import Answer, Count, Undoable, Voice
from redcap_iac.safety.field_changes import Altered, altered_or_renamed, counted, unless_none
from redcap_iac.safety.hazards import Counts
from redcap_iac.safety.holding import held
from redcap_iac.safety.scene import Question, Scene, digest
from redcap_iac.safety.type_changes import Judgement, Verdict, judged


def questions(scene: Scene) -> Iterator[Question]:
    """Ask how many records hold a value, where the new type could not keep it."""
    for field, _ in _harmful(scene):
        question = held(field.before)
        if question is not None:
            yield question


def found(scene: Scene, counts: Counts) -> Iterator[Finding]:
    """Refuse what the new type cannot hold; ask about what may be lost; safe changes are none."""
    for field, judgement in _harmful(scene):
        yield _told(scene, field, judgement, counted(counts, held(field.before)))


def _harmful(scene: Scene) -> Iterator[tuple[Altered, Judgement]]:
    for field in altered_or_renamed(scene):
        old, new = field.before.field_type, field.after.field_type
        judgement = judged(old, new) if old != new else None
        if judgement is None or judgement.verdict is Verdict.SAFE:
            continue
        # what cannot be carried to another name is refused with the copy (H151)
        if judgement.verdict is Verdict.LOSSY or not field.is_renamed:
            yield field, judgement


def _told(scene: Scene, field: Altered, judgement: Judgement, count: Count) -> Finding:
    old, new = field.before.field_type, field.after.field_type
    is_forbidden = judgement.verdict is Verdict.FORBIDDEN
    answer = unless_none(count)
    if is_forbidden and answer is not Answer.NOTE:
        answer = Answer.REFUSED

    def sentence(voice: Voice) -> str:
        changed = f"Field {field.name} would change its type from {old} to {new}"
        if count.is_zero:
            return f"{changed}; no record holds a value of it."
        return f"{changed}: {judgement.why}, and there are values in {voice.records(count)}."

    return scene.hazard(
        "H108",
        digest(field.change),
        sentence,
        answer,
        Undoable.NO if is_forbidden else Undoable.PARTLY,
        address=field.change.address,
        count=count,
        advice=(
            f"Keep {field.name} as {old}, out of sight with `annotation: '@HIDDEN'` if it is done"
            f" with, and put a new field of type {new} beside it."
        ),
        at=field.after.at,
    )
