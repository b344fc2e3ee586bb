"""H102: an instrument removed; H110: one that ends as its fields move, or a field that moves.

An instrument exists through its fields (recorded). When the last of them goes or moves, REDCap
drops its status, designations, repeats, rights and survey settings (documented for the status,
otherwise the knowledge base's and inferred). A field that moves keeps its values, which are stored
by record, event and field; where its new instrument is not, or does not repeat as the old one did,
they are out of sight (inferred).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from redcap_iac.findings import Finding
from redcap_iac.hazard import Answer, Count, Undoable, Voice
from redcap_iac.kinds.designations import KIND as DESIGNATIONS
from redcap_iac.kinds.dictionary import KIND as DICTIONARY
from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.kinds.dictionary.hints import followed
from redcap_iac.kinds.kind import encoded
from redcap_iac.kinds.repeating import KIND as REPEATING
from redcap_iac.safety.field_changes import (
    Altered,
    altered,
    removed,
    removed_instruments,
    unless_none,
)
from redcap_iac.safety.hazards import Counts
from redcap_iac.safety.holding_any import Asked, altogether, holding_any
from redcap_iac.safety.scene import Question, Scene, digest
from redcap_iac.state import State
from redcap_iac.suggestions import in_words


@dataclass(frozen=True, slots=True)
class _Ending:
    """An instrument that will be no more: the fields that go with it, those that move on."""

    name: str
    gone: tuple[Field, ...]
    moved: tuple[Altered, ...]
    change: str

    @property
    def asked(self) -> Asked:
        """Who holds anything in it: in its fields, or in its status, which is lost either way."""
        moved = (one.before for one in self.moved)
        return holding_any(moved if self.moved else self.gone, status_of=self.name)


def questions(scene: Scene) -> Iterator[Question]:
    """Ask what instruments that end hold, and moving fields where they would be out of sight."""
    asked = [one.asked for one in _endings(scene)]
    asked += [_asked_of(move, events) for move, events in _moves(scene) if events]
    yield from (question for some in asked for question in some if question is not None)


def found(scene: Scene, counts: Counts) -> Iterator[Finding]:
    """Tell each instrument that ends, and each field that moves between two that stay."""
    for ending in _endings(scene):
        count = altogether(counts, ending.asked)
        if ending.moved and count.is_zero and count.of == 0:
            continue  # a project without records: its first form makes way for the design's own
        tell = _told_ended if ending.moved else _told_removed
        yield tell(scene, ending, count)
    harmless: dict[tuple[str, str], list[Altered]] = {}
    for move, events in _moves(scene):
        if events:
            yield _told_hidden(scene, move, events, altogether(counts, _asked_of(move, events)))
        else:
            pair = (move.before.form_name, move.after.form_name)
            harmless.setdefault(pair, []).append(move)
    for (source, target), moves in harmless.items():
        yield _told_moved(scene, source, target, moves)


def _endings(scene: Scene) -> Iterator[_Ending]:
    """Yield the instruments that are live and will not be, but those a rename carries on."""
    if scene.fresh or not any((scene.of("fields"), scene.of("instruments"))):
        return
    hints = followed(scene.difference.desired.state, scene.live.state)
    whole = removed_instruments(scene)
    after = {field.form_name for field in scene.after("fields")}
    deletions = list(removed(scene))
    moving = [move for move in altered(scene) if _moves_on(move)]
    for name in dict.fromkeys(field.form_name for field in scene.before("fields")):
        moved = tuple(move for move in moving if move.before.form_name == name)
        if name in after or hints.carries_instrument(name) or not (name in whole or moved):
            continue
        gone = [(change, field) for change, field in deletions if field.form_name == name]
        parts = [digest(change) for change, _ in gone]
        parts += [digest(move.change) for move in moved]
        yield _Ending(name, tuple(field for _, field in gone), moved, " ".join(parts))
    holding = {field.form_name for field in scene.before("fields")}
    for change, item in scene.removed("instruments"):
        if item.name not in holding and not hints.carries_instrument(item.name):
            yield _Ending(item.name, (), (), digest(change))


def _moves_on(move: Altered) -> bool:
    return move.before.form_name != move.after.form_name


def _moves(scene: Scene) -> Iterator[tuple[Altered, tuple[str, ...]]]:
    """Yield fields that leave an instrument that stays, with the events where that matters."""
    if scene.fresh:
        return
    hints = followed(scene.difference.desired.state, scene.live.state)
    after = {field.form_name for field in scene.after("fields")}
    for move in altered(scene):
        source = move.before.form_name
        if _moves_on(move) and source in after and not hints.carries_instrument(source):
            yield move, _out_of_sight(scene, source, move.after.form_name)


def _out_of_sight(scene: Scene, source: str, target: str) -> tuple[str, ...]:
    """Return the events ("" in a classic project) where the one was and the other is not alike."""
    live, final = scene.live.state, scene.difference.final
    if not scene.live.target.longitudinal:
        alike = _repeats(live, "", source) == _repeats(final, "", target)
        return () if alike else ("",)
    staying = {str(event.unique_name) for event in scene.after("events")}
    there = {str(one.event) for one in DESIGNATIONS.items(final) if one.instrument == target}
    return tuple(
        event
        for one in DESIGNATIONS.items(live)
        if one.instrument == source and (event := str(one.event)) in staying
        if event not in there or _repeats(live, event, source) != _repeats(final, event, target)
    )


def _repeats(state: State, event: str, instrument: str) -> str:
    """Return how an instrument repeats on an event: "alone", "with its event", or not, ""."""
    found = {one.instrument for one in REPEATING.items(state) if str(one.event) == event}
    return "alone" if instrument in found else "with its event" if "" in found else ""


def _asked_of(move: Altered, events: Sequence[str]) -> Asked:
    return holding_any([move.before], [event for event in events if event])


def _told_removed(scene: Scene, ending: _Ending, count: Count) -> Finding:
    """H102: with all its fields; without any value its setup and survey links are still lost."""
    lost = _what_hangs_on(scene, ending.name)
    fields = len(ending.gone)
    of_them = f" with its {fields:,} field{'' if fields == 1 else 's'}" if fields else ""

    def sentence(voice: Voice) -> str:
        held = (
            "; no record holds anything in it"
            if count.is_zero
            else f", and with it its values in {voice.records(count)}"
        )
        return f"Instrument {ending.name} would be removed{of_them}{held}. Its {lost} go too."

    nothing = count.is_zero and _setting(scene, "surveys_enabled") == "0"
    return scene.hazard(
        "H102",
        ending.change,
        sentence,
        Answer.NOTE if nothing else Answer.ACCEPTANCE,
        Undoable.PARTLY if count.is_zero else Undoable.NO,
        address=f"instrument/{encoded(ending.name)}",
        count=count,
        advice=f"If it got another name, say `renamed_from: {ending.name}` on the new one. To keep"
        " its data, keep it in the manifest and take it off its events.",
    )


def _told_ended(scene: Scene, ending: _Ending, count: Count) -> Finding:
    """H110: its fields are found again on other instruments."""
    targets = tuple(dict.fromkeys(move.after.form_name for move in ending.moved))
    live = {field.form_name for field in scene.before("fields")}
    renamed = len(targets) == 1 and targets[0] not in live
    what = (
        f"Instrument {ending.name} would become {targets[0]}"
        if renamed
        else f"Instrument {ending.name} would end: its fields move to {in_words(targets, 'and')}"
    )
    lost = _what_hangs_on(scene, ending.name)

    def sentence(voice: Voice) -> str:
        if count.is_zero:
            return f"{what}. No record has anything in it; its {lost} are lost."
        return f"{what}; its {lost} are lost, of {voice.records(count)}."

    new = targets[0] if renamed else ending.name
    hint = f"`renamed_from: {ending.name}` on instrument {targets[0]} with --migrate-data, or r"
    return scene.hazard(
        "H110",
        ending.change,
        sentence,
        Answer.NOTE if count.is_zero else Answer.REFUSED,
        Undoable.PARTLY if count.is_zero else Undoable.NO,
        address=f"instrument/{encoded(new)}",
        count=count,
        advice=f"Say {hint if renamed else 'where they belong: r'}ename or rearrange it on"
        " REDCap's own page and pull.",
    )


def _told_hidden(scene: Scene, move: Altered, events: Sequence[str], count: Count) -> Finding:
    """H110: the values of a field would be where its new instrument does not show them."""
    source, target = move.before.form_name, move.after.form_name
    where = in_words([event for event in events if event], "and")
    at = f" on {where}" if where else ""

    def sentence(voice: Voice) -> str:
        held = (
            "no record holds a value of it there"
            if count.is_zero
            else f"its values there, in {voice.records(count)}, would be out of sight"
        )
        return (
            f"Field {move.name} would move from {source} to {target}, which is not there or does"
            f" not repeat as {source} does{at}; {held}."
        )

    return scene.hazard(
        "H110",
        move.change,
        sentence,
        unless_none(count),
        Undoable.PARTLY,
        address=DICTIONARY.address(move.before),
        count=count,
        advice=f"Designate {target} wherever {source} is, and let both repeat alike.",
    )


def _told_moved(scene: Scene, source: str, target: str, moves: Sequence[Altered]) -> Finding:
    """H110, a note: values stay, and the status of an instrument says nothing of moved fields."""
    names = in_words([move.name for move in moves], "and")
    message = (
        f"{'Field' if len(moves) == 1 else 'Fields'} {names} would move from {source} to {target}:"
        f" the values stay; that {source} was complete does not go along."
    )
    return scene.hazard(
        "H110",
        " ".join(digest(move.change) for move in moves),
        lambda _: message,
        Answer.NOTE,
        Undoable.YES,
        address=f"instrument/{encoded(target)}",
    )


def _what_hangs_on(scene: Scene, name: str) -> str:
    """Return `status, designations to 2 events, repeating setup, rights and survey settings`."""
    live = scene.live.state
    events = len({one.event for one in DESIGNATIONS.items(live) if one.instrument == name})
    repeats = any(one.instrument == name for one in REPEATING.items(live))
    parts = ["status"]
    if events and scene.live.target.longitudinal:
        parts.append(f"designation{'' if events == 1 else 's'} to {_events(events)}")
    if repeats:
        parts.append("repeating setup")
    if _setting(scene, "surveys_enabled") != "0":
        parts.append("survey settings and links")
    return in_words([*parts, "rights"], "and")


def _events(number: int) -> str:
    return "1 event" if number == 1 else f"{number:,} events"


def _setting(scene: Scene, name: str) -> str:
    values = {setting.name: setting.value for setting in scene.before("project")}
    return str(values.get(name, ""))
