"""Who is in which Data Access Group.

API: Export User-DAG Assignments lists every user with their present group (recorded); Import
User-DAG Assignments, members of roles too, touches no rights (recorded) and is the safe way to set
a group. Without a group somebody sees the records of every site (documented). The groups that the
DAG Switcher gives somebody besides are not in the API (recorded).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from redcap_iac.calls import Call, Key, Made
from redcap_iac.changes import Delete
from redcap_iac.errors import SuspiciousReadError
from redcap_iac.findings import Findings
from redcap_iac.kinds.assigning import Assigning, Assignment
from redcap_iac.kinds.dags import KIND as DAGS
from redcap_iac.kinds.dags import Dag
from redcap_iac.kinds.kind import Reading, Source, WireRow, Work
from redcap_iac.kinds.people import (
    TOUCHED,
    Whereabouts,
    dag_address,
    declared_people,
    folded,
    told_apart,
)
from redcap_iac.plan import Phase, Step
from redcap_iac.state import State

_COLUMN = "redcap_data_access_group"


class DagAssignments(Assigning[Assignment]):
    """DAG assignments of a project, everybody's group, "" for none."""

    name = "dag_assignments"
    after = ("dags", "role_assignments")
    content = "userDagMapping"
    needs = ("Data Access Groups",)
    part = "dag"
    whole = DAGS
    unknown = ("M404", "be in the group", "dags")

    def names(self, state: State) -> Mapping[str, str]:
        """Return the names of the groups by unique name, equal ones told apart."""
        return told_apart((str(dag.unique_name), dag.name.strip()) for dag in DAGS.items(state))

    def said(self, item: Dag) -> str:
        """Return the name of a group."""
        return item.name

    def declare(self, source: Source, findings: Findings) -> tuple[Assignment, ...] | None:
        """Return those whose group is declared; when there is none, groups are not managed."""
        found: list[Assignment] = []
        for person in declared_people(source.root) or ():
            dag = person.named("dag")
            if dag is not None:
                named = "" if dag.is_null else dag.text.strip()
                key: Key = Made(dag_address(named)) if named else ""
                found.append(Assignment(person.username, key, named, at=dag.at))
        return tuple(found) or None

    def read(self, rows: Sequence[WireRow], reading: Reading) -> tuple[Assignment, ...]:
        """Return everybody's group as exported."""
        names = self.names(reading.state)
        try:
            found = [(str(row["username"]), str(row[_COLUMN] or "")) for row in rows]
        except KeyError as missing:
            raise SuspiciousReadError(
                f"the server's list of group assignments lacks the column {missing.args[0]}"
            ) from None
        return tuple(Assignment(name, dag, names.get(dag, dag)) for name, dag in found)

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
        """Find groups that do not exist."""
        dags = DAGS.items(work.final)
        known = {dag.unique_name for dag in dags}
        for item in self.items(work.desired.state):
            if isinstance(item.to, Made) and item.to not in known:
                self.refuse_unknown(item, [dag.name for dag in dags], findings)


def _served(names: Sequence[str], work: Work) -> tuple[str, ...]:
    """Return the changes a step serves: of the assignment, the person, or the group that goes."""
    people = Whereabouts(work)
    keys = {folded(name) for name in names}
    left = {people.dag_before(name) for name in names}
    own = [c for kind in TOUCHED for c in work.of(kind) if c.key in keys]
    gone = [c for c in work.of("dags") if isinstance(c, Delete) and c.key in left]
    return tuple(change.address for change in (*own, *gone))


KIND = DagAssignments()
