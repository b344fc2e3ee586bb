"""H150: real data in development, the status in which REDCap keeps no history of a design.

In development every change is at once the only version there is (documented). Where an environment
says `data: real`, removals, recodes and changed types are therefore only opened by a person at the
command, never by a file that a later run reads again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from redcap_iac.changes import Change, Create, Delete, Value
from redcap_iac.findings import Finding
from redcap_iac.hazard import Answer, Undoable, Voice
from redcap_iac.kinds.dictionary.hints import followed
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
    """Return removals, recodes and changes of type, where data are real and not in production."""
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
            and not (change.kind == "fields" and hints.carries_field(str(change.key)))
        ],
        "recoded": [change for change in changes if _is_recode(change)],
        "changed in type": [change for change in changes if "type" in _aspects(change)],
    }


def _said(what: str, changes: list[Change]) -> str:
    shown = [change.address for change in changes[:_MOST_NAMED]]
    if len(changes) > len(shown):
        shown.append(f"{len(changes) - len(shown):,} more")
    return f"{in_words(shown, 'and')} would be {what}"


def _is_recode(change: Change) -> bool:
    """Tell whether a choice goes or gets another label; new ones and another order do not hurt."""
    before, after = _aspects(change).get("choices", ("", ""))
    return isinstance(before, tuple) and bool(set(before) - set(after))


def _aspects(change: Change) -> Mapping[str, tuple[Value, Value]]:
    """Return what differs in a field, by name, before and after."""
    if change.kind != "fields" or isinstance(change, Create | Delete):
        return {}
    return {aspect.name: (aspect.before, aspect.after) for aspect in change.aspects}
