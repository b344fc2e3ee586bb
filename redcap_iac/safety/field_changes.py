"""What happens to fields in a scene: which go, which stay and change, which get a new name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from redcap_iac.changes import Create, Delete, Update
from redcap_iac.hazard import UNKNOWN, Answer, Count
from redcap_iac.kinds.dictionary import normal
from redcap_iac.kinds.dictionary.field import Field
from redcap_iac.kinds.dictionary.hints import Followed, followed
from redcap_iac.safety.hazards import Counts
from redcap_iac.safety.scene import Question, Scene


@dataclass(frozen=True, slots=True)
class Altered:
    """A field that stays and differs, or whose values are carried to a new name."""

    change: Update | Create
    before: Field
    after: Field

    @property
    def name(self) -> str:
        """The field's live name."""
        return self.before.field_name

    @property
    def is_renamed(self) -> bool:
        """Tell whether its values are carried to a new name."""
        return self.before.field_name != self.after.field_name

    def differs(self, *aspects: str) -> bool:
        """Tell whether one of these aspects differs, by the names people know them by."""
        if isinstance(self.change, Update):
            return any(aspect.name in aspects for aspect in self.change.aspects)
        old, new = (dict(normal.aspects(field)) for field in (self.before, self.after))
        return any(old.get(name) != new.get(name) for name in aspects)


def altered(scene: Scene) -> Iterator[Altered]:
    """Yield the fields that stay and differ; of a project just created nothing matters yet."""
    for change in () if scene.fresh else scene.of("fields"):
        if isinstance(change, Update):
            yield Altered(change, cast("Field", change.before), cast("Field", change.after))


def altered_or_renamed(scene: Scene) -> Iterator[Altered]:
    """Yield the fields that stay and differ, then those whose values go to a new name."""
    yield from altered(scene)
    hints = carried(scene).fields
    old = {new: name for name, new in hints.items()}
    there = {field.field_name: field for field in scene.before("fields")} if hints else {}
    for change, field in added(scene):
        if field.field_name in old:
            yield Altered(change, there[old[field.field_name]], field)


def added(scene: Scene) -> Iterator[tuple[Create, Field]]:
    """Yield the new fields."""
    for change in () if scene.fresh else scene.of("fields"):
        if isinstance(change, Create):
            yield change, cast("Field", change.after)


def removed(scene: Scene) -> Iterator[tuple[Delete, Field]]:
    """Yield the fields whose values go: not those carried to a new name, nor the record-id field.

    The first is what H151 tells, the second what H109 does.
    """
    if scene.fresh:
        return
    hints = carried(scene)
    first = next(iter(scene.before("fields")), None)
    for change, field in scene.removed("fields"):
        if field is not first and not hints.carries_field(field.field_name):
            yield change, field


def carried(scene: Scene) -> Followed:
    """Return the hints by which values of this scene go to another name or code."""
    return followed(scene.difference.desired.state, scene.live.state)


def removed_instruments(scene: Scene) -> frozenset[str]:
    """Return the instruments that go with every field they have: none stays or moves on.

    One that gets another name goes on, even when each of its fields is another one then.
    """
    if scene.fresh:
        return frozenset()
    before: dict[str, set[str]] = {}
    for field in scene.before("fields"):
        before.setdefault(field.form_name, set()).add(field.field_name)
    gone = {field.field_name for _, field in removed(scene)}
    after = {field.form_name for field in scene.after("fields")}
    hints = carried(scene)
    return frozenset(
        form
        for form, names in before.items()
        if form not in after and names <= gone and not hints.carries_instrument(form)
    )


def removed_alone(scene: Scene) -> tuple[tuple[Delete, Field], ...]:
    """Return the fields that go without their whole instrument going with them.

    H101 tells them one by one; a whole instrument is told by H102.
    """
    whole = removed_instruments(scene)
    return tuple(one for one in removed(scene) if one[1].form_name not in whole)


def counted(counts: Counts, question: Question | None) -> Count:
    """Return the answer to a question; what cannot be asked is not known."""
    return UNKNOWN if question is None else counts[question]


def unless_none(count: Count) -> Answer:
    """Return what is waited for: a word, unless it is sure that nothing is concerned."""
    return Answer.NOTE if count.is_zero else Answer.ACCEPTANCE
