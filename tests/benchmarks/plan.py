"""How long a no-change plan of a large project takes, as ratios within one run.

Run it by hand: `python -m tests.benchmarks.plan [FIELDS]`. It makes a manifest of 10,000 fields in
100 instruments, applies it to an emulator in memory and prints each part of a second plan
relative to the reading of the files by ruamel.yaml alone and to the exports over loopback.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from redcap_iac import exporter, workflow
from redcap_iac.emulator.server import Emulator
from redcap_iac.manifest.loader import load
from tests.emulator.served import new_project
from tests.end_to_end.study import Silent, Study, everything

T = TypeVar("T")


def write_manifest(folder: Path, fields: int, forms: int = 100) -> int:
    """Write a manifest of that many fields; return its number of lines."""
    (folder / "instruments").mkdir(exist_ok=True)
    lines = 0
    for form in range(forms):
        text = [f"instrument: form_{form:03}", "fields:"]
        if form == 0:
            text += ["  record_id:", "    type: text", '    label: "ID"']
        for number in range(fields // forms):
            text += [
                f"  f{form:03}_{number:03}:",
                "    type: radio",
                f'    label: "Question {number} of form {form}: how often, how much, how long?"',
                "    choices:",
                '      0: "Not at all"',
                '      1: "Several days"',
                '      2: "Nearly every day"',
            ]
            if number:
                text.append(f"    branching: \"[f{form:03}_{number - 1:03}] = '1'\"")
        (folder / "instruments" / f"form_{form:03}.yaml").write_text("\n".join(text) + "\n")
        lines += len(text)
    (folder / "redcap.yaml").write_text("version: 1\ninstruments: [instruments/*.yaml]\n")
    return lines


def timed(what: Callable[[], T]) -> tuple[T, float]:
    """Return what a function returns and the seconds it took."""
    start = time.perf_counter()
    result = what()
    return result, time.perf_counter() - start


def main() -> None:
    """Measure and print."""
    fields = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with Emulator() as emulator, tempfile.TemporaryDirectory() as name:
        study = Study(new_project(emulator), Path(name))
        lines = write_manifest(study.folder, fields)
        manifest, loading = timed(lambda: load(study.folder))
        goal = workflow.Goal(manifest.desired, manifest.digest)
        session = study.session
        planned, first = timed(lambda: workflow.plan(session, goal))
        applied, applying = timed(
            lambda: workflow.apply(session, goal, planned, Silent(), answers=everything())
        )
        assert applied.is_complete
        _, reading = timed(lambda: exporter.read_live(session.client))
        again, planning = timed(lambda: workflow.plan(session, goal))
        assert again.plan.is_empty
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{fields} fields, {lines} lines of YAML")
    print(f"load                 {loading:6.2f} s   1.0 (the measure)")
    print(f"exports, emulator too {reading:5.2f} s   {reading / loading:.1f}")
    print(f"plan without change  {planning:6.2f} s   {planning / reading:.2f} of the exports")
    print(f"first plan           {first:6.2f} s   {first / loading:.1f}")
    print(f"apply with proof     {applying:6.2f} s   {applying / loading:.1f}")
    print(f"most memory, emulator too {memory:.0f} MiB")


if __name__ == "__main__":
    main()
