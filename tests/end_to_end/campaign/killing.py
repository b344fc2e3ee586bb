"""Real processes of the command line, ended by `kill -9` at each write of the plan."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path

from redcap_iac import workflow
from redcap_iac.emulator import registry
from redcap_iac.emulator.faults import Fault
from redcap_iac.safety.acceptance import needs_acceptance
from redcap_iac.state import Unit
from tests.end_to_end.campaign.design import AFTER, homes, moved
from tests.end_to_end.campaign.looking import exposed, leaks, more_than, shape, stored
from tests.end_to_end.campaign.points import PLANNED, RESUMED, Point, Result
from tests.end_to_end.campaign.start import Start, opened
from tests.end_to_end.study import Study
from tests.end_to_end.watching import present_access

#: Right before the server carries a call out, which it then does not, and right after it has.
UNSENT, WRITTEN = "kill -9 before the server wrote", "kill -9 after the server wrote"
_PATIENCE = 120
_APPROVED = ("--auto-approve",)


def kills(start: Start, number: int | None = None, seed: int = 0) -> list[Point]:
    """Return every write, numbered from 1, in both ways, or so many taken by chance."""
    # of a copy a process makes one import: it does not work in small parts
    writing = [call.content for _, call in start.calls if call.writes]
    writes = len([content for content in writing if content != "record"]) + 1
    every = [Point(nth, way) for nth in range(1, writes + 1) for way in (UNSENT, WRITTEN)]
    return every if number is None else random.Random(seed).sample(every, min(number, len(every)))


def killed_for_good(start: Start, point: Point) -> Result:
    """Kill a process at a write, let others finish its work, and look what is there."""
    with opened(start) as study:
        _declare(study)
        run = _Runs(study, point)
        problems = list(run.killed())
        now = stored(study)
        problems += [
            f"value of {value[3]} at {value[1]} is nowhere"
            for value in start.first
            if moved(value) in start.last and now.isdisjoint(homes(value))
        ]
        untold = more_than(present_access(study.project), start.before, start.after)
        if untold.keys() - exposed(study):
            problems.append(f"more, and no journal says so: {sorted(untold)}")
        by = run.finished()
        problems += run.problems
        problems += more_than(present_access(study.project), start.before, start.after).values()
        if shape(study) != start.shape:
            problems.append("the design is another one")
        if stored(study) != start.last:
            problems.append(f"values: {stored(study) ^ start.last}")
        return Result(point, by, (*problems, *leaks(study)))


def _declare(study: Study) -> None:
    """Write the second design with the environment that the command line needs."""
    environment = {
        "url": study.project.emulator.url,
        "token": "env:STUDY_TOKEN",
        "user": "jdoe",
        "project_id": study.project.project_id,
        "data": "test",
    }
    study.declare({**AFTER, "environments": {"dev": environment}})


class _Runs:
    """The processes of one point."""

    def __init__(self, study: Study, point: Point) -> None:
        self._study = study
        self._point = point
        self.problems: list[str] = []

    def killed(self) -> list[str]:
        """Apply, and kill the process at its write; the emulator lives on."""
        process = self._started("apply", *self._words())
        emulator, point = self._study.project.emulator, self._point
        met: list[str] = []

        def kill() -> None:
            os.kill(process.pid, signal.SIGKILL)
            process.wait(_PATIENCE)

        def striking(content: str, action: str, now: datetime) -> tuple[Fault, ...]:
            met.extend([content] * registry.writes(content, action))
            if point.way == UNSENT and len(met) == point.call and process.poll() is None:
                kill()
                return (Fault("cut-before"),)
            return ()

        def on_call(phase: str, *_: object) -> None:
            if point.way == WRITTEN and phase == "after" and len(met) == point.call:
                kill()

        emulator.faults.striking = striking  # type: ignore[method-assign]
        emulator.on_call = on_call
        out, error = process.communicate(timeout=_PATIENCE)
        emulator.on_call = None
        del vars(emulator.faults)["striking"]
        if process.returncode != -signal.SIGKILL:
            return [f"not killed, but {process.returncode}: {(out + error)[-300:]}"]
        return []

    def finished(self) -> str:
        """Resume; where that asks for words nobody gave, make a fresh plan and give them."""
        done = self._ran("apply", "--resume", *_APPROVED)
        if done.returncode == 0:
            return RESUMED
        again = self._ran("apply", *self._words())
        if again.returncode != 0:
            self.problems += [(one.stdout + one.stderr)[-300:] for one in (done, again)]
        return PLANNED

    def _words(self) -> list[str]:
        """Return what answers all that a plan shows now."""
        plan = workflow.plan(self._study.session, self._study.goal()).plan
        words = [*_APPROVED, "--migrate-data"]
        words += [word for unit in Unit for word in ("--allow-delete", str(unit))]
        for one in plan.findings:
            if one.stake is not None and needs_acceptance(one.stake):
                words += ["--accept", f"{one.code}:{one.address}"]
        return words

    def _started(self, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self._line(*words), env=self._environ(), text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def _ran(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self._line(*words), env=self._environ(), text=True, check=False,
            capture_output=True, timeout=_PATIENCE,
        )  # fmt: skip

    def _line(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "redcap_iac", "-C", str(self._study.folder), *words]

    def _environ(self) -> dict[str, str]:
        home = Path(self._study.folder)
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith("CI")},
            "STUDY_TOKEN": self._study.project.token,
            "XDG_CONFIG_HOME": str(home / "config"),
        }
