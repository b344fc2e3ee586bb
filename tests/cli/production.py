"""A study in production on a served emulator, and what people do on REDCap's pages."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from redcap_iac.emulator import admin, draft
from redcap_iac.emulator.request import Server
from redcap_iac.emulator.store import Store
from tests.cli.tool import Tool
from tests.emulator.served import Project

BEFORE = """\
version: 1
project: {title: Sleep study}
instruments:
  - instrument: intake
    fields:
      record_id: {type: text, label: Study ID}
      mood: {type: radio, label: Mood, choices: {1: "Low", 2: "Middle", 3: "High"}}
      symptoms: {type: checkbox, label: Symptoms, choices: {1: "Cough", 2: "Fever"}}
      note: {type: notes, label: Note}
arms:
  - number: 1
    name: Main
    events:
      - {name: Baseline, instruments: [intake]}
      - {name: Week 4, instruments: [intake]}
roles:
  Data entry:
    rights: {record_create: true}
    instruments: {"*": edit}
    export: {"*": deidentified}
"""

#: Added: a choice, an instrument, an event; removed: a choice that records hold; access too.
AFTER = """\
version: 1
project: {title: Sleep study, notes: Amended}
instruments:
  - instrument: intake
    fields:
      record_id: {type: text, label: Study ID}
      mood: {type: radio, label: Mood, choices: {1: "Low", 2: "Middle", 4: "Very high"}}
      symptoms: {type: checkbox, label: Symptoms, choices: {1: "Cough", 2: "Fever", 3: "Chills"}}
      note: {type: notes, label: Note}
  - instrument: closing
    fields:
      reason: {type: text, label: Reason}
arms:
  - number: 1
    name: Main
    events:
      - {name: Baseline, instruments: [intake]}
      - {name: Week 4, instruments: [intake]}
      - {name: Week 8, instruments: [intake, closing]}
roles:
  Data entry:
    rights: {record_create: true, reports: true}
    instruments: {"*": edit}
    export: {"*": deidentified}
"""

RECORDS = [
    {"record_id": "1", "redcap_event_name": "baseline_arm_1", "mood": "3"},
    {"record_id": "2", "redcap_event_name": "baseline_arm_1", "mood": "1"},
]


@dataclass(frozen=True, slots=True)
class Production:
    """A project in production, the folder of its manifest, and REDCap's own pages."""

    project: Project
    tool: Tool

    @property
    def folder(self) -> Path:
        return self.tool.folder

    @property
    def environment(self) -> str:
        return f"""\
environments:
  prod:
    url: {self.project.emulator.url}
    token: env:STUDY_TOKEN
    user: jdoe
    project_id: {self.project.project_id}
    data: test
"""

    def declare(self, text: str, *more: str) -> None:
        """Write the manifest, and lines of its environment."""
        self.tool.write(text + self.environment + "".join(f"    {line}\n" for line in more))

    def record(self, *rows: dict[str, str]) -> None:
        answer = self.project.post("record", action="import", data=json.dumps(rows or RECORDS))
        assert answer.status_code == 200, answer.text

    # pages

    def enter(self) -> None:
        draft.enter(*self._who("jdoe"))

    def upload(self, text: str) -> None:
        draft.upload(*self._who("jdoe"), text)

    def download(self, name: str = "downloaded.csv") -> str:
        """Download the draft's dictionary into the folder; return the file's name."""
        text = draft.download(self.project.emulator.store, self.project.project_id)
        (self.folder / name).write_text(text, encoding="utf-8")
        return name

    def submit(self) -> str:
        return draft.submit(*self._who("jdoe"))

    def approve(self) -> None:
        draft.approve(*self._who(admin.ADMINISTRATOR))

    def reject(self) -> None:
        draft.reject(*self._who(admin.ADMINISTRATOR))

    def remove(self) -> None:
        draft.remove(*self._who(admin.ADMINISTRATOR))

    def upload_events(self, text: str) -> None:
        draft.upload_events(*self._who(admin.ADMINISTRATOR), text)

    def upload_designations(self, text: str) -> None:
        draft.upload_designations(*self._who(admin.ADMINISTRATOR), text)

    def _who(self, username: str) -> tuple[Store, Server, int, str]:
        store, server = self.project.emulator.store, self.project.emulator.server
        return store, server, self.project.project_id, username


def in_production(project: Project, tool: Tool, *, with_records: bool = True) -> Production:
    """Apply the study as it was, and move it to production."""
    admin.super_token(project.emulator.store, project.emulator.server)
    made = Production(project, tool.having(STUDY_TOKEN=project.token))
    made.declare(BEFORE)
    done = made.tool.run("apply", "--auto-approve", "--allow-delete", "fields")
    assert done.code == 0, done.all
    if with_records:
        made.record()
    project.status("production")
    made.declare(AFTER)
    return made
