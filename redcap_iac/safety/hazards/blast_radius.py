"""H130: one plan deletes or changes so much of a kind that it may be the wrong manifest.

The standing limits: more than 30 % or 25 of a kind deleted, more than half of it changed. So that
they protect small projects too and do not stop every edit of one, shares count from two deletions
and three changes on: one of two groups is told by its own hazard, two of three are a third of a
study's sites. Limits that an environment sets hold from the first object on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from redcap_iac.calls import Key
from redcap_iac.changes import Change, Create, Delete
from redcap_iac.findings import Finding
from redcap_iac.hazard import Answer, Limit, Undoable
from redcap_iac.kinds import all_kinds, kind_named
from redcap_iac.kinds.dictionary.hints import followed
from redcap_iac.kinds.people import folded
from redcap_iac.safety.field_changes import removed_instruments
from redcap_iac.safety.hazards import Counts
from redcap_iac.safety.scene import Scene, digest
from redcap_iac.suggestions import in_words

_FEW_DELETED, _FEW_CHANGED = 2, 3
_PEOPLE = ("users", "role_assignments", "dag_assignments")
_NOUNS = {"project": "settings", "repeating": "repeating settings", "dags": "groups"}


@dataclass(frozen=True, slots=True)
class _Reach:
    """What a plan does to one kind: how many there are, what goes, what changes."""

    kind: str
    there: int
    deleted: tuple[Change, ...]
    changed: tuple[Change, ...]
    touched: int

    def broken(self, limit: Limit, *, is_own: bool) -> Iterator[str]:
        """Yield what goes beyond a limit; one of the environment's own knows no small numbers."""
        gone, noun = len(self.deleted), _NOUNS.get(self.kind, self.kind)
        share, few = limit.delete_share, 1 if is_own else _FEW_DELETED
        if gone > limit.delete_number:
            yield f"deletes {gone:,} {noun} (the limit is {limit.delete_number:,})"
        elif gone >= few and gone > share * self.there:
            yield f"deletes {gone:,} of {self.there:,} {noun} (the limit is {share:.0%})"
        share, few = limit.change_share, 1 if is_own else _FEW_CHANGED
        if self.touched >= few and self.touched > share * self.there:
            yield f"changes {self.touched:,} of {self.there:,} {noun} (the limit is {share:.0%})"


def found(scene: Scene, counts: Counts) -> Iterator[Finding]:  # noqa: ARG001 - counts nothing
    """Stop at every kind of which more is touched than the environment allows."""
    if scene.fresh:
        return
    own = dict(scene.guards.limits)
    for reach in _reaches(scene):
        unit = str(kind_named(reach.kind).unit)
        limit = scene.guards.limit(unit)
        beyond = list(reach.broken(limit, is_own=unit in own))
        if beyond:
            yield _told(scene, reach, unit, beyond)


def _told(scene: Scene, reach: _Reach, unit: str, beyond: list[str]) -> Finding:
    message = f"The plan {in_words(beyond, 'and')}."
    return scene.hazard(
        "H130",
        " ".join(digest(change) for change in (*reach.deleted, *reach.changed)),
        lambda _: message,
        Answer.ACCEPTANCE,
        Undoable.PARTLY if reach.deleted else Undoable.YES,
        address=reach.kind,
        advice="Make sure that it is the right manifest for the right project. Several smaller"
        f" plans are easier to read; what is usual here can be set as `limits: {{{unit}: ...}}`.",
    )


def _reaches(scene: Scene) -> Iterator[_Reach]:
    """Yield what happens to each kind; what only follows from something else is not counted."""
    follows = _Following(scene)
    for kind in all_kinds():
        name = kind.name
        if name in _PEOPLE[1:]:
            continue
        mine = [change for change in scene.of(name) if not isinstance(change, Create)]
        deleted = tuple(c for c in mine if isinstance(c, Delete) and not follows(c))
        changed: tuple[Change, ...] = tuple(
            c for c in mine if _is_alive(c) and not follows.moves_along(c)
        )
        touched = len(changed)
        if name == "users":
            changed = tuple(c for kind in _PEOPLE for c in scene.of(kind) if _is_alive(c))
            gone = {folded(str(change.key)) for change in deleted}
            touched = len({_person(change) for change in changed} - gone)
        if deleted or changed:
            yield _Reach(name, len(scene.before(name)), deleted, changed, touched)


class _Following:
    """Tells what goes only because of what else goes, or lives on under another name.

    Designations and repeats go with their event or instrument; renamed fields are carried.
    """

    def __init__(self, scene: Scene) -> None:
        self._hints = followed(scene.difference.desired.state, scene.live.state)
        self._ended = removed_instruments(scene)
        self._events = {event.unique_name for event in scene.after("events")}

    def __call__(self, change: Delete) -> bool:
        if change.kind == "fields":
            return self._hints.carries_field(str(change.key))
        if change.kind == "instruments":
            return self._hints.carries_instrument(str(change.key))
        if change.kind not in ("designations", "repeating"):
            return False
        event: Key = getattr(change.before, "event", "")
        instrument = str(getattr(change.before, "instrument", ""))
        return (
            bool(event and event not in self._events)
            or instrument in self._ended
            or self._hints.carries_instrument(instrument)
        )

    def moves_along(self, change: Change) -> bool:
        """Tell whether a field only goes where its renamed instrument goes."""
        if change.kind != "fields" or isinstance(change, Create | Delete):
            return False
        before, after = (
            str(getattr(one, "form_name", "")) for one in (change.before, change.after)
        )
        others = {aspect.name for aspect in change.aspects} - {"instrument", "place"}
        return not others and self._hints.instruments.get(before) == after


def _matters(change: Change) -> bool:
    """Tell whether more changes than the place of a field among the others."""
    aspects = getattr(change, "aspects", ())
    return any(aspect.name != "place" for aspect in aspects)


def _is_alive(change: Change) -> bool:
    return not isinstance(change, Create | Delete) and _matters(change)


def _person(change: Change) -> str:
    return folded(str(getattr(getattr(change, "before", None), "username", change.key)))
