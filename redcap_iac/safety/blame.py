"""Who changed something outside, as far as the project's own log tells: certain, likely, or when.

The exact details that API imports leave are not known, so they are a hint: time and user carry
the attribution (inferred). REDCap's own pages write the recorded texts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from redcap_iac.calls import Call
from redcap_iac.changes import Change, Create
from redcap_iac.client import Client
from redcap_iac.errors import RedcapIacError
from redcap_iac.hazard import Voice
from redcap_iac.kinds import kind_named
from redcap_iac.kinds.kind import Kind
from redcap_iac.safety.scene import LogLine
from redcap_iac.state import Unit

#: The log speaks the server's local time, which is at most this far from UTC.
_FURTHEST_BEHIND = timedelta(hours=13)
#: Lines that only read.
_READING = re.compile(r"\b(export|download|view)\b", re.IGNORECASE)

#: What a line says, in its action or details, that may have changed a unit (recorded texts of
#: REDCap's pages, documented names of API methods).
_WORDS = {
    Unit.PROJECT: ("project settings", "project information", "modify project"),
    Unit.FIELDS: (
        "data dictionary", "metadata", "project field", "branching logic", "matrix",
        "data collection instrument", "production project modifications",
    ),
    Unit.ARMS: ("arm",),
    Unit.EVENTS: ("event",),
    Unit.DESIGNATIONS: ("instrument-event mapping", "data dictionary", "metadata", "event"),
    Unit.REPEATING: ("repeating", "data dictionary", "metadata", "event"),
    Unit.DAGS: ("dag", "data access group"),
    Unit.ROLES: ("role",),
    Unit.USERS: ("user", "role", "dag", "data access group", "expiration"),
}  # fmt: skip


class Grade(StrEnum):
    """How sure an attribution is."""

    CERTAIN = "certain"  # a line names the object, and one person wrote all such lines
    LIKELY = "likely"  # one person wrote every line that may have done it
    WINDOW = "window"  # several may have


@dataclass(frozen=True, slots=True)
class Blame:
    """Who may have changed an object, and when the last such line was written."""

    grade: Grade
    people: tuple[str, ...]
    when: str

    def said(self, voice: Voice) -> str:
        """Return `by akim, 2026-03-14 10:02`, or what is likely, or who may have."""
        who = voice.people(self.people)
        if self.grade is Grade.CERTAIN:
            return f"by {who}, {self.when}"
        if self.grade is Grade.LIKELY:
            return f"likely by {who}, {self.when}"
        return f"by one of {who}, the last time {self.when}"


def read_log(client: Client, since: datetime) -> tuple[LogLine, ...] | None:
    """Return design and user lines since a moment, newest first; None without the right."""
    begin = (since - _FURTHEST_BEHIND).strftime("%Y-%m-%d %H:%M")
    lines: list[LogLine] = []
    try:
        for logtype in ("manage", "user"):
            answer = client.send(Call("log", params={"logtype": logtype, "beginTime": begin}))
            lines += [_line(row) for row in answer.rows]
    except RedcapIacError:
        return None
    unique = dict.fromkeys(line for line in lines if line.when and line.username)
    return tuple(sorted(unique, key=lambda line: line.when, reverse=True))


def blame(change: Change, log: Sequence[LogLine]) -> Blame | None:
    """Return who may have changed an object outside; None when no line can have done it."""
    kind: Kind[Any] = kind_named(change.kind)
    words = _WORDS[kind.unit]
    lines = [line for line in log if _may_have(line, words)]
    item = change.after if isinstance(change, Create) else change.before
    name = kind.label(item).casefold()
    naming = [line for line in lines if name and _names(line, name)]
    if naming and len({line.username for line in naming}) == 1:
        return Blame(Grade.CERTAIN, (naming[0].username,), naming[0].when)
    people = tuple(sorted({line.username for line in lines}))
    if not people:
        return None
    grade = Grade.LIKELY if len(people) == 1 else Grade.WINDOW
    return Blame(grade, people, lines[0].when)


def _line(row: Any) -> LogLine:  # noqa: ANN401 - a row as the server gave it
    def text(name: str) -> str:
        return str(row.get(name) or "").strip()

    return LogLine(text("timestamp"), text("username"), text("action"), text("details"))


def _may_have(line: LogLine, words: Sequence[str]) -> bool:
    said = f"{line.action} {line.details}".casefold()
    return any(word in said for word in words) and not _READING.search(said)


def _names(line: LogLine, name: str) -> bool:
    said = f"{line.action} {line.details}".casefold()
    return re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", said) is not None
