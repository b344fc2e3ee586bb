"""What a server answers, read: rows, counts, or the error that REDCap's words stand for."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from redcap_iac.calls import Call
from redcap_iac.errors import (
    AuthenticationError,
    RedcapIacError,
    RefusedError,
    RightsError,
    ServerError,
    UnreachableError,
)
from redcap_iac.secret import redact

#: What a cell of an exported row can be once decoded.
Wire = str | int | float | bool | Mapping[str, "str | int"] | None

_FIELD = re.compile(r"[a-z][a-z0-9_]{0,99}", re.ASCII)
_RIGHTS_TEXTS = (
    "You do not have API Import/Update privileges",
    "You do not have Delete Record privileges",
    "Insufficient user privileges",
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server answered: rows of an export, or bare text; `count` when it is a number."""

    rows: tuple[Mapping[str, Wire], ...] = ()
    text: str = ""
    count: int | None = None


def shown(url: str) -> str:
    """Return an address without a login or query, to be told to a person."""
    parts = urlsplit(url)
    return redact(f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}")


def read_answer(call: Call, status: int, body: bytes, url: str) -> Answer:
    """Return what a response says; status 200 alone is never trusted.

    Raises RefusedError with REDCap's words, ServerError for what is not REDCap's answer,
    RightsError, AuthenticationError or UnreachableError.
    """
    text = body.decode("utf-8", errors="replace")
    if status != 200:
        raise _refusal(call, status, text, url)
    if _is_html(text):
        raise UnreachableError(
            f"{shown(url)} answered with a web page, not with data.",
            _page_advice(url),
        )
    if call.content in ("version", "project_xml") or call.action == "create":
        return Answer(text=text.strip())
    try:
        decoded = json.loads(text)
    except (ValueError, RecursionError):
        # a repeat of the csv request for a header-only import answers a bare number: json too
        raise ServerError(
            f"The answer to {_said(call)} cannot be read as JSON.",
            status=200,
            text=redact(text[:200]),
            advice="Nothing can be concluded from it; try again, or ask the administrator.",
        ) from None
    if isinstance(decoded, dict) and set(decoded) == {"error"}:
        raise _refusal(call, 200, str(decoded["error"]), url)
    return _decoded(call, decoded, text)


def _decoded(call: Call, decoded: object, text: str) -> Answer:
    if call.writes:
        if isinstance(decoded, dict) and "count" in decoded:
            decoded = decoded["count"]
        number = decoded if isinstance(decoded, int) and not isinstance(decoded, bool) else None
        if isinstance(decoded, str) and decoded.isdigit():
            number = int(decoded)
        return Answer(text=text, count=number)
    rows = [decoded] if isinstance(decoded, dict) else decoded
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ServerError(
            f"The answer to {_said(call)} is not a list of rows.",
            status=200,
            text=redact(text[:200]),
        )
    return Answer(rows=tuple(rows), text="")


def _said(call: Call) -> str:
    return f"{call.content} {call.action}"


def _is_html(text: str) -> bool:
    head = text.lstrip("\ufeff \t\r\n")[:200].lower()
    return head.startswith(("<!doctype html", "<html", "<head", "<body", "<script", "<br", "<div"))


def _page_advice(url: str) -> str:
    path = urlsplit(url).path
    if not path.endswith("/api/"):
        return (
            f"The address of a REDCap API ends in /api/, for example {shown(url).rstrip('/')}/api/"
        )
    return "REDCap may be off-line, or a login or firewall page stands in front of it."


def _refusal(call: Call, status: int, body: str, url: str) -> RedcapIacError:
    """Return the error for an answer that refuses, in REDCap's own words where there are any."""
    words = redact(_words(body))
    told = _without_values(call, words, status) if call.content == "record" else words
    if (status >= 500 and status != 501) or status == 408:
        said = "a web page" if _is_html(body) else told[:200]
        return ServerError(
            f"{_said(call)}: the server failed with {status}: {said}", status=status, text=words
        )
    if _is_html(body) or status in (404, 405):
        return UnreachableError(
            f"{shown(url)} answered {status} with a web page, not as a REDCap API.",
            _page_advice(url),
        )
    if status in (301, 302, 501):
        return UnreachableError(
            f"{shown(url)} does not take API calls there ({status}: {told}).",
            _page_advice(url),
        )
    if any(words.startswith(text) for text in _RIGHTS_TEXTS):
        return RightsError(
            f"{_said(call)}: {words}", "Ask for this right on the project's User Rights page."
        )
    if status in (401, 403):
        return AuthenticationError(
            f"REDCap at {urlsplit(url).hostname} does not accept the token: {told}",
            "Look whether it is this server's and this project's token, whether its user is still"
            " in the project and not expired, and has API rights.",
        )
    return RefusedError(f"{_said(call)}: {told}", status=status, text=words)


def refused_values(words: str) -> str:
    """Return how many values of which field REDCap's words refuse, `2 of dob, 1 of sex`, or "".

    The words are lines of csv: record, field, value, message (recorded); what is no name of a
    field is not repeated.
    """
    counts: dict[str, int] = {}
    with suppress(csv.Error):  # a cell of over 128 KB, and what is no csv at all
        for row in csv.reader(io.StringIO(words)):
            if len(row) == 4 and _FIELD.fullmatch(row[1]):
                counts[row[1]] = counts.get(row[1], 0) + 1
    return ", ".join(f"{count:,} of {name}" for name, count in sorted(counts.items()))


def _without_values(call: Call, words: str, status: int) -> str:
    """Return what a refusal about records may say where people, logs and CI read it."""
    if refused := refused_values(words):
        return f"values that REDCap does not take ({refused})"
    if call.writes or status >= 500 or "records" in call.params:
        return "REDCap's words are not shown: they may name values"
    return words


def _words(body: str) -> str:
    """Return the text of an error without its envelope, json, csv or xml."""
    try:
        decoded = json.loads(body)
    except (ValueError, RecursionError):
        decoded = None
    if isinstance(decoded, dict) and isinstance(decoded.get("error"), str):
        return str(decoded["error"])
    found = re.search(r"<error>(.*?)</error>", body, re.DOTALL)
    if found:
        return found[1].strip()
    return body.removeprefix("ERROR: ").strip()[:2000]
