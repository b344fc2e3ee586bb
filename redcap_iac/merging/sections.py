"""Decisions about the rest of `redcap.yaml` → edits: settings, groups, roles, users.

Values are set where they stand, key by key; what is new is written as `pull` writes a new folder.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from redcap_iac.document import Map, Node, Text
from redcap_iac.edits import (
    AddSection,
    Edit,
    Path,
    RemoveSection,
    RenameSection,
    SetSection,
)
from redcap_iac.kinds import rights
from redcap_iac.kinds.dags import Dag
from redcap_iac.kinds.grants import ALL, Grants
from redcap_iac.kinds.people import folded
from redcap_iac.kinds.roles.role import Role
from redcap_iac.merging.group import Group
from redcap_iac.merging.order import place_of
from redcap_iac.merging.verdict import Decision

_MAPS = ("instruments", "export")


class Access:
    """What is to be written about settings, groups, roles and users.

    `root` is `redcap.yaml` as it stands, `live` the draft of what is live, `roles` and `dags` are
    live by their key, `forms` the instruments there will be.
    """

    def __init__(
        self,
        root: Map,
        live: dict[str, object],
        roles: dict[str, Role],
        dags: dict[str, Dag],
        forms: Sequence[str],
    ) -> None:
        self._root = root
        self._live = live
        self._roles = roles
        self._dags = dags
        self._forms = tuple(forms)

    # project

    def settings(self, taken: Sequence[Decision]) -> Iterator[Group]:
        """Yield one edit for every setting."""
        section = self._root.map("project")
        live = self._live.get("project")
        for one in taken:
            outer, dot, inner = one.address.partition("/")[2].partition(".")
            value: object = live.get(outer) if isinstance(live, dict) else None
            path: Path = ("project", outer)
            if dot:  # `pi.email`
                value = value.get(inner) if isinstance(value, dict) else None
                if section is not None and section.map(outer) is not None:
                    path = (*path, inner)
                else:
                    value = {inner: value}
            yield Group(((one.kind, one.key),), (SetSection(path, value),))

    # groups

    def groups(self, taken: Sequence[Decision], names: dict[str, str]) -> Iterator[Group]:
        """Yield one group for the whole list, as its places depend on each other.

        `names` are the names in the files by the key of the group.
        """
        section = self._root.listing("dags")
        items = section.items if section is not None else ()
        places = {_name_of(node): number for number, node in enumerate(items)}
        sets: list[Edit] = []
        gone: list[int] = []
        new: list[str] = []
        for one in taken:
            dag = self._dags.get(one.key)
            if dag is not None and one.whole:
                new.append(one.key)
            elif dag is not None:
                old = names[one.key]
                value = {"name": dag.name.strip(), "renamed_from": old}
                sets.append(SetSection(("dags", places[old]), value))
                sets += self._naming("dag", old, dag.name.strip())
            else:
                gone.append(places[names[one.key]])
        sets += [RemoveSection(("dags", number)) for number in sorted(gone, reverse=True)]
        there = [key for key in names if places[names[key]] not in gone]
        live = list(self._dags)
        for key in sorted(new, key=live.index):
            number = place_of(key, there, live)
            there.insert(number, key)
            sets.append(AddSection(("dags", number), self._dags[key].name.strip()))
        if sets:
            yield Group((("dags", "*"),), tuple(sets))

    # roles

    def roles(
        self, handles: Mapping[str, str], taken: Mapping[str, Sequence[Decision]]
    ) -> Iterator[Group]:
        """Yield one group a role, new ones last, each behind its neighbour in REDCap.

        `handles` are the keys in the files by the key of the role.
        """
        there = dict(handles)
        for key, some in taken.items():
            if key in handles:
                yield self._role(key, handles[key], some)
                role = self._roles.get(key)
                if role is None:
                    del there[key]
                elif self._is_named_by_label(handles[key], some):
                    there[key] = role.label
        order, live = list(there), list(self._roles)
        for key in live:
            if key in taken and key not in handles:
                number = place_of(key, order, live)
                role = self._roles[key]
                named = {} if role.handle == role.label else _named(role)
                drafted = {**named, **role.grants.draft(self._forms)}
                after = there[order[number - 1]] if number else None
                yield Group(
                    (("roles", key),), (AddSection(("roles", role.handle), drafted, after),)
                )
                order.insert(number, key)
                there[key] = role.handle

    def _is_named_by_label(self, handle: str, taken: Sequence[Decision]) -> bool:
        """Tell whether a role gets another label, and its label is its key."""
        section = self._root.map("roles")
        node = section.map(handle) if section is not None else None
        return any(one.place == "label" for one in taken) and (node is None or "label" not in node)

    def _role(self, key: str, handle: str, taken: Sequence[Decision]) -> Group:
        """Return the edits of one role that is in the files."""
        role = self._roles.get(key)
        about = (("roles", key),)
        if role is None:
            return Group(about, (RemoveSection(("roles", handle)),))
        edits: list[Edit] = []
        section = self._root.map("roles")
        node = section.map(handle) if section is not None else None
        if any(one.place == "label" for one in taken):
            edits += _relabelled(handle, node, role)
        if self._is_named_by_label(handle, taken):
            edits += self._naming("role", handle, role.label)
            handle = role.label
        parts = [one for one in taken if one.place != "label"]
        edits += self._grants(("roles", handle), node, role.grants, parts)
        return Group(about, tuple(edits))

    def _grants(
        self, path: Path, node: Map | None, grants: Grants, taken: Sequence[Decision]
    ) -> Iterator[Edit]:
        """Yield an edit for each right and each level of an instrument."""
        missing: dict[str, dict[str, object]] = {}
        for one in taken:
            there = node.map(one.place) if node is not None else None
            value = _level(one.place, one.part, grants)
            if there is not None:
                yield SetSection((*path, one.place, one.part), value)
            else:
                missing.setdefault(one.place, {})[one.part] = value
        for place, values in missing.items():
            # a map of instruments covers every one
            first = {ALL: rights.NONE} if place in _MAPS else {}
            yield SetSection((*path, place), {**first, **values})

    # what names something else

    def _naming(self, word: str, old: str, new: str) -> Iterator[Edit]:
        """Yield the edits of users who are in a role or group that has another name now."""
        section = self._root.map("users")
        for name, node in section.entries if section is not None else ():
            named = node.text(word) if isinstance(node, Map) else None
            if named is not None and named.text.strip() == old:
                yield SetSection(("users", name.text, word), new)

    def instruments(self, new: Sequence[str], gone: Sequence[str]) -> Iterator[Group]:
        """Yield what maps of instruments have to say about those that come and go.

        A map without `"*"` names every instrument; what is granted on a new one is decided.
        """
        for path, node in self._maps():
            sets: list[Edit] = [RemoveSection((*path, form)) for form in gone if form in node]
            if ALL not in node:
                named = [form for form in new if form not in node]
                sets += [SetSection((*path, form), rights.NONE) for form in named]
            if sets:
                yield Group((("instruments", "*"),), tuple(sets))

    def _maps(self) -> Iterator[tuple[Path, Map]]:
        """Yield every map of instruments, and where it is."""
        for section in ("roles", "users"):
            holders = self._root.map(section)
            for name, node in holders.entries if holders is not None else ():
                for place in _MAPS if isinstance(node, Map) else ():
                    levels = node.map(place) if isinstance(node, Map) else None
                    if levels is not None:
                        yield (section, name.text, place), levels

    # users

    def user(self, key: str, user: Any, taken: Sequence[Decision]) -> Group:  # noqa: ANN401
        """Return the edits of one user, with their role and group."""
        about = tuple((kind, key) for kind in ("users", "role_assignments", "dag_assignments"))
        section = self._root.map("users")
        entries = section.entries if section is not None else ()
        name, node = next(((k.text, n) for k, n in entries if folded(k.text) == key), ("", None))
        there = self._live.get("users")
        drafted = _entry(there, key)
        if drafted is None:
            return Group(about, (RemoveSection(("users", name)),))
        if not name:
            username = user.username if user is not None else key
            return Group(about, (SetSection(("users", username), drafted),))
        path: Path = ("users", name)
        assert isinstance(node, Map)
        edits: list[Edit] = []
        places = {one.place for one in taken}
        for place, word in (("expires", "expires"), ("dag", "dag")):
            if place in places:
                edits.append(SetSection((*path, word), drafted.get(word)))
        access = [one for one in taken if one.place in ("rights", *_MAPS)]
        if "role" in places or (access and ("role" in node) != ("role" not in drafted)):
            for word in ("role", "rights", *_MAPS):
                if word in drafted:
                    edits.append(SetSection((*path, word), drafted[word]))
                elif word in node:
                    edits.append(RemoveSection((*path, word)))
        elif access and user is not None and user.grants is not None:
            edits += self._grants(path, node, user.grants, access)
        return Group(about, tuple(edits))


def _entry(users: object, key: str) -> dict[str, object] | None:
    for name, entry in users.items() if isinstance(users, dict) else ():
        if folded(str(name)) == key and isinstance(entry, dict):
            return entry
    return None


def _relabelled(handle: str, node: Map | None, role: Role) -> Iterator[Edit]:
    """Yield the new label of a role, and the old one as a hint for other environments."""
    if node is not None and "label" in node:
        yield SetSection(("roles", handle, "label"), role.label)
        return
    yield RenameSection(("roles", handle), role.label)
    if node is None or "unique_name" not in node:
        yield SetSection(("roles", role.label, "renamed_from"), handle)


def _level(place: str, part: str, grants: Grants) -> object:
    """Return a level as the manifest writes it; what is not granted is said, not left out."""
    if place == "rights":
        level = dict(grants.rights).get(part, "")
        made = Grants(rights=((part, level),) if level else ()).draft(())["rights"]
        assert isinstance(made, dict)
        if part in made:
            return made[part]
        right = rights.BY_NAME[part]
        return False if right.is_flag else right.levels[0]
    pairs = grants.instruments if place == "instruments" else grants.export
    level = dict(pairs).get(part, rights.NONE)
    if not rights.is_granted(level):
        return rights.NONE
    found_in = ((part, level),)
    one_only = Grants(instruments=found_in) if place == "instruments" else Grants(export=found_in)
    one = one_only.draft((part,))[place]
    assert isinstance(one, dict)
    found: object = one[part]
    return found


def _named(role: Role) -> dict[str, object]:
    return {"label": role.label, "unique_name": str(role.unique_name)}


def _name_of(node: Node) -> str:
    name = node.text("name") if isinstance(node, Map) else node
    return name.text.strip() if isinstance(name, Text) else ""
