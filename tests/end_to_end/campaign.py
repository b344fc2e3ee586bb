"""The campaign: a plan that touches every kind, disturbed at every step in every way there is.

`python -m tests.end_to_end.campaign [NUMBER]` prints its figures, of all points or of that many
taken by chance. A kill in this process is an exception nobody catches, raised from the client: what
is left of the run then is what is on the disk, as after `kill -9`; `killed_for_good` does the same
to a real process.
"""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from redcap_iac import workflow
from redcap_iac.answers import Answer
from redcap_iac.calls import Call
from redcap_iac.emulator.faults import Fault
from redcap_iac.emulator.server import Emulator
from redcap_iac.errors import RedcapIacError
from redcap_iac.kinds import all_kinds
from redcap_iac.plan import Step
from redcap_iac.workflow import Answers, Applied, Goal, Planned, Session
from redcap_iac.workflow.keeping import Keeping
from redcap_iac.workflow.resuming import unfinished, with_words_of
from tests.emulator.served import Project, new_project
from tests.end_to_end.study import Silent, Study, everything
from tests.end_to_end.watching import Watched
from tests.end_to_end.whole import AFTER, BEFORE

RECORDS = [
    {"record_id": "1", "redcap_event_name": "baseline_arm_1", "start": "Zanzibar", "doomed": "x"},
    {"record_id": "1", "redcap_event_name": "week_4_arm_1", "redcap_repeat_instrument": "visit",
     "redcap_repeat_instance": 1, "mood": "dull"},
    {"record_id": "1", "redcap_event_name": "week_4_arm_1", "redcap_repeat_instrument": "visit",
     "redcap_repeat_instance": 2, "mood": "fine"},
    {"record_id": "2", "redcap_event_name": "baseline_arm_1", "start": "now"},
]  # fmt: skip
SURVIVING = ("start", "mood")
KILLS = ("killed before it is written", "killed once it is written")
FAULTS = ("cut before", "cut after", "error 500", "gone for good")
MOMENTS = ("another writer, same unit", "another writer, another unit", "moved to production")
WAYS = (*KILLS, *FAULTS, *MOMENTS)

Access = Mapping[str, Mapping[str, str]]


class KilledError(BaseException):
    """The end of a process: nothing catches it."""


@dataclass(frozen=True, slots=True)
class Start:
    """A database that holds the first design with records, and how a clean run ends."""

    database: Path
    project_id: int
    token: str
    steps: tuple[Step, ...] = ()
    shape: Mapping[str, Counter[str]] = field(default_factory=dict)
    values: Counter[tuple[str, ...]] = field(default_factory=Counter)
    before: Access = field(default_factory=dict)
    after: Access = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Point:
    """One disturbance: of the step of this number (from 0), in this way."""

    step: int
    way: str


@dataclass(frozen=True, slots=True)
class Result:
    """How a point ended: `resumed` where `apply --resume` finished it, else a fresh plan did."""

    point: Point
    resumed: bool = False
    problems: tuple[str, ...] = ()


def prepared(folder: Path) -> Start:
    """Make the first design with records, then one run without disturbance to compare with."""
    with Emulator(folder / "first.db") as emulator:
        project = new_project(emulator)
        Study(project, folder).converge(BEFORE)
        project.post("record", action="import", data=json.dumps(RECORDS)).raise_for_status()
        with (
            closing(sqlite3.connect(folder / "first.db")) as source,
            closing(sqlite3.connect(folder / "start.db")) as target,
        ):
            source.backup(target)
        bare = Start(folder / "start.db", project.project_id, project.token)
    with opened(bare) as study:
        goal = study.goal()
        before = access(study.project)
        watch = Watch(study, before, {})
        planned = workflow.plan(watch.session, goal)
        applied = watch.apply(goal, planned, Silent())
        assert applied.is_complete, (applied.outcomes[-1].error, applied.trouble)
        return replace(
            bare, steps=planned.plan.steps, shape=shape(study), values=values(study),
            before=before, after=access(study.project),
        )  # fmt: skip


@contextmanager
def opened(start: Start) -> Iterator[Study]:
    """Serve a copy of the first design; the second one is declared in the study's folder."""
    folder = Path(tempfile.mkdtemp())
    try:
        shutil.copy(start.database, folder / "emulator.db")
        with Emulator(folder / "emulator.db") as emulator:
            study = Study(Project(emulator, start.project_id, start.token), folder)
            study.declare(AFTER)
            yield study
    finally:
        shutil.rmtree(folder)


class Watch:
    """A session that is watched: after each write everybody's access is looked at."""

    def __init__(self, study: Study, before: Access, after: Access) -> None:
        self.study = study
        self.writes = 0
        self.problems: list[str] = []
        self.on_write: Callable[[int], None] = lambda _: None
        self.on_written: Callable[[int], None] = lambda _: None
        self._limits = (before, after)
        client = Watched(study.project, self._before, self._after)
        self.session: Session = replace(
            study.session, client=client, state_dir=study.folder / ".redcap-iac"
        )

    def apply(
        self, goal: Goal, planned: Planned, progress: Silent, answers: Answers | None = None,
        resumes: str = "",
    ) -> Applied:  # fmt: skip
        """Carry a plan out with everything answered, or with these answers."""
        return workflow.apply(
            self.session, goal, planned, progress, answers=answers or everything(),
            keeping=Keeping(resumes=resumes),
        )  # fmt: skip

    def look(self) -> None:
        """Note whoever has more than before and after."""
        before, after = self._limits
        if after:
            found = access(self.study.project)
            self.problems += more_than(found, before, after)

    def _before(self, call: Call) -> None:
        if call.writes:
            self.on_write(self.writes)

    def _after(self, call: Call, answer: Answer) -> Answer:
        if call.writes:
            self.look()
            self.on_written(self.writes)
            self.writes += 1
        return answer


class Moment(Silent):
    """Acts right before a step is begun: before what it replaces is read once more."""

    def __init__(self, number: int, act: Callable[[], object]) -> None:
        self._number = number
        self._act = act
        self._told = 0

    def step(self, number: int, total: int, step: Step) -> None:  # noqa: ARG002 - as asked for
        """Act once, when its step comes."""
        if self._told == self._number:
            self._act()
        self._told += 1


def tried(start: Start, point: Point) -> Result:
    """Disturb one run at one point, finish it, and look what is there."""
    with opened(start) as study:
        watch = Watch(study, start.before, start.after)
        goal = study.goal()
        planned = workflow.plan(watch.session, goal)
        foreign = disturb(study, watch, start, point)
        try:
            watch.apply(goal, planned, foreign or Silent())
        except KilledError:
            pass
        except RedcapIacError as error:
            watch.problems.append(f"raised {type(error).__name__}: {error.message}")
        settle(study, watch)
        if isinstance(foreign, Foreign):
            watch.problems += foreign.problems()
        study.project.status("development")
        watch.look()
        resumed = finish(study, watch)
        watch.look()
        problems = dict.fromkeys((*watch.problems, *differing(study, start), *leaks(study)))
        return Result(point, resumed, tuple(problems))


class Foreign(Moment):
    """Somebody else's change, which the disturbed run must not take away without noticing."""

    def __init__(self, number: int, study: Study, *, design: bool) -> None:
        super().__init__(number, self._work)
        self._study = study
        self._design = design
        self._done = False

    def _work(self) -> None:
        project, self._done = self._study.project, True
        if self._design:
            rows = project.rows("metadata")
            for row in rows:
                row["field_note"] = "seen" if row["field_name"] == "mood" else row["field_note"]
            project.post("metadata", action="import", data=json.dumps(rows)).raise_for_status()
        else:
            row = {"username": "zoe", "expiration": "2027-01-31"}
            project.post("user", action="import", data=json.dumps([row])).raise_for_status()

    def problems(self) -> Iterator[str]:
        """Yield what became of the work where it was lost."""
        project = self._study.project
        if self._done and self._design:
            notes = {row["field_name"]: row["field_note"] for row in project.rows("metadata")}
            if notes["mood"] != "seen":
                yield "somebody else's dictionary change was overwritten"
        elif self._done and "zoe" not in {row["username"] for row in project.rows("user")}:
            yield "somebody else's new user was deleted"


def disturb(study: Study, watch: Watch, start: Start, point: Point) -> Moment | None:
    """Order what goes wrong at a point; returns what has to be told of each step."""
    kind = start.steps[point.step].kind
    access_kinds = {"dags", "roles", "users", "role_assignments", "dag_assignments"}
    if point.way in KILLS:

        def kill(number: int) -> None:
            if number == point.step:
                raise KilledError

        if point.way == KILLS[0]:
            watch.on_write = kill
        else:
            watch.on_written = kill
        return None
    if point.way in FAULTS:
        strike(study, point)
        return None
    if point.way == "moved to production":
        return Moment(point.step, lambda: study.project.status("production"))
    same = point.way == "another writer, same unit"
    return Foreign(point.step, study, design=(kind not in access_kinds) == same)


def strike(study: Study, point: Point) -> None:
    """Let the call of a step meet a fault of the line or of the server."""
    faults = study.project.emulator.faults
    ordinary = faults.striking
    kinds = {
        "cut before": Fault("cut-before"),
        "cut after": Fault("cut-after"),
        "error 500": Fault("error", "500"),
        "gone for good": Fault("cut-after"),
    }
    met = [0]

    def striking(content: str, action: str, now: datetime) -> tuple[Fault, ...]:
        number = met[0]
        if action != "export":
            met[0] += 1
        gone = point.way == "gone for good" and number > point.step
        if gone or (action != "export" and number == point.step):
            return (Fault("cut-before") if gone else kinds[point.way],)
        return ordinary(content, action, now)

    faults.striking = striking  # type: ignore[method-assign]


def settle(study: Study, watch: Watch) -> None:
    """Take every disturbance away."""
    faults = study.project.emulator.faults
    if "striking" in vars(faults):
        del vars(faults)["striking"]
    watch.on_write = watch.on_written = lambda _: None


def finish(study: Study, watch: Watch) -> bool:
    """Go on: by the journal with the words it keeps, else by a fresh plan with all answered."""
    session, goal = watch.session, study.goal()
    planned = workflow.plan(session, goal)
    try:
        record = unfinished(session, goal, planned.plan.target)
        answers = with_words_of(record, Answers(), planned)
        applied = watch.apply(goal, planned, Silent(), answers, record.path.name)
        if applied.is_complete:
            return True
        watch.problems.append(f"resumed, and not complete: {applied.outcomes[-1].error}")
    except RedcapIacError:
        pass  # nothing to resume, or a hazard nobody accepted then: a fresh plan
    planned = workflow.plan(session, goal)
    applied = watch.apply(goal, planned, Silent())
    if not applied.is_complete:
        watch.problems.append(f"not complete: {applied.outcomes[-1].error or applied.trouble}")
    return False


def differing(study: Study, start: Start) -> Iterator[str]:
    """Yield what is not as after a run without disturbance: twice there, or not there."""
    for kind, items in shape(study).items():
        twice, gone = items - start.shape[kind], start.shape[kind] - items
        if twice or gone:
            yield f"{kind}: too much {sorted(twice)}, missing {sorted(gone)}"
    if values(study) != start.values:
        yield f"values: {values(study) - start.values} for {start.values - values(study)}"
    left = workflow.plan(study.session, study.goal()).plan.changes
    if left:
        yield f"left to do: {[change.address for change in left]}"


def leaks(study: Study) -> Iterator[str]:
    """Yield the files that were kept and hold the token or a stored value."""
    for path in (study.folder / ".redcap-iac").rglob("*"):
        text = path.read_text(encoding="utf-8").lower() if path.is_file() else ""
        if "zanzibar" in text or study.project.token.lower() in text:
            yield f"{path.name} holds a value or the token"


def shape(study: Study) -> dict[str, Counter[str]]:
    """Return what each kind holds as people compare it: a second one of a name is told."""
    live = workflow.read(study.session)
    return {
        kind.name: Counter(
            f"{kind.address(item)} {kind.normal(item)}".replace(
                str(getattr(item, "unique_name", "-")), "-"
            )
            if kind.name in ("roles", "dags")
            else f"{kind.address(item)} {kind.normal(item)}"
            for item in kind.items(live.state)
        )
        for kind in all_kinds()
    }


def values(study: Study) -> Counter[tuple[str, ...]]:
    """Return every stored value of the fields that survive, with record and instance."""
    rows = study.project.rows("record", type="eav", fields=["record_id", *SURVIVING])
    columns = ("record", "redcap_repeat_instance", "field_name", "value")
    return Counter(
        tuple(str(row.get(column, "")) for column in columns)
        for row in rows
        if row["field_name"] in SURVIVING
    )


def access(project: Project) -> Access:
    """Return everybody's access as REDCap shows it: members of a role with the role's rights."""
    found: dict[str, dict[str, str]] = {}
    for row in project.rows("user"):
        own = found.setdefault(row["username"], {})
        for name, cell in row.items():
            if isinstance(cell, dict):
                own.update({f"{name}/{form}": str(code) for form, code in cell.items()})
            elif isinstance(cell, int):
                own[name] = str(cell)
        own["group"] = row["data_access_group"] or "every group"
        own["ends"] = row["expiration"] or "never"
    return found


def more_than(now: Access, before: Access, after: Access) -> Iterator[str]:
    """Yield whoever may do what they could not before and may not afterwards."""
    for person, rights in now.items():
        allowed = (before.get(person, {}), after.get(person, {}))
        if not any(allowed):
            continue  # somebody another writer added
        if is_bare(rights):
            continue
        for name, value in rights.items():
            if name == "data_access_group_id" or is_none(name, value):
                continue
            if value not in (sides := [side.get(name) for side in allowed]):
                yield f"{person} has {name} {value}, before and after {sides}"


def is_none(name: str, value: str) -> bool:
    """Tell whether a value grants nothing; of form rights in bits 128 is no access (recorded)."""
    return value == "0" or (name.startswith("forms/") and value == "128")


def is_bare(rights: Mapping[str, str]) -> bool:
    """Tell whether somebody may do nothing: then it does not matter in which group, or how long."""
    about = ("group", "ends", "data_access_group_id")
    return all(is_none(name, value) for name, value in rights.items() if name not in about)


def points(start: Start) -> list[Point]:
    """Return every point there is."""
    return [Point(step, way) for step in range(len(start.steps)) for way in WAYS]


def campaign(start: Start, number: int | None = None, seed: int = 0) -> Iterator[Result]:
    """Try every point, or so many taken by chance."""
    chosen = points(start)
    if number is not None and number < len(chosen):
        chosen = random.Random(seed).sample(chosen, number)
    for point in chosen:
        yield tried(start, point)


def figures(results: list[Result]) -> str:
    """Return the figures of a campaign."""
    lost = [result for result in results if result.problems]
    resumed = sum(result.resumed for result in results)
    lines = [
        f"points tried: {len(results)}",
        f"converged: {len(results) - len(lost)} ({resumed} by apply --resume, else a fresh plan)",
        f"lost: {len(lost)}",
    ]
    lines += [f"  {r.point.step} {r.point.way}: {'; '.join(r.problems)}" for r in lost]
    return "\n".join(lines)


def main() -> int:
    """Run the campaign and print its figures."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else None
    with tempfile.TemporaryDirectory() as folder:
        start = prepared(Path(folder))
        results = list(campaign(start, number))
    sys.stdout.write(figures(results) + "\n")
    return 1 if any(result.problems for result in results) else 0


if __name__ == "__main__":
    sys.exit(main())
