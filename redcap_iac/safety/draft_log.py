"""Whether a project in production is in Draft Mode, told by the lines its log keeps of it.

No API method shows drafts; entering, submitting, approving, rejecting and removing leave lines in
the log (recorded texts), and the last of them tells where the project stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from redcap_iac.calls import Call
from redcap_iac.client import Client
from redcap_iac.errors import RedcapIacError

#: A log of years is read whole only when no later part of it says anything of drafts.
_WINDOWS = (timedelta(days=31), timedelta(days=366), None)


class Stand(StrEnum):
    """Where the drafted changes of a project stand."""

    NONE = "none"
    DRAFTING = "drafting"
    REVIEW = "review"
    UNKNOWN = "unknown"  # the token's user may not read the log


class Act(StrEnum):
    """What somebody did about drafted changes."""

    ENTERED = "entered Draft Mode"
    REQUESTED = "asked for approval"
    APPROVED = "approved"
    REJECTED = "rejected"
    REMOVED = "removed the draft"


#: What the project stands at after each: a rejected draft stays a draft (recorded).
_AFTER = {
    Act.ENTERED: Stand.DRAFTING,
    Act.REQUESTED: Stand.REVIEW,
    Act.APPROVED: Stand.NONE,
    Act.REJECTED: Stand.DRAFTING,
    Act.REMOVED: Stand.NONE,
}

_CHANGES = r"(drafted changes|draft(ed)? mode|production project modifications)"
_TEXTS: tuple[tuple[Act, re.Pattern[str]], ...] = (
    (Act.ENTERED, re.compile(r"\benter(ed)? draft mode\b")),
    (Act.REQUESTED, re.compile(rf"\brequest\w* approval for {_CHANGES}")),
    (Act.APPROVED, re.compile(rf"\bapproved? {_CHANGES}")),
    (Act.REJECTED, re.compile(rf"\breject\w* .*{_CHANGES}")),
    (Act.REMOVED, re.compile(rf"\b(remov\w*|undo|cancel\w*|leave|left) .*{_CHANGES}")),
)


@dataclass(frozen=True, slots=True)
class DraftLine:
    """One line of the log about a draft; `when` is `YYYY-MM-DD HH:MM` in the server's time."""

    act: Act
    username: str
    when: str
    is_automatic: bool = False


@dataclass(frozen=True, slots=True)
class DraftState:
    """Where drafted changes stand, and the lines that tell, newest first."""

    stand: Stand
    lines: tuple[DraftLine, ...] = ()

    @property
    def is_open(self) -> bool:
        """Tell whether somebody's draft is there for sure."""
        return self.stand in (Stand.DRAFTING, Stand.REVIEW)

    def last(self, *acts: Act) -> DraftLine | None:
        """Return the newest line of one of these acts."""
        return next((line for line in self.lines if line.act in acts), None)


UNKNOWN = DraftState(Stand.UNKNOWN)


def draft_state(client: Client, now: datetime) -> DraftState:
    """Return where drafted changes stand, as the log tells; unknown without the Logging right.

    Asks for the last month first, then for a year, then for all there is.
    """
    found: tuple[DraftLine, ...] = ()
    for window in _WINDOWS:
        begin = {} if window is None else {"beginTime": f"{now - window:%Y-%m-%d %H:%M}"}
        try:
            answer = client.send(Call("log", params={"logtype": "manage", **begin}))
        except RedcapIacError:
            return UNKNOWN
        found = tuple(lines(answer.rows))
        if found:
            break
    return DraftState(_AFTER[found[0].act] if found else Stand.NONE, found)


def lines(rows: Iterable[object]) -> Iterable[DraftLine]:
    """Yield the lines about drafts of an exported log, in its order: newest first."""
    for row in rows:
        cells = row if isinstance(row, dict) else {}
        said = f"{cells.get('action') or ''} {cells.get('details') or ''}".casefold()
        act = next((act for act, pattern in _TEXTS if pattern.search(said)), None)
        if act is not None:
            who, when = str(cells.get("username") or ""), str(cells.get("timestamp") or "")
            yield DraftLine(act, who.strip(), when.strip(), "automatic" in said)
