"""What a rename with data costs: counts, calls, and time against a plain export and import.

Run it by hand: `python -m tests.benchmarks.rename [VALUES]`. It fills a field with 10,000 values
over three events of an emulator, renames it with `--migrate-data`, and prints what happened; time
is given as a ratio to exporting the same values once and importing them once under another name.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from redcap_iac import workflow
from redcap_iac.calls import Call
from redcap_iac.carrier import Carried, Carrier
from redcap_iac.client import Client, Connection
from redcap_iac.emulator.server import Emulator
from redcap_iac.exporter import read_live
from redcap_iac.plan import Copy, Phase
from redcap_iac.secret import Secret
from redcap_iac.workflow import Answers
from tests.emulator.served import new_project
from tests.end_to_end.study import Silent, Study

EVENTS = ("Base", "Week 4", "Week 8")


@dataclass(frozen=True, slots=True)
class Measured:
    """Values before and after by event, calls by content and action, seconds, what was proved."""

    before: dict[str, int]
    after: dict[str, int]
    left: int
    calls: dict[str, int]
    renaming: float
    copying: float
    plain: float
    carried: Carried


class Counting(Client):
    """Sends as any client and keeps what was asked."""

    def __init__(self, study: Study) -> None:
        connection = Connection(study.project.emulator.url, timeout=300)
        super().__init__(connection, Secret(study.project.token), sleep=lambda _: None)
        self.calls: list[Call] = []

    def send(self, call: Call) -> Any:  # noqa: ANN401 - an answer, as it came
        self.calls.append(call)
        return super().send(call)


def manifest(name: str, **hint: str) -> dict[str, Any]:
    """Return a study of three events whose one field has a name."""
    return {
        "instruments": [
            {
                "instrument": "visits",
                "fields": {
                    "record_id": {"type": "text", "label": "ID"},
                    name: {"type": "text", "label": "Postal code", **hint},
                },
            }
        ],
        "arms": [
            {
                "number": 1,
                "name": "Main",
                "events": [{"name": one, "instruments": ["visits"]} for one in EVENTS],
            }
        ],
    }


def fill(study: Study, values: int) -> None:
    """Store so many values of `postal`, spread over the three events."""
    events = [f"{one.lower().replace(' ', '_')}_arm_1" for one in EVENTS]
    rows = tuple(
        {
            "record": str(number // len(EVENTS) + 1),
            "redcap_event_name": events[number % len(EVENTS)],
            "field_name": "postal",
            "value": f"{number:05}",
        }
        for number in range(values)
    )
    for start in range(0, values, 5000):
        part = rows[start : start + 5000]
        study.session.client.send(Call("record", "import", part, {"type": "eav"}))


def counted(study: Study, name: str) -> dict[str, int]:
    """Return how many values a field has by event, from the emulator's own tables."""
    with study.project.emulator.store.transaction() as db:
        rows = db.execute(
            "SELECT e.unique_name, d.value FROM data d JOIN events e ON e.event_id = d.event_id"
            " WHERE d.project_id = ? AND d.field_name = ?",
            (study.project.project_id, name),
        ).fetchall()
    return dict(Counter(row[0] for row in rows))


def plainly(study: Study) -> float:
    """Return the seconds of one export of `zip_code` and one import of the same values."""
    start = time.perf_counter()
    client = study.session.client
    found = client.send(Call("record", params={"type": "eav", "fields": ("zip_code",)})).rows
    rows = tuple({name: str(cell) for name, cell in row.items()} for row in found)
    for at in range(0, len(rows), 5000):
        client.send(Call("record", "import", rows[at : at + 5000], {"type": "eav"}))
    return time.perf_counter() - start


def measure(values: int) -> Measured:
    """Rename a field that holds so many values, and look at what became of them."""
    with Emulator() as emulator, tempfile.TemporaryDirectory() as folder:
        study = Study(new_project(emulator), Path(folder))
        study.converge(manifest("postal"))
        fill(study, values)
        before = counted(study, "postal")
        client = Counting(study)
        session = replace(study.session, client=client)
        goal = study.declare(manifest("zip_code", renamed_from="postal"))
        planned = workflow.plan(session, goal)
        client.calls.clear()
        clock = _Clock()
        applied = workflow.apply(session, goal, planned, clock, answers=Answers(migrate_data=True))
        renaming = time.perf_counter() - clock.start
        assert applied.is_complete, applied.outcomes[-1].error
        calls = Counter(f"{call.content} {call.action}" for call in client.calls)
        live = read_live(session.client)
        copy = (Copy("zip_code", "zip_code"),)
        return Measured(
            before=before,
            after=counted(study, "zip_code"),
            left=sum(counted(study, "postal").values()),
            calls=dict(sorted(calls.items())),
            renaming=renaming,
            copying=clock.copying,
            plain=plainly(study),
            carried=Carrier(session.client, live, copy).carry(),
        )


class _Clock(Silent):
    """Notes when the first step begins, and how long the copy takes."""

    def __init__(self) -> None:
        self.start = time.perf_counter()
        self.copying = 0.0
        self._began = 0.0

    def step(self, number: int, total: int, step: Any) -> None:  # noqa: ANN401, ARG002 - a step
        now = time.perf_counter()
        if step.phase is Phase.COPY:
            self._began = now
        elif self._began and not self.copying:
            self.copying = now - self._began


def main() -> None:
    """Measure and print."""
    values = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    found = measure(values)
    print(f"values under the old name   {sum(found.before.values()):,}  {found.before}")
    print(f"values under the new name   {sum(found.after.values()):,}  {found.after}")
    print(f"left under the old name     {found.left}")
    print(f"sha256 of place and value   {found.carried.digest}")
    print(f"calls of the whole apply    {sum(found.calls.values())}")
    for name, number in found.calls.items():
        print(f"  {name:28} {number}")
    print(f"plain export and import     {found.plain:6.2f} s   1.0 (the measure)")
    print(f"copy, proved twice          {found.copying:6.2f} s   {found.copying / found.plain:.1f}")
    print(
        f"whole apply with its proof  {found.renaming:6.2f} s   {found.renaming / found.plain:.1f}"
    )


if __name__ == "__main__":
    main()
