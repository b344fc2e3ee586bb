"""What was renamed in REDCap's own pages: something is gone there, something alike has come.

Fields are known by name alone, so that likeness is all there is to go by, and an instrument by
the fields that stand in it; groups, events and
roles are proposed where one of a kind is gone, and one has come that has its people, its place
in the schedule or its rights.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from redcap_iac.calls import Key, Made
from redcap_iac.differ import bind
from redcap_iac.errors import GuardError
from redcap_iac.findings import Findings
from redcap_iac.kinds import kind_named
from redcap_iac.kinds.dictionary.placeholders import is_placeholder
from redcap_iac.kinds.kind import encoded
from redcap_iac.merging import instrument_renames
from redcap_iac.merging.deciding import key_text
from redcap_iac.merging.dictionary import fields_of
from redcap_iac.merging.sides import Renamed, Sides
from redcap_iac.safety.alikeness import Standing, label_likeness, name_likeness, pairs
from redcap_iac.state import Item, State

#: Names at least as alike as this may be one thing, where nothing else tells.
_ALIKE = 0.5
#: What stays when the name changes (recorded for groups and roles, documented for events).
_ID = {"events": "event_id", "dags": "group_id", "roles": "unique_name"}


@dataclass(frozen=True, slots=True)
class Proposal:
    """Something that may have been renamed: how it is called here, and in REDCap now.

    `old` and `new` are addresses; `key` and `live` identify it within its kind.
    """

    kind: str
    old: str
    new: str
    key: Key
    live: str

    @property
    def code(self) -> str:
        """The code it is explained under while nobody has answered."""
        return "U106"

    @property
    def word(self) -> str:
        """How it is accepted: `NEW=OLD`, fields by their name alone."""
        if self.kind == "fields":
            return f"{self.live}={key_text(self.key)}"
        return f"{self.new}={self.old}"


@dataclass(frozen=True, slots=True)
class Consent:
    """What a person says about renames: all of them, none, or these (`NEW=OLD`)."""

    all: bool | None = None
    words: tuple[str, ...] = ()


def proposals(sides: Sides, then: State | None = None) -> tuple[Proposal, ...]:
    """Return what looks renamed; nothing for what the files do not manage.

    `then` is REDCap as an earlier run left it, where one is kept: what has the id of something
    that was there then is the same thing.
    """
    forms = instrument_renames.found(sides)
    return (*_instruments(forms), *_fields(sides, forms), *_objects(sides, then))


def accepted(
    found: Sequence[Proposal], consent: Consent, asked: Callable[[Proposal], bool | None]
) -> tuple[Renamed, tuple[Proposal, ...]]:
    """Return the renames that are taken as such, and the proposals nobody answered.

    Raises GuardError for a word that fits no proposal.
    """
    known = {one.word for one in found}
    for word in consent.words:
        if word not in known:
            raise GuardError(
                f"--accept-rename {word} names nothing that looks renamed in REDCap.",
                "Write it as `pull --dry-run` proposes it: NEW=OLD.",
            )
    fields: dict[str, str] = {}
    instruments: dict[str, str] = {}
    items: dict[tuple[str, Key], str] = {}
    open_: list[Proposal] = []
    for one in found:
        answer = True if one.word in consent.words else consent.all
        answer = asked(one) if answer is None else answer
        if answer is None:
            open_.append(one)
        elif answer and one.kind == "fields":
            fields[key_text(one.key)] = one.live
        elif answer and one.kind == "instruments":
            instruments[key_text(one.key)] = one.live
        elif answer:
            items[one.kind, one.key] = one.live
    return Renamed(fields, items, instruments), tuple(open_)


def _instruments(forms: Mapping[str, str]) -> Iterator[Proposal]:
    for old, new in forms.items():
        was, now = (f"instrument/{encoded(name)}" for name in (old, new))
        yield Proposal("instruments", was, now, old, new)


def _fields(sides: Sides, forms: Mapping[str, str]) -> Iterator[Proposal]:
    if "fields" not in sides.files:
        return
    files, live = fields_of(sides.files), fields_of(sides.live)
    base = files if sides.base is None else fields_of(sides.base)
    staying = {name for name in files if name in live}
    known = [
        replace(one, form_name=forms.get(one.form_name, one.form_name))
        for name, one in files.items()
        if name in base
    ]
    old = _standing(known, staying, live)
    new = _standing(
        [one for one in live.values() if not is_placeholder(one)], staying, {**files, **base}
    )
    for pair in pairs(old, new):
        gone, come = old[pair.old].field, new[pair.new].field
        kind = kind_named("fields")
        yield Proposal(
            "fields", kind.address(gone), kind.address(come), gone.field_name, come.field_name
        )


def _standing(
    fields: Sequence[Any], staying: set[str], others: Mapping[str, object]
) -> tuple[Standing, ...]:
    """Return the fields that only this side has, each with its staying neighbours."""
    found = []
    names = [one.field_name for one in fields]
    for number, one in enumerate(fields):
        if one.field_name in others:
            continue
        before = next((name for name in reversed(names[:number]) if name in staying), "")
        behind = next((name for name in names[number + 1 :] if name in staying), "")
        found.append(Standing(one, before, behind))
    return tuple(found)


def _objects(sides: Sides, then: State | None) -> Iterator[Proposal]:
    """Yield groups, roles and events of which one is gone and one has come."""
    known_ids = {} if then is None else _ids(sides, then)
    for name, alike in (("dags", _same_dag), ("roles", _same_role), ("events", _same_event)):
        kind = kind_named(name)
        if name not in sides.files or name not in sides.live:
            continue
        base = None if sides.base is None else {kind.key(i) for i in kind.items(sides.base)}
        gone = [
            item
            for item in kind.items(sides.files)
            if isinstance(kind.key(item), Made) and (base is None or kind.key(item) in base)
        ]
        known = {kind.key(item) for item in kind.items(sides.files)} | (base or set())
        come = [item for item in kind.items(sides.live) if kind.key(item) not in known]
        same = {
            kind.key(old): new
            for old in gone
            for new in come
            if known_ids.get((name, kind.key(old))) == (_id(name, new) or None)
        }
        for old in gone:
            if kind.key(old) in same:
                new = same[kind.key(old)]
                yield Proposal(
                    name, kind.address(old), kind.address(new), kind.key(old), str(kind.key(new))
                )
        gone = [old for old in gone if kind.key(old) not in same]
        taken = {str(kind.key(new)) for new in same.values()}
        come = [new for new in come if str(kind.key(new)) not in taken]
        for old in gone:
            fitting = [new for new in come if alike(old, new, sides)]
            others = [other for other in gone if any(alike(other, new, sides) for new in fitting)]
            if len(fitting) == 1 and others == [old]:
                key, live = kind.key(old), str(kind.key(fitting[0]))
                yield Proposal(name, kind.address(old), kind.address(fitting[0]), key, live)


def _ids(sides: Sides, then: State) -> Mapping[tuple[str, Key], str]:
    """Return the ids that declared groups, roles and events had in REDCap then."""
    bound = bind(sides.desired.state, then, Findings())
    found: dict[tuple[str, Key], str] = {}
    for name in _ID:
        kind = kind_named(name)
        there = {kind.key(item): _id(name, item) for item in kind.items(then)}
        for was, now in zip(kind.items(sides.desired.state), kind.items(bound), strict=True):
            if there.get(kind.key(now)):
                found[name, kind.key(was)] = there[kind.key(now)]
    return found


def _id(kind: str, item: object) -> str:
    return str(getattr(item, _ID[kind], "") or "")


def _near(old: str, new: str) -> bool:
    return max(label_likeness(old, new) or 0.0, name_likeness(old, new)) >= _ALIKE


def _same_dag(old: Any, new: Any, sides: Sides) -> bool:  # noqa: ANN401
    """Tell whether a group has the people, or nearly the name, of another."""
    people = _people(sides.files, old.unique_name)
    return _near(old.name, new.name) or bool(people & _people(sides.live, new.unique_name))


def _people(state: State, dag: Key) -> frozenset[str]:
    items = state.kinds.get("dag_assignments", ())
    return frozenset(
        str(getattr(item, "username", "")).casefold()
        for item in items
        if getattr(item, "to", None) == dag
    )


def _same_role(old: Any, new: Any, sides: Sides) -> bool:  # noqa: ANN401, ARG001
    """Tell whether a role grants what another did, or has nearly its label."""
    return bool(old.grants.normal() == new.grants.normal()) or _near(old.label, new.label)


def _same_event(old: Any, new: Any, sides: Sides) -> bool:  # noqa: ANN401
    """Tell whether an event of the same arm has the instruments of another, or nearly its name."""
    if old.arm != new.arm:
        return False
    mine, theirs = _on(sides.files, old.unique_name), _on(sides.live, new.unique_name)
    return _near(old.name, new.name) or bool(mine and mine == theirs)


def _on(state: State, event: Key) -> frozenset[str]:
    items: Sequence[Item] = state.kinds.get("designations", ())
    return frozenset(
        str(getattr(item, "instrument", ""))
        for item in items
        if getattr(item, "event", None) == event
    )
