"""The command line, called as a person or a CI job would, against a served emulator."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from redcap_iac.cli.invocation import Outside
from redcap_iac.cli.root import cli
from redcap_iac.emulator.faults import Fault
from redcap_iac.emulator.server import Emulator
from tests.emulator.served import Project

NOW = datetime(2026, 3, 14, 15, 9, 26, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Said:
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str

    @property
    def all(self) -> str:
        return self.out + self.err

    @property
    def json(self) -> Any:  # noqa: ANN401 - whatever json holds
        return json.loads(self.out)


@dataclass(frozen=True, slots=True)
class Tool:
    """One project folder and what comes in from outside; `person` can be asked."""

    folder: Path
    home: Path
    environ: Mapping[str, str] = field(default_factory=dict)
    person: bool = False

    def run(self, *words: str, answers: str = "") -> Said:
        environ = {"XDG_CONFIG_HOME": str(self.home / "config"), **self.environ}
        outside = Outside(environ, lambda: NOW, lambda _: None, self.home, lambda: self.person)
        done = CliRunner().invoke(
            cli,
            ["-C", str(self.folder), *words],
            obj=outside,
            input=answers,
            prog_name="redcap-iac",
        )
        return Said(done.exit_code, done.stdout, done.stderr)

    def having(self, **environ: str) -> Tool:
        return replace(self, environ={**self.environ, **environ})

    def asking(self) -> Tool:
        return replace(self, person=True)

    def write(self, text: str, name: str = "redcap.yaml") -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def edit(self, old: str, new: str, name: str = "redcap.yaml") -> None:
        text = (self.folder / name).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} is there {text.count(old)} times"
        self.write(text.replace(old, new), name)


def files_of(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def study(project: Project, *, environment: str = "") -> str:
    """Return a small classic study on the server of a project."""
    return f"""\
version: 1
project:
  title: Sleep
  purpose: research
instruments:
  - instrument: form_1
    fields:
      record_id: {{type: text, label: Study ID}}
      dob: {{type: text, label: Date of birth, validation: date_ymd, identifier: true}}
      pain: {{type: radio, label: Pain, choices: {{1: "None", 2: "Some"}}}}
environments:
  dev:
    url: {project.emulator.url}
    token: env:STUDY_TOKEN
    user: jdoe
    project_id: {project.project_id}
    data: test
{environment}"""


def interrupt() -> None:
    """Interrupt this process, as Ctrl-C does."""
    os.kill(os.getpid(), signal.SIGINT)


def during(
    monkeypatch: pytest.MonkeyPatch, emulator: Emulator, call: str, act: Callable[[], object]
) -> None:
    """Do something while the first such call (content/action) is in flight, before it is made."""
    striking = emulator.faults.striking
    waiting = [act]

    def watched(content: str, action: str, now: datetime) -> tuple[Fault, ...]:
        if f"{content}/{action}" == call and waiting:
            waiting.pop()()
        return striking(content, action, now)

    monkeypatch.setattr(emulator.faults, "striking", watched)
