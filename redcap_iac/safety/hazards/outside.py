"""H142 and H143: work done outside the manifest that a plan would undo."""

from __future__ import annotations

from collections.abc import Iterator

from redcap_iac.changes import Change, Create, Delete
from redcap_iac.findings import Finding
from redcap_iac.hazard import Answer, Undoable, Voice
from redcap_iac.safety.blame import Blame, blame
from redcap_iac.safety.hazards import Counts
from redcap_iac.safety.origins import undone
from redcap_iac.safety.scene import Scene


def found(scene: Scene, counts: Counts) -> Iterator[Finding]:  # noqa: ARG001 - counts nothing
    """Tell each change that undoes outside work; without a base, that nobody can tell."""
    if scene.fresh:
        return
    if scene.outside is None:
        yield from _without_base(scene)
        return
    for change, other in undone(scene.difference, scene.outside):
        yield _undone(scene, change, other)


def _without_base(scene: Scene) -> Iterator[Finding]:
    overwriting = [c for c in scene.difference.changes if not isinstance(c, Create)]
    if not overwriting:
        return
    yield scene.hazard(
        "H143",
        "no base",
        lambda _: "Changes made outside cannot be told from your own: no base was given.",
        Answer.NOTE,
        Undoable.YES,
        address="project/base",
        advice="--base REF names the commit that was applied last, origin/main for example.",
    )


def _undone(scene: Scene, change: Change, other: Change) -> Finding:
    who = blame(change, scene.log) if scene.log is not None else None
    done = {Create: "taken away", Delete: "added"}.get(type(other), "changed")
    deed = (
        "would bring it back"
        if isinstance(change, Create)
        else "would take it away"
        if isinstance(change, Delete)
        else f"would change its {_aspects(change, other)} back or over"
    )
    return scene.hazard(
        "H142",
        change,
        lambda voice: (
            f"{change.address} was {done} outside the manifest{_said(who, scene, voice)};"
            f" this plan {deed}."
        ),
        Answer.ACCEPTANCE,
        Undoable.PARTLY if isinstance(change, Delete) else Undoable.YES,
        names=who.people if who is not None else (),
        advice="Take the outside change into the manifest (`pull` shows it), or accept this.",
    )


def _aspects(change: Change, other: Change) -> str:
    if isinstance(change, Create | Delete):
        return ""
    theirs = None if isinstance(other, Create | Delete) else {a.name for a in other.aspects}
    names = [a.name for a in change.aspects if theirs is None or a.name in theirs]
    return ", ".join(names)


def _said(who: Blame | None, scene: Scene, voice: Voice) -> str:
    if scene.log is None:
        return " (who did it is not known: the log was not read)"
    return f" ({who.said(voice)})" if who is not None else " (the log does not tell by whom)"
