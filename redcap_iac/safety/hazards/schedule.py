"""H114: an event or arm removed, or renamed while something names it; H117: longitudinal off.

Deleting an event deletes its designations and its records' data (documented; another source says
they are orphaned: the loss is assumed), deleting an arm those of its events. A renamed event is the
same event with the same data, but REDCap makes its unique name anew (knowledge base; conflict), so
that what names the old one means nothing. A project that is no longer longitudinal shows the data
of its first event alone; those of the others stay stored, out of sight (inferred).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from redcap_iac.changes import Change, Rename
from redcap_iac.findings import Finding
from redcap_iac.hazard import Answer, Count, Undoable, Voice
from redcap_iac.kinds.events import Event
from redcap_iac.safety.field_changes import unless_none
from redcap_iac.safety.hazards import Counts
from redcap_iac.safety.holding_any import altogether
from redcap_iac.safety.naming_events import naming
from redcap_iac.safety.scene import Question, Scene, digest
from redcap_iac.suggestions import in_words

_SAFE = "Keep it, and take its instruments off it: then nothing new is entered and nothing lost."
#: So many addresses are said before the rest is counted.
_MOST_NAMED = 8


@dataclass(frozen=True, slots=True)
class _Removal:
    """An event that goes, or an arm with its events: where, what is said, what it rests on."""

    address: str
    what: str
    events: tuple[Event, ...]
    change: str

    @property
    def names(self) -> tuple[str, ...]:
        """The unique names of the events that go."""
        return tuple(str(event.unique_name) for event in self.events)

    @property
    def asked(self) -> Question:
        """How many records have anything on these events."""
        return Question(events=self.names)


def questions(scene: Scene) -> Iterator[Question]:
    """Ask for the records on events that go, or that would be out of sight."""
    yield from (removal.asked for removal in _removals(scene) if removal.events)
    yield from _out_of_sight(scene)


def found(scene: Scene, counts: Counts) -> Iterator[Finding]:
    """Tell removals, renames that leave names behind, and the end of longitudinal."""
    for removal in _removals(scene):
        count = counts[removal.asked] if removal.events else Count(0)
        yield _told_removed(scene, removal, count)
    for change, before, after in _renames(scene):
        yield _told_renamed(scene, change, before, after)
    flag = _switched_off(scene)
    if flag is not None:
        count = altogether(counts, _out_of_sight(scene))
        yield _told_classic(scene, flag, _hidden(scene), count)


def _removals(scene: Scene) -> Iterator[_Removal]:
    """Yield arms that go, with their events, then events that go from an arm that stays."""
    if scene.fresh:
        return
    events = [(change, item) for change, item in scene.removed("events")]
    ended = set()
    for change, arm in scene.removed("arms"):
        ended.add(arm.number)
        own = [(deletion, event) for deletion, event in events if event.arm == arm.number]
        parts = [digest(change), *(digest(deletion) for deletion, _ in own)]
        listed = in_words([event.name.strip() for _, event in own], "and")
        what = f"Arm {arm.number} would be removed" + (f" with {listed}" if listed else "")
        gone = tuple(event for _, event in own)
        yield _Removal(change.address, what, gone, " ".join(parts))
    for change, event in events:
        if event.arm not in ended:
            what = f"Event {event.name.strip()} (arm {event.arm}) would be removed"
            yield _Removal(change.address, what, (event,), digest(change))


def _told_removed(scene: Scene, removal: _Removal, count: Count) -> Finding:
    named = naming(scene, removal.names)

    def sentence(voice: Voice) -> str:
        held = (
            "; no record has anything there"
            if count.is_zero
            else f", and with it what was entered there in {voice.records(count)}"
        )
        also = f" {_broken(named, removal.names)}" if named else ""
        return f"{removal.what}{held}.{also}"

    return scene.hazard(
        "H114",
        " ".join((removal.change, *named)),
        sentence,
        Answer.NOTE if count.is_zero and not named else Answer.ACCEPTANCE,
        Undoable.PARTLY if count.is_zero else Undoable.NO,
        address=removal.address,
        count=count,
        advice="If it got another name, say `renamed_from:` on the new one. " + _SAFE
        if len(removal.events) == 1
        else _SAFE.replace("it,", "its events,"),
    )


def _renames(scene: Scene) -> Iterator[tuple[Change, Event, Event]]:
    for change in () if scene.fresh else scene.of("events"):
        if isinstance(change, Rename):
            before, after = change.before, change.after
            assert isinstance(before, Event)
            assert isinstance(after, Event)
            yield change, before, after


def _told_renamed(scene: Scene, change: Change, before: Event, after: Event) -> Finding:
    """Data and designations stay; names of it in logic break, survey links and scripts may too."""
    old = str(before.unique_name)
    named = naming(scene, (old,))
    message = (
        f"Event {before.name.strip()} (arm {before.arm}) would be renamed to"
        f" {after.name.strip()}: REDCap may make another unique name than {old}. "
    )
    message += (
        _broken(named, (old,))
        if named
        else "Nothing in the design names it; scripts and reports outside may."
    )
    return scene.hazard(
        "H114",
        " ".join((digest(change), *named)),
        lambda _: message,
        Answer.ACCEPTANCE if named else Answer.NOTE,
        Undoable.YES,
        address=change.address,
        advice="Keep its name and say the new one as `custom_label:`; or rename it, pull its new"
        " unique name, and write that in the logic."
        if named
        else "",
    )


def _broken(named: Sequence[str], events: Sequence[str]) -> str:
    said = [f"[{event}]" for event in events]
    shown = list(named[:_MOST_NAMED])
    if len(named) > len(shown):
        shown.append(f"{len(named) - len(shown):,} more")
    verb = "names" if len(named) == 1 else "name"
    return f"{in_words(shown, 'and')} still {verb} {in_words(said)}, which would mean nothing."


def _switched_off(scene: Scene) -> Change | None:
    for change in () if scene.fresh else scene.of("project"):
        if change.key == "is_longitudinal" and scene.live.target.longitudinal:
            return change
    return None


def _hidden(scene: Scene) -> tuple[str, ...]:
    """Return the events a classic project would not show: all but the first of the first arm.

    Which is first is REDCap's: the order of its export within the lowest arm (inferred). Events
    that go anyway are told by themselves.
    """
    if _switched_off(scene) is None:
        return ()
    gone = {change.key for change, _ in scene.removed("events")}
    names = [event.unique_name for event in _in_order(scene)[1:]]
    return tuple(str(name) for name in names if name not in gone)


def _in_order(scene: Scene) -> list[Event]:
    return sorted(scene.before("events"), key=lambda event: event.arm)


def _repeats_as_a_whole(scene: Scene) -> str:
    """Return the unique name of the first event if it repeats: no classic project's does.

    Which then hides its instances above 1 (inferred from what is recorded of repeats switched off).
    """
    first = next((str(event.unique_name) for event in _in_order(scene)), "")
    whole = {str(one.event) for one in scene.before("repeating") if not one.instrument}
    return first if first in whole and _switched_off(scene) is not None else ""


def _out_of_sight(scene: Scene) -> tuple[Question, ...]:
    hidden, first = _hidden(scene), _repeats_as_a_whole(scene)
    later = (Question(events=(first,), beyond_first=True),) if first else ()
    return (*((Question(events=hidden),) if hidden else ()), *later)


def _told_classic(scene: Scene, change: Change, hidden: Sequence[str], count: Count) -> Finding:
    where = f"the {len(hidden):,} event{'' if len(hidden) == 1 else 's'} after the first"
    if _repeats_as_a_whole(scene):
        where += " or as a later instance of the first"

    def sentence(voice: Voice) -> str:
        what = "The project would no longer be longitudinal"
        if count.is_zero:
            return f"{what}; no record has anything on {where}."
        return f"{what}: the data of {voice.records(count)} on {where} would be out of sight."

    return scene.hazard(
        "H117",
        " ".join((digest(change), *hidden)),
        sentence,
        unless_none(count),
        Undoable.PARTLY,
        address=change.address,
        count=count,
        advice="Keep it longitudinal: leave `longitudinal:` out. To start anew without events,"
        " make another project.",
    )
