"""Who is in which role.

API: Export User-Role Assignments lists every user (recorded); Import User-Role Assignments takes
somebody out with an empty role (recorded), whereupon the rights of their own that REDCap kept come
back (recorded). Whether a row without a group clears it is not recorded: where the export has the
column `data_access_group` it is always sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from redcap_iac.calls import Call, Key, Made, Row
from redcap_iac.changes import Delete
from redcap_iac.errors import SuspiciousReadError
from redcap_iac.findings import Findings
from redcap_iac.kinds.assigning import Assigning, Assignment
from redcap_iac.kinds.kind import Reading, Source, WireRow, Work
from redcap_iac.kinds.own_access import held, is_own, lost, needed_to_the_end
from redcap_iac.kinds.people import (
    TOUCHED,
    Whereabouts,
    declared_people,
    folded,
    role_address,
    told_apart,
)
from redcap_iac.kinds.roles import KIND as ROLES
from redcap_iac.kinds.roles.role import Role
from redcap_iac.plan import Phase, Step
from redcap_iac.state import State


@dataclass(frozen=True, slots=True)
class RoleAssignment(Assignment):
    """Somebody's role, "" for none.

    `dag` is the unique name of their group where the server's export has that column, else None.
    """

    dag: str | None = field(default=None, compare=False)


class RoleAssignments(Assigning[RoleAssignment]):
    """Role assignments of a project; the item is `RoleAssignment`."""

    name = "role_assignments"
    after = ("roles", "dags")
    content = "userRoleMapping"
    needs = ("User Rights",)
    part = "role"
    whole = ROLES
    unknown = ("M403", "have the role", "roles")

    def names(self, state: State) -> Mapping[str, str]:
        """Return the labels of the roles by unique name, equal ones told apart."""
        return told_apart((str(role.unique_name), role.label) for role in ROLES.items(state))

    def said(self, item: Role) -> str:
        """Return the key a role stands under."""
        return item.handle

    def declare(self, source: Source, findings: Findings) -> tuple[RoleAssignment, ...] | None:
        """Return everybody declared, those with rights of their own without a role."""
        people = declared_people(source.root)
        if people is None:
            return None
        found = []
        for person in people:
            role = person.named("role")
            named = "" if role is None or role.is_null else role.text
            key: Key = Made(role_address(named)) if named else ""
            at = person.name.at if role is None else role.at
            found.append(RoleAssignment(person.username, key, named, at=at))
        return tuple(found)

    def read(self, rows: Sequence[WireRow], reading: Reading) -> tuple[RoleAssignment, ...]:
        """Return everybody's role as exported."""
        labels = self.names(reading.state)
        try:
            found = [(str(r["username"]), str(r["unique_role_name"] or ""), r) for r in rows]
        except KeyError as missing:
            raise SuspiciousReadError(
                f"the server's list of role assignments lacks the column {missing.args[0]}"
            ) from None
        return tuple(
            RoleAssignment(
                username,
                role,
                labels.get(role, role),
                dag=str(row["data_access_group"] or "") if "data_access_group" in row else None,
            )
            for username, role, row in found
        )

    def steps(self, work: Work) -> Iterable[Step]:
        """Return the row of everybody who leaves a role, then of everybody who gets one.

        Leaving comes before users are imported: a member of a role cannot be (recorded).
        """
        people = Whereabouts(work)
        leaving = [name for name in people.staying() if people.must_leave(name)]
        joining = [name for name in people.staying() if people.must_join(name)]
        out: dict[str, Key] = dict.fromkeys(leaving, "")
        into = {name: people.role_after(name) for name in joining}
        last = {name: role for name, role in into.items() if _comes_last(name, role, work)}
        into = {name: role for name, role in into.items() if name not in last}
        if out:
            yield self._step(Phase.LEAVE_ROLES, f"take {_counted(out)} out of a role", out, work)
        for phase, some in ((Phase.ASSIGN_ROLES, into), (Phase.OWN_ACCESS, last)):
            if some:
                yield self._step(phase, f"put {_counted(some)} into a role", some, work)

    def _step(self, phase: Phase, title: str, roles: Mapping[str, Key], work: Work) -> Step:
        people = Whereabouts(work)
        has_group = any(item.dag is not None for item in self.items(work.live.state))
        rows: list[Row] = []
        for name, role in roles.items():
            dag = people.dag_after(name)
            if phase is Phase.LEAVE_ROLES and dag == "":
                dag = people.dag_before(name)  # nobody knows yet with which rights
            group = {"data_access_group": work.name(dag)} if has_group else {}
            rows.append({"username": name, "unique_role_name": work.name(role), **group})
        return Step(
            phase,
            self.name,
            title,
            Call(self.content, "import", tuple(rows)),
            _served(self, roles, work),
            TOUCHED,
        )

    def foresee(self, work: Work, findings: Findings) -> None:
        """Find roles that do not exist."""
        roles = ROLES.items(work.final)
        known = {role.unique_name for role in roles}
        for item in self.items(work.desired.state):
            if isinstance(item.to, Made) and item.to not in known:
                self.refuse_unknown(item, [role.label for role in roles], findings)


def _comes_last(username: str, role: Key, work: Work) -> bool:
    """Tell whether the role would take from the token's own user what later calls need."""
    if not is_own(username, work):
        return False
    given = {one.unique_name: one.grants for one in ROLES.items(work.final)}.get(role)
    return bool(lost(held(work), given, needed_to_the_end(work)))


def _served(kind: RoleAssignments, roles: Mapping[str, Key], work: Work) -> tuple[str, ...]:
    """Return the changes a step serves: of the assignment, the person, or the role that goes."""
    people = Whereabouts(work)
    names = {folded(name) for name in roles}
    left = {people.role_before(name) for name in roles}
    own = [c for k in (kind.name, "users") for c in work.of(k) if c.key in names]
    gone = [c for c in work.of("roles") if isinstance(c, Delete) and c.key in left]
    return tuple(change.address for change in (*own, *gone))


def _counted(people: Mapping[str, Key]) -> str:
    return "1 person" if len(people) == 1 else f"{len(people)} people"


KIND = RoleAssignments()
