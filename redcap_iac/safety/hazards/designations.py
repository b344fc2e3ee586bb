"""H115: an instrument un-designated where it holds data; H116: repeating off with instances.

The data stay stored and are shown no more: not on the pages, not in exports (for instances above 1
recorded; for instruments inferred). What goes with its event, or with its whole instrument, is told
there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from redcap_iac.changes import Delete
from redcap_iac.findings import Finding
from redcap_iac.hazard import Count, Undoable, Voice
from redcap_iac.safety.field_changes import unless_none
from redcap_iac.safety.hazards import Counts
from redcap_iac.safety.holding_any import Asked, altogether, holding_any
from redcap_iac.safety.scene import Question, Scene


def questions(scene: Scene) -> Iterator[Question]:
    """Ask who holds data in what is un-designated, who has later instances of what stops."""
    for _, item in _undesignated(scene):
        yield from (question for question in _asked(scene, item) if question is not None)
    for _, item in _no_longer_repeating(scene):
        yield _later(item)


def found(scene: Scene, counts: Counts) -> Iterator[Finding]:
    """Tell each designation and each repeat that goes by itself."""
    for change, item in _undesignated(scene):
        yield _told_undesignated(scene, change, item, altogether(counts, _asked(scene, item)))
    for change, item in _no_longer_repeating(scene):
        yield _told_not_repeating(scene, change, item, counts[_later(item)])


def _undesignated(scene: Scene) -> Iterator[tuple[Delete, Any]]:
    if scene.fresh:
        return
    events, instruments = _events(scene), _instruments(scene)
    for change, item in scene.removed("designations"):
        if item.event in events and item.instrument in instruments:
            yield change, item


def _no_longer_repeating(scene: Scene) -> Iterator[tuple[Delete, Any]]:
    """Yield the repeats that go from what stays where it is."""
    if scene.fresh:
        return
    events, instruments = _events(scene), _instruments(scene)
    staying = {(one.event, one.instrument) for one in scene.after("designations")}
    for change, item in scene.removed("repeating"):
        stays = (
            item.instrument in instruments and (item.event, item.instrument) in staying
            if item.event and item.instrument
            else item.event in events
            if item.event
            else item.instrument in instruments
        )
        if stays:
            yield change, item


def _events(scene: Scene) -> frozenset[object]:
    return frozenset(event.unique_name for event in scene.after("events"))


def _instruments(scene: Scene) -> frozenset[str]:
    return frozenset(field.form_name for field in scene.after("fields"))


def _asked(scene: Scene, item: Any) -> Asked:  # noqa: ANN401 - a designation
    fields = [field for field in scene.before("fields") if field.form_name == item.instrument]
    id_field = scene.before("fields")[0]
    return holding_any([field for field in fields if field is not id_field], [str(item.event)])


def _later(item: Any) -> Question:  # noqa: ANN401 - a repeat
    events = (str(item.event),) if item.event else ()
    return Question(events=events, beyond_first=True, instrument=item.instrument)


def _told_undesignated(
    scene: Scene, change: Delete, item: Any, count: Count  # noqa: ANN401 - a designation
) -> Finding:  # fmt: skip
    where = _event(scene, item.event)

    def sentence(voice: Voice) -> str:
        what = f"Instrument {item.instrument} would be taken off {where}"
        if count.is_zero:
            return f"{what}; no record holds anything in it there."
        return f"{what}, and its values there, in {voice.records(count)}, out of sight."

    return scene.hazard(
        "H115",
        change,
        sentence,
        unless_none(count),
        Undoable.PARTLY,
        count=count,
        advice=f"Keep {item.instrument} on {where}; an instrument nobody is to fill in any more can"
        " be read-only in roles.",
    )


def _told_not_repeating(
    scene: Scene, change: Delete, item: Any, count: Count  # noqa: ANN401 - a repeat
) -> Finding:  # fmt: skip
    where = f" on {_event(scene, item.event)}" if item.event else ""
    what = f"Instrument {item.instrument}{where}" if item.instrument else f"All{where}"

    def sentence(voice: Voice) -> str:
        if count.is_zero:
            return f"{what} would no longer repeat; no record has more than one instance."
        return (
            f"{what} would no longer repeat, and all instances after the first, of"
            f" {voice.records(count)}, would be out of sight."
        )

    return scene.hazard(
        "H116",
        change,
        sentence,
        unless_none(count),
        Undoable.PARTLY,
        count=count,
        advice="Keep it repeating; what was entered stays where it is.",
    )


def _event(scene: Scene, unique_name: object) -> str:
    """Return `Week 4 (arm 1)`, the event as people know it."""
    for event in scene.before("events"):
        if event.unique_name == unique_name:
            return f"{event.name.strip()} (arm {event.arm})"
    return str(unique_name)
