"""H101: a field removed, with what records hold in it."""

from __future__ import annotations

from collections.abc import Iterator

from redcap_iac.changes import Delete
from redcap_iac.findings import Finding
from redcap_iac.hazard import Count, Undoable, Voice
from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.safety.field_changes import counted, removed_alone, unless_none
from redcap_iac.safety.hazards import Counts
from redcap_iac.safety.holding import held
from redcap_iac.safety.scene import Question, Scene

#: What a field of a type holds, as people call it.
_CONTENTS = {"file": "documents", "checkbox": "ticks", "calc": "calculated values"}
_ADVICE = (
    "If it got another name, say `renamed_from: {name}` on the new one. To put it out of sight and"
    " keep its values, keep it with `annotation: '@HIDDEN'`."
)
_ADVICE_OF_FILES = (
    "Keep it with `annotation: '@HIDDEN'`: out of sight, its documents stay. Documents cannot be"
    " carried to another name: download them first if it must go."
)


def questions(scene: Scene) -> Iterator[Question]:
    """Ask how many records hold a value of each field that goes."""
    for _, field in removed_alone(scene):
        question = held(field)
        if question is not None:
            yield question


def found(scene: Scene, counts: Counts) -> Iterator[Finding]:
    """Tell each removed field; descriptive text holds nothing.

    REDCap deletes the values of a field that an import leaves out (documented and knowledge base,
    sources conflict: the loss is assumed).
    """
    for change, field in removed_alone(scene):
        if field.field_type != "descriptive":
            yield _told(scene, change, field, counted(counts, held(field)))


def _told(scene: Scene, change: Delete, field: Field, count: Count) -> Finding:
    contents = _CONTENTS.get(field.field_type, "values")
    advice = _ADVICE_OF_FILES if field.field_type == "file" else _ADVICE

    def sentence(voice: Voice) -> str:
        if count.is_zero:
            return f"Field {field.field_name} would be removed; no record holds {contents} of it."
        return (
            f"Field {field.field_name} would be removed, and with it its {contents} in"
            f" {voice.records(count)}."
        )

    return scene.hazard(
        "H101",
        change,
        sentence,
        unless_none(count),
        Undoable.NO,
        count=count,
        advice=advice.format(name=field.field_name),
    )
