"""Who is in which role.

API: Export User-Role Assignments lists every user (recorded); Import User-Role Assignments takes
somebody out with an empty role (recorded), whereupon the rights of their own that REDCap kept come
back (recorded). Whether a row without a group clears it is not recorded: where the export has the
column `data_access_group` it is always sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from redcap_iac.calls import Call, Key, Made, Row
from redcap_iac.changes import Delete, Normal
from redcap_iac.errors import SuspiciousReadError
from redcap_iac.findings import Findings, Position
from redcap_iac.kinds.kind import (
    Draft,
    Kind,
    Reading,
    Settling,
    Source,
    WireRow,
    Work,
    encoded,
)
from redcap_iac.kinds.people import (
    HEADING,
    TOUCHED,
    Whereabouts,
    declared_people,
    folded,
    role_address,
    shown,
    told_apart,
)
from redcap_iac.kinds.roles import KIND as ROLES
from redcap_iac.plan import Phase, Step
from redcap_iac.state import State, Unit
from redcap_iac.suggestions import nearest_or_all


@dataclass(frozen=True, slots=True)
class RoleAssignment:
    """Somebody's role, "" for none; `named` is how people read it.

    `dag` is the unique name of their group where the server's export has that column, else None.
    """

    username: str
    role: Key
    named: str = field(default="", compare=False)
    dag: str | None = field(default=None, compare=False)
    at: Position | None = field(default=None, compare=False)


class RoleAssignments(Kind[RoleAssignment]):
    """Role assignments of a project; the item is `RoleAssignment`."""

    name = "role_assignments"
    unit = Unit.USERS
    after = ("roles", "dags")
    content = "userRoleMapping"
    needs = ("User Rights",)

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

    def describe(self, state: State, draft: Draft) -> None:
        """Add nothing: the users say which role they have."""

    def check(self, desired: State, findings: Findings) -> None:
        """Find roles nobody declared, where roles are declared."""
        roles = ROLES.of(desired)
        if roles is None:
            return
        known = {ROLES.address(role): role.handle for role in roles}
        for item in self.items(desired):
            if isinstance(item.role, Made) and item.role.address not in known:
                _refuse_unknown(item, known.values(), findings)

    def key(self, item: RoleAssignment) -> str:
        """Return the username in the form in which names are compared."""
        return folded(item.username)

    def address(self, item: RoleAssignment) -> str:
        """Return `user/<name>/role`."""
        return f"user/{encoded(item.username)}/role"

    def group(self, item: RoleAssignment) -> str:
        """Return the heading of access."""
        return HEADING

    def label(self, item: RoleAssignment) -> str:
        """Return the username."""
        return item.username

    def rebound(self, item: RoleAssignment, names: Mapping[Made, str]) -> RoleAssignment:
        """Return the assignment with the role's unique name, where the role exists."""
        if isinstance(item.role, Made) and item.role in names:
            return replace(item, role=names[item.role])
        return item

    def settle(
        self, items: tuple[RoleAssignment, ...], settling: Settling
    ) -> tuple[RoleAssignment, ...]:
        """Find roles that are not managed by their labels; keep everybody not declared as is.

        A new user without a role needs no assignment.
        """
        state = settling.live.state
        labels = told_apart((str(r.unique_name), r.label) for r in ROLES.items(state))
        by_label = {label: unique for unique, label in labels.items()}
        live = {self.key(item): item for item in self.items(state)}
        planned = {role.unique_name for role in ROLES.items(settling.final)}
        settled: list[RoleAssignment] = []
        for item in items:
            there = live.pop(self.key(item), None)
            role = item.role
            if role not in planned and isinstance(role, Made) and item.named in by_label:
                role = by_label[item.named]
            if there is not None or role:
                username = item.username if there is None else there.username
                named = shown(role, item.named, labels)
                settled.append(replace(item, username=username, role=role, named=named))
        return (*settled, *live.values())

    def normal(self, item: RoleAssignment) -> Normal:
        """Return the role as people read it."""
        return (("role", item.named),)

    def read(self, rows: Sequence[WireRow], reading: Reading) -> tuple[RoleAssignment, ...]:
        """Return everybody's role as exported."""
        labels = told_apart((str(r.unique_name), r.label) for r in ROLES.items(reading.state))
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
                str(row["data_access_group"] or "") if "data_access_group" in row else None,
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
        if out:
            yield self._step(Phase.LEAVE_ROLES, f"take {_counted(out)} out of a role", out, work)
        if into:
            yield self._step(Phase.ASSIGN_ROLES, f"put {_counted(into)} into a role", into, work)

    def _step(self, phase: Phase, title: str, roles: Mapping[str, Key], work: Work) -> Step:
        people = Whereabouts(work)
        has_group = any(item.dag is not None for item in self.items(work.live.state))
        rows: list[Row] = []
        for name, role in roles.items():
            group = {"data_access_group": work.name(people.dag_after(name))} if has_group else {}
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
        """Find roles that do not exist, and say whose stored rights come back."""
        roles = ROLES.items(work.final)
        known = {role.unique_name for role in roles}
        for item in self.items(work.desired.state):
            if isinstance(item.role, Made) and item.role not in known:
                _refuse_unknown(item, [role.label for role in roles], findings)
        _tell_of_emptied_roles(work, findings)


def _tell_of_emptied_roles(work: Work, findings: Findings) -> None:
    people = Whereabouts(work)
    names = people.staying()
    for change in work.of("roles"):
        members = [name for name in names if people.role_before(name) == change.key]
        if isinstance(change, Delete) and members:
            findings.warning(
                "H124",
                f"The role goes while people are in it: {', '.join(members)}. They are taken out"
                " first.",
                address=change.address,
            )
    declared = {
        folded(str(getattr(item, "username", "")))
        for item in work.desired.state.kinds.get("users", ())
        if getattr(item, "at", None) is not None and getattr(item, "grants", None) is not None
    }
    for name in names:
        left = people.role_before(name) != "" and people.role_after(name) == ""
        if left and folded(name) not in declared:
            findings.warning(
                "H126",
                f"{name} is taken out of a role: the rights of their own that REDCap kept, which no"
                " export shows, come back.",
                address=f"user/{encoded(name)}/role",
                advice="Declare their rights: they are imported at once.",
            )


def _served(kind: RoleAssignments, roles: Mapping[str, Key], work: Work) -> tuple[str, ...]:
    """Return the changes a step serves: of the assignment, the person, or the role that goes."""
    people = Whereabouts(work)
    names = {folded(name) for name in roles}
    left = {people.role_before(name) for name in roles}
    own = [c for k in (kind.name, "users") for c in work.of(k) if c.key in names]
    gone = [c for c in work.of("roles") if isinstance(c, Delete) and c.key in left]
    return tuple(change.address for change in (*own, *gone))


def _refuse_unknown(item: RoleAssignment, known: Iterable[str], findings: Findings) -> None:
    findings.error(
        "M403", f'{item.username} is to have the role "{item.named}", which does not exist',
        item.at, address=f"user/{encoded(item.username)}/role",
        advice=nearest_or_all(item.named, known) if known else "Declare it under `roles:`.",
    )  # fmt: skip


def _counted(people: Mapping[str, Key]) -> str:
    return "1 person" if len(people) == 1 else f"{len(people)} people"


KIND = RoleAssignments()
