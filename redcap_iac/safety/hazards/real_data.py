"""H150: real data in development, the status in which REDCap keeps no history of a design.

In development every change is at once the only version there is (documented). Where an environment
says `data: real`, removals, recodes and changed types are therefore only opened by a person at the
command, never by a file that a later run reads again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from redcap_iac.changes import Change, Delete
from redcap_iac.findings import Finding
from redcap_iac.hazard import Answer, Undoable, Voice
from redcap_iac.kinds.dictionary.hints import Followed, followed
from redcap_iac.kinds.dictionary.normal import aspects
from redcap_iac.safety.field_changes import Altered, altered_or_renamed
from redcap_iac.safety.hazards import Counts
from redcap_iac.safety.scene import Question, Scene, digest
from redcap_iac.suggestions import in_words

_EVERY_RECORD = Question()
#: Kinds whose removal takes data away or out of sight.
_HOLDING = ("fields", "instruments", "arms", "events", "designations", "repeating", "dags")
_MOST_NAMED = 6


def questions(scene: Scene) -> Iterator[Question]:
    """Ask how many records there are, when one of them could be hurt."""
    if any(_dangers(scene).values()):
        yield _EVERY_RECORD


def found(scene: Scene, counts: Counts) -> Iterator[Finding]:
    """Wait for a word at the command line; a note while it is sure that there is no record."""
    dangers = {what: changes for what, changes in _dangers(scene).items() if changes}
    if not dangers:
        return
    count = counts[_EVERY_RECORD]
    said = in_words((_said(what, changes) for what, changes in dangers.items()), "and")
    where = (
        "is in development"
        if scene.live.target.status == "development"
        else "may be in development"
    )

    def sentence(voice: Voice) -> str:
        held = "no record yet" if count.is_zero else f"real data in {voice.records(count)}"
        return f"The project {where}, where REDCap keeps no history, and has {held}: {said}."

    yield scene.hazard(
        "H150",
        " ".join(digest(change) for changes in dangers.values() for change in changes),
        sentence,
        Answer.NOTE if count.is_zero else Answer.COMMAND_LINE,
        Undoable.YES if count.is_zero else Undoable.NO,
        address="project/data",
        count=count,
        advice="Move the project to production first: there such changes go through Draft Mode,"
        " which keeps every version.",
    )


def _dangers(scene: Scene) -> Mapping[str, list[Change]]:
    """Return what takes data, their meaning or their place away, outside production.

    Removals, recodes, changes of type, events switched off with the project's being longitudinal.
    """
    if scene.guards.data != "real" or scene.fresh or scene.live.target.status == "production":
        return {}
    hints = followed(scene.difference.desired.state, scene.live.state)
    changes = scene.difference.changes
    return {
        "removed": [
            change
            for change in changes
            if isinstance(change, Delete)
            and change.kind in _HOLDING
            and not (change.kind == "fields" and _lives_on(change, hints))
        ],
        "recoded": [one.change for one in altered_or_renamed(scene) if _is_recode(one)],
        "changed in type": [one.change for one in altered_or_renamed(scene) if one.differs("type")],
        "switched off": [change for change in scene.of("project") if _ends_events(scene, change)],
    }


def _said(what: str, changes: list[Change]) -> str:
    shown = [change.address for change in changes[:_MOST_NAMED]]
    if len(changes) > len(shown):
        shown.append(f"{len(changes) - len(shown):,} more")
    return f"{in_words(shown, 'and')} would be {what}"


def _lives_on(change: Delete, hints: Followed) -> bool:
    """Tell whether what a field holds is carried; what REDCap calculated is not."""
    is_computed = getattr(change.before, "field_type", "") == "calc"
    return hints.carries_field(str(change.key)) and not is_computed


def _is_recode(field: Altered) -> bool:
    """Tell whether a choice goes or gets another label; new ones and another order do not hurt."""
    before, after = (dict(aspects(one)).get("choices", ()) for one in (field.before, field.after))
    is_listed = isinstance(before, tuple) and isinstance(after, tuple)
    return is_listed and bool(after) and bool(set(before) - set(after))


def _ends_events(scene: Scene, change: Change) -> bool:
    """Tell whether a longitudinal project would show its first event alone."""
    return change.key == "is_longitudinal" and scene.live.target.longitudinal
