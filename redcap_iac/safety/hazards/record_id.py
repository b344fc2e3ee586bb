"""H109: the record-id field would be another one."""

from __future__ import annotations

from collections.abc import Iterator

from redcap_iac.findings import Finding
from redcap_iac.hazard import Answer, Undoable
from redcap_iac.kinds.kind import encoded
from redcap_iac.safety.hazards import Counts
from redcap_iac.safety.scene import Question, Scene

_EVERY_RECORD = Question()


def questions(scene: Scene) -> Iterator[Question]:
    """Ask how many records there are, when the record-id field changes."""
    if _before(scene) != _after(scene):
        yield _EVERY_RECORD


def found(scene: Scene, counts: Counts) -> Iterator[Finding]:
    """Refuse it unless it is sure that there are no records."""
    before, after = _before(scene), _after(scene)
    count = counts[_EVERY_RECORD]
    if before == after or count.is_zero:
        return
    yield scene.hazard(
        "H109",
        f"{before} {after}",
        lambda voice: (
            f"The record-id field would change from {before} to {after or 'nothing'};"
            f" {voice.records(count)} {'hangs' if count.number == 1 else 'hang'} on it."
        ),
        Answer.REFUSED,
        Undoable.NO,
        address=f"field/{encoded(before)}",
        count=count,
        advice=f"Keep {before} as the first field of the first instrument.",
    )


def _before(scene: Scene) -> str:
    return _first(scene.before("fields"))


def _after(scene: Scene) -> str:
    return _first(scene.after("fields"))


def _first(fields: tuple[object, ...]) -> str:
    return str(getattr(fields[0], "field_name", "")) if fields else ""
