"""H115: an instrument un-designated where it holds data; H116: repeating off with instances.

The data stay stored and are shown no more: not on the pages, not in exports (for instances above 1
recorded; for instruments inferred). What goes with its event, or with its whole instrument, is told
there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from redcap_iac.changes import Create, Delete
from redcap_iac.findings import Finding
from redcap_iac.hazard import Count, Undoable, Voice
from redcap_iac.kinds.designations import KIND as DESIGNATIONS
from redcap_iac.kinds.designations import Designation
from redcap_iac.safety.field_changes import unless_none
from redcap_iac.safety.hazards import Counts
from redcap_iac.safety.holding_any import Asked, altogether, holding_any
from redcap_iac.safety.scene import Question, Scene, digest


def questions(scene: Scene) -> Iterator[Question]:
    """Ask who holds data in what is un-designated, who has later instances of what stops."""
    for _, item in _undesignated(scene):
        yield from (question for question in _asked(scene, item) if question is not None)
    for _, item in _left_out(scene):
        yield from (question for question in _asked(scene, item) if question is not None)
    for _, item in _no_longer_repeating(scene):
        yield _later(item)


def found(scene: Scene, counts: Counts) -> Iterator[Finding]:
    """Tell each designation and each repeat that goes by itself."""
    for change, item in _undesignated(scene):
        yield _told_undesignated(scene, change, item, altogether(counts, _asked(scene, item)))
    for first, item in _left_out(scene):
        yield _told_left_out(scene, first, item, altogether(counts, _asked(scene, item)))
    for change, item in _no_longer_repeating(scene):
        yield _told_not_repeating(scene, change, item, counts[_later(item)])


def _undesignated(scene: Scene) -> Iterator[tuple[Delete, Any]]:
    if scene.fresh:
        return
    events, instruments = _events(scene), _instruments(scene)
    for change, item in scene.removed("designations"):
        if item.event in events and item.instrument in instruments:
            yield change, item


def _left_out(scene: Scene) -> Iterator[tuple[Create, Designation]]:
    """Yield the instruments a classic project has that are not on its first event to come.

    Its records are on a hidden event, which the first event of arm 1 takes over (inferred).
    """
    first = _first_event(scene)
    if first is None or "designations" not in scene.difference.desired.state:
        return
    on = {one.instrument for one in scene.after("designations") if one.event == first.key}
    for name in dict.fromkeys(field.form_name for field in scene.before("fields")):
        if name in _instruments(scene) and name not in on:
            yield first, Designation(first.key, name)


def _first_event(scene: Scene) -> Create | None:
    """Return the event that takes over the hidden one of a classic project, None without any."""
    if scene.fresh or scene.live.target.longitudinal:
        return None
    created = (change for change in scene.of("events") if isinstance(change, Create))
    return next((one for one in created if getattr(one.after, "arm", 0) == 1), None)


def _no_longer_repeating(scene: Scene) -> Iterator[tuple[Delete, Any]]:
    """Yield the repeats that go from what stays where it is."""
    if scene.fresh:
        return
    events, instruments = _events(scene), _instruments(scene)
    staying = {(one.event, one.instrument) for one in scene.after("designations")}
    first = _first_event(scene)
    then = {(one.event, one.instrument) for one in scene.after("repeating")}
    for change, item in scene.removed("repeating"):
        if first and {(first.key, item.instrument), (first.key, "")} & then:
            continue  # it repeats on the event that has its instances
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
    held = [field for field in fields if field is not id_field]
    events = [str(item.event)] if scene.live.target.longitudinal else []
    return holding_any(held, events, status_of=item.instrument)


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


def _told_left_out(scene: Scene, first: Create, item: Designation, count: Count) -> Finding:
    name = str(getattr(first.after, "name", "")).strip()

    def sentence(voice: Voice) -> str:
        what = (
            f"Instrument {item.instrument} would not be on {name}, which gets all records there are"
        )
        if count.is_zero:
            return f"{what}; no record holds anything in it."
        return f"{what}, and its values, in {voice.records(count)}, would be out of sight."

    return scene.hazard(
        "H115",
        f"{digest(first)} {item.instrument}",
        sentence,
        unless_none(count),
        Undoable.PARTLY,
        address=DESIGNATIONS.address(item),
        count=count,
        advice=f"Put {item.instrument} on {name}: a classic project's records go to the first event"
        " of arm 1.",
        at=first.after.at,
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
