"""One call as it came in, and what a method needs to answer it."""

from __future__ import annotations

import random
import re
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from redcap_iac.emulator.errors import ApiFault
from redcap_iac.emulator.switches import Settings

_ARRAY = re.compile(r"^(?P<name>[A-Za-z_]+)\[(?P<index>[^\]]*)\]$")

_INSTANCE = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file sent as multipart: its name, its type and its bytes."""

    name: str
    mime_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Request:
    """The form of one POST; scalars by name, arrays in the order of their index."""

    scalars: Mapping[str, str]
    arrays: Mapping[str, tuple[str, ...]]
    upload: Upload | None = None

    @classmethod
    def from_form(cls, pairs: Iterable[tuple[str, str]], upload: Upload | None = None) -> Request:
        """Sort PHP-style form pairs (`arms[0]`, `arms[]`, `content`) into scalars and arrays."""
        scalars: dict[str, str] = {}
        arrays: dict[str, list[str]] = {}
        for key, value in pairs:
            match = _ARRAY.match(key)
            if match:
                arrays.setdefault(match["name"], []).append(value)
            else:
                scalars[key] = value
        return cls(scalars, {name: tuple(values) for name, values in arrays.items()}, upload)

    def text(self, name: str, default: str = "") -> str:
        """Return a scalar parameter, or the default."""
        return self.scalars.get(name, default)

    def flag(self, name: str) -> bool:
        """Tell whether a parameter says true (`true`, `1`, any case)."""
        return self.text(name).strip().lower() in ("true", "1")

    def array(self, name: str) -> tuple[str, ...]:
        """Return an array parameter without its empty members; absent or empty is no filter.

        A scalar in place of an array is refused with the recorded text.
        """
        if name in self.scalars and self.scalars[name] != "":
            raise ApiFault(
                f'The "{name}" parameter has been provided with a value, but the value is not an '
                f'array. The "{name}" parameter must be provided as an array of one or more values.'
            )
        return tuple(value for value in self.arrays.get(name, ()) if value != "")

    @property
    def content(self) -> str:
        """What the call is about."""
        return self.text("content")

    @property
    def format(self) -> str:
        """Format of the data, `xml` when omitted (documented)."""
        return self.text("format") or "xml"

    @property
    def return_format(self) -> str:
        """Format of errors and counts; that of the data when omitted, else xml."""
        asked = self.text("returnFormat") or self.text("format")
        return asked if asked in ("csv", "json", "xml") else "xml"


def instance_number(text: str) -> int | None:
    """Return the number of a repeating instance, None for anything but a whole one above 0.

    Nine digits are the most; REDCap's own limit is lower and not documented.
    """
    if not _INSTANCE.fullmatch(text):
        return None
    return int(text) or None


class Clock(Protocol):
    """Where the emulator takes the time from."""

    def __call__(self) -> datetime:
        """Return the server's local time."""


@dataclass(frozen=True, slots=True)
class Server:
    """What does not change while an emulator serves: settings, clock, source of chance."""

    settings: Settings
    clock: Clock
    chance: random.Random = field(default_factory=random.SystemRandom)


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose token it is; project 0 with a super token.

    `rights` are the effective ones (those of the role, for a member), by API column name.
    """

    username: str
    project_id: int
    administrator: bool
    dag_id: int | None
    rights: Mapping[str, int]
    forms: Mapping[str, int]
    forms_export: Mapping[str, int]

    @property
    def is_super(self) -> bool:
        """Tell whether the call came with a super token."""
        return self.project_id == 0


@dataclass(frozen=True, slots=True)
class Context:
    """Everything a method may use: the request, the open transaction, the server, the caller."""

    request: Request
    db: sqlite3.Connection
    server: Server
    caller: Caller

    @property
    def project_id(self) -> int:
        """The project of the caller's token."""
        return self.caller.project_id

    def switch(self, name: str, value: str) -> bool:
        """Tell whether a switch stands at `value`."""
        return self.server.settings.is_set(name, value)
