"""Faults to order: what goes wrong between a client and a server, on demand.

A fault is written `NAME[=ARGUMENT][@CONTENT[/ACTION]][#N]`: `latency=0.5` slows every call,
`cut-after@metadata/import#1` cuts the first dictionary import off after it has been written.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

#: Every fault with its argument ('' for none) and what it does.
FAULTS: Mapping[str, tuple[str, str]] = {
    "latency": ("SECONDS", "answers that much later"),
    "error": ("STATUS", "answers that HTTP status, nothing is done"),
    "error-once": ("STATUS", "the same for one call only"),
    "cut-before": ("", "cuts the connection before anything is done"),
    "cut-after": ("", "cuts the connection after the change is made, before the answer"),
    "html": ("", "answers a web page with status 200, nothing is done"),
    "redirect": ("URL", "answers 301 to that address, nothing is done"),
    "rate-limit": (
        "N",
        "after N calls within a minute every call gets the page of a banned client",
    ),
    "short-read": ("", "answers the list empty: json [], csv a header, xml an empty root"),
    "noise": ("", "puts text before the answer, as before a new token"),
    "offline": ("", "answers the page of a system that is offline to all but administrators"),
    "stale-roles": (
        "N",
        "the next N exports of roles show a role just imported without its unique name",
    ),
    "noisy-choices": ("", "exports the dictionary with other blanks around bars and commas"),
    "null-labels": ("", "exports events with null for a blank custom_event_label (json)"),
}

#: Faults of one method, whatever else a call is about.
_OF_ONE_METHOD: Mapping[str, tuple[str, str]] = {
    "stale-roles": ("userRole", "import"),
    "noisy-choices": ("metadata", "export"),
    "null-labels": ("event", "export"),
}

SYNTAX = "NAME[=ARGUMENT][@CONTENT[/ACTION]][#N]"
_FAULT = re.compile(
    r"(?P<name>[a-z-]+)(=(?P<argument>.*?))?"
    r"(@(?P<content>[A-Za-z_]+)(/(?P<action>[A-Za-z_]+))?)?(#(?P<nth>[1-9]\d*))?"
)
_MINUTE = timedelta(minutes=1)


class FaultError(ValueError):
    """A fault that cannot be ordered: unknown, or with an argument it does not take."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault; an empty content or action means any, `nth` 0 every matching call."""

    name: str
    argument: str = ""
    content: str = ""
    action: str = ""
    nth: int = 0

    def __str__(self) -> str:
        target = f"@{self.content}" if self.content else ""
        target += f"/{self.action}" if self.action else ""
        argument = f"={self.argument}" if self.argument else ""
        return f"{self.name}{argument}{target}" + (f"#{self.nth}" if self.nth else "")

    def aims_at(self, content: str, action: str) -> bool:
        """Tell whether a call is of the kind this fault waits for."""
        if _OF_ONE_METHOD.get(self.name, (content, action)) != (content, action):
            return False
        return self.content in ("", content) and self.action in ("", action)


def parse_fault(text: str) -> Fault:
    """Read a fault as given on the command line; raises FaultError with what there is."""
    match = _FAULT.fullmatch(text)
    if match is None or match["name"] not in FAULTS:
        raise FaultError(f"no fault {text!r}; a fault is {SYNTAX}, with {', '.join(FAULTS)}")
    name, argument = match["name"], match["argument"] or ""
    _check_argument(name, argument)
    nth = int(match["nth"] or (1 if name == "error-once" else 0))
    return Fault(name, argument, match["content"] or "", match["action"] or "", nth)


def _check_argument(name: str, argument: str) -> None:
    wanted = FAULTS[name][0]
    forms = {
        "": r"",
        "SECONDS": r"\d+(\.\d+)?",
        "STATUS": r"[45]\d\d",
        "URL": r"https?://\S+",
        "N": r"\d+",
    }
    if not re.fullmatch(forms[wanted], argument):
        takes = f"takes {wanted}" if wanted else "takes no argument"
        raise FaultError(f"{name} {takes}, not {argument!r}")


@dataclass(slots=True)
class _Order:
    fault: Fault
    met: int = 0
    calls: list[datetime] = field(default_factory=list)
    banned: bool = False

    def strikes(self, now: datetime) -> bool:
        self.met += 1
        if self.fault.name == "rate-limit":
            return self._limited(now)
        return self.fault.nth in (0, self.met)

    def _limited(self, now: datetime) -> bool:
        """A ban is for good, as an administrator has to lift it (knowledge base)."""
        self.calls = [moment for moment in self.calls if now - moment < _MINUTE]
        self.calls.append(now)
        self.banned = self.banned or len(self.calls) > int(self.fault.argument)
        return self.banned


class StaleRoles:
    """Roles that exports do not name yet, as a server's cache is recorded to do since 14.0.2.

    A role is its project's id and its unique name.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._left: dict[tuple[int, str], int] = {}

    def hide(self, roles: Iterable[tuple[int, str]], exports: int) -> None:
        """Keep the names of these roles out of that many exports."""
        with self._lock:
            self._left.update(dict.fromkeys(roles, exports))

    def hidden(self, roles: Iterable[tuple[int, str]]) -> tuple[tuple[int, str], ...]:
        """Count an export of these roles and return those whose names it is to leave out."""
        with self._lock:
            found = tuple(role for role in roles if self._left.get(role, 0) > 0)
            for role in found:
                self._left[role] -= 1
        return found


class Faults:
    """The faults an emulator has been told to show; may change while it serves."""

    def __init__(self, faults: tuple[Fault, ...] = ()) -> None:
        self._lock = threading.Lock()
        self._orders = [_Order(fault) for fault in faults]
        self.stale_roles = StaleRoles()

    def order(self, text: str) -> None:
        """Order a fault, written as on the command line; raises FaultError."""
        fault = parse_fault(text)
        with self._lock:
            self._orders.append(_Order(fault))

    def clear(self) -> None:
        """Forget every fault, every ban and every role not yet shown."""
        with self._lock:
            self._orders.clear()
            self.stale_roles = StaleRoles()

    def striking(self, content: str, action: str, now: datetime) -> tuple[Fault, ...]:
        """Count a call and return the faults that strike it, in the order they were ordered."""
        with self._lock:
            aimed = [order for order in self._orders if order.fault.aims_at(content, action)]
            return tuple(order.fault for order in aimed if order.strikes(now))
