"""Where every run of the campaign starts from, and how one ends that nothing disturbs."""

from __future__ import annotations

import json
import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from unittest.mock import patch

from redcap_iac import workflow
from redcap_iac.answers import Answer
from redcap_iac.calls import Call
from redcap_iac.emulator.server import Emulator
from redcap_iac.outcome import Progress
from redcap_iac.plan import Step
from redcap_iac.workflow import Answers, Applied, Goal, Planned, Session
from redcap_iac.workflow.keeping import Keeping
from tests.emulator.served import Project, new_project
from tests.end_to_end.campaign.design import AFTER, BEFORE, OWN_RIGHTS, Stored, records
from tests.end_to_end.campaign.looking import Everybody, more_than, shape, stored, visible
from tests.end_to_end.study import Silent, Study, everything
from tests.end_to_end.watching import Watched, grant, present_access

#: Of whom these tell, more is said to be open to them for a moment.
NAMING = ("H126", "H127")
#: Records in one part of a copy, and values in one import: so few that there are several parts.
_PART, _IMPORT = 3, 20


@dataclass(frozen=True, slots=True)
class Start:
    """A database that holds the first design with records, and how a clean run goes and ends.

    `calls` are all calls of the clean run, each with the number of the step it belongs to (from 0;
    -1 before the first one).
    """

    database: Path
    project_id: int
    token: str
    steps: tuple[Step, ...] = ()
    calls: tuple[tuple[int, Call], ...] = ()
    shape: Mapping[str, Counter[str]] = field(default_factory=dict)
    first: frozenset[Stored] = frozenset()
    last: frozenset[Stored] = frozenset()
    seen: frozenset[tuple[str, ...]] = frozenset()
    before: Everybody = field(default_factory=dict)
    after: Everybody = field(default_factory=dict)


def prepared(folder: Path) -> Start:
    """Make the first design with records, then one run without disturbance to compare with."""
    with Emulator(folder / "first.db") as emulator:
        project = new_project(emulator)
        Study(project, folder).converge(BEFORE)
        answer = project.post("record", action="import", data=json.dumps(records()))
        assert answer.status_code == 200, answer.text
        for name, rights in OWN_RIGHTS.items():
            grant(project, name, **rights)
        with (
            closing(sqlite3.connect(folder / "first.db")) as source,
            closing(sqlite3.connect(folder / "start.db")) as target,
        ):
            source.backup(target)
        bare = Start(folder / "start.db", project.project_id, project.token)
    with opened(bare) as study:
        return _clean(bare, study)


def _clean(bare: Start, study: Study) -> Start:
    goal = study.goal()
    before, first = present_access(study.project), frozenset(stored(study))
    watch = Watch(study, {}, {})
    planned = workflow.plan(watch.session, goal)
    made: list[tuple[int, Call]] = []
    following = Following()
    watch.on_call = lambda _, call: made.append((following.number, call))
    applied = watch.apply(goal, planned, following)
    assert applied.is_complete, (applied.outcomes[-1].error, applied.trouble)
    return replace(
        bare, steps=planned.plan.steps, calls=tuple(made), shape=shape(study), first=first,
        last=frozenset(stored(study)), seen=frozenset(visible(study)), before=before,
        after=present_access(study.project),
    )  # fmt: skip


@contextmanager
def opened(start: Start) -> Iterator[Study]:
    """Serve a copy of the first design; the second one is declared in the study's folder."""
    folder = Path(tempfile.mkdtemp())
    try:
        shutil.copy(start.database, folder / "emulator.db")
        with Emulator(folder / "emulator.db") as emulator, in_small_parts():
            study = Study(Project(emulator, start.project_id, start.token), folder)
            study.declare(AFTER)
            yield study
    finally:
        shutil.rmtree(folder)


@contextmanager
def in_small_parts() -> Iterator[None]:
    """Let copies go in several parts, few as the records are."""
    where = "redcap_iac.carrier.records"
    with patch(f"{where}._MOST_IN_AN_ARRAY", _PART), patch(f"{where}._MOST_VALUES", _IMPORT):
        yield


class Following(Silent):
    """Knows which step is being made, from 0; -1 before the first."""

    def __init__(self) -> None:
        self.number = -1

    def step(self, number: int, total: int, step: Step) -> None:  # noqa: ARG002 - as asked for
        """Count."""
        self.number += 1


class Watch:
    """A session that is watched: after each write everybody's access is looked at.

    `on_call` is told the number of a call, from 0 since the last `plan`, before it is sent,
    `on_called` after it was answered.
    """

    def __init__(self, study: Study, before: Everybody, after: Everybody) -> None:
        self.study = study
        self.calls = 0
        self.problems: list[str] = []
        self.named: frozenset[str] = frozenset()
        self.on_call: Callable[[int, Call], object] = lambda *_: None
        self.on_called: Callable[[int, Call], object] = lambda *_: None
        self._limits = (before, after)
        client = Watched(study.project, self._before, self._after)
        self.session: Session = replace(
            study.session, client=client, state_dir=study.folder / ".redcap-iac"
        )

    def plan(self, goal: Goal) -> Planned:
        """Plan, and remember whom the plan names as having more for a moment."""
        planned = workflow.plan(self.session, goal)
        self.named = frozenset(
            name
            for one in planned.plan.findings
            if one.code in NAMING and one.stake is not None
            for name in one.stake.names
        )
        self.calls = 0
        return planned

    def apply(
        self, goal: Goal, planned: Planned, progress: Progress, answers: Answers | None = None,
        resumes: str = "",
    ) -> Applied:  # fmt: skip
        """Carry a plan out with everything answered, or with these answers."""
        return workflow.apply(
            self.session, goal, planned, progress, answers=answers or everything(),
            keeping=Keeping(resumes=resumes),
        )  # fmt: skip

    def excess(self) -> Mapping[str, str]:
        """Return who has more now than before and after."""
        before, after = self._limits
        return more_than(present_access(self.study.project), before, after) if after else {}

    def _before(self, call: Call) -> None:
        self.on_call(self.calls, call)

    def _after(self, call: Call, answer: Answer) -> Answer:
        if call.writes:
            found = self.excess()
            self.problems += [said for name, said in found.items() if name not in self.named]
        number, self.calls = self.calls, self.calls + 1
        self.on_called(number, call)
        return answer
