"""Everything the API shows of a project, in a folder: taken, verified, read again.

One file for each export, as received, the project XML without data, and `backup.json`, which has
the sha256 of each. No token; record values only in `records.enc`, and only sealed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from redcap_iac.answers import Answer
from redcap_iac.calls import Call
from redcap_iac.client import Connection
from redcap_iac.errors import GuardError, RedcapIacError, RefusedError, RightsError
from redcap_iac.exporter import Exporting, read_live
from redcap_iac.formats.dictionary_csv import write_dictionary
from redcap_iac.kinds import kind_named
from redcap_iac.safety.private_files import settle, write_private
from redcap_iac.state import Live, Target

#: The file that vouches for all others.
MANIFEST = "backup.json"
RECORDS = "records.enc"
FORMAT_VERSION = "1.0"
_XML = Call("project_xml", params={"returnMetadataOnly": "true"})
_DICTIONARY = "dictionary.csv"
_LARGEST = 1024 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class About:
    """What a backup says of itself: when, by which tool, for which environment and plan."""

    created: str
    tool: str
    environment: str
    plan_id: str = ""


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was read and found whole.

    `identity` is the sha256 of what its manifest says, `target` what project it is of; `refused`
    are exports that REDCap refused when it was made, with its words; `records` is the sealed text
    of record values, "" without.
    """

    folder: Path
    identity: str
    about: About
    target: Mapping[str, str]
    answers: Mapping[str, Answer]
    refused: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    records: str = ""

    def live(self) -> Live:
        """Return the project as it was."""
        return read_live(_Replay(self), self.target.get("user", ""))

    def not_read(self) -> tuple[str, ...]:
        """Return the exports the token was not allowed to make."""
        return tuple(name for name, (sort, _) in self.refused.items() if sort == "rights")


class Recording:
    """Passes exports on and keeps what is answered."""

    def __init__(self, client: Exporting) -> None:
        self._client = client
        self.answers: dict[str, Answer] = {}
        self.refused: dict[str, tuple[str, str]] = {}

    @property
    def connection(self) -> Connection:
        """Where the project is."""
        return self._client.connection

    def send(self, call: Call) -> Answer:
        """Make an export and keep its answer, or REDCap's words for refusing it."""
        try:
            answer = self._client.send(call)
        except RightsError as error:
            self.refused[call.content] = ("rights", error.message)
            raise
        except RefusedError as error:
            self.refused[call.content] = ("refused", error.text)
            raise
        self.answers[call.content] = answer
        return answer


class _Replay:
    """Answers exports from a backup."""

    def __init__(self, backup: Backup) -> None:
        self._backup = backup
        self.connection = Connection(backup.target["url"])

    def send(self, call: Call) -> Answer:
        """Return what the server answered then, or refuse as it did."""
        if call.content in self._backup.answers:
            return self._backup.answers[call.content]
        sort, words = self._backup.refused.get(call.content, ("rights", "it is not in the backup"))
        if sort == "refused":
            raise RefusedError(f"{call.content} export: {words}", status=400, text=words)
        raise RightsError(words)


def take(
    client: Exporting,
    folder: Path,
    about: About,
    *,
    user: str = "",
    records: Callable[[Live], str] | None = None,
) -> Backup:
    """Export everything into an empty folder, read it back from there, and return it.

    `records` returns sealed record values. Raises what reading raises, GuardError when the folder
    cannot be written, RedcapIacError when what lies there is not what was received.
    """
    recording = Recording(client)
    live = read_live(recording, user)
    _perhaps(recording, _XML)
    texts = _texts(recording, live)
    files = {name: text.encode("utf-8", "replace") for name, text in texts.items()}
    if records is not None:
        files[RECORDS] = records(live).encode()
    body: dict[str, Any] = {
        "format_version": FORMAT_VERSION,
        "created": about.created,
        "tool": about.tool,
        "environment": about.environment,
        "plan_id": about.plan_id,
        "target": as_text(live.target),
        "refused": {name: list(why) for name, why in sorted(recording.refused.items())},
        "files": {
            name: {"sha256": _digest(data), "bytes": len(data)}
            for name, data in sorted(files.items())
        },
    }
    try:
        for name, data in files.items():
            write_private(folder / name, data.decode(), durable=True)
        text = json.dumps({"id": _identity(body), **body}, indent=1) + "\n"
        write_private(folder / MANIFEST, text, durable=True)
        settle(folder.parent)
    except RedcapIacError as error:
        raise GuardError(
            f"The backup is not whole: {error.message}", "Nothing was written."
        ) from None
    return read_backup(folder)


def read_backup(folder: Path) -> Backup:
    """Read a backup; RedcapIacError when it is none, was altered, or is from a later version."""
    try:
        body = json.loads(_bytes(folder / MANIFEST))
        version = str(body["format_version"])
        if version.partition(".")[0] != FORMAT_VERSION.partition(".")[0]:
            raise RedcapIacError(
                f"This backup has format version {version}; this tool reads {FORMAT_VERSION}.",
                "Use the version of redcap-iac that wrote it.",
            )
        if body.pop("id") != _identity(body):
            raise _altered(folder, MANIFEST)
        files = {str(name): str(known["sha256"]) for name, known in body["files"].items()}
        texts = {name: _checked(folder, name, digest) for name, digest in files.items()}
        return Backup(
            folder=folder,
            identity=_identity(body),
            about=About(
                str(body["created"]), str(body["tool"]), str(body["environment"]),
                str(body["plan_id"]),
            ),
            target={str(name): str(value) for name, value in body["target"].items()},
            answers=_answers(texts),
            refused={str(name): (str(s), str(w)) for name, (s, w) in body["refused"].items()},
            records=texts.get(RECORDS, ""),
        )  # fmt: skip
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise RedcapIacError(
            f"{folder} is not a backup of redcap-iac, or it is damaged.",
            "Name a folder that `redcap-iac backup` or an apply wrote.",
        ) from error


def _perhaps(recording: Recording, call: Call) -> None:
    """Ask for what not every server or token has; a refusal is kept in the backup."""
    try:
        recording.send(call)
    except RedcapIacError as error:
        recording.refused.setdefault(call.content, ("rights", error.message))


def _texts(recording: Recording, live: Live) -> dict[str, str]:
    """Return the files by name; JSON in ASCII, which holds whatever a server sent."""
    found: dict[str, str] = {}
    for content, answer in recording.answers.items():
        if content == "project_xml":
            found["project.xml"] = answer.text
        elif content == "version":
            found["version.txt"] = answer.text + "\n"
        else:
            found[f"{content}.json"] = json.dumps(answer.rows, indent=1) + "\n"
    found[_DICTIONARY] = write_dictionary(kind_named("fields").items(live.state))
    return found


def _answers(texts: Mapping[str, str]) -> dict[str, Answer]:
    found: dict[str, Answer] = {}
    for name, text in texts.items():
        if name == "project.xml":
            found["project_xml"] = Answer(text=text)
        elif name == "version.txt":
            found["version"] = Answer(text=text.strip())
        elif name.endswith(".json"):
            found[name.removesuffix(".json")] = Answer(rows=tuple(json.loads(text)))
    return found


def as_text(target: Target) -> dict[str, str]:
    """Return what a backup and a journal say of the project they are about."""
    return {
        "url": target.url,
        "project_id": target.project_id,
        "title": target.title,
        "status": target.status,
        "version": str(target.version),
        "user": target.user,
    }


def _checked(folder: Path, name: str, digest: str) -> str:
    """Return the text of a file of the backup, after looking that no byte of it differs."""
    if Path(name).name != name:
        raise ValueError(name)
    data = _bytes(folder / name)
    if _digest(data) != digest:
        raise _altered(folder, name)
    return data.decode()


def _altered(folder: Path, name: str) -> RedcapIacError:
    return RedcapIacError(
        f"{name} in the backup {folder} was altered after it was written, or is damaged.",
        "Take another backup: nothing is restored from this one.",
    )


def _bytes(path: Path) -> bytes:
    if path.exists() and not path.is_file():  # a pipe would never end, a device neither
        raise _unreadable(path, "it is no file")
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST)
    except OSError as error:
        raise _unreadable(path, str(error.strerror)) from None


def _unreadable(path: Path, why: str) -> RedcapIacError:
    return RedcapIacError(
        f"{path} cannot be read: {why}.",
        "Name a folder that `redcap-iac backup` or an apply wrote.",
    )


def _identity(body: Mapping[str, Any]) -> str:
    """Return the sha256 of what a manifest says."""
    return _digest(json.dumps(body, sort_keys=True).encode())


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
