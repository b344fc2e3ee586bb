"""Whose token it is, found by the line it leaves in the project's own log."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from redcap_iac.calls import Call
from redcap_iac.client import Client
from redcap_iac.errors import RedcapIacError

#: Recorded details of the line that Export Logging leaves, under action Manage/Design.
_OWN_LINE = "Export Logging (API)"
#: The log speaks the server's local time, which is at most this far behind UTC.
_FURTHEST_BEHIND = timedelta(hours=13)

_Line = tuple[str, str, str]


def user_in_log(client: Client, now: datetime) -> str:
    """Return the name in the line that reading the log leaves, "" when it cannot be told.

    Reads twice: the second answer holds the line of the first. Two people reading their logs in
    the same moment, a missing Logging right or a server that answers otherwise tell nothing.
    """
    try:
        before = _lines(client, now)
        fresh = _lines(client, now) - before
    except RedcapIacError:
        return ""
    names = {user for user, _, _ in fresh}
    return names.pop() if len(names) == 1 else ""


def _lines(client: Client, now: datetime) -> Counter[_Line]:
    begin = (now - _FURTHEST_BEHIND).strftime("%Y-%m-%d %H:%M")
    answer = client.send(Call("log", params={"logtype": "manage", "beginTime": begin}))
    return Counter(
        (str(row.get("username") or ""), str(row.get("timestamp") or ""), details)
        for row in answer.rows
        if (details := str(row.get("details") or "")) == _OWN_LINE
    )
