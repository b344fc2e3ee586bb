"""Journals read again: what was done, what is open, which plans are used up."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from redcap_iac.errors import RedcapIacError
from redcap_iac.hazard import Acceptance
from redcap_iac.safety.journal import ENDING, Heading, line_digest
from redcap_iac.safety.state_folder import JOURNALS
from redcap_iac.state import Target

_LARGEST = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Entry:
    """One call of a journal as read back; `outcome` is "" where no line tells of its end."""

    number: int
    title: str
    outcome: str = ""
    exposes: tuple[str, ...] = ()
    covers: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Record:
    """A journal as read back.

    `how` is how the run ended, "" when it was killed; `is_torn` tells that its last line was not
    written to its end. `steps` are the titles of all planned calls.
    """

    path: Path
    heading: Heading
    entries: tuple[Entry, ...]
    steps: tuple[str, ...] = ()
    how: str = ""
    is_torn: bool = False

    @property
    def done(self) -> tuple[Entry, ...]:
        """The calls that are known to be made."""
        return tuple(e for e in self.entries if e.outcome in ("done", "recognised"))

    @property
    def uncertain(self) -> tuple[Entry, ...]:
        """The calls that were begun, and nobody knows whether REDCap wrote them."""
        return tuple(e for e in self.entries if e.outcome in ("", "uncertain"))

    @property
    def not_tried(self) -> tuple[str, ...]:
        """The titles of the calls that were planned and not begun, or were refused."""
        gone = sum(e.outcome != "refused" for e in self.entries)
        return self.steps[gone:]

    def exposed(self) -> tuple[str, ...]:
        """Return who was taken out of a role and is not provided for again, by username."""
        open_: dict[str, None] = {}
        for entry in self.entries:
            if entry.outcome != "refused":
                open_.update(dict.fromkeys(entry.exposes))
            if entry.outcome in ("done", "recognised"):
                for name in entry.covers:
                    open_.pop(name, None)
        return tuple(open_)


def read_journal(path: Path) -> Record:
    """Read a journal; RedcapIacError when it is none, or a line does not follow from the last.

    A last line cut short, as a kill leaves it, is no damage.
    """
    try:
        with path.open("rb") as file:
            text = file.read(_LARGEST).decode()
        lines, is_torn = _lines(text)
        return _record(path, lines, is_torn)
    except OSError as error:
        raise RedcapIacError(f"{path} cannot be read: {error.strerror}.") from None
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise RedcapIacError(f"{path} is not a journal, or it was altered.") from error


def journals(folder: Path) -> Iterator[Path]:
    """Yield the journals of a folder, the last first; names begin with the time."""
    yield from sorted(folder.glob(f"*{ENDING}"), reverse=True)


def last_of(folder: Path, target: Target) -> Record | None:
    """Return the last journal of a project that tells of any call, or ends another; else None.

    Raises RedcapIacError when a later one is damaged: an older one would tell another story.
    """
    for path in journals(folder):
        found = _readable(path)
        if found is None and f"-{target.project_id}-" in path.name and _has_lines(path):
            raise RedcapIacError(
                f"The journal {path}, the last of this project, was altered or is damaged.",
                "Make a fresh plan: it starts from what is there now. Keep the file aside.",
            )
        tells = found is not None and (found.entries or found.heading.resumes)
        if found is not None and tells and _is_of(found, target):
            return found
    return None


def used_plans(state_dir: Path) -> Mapping[str, str]:
    """Return when each plan was carried out, by id: used as soon as its first call was begun."""
    found: dict[str, str] = {}
    for path in journals(state_dir / JOURNALS):
        record = _readable(path)
        if record is not None and record.entries:
            found[record.heading.plan_id] = record.heading.started
    return found


def _is_of(record: Record, target: Target) -> bool:
    there = record.heading.target
    return (there.get("url"), there.get("project_id")) == (target.url, target.project_id)


def _readable(path: Path) -> Record | None:
    try:
        return read_journal(path)
    except RedcapIacError:
        return None  # one damaged file does not hide the others


def _has_lines(path: Path) -> bool:
    """Tell whether a file has a whole line; without, a kill came before any call."""
    try:
        return b"\n" in path.read_bytes()
    except OSError:
        return True


def _lines(text: str) -> tuple[list[dict[str, Any]], bool]:
    *whole, rest = text.split("\n")
    found: list[dict[str, Any]] = []
    previous = ""
    for line in whole:
        body = json.loads(line)
        if body["previous"] != previous:
            raise ValueError("a line does not follow from the one before")
        previous = line_digest(line)
        found.append(body)
    return found, bool(rest)


def _record(path: Path, lines: Sequence[Mapping[str, Any]], is_torn: bool) -> Record:
    entries: list[Entry] = []
    steps: tuple[str, ...] = ()
    how = ""
    for body in lines[1:]:
        if body["line"] == "steps":
            steps = (*(entry.title for entry in entries), *body["steps"])
        elif body["line"] == "before":
            entries.append(
                Entry(
                    body["number"], body["title"], "", tuple(body["exposes"]),
                    tuple(body["covers"]), body["names"],
                )
            )  # fmt: skip
        elif body["line"] == "after":
            last = entries[-1]
            entries[-1] = Entry(
                last.number, last.title, body["outcome"], last.exposes, last.covers, last.names
            )
        elif body["line"] == "end":
            how = body["how"]
    return Record(path, _heading(lines[0]), tuple(entries), steps, how, is_torn)


def _heading(body: Mapping[str, Any]) -> Heading:
    if body["line"] != "heading":
        raise ValueError("no heading")
    known = {name: body[name] for name in Heading.__slots__}
    known["acceptances"] = tuple(
        Acceptance(**{**given, "names": None if given["names"] is None else tuple(given["names"])})
        for given in known["acceptances"]
    )
    known["allow_delete"] = tuple(known["allow_delete"])
    known["deletes"] = tuple(known["deletes"])
    return Heading(**known)
