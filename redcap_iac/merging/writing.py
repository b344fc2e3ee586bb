"""All edits of a merge, in the order in which they are made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from redcap_iac.document import Map
from redcap_iac.edits import SetSection
from redcap_iac.kinds import all_kinds
from redcap_iac.kinds.dags import Dag
from redcap_iac.kinds.grants import instruments_of
from redcap_iac.kinds.kind import Draft
from redcap_iac.kinds.roles.role import Role
from redcap_iac.kinds.users import User
from redcap_iac.merging import dictionary, schedule
from redcap_iac.merging.deciding import Decided, key_text
from redcap_iac.merging.group import Group
from redcap_iac.merging.sections import Access
from redcap_iac.merging.sides import Sides
from redcap_iac.merging.verdict import Decision, Verdict
from redcap_iac.merging.visiting import visits
from redcap_iac.state import State

_PEOPLE = ("users", "role_assignments", "dag_assignments")


def all_groups(
    sides: Sides, decided: Decided, root: Map, sections: Sequence[str] = ()
) -> list[Group]:
    """Return the edits that carry out what is REDCap's."""
    return list(_Writing(sides, decided, root).groups(sections))


class _Writing:
    def __init__(self, sides: Sides, decided: Decided, root: Map) -> None:
        self._sides = sides
        self._decided = decided
        self._root = root
        self._live = drafted(sides.live)
        self._taken: dict[str, list[Decision]] = {}
        for one in decided.of(Verdict.TAKE):
            self._taken.setdefault(one.kind, []).append(one)

    def groups(self, sections: Sequence[str]) -> Iterator[Group]:
        yield from dictionary.groups(self._sides, self._decided)
        forms = self._forms()
        wanted = visits(self._sides, self._decided, forms)
        yield from schedule.arms(self._root, wanted.arms, wanted.gone)
        if wanted.classic is not None or self._loses_repeats():
            yield from schedule.repeats(self._root, wanted.classic)
        access = Access(self._root, self._live, self._roles(), self._dags(), forms)
        was = tuple(dict.fromkeys(instruments_of(self._sides.files)))
        new = [form for form in forms if form not in was]
        yield from access.instruments(new, [form for form in was if form not in forms])
        yield from access.settings(self._taken.get("project", ()))
        names = {key_text(d.unique_name): d.name for d in self._items("dags") if isinstance(d, Dag)}
        yield from access.groups(self._taken.get("dags", ()), names)
        yield from self._all_roles(access)
        yield from self._all_users(access)
        for section in sections:
            yield Group(((section, "*"),), (SetSection((section,), self._live.get(section)),))

    def _forms(self) -> tuple[str, ...]:
        """Return the instruments there will be."""
        if "fields" not in self._sides.files:
            return instruments_of(self._sides.live)
        return tuple(dictionary.target(self._sides, self._decided).forms)

    def _loses_repeats(self) -> bool:
        """Tell whether a classic project has no repeats any more, where the files have some."""
        return any(
            not any(kind == "events" for kind, _ in one.within)
            for one in self._taken.get("repeating", ())
        )

    def _items(self, kind: str) -> Sequence[object]:
        return self._sides.files.kinds.get(kind, ())

    def _roles(self) -> dict[str, Role]:
        items = self._sides.live.kinds.get("roles", ())
        return {key_text(role.unique_name): role for role in items if isinstance(role, Role)}

    def _dags(self) -> dict[str, Dag]:
        items = self._sides.live.kinds.get("dags", ())
        return {key_text(dag.unique_name): dag for dag in items if isinstance(dag, Dag)}

    def _all_roles(self, access: Access) -> Iterator[Group]:
        handles = {
            key_text(role.unique_name): role.handle
            for role in self._items("roles")
            if isinstance(role, Role)
        }
        yield from access.roles(handles, _by_key(self._taken.get("roles", ())))

    def _all_users(self, access: Access) -> Iterator[Group]:
        taken = [one for kind in _PEOPLE for one in self._taken.get(kind, ())]
        live = {
            user.username.strip().casefold(): user
            for user in self._sides.live.kinds.get("users", ())
            if isinstance(user, User)
        }
        for key, some in _by_key(taken).items():
            yield access.user(key, live.get(key), some)


def drafted(state: State) -> Draft:
    """Return a state as the draft of a manifest."""
    made: Draft = {}
    for kind in all_kinds():
        if kind.name in state:
            kind.describe(state, made)
    return made


def _by_key(taken: Sequence[Decision]) -> dict[str, list[Decision]]:
    found: dict[str, list[Decision]] = {}
    for one in taken:
        found.setdefault(one.key, []).append(one)
    return found
