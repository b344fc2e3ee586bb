"""H119: what an environment protects stays as it is, whatever else anybody accepts.

`protect:` names fields, instruments, events and groups that studies rest on where REDCap's API
does not show it: randomisation strata, e-consent, locked forms. Where randomisation is on and
nothing is named, everything the design has is taken for protected: which fields are strata is
shown by no method.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from redcap_iac.changes import Change, Create, Delete, Update
from redcap_iac.findings import Finding
from redcap_iac.hazard import Answer, Protection, Undoable
from redcap_iac.safety.hazards import Counts
from redcap_iac.safety.scene import Scene, digest
from redcap_iac.suggestions import did_you_mean, in_words

_DESIGN = ("fields", "instruments", "arms", "events", "designations", "repeating", "dags")
_MOST_NAMED = 8


def found(scene: Scene, counts: Counts) -> Iterator[Finding]:  # noqa: ARG001 - counts nothing
    """Refuse removals and changes of what is protected; say what protects nothing."""
    if scene.fresh:
        return
    protect = scene.guards.protect
    if protect == Protection():
        yield from _randomised(scene)
        return
    for change in scene.difference.changes:
        why = _protected(scene, change, protect)
        if why and _matters(change):
            yield _refused(scene, change, why)
    yield from _protecting_nothing(scene, protect)


def _matters(change: Change) -> bool:
    """Tell whether more changes than the place of a field among the others."""
    return not isinstance(change, Update) or any(part.name != "place" for part in change.aspects)


def _refused(scene: Scene, change: Change, why: str) -> Finding:
    verb = "removed" if isinstance(change, Delete) else "changed"
    verb = "added" if isinstance(change, Create) else verb
    message = f"{change.address} would be {verb}, but {why} is protected."
    return scene.hazard(
        "H119",
        change,
        lambda _: message,
        Answer.REFUSED,
        Undoable.NO if isinstance(change, Delete) else Undoable.YES,
        advice="Leave it as it is. If it is no longer to be protected, take it out of `protect:` of"
        " the environment, in a commit of its own.",
    )


def _protected(scene: Scene, change: Change, protect: Protection) -> str:
    """Return what of `protect:` a change touches, "" when nothing.

    Adding to a protected instrument changes it, and so does giving a protected event another
    instrument; a protected instrument may go to further events, not away from one.
    """
    items = [
        item
        for item in (getattr(change, "before", None), getattr(change, "after", None))
        if item is not None
    ]
    named = _NAMED.get(change.kind)
    return next(
        (why for item in items if named and (why := named(scene, change, item, protect))), ""
    )


def _field(_: Scene, change: Change, item: Any, protect: Protection) -> str:  # noqa: ANN401
    if item.field_name in protect.fields and not isinstance(change, Create):
        return f"field {item.field_name}"
    return f"instrument {item.form_name}" if item.form_name in protect.instruments else ""


def _instrument(_: Scene, change: Change, item: Any, protect: Protection) -> str:  # noqa: ANN401
    protected = item.name in protect.instruments and not isinstance(change, Create)
    return f"instrument {item.name}" if protected else ""


def _event(_: Scene, change: Change, item: Any, protect: Protection) -> str:  # noqa: ANN401
    protected = not isinstance(change, Create) and _is_named(item, protect)
    return f"event {item.name.strip()}" if protected else ""


def _arm(scene: Scene, change: Change, item: Any, protect: Protection) -> str:  # noqa: ANN401
    if not isinstance(change, Delete):
        return ""
    events = (event for event in scene.before("events") if event.arm == item.number)
    return next((f"event {e.name.strip()}" for e in events if _is_named(e, protect)), "")


def _on_event(scene: Scene, change: Change, item: Any, protect: Protection) -> str:  # noqa: ANN401
    """Designations and repeats: of a protected event any, of a protected instrument none less."""
    for event in scene.before("events"):
        if event.unique_name == item.event and _is_named(event, protect):
            return f"event {event.name.strip()}"
    if item.instrument in protect.instruments and not isinstance(change, Create):
        return f"instrument {item.instrument}"
    return ""


def _dag(_: Scene, change: Change, item: Any, protect: Protection) -> str:  # noqa: ANN401
    names = {item.name.strip(), str(item.unique_name)}
    protected = not isinstance(change, Create) and names & set(protect.dags)
    return f"group {item.name.strip()}" if protected else ""


_NAMED: dict[str, Callable[[Scene, Change, Any, Protection], str]] = {
    "fields": _field,
    "instruments": _instrument,
    "events": _event,
    "arms": _arm,
    "designations": _on_event,
    "repeating": _on_event,
    "dags": _dag,
}


def _is_named(event: Any, protect: Protection) -> bool:  # noqa: ANN401 - an event
    return bool(_names_of(event) & set(protect.events))


def _names_of(event: Any) -> set[str]:  # noqa: ANN401 - an event
    """Return what an event may be called: unique name, name, arm and name."""
    name = event.name.strip()
    return {str(event.unique_name), name, f"{event.arm}/{name}"}


def _protecting_nothing(scene: Scene, protect: Protection) -> Iterator[Finding]:
    """Say which names are those of nothing live: a misspelt name protects nothing."""
    live: dict[str, set[str]] = {
        "fields": {field.field_name for field in scene.before("fields")},
        "instruments": {field.form_name for field in scene.before("fields")}
        | {item.name for item in scene.before("instruments")},
        "events": {name for event in scene.before("events") for name in _names_of(event)},
        "dags": {
            name for dag in scene.before("dags") for name in (dag.name.strip(), dag.unique_name)
        },
    }
    for part, known in live.items():
        for name in getattr(protect, part):
            if name not in known and part in scene.live.state:
                yield _nothing(scene, part, name, known)


def _nothing(scene: Scene, part: str, name: str, known: set[str]) -> Finding:
    message = f"`protect:` names {name} under {part}, which is not in REDCap: it protects nothing."
    return scene.hazard(
        "H119",
        f"{part} {name}",
        lambda _: message,
        Answer.NOTE,
        Undoable.YES,
        address="project/protect",
        advice=did_you_mean(name, known),
    )


def _randomised(scene: Scene) -> Iterator[Finding]:
    """Refuse removals and changes of design while randomisation is on and nothing is named."""
    on = any(
        setting.name == "randomization_enabled" and setting.value == "1"
        for setting in scene.before("project")
    )
    changes = [
        change
        for change in scene.difference.changes
        if change.kind in _DESIGN and not isinstance(change, Create) and _matters(change)
    ]
    if not on or not changes:
        return
    shown = [change.address for change in changes[:_MOST_NAMED]]
    if len(changes) > len(shown):
        shown.append(f"{len(changes) - len(shown):,} more")
    message = (
        "Randomisation is on, and no method shows which fields, events and groups it uses:"
        f" {in_words(shown, 'and')} would be changed or removed."
    )
    yield scene.hazard(
        "H119",
        " ".join(digest(change) for change in changes),
        lambda _: message,
        Answer.REFUSED,
        Undoable.NO,
        address="project/randomization",
        advice="Name what randomisation uses under `protect:` of the environment, `fields: [...]`,"
        " and the rest is free.",
    )
