"""Bytes of a file → text: byte-order marks, Windows-1252, line breaks; what no YAML may hold."""

from __future__ import annotations

import codecs
import re

from redcap_iac.findings import Findings, Position

#: The largest file that is read, in bytes; 10,000 fields take two million.
LARGEST = 32 * 1024 * 1024

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: What YAML 1.2 calls not printable (`c-printable`).
_UNPRINTABLE = re.compile("[^\t\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def decode(data: bytes, file: str, findings: Findings) -> str | None:
    """Return the text of a YAML file with every line break a line feed, None when it is no text.

    UTF-8 with or without a byte-order mark and UTF-16 with one are read; Windows-1252 with a
    warning.
    """
    if len(data) > LARGEST:
        size = f"{len(data) / 1024 / 1024:.0f} MB"
        findings.error(
            "M103",
            f"The file is too large to be a manifest: {size}, and {LARGEST // 1024 // 1024} MB "
            "are the most.",
            Position(file, 1),
        )
        return None
    text = _characters(data, file, findings)
    if text is None:
        return None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    wrong = _UNPRINTABLE.search(text)
    if wrong is None:
        return text
    code = ord(wrong.group())
    escape = f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"
    findings.error(
        "M102",
        f"There is a control character here (U+{code:04X}) that a YAML file may not hold.",
        position_in(text, wrong.start(), file),
        advice=f'Remove it, or write it as {escape} inside "double quotes".',
    )
    return None


def _characters(data: bytes, file: str, findings: Findings) -> str | None:
    """Return the characters of a file in whichever encoding it is written."""
    marked = (known for known in _MARKS if data.startswith(known[0]))
    mark, encoding = next(marked, (b"", "utf-8"))
    try:
        return data[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        before = data[: len(mark) + error.start].decode(encoding, "replace")
    at = position_in(before, len(before), file)
    if not mark and (text := _windows(data)) is not None:
        findings.warning(
            "M102",
            "The file is not UTF-8; it was read as Windows-1252.",
            at,
            advice="Save it as UTF-8, so that every program reads the same letters.",
        )
        return text
    findings.error(
        "M102",
        "The file is not text in UTF-8: a byte here cannot be read.",
        at,
        advice="Save it as UTF-8.",
    )
    return None


def _windows(data: bytes) -> str | None:
    """Return the text when it is plausibly Windows-1252: no UTF-8 letter, no control character."""
    if any(mark > "\x7f" for mark in data.decode("utf-8", "ignore")):
        return None
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return None
    return None if _UNPRINTABLE.search(text.replace("\r", "\n")) else text


def position_in(text: str, offset: int, file: str) -> Position:
    """Return the place of a character of a text, counted from its start."""
    line_start = text.rfind("\n", 0, offset) + 1
    return Position(file, text.count("\n", 0, offset) + 1, offset - line_start + 1)
