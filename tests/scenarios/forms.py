"""Small forms and the scenarios played on them, from text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from redcap_iac.design import Design
from redcap_iac.manifest.loader import load
from redcap_iac.manifest.scenarios import read_suites
from redcap_iac.scenarios import Result, Run, run

NOW = datetime(2026, 3, 14, 15, 9, 26)
ID = "record_id: {type: text, label: Study ID}"


@dataclass(frozen=True, slots=True)
class Memory:
    """Project files that are nowhere but here."""

    texts: Mapping[str, str] = field(default_factory=dict)

    def read(self, path: str) -> bytes:
        if path not in self.texts:
            raise FileNotFoundError(path)
        return self.texts[path].encode()

    def paths(self) -> tuple[str, ...]:
        return tuple(sorted(self.texts))


def design(manifest: str) -> Design:
    """Return the design of a manifest without its `version:`."""
    files = Memory({"redcap.yaml": f"version: 1\n{manifest}"})
    return Design(load(Path("nowhere"), files=files).desired.state)


def form(*fields: str, name: str = "form_1", more: str = "") -> Design:
    """Return a classic design of one instrument: `age: {type: text, label: Age}` each."""
    lines = "".join(f"      {one}\n" for one in (ID, *fields))
    return design(f"instruments:\n  - instrument: {name}\n    fields:\n{lines}{more}")


TRIAL = f"""\
project: {{title: Rehab}}
instruments:
  - instrument: start
    label: The start
    fields:
      {ID}
      dob: {{type: text, label: Born, validation: date_ymd}}
      sex: {{type: radio, label: Sex, choices: {{1: Female, 2: Male}}}}
  - instrument: visit
    fields:
      seen: {{type: text, label: Seen, validation: date_ymd, required: true}}
      pain: {{type: text, label: Pain, validation: integer}}
      worse: {{type: yesno, label: Worse, branching: "[pain] > [previous-event-name][pain]"}}
      age: {{type: calc, label: Age, calculation: "age_at_date([week_0_arm_1][dob], [seen])"}}
  - instrument: event
    fields:
      term: {{type: text, label: What, required: true}}
      again: {{type: yesno, label: Again, branching: "[term] = [term][previous-instance]"}}
arms:
  - number: 1
    name: Drug
    events:
      - {{name: Week 0, instruments: [start, visit]}}
      - {{name: Week 4, instruments: [visit, event], repeat: {{event: "[term]"}}}}
      - {{name: Extra, instruments: [visit], repeat: true}}
dags: [Lyon, Boston]
roles:
  Data entry:
    rights: {{record_create: true}}
    instruments: {{"*": edit}}
    export: {{"*": full}}
"""


def trial() -> Design:
    """Return a longitudinal design: Week 0, Week 4 (the form event repeats), Extra (repeats)."""
    return design(TRIAL)


def run_of(design: Design, scenarios: str, *, dialects: bool = False, head: str = "") -> Run:
    """Return the run of scenarios: a YAML list, indented at will."""
    text = f"{head}scenarios:\n{scenarios}"
    return run(design, read_suites(Memory({"tests/a.test.yaml": text})), NOW, dialects=dialects)


def one(design: Design, story: str, *, head: str = "", dialects: bool = False) -> Result:
    """Return the result of one scenario: `given: {…}`, `expect: {…}` as lines of YAML."""
    body = "".join(f"    {line}\n" for line in story.strip().splitlines())
    (result,) = run_of(design, f"  - name: A story\n{body}", head=head, dialects=dialects).results
    return result


def holds(design: Design, story: str, *, head: str = "") -> bool:
    """Tell whether a scenario passes; fails where it cannot be played at all."""
    result = one(design, story, head=head)
    assert not result.is_broken, [finding.message for finding in result.findings]
    return result.passed


def messages(result: Result) -> list[str]:
    """Return what was found, in order."""
    return [finding.message for finding in result.findings]


def codes(result: Result) -> list[str]:
    """Return the codes of what was found, in order."""
    return [finding.code for finding in result.findings]
