"""Names that are no more after a plan: what is removed, and what gets another name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from redcap_iac.changes import Change, Delete, Rename
from redcap_iac.differ import Difference
from redcap_iac.safety.choice_changes import changed_choices
from redcap_iac.safety.elsewhere import Place
from redcap_iac.safety.field_changes import carried
from redcap_iac.safety.scene import Scene, digest

#: Kinds whose names others may hold.
_KINDS = frozenset({"fields", "instruments", "events", "dags", "roles"})


@dataclass(frozen=True, slots=True)
class Gone:
    """A name that goes: how it is said, where it is found, what the loss is bound to."""

    said: str
    address: str
    change: str
    is_named_in: Callable[[Place], bool]


def may_lose_names(difference: Difference) -> bool:
    """Tell whether a plan removes or renames anything others may name."""
    return any(
        (isinstance(change, Delete | Rename) and change.kind in _KINDS) or _touches_choices(change)
        for change in difference.changes
    )


def _touches_choices(change: Change) -> bool:
    aspects = getattr(change, "aspects", ())
    return change.kind == "fields" and any(one.name in ("choices", "type") for one in aspects)


def names_gone(scene: Scene) -> Iterator[Gone]:
    """Yield every name that goes; of a project just created nobody holds one yet."""
    if scene.fresh:
        return
    yield from _fields(scene)
    yield from _choices(scene)
    for kind, noun in (("instruments", "Instrument"), ("events", "Event")):
        yield from _plain(scene, kind, noun)
    for kind, noun in (("dags", "DAG"), ("roles", "Role")):
        yield from _labelled(scene, kind, noun)


def _fields(scene: Scene) -> Iterator[Gone]:
    renamed = carried(scene).fields
    for change, field in scene.removed("fields"):
        name = field.field_name
        to = f", to be renamed to {renamed[name]}," if name in renamed else ", to be removed,"
        yield Gone(
            f"Field {name}{to}",
            change.address,
            digest(change),
            lambda place, name=name: place.names_field(name.lower()),  # type: ignore[misc]
        )


def _choices(scene: Scene) -> Iterator[Gone]:
    for choice in changed_choices(scene):
        if choice.new_label is None:
            field, code = choice.field.name, choice.code
            yield Gone(
                f"Choice {code} of {field}, to be removed,",
                choice.address,
                f"{digest(choice.field.change)} {code}",
                lambda place, field=field, code=code: place.names_code(  # type: ignore[misc]
                    field.lower(), code.lower()
                ),
            )


def _plain(scene: Scene, kind: str, noun: str) -> Iterator[Gone]:
    """Yield the names by which fields' places are known: instruments and events."""
    for change, item, fate in _going(scene, kind):
        name = str(getattr(item, "unique_name", None) or getattr(item, "name", ""))
        by = Place.names_event if kind == "events" else Place.names_instrument
        yield Gone(
            f"{noun} {name}, {fate},",
            change.address,
            digest(change),
            lambda place, by=by, name=name: by(place, name.lower()),  # type: ignore[misc]
        )


def _labelled(scene: Scene, kind: str, noun: str) -> Iterator[Gone]:
    """Yield what is known by a unique name and by a label: groups and roles."""
    for change, item, fate in _going(scene, kind):
        unique = str(item.unique_name)
        label = str(item.name if kind == "dags" else item.label)
        by = Place.names_dag if kind == "dags" else Place.names_role
        yield Gone(
            f"{noun} {label}, {fate},",
            change.address,
            digest(change),
            lambda place, by=by, unique=unique, label=label: by(  # type: ignore[misc]
                place, unique, label
            ),
        )


def _going(scene: Scene, kind: str) -> Iterator[tuple[Change, Any, str]]:
    for change in scene.of(kind):
        if isinstance(change, Delete):
            yield change, change.before, "to be removed"
        elif isinstance(change, Rename):
            yield change, change.before, "to be renamed"
