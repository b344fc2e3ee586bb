"""People of a project: the `users:` section, and where a plan finds and leaves each of them.

A member of a role cannot be imported (recorded); a DAG is lost when a row about its member does
not name it (recorded). So every call about people has to know all of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from redcap_iac.calls import Key, Made
from redcap_iac.changes import Create, Delete, Update
from redcap_iac.document import Map, Text
from redcap_iac.kinds.kind import Work, encoded
from redcap_iac.state import State

#: The heading of changes of groups, roles and users.
HEADING = "access"
#: Kinds a call about people may change.
TOUCHED = ("role_assignments", "dag_assignments", "users")


@dataclass(frozen=True, slots=True)
class Person:
    """One user as the manifest writes it."""

    name: Text
    node: Map

    @property
    def username(self) -> str:
        """The name as typed, without blanks around it."""
        return self.name.text.strip()

    def named(self, key: str) -> Text | None:
        """Return what `role`, `dag` or `expires` says, None when it is absent."""
        return self.node.text(key)


def declared_people(root: Map) -> tuple[Person, ...] | None:
    """Return the users of the manifest in order, None when there is no such section."""
    section = root.map("users")
    if section is None:
        return None
    return tuple(Person(name, node) for name, node in section.entries if isinstance(node, Map))


def folded(username: str) -> str:
    """Return the form in which usernames are compared: REDCap does not tell case apart."""
    return username.strip().casefold()


def role_address(handle: str) -> str:
    """Return `role/<key in the manifest>`."""
    return f"role/{encoded(handle)}"


def dag_address(name: str) -> str:
    """Return `dag/<name>`."""
    return f"dag/{encoded(name)}"


def told_apart(labels: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return for pairs of unique name and label the label, with the former where it is not alone.

    REDCap lets roles share a label (documented).
    """
    pairs = tuple(labels)
    times = Counter(label for _, label in pairs)
    return {
        unique: label if times[label] == 1 else f"{label} ({unique})" for unique, label in pairs
    }


def shown(key: Key, named: str, live: Mapping[str, str]) -> str:
    """Return how people read a role or group: as it is called live, or by its declared name."""
    if isinstance(key, str):
        return live.get(key, key)
    return f"{named} (new)" if named in live.values() else named


class Whereabouts:
    """Role and group of everybody, before a plan and after it."""

    def __init__(self, work: Work) -> None:
        before, after = work.live.state, work.final
        self._deleted = {str(c.key) for c in work.of("users") if isinstance(c, Delete)}
        self._imported = {str(c.key) for c in work.of("users") if isinstance(c, Create | Update)}
        self._gone: set[Key] = {
            c.key for kind in ("roles", "dags") for c in work.of(kind) if isinstance(c, Delete)
        }
        self._roles = _places(before, "role_assignments")
        self._roles_after = {**self._roles, **_places(after, "role_assignments")}
        exported = _places(before, "users", "dag")
        self._dags = {**exported, **_places(before, "dag_assignments")}
        self._dags_after = {**self._dags, **_places(after, "dag_assignments")}
        items = [i for s in (before, after) for k in TOUCHED for i in s.kinds.get(k, ())]
        self._names: dict[str, str] = {}
        for item in items:
            name = str(getattr(item, "username", ""))
            self._names.setdefault(folded(name), name)

    def staying(self) -> tuple[str, ...]:
        """Return the usernames of everybody who is not deleted, as exported or declared."""
        return tuple(name for key, name in self._names.items() if key not in self._deleted)

    def role_before(self, username: str) -> Key:
        """Return the role somebody is in, "" for none."""
        return self._roles.get(folded(username), "")

    def role_after(self, username: str) -> Key:
        """Return the role somebody will be in; a role that goes leaves its members without."""
        role = self._roles_after.get(folded(username), "")
        return "" if role in self._gone else role

    def dag_before(self, username: str) -> Key:
        """Return the group somebody is in, "" for none."""
        return self._dags.get(folded(username), "")

    def dag_after(self, username: str) -> Key:
        """Return the group somebody will be in; a group that goes leaves its users without."""
        dag = self._dags_after.get(folded(username), "")
        return "" if dag in self._gone else dag

    def is_imported(self, username: str) -> bool:
        """Tell whether the plan has a row of Import Users for somebody."""
        return folded(username) in self._imported

    def unsettled(self, role: Key) -> tuple[str, ...]:
        """Return who is in a role and deleted, moved, placed elsewhere or given another last day.

        None of them may get what the role gives more, not even for the time between two calls.
        """
        return tuple(
            name
            for key, name in self._names.items()
            if self._roles.get(key, "") == role
            and (
                key in self._deleted
                or key in self._imported
                or self.role_after(name) != role
                or self.dag_before(name) != self.dag_after(name)
            )
        )

    def must_leave(self, username: str) -> bool:
        """Tell whether somebody is taken out of a role, for good or to be imported."""
        stays = self.role_after(username) != "" and not self.is_imported(username)
        return self.role_before(username) != "" and not stays

    def must_join(self, username: str) -> bool:
        """Tell whether somebody is put into a role, perhaps again."""
        role = self.role_after(username)
        moved = role != self.role_before(username) or self.is_imported(username)
        return role != "" and moved

    def must_be_placed(self, username: str) -> bool:
        """Tell whether somebody's group is to be sent: it differs, or another row was sent."""
        before, after = self.dag_before(username), self.dag_after(username)
        touched = (
            self.is_imported(username) or self.must_leave(username) or self.must_join(username)
        )
        return before != after or (touched and (before, after) != ("", ""))


def _places(state: State, kind: str, attribute: str = "to") -> dict[str, Key]:
    found: dict[str, Key] = {}
    for item in state.kinds.get(kind, ()):
        key = getattr(item, attribute)
        found[folded(str(getattr(item, "username", "")))] = (
            key if isinstance(key, str | Made) else ""
        )
    return found
