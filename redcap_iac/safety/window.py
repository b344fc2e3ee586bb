"""Who else worked on the design while a plan was carried out, as far as the log tells."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from redcap_iac.calls import Call
from redcap_iac.client import Client
from redcap_iac.errors import RedcapIacError
from redcap_iac.kinds.people import folded
from redcap_iac.suggestions import in_words

#: The log speaks the server's local time, which is at most this far behind UTC.
_FURTHEST_BEHIND = timedelta(hours=13)
#: Lines that only read.
_READING = re.compile(r"\b(export|download|view)", re.IGNORECASE)

_Line = tuple[str, str, str, str]
_UNKNOWN = (
    "Whether somebody else changed the design meanwhile is not known:"
    " the log does not tell, or the token may not read it (right: Logging)."
)


class LogWindow:
    """Opened before the first write: what the log has afterwards and had not then."""

    def __init__(self, client: Client, user: str, now: datetime) -> None:
        self._client = client
        self._user = folded(user)
        self._begin = (now - _FURTHEST_BEHIND).strftime("%Y-%m-%d %H:%M")
        self._before = self._lines()

    def remarks(self) -> tuple[str, ...]:
        """Return a sentence on others' design lines since, or that it is not known."""
        after = self._lines() if self._before is not None else None
        if self._before is None or after is None or not self._user:
            return (_UNKNOWN,)
        return tuple(_said(after - self._before, self._user))

    def _lines(self) -> Counter[_Line] | None:
        """Return design and user lines with how often each is there, None without the right."""
        found: Counter[_Line] = Counter()
        try:
            for logtype in ("manage", "user"):
                params = {"logtype": logtype, "beginTime": self._begin}
                for row in self._client.send(Call("log", params=params)).rows:
                    parts = (str(row.get(n) or "").strip() for n in
                             ("timestamp", "username", "action", "details"))  # fmt: skip
                    when, who, action, details = parts
                    found[when, who, action, details] += 1
        except RedcapIacError:
            return None
        return found


def _said(lines: Counter[_Line], user: str) -> Iterator[str]:
    """Yield one sentence; whose lines and when, never what they say of records."""
    others = {line: n for line, n in lines.items()
              if folded(line[1]) != user and not _READING.search(line[3])}  # fmt: skip
    if not others:
        return
    people = sorted({line[1] for line in others})
    number = sum(others.values())
    yield (
        f"Meanwhile {in_words(people, 'and')} worked on the design or its users:"
        f" {number} line{'' if number == 1 else 's'} of the log,"
        f" the last of {max(line[0] for line in others)}. Look at them in REDCap's Logging."
    )
