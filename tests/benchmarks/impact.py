"""What counting costs a plan that removes very many fields: calls, and time as a ratio.

Run it by hand: `python -m tests.benchmarks.impact [FIELDS]`. It makes a project of 1,000 fields and
20 records on an emulator in memory, plans to remove all but a few of the fields, without counts,
with counts and from values, for no field, a few fields and every field holding data.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from redcap_iac import workflow
from redcap_iac.emulator.server import Emulator
from redcap_iac.hazard import Guards, ImpactMode
from tests.emulator.served import Project, new_project
from tests.end_to_end.study import Study
from tests.end_to_end.watching import Watched

_RECORDS = 20
_FORMS = 10


def design(fields: int, *, doomed: bool) -> dict[str, Any]:
    """Return a manifest of so many fields, or of the few that stay."""
    instruments = []
    for form in range(_FORMS):
        names = [f"kept_{form}"]
        names += [f"f_{number}" for number in range(form, fields, _FORMS)] if doomed else []
        made: dict[str, Any] = {name: {"type": "text", "label": name} for name in names}
        if form == 0:
            made = {"record_id": {"type": "text", "label": "ID"}, **made}
        instruments.append({"instrument": f"form_{form}", "fields": made})
    return {"instruments": instruments}


def fill(project: Project, names: Iterable[str]) -> None:
    """Give every record a value in these fields."""
    values = dict.fromkeys(names, "x")
    rows = [{"record_id": str(n + 1), "kept_0": "x", **values} for n in range(_RECORDS)]
    project.post("record", action="import", data=json.dumps(rows)).raise_for_status()


def measured(study: Study, goal: workflow.Goal, mode: ImpactMode) -> tuple[int, float]:
    """Return the calls and the seconds of a plan."""
    client = Watched(study.project)
    session = replace(study.session, client=client, guards=Guards(impact=mode))
    start = time.perf_counter()
    plan = workflow.plan(session, goal).plan
    seconds = time.perf_counter() - start
    assert plan.deletions()
    return len(client.calls), seconds


def main() -> None:
    """Measure and print."""
    fields = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    with Emulator() as emulator, tempfile.TemporaryDirectory() as name:
        study = Study(new_project(emulator), Path(name))
        study.converge(design(fields, doomed=True))
        goal = study.declare(design(fields, doomed=False))
        print(f"{fields} fields removed, {_RECORDS} records")
        for holding in (0, 5, fields):
            fill(study.project, (f"f_{number}" for number in range(holding)))
            bare, alone = measured(study, goal, ImpactMode.NONE)
            print(f"{holding:5} of them hold data; without counts {bare} calls, {alone:.2f} s")
            for mode in (ImpactMode.COUNTS, ImpactMode.VALUES):
                calls, seconds = measured(study, goal, mode)
                print(f"      {mode:7} {calls - bare:5} calls more, {seconds / alone:6.1f} times")


if __name__ == "__main__":
    main()
