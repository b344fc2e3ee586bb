"""Users of a project: when their access ends, and their rights where they have no role.

API: Export Users shows members of a role with the role's rights (recorded): their own are not to
be seen. Import Users adds or changes; it refuses members of roles (recorded), takes somebody out
of their group when the row does not name it (recorded), leaves omitted rights as they are
(recorded) and gives a new user none (recorded). Delete Users asks for Delete Record (recorded).
Names, e-mail and group ids of the export cannot be imported (recorded). Case does not tell
usernames apart (documented for REDCap's pages).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from redcap_iac.calls import Call, Cell, Key
from redcap_iac.changes import Change, Create, Delete, Normal, Update
from redcap_iac.errors import SuspiciousReadError
from redcap_iac.findings import Findings, Position
from redcap_iac.kinds import access_schema, declared_grants, grants
from redcap_iac.kinds.dags import KIND as DAGS
from redcap_iac.kinds.grants import Grants, instruments_of
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
from redcap_iac.kinds.own_access import held, is_own, keeping, lost, needed_to_the_end
from redcap_iac.kinds.people import (
    HEADING,
    TOUCHED,
    Person,
    Whereabouts,
    declared_people,
    folded,
)
from redcap_iac.kinds.role_assignments import KIND as ROLE_ASSIGNMENTS
from redcap_iac.kinds.roles import KIND as ROLES
from redcap_iac.kinds.roles import known_rights
from redcap_iac.plan import Phase, Step
from redcap_iac.state import Mode, State, Unit

#: How long a username may be (knowledge base: the column of REDCap's own table).
_LONGEST = 191
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class User:
    """Somebody with access; `expiration` is YYYY-MM-DD, "" for never, None to leave it as found.

    `grants` are their own: None for members of a role, whose own rights no export shows, and
    where the manifest gives a role. `effective` is what the export shows, `dag` the unique name
    of their group in it.
    """

    username: str
    expiration: str | None
    grants: Grants | None
    effective: Grants | None = field(default=None, compare=False)
    dag: str = field(default="", compare=False)
    at: Position | None = field(default=None, compare=False)


class Users(Kind[User]):
    """Users of a project; the item is `User`."""

    name = "users"
    unit = Unit.USERS
    after = ("role_assignments", "dag_assignments", "instruments")
    content = "user"
    needs = ("User Rights",)
    properties = access_schema.USERS
    definitions = access_schema.DEFINITIONS

    def declare(self, source: Source, findings: Findings) -> tuple[User, ...] | None:
        """Return the users in order; a role, or rights of their own, never both or neither."""
        people = declared_people(source.root)
        if people is None:
            return None
        found: dict[str, User] = {}
        for person in people:
            user = _declared(person, findings)
            other = found.setdefault(self.key(user), user)
            if other is not user:
                findings.error(
                    "M411",
                    f"{user.username} and {other.username} are one user: REDCap does not tell"
                    " case apart",
                    user.at, address=self.address(user),
                )  # fmt: skip
        return tuple(found.values())

    def describe(self, state: State, draft: Draft) -> None:
        """Add `users`: role or rights, and group and last day where there is one."""
        instruments = instruments_of(state)
        handles = {role.unique_name: role.handle for role in ROLES.items(state)}
        roles = {a.username: a.to for a in ROLE_ASSIGNMENTS.items(state)}
        names = {dag.unique_name: dag.name.strip() for dag in DAGS.items(state)}
        users: dict[str, object] = {}
        for user in self.items(state):
            made: dict[str, object] = {}
            if user.grants is None:
                made["role"] = handles.get(roles.get(user.username, ""), "")
            if user.dag in names:
                made["dag"] = names[user.dag]
            if user.expiration:
                made["expires"] = user.expiration
            own = {} if user.grants is None else user.grants.draft(instruments)
            users[user.username] = {**made, **own}
        draft["users"] = users

    def check(self, desired: State, findings: Findings) -> None:
        """Find names and dates that cannot be, and instruments that do not exist."""
        for user in self.items(desired):
            address = self.address(user)
            if not user.username or len(user.username) > _LONGEST:
                findings.error(
                    "M420",
                    f"a username has 1 to {_LONGEST} characters, this one {len(user.username)}",
                    user.at, address=address,
                )  # fmt: skip
            if user.expiration and not _is_date(user.expiration):
                findings.error(
                    "M410",
                    f"{user.username} is to expire on {user.expiration}, which is no date",
                    user.at, address=address, advice="Write it as YYYY-MM-DD.",
                )  # fmt: skip
            if user.grants is not None:
                declared_grants.check(user.grants, address, desired, findings)

    def key(self, item: User) -> str:
        """Return the username in the form in which names are compared."""
        return folded(item.username)

    def address(self, item: User) -> str:
        """Return `user/<name>`."""
        return f"user/{encoded(item.username)}"

    def group(self, item: User) -> str:
        """Return the heading of access."""
        return HEADING

    def label(self, item: User) -> str:
        """Return the username."""
        return item.username

    def settle(self, items: tuple[User, ...], settling: Settling) -> tuple[User, ...]:
        """Fill in what is left as found, spell out rights, and keep the token's own user."""
        live = {self.key(user): user for user in self.items(settling.live.state)}
        known = known_rights(settling.live)
        settled = tuple(
            _settled(user, live.get(self.key(user)), known, settling.instruments) for user in items
        )
        own = live.get(folded(settling.live.target.user))
        if own is None or any(self.key(user) == self.key(own) for user in items):
            return settled
        return (*settled, own)

    def normal(self, item: User) -> Normal:
        """Return the last day and, where they are known, the rights of their own."""
        own = () if item.grants is None else item.grants.normal()
        return (("expires", item.expiration or ""), *own)

    def read(self, rows: Sequence[WireRow], reading: Reading) -> tuple[User, ...]:
        """Return the users as exported; what members of a role show is the role's (recorded)."""
        members = {
            folded(item.username) for item in ROLE_ASSIGNMENTS.items(reading.state) if item.to
        }
        found = []
        for row in rows:
            username = row.get("username")
            if not username:
                raise SuspiciousReadError("the server's list of users has a row without a username")
            effective = grants.read(row)
            found.append(
                User(
                    str(username),
                    str(row.get("expiration") or ""),
                    None if folded(str(username)) in members else effective,
                    effective,
                    str(row.get("data_access_group") or ""),
                )
            )
        return tuple(found)

    def steps(self, work: Work) -> Iterable[Step]:
        """Return one import of users who are new or differ, and one deletion."""
        changes = work.of(self.name)
        people = Whereabouts(work)
        written = [change for change in changes if isinstance(change, Create | Update)]
        users = [user for c in written if isinstance(user := c.after, User)]
        users += self._opened({self.key(user) for user in users}, people, work)
        yield from self._imports(users, written, people, work)
        gone = [change for change in changes if isinstance(change, Delete)]
        if gone:
            names: tuple[Key, ...] = tuple(str(getattr(c.before, "username", "")) for c in gone)
            yield Step(
                Phase.DELETE_USERS,
                self.name,
                f"delete {_counted(len(gone))}",
                Call(self.content, "delete", params={"users": names}),
                tuple(change.address for change in gone),
                TOUCHED,
                replaces=True,
            )

    def _imports(
        self, users: Sequence[User], changes: Sequence[Change], people: Whereabouts, work: Work
    ) -> Iterable[Step]:
        """Return one import, and a last one that takes from the token's own user."""
        last = [user for user in users if _kept(user, work)]
        first = [_keeping(user, work) for user in users]
        for phase, some in ((Phase.USERS, first), (Phase.OWN_ACCESS, last)):
            keys = {self.key(user) for user in some}
            if some:
                yield Step(
                    phase,
                    self.name,
                    f"add or change {_counted(len(some))}",
                    Call(self.content, "import", tuple(_row(user, people, work) for user in some)),
                    tuple(change.address for change in changes if change.key in keys),
                    TOUCHED,
                )

    def _opened(self, but: Collection[str], people: Whereabouts, work: Work) -> list[User]:
        """Return declared users whom the import of new instruments gives more than is declared.

        That is the token's own user where it is known, else it may be anybody.
        """
        own = folded(work.live.target.user)
        return [
            user
            for user in self.items(work.desired.state)
            if user.at is not None
            and user.grants is not None
            and self.key(user) not in but
            and own in ("", self.key(user))
            and people.role_before(user.username) == people.role_after(user.username) == ""
            and grants.is_opened(user.grants, work.live.state, work.final)
        ]

    def foresee(self, work: Work, findings: Findings) -> None:
        """Find grants this server cannot take; note the token's own user, who is kept."""
        instruments = instruments_of(work.final)
        target = work.live.target
        for user in self.items(work.desired.state):
            address = self.address(user)
            if user.grants is not None and user.grants.at is not None:  # the live ones are complete
                declared_grants.foresee(user.grants, address, instruments, target, findings)
            authoritative = work.desired.mode(self.unit) is Mode.AUTHORITATIVE
            if user.at is None and authoritative:
                findings.note(
                    "M418",
                    f"{user.username} is not declared and is kept: it is the token's own user",
                    address=address, advice="Declare them under `users:`.",
                )  # fmt: skip


def _declared(person: Person, findings: Findings) -> User:
    address = f"user/{encoded(person.username)}"
    own = [key for key in ("rights", "instruments", "export") if key in person.node]
    role = person.named("role")
    has_role = role is not None and not role.is_null
    if has_role and own:
        findings.error(
            "M402",
            f"{person.username} has a role and `{own[0]}` of their own: a role's members have the"
            " role's rights",
            person.name.at, address=address, advice="Keep one of the two.",
        )  # fmt: skip
    if not has_role and not own:
        findings.error(
            "M401", f"{person.username} has neither a role nor rights of their own",
            person.name.at, address=address,
            advice="Give `role:`, or `rights:` with `instruments:` and `export:`;"
            " `rights: {}` grants none.",
        )  # fmt: skip
    expires = person.named("expires")
    return User(
        person.username,
        None if expires is None else "" if expires.is_null else expires.text.strip(),
        None if has_role or not own else declared_grants.declared(person.node, findings),
        at=person.name.at,
    )


def _settled(
    user: User, live: User | None, known: Iterable[str], instruments: tuple[str, ...]
) -> User:
    before = None if live is None else live.grants
    own = (
        before
        if user.grants is None
        else user.grants.completed(frozenset(known), instruments, before)
    )
    expiration = (live.expiration if live else "") if user.expiration is None else user.expiration
    return replace(
        user,
        username=user.username if live is None else live.username,
        expiration=expiration,
        grants=own,
        effective=None if live is None else live.effective,
        dag="" if live is None else live.dag,
    )


def _kept(user: User, work: Work) -> frozenset[str]:
    """Return the rights that the row takes from the token's own user and later calls need."""
    if user.grants is None or not is_own(user.username, work):
        return frozenset()
    return lost(held(work), user.grants, needed_to_the_end(work))


def _keeping(user: User, work: Work) -> User:
    before, kept = held(work), _kept(user, work)
    if before is None or user.grants is None or not kept:
        return user
    return replace(user, grants=keeping(user.grants, before, kept))


def _row(user: User, people: Whereabouts, work: Work) -> Mapping[str, Cell]:
    """Return an import row: the group always, own rights whole where no role covers them."""
    row: dict[str, Cell] = {
        "username": user.username,
        "expiration": user.expiration or "",
        "data_access_group": work.name(people.dag_after(user.username)),
    }
    if user.grants is not None and people.role_after(user.username) == "":
        row.update(user.grants.cells(instruments_of(work.final), work.live.target))
    return row


def _is_date(text: str) -> bool:
    try:
        return _DATE.fullmatch(text) is not None and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _counted(count: int) -> str:
    return "1 user" if count == 1 else f"{count} users"


KIND = Users()
