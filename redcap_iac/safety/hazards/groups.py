"""H120: a Data Access Group removed or renamed while records or users are in it.

Records of a removed group belong to no site, and only people in no group see them; whether REDCap
removes a group that holds records at all is not recorded (inferred: it refuses). A renamed group
keeps its records and people, but its unique name follows the label (recorded), so that imports,
logic and scripts that say the old one fail.
"""

from __future__ import annotations

from collections.abc import Iterator

from redcap_iac.changes import Change, Delete, Rename
from redcap_iac.findings import Finding
from redcap_iac.hazard import Answer, Count, Undoable, Voice
from redcap_iac.kinds.dag_assignments import KIND as DAG_ASSIGNMENTS
from redcap_iac.kinds.dags import Dag
from redcap_iac.kinds.users import KIND as USERS
from redcap_iac.safety.hazards import Counts
from redcap_iac.safety.scene import Question, Scene


def questions(scene: Scene) -> Iterator[Question]:
    """Ask for the records of each group by itself."""
    for _, before in _concerned(scene):
        yield Question(group=str(before.unique_name))


def found(scene: Scene, counts: Counts) -> Iterator[Finding]:
    """Tell each group on its own: every site answers for its records and people."""
    for change, before in _concerned(scene):
        yield _told(scene, change, before, counts[Question(group=str(before.unique_name))])


def _concerned(scene: Scene) -> Iterator[tuple[Change, Dag]]:
    for change in () if scene.fresh else scene.of("dags"):
        if isinstance(change, Delete | Rename):
            assert isinstance(change.before, Dag)
            yield change, change.before


def _told(scene: Scene, change: Change, before: Dag, count: Count) -> Finding:
    people = _people(scene, str(before.unique_name))
    empty = count.is_zero and people == ()

    def sentence(voice: Voice) -> str:
        users = (
            "users who cannot be seen"
            if people is None
            else voice.people(people, "user", "users")
            if people
            else "no user"
        )
        inside = "no record and no user" if empty else f"{voice.records(count)} and {users}"
        return f"{_what(change, before)} with {inside} in it.{_then(change, before, count)}"

    return scene.hazard(
        "H120",
        change,
        sentence,
        Answer.NOTE if empty else Answer.ACCEPTANCE,
        Undoable.YES if empty or isinstance(change, Rename) else Undoable.PARTLY,
        count=count,
        names=people or (),
        advice="" if empty else _advice(change),
    )


def _what(change: Change, before: Dag) -> str:
    if isinstance(change, Rename):
        assert isinstance(change.after, Dag)
        return f"Group {before.name.strip()} would be renamed to {change.after.name.strip()}"
    return f"Group {before.name.strip()} would be removed"


def _then(change: Change, before: Dag, count: Count) -> str:
    if isinstance(change, Rename):
        return f" What says {before.unique_name} outside the project no longer finds it."
    # sources conflict: some servers refuse, others leave the records without a group
    return "" if count.is_zero else " REDCap may refuse that while records are in it."


def _advice(change: Change) -> str:
    if isinstance(change, Rename):
        return "Tell who imports records or has scripts for this site before it is renamed."
    return (
        "If it got another name, say `renamed_from:` on the new one. Otherwise move its records to"
        " another group first, on REDCap's pages, and its people in the manifest."
    )


def _people(scene: Scene, group: str) -> tuple[str, ...] | None:
    """Return who is in a group, sorted; None where that cannot be read."""
    state = scene.live.state
    assigned = DAG_ASSIGNMENTS.of(state)
    if assigned is not None:
        return tuple(sorted(one.username for one in assigned if one.to == group))
    users = USERS.of(state)
    if users is None:
        return None
    return tuple(sorted(user.username for user in users if user.dag == group))
