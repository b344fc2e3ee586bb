"""What an ordered fault makes of a call: an answer in place of the method's, or a spoiled one."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterable, Mapping
from itertools import cycle

from redcap_iac.emulator import design, dictionary_rows, pages, wire
from redcap_iac.emulator.dispatch import Reply
from redcap_iac.emulator.faults import Fault
from redcap_iac.emulator.wire import Cell

_ITEMS = re.compile(rb"<item>.*</item>\n?", re.DOTALL)
#: Spacings of choices that servers were seen to export (recorded).
_BARS = ("|", "| ", " | ")
_COMMAS = (",", ", ")


def instead(striking: Iterable[Fault], is_administrator: Callable[[], bool]) -> Reply | None:
    """Return what a fault answers in place of the method, which then is not run at all."""
    for fault in striking:
        if fault.name == "latency":
            time.sleep(float(fault.argument))
        elif fault.name in ("error", "error-once"):
            return Reply(int(fault.argument), pages.ERROR.encode(), pages.HTML)
        elif fault.name == "html":
            return Reply(200, pages.LOGIN.encode(), pages.HTML)
        elif fault.name == "redirect":
            return Reply(301, pages.MOVED.encode(), pages.HTML)
        elif fault.name == "rate-limit":
            # neither status nor body of a ban is recorded: 200 is the harder case for a client
            return Reply(200, pages.BANNED.encode(), pages.HTML)
        elif fault.name == "offline" and not is_administrator():
            # not recorded either, and 200 the harder case again
            return Reply(200, pages.OFFLINE.encode(), pages.HTML)
        elif fault.name == "cut-before":
            return Reply(200, b"", pages.HTML)
    return None


def spoiled(reply: Reply, striking: Iterable[Fault], format_: str) -> Reply:
    """Return an answer as the faults leave it; refusals stay as they are."""
    if reply.status != 200:
        return reply
    for fault in striking:
        spoil = _SPOILS.get(fault.name)
        if spoil is not None:
            reply = Reply(200, spoil(reply.body, format_), reply.content_type)
    return reply


def without(reply: Reply, names: Iterable[str]) -> Reply:
    """Return an answer with these names left blank wherever they stand."""
    body = reply.body
    for name in names:
        body = body.replace(name.encode(), b"")
    return Reply(reply.status, body, reply.content_type)


def _noise(body: bytes, _format: str) -> bytes:
    return pages.NOISE.encode() + body


def _shortened(body: bytes, format_: str) -> bytes:
    """Return a list without its rows; what is no list loses its second half."""
    if format_ == "csv" and b"\n" in body:
        return body[: body.index(b"\n") + 1]
    if format_ == "json" and body.startswith(b"["):
        return b"[]"
    if format_ == "xml" and b"<item>" in body:
        return _ITEMS.sub(b"", body)
    return body[: len(body) // 2]


def _other_blanks(body: bytes, format_: str) -> bytes:
    """Return a dictionary whose choices are spaced otherwise than they are stored."""
    rows = [_respaced(row) for row in wire.decode(body.decode(), format_)]
    return wire.encode(wire.Rows(design.COLUMNS, rows), format_)[0]


def _respaced(row: Mapping[str, Cell]) -> dict[str, Cell]:
    column = "select_choices_or_calculations"
    if row["field_type"] not in dictionary_rows.WITH_CHOICES:
        return dict(row)
    parts = str(row[column]).split("|")
    text = ""
    for part, bar, comma in zip(parts, cycle(_BARS), cycle(_COMMAS), strict=False):
        code, there, label = part.partition(",")
        choice = f"{code.strip()}{comma}{label.strip()}" if there else part.strip()
        text += f"{bar}{choice}" if text else choice
    return {**row, column: text}


def _null_labels(body: bytes, format_: str) -> bytes:
    """Return events whose blank labels are null; other formats know no null (recorded)."""
    if format_ != "json":
        return body
    events = [
        {**event, "custom_event_label": event["custom_event_label"] or None}
        for event in json.loads(body)
    ]
    return json.dumps(events, ensure_ascii=False, separators=(",", ":")).encode()


_SPOILS: Mapping[str, Callable[[bytes, str], bytes]] = {
    "short-read": _shortened,
    "noise": _noise,
    "noisy-choices": _other_blanks,
    "null-labels": _null_labels,
}
