"""What an apply did, line by line: one before and one after each call, on the disk before going on.

Each line holds the sha256 of the line before it, so that none can be altered, taken out or put in
between without showing. Never a token, never a stored value: of calls their digest, of answers the
count, of refusals REDCap's words where they can only speak of the design.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from redcap_iac.calls import Call
from redcap_iac.errors import ApiError, GuardError, RedcapIacError
from redcap_iac.hazard import Acceptance
from redcap_iac.plan import Step
from redcap_iac.safety.private_files import settle
from redcap_iac.secret import redact

FORMAT_VERSION = "1.0"
ENDING = ".jsonl"
#: How a run ends when there is nothing left to do.
DONE = "done"


@dataclass(frozen=True, slots=True)
class Heading:
    """What a run is about: its plan, its project, and whose word it goes on.

    `plan_id` is that of the plan as it was approved (a saved one, where there is one),
    `deletes` are the addresses of what it was to delete,
    `purpose` what it is for (`apply`, or `restore` and of which backup), `resumes` the journal it
    goes on from, `backup` the folder of the backup taken before it.
    """

    plan_id: str
    target: Mapping[str, str]
    environment: str
    tool: str
    manifest_digest: str
    started: str
    steps: int = 0
    purpose: str = "apply"
    resumes: str = ""
    backup: str = ""
    backup_id: str = ""
    allow_delete: tuple[str, ...] = ()
    migrate_data: bool = False
    acceptances: tuple[Acceptance, ...] = ()
    deletes: tuple[str, ...] = ()
    pid: int = 0
    host: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """How a call ended: `done`, `refused`, `uncertain` or `recognised` (found to be written)."""

    outcome: str
    count: int | None = None
    error: RedcapIacError | None = None


class Journal:
    """Writes the lines of one run; each is on the disk when its method returns.

    Raises GuardError when a line cannot be written: what cannot be told is not done.
    """

    def __init__(self, path: Path, now: Callable[[], datetime]) -> None:
        self.path = path
        self._now = now
        self._previous = ""
        self._file = _created(path)

    def begin(self, heading: Heading, steps: Sequence[Step]) -> None:
        """Write what the run is about and the calls that are planned."""
        self._write("heading", {"format_version": FORMAT_VERSION, **asdict(heading)})
        self.plan(steps)

    def plan(self, steps: Sequence[Step]) -> None:
        """Write the calls that are planned from here on."""
        self._write("steps", {"steps": [redact(step.title) for step in steps]})

    def before(self, number: int, step: Step, call: Call, names: Mapping[str, str]) -> None:
        """Tell of a call that is about to be made, and the names made so far."""
        exposes, covers = exposure(step)
        self._write(
            "before",
            {
                "number": number,
                "title": redact(step.title),
                "content": call.content,
                "action": call.action,
                "sha256": payload_digest(call),
                "names": dict(names),
                "exposes": list(exposes),
                "covers": list(covers),
            },
        )

    def after(self, number: int, step: Step, told: Told) -> None:
        """Tell how a call ended."""
        error = None if told.error is None else _words(step, told.error)
        self._write(
            "after",
            {"number": number, "outcome": told.outcome, "count": told.count, "error": error},
        )

    def end(self, how: str) -> None:
        """Tell how the run ended, and close."""
        self._write("end", {"how": how})
        self.close()

    def close(self) -> None:
        """Close the file without a last line, as after a kill."""
        self._file.close()

    def _write(self, sort: str, body: Mapping[str, object]) -> None:
        at = self._now().strftime("%Y-%m-%dT%H:%M:%SZ")
        line = json.dumps({"line": sort, "at": at, "previous": self._previous, **body})
        try:
            self._file.write(line + "\n")
            self._file.flush()
            os.fsync(self._file.fileno())
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "it is closed"
            raise GuardError(
                f"The journal {self.path} cannot be written: {reason}.",
                "What cannot be told is not done: make room, then `redcap-iac apply --resume`.",
            ) from None
        self._previous = line_digest(line)


def payload_digest(call: Call) -> str:
    """Return the sha256 of what a call sends, without the token."""
    params = {name: value if isinstance(value, str) else list(value)
              for name, value in call.params.items()}  # fmt: skip
    body = [call.content, call.action, [dict(row) for row in call.rows], params, list(call.header)]
    return line_digest(json.dumps(body, sort_keys=True, default=_plain))


def exposure(step: Step) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return whom a call takes out of a role, and whose rights it settles, by username.

    Between the two the rights of their own that REDCap kept are in force, which no export shows.
    """
    out: list[str] = []
    settled: list[str] = []
    for row in step.call.rows if step.kind in ("role_assignments", "users") else ():
        name = str(row.get("username", ""))
        leaves = step.kind == "role_assignments" and row.get("unique_role_name") == ""
        has_rights = any(column in row for column in ("forms", "unique_role_name"))
        if leaves:
            out.append(name)
        elif has_rights:
            settled.append(name)
    gone = step.call.params.get("users", ())
    settled += [str(name) for name in gone if isinstance(gone, tuple)]
    return tuple(out), tuple(settled)


def _created(path: Path) -> TextIO:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND
    try:
        file = os.fdopen(os.open(path, flags, 0o600), "w", encoding="utf-8", newline="\n")
    except OSError as error:
        raise GuardError(
            f"The journal {path} cannot be written: {error.strerror}.", "Nothing was written."
        ) from None
    settle(path.parent)
    return file


def _words(step: Step, error: RedcapIacError) -> str:
    """Return what an error says; of calls about records no more than its sort and status.

    REDCap's refusals of values quote them.
    """
    status = f" {error.status}" if isinstance(error, ApiError) else ""
    sort = f"{type(error).__name__}{status}"
    if step.call.content == "record" or step.copies:
        return sort
    return f"{sort}: {redact(error.message)}"


def _plain(value: Any) -> object:  # noqa: ANN401 - what json has no form for
    return dict(value) if isinstance(value, Mapping) else {"$made": value.address}


def line_digest(line: str) -> str:
    """Return the sha256 of a line, without its end."""
    return hashlib.sha256(line.encode()).hexdigest()
