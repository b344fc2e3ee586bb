"""Who is in which Data Access Group.

API: Export User-DAG Assignments lists every user with their present group (recorded); Import
User-DAG Assignments, members of roles too, touches no rights (recorded) and is the safe way to set
a group. Without a group somebody sees the records of every site (documented). The groups that the
DAG Switcher gives somebody besides are not in the API (recorded).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from redcap_iac.calls import Call, Key, Made
from redcap_iac.changes import Delete, Normal
from redcap_iac.errors import SuspiciousReadError
from redcap_iac.findings import Findings, Position
from redcap_iac.kinds.dags import KIND as DAGS
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
    dag_address,
    declared_people,
    folded,
    shown,
    told_apart,
)
from redcap_iac.plan import Phase, Step
from redcap_iac.state import State, Unit
from redcap_iac.suggestions import nearest_or_all

_COLUMN = "redcap_data_access_group"


@dataclass(frozen=True, slots=True)
class DagAssignment:
    """Somebody's group, "" for none; `named` is how people read it."""

    username: str
    dag: Key
    named: str = field(default="", compare=False)
    at: Position | None = field(default=None, compare=False)


class DagAssignments(Kind[DagAssignment]):
    """DAG assignments of a project; the item is `DagAssignment`."""

    name = "dag_assignments"
    unit = Unit.USERS
    after = ("dags", "role_assignments")
    content = "userDagMapping"
    needs = ("Data Access Groups",)

    def declare(self, source: Source, findings: Findings) -> tuple[DagAssignment, ...] | None:
        """Return those whose group is declared; when there is none, groups are not managed."""
        found: list[DagAssignment] = []
        for person in declared_people(source.root) or ():
            dag = person.named("dag")
            if dag is not None:
                named = "" if dag.is_null else dag.text.strip()
                key: Key = Made(dag_address(named)) if named else ""
                found.append(DagAssignment(person.username, key, named, dag.at))
        return tuple(found) or None

    def describe(self, state: State, draft: Draft) -> None:
        """Add nothing: the users say which group they are in."""

    def check(self, desired: State, findings: Findings) -> None:
        """Find groups nobody declared, where groups are declared."""
        dags = DAGS.of(desired)
        if dags is None:
            return
        known = {DAGS.address(dag): dag.name for dag in dags}
        for item in self.items(desired):
            if isinstance(item.dag, Made) and item.dag.address not in known:
                _refuse_unknown(item, known.values(), findings)

    def key(self, item: DagAssignment) -> str:
        """Return the username in the form in which names are compared."""
        return folded(item.username)

    def address(self, item: DagAssignment) -> str:
        """Return `user/<name>/dag`."""
        return f"user/{encoded(item.username)}/dag"

    def group(self, item: DagAssignment) -> str:
        """Return the heading of access."""
        return HEADING

    def label(self, item: DagAssignment) -> str:
        """Return the username."""
        return item.username

    def rebound(self, item: DagAssignment, names: Mapping[Made, str]) -> DagAssignment:
        """Return the assignment with the group's unique name, where the group exists."""
        if isinstance(item.dag, Made) and item.dag in names:
            return replace(item, dag=names[item.dag])
        return item

    def settle(
        self, items: tuple[DagAssignment, ...], settling: Settling
    ) -> tuple[DagAssignment, ...]:
        """Find groups that are not managed by their names; keep everybody not declared as is.

        A new user without a group needs no assignment.
        """
        state = settling.live.state
        names = told_apart((str(d.unique_name), d.name.strip()) for d in DAGS.items(state))
        by_name = {name: unique for unique, name in names.items()}
        live = {self.key(item): item for item in self.items(state)}
        planned = {dag.unique_name for dag in DAGS.items(settling.final)}
        settled: list[DagAssignment] = []
        for item in items:
            there = live.pop(self.key(item), None)
            dag = item.dag
            if dag not in planned and isinstance(dag, Made) and item.named in by_name:
                dag = by_name[item.named]
            if there is not None or dag:
                username = item.username if there is None else there.username
                named = shown(dag, item.named, names)
                settled.append(replace(item, username=username, dag=dag, named=named))
        return (*settled, *live.values())

    def normal(self, item: DagAssignment) -> Normal:
        """Return the group as people read it."""
        return (("dag", item.named),)

    def read(self, rows: Sequence[WireRow], reading: Reading) -> tuple[DagAssignment, ...]:
        """Return everybody's group as exported."""
        names = told_apart((str(d.unique_name), d.name.strip()) for d in DAGS.items(reading.state))
        try:
            found = [(str(row["username"]), str(row[_COLUMN] or "")) for row in rows]
        except KeyError as missing:
            raise SuspiciousReadError(
                f"the server's list of group assignments lacks the column {missing.args[0]}"
            ) from None
        return tuple(DagAssignment(name, dag, names.get(dag, dag)) for name, dag in found)

    def steps(self, work: Work) -> Iterable[Step]:
        """Return one import, the last word about groups, before groups are deleted.

        It also names everybody about whom another row was sent: sent again, to be sure.
        """
        if self.name not in work.live.state:
            return
        people = Whereabouts(work)
        names = [name for name in people.staying() if people.must_be_placed(name)]
        if names:
            rows = tuple(
                {"username": name, _COLUMN: work.name(people.dag_after(name))} for name in names
            )
            yield Step(
                Phase.ASSIGN_DAGS,
                self.name,
                f"set the group of {len(names)} {'person' if len(names) == 1 else 'people'}",
                Call(self.content, "import", rows),
                _served(names, work),
                TOUCHED,
            )

    def foresee(self, work: Work, findings: Findings) -> None:
        """Find groups that do not exist, and people who would see every site's records."""
        dags = DAGS.items(work.final)
        known = {dag.unique_name for dag in dags}
        for item in self.items(work.desired.state):
            if isinstance(item.dag, Made) and item.dag not in known:
                _refuse_unknown(item, [dag.name for dag in dags], findings)
        people = Whereabouts(work)
        for name in people.staying():
            if people.dag_before(name) != "" and people.dag_after(name) == "":
                findings.warning(
                    "H121",
                    f"{name} would be in no group and see the records of every site.",
                    address=f"user/{encoded(name)}/dag",
                )


def _served(names: Sequence[str], work: Work) -> tuple[str, ...]:
    """Return the changes a step serves: of the assignment, the person, or the group that goes."""
    people = Whereabouts(work)
    keys = {folded(name) for name in names}
    left = {people.dag_before(name) for name in names}
    own = [c for kind in TOUCHED for c in work.of(kind) if c.key in keys]
    gone = [c for c in work.of("dags") if isinstance(c, Delete) and c.key in left]
    return tuple(change.address for change in (*own, *gone))


def _refuse_unknown(item: DagAssignment, known: Iterable[str], findings: Findings) -> None:
    findings.error(
        "M404", f'{item.username} is to be in the group "{item.named}", which does not exist',
        item.at, address=f"user/{encoded(item.username)}/dag",
        advice=nearest_or_all(item.named, known) if known else "Declare it under `dags:`.",
    )  # fmt: skip


KIND = DagAssignments()
